"""Waybill files: packed parcels out to a carrier's program, tracking numbers back in; each row is answered.

A row that cannot be used is named with its reason and changes nothing; the others go on.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from entrepot.channels.services.packing import number_parcel
from entrepot.fulfilment import prints
from entrepot.fulfilment.carriers import Warned, looked_at
from entrepot.fulfilment.models import Carrier, Shipment
from entrepot.fulfilment.parcels import NUMBER as PLAUSIBLE
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import EntrepotError
from entrepot.sheets import layouts, tables
from entrepot.sheets.layouts import LAYOUTS
from entrepot.sheets.tables import Cell, Row

EXPONENT: Final = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
NO_ORDER: Final = _("The row names no order.")
NO_NUMBER: Final = _("The row has no tracking number.")
MANGLED: Final = _(
    "“{number}” is what a spreadsheet made of the number; digits are lost. Format the column as text and fill it again."
)
MAYBE_ZEROS: Final = _("The file holds the number as a figure: zeros in front would be lost. Compare it once.")
UNKNOWN_ORDER: Final = _("No packed order has the number {order}.")
SEVERAL: Final = _("{count} packed parcels belong to {order}. Write their numbers on the order's page.")
TWICE: Final = _("The number {number} stands in more than one row.")
NOT_ONE: Final = _("“{number}” is not a tracking number.")
SAME: Final = _("The parcel has this number already.")


@dataclass(slots=True)
class Answer:
    """What becomes of a row: `error` refuses it, `warning` only says something; both as (sentence, words)."""

    row: int
    order: str
    number: str
    carrier: str = ""
    shipment_id: int | None = None
    error: tuple[str, dict[str, Any]] | None = None
    warning: tuple[str, dict[str, Any]] | None = None
    same: bool = False


@dataclass(slots=True)
class Taken:
    """A file's answers; `done` = how many numbers were written."""

    answers: list[Answer] = field(default_factory=list)
    done: int = 0

    @property
    def good(self) -> list[Answer]:
        """Rows whose number is, or will be, written."""
        return [answer for answer in self.answers if answer.error is None]


# --------------------------------------------------------------------------- out


def parcels_file(*, parcels: Sequence[Shipment], layout: str, form: str) -> tuple[bytes, str]:
    """Packed parcels in a carrier's columns, and the file's name; `form`: xlsx, csv (UTF-8) or cp949 (csv)."""
    columns = LAYOUTS[layout].columns
    headings = [heading for heading, _what in columns]
    rows = [[_value(parcel, what) for _heading, what in columns] for parcel in parcels]
    name = f"waybills-{layout}"
    if form == "xlsx":
        return tables.xlsx(headings, rows), f"{name}.xlsx"
    return tables.csv_file(headings, rows, encoding="cp949" if form == "cp949" else "utf-8-sig"), f"{name}.csv"


def _value(parcel: Shipment, what: str) -> str:
    order, receiver = parcel.order, prints.receiver_of(parcel.order)
    lines = list(parcel.lines.all())
    values = {
        layouts.ORDER: order.number,
        layouts.LINE: lines[0].order_line.remote_id if lines else "",
        layouts.NUMBER: parcel.tracking_number,
        layouts.CARRIER: parcel.carrier,
        layouts.NAME: receiver.name,
        layouts.PHONE: receiver.phone,
        layouts.POSTCODE: receiver.postcode,
        layouts.ADDRESS: " ".join(receiver.address),
        layouts.GOODS: ", ".join(f"{line.order_line.name} × {line.quantity}" for line in lines)[:200],
        layouts.PIECES: "1",
        layouts.MESSAGE: order.comment.replace("\n", " ")[:200],
    }
    return values[what]


# --------------------------------------------------------------------------- in


