"""`entrepot categories …`: the seller's own tree; `entrepot shelves …`: what it is in each store."""

import click

from entrepot.catalog import queries
from entrepot.catalog import services as catalog
from entrepot.channels.queries.shelves import What, shelf_page
from entrepot.channels.queries.shelves import shelves as shelves_in
from entrepot.channels.queries.stores import store as store_of
from entrepot.channels.services.shelving import map_brands, map_categories, take_suggestions
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows

what_option = click.option("--brands", "what", flag_value="brands", default=None, help="Brands instead of categories.")


def _meant(what: str | None) -> What:
    return "brands" if what else "categories"


@click.group()
def categories() -> None:
    """The seller's own categories."""


@categories.command("list")
@seller_option
@click.option("--search", default="", help="Part of a path.")
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def list_categories(seller_id: int, search: str, after: str, *, as_json: bool) -> None:
    """Categories in the order of their paths."""
    page = queries.categories(seller_id=seller_id, search=search, after=after)
    show_rows(({"id": row.pk, "path": row.words, "products": row.products} for row in page.rows), as_json=as_json)
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@categories.command("make")
@seller_option
@click.argument("name")
@click.option("--inside", type=int, default=None, help="The number of the category it lies in; none: at the top.")
def make_category(seller_id: int, name: str, inside: int | None) -> None:
    """Make a category."""
    made = catalog.make_category(seller_id=seller_id, name=name, parent_id=inside, actor=person())
    said(f"{made.name} is category {made.pk}.")


@categories.command("rename")
@seller_option
@click.argument("category_id", type=int)
@click.argument("name")
def rename_category(seller_id: int, category_id: int, name: str) -> None:
    """Give CATEGORY_ID another NAME."""
    catalog.rename_category(seller_id=seller_id, category_id=category_id, name=name, actor=person())
    said(f"Category {category_id} is {name.strip()} now.")


@categories.command("move")
@seller_option
@click.argument("category_id", type=int)
@click.option("--inside", type=int, default=None, help="The number of the category it lies in; none: to the top.")
def move_category(seller_id: int, category_id: int, inside: int | None) -> None:
    """Put CATEGORY_ID with all below it somewhere else."""
    catalog.move_category(seller_id=seller_id, category_id=category_id, parent_id=inside, actor=person())
    said(queries.category(seller_id=seller_id, category_id=category_id).words)


@categories.command("delete")
@seller_option
@click.argument("category_id", type=int)
def delete_category(seller_id: int, category_id: int) -> None:
    """Take CATEGORY_ID away; its products come to lie in the one above it."""
    n = catalog.delete_category(seller_id=seller_id, category_id=category_id, actor=person())
    said(f"Deleted; {n} product(s) lay in it.")


@click.group()
def shelves() -> None:
    """What our categories and brands are in a store."""


@shelves.command("list")
@seller_option
@click.argument("store_id", type=int)
@what_option
@click.option(
    "--show", type=click.Choice(["open", "mapped"]), default=None, help="Only those without, or with, a place."
)
@click.option("--search", default="", help="Part of a path or name of ours.")
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def list_shelves(
    seller_id: int, store_id: int, what: str | None, show: str | None, *, search: str, after: str, as_json: bool
) -> None:
    """Ours, and what they are in STORE_ID; with a question mark what they may be."""
    store = store_of(seller_id=seller_id, store_id=store_id)
    there = shelves_in(seller_id=seller_id, store=store, what=_meant(what))
    page = shelf_page(seller_id=seller_id, there=there, search=search, show=show or "", after=after)
    show_rows(
        (
            {
                "id": row.pk,
                "ours": row.words,
                "products": row.products,
                "store": "; ".join(f"{place.words} #{place.remote_id}" for place in row.places),
                "idea": f"{row.idea.place.words} #{row.idea.place.remote_id}?" if row.idea else "",
            }
            for row in page.rows
        ),
        as_json=as_json,
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@shelves.command("map")
@seller_option
@click.argument("store_id", type=int)
@click.argument("our_id", type=int)
@click.argument("remote_ids", nargs=-1)
@what_option
def map_shelf(seller_id: int, store_id: int, our_id: int, remote_ids: tuple[str, ...], what: str | None) -> None:
    """Say that our category OUR_ID is REMOTE_IDS in STORE_ID; without any, the mapping is taken away."""
    if _meant(what) == "brands":
        wanted = {our_id: remote_ids[0] if remote_ids else ""}
        n = map_brands(seller_id=seller_id, store_id=store_id, wanted=wanted, actor=person())
    else:
        n = map_categories(seller_id=seller_id, store_id=store_id, wanted={our_id: remote_ids}, actor=person())
    said(f"{n} mapping(s) changed.")


@shelves.command("suggested")
@seller_option
@click.argument("store_id", type=int)
@what_option
def take_suggested(seller_id: int, store_id: int, what: str | None) -> None:
    """Map everything nobody has mapped that has the same path or name in STORE_ID."""
    n = take_suggestions(seller_id=seller_id, store_id=store_id, what=_meant(what), actor=person())
    said(f"{n} mapping(s) changed.")
