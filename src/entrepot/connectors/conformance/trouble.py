"""The fault matrix: every kind of trouble on every part becomes the right class of ChannelError, and passes."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from uuid import uuid4

from entrepot.connectors.conformance.bench import Bench, there
from entrepot.connectors.conformance.model import Broken, Check, NotApplicable, expect
from entrepot.connectors.conformance.stage import THROTTLE_SECONDS, Trouble
from entrepot.connectors.contract import (
    ClaimWrite,
    Connector,
    ListingDraft,
    PriceLevel,
    ShipmentWrite,
    StatusWrite,
    StockLevel,
)
from entrepot.kernel.errors import ChannelDown, ChannelError, ChannelMisconfigured, ChannelThrottled

PATIENCE = 0.4
MANY = 50
Deed = Callable[[Connector], object]

EXPECTED: dict[Trouble, tuple[type[ChannelError], ...]] = {
    "error": (ChannelDown,),
    "timeout": (ChannelDown,),
    "throttled": (ChannelThrottled,),
    "unauthorized": (ChannelMisconfigured,),
    "html": (ChannelMisconfigured,),
    "cut": (ChannelDown,),
    "truncated": (ChannelDown, ChannelMisconfigured),
    "shape": (ChannelDown, ChannelMisconfigured),
}
SENTENCES: dict[Trouble, str] = {
    "error": "A 500 from the store",
    "timeout": "No answer in time",
    "throttled": "A 429 from the store",
    "unauthorized": "A 401 from the store",
    "html": "A web page instead of JSON",
    "cut": "A connection cut in the middle",
    "truncated": "JSON that ends too early",
    "shape": "JSON of another shape",
}

# --------------------------------------------------------------------------- one deed for each way into the store


def _info(_bench: Bench) -> Deed:
    return lambda connector: connector.shop.info()


def _products(_bench: Bench) -> Deed:
    return lambda connector: list(there(connector.products).pages())


def _products_fetch(bench: Bench) -> Deed:
    goods = bench.stage.goods()
    return lambda connector: there(connector.products).fetch([goods])


def _categories(_bench: Bench) -> Deed:
    return lambda connector: list(there(connector.products).categories())


SOME_DAYS = 90
"""How far back orders are read to meet trouble; where a store is read in windows, years cost many calls."""


def _orders(bench: Bench) -> Deed:
    cursor = bench.orders.start(SOME_DAYS)
    return lambda connector: list(there(connector.orders).pages(cursor))


def _orders_start(_bench: Bench) -> Deed:
    return lambda connector: there(connector.orders).start(90)


def _orders_fetch(bench: Bench) -> Deed:
    order_id = bench.stage.place_order()
    return lambda connector: there(connector.orders).fetch([order_id])


def _orders_states(bench: Bench) -> Deed:
    order_id = bench.stage.place_order()
    return lambda connector: there(connector.orders).states([order_id])


def _stock(bench: Bench) -> Deed:
    level = StockLevel(remote_id=bench.stage.goods(), variation_key="", quantity=500)
    return lambda connector: there(connector.stock).push([level])


def _stock_seen(bench: Bench) -> Deed:
    goods = bench.stage.goods()
    return lambda connector: list(there(connector.stock).seen([goods]))


def _prices(bench: Bench) -> Deed:
    level = PriceLevel(remote_id=bench.stage.goods(), variation_key="", price=Decimal(9))
    return lambda connector: there(connector.prices).push([level])


def _listings(_bench: Bench) -> Deed:
    draft = ListingDraft(key=str(uuid4()), name="Trouble", model="TROUBLE", price=Decimal(1), quantity=0, active=False)
    return lambda connector: there(connector.listings).create(draft)


def _listings_active(bench: Bench) -> Deed:
    goods = bench.stage.goods()
    return lambda connector: there(connector.listings).set_active([goods], active=True)


def _statuses(bench: Bench) -> Deed:
    status = bench.tellable()
    write = StatusWrite(key=str(uuid4()), order_id=bench.stage.place_order(), status_id=status)
    return lambda connector: there(connector.statuses).tell(write)


def _cancellations(bench: Bench) -> Deed:
    status = next(row.remote_id for row in bench.info.statuses if not row.takes_stock)
    write = StatusWrite(key=str(uuid4()), order_id=bench.stage.place_order(), status_id=status)
    return lambda connector: there(connector.cancellations).cancel(write)


def _shipments(bench: Bench) -> Deed:
    order_id, number = bench.stage.place_order(), "600123456789"
    write = ShipmentWrite(key=str(uuid4()), order_id=order_id, carrier=bench.carrier(), tracking_number=number)
    return lambda connector: there(connector.shipments).ship(write)


def _many(bench: Bench) -> Deed:
    write = StatusWrite(key=str(uuid4()), order_id=bench.stage.place_order(), status_id=bench.tellable())
    return lambda connector: there(connector.many).tell_many([write, write])


def _carriers(bench: Bench) -> Deed:
    if not bench.shipments.carriers():
        raise NotApplicable("the store lists no carriers")
    return lambda connector: there(connector.shipments).carriers()


def _claims(bench: Bench) -> Deed:
    order_id = bench.stage.place_order()
    bench.stage.ask(order_id, "cancel")
    [claim] = bench.order(order_id).claims
    write = ClaimWrite(
        key=str(uuid4()), order_id=order_id, claim_id=claim.remote_id, kind="cancel", deed="refuse", lines=claim.lines
    )
    return lambda connector: there(connector.claims).answer(write)


def _events(bench: Bench) -> Deed:
    if bench.events.set_by_hand:
        raise NotApplicable("the owner enters the address by hand, so nothing is asked of the store")
    return lambda connector: there(connector.events).register(None)


DEEDS: dict[str, tuple[str, Callable[[Bench], Deed]]] = {
    "info": ("shop", _info),
    "products": ("products", _products),
    "products_fetch": ("products", _products_fetch),
    "categories": ("products", _categories),
    "orders": ("orders", _orders),
    "orders_start": ("orders", _orders_start),
    "orders_fetch": ("orders", _orders_fetch),
    "orders_states": ("orders", _orders_states),
    "stock": ("stock", _stock),
    "stock_seen": ("stock", _stock_seen),
    "prices": ("prices", _prices),
    "listings": ("listings", _listings),
    "listings_active": ("listings", _listings_active),
    "statuses": ("statuses", _statuses),
    "shipments": ("shipments", _shipments),
    "many": ("many", _many),
    "carriers": ("shipments", _carriers),
    "claims": ("claims", _claims),
    "cancellations": ("cancellations", _cancellations),
    "events": ("events", _events),
}

# --------------------------------------------------------------------------- the matrix


def _meet(kind: Trouble, prepare: Callable[[Bench], Deed], bench: Bench) -> None:
    """Do it well once, so that nothing else is asked on the way; meet trouble; do it well again."""
    deed = prepare(bench)
    connector = bench.stage.open(timeout_seconds=PATIENCE if kind == "timeout" else 10.0)
    try:
        deed(connector)
        bench.stage.trouble(kind, times=MANY)
        try:
            _expect_trouble(kind, deed, connector)
        finally:
            bench.stage.heal()
        try:
            deed(connector)
        except ChannelError as error:
            raise Broken(f"it does not pass when the store is well again: {error}") from error
    finally:
        connector.close()


def _expect_trouble(kind: Trouble, deed: Deed, connector: Connector) -> None:
    wanted = " or ".join(entry.__name__ for entry in EXPECTED[kind])
    try:
        answer = deed(connector)
    except EXPECTED[kind] as error:
        if isinstance(error, ChannelThrottled):
            heard = abs(error.retry_after - THROTTLE_SECONDS) < 1
            expect(heard, f"asked to wait {THROTTLE_SECONDS} s, understood {error.retry_after}")
    except ChannelError as error:
        raise Broken(f"it raised {type(error).__name__} ({error}), not {wanted}") from error
    else:
        raise Broken(f"it answered {answer!r:.80} instead of raising {wanted}")


def _stranger(prepare: Callable[[Bench], Deed], bench: Bench) -> None:
    deed = prepare(bench)
    connector = bench.stage.open_stranger()
    try:
        answer = deed(connector)
    except ChannelMisconfigured:
        return
    except ChannelError as error:
        raise Broken(f"a wrong key raised {type(error).__name__}, not ChannelMisconfigured") from error
    finally:
        connector.close()
    raise Broken(f"a wrong key was answered {answer!r:.80}")


def _checks() -> list[Check]:
    made: list[Check] = []
    for name, (part, prepare) in DEEDS.items():
        parts = () if part == "shop" else ("orders", part) if part != "orders" else (part,)
        for kind, sentence in SENTENCES.items():
            classes = " or ".join(entry.__name__ for entry in EXPECTED[kind])
            act = partial(_meet, kind, prepare)
            made.append(
                Check(f"trouble.{kind}.{name}", f"{sentence} is {classes}, and passes.", act, parts, stage=True)
            )
        act = partial(_stranger, prepare)
        made.append(Check(f"trouble.wrong_key.{name}", "A wrong key is ChannelMisconfigured.", act, parts, stage=True))
    return made


CHECKS = _checks()
