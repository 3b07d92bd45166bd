"""Warehouses: the first one makes itself."""

from django.db import IntegrityError, transaction

from entrepot.accounts.services import audit
from entrepot.inventory.errors import (
    WarehouseIsDefault,
    WarehouseNotEmpty,
    WarehouseNotFound,
    WarehouseTaken,
    WarehouseWordsMissing,
)
from entrepot.inventory.models import Stock, Warehouse
from entrepot.kernel.actor import Actor


def default_warehouse(*, seller_id: int, actor: Actor) -> Warehouse:  # noqa: ARG001 - every verb names its actor
    """Give the seller's default warehouse, made on first need; two at once make one."""
    found = Warehouse.objects.filter(seller_id=seller_id, is_default=True).first()
    if found is None:
        Warehouse.objects.bulk_create(
            [Warehouse(seller_id=seller_id, code="MAIN", name="Main warehouse", is_default=True)],
            ignore_conflicts=True,
        )
        found = Warehouse.objects.get(seller_id=seller_id, is_default=True)
    return found


@transaction.atomic
def add_warehouse(*, seller_id: int, code: str, name: str, actor: Actor, country: str = "") -> Warehouse:
    """Open another warehouse.

    Raises:
        WarehouseWordsMissing: It has no code, or no name.
        WarehouseTaken: The code is used already.
    """
    short, words = code.strip()[:20], _words(name, country)
    if not short:
        raise WarehouseWordsMissing(field="code", reason="")
    default_warehouse(seller_id=seller_id, actor=actor)
    try:
        with transaction.atomic():
            made = Warehouse.objects.create(seller_id=seller_id, code=short, **words)
    except IntegrityError as error:
        raise WarehouseTaken(str(error), warehouse=short) from error
    _story(seller_id, made.pk, "warehouse.add", actor, code=short, **words)
    return made


@transaction.atomic
def rename_warehouse(*, seller_id: int, warehouse_id: int, name: str, actor: Actor, country: str = "") -> Warehouse:
    """Give a warehouse another name and country; its code stays, as labels and files may say it.

    Raises:
        WarehouseWordsMissing: It has no name.
        WarehouseNotFound: There is no such warehouse of this seller.
    """
    found, words = _locked(seller_id, warehouse_id), _words(name, country)
    before, found.name, found.country = found.name, words["name"], words["country"]
    found.save(update_fields=["name", "country"])
    _story(seller_id, found.pk, "warehouse.rename", actor, before=before, **words)
    return found


@transaction.atomic
def make_default(*, seller_id: int, warehouse_id: int, actor: Actor) -> None:
    """Let stock that names no warehouse be this one's from now on; a repeat does nothing.

    Raises:
        WarehouseNotFound: It is closed, or not this seller's.
    """
    found = _locked(seller_id, warehouse_id)
    if not found.active:
        raise WarehouseNotFound(warehouse_id=warehouse_id)
    if found.is_default:
        return
    Warehouse.objects.filter(seller_id=seller_id, is_default=True).update(is_default=False)
    found.is_default = True
    found.save(update_fields=["is_default"])
    _story(seller_id, found.pk, "warehouse.make_default", actor, code=found.code)


@transaction.atomic
def close_warehouse(*, seller_id: int, warehouse_id: int, actor: Actor) -> None:
    """Keep no stock there any more; a repeat does nothing. What happened there stays in the ledger.

    Raises:
        WarehouseIsDefault: Stock that names no warehouse is this one's.
        WarehouseNotEmpty: Something lies there, or is on its way there.
        WarehouseNotFound: There is no such warehouse of this seller.
    """
    found = _locked(seller_id, warehouse_id)
    if not found.active:
        return
    if found.is_default:
        raise WarehouseIsDefault(warehouse=found.name)
    rows = Stock.objects.select_for_update().filter(seller_id=seller_id, warehouse=found).order_by("item_id")
    figures = list(rows.values_list("on_hand", "incoming"))
    there, coming = (sum(column) for column in zip(*figures, strict=True)) if figures else (0, 0)
    if there or coming:
        raise WarehouseNotEmpty(warehouse=found.name, on_hand=there, incoming=coming)
    found.active = False
    found.save(update_fields=["active"])
    _story(seller_id, found.pk, "warehouse.close", actor, code=found.code)


@transaction.atomic
def open_warehouse(*, seller_id: int, warehouse_id: int, actor: Actor) -> None:
    """Use a closed warehouse again; a repeat does nothing.

    Raises:
        WarehouseNotFound: There is no such warehouse of this seller.
    """
    found = _locked(seller_id, warehouse_id)
    if found.active:
        return
    found.active = True
    found.save(update_fields=["active"])
    _story(seller_id, found.pk, "warehouse.open", actor, code=found.code)


@transaction.atomic
def set_mode(*, seller_id: int, warehouse_id: int, mode: str, actor: Actor) -> None:
    """Say who picks and packs in a warehouse: `oms_only`, `wms` or `external`.

    Raises:
        WarehouseNotFound: It is closed, or not this seller's.
    """
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    told = Warehouse.Mode(mode)
    if Warehouse.objects.filter(seller_id=seller_id, pk=place).exclude(mode=told).update(mode=told):
        _story(seller_id, place, "warehouse.set_mode", actor, mode=str(told))


def chosen(*, seller_id: int, warehouse_id: int | None, actor: Actor) -> int:
    """Give the id of the warehouse meant: the one named, or the default.

    Raises:
        WarehouseNotFound: It is closed, or not this seller's.
    """
    if warehouse_id is None:
        return default_warehouse(seller_id=seller_id, actor=actor).pk
    if not Warehouse.objects.filter(seller_id=seller_id, pk=warehouse_id, active=True).exists():
        raise WarehouseNotFound(warehouse_id=warehouse_id)
    return warehouse_id


def _words(name: str, country: str) -> dict[str, str]:
    if not name.strip():
        raise WarehouseWordsMissing(field="name", reason="")
    return {"name": name.strip()[:120], "country": country.strip().upper()[:2]}


def _locked(seller_id: int, warehouse_id: int) -> Warehouse:
    """A warehouse, closed ones too. All of the seller are locked with it, so that one of them stays the default."""
    rows = Warehouse.objects.select_for_update(no_key=True).filter(seller_id=seller_id).order_by("id")
    found = next((row for row in rows if row.pk == warehouse_id), None)
    if found is None:
        raise WarehouseNotFound(warehouse_id=warehouse_id)
    return found


def _story(seller_id: int, warehouse_id: int, verb: str, actor: Actor, **facts: object) -> None:
    audit(seller_id=seller_id, actor=actor, verb=verb, object_type="warehouse", object_id=warehouse_id, facts=facts)
