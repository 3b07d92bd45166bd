"""Promises about telling many orders at once, on a stage: each as if it had been told alone."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from entrepot.connectors.conformance.bench import Bench
from entrepot.connectors.conformance.catalogue import UNKNOWN_ID
from entrepot.connectors.conformance.model import Register, expect, expect_equal
from entrepot.connectors.contract import ChannelOrder, ShipmentWrite, StatusWrite, WriteAnswer
from entrepot.kernel.errors import ChannelDown, ChannelError, ChannelRejected

REGISTER = Register()
check = REGISTER.check
NEEDS = ("orders", "statuses", "shipments", "many")
Write = StatusWrite | ShipmentWrite


def _status(bench: Bench, order_id: str) -> StatusWrite:
    return StatusWrite(key=f"conformance-{uuid4()}", order_id=order_id, status_id=bench.tellable(), comment="A & B <c>")


def _parcel(bench: Bench, order_id: str) -> ShipmentWrite:
    number = f"6{uuid4().int % 10**11:011d}"
    return ShipmentWrite(
        key=f"conformance-{uuid4()}", order_id=order_id, carrier=bench.carrier(), tracking_number=number
    )


def _writes(bench: Bench) -> list[Write]:
    """A status for one order, a parcel for another, and both for a third."""
    first, second, third = (bench.stage.place_order() for _ in range(3))
    return [_status(bench, first), _parcel(bench, second), _status(bench, third), _parcel(bench, third)]


def _orders(bench: Bench, writes: Sequence[Write]) -> list[ChannelOrder]:
    return [bench.order(order_id) for order_id in dict.fromkeys(write.order_id for write in writes)]


def _repeated(answers: Sequence[WriteAnswer | ChannelError]) -> list[object]:
    return [answer.repeated if isinstance(answer, WriteAnswer) else type(answer).__name__ for answer in answers]


def _done_once(bench: Bench, writes: Sequence[Write], before: Sequence[ChannelOrder]) -> None:
    after = _orders(bench, writes)
    told = [write for write in writes if isinstance(write, StatusWrite)]
    shown = {order.remote_id: order.status_id for order in after}
    expect_equal([shown[write.order_id] for write in told], [write.status_id for write in told], "statuses told")
    for old, new in zip(before, after, strict=True):
        if old.history or new.history:
            made = len([write for write in writes if write.order_id == new.remote_id])
            expect_equal(len(new.history), len(old.history) + made, f"history rows of order {new.remote_id}")


@check("many.once", "A list told twice under its keys is told once.", parts=NEEDS, writes=True, stage=True)
def many_once(bench: Bench) -> None:
    """The second answers say so, and name the same things."""
    writes = _writes(bench)
    before = _orders(bench, writes)
    first, second = bench.many.tell_many(writes), bench.many.tell_many(writes)
    expect_equal(_repeated(first), [False] * len(writes), "repeated of the first answers")
    expect_equal(_repeated(second), [True] * len(writes), "repeated of the second answers")
    names = [[getattr(answer, "remote_id", "") for answer in answers] for answers in (first, second)]
    expect_equal(names[1], names[0], "what the repeat answers")
    _done_once(bench, writes, before)


@check(
    "many.bad_item",
    "What cannot be told is refused for itself, and the rest of the list is told.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def many_bad_item(bench: Bench) -> None:
    """An unknown order, an unknown status, an order that has moved on."""
    good, spared = _writes(bench), bench.stage.place_order()
    before = _orders(bench, good)
    one = _status(bench, spared)
    bad: list[Write] = [
        replace(one, key=f"{one.key}-order", order_id=UNKNOWN_ID),
        replace(one, key=f"{one.key}-status", status_id="9999"),
        replace(one, key=f"{one.key}-expected", expected_status_id=one.status_id),
    ]
    untouched = bench.order(spared).version
    answers = bench.many.tell_many([bad[0], good[0], bad[1], *good[1:], bad[2]])
    refused = [isinstance(answer, ChannelRejected) for answer in answers]
    expect_equal(refused, [True, False, True, False, False, False, True], "which were refused")
    _done_once(bench, good, before)
    expect_equal(bench.order(spared).version, untouched, "the order whose writes were refused")


@check(
    "many.lost_answer",
    "A list whose answer was lost is told again whole, and nothing is told twice.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def many_lost_answer(bench: Bench) -> None:
    """It was all done the first time."""
    writes = _writes(bench)
    before = _orders(bench, writes)
    bench.stage.trouble("lost", writes=True)
    try:
        bench.many.tell_many(writes)
    except ChannelDown:
        pass
    finally:
        bench.stage.heal()
    expect_equal(_repeated(bench.many.tell_many(writes)), [True] * len(writes), "repeated after a lost answer")
    _done_once(bench, writes, before)


@check(
    "many.alone_or_together",
    "A key is one key, whether its write came alone or in a list.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def many_alone_or_together(bench: Bench) -> None:
    """Told alone first, then in a list; and the other way round."""
    writes = _writes(bench)
    before = _orders(bench, writes)
    alone, parcel = writes[0], writes[1]
    if isinstance(alone, StatusWrite):
        bench.statuses.tell(alone)
    expect_equal(_repeated(bench.many.tell_many(writes)), [True, False, False, False], "repeated in the list")
    if isinstance(parcel, ShipmentWrite):
        expect(bench.shipments.ship(parcel).repeated, "the parcel of the list was told again alone")
    _done_once(bench, writes, before)


@check("many.size", "A list of the size it names is told whole, in order.", parts=NEEDS, writes=True, stage=True)
def many_size(bench: Bench) -> None:
    """All to one order, so that the order shows."""
    order_id = bench.stage.place_order()
    before = bench.order(order_id)
    one = _status(bench, order_id)
    size = bench.many.batch_size
    writes = [replace(one, key=f"{one.key}-{number}", comment=str(number)) for number in range(size)]
    expect_equal(_repeated(bench.many.tell_many(writes)), [False] * size, "repeated of the answers")
    history = bench.order(order_id).history[len(before.history) :]
    if history:
        expect_equal([row.comment for row in history], [write.comment for write in writes], "comments in order")
