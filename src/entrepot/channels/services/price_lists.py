"""Price lists: made, changed, deleted, and their prices written down. Stores that follow them are looked at at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.catalog.errors import ItemNotFound
from entrepot.catalog.rows import fetch, run
from entrepot.channels.errors import PriceImpossible
from entrepot.channels.live import announce
from entrepot.channels.models import PriceList, StorePricing
from entrepot.channels.price_errors import (
    PercentImpossible,
    PriceBelowCoin,
    PriceListCircle,
    PriceListCurrency,
    PriceListHasPrices,
    PriceListInUse,
    PriceListNameTaken,
    PriceListNotFound,
    PriceListOutOfReach,
    RoundingImpossible,
)
from entrepot.channels.queries.price_lists import out_of_reach
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid
from entrepot.kernel.money import coin_of, plain

Kind = PriceList.Kind
PERCENTS: Final[Mapping[str, tuple[int, int]]] = {Kind.MARGIN: (0, 99), Kind.MARKUP: (0, 10_000), Kind.BASE: (-99, 900)}
"""What the percentage of a kind may be."""
LARGEST: Final = Decimal(10) ** 15
FILLED: Final = (
    "name", "currency", "kind", "base", "percent", "step", "rounding", "ending", "least_margin", "updated_at",
)  # fmt: skip

WRITE: Final = """
INSERT INTO channels_listprice (price_list_id, item_id, price, retail_price, updated_at)
SELECT %s, given.item_id, given.price, given.retail, %s
FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[]) AS given(item_id, price, retail) ORDER BY given.item_id
ON CONFLICT (price_list_id, item_id) DO UPDATE
SET price = excluded.price, retail_price = excluded.retail_price, updated_at = excluded.updated_at
WHERE (channels_listprice.price, channels_listprice.retail_price)
      IS DISTINCT FROM (excluded.price, excluded.retail_price)
"""
ERASE: Final = "DELETE FROM channels_listprice WHERE price_list_id = %s AND item_id = ANY(%s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """How a price list makes its prices; see `PriceList`."""

    name: str
    currency: str
    kind: str
    base_id: int | None = None
    percent: Decimal | None = None
    step: Decimal | None = None
    rounding: str = PriceList.Rounding.NEAREST
    ending: Decimal = Decimal(0)
    least_margin: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A price written down, and what it costs without a reduction (MRP); None = the same."""

    price: Decimal
    retail_price: Decimal | None = None


@transaction.atomic
def make_price_list(*, seller_id: int, facts: ListFacts, actor: Actor) -> PriceList:
    """A new list.

    Raises:
        PriceListNameTaken, PriceListNotFound, PriceListCurrency, PercentImpossible, RoundingImpossible, Invalid: It
            cannot be so.
    """
    lists = locked_lists(seller_id=seller_id)
    made = PriceList(seller_id=seller_id)
    _fill(made, facts, lists)
    try:
        with transaction.atomic():
            made.save(force_insert=True)  # house: save-all-fields a new row
    except IntegrityError as error:
        raise PriceListNameTaken(name=made.name) from error
    _note(made, "price_lists.make", actor, {"kind": made.kind, "percent": _text(made.percent)})
    return made


@transaction.atomic
def change_price_list(
    *, seller_id: int, price_list_id: int, facts: ListFacts, actor: Actor, store_ids: Sequence[int] | None = None
) -> PriceList:
    """Make its prices otherwise. Its currency stays while a store or another list uses it, or prices are written in it.

    `store_ids`: the stores of who does it; None = all.

    Raises:
        PriceListCircle: It would be worked out from itself.
        PriceListOutOfReach: It makes prices of other stores too.
        PriceListNotFound, PriceListNameTaken, PriceListInUse, PriceListHasPrices, PriceListCurrency, PercentImpossible,
            RoundingImpossible, Invalid: It cannot be so.
    """
    lists = locked_lists(seller_id=seller_id)
    found = _within_reach(lists, price_list_id, store_ids)
    before = {"kind": found.kind, "percent": _text(found.percent)}
    users = _users(found, lists)
    if facts.currency.strip().upper() != found.currency:
        if users:
            raise PriceListInUse(name=found.name, users=", ".join(users))
        if count := found.prices.count():
            raise PriceListHasPrices(name=found.name, currency=found.currency, count=count)
    _fill(found, facts, lists)
    found.save(update_fields=FILLED)
    _due(found, lists)
    _note(found, "price_lists.change", actor, {"from": before, "kind": found.kind, "percent": _text(found.percent)})
    return found


