"""The OpenCart connector keeps every promise on the simulated shop of each line."""

import pytest

from entrepot.connectors.conformance import CHECKS, run

PROMISES = [check.id for check in CHECKS if not check.id.startswith("trouble.")]
TROUBLES = [check.id for check in CHECKS if check.id.startswith("trouble.")]


def outcome(stage, check_id):
    connector = stage.open()
    try:
        [result] = run(connector, write=True, stage=stage, only={check_id}).results
    finally:
        connector.close()
    return result.outcome, result.reason


@pytest.mark.parametrize("check_id", PROMISES)
def test_opencart_keeps_the_promise_on_each_line(stage_of_each_line, check_id):
    assert outcome(stage_of_each_line, check_id) == ("passed", "")


@pytest.mark.parametrize("check_id", TROUBLES)
def test_opencart_gives_trouble_its_right_class(stage, check_id):
    assert outcome(stage, check_id) == ("passed", "")


def test_opencart_has_every_part_there_is_to_check(stage):
    connector = stage.open()
    report = run(connector, write=True, stage=stage, only={"shop.identity"})
    connector.close()
    assert (report.passed, report.exit_code, report.connector) == (True, 0, "opencart")
    assert None not in {getattr(connector, part) for check in CHECKS for part in check.parts}
