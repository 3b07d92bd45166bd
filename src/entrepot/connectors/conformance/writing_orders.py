"""Promises about telling the store of statuses, on a stage, and about listings and events."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import uuid4

from entrepot.connectors.conformance.bench import Bench, there
from entrepot.connectors.conformance.catalogue import UNKNOWN_ID
from entrepot.connectors.conformance.model import Broken, Register, expect, expect_equal
from entrepot.connectors.contract import ListingDraft, StatusWrite, WriteAnswer
from entrepot.kernel.errors import ChannelError, ChannelMisconfigured, ChannelRejected

REGISTER = Register()
check = REGISTER.check
WAIT = 5.0


def _once(bench: Bench, act: Callable[[StatusWrite], WriteAnswer], status: str) -> None:
    """Also in a store that keeps no history of an order: there the second answer alone tells."""
    order_id = bench.stage.place_order()
    before = bench.order(order_id)
    write = StatusWrite(key=f"conformance-{uuid4()}", order_id=order_id, status_id=status, comment="A & B <c>")
    first, second = act(write), act(write)
    after = bench.order(order_id)
    expect_equal((first.repeated, second.repeated), (False, True), "repeated of the two answers")
    expect_equal(second.remote_id, first.remote_id, "what the repeat answers")
    expect_equal(after.status_id, status, "status of the order")
    if not (before.history or after.history):
        return
    expect_equal(len(after.history), len(before.history) + 1, "history rows after a write and its repeat")
    expect_equal(after.history[-1].comment, "A & B <c>", "the comment as it reads")


def _rejected(bench: Bench, write: StatusWrite, why: str) -> None:
    before = bench.order(write.order_id) if write.order_id != UNKNOWN_ID else None
    try:
        bench.statuses.tell(write)
    except ChannelRejected:
        pass
    else:
        raise Broken(f"{why} was accepted")
    if before is not None:
        after = bench.order(write.order_id)
        expect_equal((after.status_id, after.version), (before.status_id, before.version), f"the order after {why}")


@check(
    "statuses.once",
    "A status told twice under one key is written once.",
    parts=("orders", "statuses"),
    writes=True,
    stage=True,
)
def statuses_once(bench: Bench) -> None:
    """The second answer says so."""
    _once(bench, bench.statuses.tell, bench.tellable())


@check(
    "statuses.unknown",
    "A status the store does not have is refused and nothing is written.",
    parts=("orders", "statuses"),
    writes=True,
    stage=True,
)
def statuses_unknown(bench: Bench) -> None:
    """Even where the store itself would take it."""
    write = StatusWrite(key=f"conformance-{uuid4()}", order_id=bench.stage.place_order(), status_id="9999")
    _rejected(bench, write, "an unknown status")


@check(
    "statuses.stale",
    "An order that has moved on is not overwritten.",
    parts=("orders", "statuses"),
    writes=True,
    stage=True,
)
def statuses_stale(bench: Bench) -> None:
    """`expected_status_id` must be the store's present one."""
    order_id = bench.stage.place_order()
    other = bench.tellable()
    write = StatusWrite(key=f"conformance-{uuid4()}", order_id=order_id, status_id=other, expected_status_id=other)
    _rejected(bench, write, "a status for an order that has moved on")


@check(
    "statuses.missing",
    "A status for an order that does not exist is refused.",
    parts=("orders", "statuses"),
    writes=True,
    stage=True,
)
def statuses_missing(bench: Bench) -> None:
    """It never works as it is."""
    write = StatusWrite(key=f"conformance-{uuid4()}", order_id=UNKNOWN_ID, status_id=bench.tellable())
    _rejected(bench, write, "a status for an unknown order")


@check(
    "cancellations.once",
    "A cancellation told twice under one key cancels once.",
    parts=("orders", "cancellations"),
    writes=True,
    stage=True,
)
def cancellations_once(bench: Bench) -> None:
    """Into a status that gives the stock back."""
    status = next(row.remote_id for row in bench.info.statuses if not row.takes_stock)
    _once(bench, there(bench.connector.cancellations).cancel, status)


# --------------------------------------------------------------------------- listings


