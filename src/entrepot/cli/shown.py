"""How commands show rows: a table for a person, one JSON line each for a program (`--json`)."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from getpass import getuser
from typing import ParamSpec, TypeVar

import click
from rich.console import Console
from rich.table import Table

from entrepot.accounts.queries import sellers
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid

Rest = ParamSpec("Rest")
Answer = TypeVar("Answer")
RIGHT = frozenset({"quantity", "on_hand", "reserved", "available", "incoming", "total", "sent", "seen", "done", "id"})


class WhichSeller(Invalid):
    """The installation has several sellers, or none, and nobody said which is meant."""

    code = "which_seller"
    message = "Say which seller you mean with --seller: {known}"


def seller_option(command: Callable[Rest, Answer]) -> Callable[Rest, Answer]:
    """`--seller ID` for a command; without it, the only seller there is."""

    def found(_context: click.Context, _option: click.Parameter, given: int | None) -> int:
        known = {seller.pk: seller.name for seller in sellers()}
        if given in known:
            return int(given)
        if given is None and len(known) == 1:
            return next(iter(known))
        raise WhichSeller(
            field="seller", known=", ".join(f"{key} ({name})" for key, name in known.items()) or "none yet"
        )

    option = click.option(
        "--seller", "seller_id", type=int, callback=found, help="The seller's number; needed only with several."
    )
    return option(command)


def json_option(command: Callable[Rest, Answer]) -> Callable[Rest, Answer]:
    """`--json` for a command."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")(command)


def person() -> Actor:
    """Who types: the system's user."""
    try:
        name = getuser()
    except (KeyError, OSError):
        name = "shell"
    return Actor("cli", name)


def show_rows(rows: Iterable[Mapping[str, object]], *, as_json: bool, empty: str = "Nothing here yet.") -> None:
    """Print rows of one shape."""
    listed: Sequence[Mapping[str, object]] = list(rows)
    if as_json:
        for row in listed:
            click.echo(json.dumps(row, default=_plain, ensure_ascii=False))
        return
    if not listed:
        click.echo(empty)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in listed[0]:
        table.add_column(name.replace("_", " "), justify="right" if name in RIGHT else "left", overflow="fold")
    for row in listed:
        table.add_row(*(_cell(value) for value in row.values()))
    Console().print(table)


def said(sentence: str) -> None:
    """Say what was done."""
    click.echo(sentence)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _cell(value: object) -> str:
    match value:
        case None | "":
            return "–"
        case datetime():
            return value.astimezone().strftime("%Y-%m-%d %H:%M")
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value).replace("[", "\\[")
