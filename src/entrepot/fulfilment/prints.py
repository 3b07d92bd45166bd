"""The facts of what is printed for parcels and orders, asked of the books. Drawing them is `documents`' business.

Labels and papers are drawn when somebody asks, from what is true then; nothing printed is kept.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from entrepot.accounts.models import Seller
from entrepot.fulfilment.documents import (
    Business,
    Freight,
    InvoiceFacts,
    InvoiceLine,
    LabelFacts,
    ManifestFacts,
    ManifestRow,
    PackedLine,
    PackingSlipFacts,
    Party,
    PickLine,
    PickListFacts,
    SlipLine,
)
from entrepot.fulfilment.models import Carrier, ShipFrom, Shipment, ShipmentLine
from entrepot.fulfilment.together import boxes
from entrepot.inventory.models import Reservation
from entrepot.kernel import postal
from entrepot.kernel.money import ZERO_DECIMAL_CURRENCIES
from entrepot.orders.models import Order, OrderLine

SUMS: Final = frozenset({"sub_total", "total", "tax"})
"""Rows of a store's totals that say nothing beside the lines."""
State = Shipment.State


def parcels_of(
    *, seller_id: int, order_ids: Collection[int], channel_ids: Sequence[int] | None = None
) -> Sequence[Shipment]:
    """The living parcels of these orders with everything that is printed on them, in the order the ids came."""
    rows = with_everything(Shipment.objects.filter(seller_id=seller_id, order_id__in=order_ids))
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    place = {order_id: number for number, order_id in enumerate(order_ids)}
    return sorted(rows.exclude(state=State.VOID), key=lambda one: (place[one.order_id], one.pk))


def orders_of(*, seller_id: int, order_ids: Collection[int], channel_ids: Sequence[int] | None = None) -> list[Order]:
    """These orders with their lines, in the order the ids came."""
    rows = Order.objects.filter(seller_id=seller_id, pk__in=order_ids).select_related("sales_channel")
    if channel_ids is not None:
        rows = rows.filter(sales_channel_id__in=channel_ids)
    lines = OrderLine.objects.order_by("position")
    place = {order_id: number for number, order_id in enumerate(order_ids)}
    return sorted(rows.prefetch_related(Prefetch("lines", queryset=lines), "totals"), key=lambda one: place[one.pk])


