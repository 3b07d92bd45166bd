"""What parcels add to the list of orders: their numbers are searched for, and orders are filtered by their carrier."""

from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef, Q

from entrepot.fulfilment.models import Carrier, Shipment
from entrepot.orders.queries import OrderFilter
from entrepot.orders.search import sought

SHORTEST = 5
MOST = 50


def with_parcels(
    *, seller_id: int, by: OrderFilter, carrier_id: int | None = None, label: str = "", number: str = ""
) -> OrderFilter:
    """The filter with what parcels know: whose numbers are searched for, by which carrier they go, and `label` =
    `missing` (packed and none made) or `made`. `number`: orders with a tracking number, `yes` or `no`.

    A number is found as soon as it is written, whole, with or without its signs; shorter parts of it are not.
    """  # noqa: D205 - the fields are one sentence
    also: list[Q | Exists] = []
    living = Shipment.objects.filter(order=OuterRef("pk"), seller_id=seller_id).exclude(state=Shipment.State.VOID)
    if carrier_id:
        also.append(Exists(living.filter(carrier_ref_id=carrier_id)))
    if label == "missing":
        also.append(Exists(living.filter(state=Shipment.State.PACKED, label_made_at=None)))
    elif label == "made":
        also.append(Exists(living.exclude(label_made_at=None)))
    if number:
        numbered = Q(Exists(living.exclude(tracking_number="")))
        also.append(numbered if number == "yes" else ~numbered)
    return by.without(parcels=_numbered(seller_id, by.search), also=(*by.also, *also))


def carrier_names(*, seller_id: int) -> list[tuple[int, str]]:
    """The seller's carriers to choose from: id and name."""
    return list(Carrier.objects.filter(seller_id=seller_id).order_by("-active", "name").values_list("pk", "name"))


def numbers_of(*, seller_id: int, order_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """What is written on the parcels of these orders, the first packed first."""
    rows = Shipment.objects.filter(seller_id=seller_id, order_id__in=order_ids).exclude(state=Shipment.State.VOID)
    found: dict[int, list[str]] = {}
    for order_id, number in rows.exclude(tracking_number="").order_by("id").values_list("order_id", "tracking_number"):
        found.setdefault(order_id, []).append(number)
    return found


def _numbered(seller_id: int, search: str) -> dict[str, list[int]]:
    """The orders whose parcels bear a number that is searched for, by the word as it was typed."""
    forms = {
        word.typed: {word.typed, word.typed.upper(), word.word, word.typed.replace("-", "").upper()}
        for word in sought(search)
        if len(word.typed) >= SHORTEST and any(letter.isdigit() for letter in word.typed)
    }
    if not forms:
        return {}
    wanted = sorted(form for some in forms.values() for form in some)
    rows = Shipment.objects.filter(Q(seller_id=seller_id), tracking_number__in=wanted).exclude(
        state=Shipment.State.VOID
    )
    found: dict[str, list[int]] = {}
    for number, order_id in rows.order_by("-id").values_list("tracking_number", "order_id")[:MOST]:
        for typed, some in forms.items():
            if number in some:
                found.setdefault(typed, []).append(order_id)
    return found
