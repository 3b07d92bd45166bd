"""One Cafe24 order → the parts of it that travel on their own. Pure.

The first receiver's items are the order itself. Each further receiver's items, and the goods that replace exchanged
ones, are orders of their own that follow it: `{order_id}:{shipping_code}` and `{order_id}:{claim_code}`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from entrepot.connectors.cafe24 import wire_orders as wire
from entrepot.connectors.cafe24.state import ItemState
from entrepot.connectors.cafe24.values import text, truth, whole

_REPLACING = frozenset({"N01", "N03"})
_REPLACEMENT = "N2"
EXCHANGE_LETTER = "B"
"""Claim codes of exchanges begin with it, those of cancellations and returns with C."""
HomeOf = Callable[[str, Sequence[str]], str]


def nowhere(_line_id: str, _part_ids: Sequence[str]) -> str:
    """For readers who have seen nothing of the order before."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Items that go to one place. `follows` is "" for the order itself."""

    remote_id: str
    number: str
    items: Sequence[wire.Item]
    receiver: wire.Receiver | None
    follows: str = ""
    is_replacement: bool = False


def order_id_of(remote_id: str) -> str:
    """The mall's own order id, out of the id of any part."""
    return remote_id.partition(":")[0]


def item_code_of(line_id: str) -> str:
    """The mall's own item code, out of the id of a line (a bundle's lines are `{item code}/{n}`)."""
    return line_id.partition("/")[0]


def item_state(item: wire.Item, *, replacement: bool = False) -> ItemState:
    """What the item says of itself; `replacement`: it stands in a replacement's part."""
    return ItemState(
        code=text(item.order_status),
        before=text(item.order_status_before_cs),
        quantity=whole(item.quantity) or 0,
        claim_quantity=whole(item.claim_quantity) or 0,
        replacement=replacement,
    )


def parts(order: wire.Order, home_of: HomeOf = nowhere) -> list[Part]:
    """The order itself first, then further receivers, then replacements, each in the order of their codes.

    `home_of(line id, part ids)`: the part in which an item was seen before, for one whose parcel no receiver names.
    """
    items = sorted(order.items or (), key=lambda item: item.order_item_code)
    listed = _listed_replacements(order)
    ordered = [item for item in items if not _is_replacement(item, listed)] or items
    replacing = [item for item in items if item not in ordered]
    groups = _by_receiver(order, ordered, home_of)
    made = [_part_of_receiver(order.order_id, group, place) for place, group in enumerate(groups, 1)]
    claims: dict[str, list[wire.Item]] = {}
    for item in replacing:
        claims.setdefault(_exchange_of(order, item, listed), []).append(item)
    for place, (claim_code, members) in enumerate(sorted(claims.items()), 1):
        made.append(
            Part(
                remote_id=f"{order.order_id}:{claim_code}",
                number=f"{order.order_id}-X{place}",
                items=members,
                receiver=_receiver_of(order, members[0]),
                follows=order.order_id,
                is_replacement=True,
            )
        )
    return made


# --------------------------------------------------------------------------- receivers


@dataclass(slots=True)
class _Group:
    receiver: wire.Receiver | None
    codes: set[str]
    items: list[wire.Item]


def _by_receiver(order: wire.Order, items: Sequence[wire.Item], home_of: HomeOf) -> list[_Group]:
    """Items by the address they go to. Parcels of one address are one group, whatever their shipping codes.

    A parcel gets a shipping code of its own, and not every mall names a receiver for it: such an item stays where it
    was seen before.
    """
    receivers = sorted(order.receivers or (), key=lambda row: text(row.shipping_code))
    groups: dict[tuple[str, ...], _Group] = {}
    for row in receivers:
        group = groups.setdefault(_address_key(row), _Group(row, set(), []))
        group.codes.add(text(row.shipping_code))
    if not groups or not (truth(order.multiple_addresses) or len(groups) > 1):
        return [_Group(receivers[0] if receivers else None, set(), list(items))]
    found = list(groups.values())
    by_id = {_receivers_part(order.order_id, group, place): group for place, group in enumerate(found, 1)}
    for item in items:
        code = text(item.shipping_code)
        named = next((group for group in found if code in group.codes), None)
        (named or _home(item, by_id, home_of) or found[0]).items.append(item)
    return [group for group in found if group.items]


def _home(item: wire.Item, by_id: Mapping[str, _Group], home_of: HomeOf) -> _Group | None:
    if len(by_id) == 1:
        return None
    for line_id in (item.order_item_code, f"{item.order_item_code}/1"):  # alone, or the first of a bundle
        if home := by_id.get(home_of(line_id, list(by_id))):
            return home
    return None


def _address_key(row: wire.Receiver) -> tuple[str, ...]:
    columns = (row.name, row.zipcode, row.address1, row.address2, row.phone, row.cellphone)
    return tuple(text(column) for column in columns)


def _receivers_part(order_id: str, group: _Group, place: int) -> str:
    """The id of the part that goes to a receiver."""
    code = text(group.receiver.shipping_code) if group.receiver else str(place)
    return order_id if place == 1 else f"{order_id}:{code}"


def _part_of_receiver(order_id: str, group: _Group, place: int) -> Part:
    return Part(
        remote_id=_receivers_part(order_id, group, place),
        number=order_id if place == 1 else f"{order_id}-{place}",
        items=group.items,
        receiver=group.receiver,
        follows="" if place == 1 else order_id,
    )


def _receiver_of(order: wire.Order, item: wire.Item) -> wire.Receiver | None:
    receivers = sorted(order.receivers or (), key=lambda row: text(row.shipping_code))
    own = [row for row in receivers if text(row.shipping_code) == text(item.shipping_code)]
    return next(iter([*own, *receivers]), None)


# --------------------------------------------------------------------------- exchanges


def _listed_replacements(order: wire.Order) -> dict[str, str]:
    """`{item code: claim code}` of the goods that exchanges sent out; an item stays one when it is canceled later."""
    return {
        code: text(row.claim_code) for row in claim_rows(order.exchange) for code in item_codes(row.exchanged_items)
    }


def _is_replacement(item: wire.Item, listed: dict[str, str]) -> bool:
    return (
        text(item.status_code) == _REPLACEMENT
        or text(item.order_status) in _REPLACING
        or item.order_item_code in listed
    )


def _exchange_of(order: wire.Order, item: wire.Item, listed: dict[str, str]) -> str:
    """The claim a replacement belongs to: the one that lists it, its own code, or that of the item it replaces."""
    replaced = {str(number) for number in _numbers(item.original_item_no)}
    originals = [text(row.claim_code) for row in order.items or () if text(row.item_no) in replaced]
    known = [listed.get(item.order_item_code, ""), text(item.claim_code), *originals]
    return next((code for code in known if code.startswith(EXCHANGE_LETTER)), item.order_item_code)


def _numbers(stated: object) -> Sequence[object]:
    if isinstance(stated, list):
        return stated
    return [] if stated in {None, ""} else [stated]


def claim_rows(stated: object) -> list[wire.ClaimRow]:
    """The embedded claims of one kind; a malformed one is left out."""
    rows = [row for row in wire.several(stated) if isinstance(row, dict)]
    return [wire.loosely(row, wire.ClaimRow) for row in rows]


def item_codes(stated: object) -> list[str]:
    """Item codes out of a list of rows or of codes."""
    found: list[str] = []
    for row in wire.several(stated):
        code = row.get("order_item_code") if isinstance(row, dict) else row
        found.extend([str(code)] if code else [])
    return found
