"""Questions about prices for a time."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import Count

from entrepot.channels.errors import PromotionNotFound
from entrepot.channels.models import Listing, Promotion, PromotionLine, Store
from entrepot.channels.price_errors import NotSoldThere, PromotionSaysNothing
from entrepot.channels.services.promotions import reduced
from entrepot.kernel.money import coin_of
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark


def promotions(
    *, seller_id: int, store_ids: Sequence[int] | None = None, after: str = "", limit: int = PAGE_SIZE
) -> Page[Promotion]:
    """Promotions, newest first, each with its store and `line_count`."""
    rows = Promotion.objects.filter(seller_id=seller_id).select_related("store__sales_channel")
    if store_ids is not None:
        rows = rows.filter(store_id__in=store_ids)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.annotate(line_count=Count("lines")).order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def promotion(*, seller_id: int, promotion_id: int, store_ids: Sequence[int] | None = None) -> Promotion:
    """One promotion with its store.

    Raises:
        PromotionNotFound: There is none, it is another seller's, or the person may not see its store.
    """
    rows = Promotion.objects.filter(seller_id=seller_id, pk=promotion_id).select_related("store__sales_channel")
    if store_ids is not None:
        rows = rows.filter(store_id__in=store_ids)
    found = rows.first()
    if found is None:
        raise PromotionNotFound(promotion_id=promotion_id)
    return found


def lines(*, seller_id: int, promotion: Promotion, after: str = "", limit: int = PAGE_SIZE) -> Page[PromotionLine]:
    """What it changes, with each listing and its item."""
    rows = PromotionLine.objects.filter(promotion=promotion, promotion__seller_id=seller_id)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__gt=key[0])
    return page_of(rows.select_related("listing__item").order_by("id"), limit=limit, key=lambda row: (row.pk,))


def priced_listings(*, seller_id: int, store_id: int, skus: Sequence[str]) -> Mapping[int, Listing]:
    """Listings of a store that have a price, of these items (none named: all), by id."""
    rows = Listing.objects.filter(seller_id=seller_id, store_id=store_id, state__in=["active", "inactive"], price__gt=0)
    if skus:
        rows = rows.filter(item__sku__in=skus)
    return {row.pk: row for row in rows.select_related("item").order_by("id")}


def skus_of(*, seller_id: int, listing_ids: Sequence[int]) -> Sequence[str]:
    """The SKUs of these listings' items."""
    rows = Listing.objects.filter(seller_id=seller_id, pk__in=listing_ids, item__isnull=False)
    return sorted(set(rows.values_list("item__sku", flat=True)))


def promotion_prices(
    *,
    seller_id: int,
    store: Store,
    skus: Sequence[str] = (),
    percent: Decimal | None = None,
    step: Decimal | None = None,
    own: Mapping[str, Decimal],
) -> Mapping[int, Decimal]:
    """`{listing id: price}` for a promotion: prices of their `own` by SKU, the others less `percent` %.

    Without SKUs everything the store sells for a price is meant. `step`: what a percentage is rounded to; the smallest
    coin of the store's currency where it is less or not said.

    Raises:
        PromotionSaysNothing: Neither a percentage nor prices were given, or a SKU has neither.
        NotSoldThere: The store does not sell some of these SKUs.
    """
    if (percent is None and (not own or set(skus) - set(own))) or not (percent is None or 0 < percent < 100):
        raise PromotionSaysNothing(field="percent", reason="")
    wanted = sorted({*skus, *own}) if skus or percent is None else []
    listings = priced_listings(seller_id=seller_id, store_id=store.pk, skus=wanted)
    sold = {row.item.sku for row in listings.values() if row.item}
    if unknown := sorted({*wanted, *own} - sold):
        raise NotSoldThere(field="skus", reason="", store=store.sales_channel.name, skus=", ".join(unknown[:20]))
    coin = coin_of(store.sales_channel.currency)
    found = {}
    for pk, listing in listings.items():
        mine = own.get(listing.item.sku) if listing.item else None
        if mine is not None:
            found[pk] = mine
        elif percent is not None and listing.price:
            found[pk] = reduced(listing.price, percent=percent, step=max(step or coin, coin))
    return found
