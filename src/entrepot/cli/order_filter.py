"""What the list of orders is narrowed by on the command line: the same words as over the API."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

import click

from entrepot.fulfilment.finding import with_parcels
from entrepot.orders.models import Status
from entrepot.orders.queries import OrderFilter

Command = TypeVar("Command", bound=Callable[..., Any])
DAYS: Final = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]


def _amount(_context: click.Context, _option: click.Parameter, text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise click.BadParameter("write an amount, such as 12.50") from None


OPTIONS: Final = (
    click.option("--status", type=click.Choice(Status.values), default=None, help="Only these."),
    click.option("--search", default="", help="Number, buyer, phone, e-mail, SKU, product or tracking number."),
    click.option("--store", "store_id", type=int, default=None, help="Only this store."),
    click.option("--held-for", "hold_code", default="", help="On hold for this reason, such as unmapped_sku."),
    click.option("--tag", default="", help="With this tag."),
    click.option("--from", "placed_from", type=click.DateTime(DAYS), default=None, help="Placed from then on (UTC)."),
    click.option("--before", "placed_before", type=click.DateTime(DAYS), default=None, help="Placed before (UTC)."),
    click.option("--country", default="", help="To this country, such as KR."),
    click.option("--payment", default="", help="Paid in this way, as the store names it."),
    click.option("--market", "origin", default="", help="Bought in this market, as the store names it."),
    click.option("--pickup", is_flag=True, help="Picked up by the buyer."),
    click.option("--carrier", "carrier_id", type=int, default=None, help="With this carrier."),
    click.option("--tracking", type=click.Choice(["yes", "no"]), default=None, help="With or without a number."),
    click.option("--label", type=click.Choice(["missing", "made"]), default=None, help="By its label."),
    click.option("--warehouse", "warehouse_id", type=int, default=None, help="Its goods are set aside there."),
    click.option(
        "--note", type=click.Choice(["own", "buyer"]), default=None, help="With a note: yours or the buyer's."
    ),
    click.option("--total-from", callback=_amount, default=None, help="Of at least this total."),
    click.option("--total-to", callback=_amount, default=None, help="Of at most this total."),
    click.option("--oldest-first", is_flag=True, help="Instead of newest first."),
)


def order_filters(command: Command) -> Command:
    """Give a command the options of the list of orders; it takes them as words and makes a filter by `narrowed`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def narrowed(seller_id: int, words: dict[str, Any]) -> OrderFilter:
    """The options as the queries take them."""
    given = {name: value for name, value in words.items() if value is not None}
    beyond = {"carrier_id": given.pop("carrier_id", None), "label": given.pop("label", "")}
    beyond["number"] = given.pop("tracking", "")
    by = OrderFilter(
        channel_id=given.pop("store_id", None),
        **{name: _aware(value) for name, value in given.items()},
    )
    return with_parcels(seller_id=seller_id, by=by, **beyond)


def _aware(value: object) -> Any:  # noqa: ANN401 - whatever the option took
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
