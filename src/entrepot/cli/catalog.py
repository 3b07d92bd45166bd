"""`entrepot products …` and `entrepot listings …`."""

import click

from entrepot.catalog import queries
from entrepot.catalog.product_words import attributes_out
from entrepot.channels.queries import listings as questions
from entrepot.channels.services.mapping import map_listing
from entrepot.channels.services.merging import merge_items, preview
from entrepot.channels.words import sentence
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows
from entrepot.cli.stock import NoSuchSku


@click.group()
def products() -> None:
    """Products and their items."""


@products.command("list")
@seller_option
@click.option("--search", default="", help="Part of a name, SKU or barcode.")
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def list_products(seller_id: int, search: str, after: str, *, as_json: bool) -> None:
    """Products, newest first."""
    page = queries.products(seller_id=seller_id, search=search, after=after)
    show_rows(
        (
            {
                "id": row.pk,
                "name": row.name,
                "brand": row.brand or "",
                "items": row.item_count,
                "first_sku": row.first_sku,
            }
            for row in page.rows
        ),
        as_json=as_json,
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@products.command("show")
@seller_option
@click.argument("sku")
@json_option
def show_product(seller_id: int, sku: str, *, as_json: bool) -> None:
    """The product that SKU belongs to: what it says of itself, and its items."""
    found = queries.item_by_sku(seller_id=seller_id, sku=sku)
    if found is None:
        raise NoSuchSku(sku=sku)
    product = queries.product(seller_id=seller_id, product_id=found.product_id)
    facts: dict[str, object] = {
        "id": product.pk,
        "name": product.name,
        "brand": product.brand.name if product.brand else "",
        "items": [item.sku for item in product.ordered_items],  # type: ignore[attr-defined] # put there by the query
        "attributes": product.attributes,
        "images": [one for one in (product.image_url, *product.images) if one],
        "description": product.description,
    }
    if as_json:
        show_rows([facts], as_json=True)
        return
    shown = {**facts, "attributes": attributes_out(product.attributes)}
    for name, value in shown.items():
        for line in value if isinstance(value, list) else [value]:
            if line:
                said(f"{name}: {line}")


@products.command("merge")
@seller_option
@click.argument("keep")
@click.argument("other")
@click.option("--yes", "sure", is_flag=True, help="Do it; without, only what would happen is said.")
def merge(seller_id: int, keep: str, other: str, *, sure: bool) -> None:
    """Make OTHER another SKU of KEEP: stock, listings, prices and kits go over. It cannot be undone."""
    kept, merged = (_item(seller_id, sku) for sku in (keep, other))
    if sure:
        merge_items(seller_id=seller_id, kept_id=kept, merged_id=merged, actor=person())
        said(f"{other} is {keep} now.")
        return
    look = preview(seller_id=seller_id, kept_id=kept, merged_id=merged)
    said(f"{other} becomes {keep}: {look.on_hand} on hand, {len(look.listings)} listing(s), {len(look.kits)} kit(s).")
    for block in look.blocks:
        said(f"In the way: {sentence(block)}")
    for store in look.twins:
        said(f"{store} then lists it twice.")
    if not look.blocks:
        said("Say it again with --yes to do it.")


def _item(seller_id: int, sku: str) -> int:
    found = queries.item_by_sku(seller_id=seller_id, sku=sku)
    if found is None:
        raise NoSuchSku(sku=sku)
    return found.pk


@click.group()
def listings() -> None:
    """Items as sold in stores."""


@listings.command("list")
@seller_option
@click.option("--store", "store_id", type=int, default=None, help="Only this store.")
@click.option("--show", type=click.Choice(["unmatched", "failed", "stale", "different"]), default=None)
@click.option("--search", default="", help="Part of a SKU or title.")
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def list_listings(
    seller_id: int, store_id: int | None, show: str | None, search: str, after: str, *, as_json: bool
) -> None:
    """Listings, newest first: what we told the store and what it showed."""
    by = questions.ListingFilter(search=search, store_id=store_id, show=show or "")
    page = questions.listings(seller_id=seller_id, by=by, after=after)
    show_rows(
        (
            {
                "id": row.pk,
                "store": row.store.sales_channel.name,
                "sku": row.item.sku if row.item else "",
                "title": row.title,
                "state": row.state,
                "available": row.available,  # type: ignore[attr-defined] # annotated by the question
                "sent": row.sent_quantity,
                "seen": row.seen_quantity,
                "error": row.error_code,
            }
            for row in page.rows
        ),
        as_json=as_json,
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@listings.command("map")
@seller_option
@click.argument("listing_id", type=int)
@click.argument("sku")
def map_to_item(seller_id: int, listing_id: int, sku: str) -> None:
    """Say that LISTING_ID sells the item SKU. Orders that waited for it move on."""
    item = queries.item_by_sku(seller_id=seller_id, sku=sku)
    if item is None:
        raise NoSuchSku(sku=sku)
    map_listing(seller_id=seller_id, listing_id=listing_id, item_id=item.pk, actor=person())
    said(f"Listing {listing_id} is {sku} now.")