def with_everything(rows: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """These parcels with all that is printed of them, at the cost of two questions."""
    lines = ShipmentLine.objects.select_related("order_line").order_by("order_line__position")
    return rows.select_related("order__sales_channel", "carrier_ref").prefetch_related(
        Prefetch("lines", queryset=lines)
    )


# --------------------------------------------------------------------------- labels


def labels(*, seller: Seller, parcels: Sequence[Shipment]) -> list[LabelFacts]:
    """A label for each box, in the order of the parcels; orders that share a parcel share its label."""
    senders, counts = _senders(seller, parcels), _pieces(parcels)
    return [
        _with_others(_label(seller, parcel, senders[parcel.pk], *counts[parcel.pk]), others)
        for parcel, others in boxes(parcels)
    ]


def _with_others(label: LabelFacts, others: Sequence[Shipment]) -> LabelFacts:
    """The label with the goods of the other orders in the box."""
    more = [
        PackedLine(sku=row.order_line.sku, name=_name(row.order_line), quantity=row.quantity)
        for parcel in others
        for row in parcel.lines.select_related("order_line").order_by("order_line__position")
    ]
    if not more:
        return label
    numbers = " + ".join([label.order_number, *(parcel.order.number for parcel in others)])
    return replace(label, lines=[*label.lines, *more], order_number=numbers, qr=label.qr or label.order_number)


def _label(seller: Seller, parcel: Shipment, sender: Party, piece: int, pieces: int) -> LabelFacts:
    order, carrier, receiver = parcel.order, parcel.carrier_ref, receiver_of(parcel.order)
    return LabelFacts(
        sender=_to(receiver, sender),
        receiver=receiver,
        order_number=order.number,
        carrier=parcel.carrier_name or parcel.carrier,
        service=carrier.service if carrier else "",
        tracking_number=parcel.tracking_number,
        lines=[
            PackedLine(sku=row.order_line.sku, name=_name(row.order_line), quantity=row.quantity)
            for row in parcel.lines.all()
        ],
        weight=parcel.weight_grams,
        piece=piece,
        pieces=pieces,
        message=order.comment,
        freight=Freight(carrier.freight) if carrier else Freight.UNSAID,
        shipped_on=_day(seller, parcel.packed_at),
    )


def _pieces(parcels: Sequence[Shipment]) -> Mapping[int, tuple[int, int]]:
    """Which of how many parcels of its order each one is."""
    orders = {parcel.order_id for parcel in parcels}
    rows = Shipment.objects.filter(order_id__in=orders, seller_id__in={one.seller_id for one in parcels})
    of: dict[int, list[int]] = defaultdict(list)
    for order_id, pk in rows.exclude(state=State.VOID).order_by("id").values_list("order_id", "id"):
        of[order_id].append(pk)
    void = {one.pk: (1, 1) for one in parcels}
    return void | {pk: (number, len(pks)) for pks in of.values() for number, pk in enumerate(pks, 1)}


def _senders(seller: Seller, parcels: Sequence[Shipment]) -> Mapping[int, Party]:
    """Who sends each parcel: the sender of the warehouse in which its goods are set aside, else the general one."""
    rows = {row.warehouse_id: row for row in ShipFrom.objects.filter(seller=seller)}
    general = _as_sender(seller, rows.get(None))
    if not set(rows) - {None}:
        return {parcel.pk: general for parcel in parcels}
    lines = {row.order_line_id: parcel.pk for parcel in parcels for row in parcel.lines.all()}
    held = Reservation.objects.filter(seller=seller, reference__in=[f"line:{line_id}" for line_id in lines])
    places = {
        lines[int(reference.removeprefix("line:"))]: place
        for reference, place in held.order_by("-id").values_list("reference", "warehouse_id")
    }
    return {parcel.pk: _as_sender(seller, rows.get(places.get(parcel.pk)) or rows.get(None)) for parcel in parcels}


def sender_of(*, seller: Seller, warehouse_id: int | None = None) -> Party:
    """Who sends from this warehouse: its own sender, else the seller's general one, else the seller's name alone."""
    rows = {row.warehouse_id: row for row in ShipFrom.objects.filter(seller=seller)}
    return _as_sender(seller, rows.get(warehouse_id) or rows.get(None))


def _as_sender(seller: Seller, found: ShipFrom | None) -> Party:
    if found is None:
        return Party(name=seller.name, address=[])
    return Party(
        name=found.name,
        company=found.company,
        address=found.address.splitlines(),
        postcode=found.postcode,
        phone=found.phone,
        country=found.country,
        code=found.country,
    )


def _to(receiver: Party, sender: Party) -> Party:
    """The sender as this receiver reads it: a country is named only across a border."""
    return sender if receiver.country else replace(sender, country="")


def receiver_of(order: Order) -> Party:
    """Who gets it, as the order says; the buyer where it has no address."""
    return _party(order.shipping or {}, order)


def _party(address: Mapping[str, Any], order: Order) -> Party:
    said = {key: str(value or "").strip() for key, value in address.items()}
    code = said.get("country_code", "").upper()
    home = order.sales_channel.country
    return Party(
        name=said.get("name") or order.buyer_name,
        company=said.get("company", ""),
        address=postal.street_lines(said, code or home),
        block=postal.address_lines(said, code or home),
        code=code or home,
        postcode=said.get("postcode", ""),
        phone=said.get("phone") or order.buyer_phone,
        country="" if code in {"", home} else said.get("country") or code,
    )


def _name(line: OrderLine) -> str:
    choices = ", ".join(_choice(option) for option in line.options)
    return f"{line.name} ({choices})" if choices else line.name


def _choice(option: object) -> str:
    if isinstance(option, dict):
        return str(option.get("value", ""))
    return str(option[-1]) if isinstance(option, list | tuple) and option else str(option)


def _day(seller: Seller, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(seller.timezone)).date()


# --------------------------------------------------------------------------- papers


def slips(*, seller: Seller, parcels: Sequence[Shipment]) -> list[PackingSlipFacts]:
    """A packing slip for each parcel: ordered, packed here, to follow."""
    senders, counts = _senders(seller, parcels), _pieces(parcels)
    return [_slip(seller, parcel, senders[parcel.pk], *counts[parcel.pk]) for parcel in parcels]


def _slip(seller: Seller, parcel: Shipment, sender: Party, piece: int, pieces: int) -> PackingSlipFacts:
    order, receiver = parcel.order, receiver_of(parcel.order)
    packed = [(row.order_line, row.quantity) for row in parcel.lines.all()]
    return PackingSlipFacts(
        order_number=order.number,
        ordered_on=_day(seller, order.placed_at),
        store=order.sales_channel.name,
        sender=_to(receiver, sender),
        receiver=receiver,
        lines=[
            SlipLine(
                sku=line.sku,
                name=_name(line),
                ordered=line.quantity - line.canceled,
                packed=quantity,
                to_follow=max(line.quantity - line.canceled - quantity, 0) if pieces == 1 else 0,
            )
            for line, quantity in packed
        ],
        carrier=parcel.carrier_name or parcel.carrier,
        tracking_number=parcel.tracking_number,
        piece=piece,
        pieces=pieces,
        message=order.comment,
    )


def manifest(
    *, seller: Seller, carrier: Carrier | str, parcels: Sequence[Shipment], number: str, now: datetime
) -> ManifestFacts:
    """What one carrier (or whoever is named) takes along in one visit."""
    return ManifestFacts(
        number=number,
        handed_over_on=_day(seller, now),
        carrier=carrier if isinstance(carrier, str) else carrier.name,
        sender=sender_of(seller=seller),
        rows=[manifest_row(parcel) for parcel in parcels],
    )


def manifest_row(parcel: Shipment) -> ManifestRow:
    """A parcel's row on a manifest."""
    receiver = receiver_of(parcel.order)
    return ManifestRow(
        tracking_number=parcel.tracking_number,
        order_number=parcel.order.number,
        receiver=receiver.name,
        destination=" ".join([receiver.postcode, *receiver.address[:1]]).strip(),
        weight=parcel.weight_grams,
    )


def pick_list(*, seller: Seller, orders: Sequence[Order], number: str, now: datetime) -> PickListFacts:
    """What is to be fetched for these orders, each item once, with for whom it is. Places are the WMS's to say."""
    lines = OrderLine.objects.filter(order__seller=seller, order__in=orders).select_related("item", "order")
    references = {line.reference: line for line in lines.order_by("order_id", "position")}
    kept = Reservation.objects.filter(seller=seller, reference__in=references).select_related("item", "warehouse")
    wanted: dict[int, list[Any]] = {}
    houses = set()
    for row in kept.order_by("item__sku", "id"):
        houses.add(row.warehouse.name)
        entry = wanted.setdefault(row.item_id, [row.item, 0, []])
        entry[1] += row.quantity
        if (name := references[row.reference].order.number) not in entry[2]:
            entry[2].append(name)
    return PickListFacts(
        number=number,
        made_on=_day(seller, now),
        warehouse=", ".join(sorted(houses)),
        lines=[
            PickLine(place="", sku=item.sku, name=item.name, barcode=item.barcode, quantity=quantity, orders=names)
            for item, quantity, names in wanted.values()
        ],
    )


def invoice(*, seller: Seller, order: Order, now: datetime) -> InvoiceFacts:
    """The order's invoice in its store's currency: goods as lines, and what its total has beside them as one line.

    Amounts are rounded to the smallest coin line by line; the rest line makes their sum the order's total exactly.
    """
    places = 0 if order.base_currency in ZERO_DECIMAL_CURRENCIES else 2
    lines = [_invoice_line(line, places) for line in order.lines.all() if line.quantity > line.canceled]
    total = round(order.total, places)
    beside = total - sum((line.gross for line in lines), Decimal(0))
    if beside:
        titles = [row.title for row in order.totals.all() if row.code not in SUMS]
        lines.append(InvoiceLine(name=" · ".join(titles) or order.shipping_method or "±", net=beside))
    buyer = _party(order.billing or order.shipping or {}, order)
    return InvoiceFacts(
        number=order.number,
        issued_on=_day(seller, now),
        order_number=order.number,
        seller=Business(party=_to(buyer, sender_of(seller=seller))),
        buyer=Business(party=buyer),
        currency=order.base_currency,
        lines=lines,
        payment_method=order.payment_method,
    )


def _invoice_line(line: OrderLine, places: int) -> InvoiceLine:
    count = line.quantity - line.canceled
    return InvoiceLine(
        sku=line.sku,
        name=_name(line),
        quantity=count,
        unit_price=line.unit_price,
        net=round(line.line_total * count / line.quantity, places),
        tax=round(line.unit_tax * count, places),
    )
