"""An order that was split here is one order in its store: what the store says of it, said for each part.

A part follows its own lines where the store keeps a state for each; elsewhere all parts follow the one status, but for
what the store was told of the first of them only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from entrepot.channels.models import Store
from entrepot.channels.opening import setting
from entrepot.channels.services.intake_apply import PROGRESS, REACHED, Meaning
from entrepot.connectors.contract import ChannelClaim, ChannelOrder, ChannelParcel
from entrepot.fulfilment.models import Shipment
from entrepot.orders.drafts import LineDraft, OrderDraft
from entrepot.orders.flow import LEFT, open_to_change, packed
from entrepot.orders.models import Order, OrderLine, OrderTotal
from entrepot.orders.parts import locked_family
from entrepot.orders.projecting import project

FIRST, LAST = "first", "last"
_GONE = frozenset({"shipped", "delivered", "returned"})


@dataclass(frozen=True, slots=True)
class Part:
    """One of an order's parts (most orders are their only one), and what its store says of it.

    `untouched`: whatever was edited in the store, it is not this packed part's goods or address. `is_one_of_many`: the
    money of all of them adds up to the whole's, be one canceled or not.
    """

    order: Order
    draft: OrderDraft
    seen: ChannelOrder
    meaning: str | None
    untouched: bool = False
    is_one_of_many: bool = False


def parts_in(store: Store, *, root: Order, seen: ChannelOrder, draft: OrderDraft, meaning: str | None) -> list[Part]:
    """The parts of an order that was split, each with what the store's copy of the whole says of it. All are locked."""
    items = [line.item_id for line in draft.lines if line.item_id is not None]
    members, lines = locked_family(store.seller_id, root.pk, item_ids=items)
    alive = [order for order in members if any(line.quantity for line in lines[order.pk])] or members[:1]
    totals = list(OrderTotal.objects.filter(order__seller_id=store.seller_id, order__in=alive))
    drafts = project(alive, lines, totals, draft)
    claims = _claims(alive, drafts, seen.claims)
    parcels = _parcels(alive, drafts, seen.parcels)
    furthest = max(reached(order) for order in alive)
    told = furthest if setting(store, "split_tell") == FIRST else 0
    return [
        Part(
            order,
            drafts[order.pk],
            replace(seen, claims=claims[order.pk], parcels=parcels[order.pk]),
            _meaning(order, drafts[order.pk], meaning, told),
            untouched=not open_to_change(order) and _is_same(order, lines[order.pk], drafts[order.pk]),
            is_one_of_many=True,
        )
        for order in alive
    ]


def _is_same(order: Order, lines: Sequence[OrderLine], draft: OrderDraft) -> bool:
    """Whether the goods and the address of a part are what the store shows."""
    return order.shipping == draft.shipping and _goods(lines) == _goods(draft.lines)


def _goods(lines: Sequence[OrderLine] | Sequence[LineDraft]) -> Mapping[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        key = line.product_remote_id, line.variation_key
        sums[key] = sums.get(key, 0) + line.quantity
    return sums


def reached(order: Order) -> int:  # house: verb-signature a question about one order
    """How far along a part is, on the scale by which orders and stores are compared."""
    return 1 if packed(order) else REACHED.get(order.status, 0)


def _meaning(order: Order, draft: OrderDraft, whole: str | None, told: int) -> str | None:
    """What the store's status means for one part. As far as it was `told` of another part, it says nothing new."""
    states = {line.state for line in draft.lines}
    living = states - {"canceled"}
    if not living:
        return whole if whole in {Meaning.CANCELED, Meaning.UNPAID_CANCELED} else Meaning.CANCELED
    if living == {"returned"}:
        return Meaning.RETURNED
    if PROGRESS.get(whole or "", -1) < 0:
        return whole
    if living <= _GONE:
        own = Meaning.IN_TRANSIT if "shipped" in living else Meaning.COMPLETE
        return max(own, Meaning(str(whole)), key=lambda one: PROGRESS[one])
    echo = states == {"open"} and reached(order) < PROGRESS[whole or ""] <= min(told, PROGRESS[Meaning.IN_TRANSIT])
    return Meaning.IGNORE if echo else whole


def _claims(
    members: Sequence[Order], drafts: Mapping[int, OrderDraft], claims: Sequence[ChannelClaim]
) -> dict[int, list[ChannelClaim]]:
    """Each wish on the parts whose goods it names; one about some pieces of a line concerns those first it can."""
    found: dict[int, list[ChannelClaim]] = {order.pk: [] for order in members}
    for claim in claims:
        first = open_to_change if claim.kind == "cancel" else _is_gone
        ranked = sorted(members, key=lambda order: (not first(order), order.pk))
        named: dict[int, list[tuple[str, int]]] = {}
        for remote_id, quantity in claim.lines:
            rest = quantity
            for order in ranked:
                there = sum(line.quantity for line in drafts[order.pk].lines if line.remote_id == remote_id)
                if some := min(there, rest):
                    named.setdefault(order.pk, []).append((remote_id, some))
                    rest -= some
        for order_id, lines in (named or {members[0].pk: list(claim.lines)}).items():
            found[order_id].append(replace(claim, lines=lines))
    return found


def _is_gone(order: Order) -> bool:
    return order.status in LEFT


def _parcels(
    members: Sequence[Order], drafts: Mapping[int, OrderDraft], parcels: Sequence[ChannelParcel]
) -> dict[int, list[ChannelParcel]]:
    """Each parcel with the part it was told for, known by number or the store's id; else with those of its lines."""
    found: dict[int, list[ChannelParcel]] = {order.pk: [] for order in members}
    ours = Shipment.objects.filter(seller_id=members[0].seller_id, order__in=members).order_by("-pk")
    owners: dict[str, int] = {}
    for order_id, remote_id, number in ours.values_list("order_id", "remote_id", "tracking_number"):
        for name in (f"id:{remote_id}" if remote_id else "", f"no:{number}" if number else ""):
            owners.setdefault(name, order_id)
    for parcel in parcels:
        mine = {
            order.pk: [one.remote_id for one in drafts[order.pk].lines if one.remote_id in set(parcel.line_ids)]
            for order in members
        }
        owner = owners.get(f"no:{parcel.tracking_number}") or owners.get(f"id:{parcel.remote_id}")
        holders = [order_id for order_id, names in mine.items() if names]
        for order_id in [owner] if owner else _each_once(mine, holders) or [members[0].pk]:
            found[order_id].append(replace(parcel, line_ids=mine[order_id]) if mine[order_id] else parcel)
    return found


def _each_once(mine: Mapping[int, Sequence[str]], holders: Sequence[int]) -> list[int]:
    """Those of the holders that have a line no earlier one has: a line cut in two is shown in one parcel."""
    seen: set[str] = set()
    chosen = []
    for order_id in holders:
        if set(mine[order_id]) - seen:
            chosen.append(order_id)
        seen |= set(mine[order_id])
    return chosen
