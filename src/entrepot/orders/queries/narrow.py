"""What the list of orders is narrowed by, as conditions of the database.

Some conditions say where an index begins to read (`base`), the others what is thrown away of it (`fits`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat

from entrepot.inventory.models import Reservation
from entrepot.orders.flow import HOLDS_STOCK
from entrepot.orders.models import Facets, Order, OrderLine, OrderNote
from entrepot.orders.search import Sought, sought


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """What the list is narrowed by. `channel_ids` None = every channel the person may see.

    `note`: `own` = somebody here wrote one, `buyer` = the buyer did. `parcels` are the orders whose parcels bear a
    number that is searched for, by that word, and `also` what else floors above know of (`fulfilment.finding`).
    """

    search: str = ""
    status: str = ""
    hold_code: str = ""
    channel_id: int | None = None
    tag: str = ""
    placed_from: datetime | None = None
    placed_before: datetime | None = None
    country: str = ""
    payment: str = ""
    origin: str = ""
    pickup: bool = False
    note: str = ""
    total_from: Decimal | None = None
    total_to: Decimal | None = None
    warehouse_id: int | None = None
    channel_ids: Sequence[int] | None = None
    oldest_first: bool = False
    parcels: Mapping[str, Sequence[int]] = field(default_factory=dict)
    also: Sequence[Q | Exists] = ()

    def without(self, **words: Any) -> "OrderFilter":  # noqa: ANN401 - any of its fields
        """The same with some fields otherwise."""
        return replace(self, **words)


def base(seller_id: int, by: OrderFilter, *, with_status: bool = True) -> QuerySet[Order]:
    """The rows that an index gives in the order of the list."""
    rows = Order.objects.filter(seller_id=seller_id)
    if by.channel_id:
        rows = rows.filter(sales_channel_id=by.channel_id)
    elif by.channel_ids is not None and len(by.channel_ids) == 1:
        rows = rows.filter(sales_channel_id=by.channel_ids[0])
    if by.tag:
        rows = rows.exclude(tags=[])
    if by.hold_code:
        rows = rows.filter(hold_code__gt="")
    if by.placed_from:
        rows = rows.filter(placed_at__gte=by.placed_from)
    if by.placed_before:
        rows = rows.filter(placed_at__lt=by.placed_before)
    if with_status and by.status:
        rows = rows.filter(status=by.status)
    if by.warehouse_id:  # where goods are set aside is known of orders that hold some
        rows = rows.filter(status__in=HOLDS_STOCK)
    return rows


def fits(by: OrderFilter) -> list[Q]:  # house: queries-seller conditions on rows of a seller
    """What else a row must be."""
    found = [_found(word, by.parcels.get(word.typed, ())) for word in sought(by.search)]
    found += [Q(one) for one in by.also]
    if by.channel_ids is not None and (by.channel_id or len(by.channel_ids) != 1):
        found.append(Q(sales_channel_id__in=by.channel_ids))
    if by.tag:
        found.append(Q(tags__contains=[by.tag]))
    if by.hold_code:
        found.append(Q(hold_code=by.hold_code))
    if facets := _facets(by):
        found.append(Q(_has(facets)))
    if by.note == "own":
        found.append(Q(Exists(OrderNote.objects.filter(order=OuterRef("pk")))))
    if by.total_from is not None:
        found.append(Q(total__gte=by.total_from))
    if by.total_to is not None:
        found.append(Q(total__lte=by.total_to))
    if by.warehouse_id:
        found.append(Q(_set_aside_in(by.warehouse_id)))
    return found


def _facets(by: OrderFilter) -> list[str]:
    named = {"country": by.country.upper(), "payment": by.payment, "origin": by.origin}
    plain = {"pickup": by.pickup, "comment": by.note == "buyer"}
    return [f"{name}:{value}" for name, value in named.items() if value] + [name for name, on in plain.items() if on]


def _has(facets: list[str]) -> Func:
    wanted = Value(facets, output_field=ArrayField(TextField()))
    return Func(Facets(), wanted, template="(%(expressions)s)", arg_joiner=" @> ", output_field=BooleanField())


def _set_aside_in(warehouse_id: int) -> Exists:
    reference = Concat(Value("line:"), Cast(OuterRef("pk"), TextField()))
    held = Reservation.objects.filter(reference=reference, warehouse_id=warehouse_id)
    return Exists(OrderLine.objects.filter(Exists(held), order=OuterRef("pk")))


# --------------------------------------------------------------------------- words


def _found(word: Sought, parcels: Sequence[int]) -> Q:
    if word.field == "tracking":
        return Q(pk__in=parcels or [0])
    anywhere = Q(search_text__contains=word.key)
    if word.key != word.needle:
        anywhere &= Q(_like(F("search_text"), word.needle))
    if word.field:
        return anywhere & Q(FIELD_CONDITIONS[word.field](word.typed))
    return anywhere | Q(pk__in=parcels) if parcels else anywhere


def _digits(text: F | KeyTextTransform) -> Func:
    return Func(text, Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=TextField())


def _phone(word: str) -> Q:
    digits = "".join(letter for letter in word if letter.isdigit()) or word
    tail = digits.removeprefix("0")  # +82 10 … was typed as 010 …
    return Q(_like(_digits(F("buyer_phone")), tail)) | Q(_like(_digits(KeyTextTransform("phone", "shipping")), tail))


def _like(text: F | Func, word: str) -> Func:
    return Func(
        text, Value(word), function="strpos", template="%(function)s(%(expressions)s) > 0", output_field=BooleanField()
    )


def _line(**words: Any) -> Exists:  # noqa: ANN401 - a look-up of lines
    return Exists(OrderLine.objects.filter(order=OuterRef("pk"), **words))


FIELD_CONDITIONS: Final[Mapping[str, Any]] = {
    "number": lambda word: Q(number__icontains=word) | Q(remote_id__icontains=word),
    "buyer": lambda word: Q(buyer_name__icontains=word) | Q(shipping__name__icontains=word),
    "phone": _phone,
    "email": lambda word: Q(buyer_email__icontains=word),
    "sku": lambda word: _line(sku__istartswith=word),
    "product": lambda word: _line(name__icontains=word),
}
