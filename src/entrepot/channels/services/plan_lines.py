"""What a plan consists of: each wish laid beside what its store shows now, with how grave it is. Nothing is written."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from entrepot.catalog.rows import fetch
from entrepot.channels.models import Listing, ListingChange, Store
from entrepot.channels.opening import setting
from entrepot.channels.price_mapping import BOTH, told_amounts
from entrepot.channels.services import rails
from entrepot.channels.services.offers import HERE
from entrepot.channels.services.offers_taken import taken_places
from entrepot.channels.services.plan_words import Place, seen_words
from entrepot.kernel.money import plain

Kind = ListingChange.Kind
RIVALS = {Kind.DEACTIVATE: Kind.ACTIVATE}
"""Of these two the later one stands."""

# `OFFSET 0`: each listing is looked up by its id alone. Of a plan or a seller that is new the planner knows no figures,
# and would go through all of the one for each row of the other.
LISTED = """
SELECT g.id, g.store_id, g.remote_id, g.variation_key, g.title, g.price, g.retail_price, g.state,
       EXISTS (SELECT FROM channels_promotionline p WHERE p.listing_id = g.id AND p.state = 'running')
FROM unnest(%s::bigint[]) AS w(id)
CROSS JOIN LATERAL (SELECT * FROM channels_listing WHERE id = w.id OFFSET 0) g
WHERE g.seller_id = %s AND g.state = ANY(%s)
"""
SOLD = """
SELECT count(*) FILTER (WHERE remote_id = ANY(%s)), count(*) FROM channels_listing
WHERE seller_id = %s AND store_id = %s AND state = 'active'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing to plan: of a `listing_id` (every kind but `create`), or a `product_id` to list in `store_id`.

    `fields` as a `ListingChange` keeps them: price and retail price, words, or an offer. `remote_id` names the product
    whose words are meant where the listing is one of its variants, a product of its own there. `as_shown`: these are
    the amounts the store is to show; else ours, of which it shows what its seller chose.
    """

    kind: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    listing_id: int | None = None
    product_id: int | None = None
    store_id: int | None = None
    remote_id: str = ""
    as_shown: bool = False


@dataclass(slots=True, kw_only=True)
class Line:
    """A change that changes something. `falls`: the share by which a price falls that is not to fall so far."""

    store_id: int
    kind: str
    fields: Mapping[str, Any]
    before: dict[str, Any] = field(default_factory=dict)
    worst: Decimal = Decimal(0)
    falls: Decimal = Decimal(0)
    remote_id: str = ""
    listing_id: int | None = None
    product_id: int | None = None


@dataclass(slots=True)
class Laid:
    """Lines by store, kind and place; `notes` = how many changes are left out, by the reason."""

    lines: list[Line]
    notes: Counter[str]


def lay_out(*, seller_id: int, changes: Sequence[Change]) -> Laid:
    """What these changes change. Words are asked of the store where they are not known, so no lock may be held.

    What the store shows already is left out silently. What is deleted needs no other change.
    """
    notes: Counter[str] = Counter()
    ids = [change.listing_id for change in changes if change.listing_id is not None]
    listed = {row[0]: row for row in fetch(LISTED, [sorted(set(ids)), seller_id, list(HERE)])}
    words = _words(seller_id, changes, listed)
    new = {change.store_id or 0 for change in changes if change.kind == Kind.CREATE}
    mappings = _mappings(seller_id, new | {row[1] for row in listed.values()})
    found: dict[tuple[object, ...], Line | None] = {}
    for change in changes:
        if change.kind == Kind.CREATE:
            found[change.store_id, "", change.kind, change.product_id] = _creation(change, mappings)
            continue
        row = listed.get(change.listing_id or 0)
        if row is None:
            notes[rails.GONE] += 1
            continue
        if change.kind == Kind.PRICE and row[-1]:
            notes[rails.PROMOTED] += 1
            continue
        line = _line(change, row, words, mappings)
        _take(found, line)
    lines = [line for line in found.values() if line is not None]
    lines = _without_taken(seller_id, lines, notes)
    deleted = {(line.store_id, line.remote_id) for line in lines if line.kind == Kind.DELETE}
    kept = [line for line in lines if line.kind == Kind.DELETE or (line.store_id, line.remote_id) not in deleted]
    return Laid(sorted(kept, key=lambda line: (line.store_id, _ORDER[line.kind])), notes)


_ORDER: dict[str, int] = {kind: number for number, kind in enumerate(
    (Kind.PRICE, Kind.UPDATE, Kind.ACTIVATE, Kind.DEACTIVATE, Kind.CREATE, Kind.DELETE)
)}  # fmt: skip


def _take(found: dict[tuple[object, ...], Line | None], line: Line) -> None:
    """The later of two stands. Of a product's listings one may be hidden already while another is not."""
    place = _place(line)
    standing = found.get(place)
    if _differs(line):
        found[place] = line
    elif standing is None or standing.kind != line.kind or line.kind not in {Kind.ACTIVATE, Kind.DEACTIVATE}:
        found[place] = None


