"""The Cafe24 connector keeps every promise on the simulated mall, or says why a promise cannot be asked of it."""

import pytest

from entrepot.connectors.conformance import CHECKS, run

PROMISES = [check.id for check in CHECKS if not check.id.startswith("trouble.")]
TROUBLES = [check.id for check in CHECKS if check.id.startswith("trouble.")]
NOT_ASKED = {
    "stock.expected": "the store judges no expectation",
    **{check.id: "the connector has no many" for check in CHECKS if "many" in check.parts},
    "orders.settling": "a Cafe24 order is never seen in the middle of an edit",
    **{
        check_id: "the owner enters the address by hand, so nothing is asked of the store"
        for check_id in TROUBLES
        if check_id.endswith(".events")
    },
}


def outcome(stage, check_id):
    connector = stage.open()
    try:
        [result] = run(connector, write=True, stage=stage, only={check_id}).results
    finally:
        connector.close()
    return result.outcome, result.reason


@pytest.mark.parametrize("check_id", PROMISES)
def test_cafe24_keeps_the_promise(mall_stage, check_id):
    expected = ("skipped", NOT_ASKED[check_id]) if check_id in NOT_ASKED else ("passed", "")
    assert outcome(mall_stage, check_id) == expected


@pytest.mark.parametrize("check_id", TROUBLES)
def test_cafe24_gives_trouble_its_right_class(mall_stage, check_id):
    expected = ("skipped", NOT_ASKED[check_id]) if check_id in NOT_ASKED else ("passed", "")
    assert outcome(mall_stage, check_id) == expected


def test_cafe24_has_every_part_there_is_to_check(mall_stage):
    connector = mall_stage.open()
    report = run(connector, write=True, stage=mall_stage, only={"shop.identity"})
    connector.close()
    assert (report.passed, report.exit_code, report.connector) == (True, 0, "cafe24")
    lacking = {part for check in CHECKS for part in check.parts if getattr(connector, part) is None}
    assert lacking == {"many"}
