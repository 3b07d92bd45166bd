"""`entrepot products stores|draft|list-drafts|settle|pull` and `entrepot listings pull`."""

from decimal import Decimal

import click

from entrepot.catalog import queries as catalog_queries
from entrepot.channels.queries import storefront as queries
from entrepot.channels.services import storefront as services
from entrepot.channels.services.differences_settled import settle_words
from entrepot.channels.services.storefront_told import WORDS
from entrepot.cli.catalog import listings, products
from entrepot.cli.offers import amount
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows


@products.command("stores")
@seller_option
@click.argument("product_id", type=int)
@json_option
def in_stores(seller_id: int, product_id: int, *, as_json: bool) -> None:
    """PRODUCT_ID in every store: what we want there, what it was sent, what it shows."""
    product = catalog_queries.product(seller_id=seller_id, product_id=product_id)
    items = [item.pk for item in product.ordered_items]  # type: ignore[attr-defined] # put there by the query
    show_rows(
        (
            {
                "store": place.store.sales_channel.name,
                "remote_id": place.remote_id,
                "state": str(place.state),
                "field": word.name,
                "wanted": word.wanted,
                "sent": word.sent,
                "seen": word.seen,
                "way": str(word.way),
            }
            for place in queries.places(seller_id=seller_id, product_id=product_id, item_ids=items)
            for word in place.words
            if word.name == "name" or word.wanted or word.sent or word.seen
        ),
        as_json=as_json,
    )


@products.command("draft")
@seller_option
@click.argument("product_id", type=int)
@click.argument("store_id", type=int)
@click.option("--price", type=amount, default=None, help="What the buyer pays.")
@click.option("--retail", type=amount, default=None, help="What it costs without a reduction (MRP).")
@click.option("--name", default="", help="The name in this store; empty = the product's own.")
@click.option("--description", default="", help="The description there, as the store takes it (HTML).")
@click.option("--brand", default="", help="A brand of the store.")
@click.option("--category", "categories", multiple=True, help="A category id of the store; may be repeated.")
@click.option("--discard", is_flag=True, help="Throw the draft away.")
def draft(
    seller_id: int,
    product_id: int,
    store_id: int,
    *,
    price: Decimal | None,
    retail: Decimal | None,
    name: str,
    description: str,
    brand: str,
    categories: tuple[str, ...],
    discard: bool,
) -> None:
    """Keep how PRODUCT_ID is to be listed in STORE_ID, which is not told yet."""
    if discard:
        services.discard_draft(seller_id=seller_id, product_id=product_id, store_id=store_id, actor=person())
        said("The draft is gone.")
        return
    fields = {
        "price": price,
        "retail_price": retail,
        "name": name,
        "description": description,
        "brand": brand,
        "category_ids": list(categories),
    }
    services.save_draft(seller_id=seller_id, product_id=product_id, store_id=store_id, fields=fields, actor=person())
    said(f"Kept. Tell the store with `entrepot products list-drafts {product_id} {store_id}`.")


@products.command("list-drafts")
@seller_option
@click.argument("product_id", type=int)
@click.argument("store_ids", type=int, nargs=-1, required=True)
def list_drafts(seller_id: int, product_id: int, store_ids: tuple[int, ...]) -> None:
    """Have the drafts of PRODUCT_ID told to these stores: to all of them or to none."""
    asked = services.list_drafts(seller_id=seller_id, product_id=product_id, store_ids=store_ids, actor=person())
    said(f"{len(asked)} change(s) asked for; see `entrepot listings changes`.")


@products.command("settle")
@seller_option
@click.argument("product_id", type=int)
@click.argument("store_id", type=int)
@click.argument("fields", type=click.Choice(WORDS), nargs=-1, required=True)
@click.option("--theirs/--ours", required=True, help="Take the store's, or tell it ours again.")
@click.option("--at", "remote_id", default="", help="Which product of the store, where it has several.")
def settle(
    seller_id: int, product_id: int, store_id: int, fields: tuple[str, ...], *, theirs: bool, remote_id: str
) -> None:
    """Decide about FIELDS of PRODUCT_ID that were changed in STORE_ID's own admin."""
    product = catalog_queries.product(seller_id=seller_id, product_id=product_id)
    place = queries.place(
        seller_id=seller_id,
        product_id=product_id,
        item_ids=[item.pk for item in product.ordered_items],  # type: ignore[attr-defined] # put there by the query
        store_id=store_id,
        remote_id=remote_id,
    )
    settle_words(
        seller_id=seller_id,
        store_id=store_id,
        remote_id=place.remote_id,
        names=fields,
        theirs=theirs,
        actor=person(),
    )
    said("The store's was taken." if theirs else "The store is told ours again.")


@products.command("pull")
@seller_option
@click.argument("product_id", type=int)
def pull_product(seller_id: int, product_id: int) -> None:
    """Read PRODUCT_ID now from every store that has it."""
    found = services.pull(seller_id=seller_id, product_id=product_id, actor=person())
    said(f"It is read from {len(found)} store(s).")


@listings.command("pull")
@seller_option
@click.argument("listing_ids", type=int, nargs=-1, required=True)
def pull_listings(seller_id: int, listing_ids: tuple[int, ...]) -> None:
    """Read the products of these listings now, with all their variations."""
    found = services.pull(seller_id=seller_id, listing_ids=listing_ids, actor=person())
    said(f"Read again from {len(found)} store(s).")