@transaction.atomic
def delete_price_list(*, seller_id: int, price_list_id: int, actor: Actor) -> None:
    """Take it away with the prices written in it.

    Raises:
        PriceListNotFound: There is none, or it is another seller's.
        PriceListInUse: A store follows it, or another list is worked out from it.
    """
    lists = locked_lists(seller_id=seller_id)
    found = _of(lists, price_list_id)
    if users := _users(found, lists):
        raise PriceListInUse(name=found.name, users=", ".join(users))
    _note(found, "price_lists.delete", actor, {"prices": found.prices.count()})
    found.delete()


@transaction.atomic
def write_prices(
    *,
    seller_id: int,
    price_list_id: int,
    prices: Mapping[int, Written | None],
    actor: Actor,
    store_ids: Sequence[int] | None = None,
) -> tuple[int, int]:
    """Write prices of items down in a list, None takes one out; how many were written otherwise, and taken out.

    `store_ids`: the stores of who does it; None = all.

    Raises:
        PriceListOutOfReach: It makes prices of other stores too.
        PriceImpossible: A price is zero or less, or above its retail price.
        PriceBelowCoin: It cannot be paid in the list's currency.
        PriceListNotFound, ItemNotFound: There is none, or it is another seller's.
    """
    lists = locked_lists(seller_id=seller_id)
    found = _within_reach(lists, price_list_id, store_ids)
    for one in prices.values():
        if one:
            _check_price(one, found.currency)
    known = fetch("SELECT count(*) FROM catalog_item WHERE seller_id = %s AND id = ANY(%s)", [seller_id, list(prices)])
    if known[0][0] != len(prices):
        raise ItemNotFound
    given = [(item_id, one.price, one.retail_price) for item_id, one in prices.items() if one is not None]
    out = [item_id for item_id, one in prices.items() if one is None]
    written = run(WRITE, [found.pk, timezone.now(), *_columns(given)]) if given else 0
    erased = run(ERASE, [found.pk, out]) if out else 0
    if written or erased:
        found.updated_at = timezone.now()
        found.save(update_fields=["updated_at"])
        _due(found, lists)
        _note(found, "price_lists.write", actor, {"written": written, "taken_out": erased})
    return written, erased


def _check_price(one: Written, currency: str) -> None:
    retail = one.price if one.retail_price is None else one.retail_price
    if not 0 < one.price <= retail < LARGEST:
        raise PriceImpossible(field="price", reason="", price=plain(one.price))
    coin = coin_of(currency)
    for field, amount in (("price", one.price), ("retail_price", retail)):
        if amount % coin:
            raise PriceBelowCoin(field=field, reason="", currency=currency, coin=plain(coin), price=plain(amount))


def _columns(
    rows: Sequence[tuple[int, Decimal, Decimal | None]],
) -> tuple[list[int], list[Decimal], list[Decimal | None]]:
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


# --------------------------------------------------------------------------- what stands in the way


def locked_lists(*, seller_id: int) -> dict[int, PriceList]:
    """All lists of the seller, locked, so that two changes at once cannot close a circle."""
    rows = PriceList.objects.select_for_update(of=("self",), no_key=True).filter(seller_id=seller_id)
    return {row.pk: row for row in rows.order_by("pk")}


def _of(lists: Mapping[int, PriceList], price_list_id: int | None) -> PriceList:
    if price_list_id is None or price_list_id not in lists:
        raise PriceListNotFound(price_list_id=price_list_id)
    return lists[price_list_id]


