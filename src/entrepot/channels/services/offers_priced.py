"""The price a new product was to have beside its retail price, where the store made it without."""

from entrepot.channels.models import Listing, ListingChange, Store
from entrepot.channels.services.offers import HERE, shown, store_that_can
from entrepot.channels.services.offers_many import Wish, ask_many
from entrepot.connectors.contract import ListingDraft
from entrepot.kernel.actor import SYSTEM
from entrepot.kernel.errors import Refused
from entrepot.kernel.money import plain


def ask_missing_price(store: Store, *, change: ListingChange, draft: ListingDraft) -> None:
    """Ask for the price of a single product once more, if the store made it without its retail price.

    OpenCart keeps a price below the retail price as a special, which is told apart from the product.
    """
    price, retail = draft.price, draft.retail_price
    if draft.variations or price is None or retail is None or retail <= price:
        return
    rows = Listing.objects.filter(store=store, seller_id=store.seller_id, remote_id=change.remote_id, state__in=HERE)
    listing = rows.filter(variation_key="").first()
    if listing is None or listing.retail_price == retail:
        return
    try:
        store_that_can(seller_id=store.seller_id, store_id=store.pk, part="prices")
    except Refused:
        return
    wish = Wish(
        kind=ListingChange.Kind.PRICE,
        fields={"price": plain(price), "retail_price": plain(retail)},
        remote_id=listing.remote_id,
        listing_id=listing.pk,
        before=shown(listing),
    )
    ask_many(seller_id=store.seller_id, store_id=store.pk, wishes=[wish], actor=SYSTEM)
