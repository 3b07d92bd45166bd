"""The SKU doctor: what of a store could not be taken as it is, and the verbs that put it right by hand."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_noop as _

from entrepot.catalog.drafts import ItemRow, ProductRow
from entrepot.catalog.services import upsert_items
from entrepot.channels.errors import AlreadyMatched, ListingNotFound, SkuNeeded
from entrepot.channels.live import announce
from entrepot.channels.models import Listing
from entrepot.channels.services.importing.alike import look_over
from entrepot.channels.services.importing.rows import clean_sku, usable_sku
from entrepot.channels.services.importing.waiting import open_and_match
from entrepot.channels.services.mapping import map_listing
from entrepot.kernel.actor import Actor

__all__ = ["FINDINGS", "FindingKind", "finding_kind", "give_item", "look_over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingKind:
    """A code's sentence and remedy, English msgids with {fields} of the finding's facts (and `sku`, `title`)."""

    sentence: str
    remedy: str


FINDINGS: Mapping[str, FindingKind] = {
    "duplicate_sku": FindingKind(
        sentence=_("“{title}” has the SKU {sku}, which product {kept} of the same store has already."),
        remedy=_("Give it a SKU of its own in the store and sync it, or map it by hand. Product {kept} was taken."),
    ),
    "missing_sku": FindingKind(
        sentence=_("“{title}” has no SKU in the store."),
        remedy=_("Set a SKU in the store and sync it. Where it is sold under “{used}” here, that is its model."),
    ),
    "sku_too_long": FindingKind(
        sentence=_("The SKU of “{title}” is longer than 255 characters."),
        remedy=_("Shorten it in the store and sync it, or map the listing by hand."),
    ),
    "sku_changed": FindingKind(
        sentence=_("The store calls “{title}” {theirs} now; here its SKU is {ours}."),
        remedy=_("If it is another thing, unlink the listing and map it anew. If not, change the SKU on either side."),
    ),
    "sku_case": FindingKind(
        sentence=_("The SKUs {sku} and {other} differ only in upper and lower case, so they are two items here."),
        remedy=_("If they are one thing, write them alike in the store and map both listings to one item."),
    ),
    "bad_price": FindingKind(
        sentence=_("The price of product {remote_id} cannot be used ({detail})."),
        remedy=_("Correct the price in the store and sync the product."),
    ),
    "price_missing": FindingKind(
        sentence=_("“{title}” has the price 0."), remedy=_("Set its price in the store, if it is not free.")
    ),
    "missing_name": FindingKind(
        sentence=_("Product {remote_id} has no name in the shop's default language."),
        remedy=_("Enter its name in the store and sync it."),
    ),
    "negative_quantity": FindingKind(
        sentence=_("The store shows less than nothing of “{title}”: it was sold more often than there was."),
        remedy=_("It counts as 0 here. Count it, and look at its newest orders."),
    ),
    "stock_not_counted": FindingKind(
        sentence=_("The store does not count “{title}” down when it is sold (Subtract Stock is off)."),
        remedy=_("Switch Subtract Stock on in the store, or Entrepot alone keeps its figure right."),
    ),
    "shared_stock": FindingKind(
        sentence=_("“{title}” is sold in several choices, but the store keeps one counter for all of them."),
        remedy=_(
            "It is one item here, so never more is promised than the store has of all its choices together. "
            "Nothing to do."
        ),
    ),
    "too_many_combinations": FindingKind(
        sentence=_("“{title}” has more combinations of choices than can be listed one by one."),
        remedy=_("Reduce its options in the store, or sell its versions as products of their own."),
    ),
    "sku_from_options": FindingKind(
        sentence=_("The choices of “{title}” have no SKU in the store; Entrepot made them from the names."),
        remedy=_("Nothing to do, unless your labels say otherwise: then change the items' SKUs here."),
    ),
    "sku_from_code": FindingKind(
        sentence=_("Not every choice of “{title}” has a code of yours in the store; the store's own code stands in."),
        remedy=_("Enter a code for each choice in the store and sync it, before labels are printed."),
    ),
    "inventory_off": FindingKind(
        sentence=_("The store does not count the stock of “{title}”, so it sells without end there."),
        remedy=_("Entrepot switches counting on with the first figure it sends. Nothing to do."),
    ),
    "sells_below_zero": FindingKind(
        sentence=_("The store goes on selling “{title}” when nothing is left."),
        remedy=_("Have the store show it as sold out at 0, unless it is meant to be sold ahead."),
    ),
    "brand_unknown": FindingKind(
        sentence=_("The store has no brand of that name, so “{title}” was listed without one."),
        remedy=_("Make the brand in the store and choose it for the product there."),
    ),
    "attribute_unknown": FindingKind(
        sentence=_("The store keeps no such attributes as those of “{title}”; it was listed without some of them."),
        remedy=_("Write what buyers should know into the description."),
    ),
    "optional_choice": FindingKind(
        sentence=_("Buyers may leave the choice of “{title}” open; then nobody knows which one was sold."),
        remedy=_("Make the option required in the store."),
    ),
    "cut_text": FindingKind(
        sentence=_("Text of “{title}” fills its field in the store to the last letter and may have been cut there."),
        remedy=_("Read its name and model in the store."),
    ),
    "bad_row": FindingKind(
        sentence=_("Product {remote_id} cannot be read: {detail}."),
        remedy=_("Open and save the product in the store, then sync it."),
    ),
    "not_in_store": FindingKind(
        sentence=_("“{title}” is assigned to none of the shop's store fronts, so nobody can buy it."),
        remedy=_("Assign it to a store front, if it is to be sold."),
    ),
    "not_yet_available": FindingKind(
        sentence=_("“{title}” is not on sale yet: its date of availability lies ahead."),
        remedy=_("Nothing to do, unless the date is wrong."),
    ),
    "unknown_weight_unit": FindingKind(
        sentence=_("The weight of “{title}” is in a unit that Entrepot does not know."),
        remedy=_("Choose kilogram, gram, pound or ounce for it in the store."),
    ),
    "required_free_input": FindingKind(
        sentence=_("Buyers of “{title}” must write or upload something; it is on each order line."),
        remedy=_("Nothing to do; the picker sees it on the order."),
    ),
    "checkbox_stock": FindingKind(
        sentence=_("“{title}” counts stock on boxes that can be ticked together; such extras have no item here."),
        remedy=_("Sell the extras as products of their own, if their stock matters."),
    ),
    "unknown_price_prefix": FindingKind(
        sentence=_("A choice of “{title}” changes the price in a way that Entrepot does not know (an add-on's)."),
        remedy=_("Compare its price here with the store."),
    ),
    "variant_open_option": FindingKind(
        sentence=_("The variant “{title}” leaves one of its options open."),
        remedy=_("Fix every option of the variant in the store."),
    ),
    "missing_master": FindingKind(
        sentence=_("The product that the variant “{title}” belongs to is not there."),
        remedy=_("Delete the variant in the store, or give it a product again."),
    ),
    "disabled_master": FindingKind(
        sentence=_("The product that the variant “{title}” belongs to is switched off, so nobody can buy the variant."),
        remedy=_("Switch the product on in the store, if the variant is to be sold."),
    ),
    "category_bad": FindingKind(
        sentence=_("Category {remote_id} cannot be used ({detail})."), remedy=_("Correct it in the store.")
    ),
    "brand_bad": FindingKind(
        sentence=_("Brand {remote_id} cannot be used ({detail})."), remedy=_("Correct it in the store.")
    ),
}
_OTHER = FindingKind(
    sentence=_("“{title}” ({remote_id}): {code}."), remedy=_("Look at the product in the store and sync it.")
)

_MATCHED = """
UPDATE channels_finding SET resolved_at = now()
WHERE store_id = %s AND remote_id = %s AND variation_key = %s AND blocking AND resolved_at IS NULL
  AND code IN ('missing_sku', 'duplicate_sku', 'sku_too_long')
