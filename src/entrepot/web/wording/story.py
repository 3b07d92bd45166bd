"""An order's time line as sentences: its own steps, and what its store was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_noop, ngettext

from entrepot.channels.models import StatusDebt, StatusMapping
from entrepot.orders.models import OrderClaim, OrderEvent, Status
from entrepot.web.wording.labels import LABELS
from entrepot.web.wording.words import code_sentence, hold_label

N = gettext_noop
SENTENCES = {
    "placed": N("Order taken in"),
    "run_short": N("Stock ran short; the order waits for it"),
    "stock_arrived": N("Stock arrived; everything is set aside"),
    "hold": N("Put on hold"),
    "hold_renamed": N("Held for another reason"),
    "unhold": N("Hold released"),
    "unhold_short": N("Hold released; the order waits for stock"),
    "unhold_released": N("Hold released; back to the warehouse"),
    "release": N("Released to the warehouse"),
    "recall": N("Taken back from the warehouse"),
    "pack": N("Packed, ready to ship"),
    "hand_over": N("Handed over to the carrier"),
    "complete": N("Delivered"),
    "packed_in_store": N("Marked as packed in the store"),
    "shipped_in_store": N("Marked as shipped in the store"),
    "completed_in_store": N("Marked as complete in the store"),
    "ask_cancel": N("The buyer asks to cancel"),
    "cancel": N("Canceled; what it held is released"),
    "cancel_by_seller": N("Canceled by the seller; the store is to confirm"),
    "confirm_seller_cancel": N("Cancellation by the seller confirmed; what it held is released"),
    "keep": N("Cancellation withdrawn; everything is set aside"),
    "keep_short": N("Cancellation withdrawn; the order waits for stock"),
    "keep_on_hold": N("Cancellation withdrawn; the order is on hold"),
    "cancel_unpaid": N("Never paid; what it held is released"),
    "reopen": N("Put back to work in the store"),
    "reopen_short": N("Put back to work in the store; it waits for stock"),
    "reopen_on_hold": N("Put back to work in the store; it is on hold"),
    "ask_return": N("The buyer sends it back"),
    "take_return": N("The return has arrived"),
    "take_part_return": N("Part of it came back; the rest stays with the buyer"),
    "unpack": N("Unpacked; back with the warehouse"),
    "unpacked": N("Unpacked; still on hold"),
    "return_received": N("Part of the return has arrived"),
    "claim.asked": N("The buyer asks"),
    "claim.accepted": N("The buyer's request is accepted"),
    "claim.received": N("The goods of the request are back"),
    "claim.done": N("The buyer's request is settled"),
    "claim.refused": N("The buyer's request is refused"),
    "claim.withdrawn": N("The buyer's request is withdrawn"),
    "parcel.packed": N("Parcel packed"),
    "parcel.hand_over": N("Parcel handed over to the carrier"),
    "parcel.deliver": N("Parcel delivered"),
    "parcel.void": N("Parcel void; unpacked"),
    "parcel.label": N("Label made; it can be printed"),
    "parcel.tracking": N("Tracking number written on the parcel"),
    "parcel.weighed": N("Parcel weighed"),
    "short_pick": N("Not found on the shelf; taken off the books"),
    "work.released": N("Given to the warehouse to be picked"),
    "work.start": N("Put on a pick list"),
    "work.drop": N("Taken off the pick list"),
    "work.pick": N("Everything is picked"),
    "work.pack": N("The parcel is closed"),
    "work.unpack": N("Back on the packing table"),
    "work.hand_over": N("Left the warehouse with the manifest"),
    "work.recall": N("Recalled from the warehouse"),
    "work.put_back": N("Put back on the shelf"),
    "stop": N("Stopped after packing: the buyer asks to cancel"),
    "unhold_packed": N("Hold released; packed as before"),
    "withdraw_return": N("The return was withdrawn"),
    "tagged": N("Tags changed"),
    "amended": N("Changed in the store; taken in here"),
    "matched": N("Lines matched to items"),
    "split": N("Some of it was split off into a part of its own"),
    "split_off": N("Split off from another order"),
    "joined": N("A part was joined again"),
    "join": N("Joined again with the order it came from"),
    "merged": N("Shares its parcel with other orders"),
    "unmerged": N("Travels on its own again"),
    "lines_split": N("Lines were taken apart in the store"),
    "lines_shipped": N("Some lines left, as the store says"),
}
OWED = {
    "status": N("Status told to the store"),
    "cancel": N("Cancellation told to the store"),
    "parcel": N("Parcel told to the store"),
    "claim": N("Answer to the buyer told to the store"),
}
HELD = frozenset({"hold", "hold_renamed", "stop"})
BAD = frozenset({"hold", "stop", "run_short", "keep_on_hold", "reopen_on_hold", "hold_renamed"})
PARTS = frozenset({"split", "split_off", "joined", "join", "merged", "lines_split", "lines_shipped"})
QUIET = frozenset({"tagged", "amended", "matched", "cancel", "confirm_seller_cancel", "cancel_unpaid"})


@dataclass(frozen=True, slots=True)
class Told:
    """One step as a person reads it."""

    at: datetime
    by: str
    sentence: str
    detail: str
    tone: str


def of_order(
    events: Sequence[OrderEvent], debts: Sequence[StatusDebt], carriers: Mapping[str, str] | None = None
) -> list[Told]:
    """The time line, newest first: what happened here, and what the store was told of it.

    `carriers` = `{code: name}` of those its store lists.
    """
    steps = [(event.at, 0, event.pk, tell(event, carriers)) for event in events]
    steps += [(debt.created_at, 1, debt.pk, tell_debt(debt)) for debt in debts]
    return [told for *_, told in sorted(steps, key=lambda step: step[:3], reverse=True)]


def tell(event: OrderEvent, carriers: Mapping[str, str] | None = None) -> Told:
    """The step's sentence, what else is known of it, and its tone."""
    name = event.kind.removeprefix("order.")
    sentence = gettext(SENTENCES[name]) if name in SENTENCES else gettext(name.replace("_", " ").capitalize())
    tone = "bad" if name in BAD else "quiet" if name in QUIET or name.startswith(("parcel.", "claim.")) else ""
    return Told(event.at, event.actor_label, sentence, " · ".join(_details(name, event, carriers or {})), tone)


