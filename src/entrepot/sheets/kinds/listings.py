"""Listings of one store by file: what is listed is changed, shown, hidden or deleted; what is not yet is listed."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from entrepot.catalog.rows import fetch
from entrepot.channels.models import Listing, ListingChange
from entrepot.channels.services.offers import Offer, offer_fields, store_that_can
from entrepot.channels.services.offers_many import Wish, ask_many
from entrepot.sheets import cells
from entrepot.sheets.cells import CellWrong
from entrepot.sheets.kinds.kind import Alarm, Column, Draft, Here, Kind
from entrepot.sheets.kinds.places import store_brands, store_categories
from entrepot.sheets.kinds.prices import GONE
from entrepot.sheets.kinds.skus import NAME_SHOWN, SKU, items_of

Deed = ListingChange.Kind
SHOWN, HIDDEN, DELETE = _("Shown in the store"), _("Hidden in the store"), _("Delete from the store")
STATES: Final[Mapping[str, str]] = {"active": SHOWN, "inactive": HIDDEN, "delete": DELETE}
_STATE_WORDS: Final[Mapping[str, str]] = {
    "shown": "active", "active": "active", "진열함": "active", "진열": "active", "판매함": "active",
    "hidden": "inactive", "inactive": "inactive", "진열 안 함": "inactive", "진열안함": "inactive",
    "delete": "delete", "삭제": "delete", "쇼핑몰에서 삭제": "delete", "스토어에서 삭제": "delete",
}  # fmt: skip
NOT_THERE = _("{sku} is not listed in this store, so it cannot be deleted there.")
NEEDS_PRICE = _("{sku} is not listed in this store yet. Give its price to list it.")
ON_ITS_WAY = _("{sku} is on its way to this store already.")
COME = _("{sku} was listed in this store, or is on its way there, since the file was checked.")
NO_CATEGORY = _("The store has no category “{text}”. Choose one of the drop-down.")
NO_BRAND = _("The store has no brand “{text}”. Choose one of the drop-down.")
OTHER_PRICE = _("Prices of what is listed are changed by the file of prices.")
RETAIL_BELOW = _("The retail price is below the price.")
DELETES = Alarm("deletes", _("Products are deleted in the store"))


def _shown(seller_id: int, store_id: int | None) -> int:
    return Listing.objects.filter(seller_id=seller_id, store_id=store_id, state=Listing.State.ACTIVE).count()


HIDES = Alarm("hides", _("More than 10 % of what the store sells is hidden"), 0.1, _shown)
IMAGES: Final = tuple(f"image{number}" for number in range(1, 6))
WORDS: Final = {"title": "name", "description": "description", "brand": "brand"}


def state(raw: object) -> str:
    """Shown, hidden or delete, in any language."""
    text = cells.plain(raw)
    told = text.casefold()
    found = _STATE_WORDS.get(told) or next(
        (code for code, msgid in STATES.items() if told in {msgid.casefold(), gettext(msgid).casefold()}), None
    )
    if found is None:
        raise CellWrong(cells.NOT_ONE_OF, text=text, known=", ".join(gettext(msgid) for msgid in STATES.values()))
    return found


COLUMNS = (
    SKU,
    NAME_SHOWN,
    Column(
        "title", _("Title in the store"), _("Blank: as it is; for a new listing the product's own name."),
        cells.text_of(250), example="Wool sock", names=("상품명", "스토어 상품명", "Title"), width=36,
    ),
    Column(
        "description", _("Description"), _("HTML or plain text, as the store takes it."), cells.text_of(32_000),
        example="Warm and soft.", names=("설명", "상품설명"), width=40,
    ),
    Column(
        "category", _("Store category"), _("One of the store's own categories; several are divided by |."),
        cells.paths, example="Clothes > Socks", names=("카테고리", "분류", "Category"), listed="categories", width=30,
    ),
    Column(
        "brand", _("Store brand"), _("One of the store's own brands."), cells.text_of(255), example="Seoul Socks",
        names=("브랜드", "제조사", "Brand"), listed="brands", width=20,
    ),
    *(
        Column(
            code, f"Picture {number}", _("The address of a picture; those given replace all there are."),
            cells.address, example="https://example.com/sock.jpg" if number == 1 else "",
            names=(f"이미지{number}", f"Image {number}"), width=26,
        )
        for number, code in enumerate(IMAGES, 1)
    ),
    Column(
        "price", _("Price for a new listing"), _("Only for what is not listed yet."), cells.amount(above=True),
        figure=True, example="12900", names=("판매가", "Price"), width=14,
    ),
    Column(
        "retail_price", _("Retail price for a new listing"), _("What it costs without a reduction (MRP)."),
        cells.amount(above=True), figure=True, example="15900", names=("소비자가", "Retail price"), width=14,
        empty=None,
    ),
    Column(
        "state", _("State in the store"), _("Shown, hidden, or deleted there. Blank: as it is."), state,
        example="", names=("진열상태", "상태", "State"), listed="states", only=True, width=18,
    ),
)  # fmt: skip
_SAID: Final = (_("Picture 1"), _("Picture 2"), _("Picture 3"), _("Picture 4"), _("Picture 5"))
"""For the translators: the headings above are put together."""

LISTED = """
SELECT i.id, l.id, l.remote_id, l.title, l.state, l.price FROM catalog_item i
JOIN catalog_item s ON s.product_id = i.product_id
JOIN channels_listing l ON l.item_id = s.id AND l.seller_id = i.seller_id AND l.store_id = %s
WHERE i.seller_id = %s AND i.id = ANY(%s) AND l.state IN ('active', 'inactive') ORDER BY s.id <> i.id, l.id
"""
COMING = """
SELECT DISTINCT product_id FROM channels_listingchange
WHERE seller_id = %s AND store_id = %s AND kind = 'create' AND state = 'waiting' AND product_id = ANY(%s)
"""
PRESENT = """
SELECT DISTINCT ON (l.remote_id) i.sku, i.name, l.title, l.state FROM channels_listing l
JOIN catalog_item i ON i.id = l.item_id
WHERE l.seller_id = %s AND l.store_id = %s AND l.state IN ('active', 'inactive') ORDER BY l.remote_id, i.id
"""


def check_file(here: Here) -> None:
    """The store must be live and take listings.

    Raises:
        StoreNotFound, StoreStateForbids, NoSuchPart: It cannot be done there.
    """
    store_that_can(seller_id=here.seller_id, store_id=_store_id(here), part="listings")


def _store_id(here: Here) -> int:
    return here.store.pk if here.store else 0


def judge(here: Here, rows: Sequence[Draft]) -> None:
    """Find what is listed, and what a row changes of it."""
    known = items_of(here.seller_id, rows)
    ids = sorted({one.item_id for one in known.values()})
    listed: dict[int, tuple[Any, ...]] = {}
    for item_id, *facts in fetch(LISTED, [_store_id(here), here.seller_id, ids]):
        listed.setdefault(item_id, tuple(facts))
    products = sorted({one.product_id for one in known.values()})
    coming = {row[0] for row in fetch(COMING, [here.seller_id, _store_id(here), products])}
    for row in rows:
        item = known.get(row.values.get("sku", ""))
        if item is None:
            continue
        _judge_lists(here, row)
        row.key = f"{item.product_id}"
        place = listed.get(item.item_id)
        if place is not None:
            row.object_id = place[0]
            _judge_listed(row, place)
        elif item.product_id in coming:
            row.refuse("sku", ON_ITS_WAY, sku=row.values["sku"])
        else:
            row.object_id = item.product_id
            _judge_new(row)


def _judge_lists(here: Here, row: Draft) -> None:
    """Categories and brand are the store's own."""
    known = store_categories(here)
    for path in str(row.values.get("category") or "").split(" | "):
        if path and path not in known:
            row.refuse("category", NO_CATEGORY, text=path)
    if "brands" not in here.memory:
        here.memory["brands"] = set(store_brands(here))
    brand = row.values.get("brand")
    if brand and here.memory["brands"] and brand not in here.memory["brands"]:
        row.refuse("brand", NO_BRAND, text=brand)


