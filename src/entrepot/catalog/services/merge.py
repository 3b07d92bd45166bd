"""Two items that are one thing become one: the second one lives on as another SKU of the kept one."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from entrepot.catalog.errors import ItemNotFound, KitNotMerged, MergeSame
from entrepot.catalog.history import note
from entrepot.catalog.models import Item, KitPart, Product
from entrepot.catalog.rows import sign
from entrepot.kernel.actor import Actor

FILLED: Final = (
    "barcode", "image_url", "weight_grams", "length_mm", "width_mm", "height_mm", "cost", "cost_currency",
)  # fmt: skip
"""What the kept item takes over where it has nothing itself; a cost goes with its currency."""
SAID: Final = ("description", "attributes", "images")
"""What the kept item's product takes over from one that is left without items."""


def pair(*, seller_id: int, kept_id: int, merged_id: int, lock: bool = False) -> tuple[Item, Item]:
    """The kept and the merged item, if they can be such; locked where asked.

    Locked are their products, then by SKU both and the kits that have the merged one.

    Raises:
        MergeSame: They are one.
        ItemNotFound: One is not this seller's, or merged already.
        KitNotMerged: One is a kit.
    """
    if kept_id == merged_id:
        raise MergeSame(field="merged", reason="")
    rows = Item.objects.filter(seller_id=seller_id, pk__in=[kept_id, merged_id]).order_by("sku")
    if lock:
        named = Product.objects.filter(seller_id=seller_id, items__in=[kept_id, merged_id]).values_list("pk", flat=True)
        list(Product.objects.select_for_update(no_key=True).filter(pk__in=sorted(named)).order_by("pk"))
        kits = KitPart.objects.filter(kit__seller_id=seller_id, item_id=merged_id).values("kit_id")
        held = Item.everything.filter(Q(pk__in=[kept_id, merged_id]) | Q(pk__in=kits), seller_id=seller_id)
        list(held.select_for_update(no_key=True).order_by("sku"))
    found = {row.pk: row for row in rows}
    for item_id in (kept_id, merged_id):
        if item_id not in found:
            raise ItemNotFound(item_id=item_id)
        if found[item_id].kind == Item.Kind.KIT:
            raise KitNotMerged(sku=found[item_id].sku)
    return found[kept_id], found[merged_id]


def filled(*, kept: Item, merged: Item) -> Sequence[str]:
    """The fields that the kept item would take over."""
    empty = {name for name in FILLED if getattr(kept, name) in {"", None} and getattr(merged, name) not in {"", None}}
    return [
        name for name in FILLED if name in empty and (name != "cost_currency" or "cost" in empty or kept.cost is None)
    ]


@transaction.atomic
def absorb(*, seller_id: int, kept_id: int, merged_id: int, actor: Actor) -> int | None:
    """Make the second item another SKU of the first: kits take the kept one; what it lacks is filled in.

    Tells the product that holds nothing any more, if there is one; what it says of itself fills what the kept item's
    product does not say. The caller has moved stock and listings.

    Raises:
        MergeSame, ItemNotFound, KitNotMerged: They cannot be merged.
    """
    kept, merged = pair(seller_id=seller_id, kept_id=kept_id, merged_id=merged_id, lock=True)
    sign(actor)
    for name in (taken := filled(kept=kept, merged=merged)):
        setattr(kept, name, getattr(merged, name))
    if taken:
        kept.updated_at = timezone.now()
        kept.save(update_fields=[*taken, "updated_at"])
    _take_over_kits(seller_id, kept, merged)
    Item.everything.filter(seller_id=seller_id, merged_into=merged).update(
        merged_into=kept, product_id=kept.product_id, updated_at=timezone.now()
    )
    before = merged.product_id
    merged.kind, merged.merged_into, merged.product_id = Item.Kind.KIT, kept, kept.product_id
    merged.updated_at = timezone.now()
    merged.save(update_fields=["kind", "merged_into", "product", "updated_at"])
    KitPart.objects.create(kit=merged, item=kept, quantity=1)
    note(
        seller_id=seller_id,
        object_type="product",
        object_id=kept.product_id,
        field="items",
        lists=([kept.sku, merged.sku], [kept.sku]),
        actor=actor,
    )
    if Item.everything.filter(seller_id=seller_id, product_id=before).exists():
        return None
    _take_over_words(seller_id, kept_id=kept.product_id, emptied_id=before)
    return before


@transaction.atomic
def drop_empty(*, seller_id: int, product_id: int, actor: Actor) -> None:  # noqa: ARG001 - every verb names its actor
    """Delete a product whose last item was merged; its categories and brand go with it."""
    if not Item.everything.filter(seller_id=seller_id, product_id=product_id).exists():
        Product.objects.filter(seller_id=seller_id, pk=product_id).delete()


def _take_over_words(seller_id: int, *, kept_id: int, emptied_id: int) -> None:
    """What the kept item's product does not say of itself, the emptied one did."""
    rows = Product.objects.filter(seller_id=seller_id)
    kept, emptied = rows.get(pk=kept_id), rows.get(pk=emptied_id)
    taken = [name for name in SAID if not getattr(kept, name) and getattr(emptied, name)]
    for name in taken:
        setattr(kept, name, getattr(emptied, name))
    if taken:
        kept.updated_at = timezone.now()
        kept.save(update_fields=[*taken, "updated_at"])


def _take_over_kits(seller_id: int, kept: Item, merged: Item) -> None:
    """A kit that has both gets the sum of the kept one."""
    both = KitPart.objects.filter(kit__seller_id=seller_id, item=merged, kit__parts__item=kept)
    for part in list(both.order_by("kit_id")):
        KitPart.objects.filter(kit_id=part.kit_id, kit__seller_id=seller_id, item=kept).update(
            quantity=F("quantity") + part.quantity
        )
        part.delete()
    KitPart.objects.filter(kit__seller_id=seller_id, item=merged).update(item=kept)
