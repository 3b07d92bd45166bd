"""Wishes to cancel, send back or exchange, out of an order's items and embedded claims. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from entrepot.connectors.cafe24 import kst
from entrepot.connectors.cafe24 import wire_orders as wire
from entrepot.connectors.cafe24.mapping_order_lines import claim_shares
from entrepot.connectors.cafe24.mapping_order_parts import Part, claim_rows, item_codes, item_state
from entrepot.connectors.cafe24.state import ClaimKind, ClaimState, claim_kind, claim_state, least_far
from entrepot.connectors.cafe24.values import text, truth
from entrepot.connectors.contract import ChannelClaim

_CLOSED: frozenset[ClaimState] = frozenset({"refused", "withdrawn"})


@dataclass(slots=True)
class _Wish:
    kind: ClaimKind
    items: list[tuple[wire.Item, ClaimState]] = field(default_factory=list)


def claim_id(order_id: str, kind: ClaimKind, claim_code: str) -> str:
    """The claim's own code; a wish that was not decided yet has none and is named after its order."""
    return claim_code or f"{order_id}:{kind}"


def claims(order: wire.Order, part: Part) -> tuple[ChannelClaim, ...]:
    """The claims over a part's items, in the order of their ids."""
    wishes: dict[tuple[ClaimKind, str], _Wish] = {}
    for item in part.items:
        for kind, code, state in _says(item):
            key = kind, claim_id(order.order_id, kind, code)
            wishes.setdefault(key, _Wish(kind)).items.append((item, state))
    for kind, row in _taken_back(order):
        members = [item for item in part.items if item.order_item_code in item_codes(row.items)]
        key = kind, text(row.claim_code)
        if members and key not in wishes:
            wishes[key] = _Wish(kind, [(item, "withdrawn") for item in members])
    return tuple(_claim(name, wish) for (_, name), wish in sorted(wishes.items(), key=lambda entry: entry[0][::-1]))


def _says(item: wire.Item) -> Iterator[tuple[ClaimKind, str, ClaimState]]:
    """The wish an item is under, or the one that was refused and left no code behind."""
    state = item_state(item)
    kind, how_far = claim_kind(state.code), claim_state(state.code)
    if kind and how_far:
        yield kind, own_code(kind, item), how_far
    elif truth(item.request_undone) and (refused := _last_asked(item)):
        yield refused, "", "refused"


def own_code(kind: ClaimKind, item: wire.Item) -> str:
    """The item's claim code, if it is of this kind: a code of an earlier claim may stand there still."""
    code = text(item.claim_code)
    return code if not code or code.startswith("B") == (kind == "exchange") else ""


def _last_asked(item: wire.Item) -> ClaimKind | None:
    kinds: Sequence[ClaimKind] = ("cancel", "return", "exchange")
    dates = [(at, kind) for kind in kinds if (at := _asked_at(item, kind))]
    return max(dates)[1] if dates else None


def _asked_at(item: wire.Item, kind: ClaimKind) -> datetime | None:
    match kind:
        case "cancel":
            return kst.moment(item.cancel_request_date)
        case "return":
            return kst.moment(item.return_request_date)
        case "exchange":
            return kst.moment(item.exchange_request_date)


def _taken_back(order: wire.Order) -> Iterator[tuple[ClaimKind, wire.ClaimRow]]:
    """Embedded claims that were withdrawn after they had a code."""
    embedded: Sequence[tuple[ClaimKind, object]] = (
        ("cancel", order.cancellation),
        ("return", order.return_),
        ("exchange", order.exchange),
    )
    for kind, stated in embedded:
        for row in claim_rows(stated):
            if truth(row.undone) and text(row.claim_code):
                yield kind, row


def _claim(name: str, wish: _Wish) -> ChannelClaim:
    """Once refused for some items and asked again for others, the wish is for the others."""
    going_on = [entry for entry in wish.items if entry[1] not in _CLOSED]
    entries = going_on or wish.items
    items = [item for item, _ in entries]
    asked = [at for at in (_asked_at(item, wish.kind) for item in items) if at]
    return ChannelClaim(
        remote_id=name,
        kind=wish.kind,
        state=least_far(state for _, state in entries),
        lines=tuple(share for item in items for share in claim_shares(item)),
        reason=next((text(item.claim_reason) for item in items if text(item.claim_reason)), ""),
        asked_at=min(asked, default=None),
    )
