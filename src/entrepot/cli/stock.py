"""`entrepot stock …`: figures, the ledger, corrections."""

from datetime import datetime

import click
from django.utils import timezone

from entrepot.catalog.models import Item
from entrepot.catalog.queries import item_by_sku
from entrepot.channels.services.wakes import wake_pushes
from entrepot.channels.services.why import why
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows
from entrepot.inventory import queries
from entrepot.kernel.errors import NotFound
from entrepot.orders.services import adjust_stock as change_stock


class NoSuchSku(NotFound):
    """Nobody has an item of this SKU."""

    code = "no_such_sku"
    message = "There is no item with the SKU “{sku}”. Check the spelling, or create the item first."


def _item(seller_id: int, sku: str) -> Item:
    found = item_by_sku(seller_id=seller_id, sku=sku)
    if found is None:
        raise NoSuchSku(sku=sku)
    return found


@click.group()
def stock() -> None:
    """Figures, the ledger, corrections."""


@stock.command("list")
@seller_option
@click.option("--search", default="", help="Part of a SKU or name.")
@click.option("--level", type=click.Choice(["out", "low", "reserved"]), default=None, help="Only these.")
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def list_stock(seller_id: int, search: str, level: str | None, after: str, *, as_json: bool) -> None:
    """On hand, reserved and available of every item, by SKU."""
    page = queries.stock_list(seller_id=seller_id, search=search, level=level or "", after=after)
    show_rows(
        (
            {
                "sku": row.sku,
                "name": row.name,
                "on_hand": row.on_hand,  # type: ignore[attr-defined] # annotated by the question
                "reserved": row.reserved,  # type: ignore[attr-defined] # likewise
                "available": row.available,  # type: ignore[attr-defined] # likewise
            }
            for row in page.rows
        ),
        as_json=as_json,
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@stock.command("adjust")
@seller_option
@click.argument("sku")
@click.argument("delta", type=int)
@click.option("--reason", required=True, help="Why; it stands in the ledger for ever.")
def adjust_stock(seller_id: int, sku: str, delta: int, reason: str) -> None:
    """Change on hand of SKU by DELTA. Write a negative one after `--`."""
    item = _item(seller_id, sku)
    after = change_stock(seller_id=seller_id, item_id=item.pk, delta=delta, reason=reason, actor=person())
    wake_pushes(seller_id)
    said(f"{sku}: {after} on hand now.")


@stock.command("why")
@seller_option
@click.argument("sku")
@click.option("--at", type=click.DateTime(), default=None, help="A past moment, local time.")
@json_option
def why_this_figure(seller_id: int, sku: str, at: datetime | None, *, as_json: bool) -> None:
    """Why the figure is (or was) what it is: each step and its cause."""
    item = _item(seller_id, sku)
    moment = at.astimezone() if at else timezone.now()
    answer = why(seller_id=seller_id, item_id=item.pk, at=moment)
    if not as_json:
        said(f"{sku}: {answer.on_hand} on hand - {answer.reserved} reserved = {answer.available} available")
        for shown in answer.shown:
            said(f"  {shown.store}: told {shown.told}, shows {shown.seen}")
    show_rows(
        (
            {
                "at": step.at,
                "what": step.kind,
                "on_hand": step.on_hand_delta,
                "reserved": step.reserved_delta,
                "quantity": step.quantity,
                "store": step.store,
                "cause": f"order {step.order_number}" if step.order_number else step.cause,
                "reason": step.reason,
                "by": step.actor,
            }
            for step in answer.steps
        ),
        as_json=as_json,
    )


@stock.command("ledger")
@seller_option
@click.argument("sku")
@json_option
def ledger(seller_id: int, sku: str, *, as_json: bool) -> None:
    """The movements of SKU, newest first."""
    item = _item(seller_id, sku)
    show_rows(
        (
            {
                "at": row.at,
                "kind": row.kind,
                "on_hand": row.on_hand_delta,
                "reserved": row.reserved_delta,
                "after": f"{row.on_hand_after} / {row.reserved_after}",
                "reference": row.reference,
                "reason": row.reason,
                "by": row.actor_label,
            }
            for row in queries.ledger(seller_id=seller_id, item_id=item.pk).rows
        ),
        as_json=as_json,
    )