def looked_through(*, seller_id: int, content: bytes, name: str, channel_ids: Sequence[int] | None = None) -> Taken:
    """What a file would do, row by row; nothing is written.

    Raises:
        SheetUnreadable, SheetTooLong: The file is no table.
    """
    read = [_read(row) for row in tables.read(content, name=name)]
    found = _parcels(seller_id, {answer.order for answer in read if answer.order}, channel_ids)
    kinds = dict(Carrier.objects.filter(seller_id=seller_id).values_list("pk", "kind"))
    counted = Counter(answer.number for answer in read if answer.number)
    for answer in read:
        if answer.error is None:
            _judge(answer, found.get(answer.order, []), counted, kinds)
    return Taken(read)


def write_numbers(*, seller_id: int, answers: Sequence[Answer], actor: Actor) -> Taken:
    """Write the numbers that were looked through on their parcels. Each row stands for itself."""
    taken = Taken(list(answers))
    for answer in taken.good:
        if answer.same or answer.shipment_id is None:
            continue
        try:
            number_parcel(
                seller_id=seller_id,
                shipment_id=answer.shipment_id,
                carrier=answer.carrier,
                tracking_number=answer.number,
                actor=actor,
            )
            taken.done += 1
        except EntrepotError as refusal:
            answer.error = (type(refusal).message, dict(refusal.fields))
    return taken


def _read(row: Row) -> Answer:
    order, number, carrier = (_first(row, names) for names in _NAMES)
    answer = Answer(row.number, order.text, number.text.replace(" ", ""), carrier.text)
    if not order.text:
        answer.error = (NO_ORDER, {})
    elif not number.text:
        answer.error = (NO_NUMBER, {})
    elif EXPONENT.fullmatch(number.text) or (number.figure and "." in number.text):
        answer.error = (MANGLED, {"number": number.text})
    elif number.figure:
        answer.warning = (MAYBE_ZEROS, {})
    return answer


_NAMES: Final = (layouts.ORDER_HEADINGS, layouts.NUMBER_HEADINGS, layouts.CARRIER_HEADINGS)


def _first(row: Row, headings: Sequence[str]) -> Cell:
    return next((cell for heading in headings if (cell := row.get(heading)).text), Cell(""))


def _parcels(seller_id: int, numbers: Collection[str], channel_ids: Sequence[int] | None) -> dict[str, list[Shipment]]:
    rows = Shipment.objects.filter(seller_id=seller_id, state=Shipment.State.PACKED)
    rows = rows.filter(Q(order__number__in=numbers) | Q(order__remote_id__in=numbers))
    if channel_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=channel_ids)
    found: dict[str, list[Shipment]] = {}
    for parcel in rows.select_related("order").order_by("pk"):
        for word in {parcel.order.number, parcel.order.remote_id}:
            found.setdefault(word, []).append(parcel)
    return found


def _judge(answer: Answer, found: Sequence[Shipment], counted: Counter[str], kinds: dict[int, str]) -> None:
    words = {"order": answer.order, "number": answer.number, "count": len(found)}
    if not PLAUSIBLE.fullmatch(answer.number):
        answer.error = (NOT_ONE, words)
    elif not found:
        answer.error = (UNKNOWN_ORDER, words)
    elif len(found) > 1:
        answer.error = (SEVERAL, words)
    elif counted[answer.number] > 1:
        answer.error = (TWICE, words)
    else:
        _settle(answer, found[0], kinds)


def _settle(answer: Answer, parcel: Shipment, kinds: dict[int, str]) -> None:
    answer.shipment_id = parcel.pk
    answer.carrier = answer.carrier or parcel.carrier
    answer.same = (parcel.tracking_number, parcel.carrier) == (answer.number, answer.carrier)
    if answer.same:
        answer.warning = (SAME, {})
    elif answer.warning is None and (warned := _odd(answer, parcel, kinds)):
        answer.warning = (warned.sentence, dict(warned.fields))


def _odd(answer: Answer, parcel: Shipment, kinds: dict[int, str]) -> Warned | None:
    return looked_at(kinds.get(parcel.carrier_ref_id or 0, ""), answer.number)
