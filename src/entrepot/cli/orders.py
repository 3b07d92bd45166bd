"""`entrepot orders …`."""

from collections.abc import Callable
from typing import Any, Final

import click

from entrepot.channels.services import claims
from entrepot.channels.services.packing import number_parcel, pack_order
from entrepot.channels.services.statuses import cancel_in_store, wake_statuses
from entrepot.channels.services.wakes import wake_pushes
from entrepot.cli.bulk import bulk, bulk_stop, bulks, import_orders
from entrepot.cli.order_filter import narrowed, order_filters
from entrepot.cli.parts import COMMANDS as PARTS
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows
from entrepot.fulfilment import services as parcels
from entrepot.fulfilment.queries import shipments_of
from entrepot.kernel.page import PAGE_SIZE
from entrepot.orders import queries, services
from entrepot.orders.flow import ORDER_FLOW
from entrepot.orders.models import Order
from entrepot.warehouse.services.desk import follow_these, hand_over

VERBS: Final[dict[str, Callable[..., Any]]] = {
    "release": services.release_to_warehouse,
    "unpack": claims.unpack,
    "hand-over": hand_over,
    "complete": parcels.deliver,
    "unhold": services.unhold,
}

DECISIONS: Final[dict[str, Callable[..., Any]]] = {
    "go-on": claims.refuse_and_go_on,
    "unpack-and-cancel": claims.unpack_and_cancel,
}


@click.group()
def orders() -> None:
    """The order desk."""


@orders.command("list")
@seller_option
@order_filters
@click.option("--limit", type=click.IntRange(1, 1000), default=PAGE_SIZE, help="How many at once.")
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def list_orders(seller_id: int, limit: int, after: str, *, as_json: bool, **words: Any) -> None:  # noqa: ANN401 - the filters
    """Orders, newest first."""
    by = narrowed(seller_id, words)
    page = queries.orders(seller_id=seller_id, by=by, after=after, limit=limit)
    show_rows((_line(order) for order in page.rows), as_json=as_json)
    if page.next and not as_json:
        said(f"More: --after {page.next}")


def _line(order: Order) -> dict[str, object]:
    return {
        "id": order.pk,
        "number": order.number,
        "store": order.sales_channel.name,
        "status": order.status,
        "why": order.hold_code,
        "placed_at": order.placed_at,
        "buyer": order.buyer_name,
        "total": order.total.normalize(),
        "currency": order.base_currency,
    }


@orders.command("counts")
@seller_option
@json_option
def counts(seller_id: int, *, as_json: bool) -> None:
    """How many orders stand at each status."""
    found = queries.status_counts(seller_id=seller_id)
    show_rows(({"status": status, "quantity": number} for status, number in found.items()), as_json=as_json)


@orders.command("show")
@seller_option
@click.argument("order_id", type=int)
@json_option
def show_order(seller_id: int, order_id: int, *, as_json: bool) -> None:
    """One order: its lines, its time line, and what may be done next."""
    order = queries.order(seller_id=seller_id, order_id=order_id)
    lines = [
        {"sku": line.sku, "name": line.name, "quantity": line.quantity, "total": line.line_total.normalize()}
        for line in order.lines.all()
    ]
    if as_json:
        show_rows([_line(order) | {"lines": lines, "moves": ORDER_FLOW.open_moves(order.status)}], as_json=True)
        return
    show_rows([_line(order)], as_json=False)
    show_rows(lines, as_json=False)
    show_rows(
        (
            {"at": event.at, "what": event.kind, "to": event.to_status, "by": event.actor_label}
            for event in order.events.all()
        ),
        as_json=False,
    )
    said("Possible now: " + (", ".join(ORDER_FLOW.open_moves(order.status)) or "nothing"))


@orders.command("move")
@seller_option
@click.argument("move", type=click.Choice(list(VERBS)))
@click.argument("order_id", type=int)
def move_order(seller_id: int, move: str, order_id: int) -> None:
    """Take an order one step on."""
    VERBS[move](seller_id=seller_id, order_id=order_id, actor=person())
    _moved(seller_id, order_id)


def _moved(seller_id: int, order_id: int) -> None:
    """Stores are told at once; say where the order is now."""
    follow_these(seller_id=seller_id, order_ids=[order_id], actor=person())
    wake_pushes(seller_id)
    wake_statuses(seller_id=seller_id, order_ids=[order_id])
    order = queries.order_head(seller_id=seller_id, order_id=order_id)
    said(f"Order {order.number} is {order.get_status_display()} now.")


@orders.command("pack")
@seller_option
@click.argument("order_id", type=int)
@click.option("--carrier", default="", help="Its code in the store (`entrepot stores carriers`), or any name.")
@click.option("--number", "tracking_number", default="", help="The tracking number.")
def pack(seller_id: int, order_id: int, carrier: str, tracking_number: str) -> None:
    """Pack what is left of an order into a parcel; the store is told."""
    pack_order(seller_id=seller_id, order_id=order_id, carrier=carrier, tracking_number=tracking_number, actor=person())
    _moved(seller_id, order_id)


