"""Parts of orders, and orders in one parcel: `entrepot orders split`, `join`, `merge`."""

from collections.abc import Sequence

import click

from entrepot.channels.services.cancel_parts import cancel_whole
from entrepot.channels.services.partial import send_ahead
from entrepot.channels.services.statuses import wake_statuses
from entrepot.channels.services.wakes import wake_pushes
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows
from entrepot.orders import groups, queries, services
from entrepot.orders.models import Order
from entrepot.orders.parts import family, root_of


@click.command("split")
@seller_option
@click.argument("order_id", type=int)
@click.option("--take", "taken", multiple=True, metavar="SKU=N", help="So many go into the new part.")
@click.option("--missing", is_flag=True, help="What is not in stock waits in a part of its own.")
@click.option("--by-warehouse", is_flag=True, help="A part for each further warehouse that holds goods for it.")
def split(seller_id: int, order_id: int, taken: tuple[str, ...], *, missing: bool, by_warehouse: bool) -> None:
    """Split an order before it is packed; its store goes on knowing one order."""
    if bool(taken) + missing + by_warehouse != 1:
        raise click.UsageError("Say what goes into the part: --take SKU=N …, or --missing, or --by-warehouse.")
    if by_warehouse:
        services.split_by_warehouse(seller_id=seller_id, order_id=order_id, actor=person())
    elif missing:
        send_ahead(seller_id=seller_id, order_id=order_id, actor=person())
    else:
        lines = _lines(queries.order(seller_id=seller_id, order_id=order_id), taken)
        services.split_order(seller_id=seller_id, order_id=order_id, lines=lines, actor=person())
    _show(seller_id, order_id)


def _lines(order: Order, taken: tuple[str, ...]) -> dict[int, int]:
    pairs = [text.rpartition("=") for text in taken]
    if any(not sku or not count.isdigit() for sku, _, count in pairs):
        raise click.UsageError("Write SKU=N, such as RED-L=2.")
    known = {(line.item.sku if line.item else line.sku): line.pk for line in order.lines.all()}
    if strange := sorted({sku for sku, _, _ in pairs} - set(known)):
        raise click.UsageError(f"This order has no {', '.join(strange)}; it has {', '.join(known)}.")
    return {known[sku]: int(count) for sku, _, count in pairs}


@click.command("join")
@seller_option
@click.argument("part_id", type=int)
def join(seller_id: int, part_id: int) -> None:
    """Put a part back into the order it was split off from."""
    root = services.join_order(seller_id=seller_id, order_id=part_id, actor=person())
    _show(seller_id, root.pk)


@click.command("parts")
@seller_option
@click.argument("order_id", type=int)
@json_option
def parts(seller_id: int, order_id: int, *, as_json: bool) -> None:
    """The order its store knows, and everything that was split off from it."""
    found = queries.order_head(seller_id=seller_id, order_id=order_id)
    show_rows(_rows(family(seller_id, root_of(found))), as_json=as_json)


@click.command("cancel-all")
@seller_option
@click.argument("order_id", type=int)
@click.option("--reason", default="", help="Stands on the time line of each part.")
@click.confirmation_option(prompt="Cancel this order with all its parts in the store?")
def cancel_all(seller_id: int, order_id: int, reason: str) -> None:
    """Cancel an order with all its parts for the seller: the store is told and confirms."""
    cancel_whole(seller_id=seller_id, order_id=order_id, actor=person(), reason=reason)
    _show(seller_id, order_id)


@click.command("merge")
@seller_option
@click.argument("order_ids", type=int, nargs=-1)
def merge(seller_id: int, order_ids: tuple[int, ...]) -> None:
    """Let orders of one buyer to one address leave in one parcel."""
    members = services.merge_orders(seller_id=seller_id, order_ids=order_ids, actor=person())
    show_rows(_rows(members), as_json=False)


@click.command("unmerge")
@seller_option
@click.argument("order_id", type=int)
def unmerge(seller_id: int, order_id: int) -> None:
    """Let an order travel on its own again."""
    order = services.leave_group(seller_id=seller_id, order_id=order_id, actor=person())
    said(f"Order {order.number} travels on its own again.")


@click.command("merge-suggestions")
@seller_option
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def merge_suggestions(seller_id: int, after: str, *, as_json: bool) -> None:
    """Open orders of one buyer to one address that could share a parcel; one line for each parcel."""
    page = groups.suggestions(seller_id=seller_id, after=after)
    show_rows(
        (
            {
                "buyer": group[0].buyer_name,
                "orders": ", ".join(f"{one.number} ({one.pk})" for one in group),
                "stores": ", ".join(sorted({one.sales_channel.name for one in group})),
            }
            for group in page.rows
        ),
        as_json=as_json,
        empty="No orders could share a parcel now.",
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


def _show(seller_id: int, order_id: int) -> None:
    """Stores are told at once; say where each part is now."""
    found = queries.order_head(seller_id=seller_id, order_id=order_id)
    members = family(seller_id, root_of(found))
    wake_pushes(seller_id)
    wake_statuses(seller_id=seller_id, order_ids=[one.pk for one in members])
    show_rows(_rows(members), as_json=False)


def _rows(members: Sequence[Order]) -> list[dict[str, object]]:
    return [
        {"id": one.pk, "number": one.number, "status": one.status, "total": one.total.normalize()} for one in members
    ]


COMMANDS: Sequence[click.Command] = (split, join, parts, cancel_all, merge, unmerge, merge_suggestions)
"""What `entrepot orders` takes on from here."""
