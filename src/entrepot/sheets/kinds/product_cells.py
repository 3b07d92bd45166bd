"""Attributes and further pictures of a product in one cell, and back: one on each line, or divided by |."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from entrepot.catalog.product_words import attributes_in, attributes_out, checked, clean_description
from entrepot.kernel.errors import EntrepotError
from entrepot.sheets import cells
from entrepot.sheets.cells import CellWrong

LONGEST: Final = 32_000
"""Characters of a cell; a spreadsheet takes few more."""
BETWEEN: Final = re.compile(r"\s*[\n|]\s*")
_BLANKS: Final = re.compile(r"\s+")
_TEXT: Final = cells.text_of(LONGEST)


def description(raw: object) -> str:
    """A description, as a product keeps it."""
    return clean_description(str(_TEXT(raw)))


def attributes(raw: object) -> str:
    """Attributes, one on each line."""
    text = str(_TEXT(raw))
    try:
        return attributes_text(checked({"attributes": attributes_in(BETWEEN.split(text))})["attributes"])
    except EntrepotError as error:
        raise CellWrong(error.message, **error.fields) from error


def images(raw: object) -> str:
    """Addresses of pictures, one on each line."""
    addresses = [part for part in _BLANKS.split(str(_TEXT(raw))) if part != "|"]
    try:
        return "\n".join(checked({"images": addresses})["images"])
    except EntrepotError as error:
        raise CellWrong(error.message, **error.fields) from error


def attributes_text(pairs: Iterable[Sequence[str]]) -> str:
    """Attributes as a cell has them."""
    return "\n".join(attributes_out(pairs))


def product_words(values: Mapping[str, Any], codes: Iterable[str]) -> dict[str, Any]:
    """Those of a row's cells that are the product's own words, as its verbs take them."""
    found: dict[str, Any] = {}
    for code in codes:
        text = str(values.get(code) or "")
        match code:
            case "description":
                found[code] = text
            case "attributes":
                found[code] = attributes_in(text.splitlines())
            case "images":
                found[code] = text.splitlines()
    return found


def writable(columns: Mapping[str, Any]) -> dict[str, Any]:
    """An item's columns as a template can hold them: what would not come back as it went stays blank."""
    shown = dict(columns)
    if len(str(columns["description"])) > LONGEST:
        shown["description"] = ""
    for code, read in (("attributes", attributes), ("images", images)):
        try:
            came_back = read(columns[code]) if columns[code] else ""
        except CellWrong:
            came_back = ""
        if came_back != columns[code]:
            shown[code] = ""
    return shown
