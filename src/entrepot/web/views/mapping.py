"""The mapping screen: what is listed somewhere and belongs to no item yet."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.catalog.queries import item_by_sku
from entrepot.channels.queries import listings as listing_queries
from entrepot.channels.queries import mapping as queries
from entrepot.channels.queries.stores import stores
from entrepot.channels.services.doctor import give_item
from entrepot.channels.services.mapping import map_listing
from entrepot.kernel.errors import EntrepotError
from entrepot.web.desk import DeskRequest, back, desk, done, number_of, show, warn
from entrepot.web.errors import NothingChosen
from entrepot.web.forms.filters import ListingFilters
from entrepot.web.forms.look import with_all
from entrepot.web.wording import words


@desk("stores.map")
@require_safe
def mapping(request: DeskRequest) -> HttpResponse:
    """Unmatched listings, each with what it may well be."""
    here = request.desk
    filters = ListingFilters(request.GET)
    choices = [(row.pk, row.sales_channel.name) for row in stores(seller_id=here.seller_id, store_ids=here.store_ids)]
    filters.fields["store"].choices = with_all(_("All stores"), choices)  # type: ignore[attr-defined]
    page = queries.unmatched(
        seller_id=here.seller_id,
        store_id=filters.value("store"),
        search=filters.value("q").strip(),
        store_ids=here.store_ids,
        after=request.GET.get("after", ""),
    )
    return show(request, "web/listings/mapping.html", {"page": page, "filters": filters})


@require_POST
@desk("stores.map")
def mapping_apply(request: DeskRequest) -> HttpResponse:
    """Match the chosen listings as their rows say, or make new items of them. Each stands for itself."""
    here = request.desk
    ids = [number for text in request.POST.getlist("listing") if (number := number_of(text))]
    owned = listing_queries.owned_ids(seller_id=here.seller_id, listing_ids=ids, store_ids=here.store_ids)
    chosen = sorted(listing_id for some in owned.values() for listing_id in some)
    if not chosen:
        raise NothingChosen(field="listing", reason="")
    matched, refusals = 0, dict[str, int]()
    for listing_id in chosen:
        try:
            matched += _apply(request, listing_id)
        except EntrepotError as error:
            sentence = words.sentence(error)
            refusals[sentence] = refusals.get(sentence, 0) + 1
    _say(request, matched, len(chosen) - matched - sum(refusals.values()))
    for refusal, count in refusals.items():
        warn(request, f"{count} × {refusal}")
    return back(request, "web:mapping")


def _apply(request: DeskRequest, listing_id: int) -> bool:
    """Whether the listing has an item now; False where nothing was chosen for it."""
    here = request.desk
    wanted = request.POST.get(f"item-{listing_id}", "")
    if request.POST.get("deed") == "new" or wanted == "new":
        give_item(seller_id=here.seller_id, listing_id=listing_id, sku=_free_sku(request, listing_id), actor=here.actor)
        return True
    item_id = number_of(wanted)
    if item_id is None:
        return False
    map_listing(seller_id=here.seller_id, listing_id=listing_id, item_id=item_id, actor=here.actor)
    return True


def _free_sku(request: DeskRequest, listing_id: int) -> str | None:
    """The store's SKU where no item has it; else one is made up."""
    seller_id = request.desk.seller_id
    sku = listing_queries.listing(seller_id=seller_id, listing_id=listing_id).remote_sku.strip()
    return sku if sku and item_by_sku(seller_id=seller_id, sku=sku) is None else None


def _say(request: DeskRequest, matched: int, left: int) -> None:
    for sentence in _sentences(matched, left):
        done(request, sentence)


def _sentences(matched: int, left: int) -> Iterator[str]:
    if matched:
        yield ngettext(
            "%(n)s listing matched. Orders that waited for it go on.",
            "%(n)s listings matched. Orders that waited for them go on.",
            matched,
        ) % {"n": matched}
    if left:
        yield ngettext(
            "%(n)s listing had no item chosen and stays.", "%(n)s listings had no item chosen and stay.", left
        ) % {"n": left}