def _judge_listed(row: Draft, place: tuple[Any, ...]) -> None:
    _listing_id, remote_id, title, standing, price = place
    values = row.values
    if values.get("price") is not None and (price is None or Decimal(values["price"]) != price):
        row.refuse("price", OTHER_PRICE)
    row.before = {"remote_id": remote_id}
    if values.get("title") and values["title"] != title:
        row.before["title"] = title
    if values.get("state") and values["state"] != standing:
        row.before["state"] = standing
        row.alarm = {"delete": DELETES.code, "inactive": HIDES.code}.get(values["state"], "")
        row.weight = 1.0 if row.alarm == DELETES.code else 0.5
    for code in ("description", "category", "brand", *IMAGES):
        if code in values:
            row.before[code] = ""
    row.same = len(row.before) == 1


def _judge_new(row: Draft) -> None:
    values = row.values
    if values.get("state") == "delete":
        row.refuse("state", NOT_THERE, sku=values["sku"])
    elif values.get("price") is None:
        row.refuse("price", NEEDS_PRICE, sku=values["sku"])
    elif values.get("retail_price") is not None and Decimal(values["retail_price"]) < Decimal(values["price"]):
        row.refuse("retail_price", RETAIL_BELOW)


def apply(here: Here, rows: Sequence[Draft]) -> None:
    """Ask the store for all of it, in the order of the file."""
    wanted = [(row, wish) for row in rows for wish in _wishes(here, row)]
    wishes = [wish for _row, wish in wanted]
    asked = ask_many(seller_id=here.seller_id, store_id=_store_id(here), wishes=wishes, actor=here.actor)
    for (row, wish), change_id in zip(wanted, asked, strict=True):
        if change_id is None and wish.kind == Deed.CREATE:
            row.refuse("sku", COME, sku=row.values["sku"])
        elif change_id is None and not row.errors:
            row.refuse("", GONE)