@check(
    "listings.life",
    "A product is made once per key, changed, hidden and deleted.",
    parts=("products", "listings"),
    writes=True,
)
def listings_life(bench: Bench) -> None:
    """It is made hidden, and is gone in the end."""
    draft = ListingDraft(
        key=f"conformance-{uuid4()}",
        name='Conformance "A" & <b> 시험',
        model="ENTREPOT-CONFORMANCE",
        sku=f"CONF-{uuid4().hex[:8]}",
        price=Decimal("12.50"),
        quantity=3,
        active=False,
    )
    made = bench.listings.create(draft)
    try:
        repeat = bench.listings.create(draft)
        expect_equal(repeat.remote_id, made.remote_id, "product made by the repeat of a key")
        shown = bench.product(made.remote_id)
        wanted = (draft.name, draft.sku, draft.price, draft.quantity, False)
        expect_equal((shown.name, shown.sku, shown.price, shown.quantity, shown.active), wanted, "the product made")
        changed = bench.listings.update(made.remote_id, ListingDraft(key=f"{draft.key}-2", price=Decimal("13.75")))
        expect_equal((changed.price, changed.name), (Decimal("13.75"), draft.name), "the product changed")
        [active] = bench.listings.set_active([made.remote_id], active=True)
        expect_equal((active.outcome, bench.product(made.remote_id).active), ("accepted", True), "showing it")
    finally:
        deleted = bench.listings.delete([made.remote_id])
    expect_equal([row.outcome for row in deleted], ["accepted"], "deleting it")
    expect_equal(list(bench.products.fetch([made.remote_id]).products), [], "the product deleted")
    expect_equal([row.outcome for row in bench.listings.delete([made.remote_id])], ["missing"], "deleting it again")


@check(
    "listings.variations",
    "A product with variations is made with the quantity and the whole price of each.",
    parts=("products", "listings"),
    writes=True,
    stage=True,
)
def listings_variations(bench: Bench) -> None:
    """On a stage alone: a real shop would keep the option's name when the product is gone."""
    values = (("Black & white", 3, Decimal("12.50")), ("빨강", 4, Decimal("15.00")), ("Mint", 0, Decimal("11.25")))
    draft = ListingDraft(
        key=f"conformance-{uuid4()}",
        name="Conformance with variations",
        model="ENTREPOT-CONFORMANCE",
        price=Decimal("12.50"),
        active=False,
        options=[("Entrepot conformance", values)],
    )
    made = bench.listings.create(draft)
    try:
        shown = [(row.options, row.quantity, row.price) for row in bench.product(made.remote_id).variations]
        wanted = [((("Entrepot conformance", name),), quantity, price) for name, quantity, price in values]
        expect_equal([(tuple(pairs), count, price) for pairs, count, price in shown], wanted, "the variations made")
    finally:
        bench.listings.delete([made.remote_id])


# --------------------------------------------------------------------------- events


class _Ear:
    """A listener on loopback that keeps what it is sent."""

    def __init__(self) -> None:
        ear = self
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.news = threading.Condition()

        class Request(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Keep the request and take it."""
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with ear.news:
                    ear.heard.append((self.path, dict(self.headers.items()), body))
                    ear.news.notify_all()
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Say nothing on the console."""

        self.server = HTTPServer(("127.0.0.1", 0), Request)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hooks/conformance?store=1"

    def wait(self) -> tuple[str, dict[str, str], bytes]:
        """The first request heard."""
        with self.news:
            if not self.news.wait_for(lambda: self.heard, WAIT):
                raise Broken(f"nothing was pushed within {WAIT:.0f} seconds")
            return self.heard[0]


@contextmanager
def _listening() -> Iterator[_Ear]:
    ear = _Ear()
    thread = threading.Thread(target=ear.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield ear
    finally:
        ear.server.shutdown()
        ear.server.server_close()
        thread.join(WAIT)


@check(
    "events.pushed",
    "What happens in the store is pushed, and only a genuine push is believed.",
    parts=("orders", "events"),
    writes=True,
    stage=True,
)
def events_pushed(bench: Bench) -> None:
    """The order is named; an altered body, path or signature is refused, or a wrong key."""
    with _listening() as ear:
        by_hand = bench.events.set_by_hand
        (bench.stage.push_to if by_hand else bench.events.register)(ear.url)
        try:
            order_id = bench.stage.place_order()
            target, headers, body = ear.wait()
        finally:
            (bench.stage.push_to if by_hand else bench.events.register)(None)
        told = bench.events.receive(target=target, headers=headers, body=body)
        expect(
            any(event.kind == "order" and event.object_id == order_id for event in told),
            f"order {order_id} is not named",
        )
        expect(not any(event.own for event in told), "a buyer's order is taken for a write of ours")
    spoiled = {name: text[:-1] + ("0" if text[-1] != "0" else "1") for name, text in headers.items()}
    attempts = {"altered headers": (target, spoiled, body), "no headers": (target, {}, body)}
    if not by_hand:  # an address entered by hand comes with a key at best, and a key signs nothing
        attempts |= {"an altered body": (target, headers, body + b" "), "another path": (target + "x", headers, body)}
    for name, attempt in attempts.items():
        try:
            bench.events.receive(target=attempt[0], headers=attempt[1], body=attempt[2])
        except ChannelMisconfigured:
            continue
        except ChannelError as error:
            raise Broken(f"{name} raised {type(error).__name__}, not ChannelMisconfigured") from error
        raise Broken(f"a push with {name} was believed")
