"""The seller's carriers, boxes and sender addresses: added, changed, no longer used."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from entrepot.accounts.services import audit
from entrepot.fulfilment.carriers import KNOWN, NUMBER_PLACE
from entrepot.fulfilment.errors import BoxNotFound, BoxTaken, CarrierNotFound, CarrierTaken
from entrepot.fulfilment.models import Box, Carrier, ShipFrom
from entrepot.inventory.models import Warehouse
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid, NotFound

CARRIER_FIELDS = ("name", "tracking_url", "service", "freight", "low_at", "active")
BOX_FIELDS = ("name", "length_mm", "width_mm", "height_mm", "weight_grams", "active")


def add_carrier(*, seller_id: int, actor: Actor, kind: str = "", name: str = "", **facts: Any) -> Carrier:  # noqa: ANN401 - a carrier's own columns
    """Add a carrier: one of the table by its `kind`, or any other by its name.

    Raises:
        CarrierTaken: The seller has one of that name.
        Invalid: It has no name, or its tracking address is none.
    """
    known = KNOWN.get(kind)
    words = {"name": known.name, "tracking_url": known.tracking_url} if known else {}
    words |= {key: value for key, value in facts.items() if value not in {"", None}}
    words["name"] = name.strip() or words.get("name", "")
    made = Carrier(seller_id=seller_id, kind=kind if known else "")
    return _kept(made, words, "carriers.add", actor)


def change_carrier(*, seller_id: int, carrier_id: int, actor: Actor, **facts: Any) -> Carrier:  # noqa: ANN401 - likewise
    """Change a carrier, or use it no longer (`active=False`). Parcels it has keep it.

    Raises:
        CarrierNotFound: There is no such carrier of this seller.
        CarrierTaken, Invalid: As when it is added.
    """
    found = Carrier.objects.filter(seller_id=seller_id, pk=carrier_id).first()
    if found is None:
        raise CarrierNotFound(carrier_id=carrier_id)
    return _kept(found, facts, "carriers.change", actor)


def _kept(carrier: Carrier, facts: Mapping[str, Any], verb: str, actor: Actor) -> Carrier:
    for field in CARRIER_FIELDS:
        if field in facts:
            value = facts[field]
            setattr(carrier, field, value.strip() if isinstance(value, str) else value)
    if not carrier.name:
        raise Invalid(field="name", reason="Give the carrier a name.")
    address = carrier.tracking_url
    if address and not (address.startswith(("https://", "http://")) and NUMBER_PLACE in address):
        raise Invalid(
            field="tracking_url",
            reason="Begin with https:// and put the word number in curly brackets where the tracking number goes.",
        )
    try:
        with transaction.atomic():
            carrier.save()  # house: save-all-fields a new row, or the form of the whole row
            audit(
                seller_id=carrier.seller_id,
                actor=actor,
                verb=verb,
                object_type="carrier",
                object_id=carrier.pk,
                facts={"name": carrier.name, "on": carrier.active},
            )
    except IntegrityError as error:
        raise CarrierTaken(field="name", reason="", name=carrier.name) from error
    return carrier


def keep_box(*, seller_id: int, actor: Actor, box_id: int | None = None, **facts: Any) -> Box:  # noqa: ANN401 - a box's own columns
    """Add a box, or change the one of that id.

    Raises:
        BoxNotFound: There is no such box of this seller.
        BoxTaken: The seller has one of that name.
        Invalid: It has no name or no size.
    """
    found = Box(seller_id=seller_id)
    if box_id is not None:
        known = Box.objects.filter(seller_id=seller_id, pk=box_id).first()
        if known is None:
            raise BoxNotFound(box_id=box_id)
        found = known
    for field in BOX_FIELDS:
        if field in facts:
            setattr(found, field, facts[field])
    found.name = found.name.strip()
    if not found.name:
        raise Invalid(field="name", reason="Give the box a name.")
    if not (found.length_mm and found.width_mm and found.height_mm):
        raise Invalid(field="length_mm", reason="Give the box a length, a width and a height.")
    try:
        with transaction.atomic():
            found.save()  # house: save-all-fields a new row, or the form of the whole row
            audit(
                seller_id=seller_id,
                actor=actor,
                verb="boxes.keep",
                object_type="box",
                object_id=found.pk,
                facts={"name": found.name, "on": found.active},
            )
    except IntegrityError as error:
        raise BoxTaken(field="name", reason="", name=found.name) from error
    return found


@transaction.atomic
def set_ship_from(
    *,
    seller_id: int,
    name: str,
    address: str,
    actor: Actor,
    warehouse_id: int | None = None,
    company: str = "",
    phone: str = "",
    postcode: str = "",
    country: str = "",
) -> ShipFrom:
    """Say who sends from a warehouse; without one, from every warehouse that has no sender of its own.

    Raises:
        NotFound: There is no such warehouse of this seller.
        Invalid: Name or address is missing.
    """
    house: Warehouse | None = None
    if warehouse_id is not None:
        house = Warehouse.objects.filter(seller_id=seller_id, pk=warehouse_id).first()
        if house is None:
            raise NotFound
    for field, text in {"name": name, "address": address}.items():
        if not text.strip():
            raise Invalid(field=field, reason="Fill this in.")
    words = {
        "name": name.strip(),
        "company": company.strip(),
        "phone": phone.strip(),
        "postcode": postcode.strip(),
        "address": "\n".join(line.strip() for line in address.splitlines() if line.strip()),
        "country": country.strip().upper(),
    }
    kept, _made = ShipFrom.objects.update_or_create(seller_id=seller_id, warehouse=house, defaults=words)
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="ship_from.set",
        object_type="ship_from",
        object_id=kept.pk,
        facts={"warehouse": warehouse_id},
    )
    return kept


@transaction.atomic
def drop_ship_from(*, seller_id: int, warehouse_id: int, actor: Actor) -> bool:
    """Let the general sender send from this warehouse again; False when it does.

    Raises:
        NotFound: There is no such warehouse of this seller.
    """
    if not Warehouse.objects.filter(seller_id=seller_id, pk=warehouse_id).exists():
        raise NotFound
    gone, _ = ShipFrom.objects.filter(seller_id=seller_id, warehouse_id=warehouse_id).delete()
    if gone:
        facts = {"warehouse": warehouse_id}
        audit(
            seller_id=seller_id,
            actor=actor,
            verb="ship_from.drop",
            object_type="ship_from",
            object_id=warehouse_id,
            facts=facts,
        )
    return bool(gone)
