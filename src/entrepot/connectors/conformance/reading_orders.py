"""Promises about reading orders. They only read, but for those that need a stage."""

from decimal import Decimal

from entrepot.connectors.conformance.bench import MOST_SAMPLES, Bench
from entrepot.connectors.conformance.catalogue import UNKNOWN_ID, aware, exact, plain_text
from entrepot.connectors.conformance.model import NotApplicable, Register, expect, expect_equal
from entrepot.connectors.contract import ChannelOrder, OrderPage

REGISTER = Register()
check = REGISTER.check
_CENT = Decimal("0.01")


def _changes(pages: list[OrderPage]) -> list[tuple[str, int]]:
    return [(order.remote_id, order.version) for page in pages for order in page.orders]


@check(
    "orders.oldest_first",
    "Orders come oldest change first, page by page, and the last page says so.",
    parts=("orders",),
)
def orders_oldest_first(bench: Bench) -> None:
    """Versions never fall within a page; `more` is false on the last page alone."""
    for page in bench.order_pages:
        versions = [order.version for order in page.orders]
        expect_equal(versions, sorted(versions), "versions within a page")
    flags = [page.more for page in bench.order_pages]
    expect_equal(flags, [True] * (len(flags) - 1) + [False], "`more` of the pages")


@check("orders.nothing_missed", "Going on from any page's cursor gives everything after it.", parts=("orders",))
def orders_nothing_missed(bench: Bench) -> None:
    """What a later page held is there again when reading from an earlier cursor."""
    pages = list(bench.order_pages)
    if len(pages) < 2:
        raise NotApplicable("the orders fit on one page")
    for place in sorted({0, len(pages) // 2, len(pages) - 2}):
        wanted = {remote_id for remote_id, _ in _changes(pages[place + 1 :])}
        got = {remote_id for remote_id, _ in _changes(list(bench.orders.pages(pages[place].cursor)))}
        expect(wanted <= got, f"missed after the cursor of page {place + 1}: {sorted(wanted - got)[:5]}")


@check("orders.repeatable", "Reading the same cursor again gives the same orders.", parts=("orders",))
def orders_repeatable(bench: Bench) -> None:
    """A repeat is harmless: nothing is used up by reading."""
    start = bench.orders.start(3650)
    first, second = (_changes(list(bench.orders.pages(start))) for _ in range(2))
    expect_equal(second[: len(first)], first, "the second reading")


@check("orders.end", "Reading on from the end gives nothing new, and the cursor stays.", parts=("orders",))
def orders_end(bench: Bench) -> None:
    """A page of nothing, or of orders that were there already, keeps its place where versions tell places."""
    before = list(bench.orders.pages(bench.orders.start(3650)))
    end = before[-1].cursor
    pages = list(bench.orders.pages(end))
    if set(_changes(pages)) - set(_changes(before)):
        raise NotApplicable("orders came in meanwhile")
    if any(version for _, version in _changes(before)):
        expect_equal([page.cursor for page in pages], [end] * len(pages), "cursor at the end")
    again = _changes(list(bench.orders.pages(pages[-1].cursor)))  # a cursor of times moves on with the clock
    expect(set(again) <= set(_changes(before)), "reading on from there gives orders that nobody saw before")


@check("orders.times", "Times of orders are aware.", parts=("orders",))
def orders_times(bench: Bench) -> None:
    """Placed, changed and every history row."""
    for order in bench.confirmed_orders:
        aware(order.placed_at, f"placed_at of order {order.remote_id}")
        aware(order.changed_at, f"changed_at of order {order.remote_id}")
        for change in order.history:
            aware(change.at, f"history of order {order.remote_id}")


@check("orders.money", "Amounts of orders are exact, and the total is the sum of its rows.", parts=("orders",))
def orders_money(bench: Bench) -> None:
    """Rows but the total add up to it, to the cent of each row."""
    for order in bench.confirmed_orders:
        exact(order.total, f"total of order {order.remote_id}")
        exact(order.rate, f"rate of order {order.remote_id}")
        expect(order.rate > 0, f"rate of order {order.remote_id} is {order.rate}")
        for line in order.lines:
            for name in ("unit_price", "line_total", "unit_tax"):
                exact(getattr(line, name), f"{name} of a line of order {order.remote_id}")
            expect(line.quantity > 0, f"a line of order {order.remote_id} has quantity {line.quantity}")
            gap = abs(line.unit_price * line.quantity - line.line_total)
            expect(gap <= _CENT * line.quantity, f"a line of order {order.remote_id} does not add up")
        parts = [row.amount for row in order.totals if row.code != "total"]
        gap = abs(sum(parts, Decimal(0)) - order.total)
        expect(not parts or gap <= _CENT * len(parts), f"the rows of order {order.remote_id} miss its total by {gap}")


@check("orders.text", "Text of orders comes as the buyer wrote it, not HTML-escaped.", parts=("orders",))
def orders_text(bench: Bench) -> None:
    """Names, addresses, lines, options and comments."""
    for order in bench.confirmed_orders:
        where = f"order {order.remote_id}"
        for text in (order.buyer_name, order.comment, order.payment_method, order.shipping_method):
            plain_text(text, where)
        for address in (order.shipping, order.billing):
            if address is not None:
                for text in (address.name, address.company, address.line1, address.line2, address.city):
                    plain_text(text, f"an address of {where}")
        for line in order.lines:
            plain_text(line.name + line.model, f"a line of {where}")
            for option in line.options:
                plain_text(option.name + option.value, f"an option of {where}")


@check("orders.lines", "Every line names a product and the keys it may be listed under.", parts=("orders",))
def orders_lines(bench: Bench) -> None:
    """Line ids are unique within the order."""
    for order in bench.confirmed_orders:
        ids = [line.remote_id for line in order.lines]
        expect_equal(len(set(ids)), len(ids), f"line ids of order {order.remote_id} without repeats")
        for line in order.lines:
            expect(line.product_id, f"a line of order {order.remote_id} names no product")
            expect(line.variation_keys, f"a line of order {order.remote_id} names no key, not even the product itself")


@check("orders.fetch", "Orders fetched by id are those of the pages; an unknown id is gone.", parts=("orders",))
def orders_fetch(bench: Bench) -> None:
    """Same content by either way."""
    known = {order.remote_id: order for order in bench.confirmed_orders[-MOST_SAMPLES:]}
    page = bench.orders.fetch([*known, UNKNOWN_ID])
    fetched = {order.remote_id for order in page.orders if order.remote_id in known or order.follows not in known}
    expect_equal(fetched, set(known), "orders fetched by id, but for parts that follow them")
    expect_equal(list(page.gone), [UNKNOWN_ID], "ids reported gone")
    for order in (order for order in page.orders if order.remote_id in known):
        expect_equal(order.total, known[order.remote_id].total, f"total of order {order.remote_id} fetched by id")
        expect_equal(len(order.lines), len(known[order.remote_id].lines), f"lines of order {order.remote_id}")


@check(
    "orders.states", "The short form tells the same status and version; a deleted order has none.", parts=("orders",)
)
def orders_states(bench: Bench) -> None:
    """Against orders fetched now."""
    ids = [order.remote_id for order in bench.confirmed_orders[-MOST_SAMPLES:]]
    fetched = {order.remote_id: order for order in bench.orders.fetch(ids).orders}
    states = {state.remote_id: state for state in bench.orders.states([*ids, UNKNOWN_ID])}
    for remote_id, order in fetched.items():
        expect(remote_id in states, f"order {remote_id} has no state")
        expect_equal(states[remote_id].status_id, order.status_id, f"status of order {remote_id}")
        expect_equal(states[remote_id].version, order.version, f"version of order {remote_id}")
    expect(UNKNOWN_ID in states, "an order that does not exist has no state")
    expect_equal(states[UNKNOWN_ID].status_id, None, "status of an order that does not exist")


@check("orders.start", "The cursor of fewer days never gives more than that of more days.", parts=("orders",))
def orders_start(bench: Bench) -> None:
    """`start` moves forward as days shrink."""
    recent = {remote_id for remote_id, _ in _changes(list(bench.orders.pages(bench.orders.start(1))))}
    longer = {remote_id for remote_id, _ in _changes(list(bench.orders.pages(bench.orders.start(90))))}
    expect(recent <= longer, f"in the last day but not in the last 90: {sorted(recent - longer)[:5]}")


# --------------------------------------------------------------------------- with a stage


READINGS = 8
"""A store that records no change is asked by several dates in turn; within so many readings all have had theirs."""


def _after(bench: Bench, cursor: str) -> list[ChannelOrder]:
    return [order for page in bench.orders.pages(cursor) for order in page.orders]


def _arriving(bench: Bench, cursor: str, order_id: str) -> dict[str, ChannelOrder]:
    """What comes after the cursor, until the order is there as it is now."""
    now = bench.order(order_id)
    found: dict[str, ChannelOrder] = {}
    for _ in range(READINGS if not now.version else 1):
        for page in bench.orders.pages(cursor):
            found |= {order.remote_id: order for order in page.orders}
            cursor = page.cursor
        if order_id in found and found[order_id].status_id == now.status_id and found[order_id].lines == now.lines:
            break
    return found


@check("orders.arrives", "A new order arrives after the cursor with what was bought.", parts=("orders",), stage=True)
def orders_arrives(bench: Bench) -> None:
    """Confirmed, one line, the right product and quantity."""
    cursor = bench.end_cursor()
    order_id = bench.stage.place_order(2)
    found = {order.remote_id: order for order in _after(bench, cursor)}
    expect(order_id in found, f"order {order_id} did not arrive")
    order = found[order_id]
    expect(order.confirmed and not order.settling, f"order {order_id} is not confirmed")
    sold = [(line.product_id, line.quantity) for line in order.lines]
    expect_equal(sold, [(bench.stage.goods(), 2)], f"lines of order {order_id}")


@check(
    "orders.moved",
    "A status change brings the order again with a higher version; without versions the short form tells it.",
    parts=("orders",),
    stage=True,
)
def orders_moved(bench: Bench) -> None:
    """Whatever the store does with its own dates."""
    order_id = bench.stage.place_order()
    before, cursor = bench.order(order_id), bench.end_cursor()
    other = next(row.remote_id for row in bench.info.statuses if row.takes_stock and row.remote_id != before.status_id)
    bench.stage.set_status(order_id, other)
    expect_equal([state.status_id for state in bench.orders.states([order_id])], [other], "status in the short form")
    expect_equal(bench.order(order_id).status_id, other, f"status of order {order_id} fetched by id")
    if not before.version:
        return
    found = {order.remote_id: order for order in _after(bench, cursor)}
    expect(order_id in found, f"order {order_id} did not arrive again")
    expect_equal(found[order_id].status_id, other, f"status of order {order_id}")
    expect(found[order_id].version > before.version, f"version of order {order_id} did not grow")


@check(
    "orders.late", "A cart confirmed late arrives, though newer orders were read before.", parts=("orders",), stage=True
)
def orders_late(bench: Bench) -> None:
    """Its id and dates are old; only its confirmation is new."""
    cart = bench.stage.place_order(confirm=False)
    bench.stage.place_order()
    cursor = bench.end_cursor()
    bench.stage.confirm_order(cart)
    found = _arriving(bench, cursor, cart)
    expect(cart in found, f"the cart {cart} never arrived after its confirmation")
    expect(found[cart].confirmed and found[cart].paid, f"the cart {cart} arrived unconfirmed after its confirmation")


@check(
    "orders.abandoned",
    "A cart that is never confirmed is never shown as an order, unless as an unpaid one.",
    parts=("orders",),
    stage=True,
)
def orders_abandoned(bench: Bench) -> None:
    """Neither in pages nor by id."""
    cursor = bench.end_cursor()
    cart = bench.stage.place_order(confirm=False)
    shown = [order for order in [*_after(bench, cursor), *bench.orders.fetch([cart]).orders] if order.remote_id == cart]
    expect(not any(order.confirmed and order.paid for order in shown), f"the cart {cart} is shown as a confirmed order")


@check("orders.edited", "An order edited in the store arrives again as it is now.", parts=("orders",), stage=True)
def orders_edited(bench: Bench) -> None:
    """New quantity, higher version where there are versions."""
    order_id = bench.stage.place_order(3)
    before, cursor = bench.order(order_id), bench.end_cursor()
    bench.stage.edit_order(order_id, 2)
    found = _arriving(bench, cursor, order_id)
    expect(order_id in found, f"the edited order {order_id} did not arrive again")
    left = [line.quantity for line in found[order_id].lines if line.state != "canceled"]
    expect_equal(left, [2], f"lines of the edited order {order_id}")
    if before.version:
        expect(found[order_id].version > before.version, f"version of the edited order {order_id} did not grow")


@check("orders.settling", "An order in the middle of an edit is not to be acted on.", parts=("orders",), stage=True)
def orders_settling(bench: Bench) -> None:
    """Unconfirmed or settling, until the edit is over."""
    order_id = bench.stage.place_order(3)
    bench.stage.edit_order(order_id, 2, finish=False)
    passing = bench.order(order_id)
    expect(passing.settling or not passing.confirmed, f"order {order_id} in the middle of an edit looks final")


@check("orders.deleted", "An order deleted in the store is reported gone.", parts=("orders",), stage=True)
def orders_deleted(bench: Bench) -> None:
    """By id and in the short form."""
    order_id = bench.stage.place_order()
    bench.stage.delete_order(order_id)
    expect_equal(list(bench.orders.fetch([order_id]).gone), [order_id], "ids reported gone")
    expect_equal([state.status_id for state in bench.orders.states([order_id])], [None], "status of a deleted order")


@check(
    "orders.unknown_status",
    "A status that nobody knows is told as it is, and the order is read all the same.",
    parts=("orders",),
    stage=True,
)
def orders_unknown_status(bench: Bench) -> None:
    """By id and in the short form; other orders of the page are not touched."""
    known = {status.remote_id for status in bench.info.statuses}
    odd = "9999" if all(name.isdigit() for name in known) else "X99"
    order_id, other = bench.stage.place_order(), bench.stage.place_order()
    bench.stage.set_status(order_id, odd)
    page = bench.orders.fetch([order_id, other])
    codes = {order.remote_id: order.status_id for order in page.orders}
    expect_equal(codes.keys(), {order_id, other}, "orders fetched by id")
    expect_equal(codes[order_id], odd, "an unknown status")
    expect_equal([state.status_id for state in bench.orders.states([order_id])], [odd], "it in the short form")