"""


def finding_kind(code: str) -> FindingKind:
    """The words of a code; one that nobody listed still has a sentence."""
    return FINDINGS.get(code, _OTHER)


@transaction.atomic
def give_item(*, seller_id: int, listing_id: int, actor: Actor, sku: str | None = None) -> Listing:
    """Make a listing an item by hand, under a SKU (an item that has it is taken) or, without one, under a made-up one.

    A new item opens with the figure the store shows. Orders that waited for the listing move on.

    Raises:
        ListingNotFound: No such listing of this seller.
        AlreadyMatched: It has an item.
        SkuNeeded: The SKU cannot be one.
    """
    listing = _locked_listing(seller_id, listing_id)
    if listing.item is not None:
        raise AlreadyMatched(sku=listing.item.sku)
    item_id = _item_for(listing, sku, actor)
    place = (listing.remote_id, listing.variation_key)
    open_and_match(
        listing.store,
        items={place: item_id},
        figures={} if listing.seen_quantity is None else {place: listing.seen_quantity},
        reference=f"listing:{listing.pk}",
        actor=actor,
    )
    with connection.cursor() as cursor:
        cursor.execute(_MATCHED, [listing.store_id, listing.remote_id, listing.variation_key])
    announce(seller_id, f"store:{listing.store_id}")
    return map_listing(seller_id=seller_id, listing_id=listing_id, item_id=item_id, actor=actor)


def _locked_listing(seller_id: int, listing_id: int) -> Listing:
    rows = Listing.objects.select_for_update(of=("self",)).select_related("item", "store__sales_channel")
    found = rows.filter(seller_id=seller_id, pk=listing_id).first()
    if found is None:
        raise ListingNotFound(listing_id=listing_id)
    return found


def _item_for(listing: Listing, sku: str | None, actor: Actor) -> int:
    wanted = clean_sku(sku) if sku is not None else _made_up(listing)
    if not usable_sku(wanted):
        raise SkuNeeded(field="sku", reason="")
    product = ProductRow(key=listing.remote_id, name=listing.title, image_url=listing.image_url)
    row = ItemRow(sku=wanted, name=listing.title, product=product, options=[tuple(pair) for pair in listing.options])
    return upsert_items(seller_id=listing.seller_id, rows=[row], actor=actor)[wanted]


def _made_up(listing: Listing) -> str:
    """A SKU nobody has: the store's own number, and a few letters so that two stores' numbers do not meet."""
    return f"{listing.store.connector[:2].upper()}{listing.store_id}-{listing.remote_id}-{secrets.token_hex(2).upper()}"
