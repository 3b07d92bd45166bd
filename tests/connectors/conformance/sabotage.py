"""One deliberate defect for each promise: a check that never saw red proves nothing.

A defect bends one method of a connector that is otherwise good.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import uuid4

from entrepot.connectors.contract import ChannelCategory, Connector, LevelAnswer, WriteAnswer
from entrepot.kernel.errors import ChannelDown, ChannelMisconfigured, ChannelRejected

Defect = Callable[[Connector], Connector]
DEFECTS: dict[str, Defect] = {}
"""On a shop of OpenCart."""
MALL_DEFECTS: dict[str, Defect] = {}
"""On a mall of Cafe24: promises that OpenCart is not asked for, and those that are kept in another way there."""


class Bent:
    """A part of which some methods are replaced; a replacement is called with the original first."""

    def __init__(self, part, methods):
        self._part, self._methods = part, methods

    def __getattr__(self, name):
        original = getattr(self._part, name)
        if name not in self._methods:
            return original
        return lambda *args, **kwargs: self._methods[name](original, *args, **kwargs)


def bend(check_id: str, part: str, *, defects: dict[str, Defect] = DEFECTS, **methods) -> None:
    defects[check_id] = lambda connector: replace(connector, **{part: Bent(getattr(connector, part), methods)})


def bend_mall(check_id: str, part: str, **methods) -> None:
    bend(check_id, part, defects=MALL_DEFECTS, **methods)


def each_product(change):
    def pages(original, cursor=None) -> Iterator:
        for page in original(cursor):
            yield replace(page, products=[change(product) for product in page.products])

    return pages


def each_order(change):
    def pages(original, cursor) -> Iterator:
        for page in original(cursor):
            yield replace(page, orders=[change(order) for order in page.orders])

    return pages


def fetched_orders(change):
    def fetch(original, ids):
        page = original(ids)
        return replace(page, orders=[change(order) for order in page.orders])

    return fetch


# --------------------------------------------------------------------------- who the shop is, what it sells

bend("shop.identity", "shop", info=lambda original: replace(original(), identity=str(uuid4())))
bend("shop.statuses", "shop", info=lambda original: replace(original(), statuses=[*original().statuses] * 2))


def _drops_the_last_product(original, cursor=None):
    for page in original(cursor):
        yield replace(page, products=page.products[:-1]) if page.next is None else page


bend("products.complete", "products", pages=_drops_the_last_product)
bend(
    "products.order",
    "products",
    pages=lambda original, cursor=None: (
        replace(page, products=list(reversed(page.products))) for page in original(cursor)
    ),
)
bend("products.resume", "products", pages=lambda original, _cursor=None: original(None))
bend("products.text", "products", pages=each_product(lambda row: replace(row, name=f"{row.name} &amp; more")))
bend("products.money", "products", pages=each_product(lambda row: replace(row, price=float(row.price))))
bend(
    "products.times",
    "products",
    pages=each_product(lambda row: replace(row, updated_at=row.updated_at.replace(tzinfo=None))),
)
bend(
    "products.keys",
    "products",
    pages=each_product(lambda row: replace(row, variations=[replace(v, key="same") for v in row.variations])),
)
bend(
    "products.fetch",
    "products",
    fetch=lambda original, ids: replace(original(ids), products=original(ids).products[1:]),
)


def _orphans(original):
    yield from original()
    yield ChannelCategory(remote_id="9001", parent_id="9002", name="Orphan")


bend("categories.tree", "products", categories=_orphans)


def _one_more(original, ids=None):
    for level in original(ids):
        yield replace(level, quantity=(level.quantity or 0) + 1)


bend("stock.agrees", "stock", seen=_one_more)

# --------------------------------------------------------------------------- reading orders

bend(
    "orders.oldest_first",
    "orders",
    pages=lambda original, cursor: (replace(page, orders=list(reversed(page.orders))) for page in original(cursor)),
)


def _skips_one(original, cursor):
    for page in original(cursor):
        yield replace(page, orders=page.orders[1:]) if cursor != "0" else page


bend("orders.nothing_missed", "orders", pages=_skips_one)


def _uses_up(connector: Connector) -> Connector:
    handed_out: set[str] = set()

    def pages(original, cursor):
        for page in original(cursor):
            fresh = [order for order in page.orders if order.remote_id not in handed_out]
            handed_out.update(order.remote_id for order in fresh)
            yield replace(page, orders=fresh)

    return replace(connector, orders=Bent(connector.orders, {"pages": pages}))


DEFECTS["orders.repeatable"] = _uses_up


def _forgets_its_place(original, cursor):
    for page in original(cursor):
        yield replace(page, cursor="0") if page.cursor == cursor else page


bend("orders.end", "orders", pages=_forgets_its_place)
bend(
    "orders.times",
    "orders",
    pages=each_order(lambda row: replace(row, placed_at=row.placed_at.replace(tzinfo=None))),
)
bend("orders.money", "orders", pages=each_order(lambda row: replace(row, total=row.total + 1)))
bend("orders.text", "orders", pages=each_order(lambda row: replace(row, buyer_name="O&#039;Brien &amp; Co")))
bend(
    "orders.lines",
    "orders",
    pages=each_order(lambda row: replace(row, lines=[replace(line, variation_keys=()) for line in row.lines])),
)
bend("orders.fetch", "orders", fetch=lambda original, ids: replace(original(ids), gone=[]))
bend(
    "orders.states",
    "orders",
    states=lambda original, ids: [replace(state, version=state.version + 1) for state in original(ids)],
)
bend("orders.start", "orders", start=lambda original, days: "0" if days < 10 else original(0))
bend(
    "orders.arrives",
    "orders",
    pages=lambda original, cursor: (replace(page, orders=page.orders[:0]) for page in original(cursor)),
)
bend(
    "orders.moved",
    "orders",
    pages=each_order(lambda row: replace(row, version=1)),
    fetch=fetched_orders(lambda row: replace(row, version=1)),
)


def _follows_order_ids(connector: Connector) -> Connector:
    highest = 0

    def pages(original, cursor):
        nonlocal highest
        for page in original(cursor):
            kept = [order for order in page.orders if int(order.remote_id) >= highest]
            highest = max([highest, *(int(order.remote_id) for order in page.orders)])
            yield replace(page, orders=kept)

    return replace(connector, orders=Bent(connector.orders, {"pages": pages}))


DEFECTS["orders.late"] = _follows_order_ids
bend("orders.abandoned", "orders", fetch=fetched_orders(lambda row: replace(row, confirmed=True)))
bend(
    "orders.edited",
    "orders",
    pages=each_order(lambda row: replace(row, lines=[replace(line, quantity=3) for line in row.lines])),
)
bend("orders.settling", "orders", fetch=fetched_orders(lambda row: replace(row, confirmed=True, settling=False)))
bend("orders.deleted", "orders", fetch=lambda original, ids: replace(original(ids), gone=[]))
bend("orders.unknown_status", "orders", fetch=fetched_orders(lambda row: replace(row, status_id="1")))

# --------------------------------------------------------------------------- stock and prices


def _claims(_original, levels):
    return [
        LevelAnswer(remote_id=row.remote_id, variation_key=row.variation_key, outcome="accepted", seen=row.quantity)
        for row in levels
    ]


def _claims_prices(_original, levels):
    return [
        LevelAnswer(remote_id=row.remote_id, variation_key=row.variation_key, outcome="accepted", seen_price=row.price)
        for row in levels
    ]


def _all_or_nothing(original, levels):
    answers = original(levels)
    if any(answer.outcome in {"missing", "refused"} for answer in answers):
        raise ChannelRejected(reason="one of them is bad")
    return answers


def _adds(connector: Connector) -> Connector:
    calls = 0

    def push(original, levels):
        nonlocal calls
        calls += 1
        return original([replace(level, quantity=level.quantity + calls) for level in levels])

    return replace(connector, stock=Bent(connector.stock, {"push": push}))


def _remembers(connector: Connector) -> Connector:
    kept: dict = {}

    def seen(original, ids=None):
        key = tuple(ids or ())
        kept.setdefault(key, list(original(ids)))
        yield from kept[key]

    return replace(connector, stock=Bent(connector.stock, {"seen": seen}))


def _gives_up(original, levels):
    try:
        return original(levels)
    except ChannelDown as error:
        raise ChannelRejected(reason=str(error)) from error


bend("stock.absolute", "stock", push=_claims)
DEFECTS["stock.twice"] = _adds
bend(
    "stock.zero",
    "stock",
    push=lambda original, levels: original([replace(row, quantity=max(row.quantity, 1)) for row in levels]),
)
bend(
    "stock.expected",
    "stock",
    push=lambda original, levels: original([replace(row, expected=None) for row in levels]),
)
bend("stock.bad_item", "stock", push=_all_or_nothing)
bend(
    "stock.empty",
    "stock",
    push=lambda original, levels: (
        original(levels) or [LevelAnswer(remote_id="1", variation_key="", outcome="accepted")]
    ),
)
bend("stock.variation", "stock", push=_claims)
DEFECTS["stock.sold"] = _remembers
bend("stock.lost_answer", "stock", push=_gives_up)
bend("prices.absolute", "prices", push=_claims_prices)
bend("prices.bad_item", "prices", push=_all_or_nothing)

# --------------------------------------------------------------------------- telling the store


def _forgets_the_key(original, write):
    return original(replace(write, key=str(uuid4())))


def _shrugs(original, write):
    try:
        return original(write)
    except ChannelRejected:
        return WriteAnswer(remote_id="0", repeated=False)


def _told_one_by_one_anew(original, writes):
    return [answer for write in writes for answer in original([replace(write, key=str(uuid4()))])]


def _stops_at_the_first_refusal(original, writes):
    answers = []
    for write in writes:
        answers += original([write])
        if isinstance(answers[-1], ChannelRejected):
            break
    return answers + [ChannelRejected(reason="not reached")] * (len(writes) - len(answers))


def _believes_all(original, **push):
    try:
        return original(**push)
    except ChannelMisconfigured:
        return []


bend("statuses.once", "statuses", tell=_forgets_the_key)
bend("statuses.unknown", "statuses", tell=_shrugs)
bend(
    "statuses.stale",
    "statuses",
    tell=lambda original, write: original(replace(write, expected_status_id=None)),
)
bend("statuses.missing", "statuses", tell=_shrugs)
bend("shipments.once", "shipments", ship=_forgets_the_key)
bend("shipments.lost_answer", "shipments", ship=_forgets_the_key)
bend(
    "many.once",
    "many",
    tell_many=lambda original, writes: original([replace(write, key=str(uuid4())) for write in writes]),
)
bend("many.lost_answer", "many", tell_many=_told_one_by_one_anew)
bend("many.bad_item", "many", tell_many=_stops_at_the_first_refusal)
bend(
    "many.alone_or_together",
    "many",
    tell_many=lambda original, writes: original([replace(write, key=f"list-{write.key}") for write in writes]),
)
bend("many.size", "many", tell_many=lambda original, writes: original(writes[::-1]))
bend("cancellations.once", "cancellations", cancel=_forgets_the_key)
bend("listings.life", "listings", create=_forgets_the_key)
bend(
    "listings.variations",
    "listings",
    create=lambda original, draft: original(
        replace(draft, options=[(name, [(v, n, p + 1) for v, n, p in values]) for name, values in draft.options])
    ),
)
bend(
    "listings.words",
    "listings",
    create_many=lambda original, drafts: original([replace(one, images=one.images[::-1][:1]) for one in drafts]),
)
bend(
    "listings.combinations",
    "listings",
    create_many=lambda original, drafts: [replace(one, products=one.products[:-1]) for one in original(drafts)],
)
bend("listings.many", "listings", create_many=lambda original, drafts: original(drafts[::-1]))
bend(
    "listings.lost_answer",
    "listings",
    create_many=lambda original, drafts, _makings: original([replace(one, key=str(uuid4())) for one in drafts]),
)
bend("events.pushed", "events", receive=_believes_all)

# --------------------------------------------------------------------------- on a mall


def _as_it_was(connector: Connector) -> Connector:
    """Answers what it read first for ever."""
    kept: dict = {}

    def fetch(original, ids):
        page = original(ids)
        return replace(page, orders=[kept.setdefault(order.remote_id, order) for order in page.orders])

    def states(original, ids):
        return [kept.setdefault(("state", state.remote_id), state) for state in original(ids)]

    return replace(connector, orders=Bent(connector.orders, {"fetch": fetch, "states": states}))


def _late_news(connector: Connector) -> Connector:
    """The third reading gives orders that none before it gave."""
    readings = 0

    def pages(original, cursor):
        nonlocal readings
        readings += 1
        for page in original(cursor):
            fresh = [replace(order, remote_id=f"{order.remote_id}:{readings}") for order in page.orders]
            yield replace(page, orders=fresh if readings > 2 else page.orders)

    return replace(connector, orders=Bent(connector.orders, {"pages": pages}))


def _nothing(original, cursor):
    return (replace(page, orders=[]) for page in original(cursor))


def _as_if_new(original, write):
    return replace(original(write), repeated=False)


def _does_nothing(_original, _write):
    return WriteAnswer(remote_id="", repeated=False)


def _never_moves_on(original, write):
    return original(replace(write, state="ready"))


def _shows_two(row):
    return replace(row, parcels=[*row.parcels, *row.parcels])


MALL_DEFECTS["orders.end"] = _late_news
MALL_DEFECTS["orders.moved"] = _as_it_was
bend_mall("orders.late", "orders", pages=_nothing)
bend_mall("orders.abandoned", "orders", fetch=fetched_orders(lambda row: replace(row, paid=True)))
bend_mall("orders.edited", "orders", pages=_nothing)
bend_mall("orders.unknown_status", "orders", fetch=fetched_orders(lambda row: replace(row, status_id="N20")))
bend_mall("statuses.once", "statuses", tell=_as_if_new)
bend_mall("cancellations.once", "cancellations", cancel=_as_if_new)
bend_mall("shipments.once", "shipments", ship=_as_if_new)
bend_mall("shipments.life", "shipments", ship=_never_moves_on)
bend_mall("shipments.lost_answer", "orders", fetch=fetched_orders(_shows_two))
bend_mall(
    "shipments.number_changed",
    "shipments",
    ship=lambda original, write: original(replace(write, tracking_number="600000000001")),
)
bend_mall("shipments.carriers", "shipments", carriers=lambda original: [*original()] * 2)
bend_mall("shipments.unknown_carrier", "shipments", ship=_shrugs)
bend_mall("claims.cancel_refused", "claims", answer=_does_nothing)
bend_mall("claims.cancel_accepted", "claims", answer=_as_if_new)
bend_mall("claims.return_received", "claims", answer=_does_nothing)
bend_mall("claims.lost_answer", "claims", answer=_as_if_new)
bend_mall("events.pushed", "events", receive=_believes_all)
