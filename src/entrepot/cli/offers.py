"""`entrepot listings price|show|hide|delete`, `entrepot products list-in`, and what became of it."""

from decimal import Decimal, InvalidOperation

import click

from entrepot.catalog import queries as catalog_queries
from entrepot.channels.models import ListingChange
from entrepot.channels.queries import offers as queries
from entrepot.channels.services import offers
from entrepot.channels.services.differences_settled import decide
from entrepot.cli.catalog import listings, products
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows


def amount(text: str) -> Decimal:
    """An exact amount; click says which option cannot be one."""
    try:
        return Decimal(text)
    except InvalidOperation as wrong:
        raise ValueError(text) from wrong


def _told(changes: list[ListingChange]) -> None:
    said(f"{len(changes)} change(s) asked for; see `entrepot listings changes`.")


@listings.command("price")
@seller_option
@click.argument("listing_id", type=int)
@click.argument("price", type=amount)
@click.option("--retail", type=amount, default=None, help="What it costs without a reduction (MRP).")
@click.option("--yes", "approved", is_flag=True, help="Also when the price falls by more than 30 %.")
def set_price(seller_id: int, listing_id: int, price: Decimal, retail: Decimal | None, *, approved: bool) -> None:
    """Have LISTING_ID sold at PRICE."""
    _told(
        offers.ask_price(
            seller_id=seller_id,
            listing_ids=[listing_id],
            price=price,
            retail_price=retail,
            approved=approved,
            actor=person(),
        )
    )


@listings.command("words")
@seller_option
@click.argument("listing_id", type=int)
@click.option("--name", default=None, help="The product's name in its store.")
@click.option("--description", default=None, help="Its description there, as the store takes it (HTML).")
@click.option("--brand", default=None, help="A brand of the store.")
@click.option("--category", "categories", multiple=True, help="A category id of the store; may be repeated.")
def set_words(
    seller_id: int,
    listing_id: int,
    *,
    name: str | None,
    description: str | None,
    brand: str | None,
    categories: tuple[str, ...],
) -> None:
    """Have the words of LISTING_ID's product changed in its store; what is not given stays."""
    given = {"name": name, "description": description, "brand": brand, "category_ids": list(categories) or None}
    fields = {field: value for field, value in given.items() if value is not None}
    _told(offers.ask_update(seller_id=seller_id, listing_id=listing_id, fields=fields, actor=person()))


@listings.command("show")
@seller_option
@click.argument("listing_ids", type=int, nargs=-1, required=True)
def show(seller_id: int, listing_ids: tuple[int, ...]) -> None:
    """Have the products of these listings shown to buyers."""
    _told(offers.ask_active(seller_id=seller_id, listing_ids=listing_ids, active=True, actor=person()))


@listings.command("hide")
@seller_option
@click.argument("listing_ids", type=int, nargs=-1, required=True)
def hide(seller_id: int, listing_ids: tuple[int, ...]) -> None:
    """Have the products of these listings hidden from buyers."""
    _told(offers.ask_active(seller_id=seller_id, listing_ids=listing_ids, active=False, actor=person()))


@listings.command("delete")
@seller_option
@click.argument("listing_ids", type=int, nargs=-1, required=True)
@click.confirmation_option(prompt="The products go from their stores for good. Go on?")
def delete(seller_id: int, listing_ids: tuple[int, ...]) -> None:
    """Have the products of these listings deleted in their stores."""
    _told(offers.ask_delete(seller_id=seller_id, listing_ids=listing_ids, approved=True, actor=person()))


@listings.command("changes")
@seller_option
@click.option("--state", type=click.Choice([str(state) for state in ListingChange.State.values]), default=None)
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def changes(seller_id: int, state: str | None, after: str, *, as_json: bool) -> None:
    """What stores were asked to change, newest first."""
    page = queries.changes(seller_id=seller_id, state=state or "", after=after)
    show_rows(
        (
            {
                "id": row.pk,
                "store": row.store.sales_channel.name,
                "listing": row.listing_id or "",
                "what": row.kind,
                "state": row.state,
                "fields": " ".join(f"{name}={value}" for name, value in row.fields.items() if value not in {None, ""}),
                "error": row.error_reason,
            }
            for row in page.rows
        ),
        as_json=as_json,
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@listings.command("differences")
@seller_option
@json_option
def differences(seller_id: int, *, as_json: bool) -> None:
    """What was changed in stores' own admins and waits for a decision."""
    page = queries.differences(seller_id=seller_id)
    show_rows(
        (
            {
                "id": row.pk,
                "listing": row.listing_id,
                "title": row.listing.title,
                "field": row.field,
                "ours": row.ours,
                "theirs": row.theirs,
            }
            for row in page.rows
        ),
        as_json=as_json,
    )


@listings.command("decide")
@seller_option
@click.argument("difference_id", type=int)
@click.argument("decision", type=click.Choice(["theirs", "ours"]))
def decide_difference(seller_id: int, difference_id: int, decision: str) -> None:
    """Take the store's (theirs), or tell it ours again (ours)."""
    decide(seller_id=seller_id, difference_id=difference_id, decision=decision, actor=person())
    said(f"Difference {difference_id}: {decision}.")


@products.command("list-in")
@seller_option
@click.argument("product_id", type=int)
@click.argument("store_id", type=int)
@click.option("--price", type=amount, required=True, help="What the buyer pays.")
@click.option("--retail", type=amount, default=None, help="What it costs without a reduction (MRP).")
@click.option("--name", default="", help="The name in this store; empty = the product's own.")
@click.option("--category", "categories", multiple=True, help="A category id of the store; may be repeated.")
@click.option("--hidden", is_flag=True, help="Do not show it to buyers yet.")
def list_in(
    seller_id: int,
    product_id: int,
    store_id: int,
    *,
    price: Decimal,
    retail: Decimal | None,
    name: str,
    categories: tuple[str, ...],
    hidden: bool,
) -> None:
    """Have PRODUCT_ID listed in STORE_ID."""
    product = catalog_queries.product(seller_id=seller_id, product_id=product_id)
    offer = offers.Offer(price=price, retail_price=retail, name=name, category_ids=categories, active=not hidden)
    change = offers.ask_listing(
        seller_id=seller_id, product_id=product.pk, store_id=store_id, offer=offer, actor=person()
    )
    said(f"{product.name}: asked for (change {change.pk}).")
