"""The `entrepot` command: a table of names, each loaded only when it is called.

A new noun is one file (`cli/orders.py` with a click group `orders`) and one line in `NOUNS`. Commands that run the
installation itself (up, web, worker, backup …) are `project`'s and come in from above.
"""

import importlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from entrepot.kernel.errors import EntrepotError


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is (`package.module:name`), its line in the help, and whether it needs the books (a database)."""

    target: str
    help: str
    books: bool = True
    hidden: bool = False


NOUNS: dict[str, Entry] = {
    "stores": Entry("entrepot.cli.stores:stores", "Connect, watch and sync stores."),
    "products": Entry("entrepot.cli.storefront:products", "Products and their items."),
    "pictures": Entry("entrepot.cli.pictures:pictures", "Pictures of products, kept here."),
    "categories": Entry("entrepot.cli.shelves:categories", "The seller's own categories."),
    "shelves": Entry("entrepot.cli.shelves:shelves", "What categories and brands are in each store."),
    "listings": Entry("entrepot.cli.storefront:listings", "Items as sold in stores."),
    "prices": Entry("entrepot.cli.prices:prices", "Price lists, and the stores that follow them."),
    "promotions": Entry("entrepot.cli.prices:promotions", "Lower prices for a time."),
    "plans": Entry("entrepot.cli.plans:plans", "Changes of stores that are looked at first."),
    "stock": Entry("entrepot.cli.stock:stock", "Figures, the ledger, corrections."),
    "sheets": Entry("entrepot.cli.sheets:sheets", "Change many things at once by Excel or csv files."),
    "warehouse": Entry("entrepot.cli.warehouse:warehouse", "Warehouses, bins, goods in, waves; whether all adds up."),
    "orders": Entry("entrepot.cli.orders:orders", "The order desk."),
    "labels": Entry("entrepot.cli.labels:labels", "Carriers, labels and the carrier's visit."),
    "endpoints": Entry("entrepot.cli.outgoing:endpoints", "Other systems that are told what happens."),
    "problems": Entry("entrepot.cli.trouble:problems", "What a person should look at."),
    "journal": Entry("entrepot.cli.trouble:journal", "What was said between Entrepot and the stores."),
}


class LazyGroup(click.Group):
    """Commands by name from a table. `open_books` names what makes Django ready before a command that needs it.

    Called with the context, and whether the database is needed too; loaded by name, so that `entrepot up` stays small.
    """

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 - click's own, passed on
        entries: Mapping[str, Entry],
        open_books: str,
        **options: Any,  # noqa: ANN401 - likewise
    ) -> None:
        super().__init__(*arguments, **options)
        self.entries = entries
        self.open_books = open_books

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The visible names, in the order of the table."""
        return [name for name, entry in self.entries.items() if not entry.hidden]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        if entry.books:
            load(self.open_books)(ctx, connect=not asks_for_help(sys.argv))
        command = load(entry.target)
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.target} is no command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.entries[name].help) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run; a refusal is a sentence and exit code 1, never a traceback."""
        try:
            return super().invoke(ctx)
        except EntrepotError as error:
            raise click.ClickException(sentence(error)) from error


def load(target: str) -> Any:  # noqa: ANN401 - a command or a function
    """What `package.module:name` names."""
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def asks_for_help(arguments: Sequence[str]) -> bool:
    """Whether only the help text is wanted."""
    return "--help" in arguments


def sentence(error: EntrepotError) -> str:
    """A refusal as a person reads it, with its code to look up."""
    return f"{error.message.format(**error.fields) if error.fields else error.message} [{error.code}]"