def tell_debt(debt: StatusDebt) -> Told:
    """What the store was told, is to be told, or did not take; and whether it shows it."""
    what = gettext(OWED.get(debt.kind, OWED["status"]))
    said: list[str] = []
    meaning = str(debt.payload.get("meaning", ""))
    if debt.kind == "status" and meaning in StatusMapping.Meaning.values:
        said.append(str(StatusMapping.Meaning(meaning).label))
    if debt.sent_at and debt.error_code:
        said.append(gettext("overtaken, not needed any more"))
    elif debt.sent_at:
        said.append(gettext("told %(time)s") % {"time": _clock(debt.sent_at)})
        if debt.seen_at:
            said.append(gettext("shown there %(time)s") % {"time": _clock(debt.seen_at)})
    elif debt.error_code:
        said.append(code_sentence(debt.error_code, debt.error_reason))
    else:
        said.append(gettext("to be told"))
    tone = "bad" if debt.error_code and not debt.sent_at else "quiet"
    return Told(debt.created_at, gettext("to the store"), what, " · ".join(said), tone)


def _pairs(lines: object) -> Sequence[tuple[str, int]]:
    """`(sku, quantity)` of the lines of a step that names them; one that only counts them names none."""
    return [(str(sku), int(count)) for sku, count in lines] if isinstance(lines, list) else []


def _clock(moment: datetime) -> str:
    return date_format(localtime(moment), "H:i:s")


def _details(name: str, event: OrderEvent, carriers: Mapping[str, str]) -> list[str]:
    facts = event.facts
    said: list[str] = []
    if name == "placed" and isinstance(facts.get("lines"), int):
        said.append(ngettext("%(n)s line", "%(n)s lines", facts["lines"]) % {"n": facts["lines"]})
    if name in HELD and facts.get("code"):
        said.append(hold_label(str(facts["code"])))
    if name in PARTS:
        said += [str(facts[key]) for key in ("part", "from", "into") if facts.get(key)]
        said += [f"{quantity} × {sku}" for sku, quantity in _pairs(facts.get("lines"))]
        said += [", ".join(map(str, facts["orders"]))] if facts.get("orders") else []
    if name == "tagged":
        said.append(", ".join(facts.get("after") or []) or gettext("none"))
    if name.startswith("claim.") and facts.get("kind") in OrderClaim.Kind.values:
        said.append(str(OrderClaim.Kind(facts["kind"]).label))
    for key, words in (("restocked", gettext("back on the shelf")), ("scrapped", gettext("scrapped"))):
        said += [f"{words}: {quantity} × {sku}" for sku, quantity in facts.get(key) or []]
    if name.startswith("parcel."):
        carrier = str(facts.get("carrier") or "")
        said += [word for word in (carriers.get(carrier, carrier), str(facts.get("tracking_number") or "")) if word]
    elif event.to_status and event.from_status != event.to_status and name not in HELD:
        there = Status(event.to_status).label if event.to_status in Status.values else event.to_status
        said.append(str(there))
    if facts.get("reason") and facts["reason"] not in LABELS:
        said.append(f"“{facts['reason']}”")
    return said
