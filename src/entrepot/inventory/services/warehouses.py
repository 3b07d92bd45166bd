"""Warehouses: the first one makes itself."""

from django.db import IntegrityError, transaction

from entrepot.accounts.services import audit
from entrepot.inventory.errors import WarehouseNotFound, WarehouseTaken
from entrepot.inventory.models import Warehouse
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


def add_warehouse(*, seller_id: int, code: str, name: str, actor: Actor, country: str = "") -> Warehouse:
    """Open another warehouse.

    Raises:
        WarehouseTaken: The code is used already.
    """
    default_warehouse(seller_id=seller_id, actor=actor)
    try:
        with transaction.atomic():
            return Warehouse.objects.create(seller_id=seller_id, code=code, name=name, country=country)
    except IntegrityError as error:
        raise WarehouseTaken(str(error), warehouse=code) from error


@transaction.atomic
def set_mode(*, seller_id: int, warehouse_id: int, mode: str, actor: Actor) -> None:
    """Say who picks and packs in a warehouse: `oms_only`, `wms` or `external`.

    Raises:
        WarehouseNotFound: It is closed, or not this seller's.
    """
    place = chosen(seller_id=seller_id, warehouse_id=warehouse_id, actor=actor)
    told = Warehouse.Mode(mode)
    if Warehouse.objects.filter(seller_id=seller_id, pk=place).exclude(mode=told).update(mode=told):
        facts = {"mode": str(told)}
        audit(
            seller_id=seller_id,
            actor=actor,
            verb="warehouse.set_mode",
            object_type="warehouse",
            object_id=place,
            facts=facts,
        )


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
