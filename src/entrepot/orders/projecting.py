"""A store knows the whole of an order that was split here: what it says of the whole, said for each part.

Pure: rows in, drafts out. Goods and money of the drafts add up to the whole; where the store changed nothing, each part
keeps what it has, coin for coin.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from entrepot.orders.drafts import LineDraft, OrderDraft, TotalDraft
from entrepot.orders.flow import open_to_change
from entrepot.orders.models import Order, OrderLine, OrderTotal
from entrepot.orders.parts import content
from entrepot.orders.shares import divide, divide_rows, divide_total


@dataclass(slots=True)
class _Place:
    """A line of a part, and how much of it the whole has not been asked for yet."""

    order: Order
    line: OrderLine
    left: int


@dataclass(slots=True)
class _Cut:
    """Of a line of the whole, so many pieces are in this order; `totals` of lines that are in it as they were."""

    quantity: int = 0
    totals: list[Decimal] = field(default_factory=list)
    changed: bool = False


def project(
    members: Sequence[Order],
    lines: Mapping[int, Sequence[OrderLine]],
    totals: Sequence[OrderTotal],
    whole: OrderDraft,
) -> dict[int, OrderDraft]:
    """What a draft of the whole means for each of its parts, the root first.

    A line is where its pieces are; what was taken off it in the store is missing from those parts first that can still
    be changed, from the latest one on; what was added, and new lines, go to the first part that can be changed.
    """
    cuts = [_cut(members, draft, places) for draft, places in _pair(members, lines, whole.lines)]
    drafts: dict[int, list[LineDraft]] = {order.pk: [] for order in members}
    for draft, cut in zip(whole.lines, cuts, strict=True):
        for order_id, one in _shares(draft, cut, whole.base_currency).items():
            drafts[order_id].append(one)
    money = _money(members, drafts, totals, whole)
    return {
        order.pk: replace(
            whole,
            remote_id=order.remote_id,
            number=_number(order, members[0], whole),
            lines=drafts[order.pk],
            totals=money[order.pk][0],
            total=money[order.pk][1],
        )
        for order in members
    }


def _number(order: Order, root: Order, whole: OrderDraft) -> str:
    if order is root:
        return whole.number
    return order.number if root.number == whole.number else f"{whole.number}-{order.remote_id.rpartition('~')[2]}"


def _key(line: OrderLine | LineDraft) -> tuple[str, str]:
    return line.product_remote_id, line.variation_key


_Paired = list[tuple[LineDraft, list[tuple[_Place, int]]]]


def _pair(members: Sequence[Order], lines: Mapping[int, Sequence[OrderLine]], drafts: Sequence[LineDraft]) -> _Paired:
    """Which lines of the parts a line of the whole is, and how much of each: by its id first, then by its product."""
    places = [_Place(order, line, line.quantity) for order in members for line in lines[order.pk]]
    places.sort(key=lambda place: (open_to_change(place.order), place.order.pk, place.line.position))
    paired: _Paired = [(draft, []) for draft in drafts]
    for by_id in (True, False):
        for draft, found in paired:
            rest = draft.quantity - sum(quantity for _, quantity in found)
            for place in places:
                same = _key(place.line) == _key(draft) and (not by_id or place.line.remote_id == draft.remote_id)
                if same and (some := min(place.left, rest)) > 0:
                    place.left -= some
                    rest -= some
                    found.append((place, some))
    return paired


def _cut(members: Sequence[Order], draft: LineDraft, places: Sequence[tuple[_Place, int]]) -> dict[int, _Cut]:
    cuts: dict[int, _Cut] = {}
    for place, quantity in places:
        cut = cuts.setdefault(place.order.pk, _Cut())
        cut.quantity += quantity
        cut.totals.append(place.line.line_total)
        cut.changed = cut.changed or quantity != place.line.quantity
    rest = draft.quantity - sum(cut.quantity for cut in cuts.values())
    if rest or not cuts:
        known = [order for order in members if order.pk in cuts]
        able = [order for order in [*known, *members] if open_to_change(order)]
        home = cuts.setdefault((able or known or list(members))[0].pk, _Cut())
        home.quantity += rest
        home.changed = True
    return cuts


def _shares(draft: LineDraft, cuts: Mapping[int, _Cut], currency: str) -> dict[int, LineDraft]:
    if len(cuts) == 1:
        return {order_id: replace(draft, quantity=cut.quantity) for order_id, cut in cuts.items()}
    amounts = [sum(cut.totals, Decimal(0)) for cut in cuts.values()]
    if any(cut.changed for cut in cuts.values()) or sum(amounts) != draft.line_total:
        weights = [Decimal(cut.quantity) for cut in cuts.values()]
        amounts = divide(draft.line_total, weights, currency=currency)
    return {
        order_id: replace(draft, quantity=cut.quantity, line_total=amount)
        for (order_id, cut), amount in zip(cuts.items(), amounts, strict=True)
    }


_Money = dict[int, tuple[list[TotalDraft], Decimal]]


def _money(
    members: Sequence[Order], drafts: Mapping[int, Sequence[LineDraft]], totals: Sequence[OrderTotal], whole: OrderDraft
) -> _Money:
    """The rows of the totals and the total of each part: as they are, or divided anew where the store changed them."""
    standing = _standing(members, totals)
    if _is_same(members, standing, whole):
        return {order.pk: (standing[order.pk], order.total) for order in members}
    parts = [content(drafts[order.pk]) for order in members]
    rows = [(row.code, row.amount) for row in whole.totals]
    shares = divide_rows(rows, parts, currency=whole.base_currency)
    sums = divide_total(whole.total, rows, shares, parts, currency=whole.base_currency)
    return {
        order.pk: ([replace(row, amount=amount) for row, amount in zip(whole.totals, share, strict=True)], total)
        for order, share, total in zip(members, shares, sums, strict=True)
    }


def _standing(members: Sequence[Order], totals: Sequence[OrderTotal]) -> dict[int, list[TotalDraft]]:
    found: dict[int, list[TotalDraft]] = {order.pk: [] for order in members}
    for row in sorted(totals, key=lambda row: row.position):
        if row.order_id in found:
            found[row.order_id].append(TotalDraft(code=row.code, title=row.title, amount=row.amount))
    return found


def _is_same(members: Sequence[Order], standing: Mapping[int, Sequence[TotalDraft]], whole: OrderDraft) -> bool:
    """Whether the rows of the parts add up to those the store shows."""
    columns = [standing[order.pk] for order in members]
    if {len(rows) for rows in columns} != {len(whole.totals)}:
        return False
    if sum((order.total for order in members), Decimal(0)) != whole.total:
        return False
    for at, row in enumerate(whole.totals):
        if any((rows[at].code, rows[at].title) != (row.code, row.title) for rows in columns):
            return False
        if sum((rows[at].amount for rows in columns), Decimal(0)) != row.amount:
            return False
    return True
