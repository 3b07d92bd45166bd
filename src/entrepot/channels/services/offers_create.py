"""Products that stores are to make: many in a call where a store takes many, and begun ones gone on with.

What a store has of a product already stands in `ListingChange.made`, written down before the next step. A wish that was
given up half-way hands it to the next wish for the same product there (`offers_begun`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from django.db import transaction

from entrepot.catalog.models import Item
from entrepot.channels.models import Listing, ListingChange, Store
from entrepot.channels.services.importing.errand import store_actor
from entrepot.channels.services.importing.lists import load_shelf
from entrepot.channels.services.importing.products import write_products
from entrepot.channels.services.offers_begun import note_asked, take_over_begun
from entrepot.channels.services.offers_draft import creations, told_by
from entrepot.channels.services.offers_noted import note_done, note_refusal, note_wait
from entrepot.channels.services.offers_priced import ask_missing_price
from entrepot.channels.services.pictures_out import without_pictures
from entrepot.channels.services.storefront_told import adopt_drafts, note_all_told
from entrepot.channels.services.trouble import words_of
from entrepot.connectors.contract import (
    ChannelProduct,
    Created,
    LevelAnswer,
    ListingDraft,
    ListingSink,
    Making,
    ProductPage,
)
from entrepot.kernel.errors import ChannelError, ChannelRejected, EntrepotError, NotFound

Answers = Sequence[LevelAnswer | None]


def create_products(store: Store, *, sink: ListingSink, changes: Sequence[ListingChange]) -> Answers:
    """Have the store make these; each that it refuses, or stumbles over, is noted for itself and stops no other.

    What it stumbled over is tried again and not among the answers.

    Raises:
        ChannelError: The store cannot be talked to; `made` says how far it came.
    """
    refused = take_over_begun(store, changes=changes)
    drafts = creations(store, changes=changes, with_images=sink.fetches_images)
    refused |= {change.pk: NotFound() for change in changes if change.pk not in drafts}
    refused |= without_pictures(seller_id=store.seller_id, drafts=drafts)
    going = [change for change in changes if change.pk not in refused]
    note_asked(going)
    for change in going:
        drafts[change.pk] = replace(drafts[change.pk], key=change.made["key"])
    makings = [_making(change) for change in going]
    answers = sink.create_many([drafts[change.pk] for change in going], makings) if going else []
    made: list[tuple[ListingChange, Created]] = []
    for change, answer in zip(going, answers, strict=True):
        if answer.error is None:
            made.append((change, answer))
        else:
            refused[change.pk] = answer.error
    _write(store, made, drafts)
    for change in changes:
        if change.pk in refused:
            _note_refused(change, refused[change.pk])
    ended = [change for change in changes if not _is_passing(refused.get(change.pk))]
    return [_refusal(change, refused[change.pk]) if change.pk in refused else None for change in ended]


def _is_passing(error: EntrepotError | None) -> bool:
    """Whether another try may go well: the store did not refuse this, it only failed at it."""
    return isinstance(error, ChannelError) and not isinstance(error, ChannelRejected)


def _note_refused(change: ListingChange, error: EntrepotError) -> None:
    if isinstance(error, ChannelError) and _is_passing(error):
        note_wait(change, error=error)
    else:
        note_refusal(change, words=words_of(error) | {"code": error.code}, detail=error.detail)


def take_in(store: Store, *, products: Sequence[ChannelProduct]) -> None:
    """What the store shows of these now, as the import would write it."""
    write_products(
        store,
        page=ProductPage(products=products, next=None),
        shelf=load_shelf(store),
        reference="listing",
        run_id=None,
        actor=store_actor(store),
    )


def _making(change: ListingChange) -> Making:
    """What the store has of it already; whatever it takes from here on is written down at once."""
    return Making(
        remote_id=change.made.get("remote_id", ""),
        images=dict(change.made.get("images", {})),
        keep=partial(_keep, change),
    )


def _keep(change: ListingChange, making: Making) -> None:
    change.made |= {"remote_id": making.remote_id, "images": dict(making.images)}
    change.save(update_fields=["made"])


def _write(store: Store, made: Sequence[tuple[ListingChange, Created]], drafts: Mapping[int, ListingDraft]) -> None:
    if not made:
        return
    with transaction.atomic():
        _lay_out(store, made)
        ids = {change.product_id or 0: answer.products[0].remote_id[:80] for change, answer in made}
        adopt_drafts(store, made=ids)
        take_in(store, products=[product for _, answer in made for product in answer.products])
        words = {ids[change.product_id or 0]: told_by(drafts[change.pk], filled_only=True) for change, _ in made}
        note_all_told(store, told=words)
        for change, answer in made:
            product = answer.products[0]
            change.remote_id = product.remote_id[:80]
            note_done(change, seen={"remote_id": product.remote_id, "url": product.url})
            ask_missing_price(store, change=change, draft=drafts[change.pk])


def _lay_out(store: Store, made: Sequence[tuple[ListingChange, Created]]) -> None:
    """A listing for each thing made, of the item it was made of: also where the store keeps no SKU for a choice.

    Written before the products are taken in, which would otherwise look for items by the SKUs the store shows.
    """
    items: dict[int, list[Item]] = {}
    wanted = [change.product_id or 0 for change, _ in made]
    for item in Item.objects.filter(seller_id=store.seller_id, product_id__in=wanted).order_by("pk"):
        items.setdefault(item.product_id, []).append(item)
    rows: list[Listing] = []
    for change, answer in made:
        rows += _listings_of(store, items.get(change.product_id or 0, []), answer.products)
    Listing.objects.bulk_create(rows, ignore_conflicts=True)


def _listings_of(store: Store, items: Sequence[Item], products: Sequence[ChannelProduct]) -> list[Listing]:
    by_sku = {item.sku: item.pk for item in items}
    by_choice = {_choices(item.options): item.pk for item in items}
    rows = []
    for product in products:
        things = [(one.key, one.sku, one.options) for one in product.variations]
        for key, sku, options in things or ([] if product.is_parent else [("", product.sku, product.options)]):
            found = items[0].pk if len(items) == 1 else by_sku.get(sku or "") or by_choice.get(_choices(options))
            if found is not None:
                rows.append(
                    Listing(
                        seller_id=store.seller_id,
                        store=store,
                        item_id=found,
                        remote_id=product.remote_id,
                        variation_key=key,
                        parent_id=product.parent_id or "",
                        title=product.name[:500],
                        currency=product.currency[:3],
                        force_push=True,
                    )
                )
    return rows


def _choices(options: Sequence[Sequence[str]]) -> frozenset[str]:
    return frozenset(str(option[1]).strip().casefold() for option in options if len(option) > 1)


def _refusal(change: ListingChange, error: EntrepotError) -> LevelAnswer:
    return LevelAnswer(remote_id=change.remote_id, variation_key="", outcome="refused", code=error.code)
