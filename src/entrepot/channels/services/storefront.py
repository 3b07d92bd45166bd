"""What a person does with one product in its stores: drafts, lists, changes its words and prices there, reads it again.

Each is a wish (`offers`) or a row of `StoreProduct`; no store is spoken to here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import Q

from entrepot.accounts.services import audit
from entrepot.catalog.models import Product
from entrepot.catalog.queries import product as product_of
from entrepot.channels.errors import DraftIncomplete, DraftNotFound, ListedAlready, ListingNotFound, NothingToPull
from entrepot.channels.live import announce
from entrepot.channels.models import Listing, ListingChange, Run, StoreProduct
from entrepot.channels.queries.stores import store as store_of
from entrepot.channels.services.offers import HERE, Offer, ask_listing, ask_price, offer_fields
from entrepot.channels.services.offers_many import ask_words, standing
from entrepot.channels.services.storefront_told import WORDS, words_of
from entrepot.channels.services.sync import sync_products
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid
from entrepot.kernel.money import plain

DRAFTED = (*WORDS, "price", "retail_price", "prices", "active")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPrice:
    """What one listing is to cost."""

    listing_id: int
    price: Decimal
    retail_price: Decimal | None = None


# --------------------------------------------------------------------------- drafts


@transaction.atomic
def save_draft(
    *, seller_id: int, product_id: int, store_id: int, fields: Mapping[str, Any], actor: Actor
) -> StoreProduct:
    """Keep how a product is to be listed in a store, which is not told yet.

    `fields`: words, price, retail_price, prices by item id, active; what is empty is as the product itself says.

    Raises:
        Invalid: A field is none of these, or a price is no amount.
        ListedAlready: The store has the product.
        NotFound: There is no such product or store.
    """
    product = product_of(seller_id=seller_id, product_id=product_id)
    store = store_of(seller_id=seller_id, store_id=store_id)
    wanted = _drafted(fields)
    Product.objects.select_for_update(no_key=True).get(pk=product.pk, seller_id=seller_id)
    if Listing.objects.filter(seller_id=seller_id, store=store, item__product=product, state__in=HERE).exists():
        raise ListedAlready(name=product.name, store=store.sales_channel.name)
    draft, _is_new = StoreProduct.objects.update_or_create(
        seller_id=seller_id, store=store, product=product, remote_id="", defaults={"wanted": wanted}
    )
    _note(draft, "listings.draft", actor)
    return draft


@transaction.atomic
def discard_draft(*, seller_id: int, product_id: int, store_id: int, actor: Actor) -> None:
    """Throw a draft away.

    Raises:
        DraftNotFound: There is none.
        ListedAlready: The store is being told it.
    """
    draft = _draft(seller_id, product_id, store_id)
    if _creations(seller_id, product_id, store_id).filter(state=ListingChange.State.WAITING).exists():
        raise ListedAlready(name=product_of(seller_id=seller_id, product_id=product_id).name, store=_name(draft))
    _note(draft, "listings.draft_discarded", actor)
    draft.delete()


@transaction.atomic
def discard_drafts(*, seller_id: int, product_id: int, store_ids: Sequence[int], actor: Actor) -> None:
    """Throw the drafts of these stores away, all of them or none.

    Raises:
        DraftNotFound: A store has none.
        ListedAlready: One of them is being told it.
    """
    for store_id in sorted(set(store_ids)):
        discard_draft(seller_id=seller_id, product_id=product_id, store_id=store_id, actor=actor)


def _drafted(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A draft as it is kept: known fields that say something, amounts as plain text."""
    unknown = sorted(set(fields) - set(DRAFTED))
    if unknown:
        raise Invalid(field=unknown[0], reason="“{field}” is not known here. Leave it out.")
    kept = {name: value for name, value in fields.items() if value not in (None, "", [], {}, ())}
    for name in ("price", "retail_price"):
        if name in kept:
            kept[name] = _plain(name, kept[name])
    if "prices" in kept:
        kept["prices"] = {str(item_id): _plain("prices", price) for item_id, price in kept["prices"].items()}
    return kept


def _plain(name: str, amount: object) -> str:
    try:
        number = Decimal(str(amount))
    except InvalidOperation as wrong:
        raise Invalid(field=name, reason="This is not an amount. Give it in figures, such as 19.90.") from wrong
    if not number.is_finite() or number <= 0:
        raise Invalid(field=name, reason="Give a price above zero.")
    return plain(number)


def _draft(seller_id: int, product_id: int, store_id: int) -> StoreProduct:
    rows = StoreProduct.objects.select_for_update(no_key=True, of=("self",)).select_related("store__sales_channel")
    found = rows.filter(seller_id=seller_id, product_id=product_id, store_id=store_id, remote_id="").first()
    if found is None:
        raise DraftNotFound
    return found


def _creations(seller_id: int, product_id: int, store_id: int) -> Any:  # noqa: ANN401 - a query set
    return ListingChange.objects.filter(
        seller_id=seller_id, product_id=product_id, store_id=store_id, kind=ListingChange.Kind.CREATE
    )


def _name(row: StoreProduct) -> str:
    return row.store.sales_channel.name


def _note(row: StoreProduct, verb: str, actor: Actor) -> None:
    facts = {"product": row.product_id, "fields": sorted(row.wanted)}
    audit(
        seller_id=row.seller_id,
        actor=actor,
        verb=verb,
        object_type="store",
        object_id=row.store_id,
        facts=facts,
    )
    announce(row.seller_id, "listings")


