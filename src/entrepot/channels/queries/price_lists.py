"""Questions about price lists."""

from collections.abc import Mapping, Sequence

from django.db.models import Count

from entrepot.catalog.queries import ids_by_sku
from entrepot.channels.models import ListPrice, PriceList, StorePricing
from entrepot.channels.price_errors import PriceListNotFound, SkusUnknown
from entrepot.channels.queries.price_figures import Figure, figures
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark


def price_lists(*, seller_id: int, after: str = "", limit: int = PAGE_SIZE) -> Page[PriceList]:
    """Price lists, newest first, each with its base, `price_count` (written down) and `store_count`."""
    rows = PriceList.objects.filter(seller_id=seller_id).select_related("base")
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    page = page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))
    prices, stores = (_counts(model, page.rows) for model in (ListPrice, StorePricing))
    for row in page.rows:
        row.price_count, row.store_count = prices.get(row.pk, 0), stores.get(row.pk, 0)  # type: ignore[attr-defined] # for the screen
    return page


def _counts(model: type[ListPrice | StorePricing], lists: Sequence[PriceList]) -> dict[int, int]:
    """How many rows each of these lists has: counted for all of them at once."""
    rows = model.objects.filter(price_list__in=[row.pk for row in lists]).order_by().values_list("price_list_id")
    return dict(rows.annotate(n=Count("pk")))


def all_price_lists(*, seller_id: int) -> Sequence[PriceList]:
    """Every list by name, to choose from."""
    return list(PriceList.objects.filter(seller_id=seller_id).order_by("name"))


def price_list(*, seller_id: int, price_list_id: int) -> PriceList:
    """One list with its base.

    Raises:
        PriceListNotFound: There is none, or it is another seller's.
    """
    found = PriceList.objects.filter(seller_id=seller_id, pk=price_list_id).select_related("base").first()
    if found is None:
        raise PriceListNotFound(price_list_id=price_list_id)
    return found


def prices(
    *,
    seller_id: int,
    price_list: PriceList,
    search: str = "",
    show: str = "",
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[Figure]:
    """What items cost in a list, newest item first. `show`: written, low (too little margin), missing (no price)."""
    key = read_bookmark(after, int)
    found = figures(
        seller_id=seller_id,
        price_list=price_list,
        search=search,
        show=show,
        after_id=int(key[0]) if key else None,
        limit=limit + 1,
    )
    return page_of(found, limit=limit, key=lambda row: (row.item_id,))


def written_prices(*, seller_id: int, price_list_id: int, item_ids: Sequence[int]) -> Mapping[int, ListPrice]:
    """What is written down in a list for these items, by item; one without a price of its own there is left out."""
    rows = ListPrice.objects.filter(price_list__seller_id=seller_id, price_list_id=price_list_id, item_id__in=item_ids)
    return {row.item_id: row for row in rows}


def stores_of(
    *, seller_id: int, price_list: PriceList, store_ids: Sequence[int] | None = None
) -> Sequence[StorePricing]:
    """Stores that follow a list."""
    rows = StorePricing.objects.filter(store__seller_id=seller_id, price_list=price_list)
    if store_ids is not None:
        rows = rows.filter(store_id__in=store_ids)
    return list(rows.select_related("store__sales_channel").order_by("store__sales_channel__name"))


def out_of_reach(*, seller_id: int, store_ids: Sequence[int] | None) -> set[int]:
    """Lists that make prices of other stores than these (None = all), or from which another such list is worked out."""
    if store_ids is None:
        return set()
    followed = StorePricing.objects.filter(store__seller_id=seller_id).exclude(store_id__in=store_ids)
    bases = dict(PriceList.objects.filter(seller_id=seller_id).values_list("pk", "base_id"))
    found: set[int] = set()
    for list_id in followed.values_list("price_list_id", flat=True):
        step: int | None = list_id
        while step is not None and step not in found:
            found.add(step)
            step = bases.get(step)
    return found


def ids_of_skus(*, seller_id: int, skus: Sequence[str]) -> Mapping[str, int]:
    """The items of these SKUs, `{sku: id}`.

    Raises:
        SkusUnknown: Some have none.
    """
    known = ids_by_sku(seller_id=seller_id, skus=skus)
    if unknown := sorted(set(skus) - set(known)):
        raise SkusUnknown(field="skus", reason="", skus=", ".join(unknown[:20]))
    return known
