"""What stands on each A4 document: picking list, packing slip, invoice, hand-over manifest."""

import re
from collections.abc import Sequence
from itertools import groupby

from entrepot.fulfilment.documents.amounts import amount_text, money_text, rate_text, weight_text
from entrepot.fulfilment.documents.facts import (
    Business,
    InvoiceFacts,
    InvoiceLine,
    ManifestFacts,
    PackingSlipFacts,
    Party,
    PickLine,
    PickListFacts,
)
from entrepot.fulfilment.documents.sheet import Cell, Column, Group, Sheet
from entrepot.fulfilment.documents.words import WORDS, Language
from entrepot.kernel import postal
from entrepot.kernel.money import Money

DIGITS = re.compile(r"(\d+)")


def in_path_order(lines: Sequence[PickLine]) -> list[PickLine]:
    """By zone, then place, then SKU; numbers in them count as numbers. Lines without a zone come last."""
    return sorted(lines, key=lambda line: (not line.zone, _natural(line.zone), _natural(line.place), line.sku))


def _natural(text: str) -> list[tuple[int, str]]:
    """`A-10` as letters and numbers that compare as people read them."""
    parts = DIGITS.split(text)
    return [(int(part), "") if number % 2 else (0, part) for number, part in enumerate(parts)]


def picking_list(facts: PickListFacts, language: Language) -> Sheet:
    """Where to go, what to take, for whom; a box to tick on each line."""
    words = WORDS[language]
    lines = in_path_order(facts.lines)
    zoned = any(line.zone for line in lines)
    groups = [
        Group(
            title=(f"{words['zone']} {zone}" if zone else words["no_zone"]) if zoned else "",
            rows=[_pick(line) for line in of_zone],
        )
        for zone, of_zone in groupby(lines, key=lambda line: line.zone)
    ]
    return Sheet(
        title=words["picking_list"],
        number=facts.number,
        bars=facts.number,
        facts=[
            (words["date"], facts.made_on.isoformat()),
            (words["warehouse"], facts.warehouse),
            (words["picker"], facts.picker),
        ],
        columns=[
            Column(title=""),
            Column(title=words["place"], width=1.1),
            Column(title=words["sku"], width=1.5),
            Column(title=words["item"], width=2.6),
            Column(title=words["quantity"], right=True),
            Column(title=words["orders"], width=1.3),
        ],
        groups=groups,
        totals=[
            (words["lines"], str(len(lines)), False),
            (words["units"], f"{sum(line.quantity for line in lines):,}", True),
        ],
        notes=[(words["note"], facts.note)],
    )


def _pick(line: PickLine) -> list[Cell]:
    return [
        Cell(tick=True),
        Cell(text=line.place, bold=True),
        Cell(text=line.sku, below=line.barcode if line.barcode != line.sku else ""),
        Cell(text=line.name),
        Cell(text=f"{line.quantity:,}", bold=True),
        Cell(text=", ".join(line.orders)),
    ]


def _lines(party: Party, language: Language) -> list[str]:
    """A party as an address block: a Korean one in Hangul ends with the name, any other begins with it."""
    address, names = [*party.lines()], [party.name, party.company]
    downward = party.land == "KR" and postal.in_hangul(address)
    order = [*address, *reversed(names)] if downward else [*names, *address]
    phone = f"{WORDS[language]['tel']} {party.telephone}" if party.phone else ""
    return [part for part in (*order, party.country, phone) if part.strip()]


def packing_slip(facts: PackingSlipFacts, language: Language) -> Sheet:
    """What lies in the parcel and what is still to come. No prices: it may be a present."""
    words = WORDS[language]
    later = any(line.to_follow for line in facts.lines)
    columns = [
        Column(title=words["line"], right=True),
        Column(title=words["sku"], width=1.4),
        Column(title=words["item"], width=3),
        Column(title=words["ordered"], right=True),
        Column(title=words["in_parcel"], right=True),
    ]
    rows = []
    for number, line in enumerate(facts.lines, 1):
        row = [Cell(text=str(number)), Cell(text=line.sku), Cell(text=line.name), Cell(text=f"{line.ordered:,}")]
        row.append(Cell(text=f"{line.packed:,}", bold=True))
        rows.append([*row, Cell(text=f"{line.to_follow:,}")] if later else row)
    if later:
        columns.append(Column(title=words["to_follow"], right=True))
    return Sheet(
        title=words["packing_slip"],
        number=facts.order_number,
        bars=facts.order_number,
        facts=[
            (words["order_date"], facts.ordered_on.isoformat()),
            (words["store"], facts.store),
            (words["carrier"], facts.carrier),
            (words["tracking"], facts.tracking_number),
            (words["parcel"], f"{facts.piece} / {facts.pieces}"),
        ],
        parties=[(words["ship_to"], _lines(facts.receiver, language)), (words["from"], _lines(facts.sender, language))],
        columns=columns,
        groups=[Group(title="", rows=rows)],
        totals=[(words["units_packed"], f"{sum(line.packed for line in facts.lines):,}", True)],
        notes=[(words["message"], facts.message)],
    )


