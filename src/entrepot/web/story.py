"""An order's time line as sentences."""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop, ngettext

from entrepot.orders.models import OrderEvent, Status
from entrepot.web.labels import LABELS
from entrepot.web.words import hold_label

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
    "withdraw_return": N("The return was withdrawn"),
    "tagged": N("Tags changed"),
    "amended": N("Changed in the store; taken in here"),
    "matched": N("Lines matched to items"),
}
BAD = frozenset({"hold", "run_short", "keep_on_hold", "reopen_on_hold", "hold_renamed"})
QUIET = frozenset({"tagged", "amended", "matched", "cancel", "confirm_seller_cancel", "cancel_unpaid"})


@dataclass(frozen=True, slots=True)
class Told:
    """One step as a person reads it."""

    event: OrderEvent
    sentence: str
    detail: str
    tone: str


def tell(event: OrderEvent) -> Told:
    """The step's sentence, what else is known of it, and its tone."""
    name = event.kind.removeprefix("order.")
    sentence = gettext(SENTENCES[name]) if name in SENTENCES else gettext(name.replace("_", " ").capitalize())
    tone = "bad" if name in BAD else "quiet" if name in QUIET else ""
    return Told(event, sentence, " · ".join(_details(name, event)), tone)


def _details(name: str, event: OrderEvent) -> list[str]:
    facts = event.facts
    said: list[str] = []
    if name == "placed" and isinstance(facts.get("lines"), int):
        said.append(ngettext("%(n)s line", "%(n)s lines", facts["lines"]) % {"n": facts["lines"]})
    if name in {"hold", "hold_renamed"} and facts.get("code"):
        said.append(hold_label(str(facts["code"])))
    if name == "tagged":
        said.append(", ".join(facts.get("after") or []) or gettext("none"))
    if event.to_status and event.from_status != event.to_status and name not in {"hold", "hold_renamed"}:
        there = Status(event.to_status).label if event.to_status in Status.values else event.to_status
        said.append(str(there))
    if facts.get("reason") and facts["reason"] not in LABELS:
        said.append(f"“{facts['reason']}”")
    return said
