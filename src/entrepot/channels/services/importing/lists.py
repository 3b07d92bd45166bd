"""A store's own lists beside its products: categories, brands, attributes. Read whole, written whole."""

from collections.abc import Sequence

from django.db import connection

from entrepot.catalog.services import ensure_brands
from entrepot.channels.models import RemoteAttribute, RemoteBrand, RemoteCategory, Store
from entrepot.channels.services.importing.findings import bad_item, write_findings
from entrepot.channels.services.importing.rows import Shelf
from entrepot.channels.shelves import category_path
from entrepot.connectors.contract import BadItem, ChannelAttribute, ChannelBrand, ChannelCategory, ProductSource
from entrepot.kernel.actor import Actor

BAD_CODES = {"categories": "category_bad", "brands": "brand_bad"}


Row = ChannelCategory | ChannelBrand | ChannelAttribute | BadItem


def read_list(source: ProductSource, *, phase: str) -> list[Row]:
    """Read one of the lists whole."""
    match phase:
        case "categories":
            return list(source.categories())
        case "brands":
            return list(source.brands())
        case "attributes":
            return list(source.attributes())
    raise ValueError(phase)


def write_list(store: Store, *, phase: str, found: Sequence[Row], actor: Actor) -> int:
    """Make a list ours, what is gone from it included; how many it has."""
    match phase:
        case "categories":
            count = _write_categories(store, found)
        case "brands":
            count = _write_brands(store, found, actor)
        case _:
            count = _write_attributes(store, found)
    if phase in BAD_CODES:
        _note_bad(store, found, BAD_CODES[phase])
    return count


def _write_categories(store: Store, found: Sequence[Row]) -> int:
    good = {row.remote_id: row for row in found if isinstance(row, ChannelCategory)}
    RemoteCategory.objects.bulk_create(
        [
            RemoteCategory(
                store=store,
                remote_id=row.remote_id,
                parent_id=row.parent_id or "",
                name=_text(row.name),
                active=row.active,
            )
            for row in good.values()
        ],
        update_conflicts=True,
        unique_fields=["store", "remote_id"],
        update_fields=["parent_id", "name", "active"],
        batch_size=2000,
    )
    RemoteCategory.objects.filter(store=store).exclude(remote_id__in=list(good)).delete()
    return len(good)


def _write_brands(store: Store, found: Sequence[Row], actor: Actor) -> int:
    good = {row.remote_id: row for row in found if isinstance(row, ChannelBrand)}
    RemoteBrand.objects.bulk_create(
        [RemoteBrand(store=store, remote_id=row.remote_id, name=_text(row.name)) for row in good.values()],
        update_conflicts=True,
        unique_fields=["store", "remote_id"],
        update_fields=["name"],
        batch_size=2000,
    )
    RemoteBrand.objects.filter(store=store).exclude(remote_id__in=list(good)).delete()
    ensure_brands(seller_id=store.seller_id, names=[row.name for row in good.values()], actor=actor)
    return len(good)


def _write_attributes(store: Store, found: Sequence[Row]) -> int:
    good = {row.remote_id: row for row in found if isinstance(row, ChannelAttribute)}
    RemoteAttribute.objects.bulk_create(
        [
            RemoteAttribute(store=store, remote_id=row.remote_id, name=_text(row.name), group=_text(row.group))
            for row in good.values()
        ],
        update_conflicts=True,
        unique_fields=["store", "remote_id"],
        update_fields=["name", "group"],
        batch_size=2000,
    )
    RemoteAttribute.objects.filter(store=store).exclude(remote_id__in=list(good)).delete()
    return len(good)


def _note_bad(store: Store, found: Sequence[object], code: str) -> None:
    bad = [bad_item(row) for row in found if isinstance(row, BadItem)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_finding SET resolved_at = now() WHERE store_id = %s AND code = %s AND resolved_at IS NULL"
            " AND remote_id <> ALL(%s)",
            [store.pk, code, [one.remote_id for one in bad]],
        )
    if bad:
        write_findings(store, run_id=None, found=bad, looked_at=())


def load_shelf(store: Store) -> Shelf:
    """The lists in words, as products refer to them."""
    rows = {row.remote_id: row for row in RemoteCategory.objects.filter(store=store)}
    return Shelf(
        categories={remote_id: category_path(remote_id, rows) for remote_id in rows},
        brands=dict(RemoteBrand.objects.filter(store=store).values_list("remote_id", "name")),
    )


def _text(text: str) -> str:
    return text.replace("\x00", "")[:255]