def invoice(facts: InvoiceFacts, language: Language) -> Sheet:
    """Lines with net, tax and amount, the tax of each rate, what was paid and what is due."""
    words = WORDS[language]
    cut = any(line.discount for line in facts.lines)
    columns = [
        Column(title=words["line"], right=True),
        Column(title=words["item"], width=3),
        Column(title=words["quantity"], right=True),
        Column(title=words["unit_price"], right=True),
        *([Column(title=words["discount"], right=True)] if cut else []),
        Column(title=words["net"], right=True),
        Column(title=words["tax"], right=True),
        Column(title=words["amount"], right=True),
    ]
    rows = [_charge(number, line, facts.currency, cut=cut) for number, line in enumerate(facts.lines, 1)]
    return Sheet(
        title=words["invoice"],
        number=facts.number,
        qr=facts.number,
        facts=[
            (words["date"], facts.issued_on.isoformat()),
            (words["order"], facts.order_number),
            (words["payment"], facts.payment_method),
            (words["currency"], facts.currency),
        ],
        parties=[
            (words["seller"], _business(facts.seller, language)),
            (words["buyer"], _business(facts.buyer, language)),
        ],
        columns=columns,
        groups=[Group(title="", rows=rows)],
        totals=_sums(facts, language),
        notes=[(words["note"], facts.note)],
    )


def _business(business: Business, language: Language) -> list[str]:
    words = WORDS[language]
    named = [
        (words["tax_id"], business.tax_id),
        (words["representative"], business.representative),
    ]
    return [*_lines(business.party, language), *(f"{name} {value}" for name, value in named if value)]


def _charge(number: int, line: InvoiceLine, currency: str, *, cut: bool) -> list[Cell]:
    rate = f"{rate_text(line.tax_rate)}" if line.tax_rate is not None else ""
    return [
        Cell(text=str(number)),
        Cell(text=line.name, below=line.sku),
        Cell(text=f"{line.quantity:,}" if line.quantity is not None else ""),
        Cell(text=amount_text(line.unit_price, currency) if line.unit_price is not None else ""),
        *([Cell(text=amount_text(-line.discount, currency) if line.discount else "")] if cut else []),
        Cell(text=amount_text(line.net, currency)),
        Cell(text=amount_text(line.tax, currency), below=rate),
        Cell(text=amount_text(line.gross, currency), bold=True),
    ]


def _sums(facts: InvoiceFacts, language: Language) -> list[tuple[str, str, bool]]:
    words, currency = WORDS[language], facts.currency
    found = [(words["net"], amount_text(facts.net, currency), False)]
    for rate, net, tax in facts.taxes():
        name = words["tax_at"].format(rate=rate_text(rate), net=amount_text(net, currency))
        found.append((name, amount_text(tax, currency), False))
    if not facts.taxes() and facts.tax:
        found.append((words["tax"], amount_text(facts.tax, currency), False))
    found.append((words["total"], money_text(Money(facts.total, currency), language), True))
    if facts.paid:
        found.append((words["paid"], amount_text(facts.paid, currency), False))
        found.append((words["due"], money_text(Money(facts.due, currency), language), True))
    return found


def manifest(facts: ManifestFacts, language: Language) -> Sheet:
    """Every parcel with its barcode, how many there are, and room for two signatures."""
    words = WORDS[language]
    weighed = [row.weight for row in facts.rows if row.weight is not None]
    rows = [
        [
            Cell(text=str(number)),
            Cell(text=row.tracking_number, bars=row.tracking_number),
            Cell(text=row.order_number),
            Cell(text=row.receiver, below=row.destination),
            Cell(text=weight_text(row.weight) if row.weight is not None else ""),
        ]
        for number, row in enumerate(facts.rows, 1)
    ]
    totals = [(words["parcels"], f"{len(rows):,}", True)]
    if weighed and len(weighed) == len(rows):
        totals.append((words["weight"], weight_text(sum(weighed)), False))
    fields = [words["name"], words["signature"], words["date_time"]]
    return Sheet(
        title=words["manifest"],
        number=facts.number,
        bars=facts.number,
        facts=[
            (words["date"], facts.handed_over_on.isoformat()),
            (words["carrier"], facts.carrier),
            (words["parcels"], f"{len(rows):,}"),
        ],
        parties=[(words["from"], _lines(facts.sender, language))],
        columns=[
            Column(title=words["line"], right=True),
            Column(title=words["tracking"], width=2.2),
            Column(title=words["order"], width=1.2),
            Column(title=words["receiver"], width=1.8),
            Column(title=words["weight"], right=True),
        ],
        groups=[Group(title="", rows=rows)],
        totals=totals,
        notes=[(words["note"], facts.note)],
        signatures=[[words["handed_over_by"], *fields], [words["taken_over_by"], *fields]],
    )
