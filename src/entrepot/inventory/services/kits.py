"""A kit on sale gets other parts: its figure changes though no stock moved, and the stores must hear of it."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.drafts import ItemDraft
from entrepot.catalog.models import Item
from entrepot.catalog.rows import run
from entrepot.catalog.services import edit_item, set_parts
from entrepot.inventory.ledger import lock
from entrepot.inventory.models import Stock
from entrepot.inventory.services.figures import versions
from entrepot.inventory.services.warehouses import default_warehouse
from entrepot.kernel.actor import Actor

RAISE_VERSION = """
INSERT INTO inventory_stock AS s (seller_id, item_id, warehouse_id, on_hand, reserved, incoming, version, changed_at)
VALUES (%s, %s, %s, 0, 0, 0, %s, %s)
ON CONFLICT (item_id, warehouse_id)
DO UPDATE SET version = s.version + excluded.version, changed_at = excluded.changed_at
"""


@transaction.atomic
def change_kit(*, seller_id: int, kit_id: int, draft: ItemDraft, parts: Mapping[int, int], actor: Actor) -> None:
    """Give a kit these words and these parts, both or neither.

    Raises:
        EntrepotError: What `edit_item` and `compose_kit` refuse.
    """
    compose_kit(seller_id=seller_id, kit_id=kit_id, parts=parts, actor=actor)
    edit_item(seller_id=seller_id, item_id=kit_id, draft=draft, actor=actor)


@transaction.atomic
def compose_kit(*, seller_id: int, kit_id: int, parts: Mapping[int, int], actor: Actor) -> None:
    """Give a kit exactly these parts and let its version grow. Open order lines keep the parts they hold.

    Raises:
        ItemNotFound: The kit or a part does not exist for this seller.
        KitInvalid: It is no kit, has no parts, a quantity below one, or a kit among its parts.
    """
    warehouse = default_warehouse(seller_id=seller_id, actor=actor)
    list(Item.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk=kit_id).order_by("sku"))
    old = set(Stock.objects.filter(seller_id=seller_id, item__in_kits__kit_id=kit_id).values_list("item_id", flat=True))
    lock(seller_id, old | set(parts) | {kit_id})
    before = versions(seller_id, [kit_id]).get(kit_id, 0)
    set_parts(seller_id=seller_id, kit_id=kit_id, parts=parts, actor=actor)
    after = versions(seller_id, [kit_id]).get(kit_id, 0)
    growth = max(before + 1 - after, 1)
    run(RAISE_VERSION, [seller_id, kit_id, warehouse.pk, growth, timezone.now()])
