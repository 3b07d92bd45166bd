"""Zones and bins: named, laid out in rows, renamed, closed when they are empty."""

from django.db import IntegrityError, transaction

from entrepot.accounts.services import audit
from entrepot.inventory.errors import BinNotFound
from entrepot.inventory.models import Bin, BinStock, Zone
from entrepot.inventory.services.warehouses import chosen
from entrepot.kernel.actor import Actor
from entrepot.warehouse.errors import BinNotEmpty, BinTaken, ZoneNotFound, ZoneTaken
from entrepot.warehouse.labels import label, row_of_labels, walking_path

STAGING = "STAGING"


@transaction.atomic
def add_zone(
    *,
    seller_id: int,
    warehouse_id: int,
    code: str,
    actor: Actor,
    name: str = "",
    kind: str = Zone.Kind.STORAGE,
) -> Zone:
    """Add a part of a warehouse. What lies in bins of a `staging` zone is picked and waits to leave.

    Raises:
        ZoneTaken: The code is used in this warehouse.
        BinCodeInvalid: The code cannot be a label.
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    short = label(code)[:20]
    try:
        with transaction.atomic():
            zone = Zone.objects.create(
                seller_id=seller_id, warehouse_id=place, code=short, name=name.strip()[:120], kind=Zone.Kind(kind)
            )
    except IntegrityError as error:
        raise ZoneTaken(str(error), zone=short) from error
    facts = {"code": short, "kind": str(zone.kind)}
    audit(
        seller_id=seller_id, actor=actor, verb="warehouse.add_zone", object_type="zone", object_id=zone.pk, facts=facts
    )
    return zone


@transaction.atomic
def rename_zone(*, seller_id: int, zone_id: int, code: str, actor: Actor, name: str = "") -> Zone:
    """Give a zone another code and name; its bins stay.

    Raises:
        ZoneTaken: The code is used in this warehouse.
        BinCodeInvalid: The code cannot be a label.
        ZoneNotFound: There is no such zone of this seller.
    """
    zone = _zone(seller_id, zone_id)
    before, zone.code, zone.name = zone.code, label(code)[:20], name.strip()[:120]
    try:
        with transaction.atomic():
            zone.save(update_fields=["code", "name"])
    except IntegrityError as error:
        raise ZoneTaken(str(error), zone=zone.code) from error
    facts = {"from": before, "to": zone.code}
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="warehouse.rename_zone",
        object_type="zone",
        object_id=zone.pk,
        facts=facts,
    )
    return zone


@transaction.atomic
def add_bin(*, seller_id: int, zone_id: int, code: str, actor: Actor) -> Bin:
    """Add one bin to a zone.

    Raises:
        BinTaken: The code is used in this warehouse, be it by a closed bin.
        BinCodeInvalid: The code cannot be a label.
        ZoneNotFound: There is no such zone of this seller.
    """
    zone = _zone(seller_id, zone_id)
    short = label(code)
    try:
        with transaction.atomic():
            made = Bin.objects.create(
                seller_id=seller_id,
                warehouse_id=zone.warehouse_id,
                zone=zone,
                code=short,
                path=walking_path(short),
            )
    except IntegrityError as error:
        raise BinTaken(str(error), bin=short) from error
    _story(made, "warehouse.add_bin", actor, code=short)
    return made


@transaction.atomic
def lay_out(*, seller_id: int, zone_id: int, first: str, last: str, actor: Actor) -> int:
    """Add a row of bins, `A-01-01` to `C-12-04`; those that are there already stay. Tells how many are new.

    Raises:
        LayoutInvalid: The two labels do not span a row.
        LayoutTooLarge: The row is longer than 5,000.
        BinCodeInvalid: One of them cannot be a label.
        ZoneNotFound: There is no such zone of this seller.
    """
    zone = _zone(seller_id, zone_id)
    codes = row_of_labels(first, last)
    rows = Bin.objects.filter(seller_id=seller_id, warehouse_id=zone.warehouse_id)
    before = rows.count()
    Bin.objects.bulk_create(
        [
            Bin(seller_id=seller_id, warehouse_id=zone.warehouse_id, zone=zone, code=code, path=walking_path(code))
            for code in codes
        ],
        ignore_conflicts=True,
    )
    new = rows.count() - before
    facts = {"first": codes[0], "last": codes[-1], "new": new}
    audit(
        seller_id=seller_id, actor=actor, verb="warehouse.lay_out", object_type="zone", object_id=zone.pk, facts=facts
    )
    return new


@transaction.atomic
def rename_bin(*, seller_id: int, bin_id: int, code: str, actor: Actor) -> Bin:
    """Give a bin another label; what lies in it and its history stay.

    Raises:
        BinTaken: The code is used in this warehouse.
        BinCodeInvalid: The code cannot be a label.
        BinNotFound: There is no such bin of this seller.
    """
    found = _locked(seller_id, bin_id)
    before, found.code = found.code, label(code)
    found.path = walking_path(found.code)
    try:
        with transaction.atomic():
            found.save(update_fields=["code", "path"])
    except IntegrityError as error:
        raise BinTaken(str(error), bin=found.code) from error
    _story(found, "warehouse.rename_bin", actor, before=before, code=found.code)
    return found


@transaction.atomic
def close_bin(*, seller_id: int, bin_id: int, actor: Actor) -> None:
    """Lay nothing into a bin any more; a repeat does nothing. Its history stays.

    Raises:
        BinNotEmpty: Something lies in it.
        BinNotFound: There is no such bin of this seller.
    """
    found = _locked(seller_id, bin_id)  # whoever lays something into it has to wait, or was first and is seen below
    pieces = sum(BinStock.objects.filter(seller_id=seller_id, bin=found).values_list("quantity", flat=True))
    if pieces:
        raise BinNotEmpty(bin=found.code, pieces=pieces)
    _set_active(found, active=False, actor=actor)


@transaction.atomic
def open_bin(*, seller_id: int, bin_id: int, actor: Actor) -> None:
    """Use a closed bin again; a repeat does nothing.

    Raises:
        BinNotFound: There is no such bin of this seller.
    """
    _set_active(_locked(seller_id, bin_id), active=True, actor=actor)


@transaction.atomic
def staging_bin(*, seller_id: int, warehouse_id: int, actor: Actor) -> Bin:
    """Give the bin that picked goods are laid into: the first open one of a staging zone, made on first need.

    Raises:
        WarehouseNotFound: The warehouse is closed or not this seller's.
    """
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    rows = Bin.objects.filter(seller_id=seller_id, warehouse_id=place, zone__kind=Zone.Kind.STAGING, active=True)
    if found := rows.order_by("path", "id").first():
        return found
    zone, _ = Zone.objects.get_or_create(
        warehouse_id=place, code=STAGING, defaults={"seller_id": seller_id, "kind": Zone.Kind.STAGING}
    )
    made, new = Bin.objects.get_or_create(
        warehouse_id=place,
        code=STAGING,
        defaults={"seller_id": seller_id, "zone": zone, "path": walking_path(STAGING)},
    )
    if new:
        _story(made, "warehouse.add_bin", actor, code=STAGING)
    return made


def _zone(seller_id: int, zone_id: int) -> Zone:
    found = Zone.objects.filter(seller_id=seller_id, pk=zone_id).first()
    if found is None:
        raise ZoneNotFound(zone_id=zone_id)
    return found


def _locked(seller_id: int, bin_id: int) -> Bin:
    rows = Bin.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk=bin_id)
    found = rows.first()
    if found is None:
        raise BinNotFound(bin_id=bin_id)
    return found


def _set_active(found: Bin, *, active: bool, actor: Actor) -> None:
    if found.active == active:
        return
    found.active = active
    found.save(update_fields=["active"])
    _story(found, "warehouse.open_bin" if active else "warehouse.close_bin", actor, code=found.code)


def _story(found: Bin, verb: str, actor: Actor, **facts: object) -> None:
    audit(seller_id=found.seller_id, actor=actor, verb=verb, object_type="bin", object_id=found.pk, facts=facts)
