"""The Korean catalogue, kept with Python alone.

`python -m tools.translations update` collects the msgids and merges them; `check` tells what is missing. Words in
templates and `_()`, sentences of error classes and reasons of refusals are found in the source; a channel's own labels
are asked of the running code.
"""

import ast
import io
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "entrepot"
FOLDER = SOURCE / "locale" / "ko" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
KEYWORDS = {
    "_": None,
    "N": None,
    "marked": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
FIELD = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}")
DATES = re.compile(
    r'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Report-Msgid-Bugs-To|Language-Team): .*\\n"\n'
)
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""In the compiled file, so that equal words make equal bytes."""
INDENTS = re.compile(r"(?m)^[ \t]+")
"""A page's indents are not Python's."""
Message = tuple[str | tuple[str, str], str | None]


def in_python() -> Iterator[Message]:
    """Every `_()` of our code."""
    for path in sorted(SOURCE.rglob("*.py")):
        with path.open("rb") as file:
            for _line, function, words, _comments in extract_python(file, tuple(KEYWORDS), [], {}):
                yield from _message(function, words)


def in_templates() -> Iterator[Message]:
    """Every `{% trans %}` and `{% blocktrans %}`."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - needs settings

    for path in sorted(SOURCE.rglob("*.html")):
        source = INDENTS.sub("", templatize(path.read_text(), origin=str(path)))
        for _line, function, words, _comments in extract_python(io.BytesIO(source.encode()), tuple(KEYWORDS), [], {}):
            yield from _message(function, words)


def _message(function: str, words: object) -> Iterator[Message]:
    parts = words if isinstance(words, tuple) else (words,)
    if not parts or not isinstance(parts[0], str) or not parts[0]:
        return
    if function == "ngettext":
        yield (parts[0], parts[1]), None
    elif function == "pgettext":
        yield parts[1], parts[0]
    else:
        yield parts[0], None


def of_channels() -> Iterator[Message]:
    """A channel's own labels and what it offers to download."""
    from entrepot.channels import registry  # noqa: PLC0415 - needs the apps

    for kind in registry.connector_types.values():
        yield kind.title, None
        for field in kind.fields:
            yield field.label, None
            yield field.help, None
    for offers in registry.downloads.values():
        for offer in offers:
            yield offer.title, None


def of_errors() -> Iterator[Message]:
    """The sentence of every error class, and what a refusal names as its `reason`, there or in a table `_SAID`."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.ClassDef(body=body):
                    yield from _sentences(body)
                case ast.Raise(exc=ast.Call(keywords=words)):
                    yield from _reasons(words)
                case ast.Assign(targets=[ast.Name(id="_SAID")], value=ast.Dict(values=texts)):
                    yield from ((text.value, None) for text in texts if isinstance(text, ast.Constant))


def _sentences(body: list[ast.stmt]) -> Iterator[Message]:
    for row in body:
        match row:
            case (
                ast.Assign(targets=[ast.Name(id="message")], value=ast.Constant(value=str(text)))
                | ast.AnnAssign(target=ast.Name(id="message"), value=ast.Constant(value=str(text)))
            ):
                yield text, None


def _reasons(words: list[ast.keyword]) -> Iterator[Message]:
    for word in words:
        match word:
            case ast.keyword(arg="reason", value=ast.Constant(value=str(text))) if text:
                yield text, None


def collected() -> Catalog:
    """All msgids, without translations."""
    catalog = Catalog(
        locale="ko", project="Entrepot", charset="utf-8", fuzzy=False, header_comment="# Korean words of Entrepot."
    )
    seen: set[Message] = set()
    for found in (in_python, in_templates, of_channels, of_errors):
        for msgid, context in found():
            if (msgid, context) not in seen and msgid != "":
                seen.add((msgid, context))
                catalog.add(msgid, context=context)
    return catalog


def kept() -> Catalog:
    """The catalogue as it is in the repository."""
    with PO.open("rb") as file:
        catalog = read_po(file, locale="ko", charset="utf-8")
    catalog.creation_date = catalog.revision_date = NO_DATE
    return catalog


def update() -> None:
    """Collect, keep the translations there are, write po and mo."""
    fresh = collected()
    if PO.exists():
        for message in kept():
            mine = fresh.get(message.id, message.context) if message.id else None
            if mine is not None:
                mine.string = message.string
    FOLDER.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, fresh, width=0, no_location=True, sort_output=True, omit_header=False)
    PO.write_text(DATES.sub("", PO.read_text()))
    with MO.open("wb") as file:
        write_mo(file, kept())


def untranslated(catalog: Catalog) -> list[str]:
    """Msgids without a translation, or whose translation loses or invents a field."""
    wrong = []
    for message in catalog:
        if not message.id:
            continue
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        if not all(words):
            wrong.append(f"no translation: {ids[0]}")
        elif set(FIELD.findall(ids[-1])) != set(FIELD.findall(words[-1])):
            wrong.append(f"other fields: {ids[-1]} → {words[-1]}")
    return wrong


def check() -> list[str]:
    """What is wrong with the catalogue: msgids missing in it, gone from the code, or without a translation."""
    there, needed = kept(), collected()
    ids = {(message.id, message.context) for message in there if message.id}
    wanted = {(message.id, message.context) for message in needed if message.id}
    missing = [f"not in the catalogue: {msgid}" for msgid, _ in sorted(wanted - ids, key=str)]
    gone = [f"no longer used: {msgid}" for msgid, _ in sorted(ids - wanted, key=str)]
    buffer = io.BytesIO()
    write_mo(buffer, there)
    stale = [] if MO.read_bytes() == buffer.getvalue() else ["django.mo does not belong to django.po"]
    return missing + gone + untranslated(there) + stale


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.project.settings")
    django.setup()
    if sys.argv[1:] == ["update"]:
        update()
    complaints = check()
    print("\n".join(complaints) or "complete")
    sys.exit(bool(complaints))
