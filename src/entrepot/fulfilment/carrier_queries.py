"""Questions about carriers, their numbers, their rules, senders and boxes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum

from entrepot.accounts.models import Seller
from entrepot.fulfilment import prints
from entrepot.fulfilment.errors import BoxNotFound, CarrierNotFound, RuleNotFound
from entrepot.fulfilment.models import Box, Carrier, CarrierRule, Purchase, ShipFrom, Shipment, WaybillRange

MOST_IN_A_FILE = 20_000


def carriers(*, seller_id: int, active_only: bool = False) -> Sequence[Carrier]:
    """The seller's carriers by name, each with `numbers_left`, `has_ranges` and how many parcels wait (`waiting`)."""
    rows = Carrier.objects.filter(seller_id=seller_id)
    ranges = WaybillRange.objects.filter(carrier=OuterRef("pk"))
    left = ranges.filter(closed=False).values("carrier").annotate(free=Sum(F("last") - F("next") + 1)).values("free")
    packed = Q(shipments__state=Shipment.State.PACKED, shipments__order__status="ready_to_ship")
    rows = rows.annotate(
        numbers_left=Subquery(left), has_ranges=Exists(ranges), waiting=Count("shipments", filter=packed)
    )
    if active_only:
        rows = rows.filter(active=True)
    return list(rows.order_by("-active", "name"))


def carrier(*, seller_id: int, carrier_id: int) -> Carrier:
    """One carrier.

    Raises:
        CarrierNotFound: There is none, or it is another seller's.
    """
    found = Carrier.objects.filter(seller_id=seller_id, pk=carrier_id).first()
    if found is None:
        raise CarrierNotFound(carrier_id=carrier_id)
    return found


def ranges_of(*, seller_id: int, carrier_id: int) -> Sequence[WaybillRange]:
    """A carrier's ranges of numbers, in the order they are used."""
    return list(WaybillRange.objects.filter(seller_id=seller_id, carrier_id=carrier_id).order_by("id"))


def rules(*, seller_id: int) -> Sequence[CarrierRule]:
    """The seller's rules in the order they are asked."""
    rows = CarrierRule.objects.filter(seller_id=seller_id).select_related("carrier", "sales_channel")
    return list(rows.order_by("position", "id"))


def rule(*, seller_id: int, rule_id: int) -> CarrierRule:
    """One rule.

    Raises:
        RuleNotFound: There is none, or it is another seller's.
    """
    found = CarrierRule.objects.filter(seller_id=seller_id, pk=rule_id).first()
    if found is None:
        raise RuleNotFound(rule_id=rule_id)
    return found


def senders(*, seller_id: int) -> Sequence[ShipFrom]:
    """Who sends: the general sender first, then those of single warehouses."""
    rows = ShipFrom.objects.filter(seller_id=seller_id).select_related("warehouse")
    return list(rows.order_by(F("warehouse_id").asc(nulls_first=True)))


def boxes(*, seller_id: int, active_only: bool = False) -> Sequence[Box]:
    """The seller's boxes by name."""
    rows = Box.objects.filter(seller_id=seller_id)
    return list((rows.filter(active=True) if active_only else rows).order_by("-active", "name"))


def box(*, seller_id: int, box_id: int) -> Box:
    """One box.

    Raises:
        BoxNotFound: There is none, or it is another seller's.
    """
    found = Box.objects.filter(seller_id=seller_id, pk=box_id).first()
    if found is None:
        raise BoxNotFound(box_id=box_id)
    return found


def waiting_parcels(
    *, seller_id: int, without_number: bool, carrier_id: int | None = None, channel_ids: Sequence[int] | None = None
) -> Sequence[Shipment]:
    """Packed parcels that have not left, oldest first; only those without a number, or of one carrier."""
    rows = Shipment.objects.filter(seller_id=seller_id, state=Shipment.State.PACKED, order__status="ready_to_ship")
    if without_number:
        rows = rows.filter(tracking_number="")
    if carrier_id is not None:
        rows = rows.filter(carrier_ref_id=carrier_id)
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    return list(prints.with_everything(rows).order_by("id")[:MOST_IN_A_FILE])


def on_the_manifest(
    *, seller: Seller, carrier: Carrier, now: datetime, channel_ids: Sequence[int] | None = None
) -> Sequence[Shipment]:
    """What a carrier takes along today: parcels that wait for it, and those it has taken since the day began."""
    zone = ZoneInfo(seller.timezone)
    began = datetime.combine(now.astimezone(zone).date(), time.min, tzinfo=zone)
    taken = Q(state=Shipment.State.HANDED_OVER, handed_over_at__gte=began, handed_over_at__lt=began + timedelta(days=1))
    waits = Q(state=Shipment.State.PACKED, order__status="ready_to_ship")
    rows = Shipment.objects.filter(taken | waits, seller=seller, carrier_ref=carrier)
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    return list(prints.with_everything(rows).order_by("id"))


def orders_in(*, seller_id: int, shipment_ids: Sequence[int]) -> Sequence[int]:
    """The orders whose parcels these are."""
    rows = Shipment.objects.filter(seller_id=seller_id, pk__in=shipment_ids)
    return list(rows.order_by("order_id").values_list("order_id", flat=True).distinct())


def seller_who_sends(*, seller_id: int) -> Seller:
    """The seller whose parcels are printed."""
    return Seller.objects.get(pk=seller_id)


def has_rules(*, seller_id: int) -> bool:
    """Whether the seller has said which carrier takes what."""
    return CarrierRule.objects.filter(seller_id=seller_id, carrier__active=True).exists()


def bought_forms(*, seller_id: int, shipment_ids: Sequence[int]) -> Mapping[int, str]:
    """Of these parcels those whose label a carrier has sold, and as what it sent it: `pdf`, `zpl` or `png`."""
    rows = Purchase.objects.filter(seller_id=seller_id, shipment__in=shipment_ids, state=Purchase.State.BOUGHT)
    return dict(rows.exclude(label=None).values_list("shipment_id", "form"))


def bought_label(*, seller_id: int, shipment_id: int) -> Purchase | None:
    """The label a carrier has sold for a parcel, as it sent it; None = ours is drawn."""
    rows = Purchase.objects.filter(seller_id=seller_id, shipment_id=shipment_id, state=Purchase.State.BOUGHT)
    return rows.exclude(label=None).first()
