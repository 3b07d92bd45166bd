"""Lines pasted from a sheet or a delivery note: an item, then how many."""

import re
from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entrepot.catalog.models import Item
from entrepot.warehouse.errors import PastedLineInvalid

MOST = 2000
NOBODYS = _("no item has this SKU or barcode")
_LINE = re.compile(r"(?P<code>.*?)(?:[\t;,]|\s+[x×]?\s*)\s*(?P<count>\d{1,7})\s*")


def read_lines(text: str) -> list[tuple[int, str, int]]:
    """`(line number, code, quantity)` of each line that is not empty. A code alone means one piece.

    Raises:
        PastedLineInvalid: A line has no code, or its quantity is 0; or there are more than 2,000.
    """
    found: list[tuple[int, str, int]] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line:
            continue
        parts = _LINE.fullmatch(line)
        code, count = (parts["code"].strip().strip("\"'"), int(parts["count"])) if parts else (line, 1)
        if not code or count < 1:
            raise refusal(number, line, _("no item or no quantity"))
        found.append((number, code, count))
        if len(found) > MOST:
            raise refusal(number, line, _("more than 2,000 lines; paste them in parts"))
    return found


def quantities(lines: Sequence[tuple[int, str, int]], known: Mapping[str, Item]) -> dict[int, int]:
    """`{item id: quantity}`; the same item on several lines is added up. `known`: items by what was written.

    Raises:
        PastedLineInvalid: Nobody knows the code of a line.
    """
    wanted: dict[int, int] = {}
    for number, code, count in lines:
        item = known.get(code.casefold())
        if item is None:
            raise refusal(number, code, NOBODYS)
        wanted[item.pk] = wanted.get(item.pk, 0) + count
    return wanted


def refusal(number: int, text: str, why: str | Promise) -> PastedLineInvalid:
    """Name the line, so that it is found among hundreds."""
    return PastedLineInvalid(field="pasted", reason="", line=number, text=text[:60], why=why)
