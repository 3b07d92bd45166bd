"""Prices of price lists by file: one row for each SKU and list. Stores that follow the list are told by themselves."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop as _

from entrepot.catalog.rows import fetch
from entrepot.channels.price_errors import PriceBelowCoin, PriceListOutOfReach
from entrepot.channels.queries.price_lists import out_of_reach
from entrepot.channels.services.price_lists import Written, write_prices
from entrepot.channels.services.rails import falls_far
from entrepot.kernel.errors import EntrepotError
from entrepot.kernel.money import coin_of, plain
from entrepot.sheets import cells
from entrepot.sheets.kinds.kind import Column, Draft, Here, Kind
from entrepot.sheets.kinds.prices import FALLS, NO_PRICE, RETAIL_BELOW
from entrepot.sheets.kinds.skus import NAME_SHOWN, SKU, items_of

NO_LIST = _("There is no price list “{name}”. Make it first, or correct its name.")

COLUMNS = (
    Column(
        "price_list", _("Price list"), _("The name of a list you have."), cells.text_of(120), required=True,
        example="Markets", names=("가격표", "Price list name"), listed="price_lists", only=True, width=24,
    ),
    SKU,
    NAME_SHOWN,
    Column(
        "price", _("Price"), _("What it costs in this list. [clear]: take it out of the list."),
        cells.amount(above=True), figure=True, example="12900", names=("판매가", "가격", "Selling price"), empty=None,
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

LISTS = "SELECT name, id, currency FROM channels_pricelist WHERE seller_id = %s ORDER BY name"
STANDING = """
SELECT p.price_list_id, p.item_id, p.price, p.retail_price FROM channels_listprice p
JOIN channels_pricelist l ON l.id = p.price_list_id WHERE l.seller_id = %s AND p.item_id = ANY(%s)
"""
PRESENT = """
SELECT l.name, i.sku, i.name, p.price, p.retail_price, l.currency
FROM channels_listprice p JOIN channels_pricelist l ON l.id = p.price_list_id JOIN catalog_item i ON i.id = p.item_id
WHERE l.seller_id = %s ORDER BY l.name, i.id
"""


def judge(here: Here, rows: Sequence[Draft]) -> None:
    """Find list and item of each row, and how far its price moves there."""
    known = items_of(here.seller_id, rows)
    found = fetch(LISTS, [here.seller_id])
    lists, currencies = {row[0]: row[1] for row in found}, {row[0]: row[2] for row in found}
    far = out_of_reach(seller_id=here.seller_id, store_ids=here.store_ids)
    item_ids = [one.item_id for one in known.values()]
    standing = {(row[0], row[1]): row[2:] for row in fetch(STANDING, [here.seller_id, item_ids])}
    for row in rows:
        name, item = str(row.values.get("price_list", "")), known.get(row.values.get("sku", ""))
        if name and name not in lists:
            row.refuse("price_list", NO_LIST, name=name)
        elif lists.get(name) in far:
            row.refuse("price_list", PriceListOutOfReach.message, name=name)
        if name not in lists or item is None:
            continue
        row.key, row.object_id = f"{lists[name]}\n{item.item_id}", item.item_id
        _judge_coin(row, currencies[name])
        if not row.errors:
            _judge_price(row, standing.get((lists[name], item.item_id)))


def _judge_coin(row: Draft, currency: str) -> None:
    coin = coin_of(currency)
    for code in ("price", "retail_price"):
        amount = row.values.get(code)
        if amount is not None and Decimal(amount) % coin:
            facts = {"currency": currency, "coin": plain(coin), "price": plain(Decimal(amount))}
            row.refuse(code, PriceBelowCoin.message, **facts)


def _judge_price(row: Draft, standing: Sequence[Decimal | None] | None) -> None:
    price, retail = standing or (None, None)
    row.before = {"price": _plain(price), "retail_price": _plain(retail)}
    if "price" in row.values and row.values["price"] is None:
        row.values["retail_price"] = None
        row.same = standing is None
        return
    wanted = row.values.get("price", price)
    if wanted is None:
        row.refuse("price", NO_PRICE)
        return
    wanted, new_retail = Decimal(wanted), row.values.get("retail_price", retail)
    if new_retail is not None and Decimal(new_retail) < wanted:
        facts = {"retail": plain(Decimal(new_retail)), "price": plain(wanted), "clear": "[clear]"}
        row.refuse("retail_price", RETAIL_BELOW, **facts)
        return
    new_retail = None if new_retail is None else Decimal(new_retail)
    row.values |= {"price": plain(wanted), "retail_price": _plain(new_retail)}
    row.same = (price, retail) == (wanted, new_retail)
    if price:
        fall = 1 - wanted / price
        row.weight = float(abs(fall))
        row.alarm = FALLS.code if falls_far(before=price, after=wanted) else ""


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)


def apply(here: Here, rows: Sequence[Draft]) -> None:
    """Write the prices down, list by list; a list that is gone refuses its rows."""
    ids = {row[0]: row[1] for row in fetch(LISTS, [here.seller_id])}
    lists: dict[str, list[Draft]] = {}
    for row in rows:
        lists.setdefault(str(row.values["price_list"]), []).append(row)
    for name, mine in lists.items():
        try:
            write_prices(
                seller_id=here.seller_id,
                price_list_id=ids.get(name, 0),
                prices={row.object_id or 0: _written(row.values) for row in mine},
                actor=here.actor,
                store_ids=here.store_ids,
            )
        except EntrepotError as refusal:
            for row in mine:
                row.refuse("", type(refusal).message, **refusal.fields)


def _written(values: Mapping[str, Any]) -> Written | None:
    price, retail = values["price"], values.get("retail_price")
    return None if price is None else Written(Decimal(price), None if retail is None else Decimal(retail))


def reverse(values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any] | None:
    """The price of before, or out of the list again."""
    return {
        "price_list": values["price_list"],
        "sku": values["sku"],
        "price": before["price"],
        "retail_price": before["retail_price"],
    }


def present(here: Here) -> Iterator[Mapping[str, Any]]:
    """Every price written down, list by list."""
    for name, sku, item, price, retail, currency in fetch(PRESENT, [here.seller_id]):
        yield {
            "price_list": name, "sku": sku, "name_shown": item, "price": price, "retail_price": retail,
            "currency_shown": currency,
        }  # fmt: skip


def lists_of(here: Here) -> Mapping[str, Sequence[str]]:
    """The names of the price lists, for the drop-down."""
    return {"price_lists": [row[0] for row in fetch(LISTS, [here.seller_id])]}


LIST_PRICES = Kind(
    code="list-prices",
    title=_("Prices of price lists"),
    help=_("Prices written down in price lists; stores that follow them are told by themselves."),
    icon="tag",
    columns=COLUMNS,
    judge=judge,
    apply=apply,
    needs="catalog.edit",
    present=present,
    lists=lists_of,
    reverse=reverse,
    alarms=(FALLS,),
)