def _place(line: Line) -> tuple[object, ...]:
    """What a later change of the same plan overrides."""
    kind = RIVALS.get(Kind(line.kind), line.kind)
    return (line.store_id, line.remote_id, kind, line.listing_id if kind == Kind.PRICE else 0)


def _line(
    change: Change, row: tuple[Any, ...], words: Mapping[Place, Mapping[str, Any]], mappings: Mapping[int, str]
) -> Line:
    listing_id, store_id, remote_id, variation_key, title, price, retail_price, state, _promoted = row
    line = Line(
        store_id=store_id,
        kind=change.kind,
        fields=change.fields,
        before={
            "price": None if price is None else plain(price),
            "retail_price": None if retail_price is None else plain(retail_price),
            "title": title,
            "active": state == Listing.State.ACTIVE,
        },
        remote_id=_product_there(change, remote_id),
        listing_id=listing_id,
    )
    match change.kind:
        case Kind.PRICE:
            _price(
                line, price, mapping=BOTH if change.as_shown else mappings[store_id], of_a_choice=bool(variation_key)
            )
        case Kind.UPDATE:
            shown = words.get((store_id, line.remote_id), {})
            line.before |= {name: shown[name] for name in change.fields if name in shown}
            line.fields = {name: value for name, value in change.fields.items() if shown.get(name, ...) != value}
        case Kind.DEACTIVATE:
            line.fields, line.worst = {"active": False}, rails.HIDDEN
        case Kind.ACTIVATE:
            line.fields = {"active": True}
        case Kind.DELETE:
            line.fields, line.worst = {}, rails.DELETED
    return line


def _product_there(change: Change, remote_id: str) -> str:
    return change.remote_id if change.kind == Kind.UPDATE and change.remote_id else remote_id


def _price(line: Line, before: Decimal | None, *, mapping: str, of_a_choice: bool) -> None:
    """As the store will show it. A regular price equal to the price is none, and a choice among several has none."""
    price, told = told_amounts(mapping, line.fields)
    retail = None if told is None or of_a_choice or told == price else told
    line.worst = rails.gravity(before=before, after=price, retail_price=retail)
    if line.worst != rails.IMPOSSIBLE and before is not None and rails.falls_far(before=before, after=price):
        line.falls = 1 - price / before
    line.fields = {**line.fields, "price": plain(price), "retail_price": None if retail is None else plain(retail)}


def _mappings(seller_id: int, store_ids: set[int]) -> dict[int, str]:
    """Which of our amounts each store shows where."""
    rows = Store.objects.filter(seller_id=seller_id, pk__in=store_ids)
    return {row.pk: setting(row, "price_mapping") for row in rows}


def _differs(line: Line) -> bool:
    match line.kind:
        case Kind.PRICE:
            return any(line.fields[name] != line.before[name] for name in ("price", "retail_price"))
        case Kind.ACTIVATE | Kind.DEACTIVATE:
            return bool(line.before["active"] != line.fields["active"])
        case Kind.UPDATE:
            return bool(line.fields)
        case _:
            return True