def _within_reach(lists: Mapping[int, PriceList], price_list_id: int, store_ids: Sequence[int] | None) -> PriceList:
    found = _of(lists, price_list_id)
    if found.pk in out_of_reach(seller_id=found.seller_id, store_ids=store_ids):
        raise PriceListOutOfReach(name=found.name)
    return found


def _fill(row: PriceList, facts: ListFacts, lists: Mapping[int, PriceList]) -> None:
    """Lay the facts on a row, if they can be."""
    name, currency = facts.name.strip(), facts.currency.strip().upper()
    if not name or len(name) > 120:
        raise Invalid(field="name", reason="Give a name of 1 to 120 characters.")
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise Invalid(field="currency", reason="Give a currency of three letters, such as KRW.")
    if facts.kind not in Kind.values or facts.rounding not in PriceList.Rounding.values:
        raise Invalid(field="kind", reason="Choose one of the kinds of price lists.")
    if any(other.name == name and other.pk != row.pk for other in lists.values()):
        raise PriceListNameTaken(name=name)
    _check_percent(facts)
    row.name, row.currency, row.kind = name, currency, facts.kind
    row.percent = facts.percent if facts.kind in PERCENTS else None
    row.step, row.ending, row.rounding = facts.step or coin_of(currency), facts.ending, facts.rounding
    coin = coin_of(currency)
    if row.step <= 0 or not 0 <= row.ending < row.step or row.step % coin or row.ending % coin:
        raise RoundingImpossible(
            field="step", reason="", currency=currency, coin=plain(coin), step=plain(row.step), ending=plain(row.ending)
        )
    row.base = _base(row, facts, lists) if facts.kind == Kind.BASE else None
    row.least_margin, row.updated_at = facts.least_margin, timezone.now()


def _check_percent(facts: ListFacts) -> None:
    least, most = PERCENTS.get(facts.kind, (0, 0))
    if facts.kind in PERCENTS and (facts.percent is None or not least <= facts.percent <= most):
        given = "–" if facts.percent is None else plain(facts.percent)
        raise PercentImpossible(field="percent", reason="", least=least, most=most, percent=given)
    if facts.least_margin is not None and not 0 <= facts.least_margin < 100:
        raise PercentImpossible(field="least_margin", reason="", least=0, most=99, percent=plain(facts.least_margin))


def _base(row: PriceList, facts: ListFacts, lists: Mapping[int, PriceList]) -> PriceList:
    base = _of(lists, facts.base_id)
    if base.currency != row.currency:
        raise PriceListCurrency(
            field="base_id", reason="", other=f"“{base.name}”", theirs=base.currency, ours=row.currency
        )
    step: PriceList | None = base
    while step is not None:
        if step.pk == row.pk:
            raise PriceListCircle(field="base_id", reason="", name=base.name)
        step = lists.get(step.base_id or 0)
    return base


def _users(found: PriceList, lists: Mapping[int, PriceList]) -> list[str]:
    stores = StorePricing.objects.filter(price_list=found, store__seller_id=found.seller_id)
    names = list(stores.order_by("pk").values_list("store__sales_channel__name", flat=True))
    return names + [f"“{row.name}”" for row in lists.values() if row.base_id == found.pk]


def _due(found: PriceList, lists: Mapping[int, PriceList]) -> None:
    """Have the stores looked at that follow it, or a list that is worked out from it."""
    touched, grows = {found.pk}, True
    while grows:
        more = {row.pk for row in lists.values() if row.base_id in touched} - touched
        touched, grows = touched | more, bool(more)
    due = StorePricing.objects.filter(price_list_id__in=touched, store__seller_id=found.seller_id)
    due.update(due_at=timezone.now())


def _note(row: PriceList, verb: str, actor: Actor, facts: Mapping[str, object]) -> None:
    audit(
        seller_id=row.seller_id,
        actor=actor,
        verb=verb,
        object_type="price_list",
        object_id=row.pk,
        facts={"name": row.name, **facts},
    )
    announce(row.seller_id, "prices")


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)
