"""Prices of one store by file: what an item sells for there, and what it costs without a reduction."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop as _

from entrepot.catalog.rows import fetch
from entrepot.channels.models import ListingChange
from entrepot.channels.services.offers import store_that_can
from entrepot.channels.services.offers_many import Wish, ask_many
from entrepot.channels.services.rails import FALLS_FAR
from entrepot.kernel.money import plain
from entrepot.sheets import cells
from entrepot.sheets.kinds.kind import Alarm, Column, Draft, Here, Kind
from entrepot.sheets.kinds.skus import NAME_SHOWN, SKU, items_of

NOT_LISTED = _("{sku} is not listed in this store.")
NO_PRICE = _("Give a price.")
RETAIL_BELOW = _("The retail price {retail} is below the price {price}. Give a higher one, or {clear} for none.")
GONE = _("It is no longer listed in this store.")
FALLS = Alarm("price_falls", _("Prices fall by more than 30 %"))

COLUMNS = (
    SKU,
    NAME_SHOWN,
    Column(
        "price", _("Price"), _("What it sells for in this store."), cells.amount(above=True), figure=True,
        example="12900", names=("판매가", "가격", "Selling price"),
    ),
    Column(
        "retail_price", _("Retail price"),
        _("What it costs without a reduction (MRP). Blank: as it is. [clear]: none."),
        cells.amount(above=True), figure=True, example="15900", names=("소비자가", "정가", "MRP", "List price"),
        empty=None,
    ),
    Column(
        "currency_shown", _("Currency (for your eyes)"), _("Only shown."), shown=True, example="KRW",
    ),
)  # fmt: skip

LISTED = """
SELECT l.item_id, l.id, l.remote_id, l.price, l.retail_price, l.title, l.state = 'active'
FROM channels_listing l
WHERE l.seller_id = %s AND l.store_id = %s AND l.item_id = ANY(%s) AND l.state IN ('active', 'inactive')
ORDER BY l.id
"""
PRESENT = """
SELECT DISTINCT ON (i.id) i.sku, i.name, l.price, l.retail_price, l.currency
FROM channels_listing l JOIN catalog_item i ON i.id = l.item_id
WHERE l.seller_id = %s AND l.store_id = %s AND l.state IN ('active', 'inactive') ORDER BY i.id, l.id
"""


def check_file(here: Here) -> None:
    """The store must be live and take prices.

    Raises:
        StoreNotFound, StoreStateForbids, NoSuchPart: It cannot be done there.
    """
    store_that_can(seller_id=here.seller_id, store_id=here.store.pk if here.store else 0, part="prices")


def judge(here: Here, rows: Sequence[Draft]) -> None:
    """Find the listings of each item in the store, and how far its price moves."""
    known = items_of(here.seller_id, rows)
    store_id = here.store.pk if here.store else 0
    listed: dict[int, list[tuple[Any, ...]]] = {}
    for item_id, *facts in fetch(LISTED, [here.seller_id, store_id, [one.item_id for one in known.values()]]):
        listed.setdefault(item_id, []).append(tuple(facts))
    for row in rows:
        item = known.get(row.values.get("sku", ""))
        if item is None:
            continue
        places = listed.get(item.item_id)
        if not places:
            row.refuse("sku", NOT_LISTED, sku=row.values["sku"])
            continue
        row.key, row.object_id = str(item.item_id), item.item_id
        if not row.errors:
            _judge_price(row, places)


def _judge_price(row: Draft, places: Sequence[tuple[Any, ...]]) -> None:
    """`before` keeps the first listing's price for the eye and the way back, and which listings it concerns."""
    _first, _remote, price, retail, *_rest = places[0]
    wanted = row.values.get("price", price)
    new_retail = row.values.get("retail_price", retail)
    if wanted is None:
        row.refuse("price", NO_PRICE)
        return
    wanted = Decimal(wanted)
    if new_retail is not None and Decimal(new_retail) < wanted:
        row.refuse(
            "retail_price", RETAIL_BELOW, retail=plain(Decimal(new_retail)), price=plain(wanted), clear="[clear]"
        )
        return
    row.values |= {"price": plain(wanted), "retail_price": None if new_retail is None else plain(Decimal(new_retail))}
    row.before = {
        "price": None if price is None else plain(price),
        "retail_price": None if retail is None else plain(retail),
        "listings": [place[0] for place in places],
    }
    row.same = all(
        place[2] == wanted and place[3] == (None if new_retail is None else Decimal(new_retail)) for place in places
    )
    if price:
        fall = 1 - wanted / price
        row.weight = float(abs(fall))
        row.alarm = FALLS.code if fall > FALLS_FAR else ""


def apply(here: Here, rows: Sequence[Draft]) -> None:
    """Ask the store for the prices; they are sent by themselves from then on."""
    store_id = here.store.pk if here.store else 0
    ids = [listing_id for row in rows for listing_id in row.before["listings"]]
    standing = {place[1]: place for place in fetch(LISTED, [here.seller_id, store_id, [row.object_id for row in rows]])}
    owners = {listing_id: row for row in rows for listing_id in row.before["listings"]}
    wishes = [_wish(owners[listing_id], standing[listing_id]) for listing_id in ids if listing_id in standing]
    for row in rows:
        if not any(listing_id in standing for listing_id in row.before["listings"]):
            row.refuse("", GONE)
    ask_many(seller_id=here.seller_id, store_id=store_id, wishes=wishes, actor=here.actor)


def _wish(row: Draft, place: tuple[Any, ...]) -> Wish:
    _item, listing_id, remote_id, price, retail, title, active = place
    return Wish(
        kind=ListingChange.Kind.PRICE,
        fields={"price": row.values["price"], "retail_price": row.values["retail_price"]},
        remote_id=remote_id,
        listing_id=listing_id,
        before={
            "price": None if price is None else plain(price),
            "retail_price": None if retail is None else plain(retail),
            "title": title,
            "active": active,
        },
    )


def reverse(values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any] | None:
    """The prices of before."""
    if before["price"] is None:
        return None
    return {"sku": values["sku"], "price": before["price"], "retail_price": before["retail_price"]}


def present(here: Here) -> Iterator[Mapping[str, Any]]:
    """Every item listed in the store with its price there."""
    for sku, name, price, retail, currency in fetch(PRESENT, [here.seller_id, here.store.pk if here.store else 0]):
        yield {
            "sku": sku, "name_shown": name, "price": price, "retail_price": retail, "currency_shown": currency,
        }  # fmt: skip


PRICES = Kind(
    code="prices",
    title=_("Prices of a store"),
    help=_("Price and retail price of what a store lists."),
    icon="tags",
    columns=COLUMNS,
    judge=judge,
    apply=apply,
    needs="catalog.edit",
    needs_store=True,
    present=present,
    reverse=reverse,
    alarms=(FALLS,),
    check_file=check_file,
)