def _creation(change: Change, mappings: Mapping[int, str]) -> Line:
    """As the store will show it; a single variation's price moves as the product's does."""
    mapping = BOTH if change.as_shown else mappings.get(change.store_id or 0, BOTH)
    price, retail = told_amounts(mapping, change.fields)
    above = price - Decimal(change.fields["price"])
    own = {item_id: Decimal(text) + above for item_id, text in change.fields.get("prices", {}).items()}
    fits = all(one > 0 for one in (price, *own.values())) and (retail is None or retail >= price)
    amounts = {
        "price": plain(price),
        "retail_price": None if retail is None else plain(retail),
        "prices": {item_id: plain(one) for item_id, one in own.items()},
    }
    return Line(
        store_id=change.store_id or 0,
        kind=change.kind,
        fields={**change.fields, **amounts},
        worst=Decimal(0) if fits else rails.IMPOSSIBLE,
        product_id=change.product_id,
    )


def _without_taken(seller_id: int, lines: list[Line], notes: Counter[str]) -> list[Line]:
    """A product that a store has, or is about to get, is not listed there a second time."""
    new = [line for line in lines if line.kind == Kind.CREATE]
    if not new:
        return lines
    taken = taken_places(seller_id=seller_id, places=[(line.store_id, line.product_id or 0) for line in new])
    notes[rails.LISTED] += len(taken)
    return [line for line in lines if line.kind != Kind.CREATE or (line.store_id, line.product_id) not in taken]


def _words(
    seller_id: int, changes: Sequence[Change], listed: Mapping[int, tuple[Any, ...]]
) -> Mapping[Place, Mapping[str, Any]]:
    wanted: dict[Place, set[str]] = {}
    for change in changes:
        row = listed.get(change.listing_id or 0)
        if change.kind == Kind.UPDATE and row is not None:
            wanted.setdefault((row[1], _product_there(change, row[2])), set()).update(change.fields)
    return seen_words(seller_id=seller_id, wanted=wanted) if wanted else {}


# --------------------------------------------------------------------------- what stops it


def rails_of(*, seller_id: int, laid: Laid) -> list[dict[str, Any]]:
    """What stops these lines until a person has approved it, the gravest first; then what is left out."""
    found: list[dict[str, Any]] = []
    impossible = sum(line.worst == rails.IMPOSSIBLE for line in laid.lines)
    if impossible:
        found.append({"code": rails.PRICE_IMPOSSIBLE, "count": impossible})
    if deletions := sum(line.kind == Kind.DELETE for line in laid.lines):
        found.append({"code": rails.DELETIONS, "count": deletions})
    found += _many_hidden(seller_id, laid.lines)
    if falls := [line.falls for line in laid.lines if line.falls]:
        found.append({"code": rails.PRICE_FALLS, "count": len(falls), "percent": round(max(falls) * 100)})
    return found + [{"code": code, "count": laid.notes[code]} for code in rails.NOTES if laid.notes[code]]


def _many_hidden(seller_id: int, lines: Iterable[Line]) -> list[dict[str, Any]]:
    """For each store of which more than a tenth would no longer be sold."""
    going: dict[int, list[str]] = {}
    for line in lines:
        if line.kind in {Kind.DEACTIVATE, Kind.DELETE}:
            going.setdefault(line.store_id, []).append(line.remote_id)
    found = []
    for store_id, remote_ids in sorted(going.items()):
        [(hidden, sold)] = fetch(SOLD, [remote_ids, seller_id, store_id])
        if hidden > sold * rails.MANY:
            found.append({"code": rails.MANY_HIDDEN, "count": hidden, "store": store_id, "of": sold})
    return found


def counts_of(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """How many of each kind in each store."""
    found = Counter((line.store_id, str(line.kind)) for line in lines)
    return [{"store": store_id, "kind": kind, "count": count} for (store_id, kind), count in found.items()]