# --------------------------------------------------------------------------- listing in one or many stores


@transaction.atomic
def list_in(*, seller_id: int, product_id: int, offers: Mapping[int, Offer], actor: Actor) -> dict[int, ListingChange]:
    """Have a product listed in these stores, all of them or none; how it is offered is kept as each one's draft.

    Raises:
        ListedAlready, PriceImpossible, NotFound, StoreStateForbids, NoSuchPart: It cannot be done in one of them.
    """
    if not offers:
        raise Invalid(field="offers", reason="Choose at least one product and store.")
    asked: dict[int, ListingChange] = {}
    for store_id, offer in sorted(offers.items()):
        save_draft(
            seller_id=seller_id, product_id=product_id, store_id=store_id, fields=offer_fields(offer), actor=actor
        )
        asked[store_id] = ask_listing(
            seller_id=seller_id, product_id=product_id, store_id=store_id, offer=offer, actor=actor
        )
    return asked


@transaction.atomic
def list_drafts(*, seller_id: int, product_id: int, store_ids: Sequence[int], actor: Actor) -> dict[int, ListingChange]:
    """Have the drafts of these stores told to them.

    Raises:
        DraftNotFound: A store has none.
        DraftIncomplete: One has no price.
        ListedAlready, PriceImpossible, NotFound, StoreStateForbids, NoSuchPart: It cannot be done in one of them.
    """
    offers = {}
    for store_id in sorted(set(store_ids)):
        draft = _draft(seller_id, product_id, store_id)
        if "price" not in draft.wanted:
            raise DraftIncomplete(store=_name(draft))
        offers[store_id] = offer_of(draft)
    return list_in(seller_id=seller_id, product_id=product_id, offers=offers, actor=actor)


def offer_of(draft: StoreProduct) -> Offer:
    """A draft as the offer it is to become."""
    kept = draft.wanted
    return Offer(
        price=Decimal(kept["price"]),
        retail_price=Decimal(kept["retail_price"]) if "retail_price" in kept else None,
        prices={int(item_id): Decimal(price) for item_id, price in kept.get("prices", {}).items()},
        active=bool(kept.get("active", True)),
        attributes=[(str(pair[0]), str(pair[1])) for pair in kept.get("attributes", ())],
        **{name: value for name, value in words_of(kept).items() if name != "attributes"},
    )


# --------------------------------------------------------------------------- what is there


@transaction.atomic
def change_there(
    *,
    seller_id: int,
    store_id: int,
    remote_id: str,
    words: Mapping[str, Any],
    prices: Sequence[NewPrice] = (),
    actor: Actor,
    approved: bool = False,
) -> list[ListingChange]:
    """Have a product of a store changed there: its own words, and prices of its listings. All of it or nothing.

    Raises:
        Invalid: Nothing is to be changed, or a field is no word of a product.
        ListingNotFound: The store has no such product, or a price is of another product's listing.
        PriceImpossible, PriceNeedsApproval, StoreStateForbids, NoSuchPart: It cannot be done like that.
    """
    unknown = sorted(set(words) - set(WORDS))
    if unknown:
        raise Invalid(field=unknown[0], reason="“{field}” is not known here. Leave it out.")
    if not (words or prices):
        raise Invalid(field="fields", reason="Say what is to change.")
    rows = Listing.objects.filter(seller_id=seller_id, store_id=store_id, state__in=HERE)
    there = standing(seller_id=seller_id, store_id=store_id, remote_id=remote_id)
    mine = rows.filter(Q(remote_id=remote_id) | Q(parent_id=remote_id)).values_list("pk", flat=True)
    if not there or not {one.listing_id for one in prices} <= set(mine):
        raise ListingNotFound
    asked: list[ListingChange] = []
    if words:
        asked += ask_words(there[0], remote_id=remote_id, words=words, actor=actor)
    for one in prices:
        asked += ask_price(
            seller_id=seller_id,
            listing_ids=[one.listing_id],
            price=one.price,
            retail_price=one.retail_price,
            actor=actor,
            approved=approved,
        )
    return asked


# --------------------------------------------------------------------------- reading again


@transaction.atomic
def pull(
    *,
    seller_id: int,
    actor: Actor,
    product_id: int | None = None,
    listing_ids: Sequence[int] = (),
    store_ids: Sequence[int] | None = None,
) -> list[Run]:
    """Have a product, or these listings (whole products, with all their variations), read from their stores now.

    Raises:
        NothingToPull: No store that can be read has it.
    """
    rows = Listing.objects.filter(seller_id=seller_id, store__state__in=["shadow", "live"])
    if product_id is not None:
        product = product_of(seller_id=seller_id, product_id=product_id)
        rows = rows.filter(item__product=product)
    else:
        rows = rows.filter(pk__in=listing_ids)
    if store_ids is not None:
        rows = rows.filter(store_id__in=store_ids)
    by_store: dict[int, list[int]] = {}
    for store_id, listing_id in rows.order_by("store_id", "id").values_list("store_id", "id"):
        by_store.setdefault(store_id, []).append(listing_id)
    if not by_store:
        raise NothingToPull
    return [
        sync_products(seller_id=seller_id, store_id=store_id, listing_ids=chosen, actor=actor)
        for store_id, chosen in by_store.items()
    ]
