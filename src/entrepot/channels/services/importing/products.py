"""A page of a store's products, written as a set: items, listings, opening stock, findings. A repeat changes nothing.

Of several things with one SKU the one with the lowest remote id gets the item; whoever has it keeps it.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.utils import timezone

from entrepot.catalog.drafts import ItemRow
from entrepot.catalog.models import Item
from entrepot.catalog.queries import ids_by_sku, other_skus
from entrepot.catalog.services import upsert_items
from entrepot.channels.models import Listing, Store
from entrepot.channels.opening import setting
from entrepot.channels.services.differences import note_differences
from entrepot.channels.services.differences_settled import SHOWN
from entrepot.channels.services.importing.findings import bad_item, write_findings
from entrepot.channels.services.importing.rows import (
    Found,
    Shelf,
    Sold,
    remote_order,
    sold_of,
    usable_sku,
)
from entrepot.channels.services.importing.shown import write_seen
from entrepot.channels.services.importing.waiting import open_and_match
from entrepot.connectors.contract import ChannelProduct, ProductPage
from entrepot.kernel.actor import Actor

_MOST = 2_000_000_000
NOTES_THAT_BLOCK = frozenset({"too_many_combinations"})

_LISTINGS = f"""
WITH fresh AS (
    SELECT * FROM unnest(
        %(ids)s::text[], %(keys)s::text[], %(parents)s::text[], %(skus)s::text[], %(titles)s::text[],
        %(options)s::text[], %(prices)s::numeric[], %(retail)s::numeric[], %(currencies)s::text[], %(images)s::text[],
        %(urls)s::text[], %(states)s::text[], %(seen)s::int[], %(items)s::bigint[])
    AS t(remote_id, key, parent_id, remote_sku, title, options, price, retail_price, currency, image_url, url, state,
         seen, item_id)
), written AS (
    INSERT INTO channels_listing AS known
        (seller_id, store_id, item_id, remote_id, variation_key, parent_id, remote_sku, title, options, price,
         retail_price, currency, image_url, url, state, seen_quantity, seen_at, stock_push, force_push, sent_version,
         attempts, error_code, error_reason, agreed, created_at, updated_at)
    SELECT %(seller)s, %(store)s, item_id, remote_id, key, parent_id, remote_sku, title, options::jsonb, price,
           retail_price, currency, image_url, url, state, seen, %(now)s, true, false, -1, 0, '', '',
           {SHOWN.format(row="fresh")}, %(now)s, %(now)s
    FROM fresh ORDER BY remote_id, key
    ON CONFLICT (store_id, remote_id, variation_key) DO UPDATE
    SET item_id = coalesce(known.item_id, excluded.item_id), parent_id = excluded.parent_id,
        remote_sku = excluded.remote_sku, title = excluded.title, options = excluded.options,
        price = excluded.price, retail_price = excluded.retail_price, currency = excluded.currency,
        image_url = excluded.image_url, url = excluded.url, updated_at = excluded.updated_at,
        seen_quantity = CASE WHEN known.sent_at IS NULL THEN excluded.seen_quantity ELSE known.seen_quantity END,
        seen_at = CASE WHEN known.sent_at IS NULL THEN excluded.seen_at END,
        agreed = coalesce(known.agreed, excluded.agreed),
        state = CASE WHEN known.state = 'unlinked' THEN known.state ELSE excluded.state END
    RETURNING known.id, known.seen_quantity, (known.xmax = 0) AS is_new
), told AS (
    INSERT INTO channels_stocktold (listing_id, at, kind, quantity, version, cause)
    SELECT id, %(now)s, 'seen', seen_quantity, NULL, 'import' FROM written WHERE is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FROM written
"""  # noqa: S608 - put together from constants


@dataclass(slots=True)
class Written:
    """What a page brought, counted; `items` = item ids that its listings stand for."""

    products: int = 0
    listings: int = 0
    new_listings: int = 0
    opened: int = 0
    findings: int = 0
    unmatched: int = 0

    def counts(self) -> dict[str, int]:
        """For the run's report."""
        return {
            "products": self.products,
            "listings": self.listings,
            "new_listings": self.new_listings,
            "stock_opened": self.opened,
            "findings": self.findings,
            "unmatched": self.unmatched,
        }


@dataclass(slots=True)
class _Page:
    """A page while it is being written."""

    store: Store
    sold: list[Sold]
    known: Mapping[tuple[str, str], Listing]
    found: list[Found] = field(default_factory=list)
    items: dict[tuple[str, str], int] = field(default_factory=dict)


def write_products(
    store: Store, *, page: ProductPage, shelf: Shelf, reference: str, run_id: int | None, actor: Actor
) -> Written:
    """Make a page of the store's products ours. Must run inside the transaction that moves the cursor.

    Opening stock is set for items that have none yet, under `reference`; nothing else of our stock is touched.
    """
    stands_in = setting(store, "missing_sku") != "leave_unmatched"
    products = sorted(page.products, key=lambda product: remote_order(product.remote_id))
    sold = [one for product in products for one in sold_of(product, shelf=shelf, model_stands_in=stands_in)]
    work = _Page(store, sold, _known_listings(store, sold))
    _note_products(work, products)
    work.found += [bad_item(bad) for bad in page.bad if bad.kind == "product"]
    _match(work, _choose(work), actor)
    now = timezone.now()
    new, total = _write_listings(work, now)
    write_seen(store, products=products, shelf=shelf, now=now)
    if work.known:
        note_differences(
            store, remote_ids=sorted({place[0] for place in work.known} | {one.remote_id for one in products})
        )
    opened = _open(work, reference, actor)
    looked_at = {product.remote_id for product in products} | {bad.remote_id for bad in page.bad}
    write_findings(store, run_id=run_id, found=work.found, looked_at=looked_at)
    return Written(
        products=len(products),
        listings=total,
        new_listings=new,
        opened=opened,
        findings=len(work.found),
        unmatched=sum(one.place not in work.items for one in sold),
    )


def _known_listings(store: Store, sold: Sequence[Sold]) -> dict[tuple[str, str], Listing]:
    rows = Listing.objects.filter(store=store, seller_id=store.seller_id, remote_id__in={one.remote_id for one in sold})
    fields = ("remote_id", "variation_key", "item", "item__sku", "state")
    return {(row.remote_id, row.variation_key): row for row in rows.select_related("item").only(*fields)}


def _note_products(work: _Page, products: Iterable[ChannelProduct]) -> None:
    """What the connector noticed on each product; a missing SKU is noted where it matters (`_choose`)."""
    work.found += [
        Found(
            code=note,
            remote_id=product.remote_id,
            sku=product.sku or "",
            title=product.name,
            blocking=note in NOTES_THAT_BLOCK,
        )
        for product in products
        for note in product.findings
        if note != "missing_sku"
    ]


def _choose(work: _Page) -> list[Sold]:
    """Those that bring an item: with a usable SKU that nothing else in this store has. The others are findings."""
    free = [one for one in work.sold if one.place not in work.known or work.known[one.place].item_id is None]
    items = ids_by_sku(seller_id=work.store.seller_id, skus={one.sku for one in free if one.sku})
    taken = _holders(work.store, items.values())
    chosen: list[Sold] = []
    for one in free:
        if not usable_sku(one.sku):
            code = "sku_too_long" if one.sku else "missing_sku"
            work.found.append(_blocking(one, code, {"used": ""}))
            continue
        holder = taken.setdefault(items.get(one.sku, one.sku), one.place)
        if holder != one.place:
            work.found.append(_blocking(one, "duplicate_sku", {"kept": holder[0], "kept_key": holder[1]}))
            continue
        chosen.append(one)
    blocked = {(one.remote_id, one.key) for one in work.found if one.blocking}
    mine = {row.item_id for row in work.known.values() if row.item_id}
    second = other_skus(seller_id=work.store.seller_id, item_ids=mine)
    for one in work.sold:
        known = work.known.get(one.place)
        merged = second.get(known.item_id or 0, set()) if known else set()
        if one.place not in blocked and one.remote_sku not in merged:
            _note_words(work, one)
    return chosen


def _note_words(work: _Page, one: Sold) -> None:
    """Say where our SKU is not what the store says: the model stood in for it, or it was changed over there."""
    known = work.known.get(one.place)
    ours = known.item.sku if known and known.item else one.sku
    if not one.remote_sku and usable_sku(ours):
        work.found.append(
            Found(
                code="missing_sku",
                remote_id=one.remote_id,
                key=one.key,
                sku=ours,
                title=one.title,
                facts={"used": ours},
            )
        )
    elif known and known.item and one.remote_sku and one.remote_sku != ours:
        facts = {"ours": ours, "theirs": one.remote_sku}
        work.found.append(
            Found(code="sku_changed", remote_id=one.remote_id, key=one.key, sku=ours, title=one.title, facts=facts)
        )


def _blocking(one: Sold, code: str, facts: Mapping[str, str]) -> Found:
    return Found(
        code=code, remote_id=one.remote_id, key=one.key, sku=one.sku, title=one.title, facts=facts, blocking=True
    )


def _holders(store: Store, items: Collection[int]) -> dict[int | str, tuple[str, str]]:
    """Which listing of this store has each of these items; the lowest remote id where a person gave it to several."""
    if not items:
        return {}
    rows = Listing.objects.filter(
        store=store,
        seller_id=store.seller_id,
        item_id__in=set(items),
        state__in=[Listing.State.ACTIVE, Listing.State.INACTIVE],
    )
    places = [(remote_id, key, item) for item, remote_id, key in rows.values_list("item", "remote_id", "variation_key")]
    holders: dict[int | str, tuple[str, str]] = {}
    for remote_id, key, item_id in sorted(places, key=lambda place: (remote_order(place[0]), place[1])):
        if item_id is not None:
            holders.setdefault(item_id, (remote_id, key))
    return holders


def _match(work: _Page, chosen: Sequence[Sold], actor: Actor) -> None:
    """Find or make the items, and remember which listing stands for which."""
    for place, listing in work.known.items():
        if listing.item_id is not None:
            work.items[place] = listing.item_id
    if not chosen:
        return
    rows = [*_anchors(work, chosen), *(one.item_row() for one in chosen)]
    ids = upsert_items(seller_id=work.store.seller_id, rows=rows, actor=actor)
    for one in chosen:
        work.items[one.place] = ids[one.sku]


def _anchors(work: _Page, chosen: Sequence[Sold]) -> list[ItemRow]:
    """One known item of each product that chosen variants join, so that they come to stand under that product."""
    groups = {one.product.key: one.product for one in chosen if one.product.is_group}
    if not groups:
        return []
    relatives = Listing.objects.filter(store=work.store, seller_id=work.store.seller_id).exclude(item=None)
    by_self = relatives.filter(remote_id__in=groups).values_list("remote_id", "item_id")
    by_parent = relatives.filter(parent_id__in=groups).values_list("parent_id", "item_id")
    anchor = dict([*by_parent, *by_self])
    skus = dict(Item.objects.filter(seller_id=work.store.seller_id, pk__in=anchor.values()).values_list("pk", "sku"))
    return [
        ItemRow(sku=skus[item_id], name="", product=groups[key]) for key, item_id in anchor.items() if item_id in skus
    ]


def _write_listings(work: _Page, now: datetime) -> tuple[int, int]:
    """Upsert the listings; how many are new, and how many there are."""
    unique = {one.place: one for one in work.sold}
    rows = list(unique.values())
    if not rows:
        return 0, 0
    facts = {
        "seller": work.store.seller_id,
        "store": work.store.pk,
        "now": now,
        "ids": [one.remote_id for one in rows],
        "keys": [one.key for one in rows],
        "parents": [one.parent_id for one in rows],
        "skus": [one.remote_sku[:255] for one in rows],
        "titles": [_text(one.title, 500) for one in rows],
        "options": [_json(one.options) for one in rows],
        "prices": [one.price for one in rows],
        "retail": [one.retail_price for one in rows],
        "currencies": [one.currency[:3] for one in rows],
        "images": [_text(one.image_url, 1000) for one in rows],
        "urls": [_text(one.url, 1000) for one in rows],
        "states": ["active" if one.active else "inactive" for one in rows],
        "seen": [_figure(one.quantity) for one in rows],
        "items": [work.items.get(one.place) for one in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(_LISTINGS, facts)
        new, total = cursor.fetchone()
    return int(new), int(total)


def _open(work: _Page, reference: str, actor: Actor) -> int:
    """The first store that brings an item says how much of it there is."""
    figures = {one.place: figure for one in work.sold if (figure := _figure(one.quantity)) is not None}
    return open_and_match(work.store, items=work.items, figures=figures, reference=reference, actor=actor)


def _figure(quantity: int | None) -> int | None:
    """A stock figure our columns can hold; stores show negative ones too."""
    return None if quantity is None else max(-_MOST, min(quantity, _MOST))


def _text(text: str, length: int) -> str:
    return text.replace("\x00", "")[:length]


def _json(options: Sequence[tuple[str, str]]) -> str:
    return json.dumps([list(option) for option in options], ensure_ascii=False).replace("\\u0000", "")
