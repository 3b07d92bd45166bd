"""Two items that turn out to be one thing are made one: stock, listings, prices, kits go over to the kept one.

Looked at first (`preview`). The other one lives on as a second SKU of the kept one, so that imports and orders still
find it. There is no way back: what was where before cannot be told apart afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from entrepot.accounts.services import audit
from entrepot.catalog.models import Item, KitPart
from entrepot.catalog.services import absorb, drop_empty
from entrepot.catalog.services.merge import filled, pair
from entrepot.channels.live import announce
from entrepot.channels.merge_errors import (
    MergeBeingListed,
    MergeCounted,
    MergeExpected,
    MergeReserved,
    MergeStopped,
    MergeToPutBack,
)
from entrepot.channels.models import Listing, ListingChange, ListPrice, PlanLine, StoreProduct
from entrepot.channels.services.wakes import wake_pushes
from entrepot.inventory.models import Reservation, Stock
from entrepot.inventory.services import pour, raise_kits
from entrepot.kernel.actor import Actor
from entrepot.orders.models import OrderLine
from entrepot.orders.services.fill import fill_after_commit
from entrepot.warehouse.queries.merging import open_counts, open_receipts, to_put_back

HERE = (Listing.State.ACTIVE, Listing.State.INACTIVE)
NAMED = 3
"""So many orders are named in a refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What merging would do. `twins`: stores that would list the kept item twice. `blocks`: what stands in the way."""

    kept: Item
    merged: Item
    on_hand: int
    kept_on_hand: int
    listings: Sequence[Listing]
    twins: Sequence[str]
    kits: Sequence[str]
    prices: int
    filled: Mapping[str, Any]
    blocks: Sequence[MergeStopped]

    @property
    def together(self) -> int:
        """What would be on hand of the kept one."""
        return self.kept_on_hand + self.on_hand


def preview(*, seller_id: int, kept_id: int, merged_id: int) -> Merge:
    """Say what merging the second item into the first would do, and what stands in the way. Nothing changes.

    Raises:
        MergeSame, ItemNotFound, KitNotMerged: They can never be merged.
    """
    kept, merged = pair(seller_id=seller_id, kept_id=kept_id, merged_id=merged_id)
    listings = Listing.objects.filter(seller_id=seller_id, item=merged, state__in=HERE)
    theirs = Listing.objects.filter(seller_id=seller_id, item=kept, state__in=HERE).values("store_id")
    kits = KitPart.objects.filter(kit__seller_id=seller_id, item=merged, kit__merged_into=None)
    stock = dict.fromkeys((kept_id, merged_id), 0)
    for row in Stock.objects.filter(seller_id=seller_id, item_id__in=stock):
        stock[row.item_id] += row.on_hand
    return Merge(
        kept=kept,
        merged=merged,
        on_hand=stock[merged_id],
        kept_on_hand=stock[kept_id],
        listings=list(listings.select_related("store__sales_channel").order_by("store_id", "id")[:50]),
        twins=sorted(set(listings.filter(store_id__in=theirs).values_list("store__sales_channel__name", flat=True))),
        kits=list(kits.order_by("kit__sku").values_list("kit__sku", flat=True)[:50]),
        prices=ListPrice.objects.filter(price_list__seller_id=seller_id, item=merged).count(),
        filled={name: getattr(merged, name) for name in filled(kept=kept, merged=merged)},
        blocks=_blocks(seller_id, merged),
    )


@transaction.atomic
def merge_items(*, seller_id: int, kept_id: int, merged_id: int, actor: Actor) -> Item:
    """Make the second item a second SKU of the first; the kept one, with all that was the other's.

    Stores hear of the new figure, and orders that waited for stock get it. It cannot be undone.

    Raises:
        MergeSame, ItemNotFound, KitNotMerged: They can never be merged.
        MergeStopped: Orders, receipts, counts or a store still work with the second one; nothing has changed.
    """
    kept, merged = pair(seller_id=seller_id, kept_id=kept_id, merged_id=merged_id, lock=True)
    rows = Listing.objects.select_for_update(no_key=True).filter(seller_id=seller_id, item=merged)
    listings = list(rows.order_by("remote_id", "variation_key"))
    for block in _blocks(seller_id, merged):
        raise block
    reason = f"{merged.sku} → {kept.sku}"
    poured = pour(seller_id=seller_id, from_item=merged_id, to_item=kept_id, reason=reason, actor=actor)
    Listing.objects.filter(pk__in=[row.pk for row in listings], seller_id=seller_id).update(item=kept, sent_version=-1)
    _take_over_prices(seller_id, kept, merged)
    emptied = absorb(seller_id=seller_id, kept_id=kept_id, merged_id=merged_id, actor=actor)
    raise_kits(seller_id=seller_id, before=poured.kits, actor=actor)
    if emptied is not None:
        _take_over_product(seller_id, emptied, kept.product_id)
        drop_empty(seller_id=seller_id, product_id=emptied, actor=actor)
    facts = {"kept": kept.sku, "merged": merged.sku, "on_hand": poured.on_hand, "listings": len(listings)}
    audit(seller_id=seller_id, actor=actor, verb="items.merge", object_type="item", object_id=kept.pk, facts=facts)
    announce(seller_id, "listings")
    wake_pushes(seller_id)
    fill_after_commit(seller_id=seller_id, item_ids=[kept_id], actor=actor)
    return Item.objects.get(seller_id=seller_id, pk=kept_id)


def _blocks(seller_id: int, merged: Item) -> list[MergeStopped]:
    found: list[MergeStopped] = []
    held = list(Reservation.objects.filter(seller_id=seller_id, item=merged).order_by("id"))
    if held:
        lines = [row.reference.removeprefix("line:") for row in held[:50] if row.reference.startswith("line:")]
        numbers = OrderLine.objects.filter(order__seller_id=seller_id, pk__in=lines).order_by("order_id")
        named = list(dict.fromkeys(numbers.values_list("order__number", flat=True)))
        words = ", ".join(named[:NAMED]) + (" …" if len(named) > NAMED else "")
        found.append(MergeReserved(count=sum(row.quantity for row in held), sku=merged.sku, orders=words))
    picked, turned = to_put_back(seller_id=seller_id, item_id=merged.pk)
    if picked:
        found.append(MergeToPutBack(count=picked, sku=merged.sku, numbers=", ".join(turned)))
    if numbers_in := open_receipts(seller_id=seller_id, item_id=merged.pk):
        found.append(MergeExpected(sku=merged.sku, numbers=", ".join(numbers_in)))
    if counts := open_counts(seller_id=seller_id, item_id=merged.pk):
        found.append(MergeCounted(sku=merged.sku, numbers=", ".join(counts)))
    if coming := _coming(seller_id, merged):
        found.append(MergeBeingListed(name=merged.product.name, store=coming.store.sales_channel.name))
    return found


def _coming(seller_id: int, merged: Item) -> ListingChange | None:
    rows = ListingChange.objects.filter(
        seller_id=seller_id,
        product_id=merged.product_id,
        kind=ListingChange.Kind.CREATE,
        state__in=[ListingChange.State.WAITING, ListingChange.State.FAILED],
    )
    return rows.select_related("store__sales_channel").first()


def _take_over_prices(seller_id: int, kept: Item, merged: Item) -> None:
    """What the kept one costs in a list stays."""
    theirs = ListPrice.objects.filter(price_list__seller_id=seller_id, item=merged)
    mine = ListPrice.objects.filter(price_list__seller_id=seller_id, item=kept).values("price_list_id")
    theirs.exclude(price_list_id__in=mine).update(item=kept)
    theirs.delete()


def _take_over_product(seller_id: int, emptied: int, product_id: int) -> None:
    """What stores know of the emptied product is of the kept one; drafts of both: the kept one's stays."""
    there = StoreProduct.objects.filter(seller_id=seller_id, product_id=emptied)
    drafted = StoreProduct.objects.filter(seller_id=seller_id, product_id=product_id, remote_id="").values("store_id")
    there.filter(Q(remote_id="") & Q(store_id__in=drafted)).delete()
    there.update(product_id=product_id)
    ListingChange.objects.filter(seller_id=seller_id, product_id=emptied).update(product_id=product_id)
    PlanLine.objects.filter(plan__seller_id=seller_id, product_id=emptied).update(product_id=product_id)