def _wishes(here: Here, row: Draft) -> Iterator[Wish]:
    values, before = row.values, row.before
    if "remote_id" not in before:
        yield Wish(kind=Deed.CREATE, fields=offer_fields(_offer(here, values)), product_id=row.object_id)
        return
    place = {"remote_id": before["remote_id"], "listing_id": row.object_id}
    known = {"title": before.get("title"), "active": before.get("state", "active") == "active"}
    fields: dict[str, Any] = {name: values[code] for code, name in WORDS.items() if code in before}
    if "category" in before:
        fields["category_ids"] = _category_ids(here, values)
    if images := [values[code] for code in IMAGES if values.get(code)]:
        fields["images"] = images
    if fields:
        yield Wish(kind=Deed.UPDATE, fields=fields, before=known, **place)
    if "state" in before:
        deed = {"active": Deed.ACTIVATE, "inactive": Deed.DEACTIVATE, "delete": Deed.DELETE}[values["state"]]
        told = {} if deed == Deed.DELETE else {"active": deed == Deed.ACTIVATE}
        yield Wish(kind=deed, fields=told, before=known, **place)


def _category_ids(here: Here, values: Mapping[str, Any]) -> list[str]:
    known = store_categories(here)
    return [known[path] for path in str(values.get("category") or "").split(" | ") if path in known]


def _offer(here: Here, values: Mapping[str, Any]) -> Offer:
    retail = values.get("retail_price")
    return Offer(
        price=Decimal(values["price"]),
        retail_price=None if retail is None else Decimal(retail),
        name=str(values.get("title") or ""),
        description=str(values.get("description") or ""),
        brand=str(values.get("brand") or ""),
        category_ids=_category_ids(here, values),
        images=[values[code] for code in IMAGES if values.get(code)],
        active=values.get("state") != "inactive",
    )


def reverse(values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any] | None:
    """Title and visibility as they were; what was made or deleted is not taken back by itself."""
    if "remote_id" not in before or values.get("state") == "delete":
        return None
    kept = {code: before[code] for code in ("title", "state") if code in before}
    return {"sku": values["sku"], **kept} if kept else None


def present(here: Here) -> Iterator[Mapping[str, Any]]:
    """Every product listed in the store."""
    for sku, name, title, standing in fetch(PRESENT, [here.seller_id, _store_id(here)]):
        yield {"sku": sku, "name_shown": name, "title": title, "state": gettext(STATES[standing])}


def lists(here: Here) -> Mapping[str, Sequence[str]]:
    """The store's categories and brands, and what a listing can be."""
    return {
        "categories": sorted(store_categories(here)),
        "brands": store_brands(here),
        "states": [gettext(msgid) for msgid in STATES.values()],
    }


LISTINGS = Kind(
    code="listings",
    title=_("Listings of a store"),
    help=_("List products in a store; change their title, words, category, brand and pictures; show, hide, delete."),
    icon="building-store",
    columns=COLUMNS,
    judge=judge,
    apply=apply,
    needs="catalog.edit",
    needs_store=True,
    present=present,
    lists=lists,
    reverse=reverse,
    alarms=(DELETES, HIDES),
    check_file=check_file,
)
