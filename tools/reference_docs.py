"""Writes the reference pages that come from code: errors, commands, capabilities. `python -m tools.reference_docs`.

`tests/docs` compares what this makes with what is committed, so the pages cannot fall behind.
"""

import importlib
import os
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import click

from tools.api_reference import api_page, shapes_page

DOCS = Path(__file__).resolve().parent.parent / "docs"
NOTICE = "<!-- Written by `python -m tools.reference_docs`; edit the code instead. -->\n"
OF_EXTRAS = {"entrepot.fulfilment.carrier_karrio"}
"""Loaded only where an extra is installed; they add nothing to these pages."""


def _load_everything() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.project.settings")
    importlib.import_module("django").setup()
    package = importlib.import_module("entrepot")
    for module in pkgutil.walk_packages(package.__path__, "entrepot."):
        if module.name in OF_EXTRAS:
            continue
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)


def _subclasses(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)


def errors_page() -> str:
    """Every refusal and channel error: code, the sentence a person reads, and what the class means."""
    root = importlib.import_module("entrepot.kernel.errors").EntrepotError
    kinds = {kind for kind in _subclasses(root) if kind.__module__.startswith("entrepot.") and "code" in vars(kind)}
    lines = [
        NOTICE,
        "# Errors",
        "",
        "Each error has a code that does not change, a sentence for the person, and a class that decides what",
        "happens next. In the API: Refused is 409, NotFound 404, Invalid 422, Forbidden 403.",
        "",
        "| code | what the person reads | kind | raised in |",
        "|---|---|---|---|",
    ]
    for kind in sorted(kinds, key=lambda one: (one.code, one.__name__)):
        parent = kind.__mro__[1].__name__
        lines.append(f"| `{kind.code}` | {kind.message} | {parent} | `{kind.__module__}` |")
    return "\n".join(lines) + "\n"


def _commands(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=100, max_content_width=100)
    yield f"## `{context.command_path}`\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None and not found.hidden:
                yield from _commands(found, child, context)


def books_stay_closed(context: click.Context, *, connect: bool) -> None:
    """For help texts no database is needed: Django is ready already."""


def commands_page() -> str:
    """The help of every command."""
    entrepot = importlib.import_module("entrepot.project.main").entrepot
    entrepot.open_books = "tools.reference_docs:books_stay_closed"
    return "\n".join([NOTICE, "# Commands", "", *_commands(entrepot, "entrepot", None)])


def capabilities_page() -> str:
    """What each channel can do, asked of the connectors themselves."""
    contract = importlib.import_module("entrepot.connectors.contract")
    types = importlib.import_module("entrepot.channels.registry").connector_types
    lines = [NOTICE, "# Capabilities", "", "| part | " + " | ".join(kind.title for kind in types.values()) + " |"]
    lines.append("|---" * (len(types) + 1) + "|")
    opened = []
    for kind in types.values():
        credentials = {field.name: field.initial or field.placeholder or "an-example" for field in kind.fields}
        opened.append(kind.open(credentials, contract.Surroundings()))
    for part in contract.PARTS:
        marks = ["yes" if contract.capabilities(connector)[part] else "–" for connector in opened]
        lines.append(f"| {part} | " + " | ".join(marks) + " |")
    for connector in opened:
        connector.close()
    return "\n".join(lines) + "\n"


def roles_page() -> str:
    """Who may do what, from the one table every check reads."""
    access = importlib.import_module("entrepot.accounts.access")
    roles = importlib.import_module("entrepot.accounts.models").Role
    lines = [
        NOTICE,
        "# Roles",
        "",
        "What each role may do. An API key carries these actions as its scopes, never more than its maker's role has.",
        "",
        "| action | what it allows | " + " | ".join(str(roles(role).label) for role in access.ROLES) + " |",
        "|---|---|" + "---|" * len(access.ROLES),
    ]
    for action, words in access.ACTIONS.items():
        marks = ["yes" if action in allowed else "–" for allowed in access.ROLES.values()]
        lines.append(f"| `{action}` | {words} | " + " | ".join(marks) + " |")
    return "\n".join(lines) + "\n" + REACH


REACH = """
## Some stores, some warehouses

On **People** a member can be limited to some stores, some warehouses, or both. None chosen means all.

- *Stores*: orders, listings, problems, the payload journal, work in the warehouse, packed parcels and returns of other
  stores are not listed, and by their address not found.
- *Warehouses*: stock figures, steps of the ledger, bins, receipts, counts, waves, manifests and returns of other
  warehouses are not listed, and by their address not found. An order of another warehouse can be read, but neither
  packed nor handed over. A transfer is seen at both its ends, and received where it goes.
- Who is limited makes no API keys and invites nobody: a key and an invitation would reach further than they do. A key
  of a person who was limited later stops working.
- The command line is for who runs the machine; it knows no roles. What is done there stands in the audit log under the
  name of the system's user.

Whatever is done stands in the audit log, on the order's time line or in the stock ledger: who, when, what, and why
where a reason is asked.
"""


def columns_page() -> str:
    """Every column of every kind of file, from the kinds themselves."""
    kinds = importlib.import_module("entrepot.sheets.kinds").KINDS
    gettext = importlib.import_module("django.utils.translation").gettext
    override = importlib.import_module("django.utils.translation").override
    lines = [NOTICE, "# Excel columns", "", "Needed columns have a `*`. Columns “for your eyes” are not read.", ""]
    for kind in kinds.values():
        lines += [f"## {kind.title} (`{kind.code}`)", "", kind.help, ""]
        lines += ["| column | Korean | also known as | what to write | example |", "|---|---|---|---|---|"]
        for column in kind.columns:
            with override("ko"):
                korean = gettext(column.heading)
            known = ", ".join(f"`{name}`" for name in column.names)
            mark = " *" if column.required else ""
            told = column.help.replace("|", "\\|")
            lines.append(f"| {column.heading}{mark} | {korean} | {known} | {told} | {column.example} |")
        lines.append("")
    return "\n".join(lines)


PAGES = {
    "errors.md": errors_page,
    "reference/commands.md": commands_page,
    "reference/excel-columns.md": columns_page,
    "reference/capabilities.md": capabilities_page,
    "reference/roles.md": roles_page,
    "reference/api.md": lambda: api_page(NOTICE),
    "reference/api-shapes.md": lambda: shapes_page(NOTICE),
}


def main() -> None:
    """Write every page."""
    _load_everything()
    for name, make in PAGES.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(), encoding="utf-8")
        print(f"wrote docs/{name}")


if __name__ == "__main__":
    main()
