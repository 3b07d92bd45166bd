"""Resources that tell about orders and events (§4)."""

from datetime import timedelta

from entrepot.connectors.opencart.simulator.countries import COUNTRIES
from entrepot.connectors.opencart.simulator.rows import Row
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.wire.answers import Answer, Call, WireError, encode, rows

OVERLAP_AGE = timedelta(hours=2)
HIDDEN = frozenset({"ip", "forwarded_ip", "user_agent", "accept_language"})


def order_cursor(shop: Shop, call: Call) -> Answer:
    """The greatest history id older than so many days by the shop's clock, 0 when there is none."""
    days = call.number("days", 90)
    edge = shop.clock.stamp_of(shop.clock.utc() - timedelta(days=days))
    older = (key for key in shop.history_ids if shop.tables.history[key]["date_added"] < edge)
    return Answer(encode({"after_history_id": max(older, default=0)}))


def orders(shop: Shop, call: Call) -> Answer:
    """Orders named by history rows after a cursor, each once, in order of their newest such row."""
    after = call.number("after_history_id", 0)
    limit = call.number("limit", 100, least=1, most=500)
    again = _just_before(shop, after, call.number("overlap", 0, most=500))
    looked_at = shop.history_after(after, limit)
    newest: dict[int, int] = {}
    for history in (*again, *looked_at):
        newest[int(history["order_id"])] = int(history["order_history_id"])
    cursor = int(looked_at[-1]["order_history_id"]) if looked_at else after
    more = bool(shop.history_after(cursor, 1)) if looked_at else False
    in_order = sorted(newest, key=lambda order_id: newest[order_id])
    present = [order_id for order_id in in_order if order_id in shop.tables.orders]
    gone = [order_id for order_id in in_order if order_id not in shop.tables.orders]
    return Answer(
        rows([_order_json(shop, order_id) for order_id in present]),
        cursor if more else None,
        {"cursor": cursor, "gone": gone},
    )


def _just_before(shop: Shop, after: int, overlap: int) -> list[Row]:
    """Rows among the last `overlap` ids up to the cursor that are new enough to have been overtaken."""
    edge = shop.clock.stamp_of(shop.clock.utc() - OVERLAP_AGE)
    return [row for row in shop.history_before(after, overlap) if row["date_added"] > edge]


def order(shop: Shop, call: Call) -> Answer:
    """These orders as they are now."""
    wanted = call.ids(most=100)
    if wanted is None:
        raise WireError(400, "bad_request", "ids is required.", field="ids")
    present = [order_id for order_id in wanted if order_id in shop.tables.orders]
    gone = [order_id for order_id in wanted if order_id not in shop.tables.orders]
    return Answer(rows([_order_json(shop, order_id) for order_id in present]), None, {"gone": gone})


def order_states(shop: Shop, call: Call) -> Answer:
    """The short form: status and last history id."""
    wanted = call.ids(most=1000)
    table, following = shop.tables.orders, None
    if wanted is None:
        after, limit = call.number("after_id", 0), call.number("limit", 100, least=1, most=1000)
        keys = sorted(key for key in table if key > after)
        wanted = keys[:limit]
        following = wanted[-1] if len(keys) > limit else None
    made = [_state(shop, key) for key in wanted if key in table]
    return Answer(encode(made), following, {"gone": [key for key in wanted if key not in table]})


def _state(shop: Shop, order_id: int) -> Row:
    history = shop.history_of(order_id)
    return {
        "order_id": str(order_id),
        "order_status_id": shop.tables.orders[order_id].row["order_status_id"],
        "last_history_id": history[-1]["order_history_id"] if history else "0",
    }


def events(shop: Shop, call: Call) -> Answer:
    """The outbox after an id."""
    after, limit = call.number("after", 0), call.number("limit", 100, least=1, most=1000)
    waiting = [event for event in shop.tables.events if event["event_id"] > after]
    page = waiting[:limit]
    return Answer(encode(page), page[-1]["event_id"] if len(waiting) > limit else None)


def _order_json(shop: Shop, order_id: int) -> bytes:
    kept = shop.kept_json["order"]
    ready = kept.get(order_id)
    if ready is None:
        ready = kept[order_id] = encode(order_row(shop, order_id))
    return ready


def order_row(shop: Shop, order_id: int) -> Row:
    """An order as the bridge shows it, its options resolved through the product's present rows."""
    kept = shop.tables.orders[order_id]
    lines = [{**line, "options": [_option(shop, option) for option in line["options"]]} for line in kept.lines]
    return {
        "order": {name: value for name, value in kept.row.items() if name not in HIDDEN} | _iso_codes(kept.row),
        "order_product": lines,
        "order_total": [{name: value for name, value in row.items() if name != "order_id"} for row in kept.totals],
        "order_history": [
            {name: value for name, value in row.items() if name != "order_id"} for row in shop.history_of(order_id)
        ],
        "order_voucher": kept.vouchers,
        "shipments": kept.shipments,
    }


def _iso_codes(row: Row) -> Row:
    """The order keeps its countries' names and ids but no code; null where the country is none or gone."""
    codes: Row = {}
    for side in ("payment", "shipping"):
        two, three = COUNTRIES.get(row[f"{side}_country_id"], (None, None))
        codes |= {f"{side}_iso_code_2": two, f"{side}_iso_code_3": three}
    return codes


def _option(shop: Shop, option: Row) -> Row:
    option_id = shop.option_id_of(int(option["product_option_id"]))
    found = shop.value_by_row(int(option["product_option_value_id"]))
    return {
        **option,
        "option_id": None if option_id is None else str(option_id),
        "option_value_id": None if found is None else str(found[1].option_value_id),
    }
