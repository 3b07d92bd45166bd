"""Kits: an item made of other items. Its stock is computed from its parts, never stored.

The parts of a kit that is on sale are changed by `inventory.services.compose_kit`, which also makes the stores hear of
the new figure; the verbs here only keep the list.
"""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from entrepot.catalog.drafts import ItemDraft, ProductDraft
from entrepot.catalog.errors import ItemNotFound, KitInvalid
from entrepot.catalog.history import note
from entrepot.catalog.models import Item, KitPart
from entrepot.catalog.services.products import create_product
from entrepot.kernel.actor import Actor


@transaction.atomic
def create_kit(*, seller_id: int, draft: ItemDraft, parts: Mapping[int, int], actor: Actor) -> Item:
    """Make a kit of `{item_id: quantity}` as a product of its own.

    Raises:
        KitInvalid: It has no parts, a quantity below one, or a kit among its parts.
        ItemNotFound: A part does not exist for this seller.
        SkuMissing: The SKU is blank.
        SkuTaken: Another item has this SKU.
    """
    product = create_product(
        seller_id=seller_id, draft=ProductDraft(name=draft.name or draft.sku, items=[draft]), actor=actor
    )
    kit = Item.objects.get(seller_id=seller_id, product=product)
    kit.kind = Item.Kind.KIT
    kit.save(update_fields=["kind"])
    set_parts(seller_id=seller_id, kit_id=kit.pk, parts=parts, actor=actor)
    return kit


@transaction.atomic
def set_parts(*, seller_id: int, kit_id: int, parts: Mapping[int, int], actor: Actor) -> None:
    """Give a kit exactly these parts, `{item_id: quantity}`.

    Raises:
        ItemNotFound: The kit or a part does not exist for this seller.
        KitInvalid: It is no kit, has no parts, a quantity below one, or a kit among its parts.
    """
    kit = Item.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk=kit_id).first()
    if kit is None:
        raise ItemNotFound(item_id=kit_id)
    if kit.kind != Item.Kind.KIT:
        raise KitInvalid(reason="It is an ordinary item.")
    if not parts or min(parts.values()) < 1:
        raise KitInvalid(reason="It needs at least one part, each at least once.")
    kinds = dict(Item.objects.filter(seller_id=seller_id, pk__in=parts).values_list("pk", "kind"))
    if missing := parts.keys() - kinds.keys():
        raise ItemNotFound(item_id=min(missing))
    if Item.Kind.KIT in kinds.values():
        raise KitInvalid(reason="A kit cannot be part of a kit.")
    before = _named(kit)
    KitPart.objects.filter(kit=kit).delete()
    try:
        KitPart.objects.bulk_create(
            KitPart(kit=kit, item_id=item_id, quantity=quantity) for item_id, quantity in sorted(parts.items())
        )
    except IntegrityError as error:  # a part was deleted meanwhile
        raise KitInvalid(str(error), reason="One of its parts has just been deleted.") from error
    note(
        seller_id=seller_id,
        object_type="item",
        object_id=kit.pk,
        field="parts",
        lists=(before, _named(kit)),
        actor=actor,
    )


def _named(kit: Item) -> list[str]:
    rows = KitPart.objects.filter(kit=kit, kit__seller_id=kit.seller_id).values_list("quantity", "item__sku")
    return [f"{quantity} × {sku}" for quantity, sku in rows]
