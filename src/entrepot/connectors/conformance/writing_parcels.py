"""Promises about telling the store of parcels, on a stage: one parcel, never two."""

from uuid import uuid4

from entrepot.connectors.conformance.bench import Bench
from entrepot.connectors.conformance.model import Broken, NotApplicable, Register, expect, expect_equal
from entrepot.connectors.contract import ChannelOrder, ShipmentWrite
from entrepot.kernel.errors import ChannelDown, ChannelRejected

REGISTER = Register()
check = REGISTER.check
NEEDS = ("orders", "shipments")
STATES = ("ready", "handed_over", "delivered")
MOST_WRITES = 4


def _write(bench: Bench, order_id: str, **changes: str) -> ShipmentWrite:
    given = {"carrier": bench.carrier(), "tracking_number": f"6{uuid4().int % 10**11:011d}"} | changes
    return ShipmentWrite(key=f"conformance-{uuid4()}", order_id=order_id, **given)  # type: ignore[arg-type]


def _moving(bench: Bench) -> None:
    if not bench.shipments.moves_orders:
        raise NotApplicable("parcels do not move orders in this store")


def _parcels(order: ChannelOrder) -> list[tuple[str, str]]:
    return [(parcel.tracking_number, parcel.state) for parcel in order.parcels]


@check("shipments.once", "A parcel told twice under one key is told once.", parts=NEEDS, writes=True, stage=True)
def shipments_once(bench: Bench) -> None:
    """And the order's status stays unless one is given, or parcels move orders."""
    order_id = bench.stage.place_order()
    before = bench.order(order_id)
    write = _write(bench, order_id, state="ready" if bench.shipments.moves_orders else "handed_over")
    first, second = bench.shipments.ship(write), bench.shipments.ship(write)
    after = bench.order(order_id)
    expect_equal((first.repeated, second.repeated), (False, True), "repeated of the two answers")
    expect_equal(second.remote_id, first.remote_id, "what the repeat answers")
    if not bench.shipments.moves_orders:
        expect_equal(after.status_id, before.status_id, "status of the order")
    expect(len(after.history) <= len(before.history) + 1, "the parcel is in the history twice")


@check(
    "shipments.life",
    "A parcel is packed, handed over and delivered, each told twice and done once, and moves its order.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def shipments_life(bench: Bench) -> None:
    """One parcel all the way, of one number."""
    _moving(bench)
    order_id = bench.stage.place_order(2)
    write, seen = _write(bench, order_id), [bench.order(order_id).status_id]
    for state in STATES:
        step = ShipmentWrite(
            key=f"{write.key}-{state}",
            order_id=order_id,
            carrier=write.carrier,
            tracking_number=write.tracking_number,
            state=state,  # type: ignore[arg-type]
        )
        answers = [bench.shipments.ship(step) for _ in range(2)]
        expect_equal([answer.repeated for answer in answers], [False, True], f"repeated of “{state}” told twice")
        order = bench.order(order_id)
        expect_equal(_parcels(order), [(write.tracking_number, state)], f"parcels after “{state}”")
        expect_equal(order.parcels[0].carrier, write.carrier, "the carrier of the parcel")
        expect_equal(list(order.parcels[0].line_ids), [line.remote_id for line in order.lines], "what lies in it")
        seen.append(order.status_id)
    expect_equal(len(set(seen)), len(seen), "states of the order on its way, each another")


@check(
    "shipments.lost_answer",
    "When the answer is lost after the work, telling again makes no second parcel.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def shipments_lost_answer(bench: Bench) -> None:
    """For every state of a parcel where the store knows them; nobody knows what became of it, the repeat finds out."""
    order_id = bench.stage.place_order()
    before, write = bench.order(order_id), _write(bench, order_id)
    for state in STATES if bench.shipments.moves_orders else ("handed_over",):
        step = ShipmentWrite(
            key=f"{write.key}-{state}",
            order_id=order_id,
            carrier=write.carrier,
            tracking_number=write.tracking_number,
            state=state,  # type: ignore[arg-type]
        )
        _lose(bench, step)
        answer = bench.shipments.ship(step)
        expect(answer.repeated, f"the repeat of “{state}” after a lost answer says that it was not done before")
        order = bench.order(order_id)
        if bench.shipments.moves_orders:
            expect_equal(_parcels(order), [(write.tracking_number, state)], f"parcels after “{state}” was lost")
    after = bench.order(order_id)
    expect(len(after.history) <= len(before.history) + 1, "the parcel is in the history twice")


def _lose(bench: Bench, write: ShipmentWrite) -> None:
    """Tell it, losing the answer of every write, until the store shows it: some tellings take several writes."""
    for _ in range(MOST_WRITES):
        bench.stage.trouble("lost", writes=True)
        try:
            bench.shipments.ship(write)
        except ChannelDown:
            pass
        finally:
            bench.stage.heal()
        there = (write.tracking_number, write.state) in _parcels(bench.order(write.order_id))
        if there or not bench.shipments.moves_orders:
            return


@check(
    "shipments.number_changed",
    "Another tracking number for a packed parcel replaces the first one.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def shipments_number_changed(bench: Bench) -> None:
    """It stays one parcel in the same state."""
    _moving(bench)
    order_id = bench.stage.place_order()
    bench.shipments.ship(_write(bench, order_id, state="ready"))
    corrected = _write(bench, order_id, state="ready")
    bench.shipments.ship(corrected)
    expect_equal(_parcels(bench.order(order_id)), [(corrected.tracking_number, "ready")], "parcels after the change")


@check("shipments.carriers", "Carriers that may be named have codes of their own and names.", parts=("shipments",))
def shipments_carriers(bench: Bench) -> None:
    """None twice, one usual one at most."""
    carriers = bench.shipments.carriers()
    if not carriers:
        raise NotApplicable("any name will do as a carrier")
    codes = [carrier.remote_id for carrier in carriers]
    expect(all(codes) and all(carrier.name for carrier in carriers), "a carrier has no code or no name")
    expect_equal(len(set(codes)), len(codes), "carriers without repeats")
    expect(len([carrier for carrier in carriers if carrier.default]) <= 1, "several carriers are the usual one")


@check(
    "shipments.unknown_carrier",
    "A carrier that the store does not list is refused, and nothing is told.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def shipments_unknown_carrier(bench: Bench) -> None:
    """It never works as it is."""
    if not bench.shipments.carriers():
        raise NotApplicable("any name will do as a carrier")
    order_id = bench.stage.place_order()
    before = bench.order(order_id)
    try:
        bench.shipments.ship(_write(bench, order_id, carrier="no-such-carrier"))
    except ChannelRejected:
        after = bench.order(order_id)
        expect_equal((after.status_id, after.parcels), (before.status_id, before.parcels), "the order after a refusal")
        return
    raise Broken("an unknown carrier was accepted")
