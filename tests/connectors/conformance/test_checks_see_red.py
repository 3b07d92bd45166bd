"""Each check catches a connector that breaks its promise, and the report says so."""

import json
from dataclasses import replace

import pytest

from entrepot.connectors.conformance import CHECKS, Check, Report, Result, run
from entrepot.connectors.conformance.bench import Bench
from entrepot.connectors.conformance.model import Broken, NotApplicable
from entrepot.connectors.conformance.runner import _result
from entrepot.connectors.conformance.trouble import EXPECTED
from entrepot.kernel.errors import ChannelDown, ChannelMisconfigured, ChannelRejected, ChannelThrottled
from tests.connectors.conformance.sabotage import DEFECTS, MALL_DEFECTS, Bent

PROMISES = {check.id for check in CHECKS if not check.id.startswith("trouble.")}
TROUBLES = sorted({check.id for check in CHECKS} - PROMISES)
PARTS = (
    "shop products orders stock prices listings statuses shipments many cancellations events".split()  # noqa: SIM905 - short
)
MALL_ALONE = (".carriers", ".claims")
"""Ways into a store that OpenCart does not have."""


def test_every_promise_has_a_defect_that_breaks_it():
    assert set(DEFECTS) | set(MALL_DEFECTS) == PROMISES


def caught(stage, defect, check_id):
    connector = stage.open()
    try:
        [result] = run(defect(connector), write=True, stage=stage, only={check_id}).results
    finally:
        connector.close()
    return result.outcome, bool(result.reason)


@pytest.mark.parametrize("check_id", sorted(DEFECTS))
def test_the_check_catches_its_defect(stage, check_id):
    assert caught(stage, DEFECTS[check_id], check_id) == ("failed", True)


@pytest.mark.parametrize("check_id", sorted(MALL_DEFECTS))
def test_the_check_catches_its_defect_in_a_mall(mall_stage, check_id):
    assert caught(mall_stage, MALL_DEFECTS[check_id], check_id) == ("failed", True)


# --------------------------------------------------------------------------- the fault matrix


class MoodyStage:
    """A stage whose trouble is not in the store but in the connectors it opens: they raise what they are told."""

    def __init__(self, stage, connector, raised):
        self._stage, self._connector, self._raised, self._kind = stage, connector, raised, None

    def __getattr__(self, name):
        return getattr(self._stage, name)

    def trouble(self, kind, *, times=1):
        assert times > 1
        self._kind = kind

    def heal(self):
        self._kind = None

    def open(self, **_):
        return self._moody(lambda: self._kind)

    def open_stranger(self):
        return self._moody(lambda: "unauthorized")

    def _moody(self, kind):
        def meet(original, *args, **kwargs):
            if kind() is None:
                return original(*args, **kwargs)
            return self._raised(kind())

        def moody(part):
            names = [name for name in dir(type(part)) if not name.startswith("_")]
            return Bent(part, dict.fromkeys(names, meet))

        claims = ["claims"] if self._connector.claims else []
        parts = {name: moody(getattr(self._connector, name)) for name in [*PARTS, *claims]}
        return replace(self._connector, close=lambda: None, **parts)


def shrug(_kind):
    return "nothing special"


def crash(_kind):
    raise RuntimeError("a bug")


def reject(_kind):
    raise ChannelRejected(reason="not today")


def right(kind):
    if kind == "throttled":
        raise ChannelThrottled(retry_after=7)
    raise EXPECTED[kind][0]


@pytest.fixture(scope="module")
def good(stage):
    connector = stage.open()
    yield connector
    connector.close()


@pytest.fixture(scope="module")
def good_in_mall(mall_stage):
    connector = mall_stage.open()
    yield connector
    connector.close()


@pytest.fixture
def where(request, check_id):
    """The stage and the good connector that a check of trouble is tried on."""
    names = ("mall_stage", "good_in_mall") if check_id.endswith(MALL_ALONE) else ("stage", "good")
    return tuple(request.getfixturevalue(name) for name in names)


def outcome_of(stage, good, raised, check_id):
    moody = MoodyStage(stage, good, raised)
    [result] = run(good, write=True, stage=moody, only={check_id}).results
    return result


@pytest.mark.parametrize("check_id", TROUBLES)
@pytest.mark.parametrize("raised", [shrug, crash, reject])
def test_trouble_that_is_hidden_mistaken_or_a_crash_is_caught(where, check_id, raised):
    assert outcome_of(*where, raised, check_id).outcome == "failed"


