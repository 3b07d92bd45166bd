"""The OpenCart connector keeps every promise on the simulated shop of each line, or says why it cannot be asked."""

import pytest

from entrepot.connectors.conformance import CHECKS, run

PROMISES = [check.id for check in CHECKS if not check.id.startswith("trouble.")]
TROUBLES = [check.id for check in CHECKS if check.id.startswith("trouble.")]
ANY_CARRIER = "any name will do as a carrier"
NOT_ASKED = {
    "shipments.life": "parcels do not move orders in this store",
    "shipments.number_changed": "parcels do not move orders in this store",
    "shipments.carriers": ANY_CARRIER,
    "shipments.unknown_carrier": ANY_CARRIER,
    **{check.id: "the connector has no claims" for check in CHECKS if "claims" in check.parts},
    **{check_id: "the store lists no carriers" for check_id in TROUBLES if check_id.endswith(".carriers")},
}


def wanted(check_id):
    return ("skipped", NOT_ASKED[check_id]) if check_id in NOT_ASKED else ("passed", "")


def outcome(stage, check_id):
    connector = stage.open()
    try:
        [result] = run(connector, write=True, stage=stage, only={check_id}).results
    finally:
        connector.close()
    return result.outcome, result.reason


@pytest.mark.parametrize("check_id", PROMISES)
def test_opencart_keeps_the_promise_on_each_line(stage_of_each_line, check_id):
    assert outcome(stage_of_each_line, check_id) == wanted(check_id)


@pytest.mark.parametrize("check_id", TROUBLES)
def test_opencart_gives_trouble_its_right_class(stage, check_id):
    assert outcome(stage, check_id) == wanted(check_id)


def test_opencart_has_every_part_there_is_to_check(stage):
    connector = stage.open()
    report = run(connector, write=True, stage=stage, only={"shop.identity"})
    connector.close()
    assert (report.passed, report.exit_code, report.connector) == (True, 0, "opencart")
    lacking = {part for check in CHECKS for part in check.parts if getattr(connector, part) is None}
    assert lacking == {"claims"}