@orders.command("parcels")
@seller_option
@click.argument("order_id", type=int)
@json_option
def list_parcels(seller_id: int, order_id: int, *, as_json: bool) -> None:
    """An order's parcels, void ones too."""
    queries.order_head(seller_id=seller_id, order_id=order_id)
    show_rows(
        (
            {
                "id": one.pk,
                "state": one.state,
                "carrier": one.carrier_name or one.carrier,
                "number": one.tracking_number,
                "quantity": sum(line.quantity for line in one.lines.all()),
                "packed_at": one.packed_at,
            }
            for one in shipments_of(seller_id=seller_id, order_id=order_id)
        ),
        as_json=as_json,
        empty="Nothing is packed yet.",
    )


@orders.command("number")
@seller_option
@click.argument("parcel_id", type=int)
@click.option("--carrier", default="", help="Its code in the store, or any name.")
@click.option("--number", "tracking_number", required=True, help="The tracking number.")
def number(seller_id: int, parcel_id: int, carrier: str, tracking_number: str) -> None:
    """Write carrier and tracking number on a parcel, or correct them; the store is told."""
    parcel = number_parcel(
        seller_id=seller_id, shipment_id=parcel_id, carrier=carrier, tracking_number=tracking_number, actor=person()
    )
    _moved(seller_id, parcel.order_id)


@orders.command("claims")
@seller_option
@click.argument("order_id", type=int)
@json_option
def list_claims(seller_id: int, order_id: int, *, as_json: bool) -> None:
    """What an order's buyer asks for."""
    order = queries.order(seller_id=seller_id, order_id=order_id)
    show_rows(
        (
            {
                "id": claim.pk,
                "kind": claim.kind,
                "state": claim.state,
                "lines": ", ".join(f"{count} × {remote_id}" for remote_id, count in claim.lines),
                "reason": claim.reason,
                "asked_at": claim.asked_at,
            }
            for claim in order.claims.all()
        ),
        as_json=as_json,
        empty="The buyer asks for nothing.",
    )


@orders.command("answer")
@seller_option
@click.argument("deed", type=click.Choice(["accept", "refuse"]))
@click.argument("claim_id", type=int)
@click.option("--reason", default="", help="The buyer reads it; a refusal needs one.")
def answer(seller_id: int, deed: str, claim_id: int, reason: str) -> None:
    """Accept or refuse what a buyer asks for (`orders claims` has the ids); the store is told."""
    debt = claims.answer_claim(seller_id=seller_id, claim_id=claim_id, deed=deed, actor=person(), reason=reason)
    _moved(seller_id, debt.order_id)
    said("The order goes on once the store has taken the answer.")


@orders.command("decide")
@seller_option
@click.argument("deed", type=click.Choice(list(DECISIONS)))
@click.argument("order_id", type=int)
@click.option("--reason", default="", help="The buyer reads it; going on needs one.")
def decide(seller_id: int, deed: str, order_id: int, reason: str) -> None:
    """Decide about a parcel that a cancellation has stopped: refuse it and go on, or unpack and cancel."""
    DECISIONS[deed](seller_id=seller_id, order_id=order_id, actor=person(), reason=reason)
    _moved(seller_id, order_id)


@orders.command("receive")
@seller_option
@click.argument("order_id", type=int)
@click.option("--restock", "restocked", multiple=True, metavar="SKU=N", help="So many go on the shelf again.")
@click.option("--scrap", "scrapped", multiple=True, metavar="SKU=N", help="So many are scrapped.")
@click.option("--reason", default="", help="Stands on the order's time line.")
def receive(seller_id: int, order_id: int, restocked: tuple[str, ...], scrapped: tuple[str, ...], reason: str) -> None:
    """Receive a return; what is not named stays with the buyer."""
    good, bad = _pieces(restocked), _pieces(scrapped)
    lines = {line.sku: line.pk for line in queries.order(seller_id=seller_id, order_id=order_id).lines.all()}
    if strange := sorted({*good, *bad} - set(lines)):
        raise click.UsageError(f"This order has no {', '.join(strange)}; it has {', '.join(lines)}.")
    back = {lines[sku]: (good.get(sku, 0), bad.get(sku, 0)) for sku in {*good, *bad}}
    claims.receive_return(seller_id=seller_id, order_id=order_id, lines=back, actor=person(), reason=reason)
    _moved(seller_id, order_id)


def _pieces(texts: tuple[str, ...]) -> dict[str, int]:
    pairs = [text.rpartition("=") for text in texts]
    if any(not sku or not count.isdigit() for sku, _, count in pairs):
        raise click.UsageError("Write SKU=N, such as RED-L=2.")
    return {sku: int(count) for sku, _, count in pairs}


@orders.command("cancel")
@seller_option
@click.argument("order_id", type=int)
@click.option("--reason", default="", help="Stands on the order's time line.")
@click.confirmation_option(prompt="Cancel this order in the store?")
def cancel_order(seller_id: int, order_id: int, reason: str) -> None:
    """Cancel for the seller: the store is told and confirms."""
    order = cancel_in_store(seller_id=seller_id, order_id=order_id, actor=person(), reason=reason)
    follow_these(seller_id=seller_id, order_ids=[order_id], actor=person())
    said(f"Order {order.number} is {order.get_status_display()} now.")


for command in (bulk, bulks, bulk_stop, import_orders, *PARTS):
    orders.add_command(command)