@pytest.mark.parametrize("check_id", TROUBLES)
def test_the_right_class_passes(where, check_id):
    result = outcome_of(*where, right, check_id)
    assert (result.outcome, result.reason) == ("passed", "")


def test_a_pause_that_was_not_understood_is_caught(stage, good):
    def at_once(_kind):
        raise ChannelThrottled(retry_after=0.1)

    result = outcome_of(stage, good, at_once, "trouble.throttled.orders")
    assert (result.outcome, result.reason) == ("failed", "asked to wait 7 s, understood 0.1")


def test_trouble_that_does_not_pass_is_caught(stage, good):
    class Sulking(MoodyStage):
        def heal(self):
            """Stays as it is."""

    def down(_kind):
        raise ChannelDown

    sulking = Sulking(stage, good, down)
    [result] = run(good, write=True, stage=sulking, only={"trouble.error.orders"}).results
    assert (result.outcome, "does not pass" in result.reason) == ("failed", True)


# --------------------------------------------------------------------------- the runner and the report


def one(act, **facts):
    return Check("a.check", "A promise.", act, **facts)


def fail(error):
    def act(_bench):
        raise error

    return act


@pytest.mark.parametrize(
    ("error", "outcome", "words"),
    [
        (Broken("it is not so"), "failed", "it is not so"),
        (NotApplicable("nothing to look at"), "skipped", "nothing to look at"),
        (ChannelMisconfigured(reason="wrong key"), "failed", "channel_misconfigured"),
        (KeyError("price"), "failed", "it raised KeyError, which is no ChannelError"),
    ],
)
def test_what_a_check_raises_decides_its_outcome(good, error, outcome, words):
    result = _result(one(fail(error)), Bench(good), write=True)
    assert (result.outcome, words in result.reason) == (outcome, True)


def test_nothing_is_written_in_a_reading_run_and_no_stage_is_needed(stage):
    connector = stage.open()
    before = stage.simulator.counters.requests.total()
    stage.simulator.counters.reset()
    report = run(connector, write=False)
    connector.close()

    assert before >= 0
    assert report.passed
    assert {result.outcome for result in report.results} == {"passed", "skipped"}
    assert stage.simulator.counters.stock_writes == []
    written = {"prices", "product_create", "order_history", "shipment", "webhook", "image"}
    assert not written & set(stage.simulator.counters.requests)


def test_a_part_that_is_not_there_skips_its_checks(stage, good):
    report = run(replace(good, stock=None), write=True, stage=stage, only={"stock.absolute", "shop.identity"})

    assert [(row.id, row.outcome, row.reason) for row in report.results] == [
        ("shop.identity", "passed", ""),
        ("stock.absolute", "skipped", "the connector has no stock"),
    ]


def test_writing_checks_put_back_what_they_changed(stage):
    shop = stage.simulator.shop
    before = {key: (row.quantity, row.price, row.specials, row.discounts) for key, row in shop.tables.products.items()}
    connector = stage.open()
    names = {check.id for check in CHECKS if check.writes and not check.stage}
    report = run(connector, write=True, only=names)
    connector.close()

    assert report.count("passed") == len(names)
    assert {
        key: (row.quantity, row.price, row.specials, row.discounts) for key, row in shop.tables.products.items()
    } == before


def test_the_report_is_a_table_for_people_json_for_machines_and_an_exit_code():
    good = Result("a.good", "It is good.", "passed")
    bad = Result("a.bad", "It is not.", "failed", "3 instead of 4", 0.5)
    report = Report("opencart", "Your Store", [good, bad])

    assert report.table().splitlines() == [
        "Conformance of opencart at Your Store",
        "",
        "ok       a.good  It is good.",
        "FAILED   a.bad   It is not.",
        "                 → 3 instead of 4",
        "",
        "1 passed, 1 failed, 0 skipped",
    ]
    assert json.loads(report.as_json())["results"][1]["reason"] == "3 instead of 4"
    assert (report.exit_code, Report("x", "y", [good]).exit_code, Report("x", "y", []).exit_code) == (1, 0, 1)


def test_a_shop_that_does_not_answer_is_a_report_too(stage):
    stage.trouble("error", times=1000)
    connector = stage.open()
    try:
        report = run(connector, write=False, only={"shop.identity"})
    finally:
        stage.heal()
        connector.close()
    assert (report.shop, report.exit_code) == ("a shop that does not answer", 1)
