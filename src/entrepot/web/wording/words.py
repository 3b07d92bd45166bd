"""Codes as sentences: what went wrong, what it is called in a filter, and what to do. In the reader's language.

A code that belongs to an error class has its sentence there (`message`, an English msgid with `{fields}`). Codes that
only stand on rows (a hold's reason, a finding of the SKU doctor) have theirs here.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop

from entrepot.channels.services.doctor import finding_kind
from entrepot.channels.words import filled, messages, problem_remedy, problem_sentence, sentence, spoken
from entrepot.kernel.reasons import fields_of
from entrepot.web.wording.labels import LABELS, label

__all__ = [
    "code_sentence",
    "filled",
    "finding_remedy",
    "finding_sentence",
    "hold_label",
    "hold_remedy",
    "hold_title",
    "label",
    "problem_remedy",
    "problem_sentence",
    "sentence",
]


@dataclass(frozen=True, slots=True)
class Words:
    """`label` for lists and filters, `title` says what happened, `remedy` what to do. English msgids."""

    label: str
    title: str = ""
    remedy: str = ""


N = gettext_noop
HOLDS: dict[str, Words] = {
    "unmapped_sku": Words(
        N("Line without an item"),
        N("A line of this order belongs to no item of your catalogue."),
        N("Choose the item for each marked line below. The order goes on by itself."),
    ),
    "unmapped_status": Words(
        N("Unknown store status"),
        N("The store uses an order status that has no meaning here yet."),
        N("Open the store's status map and say what this status means. The order then goes on by itself."),
    ),
    "address_incomplete": Words(
        N("Address incomplete"),
        N("The delivery address lacks something a carrier needs."),
        N("Ask the buyer, correct the address in the store and press Sync orders, or release the hold."),
    ),
    "person": Words(
        N("Held by a person"),
        N("Somebody put this order on hold."),
        N("Why is said in the time line. Release it once that is settled."),
    ),
    "awaiting_payment": Words(
        N("Not paid yet"),
        N("The buyer has not paid yet."),
        N("Nothing to do: its stock is set aside, and the order goes on by itself once the store says it is paid."),
    ),
    "held_in_store": Words(
        N("Held in the store"),
        N("The order is held back in the store."),
        N("Release it in the store; it goes on here by itself then."),
    ),
    "cancel_asked_partly": Words(
        N("Cancellation of some lines asked for"),
        N("The buyer asks to cancel a part of this order."),
        N("Accept or refuse it below. The whole order waits until then."),
    ),
    "cancel_after_packing": Words(
        N("Cancellation asked for after packing"),
        N("The buyer asks to cancel, but the order is packed. The parcel is stopped."),
        N("Refuse the cancellation and send it, or unpack it and cancel."),
    ),
    "canceled_after_packing": Words(
        N("Canceled in the store after packing"),
        N("The order was canceled in the store, but it is packed. The parcel is stopped."),
        N("Unpack it, so that its goods can be sold again."),
    ),
    "lines_canceled_after_packing": Words(
        N("Lines canceled in the store after packing"),
        N("A part of this order was canceled in the store, but it is packed. The parcel is stopped."),
        N("Unpack it; it goes back to the warehouse without what was canceled."),
    ),
    "no_carrier": Words(
        N("No carrier"),
        N("No carrier is chosen for this order."),
        N("Choose a carrier in the store, then release the hold."),
    ),
}


def hold_title(code: str) -> str:
    """Why an order is on hold."""
    known = HOLDS.get(code)
    return gettext(known.title) if known else problem_sentence(code, {})


def hold_label(code: str) -> str:
    """The short name of a hold's reason."""
    known = HOLDS.get(code)
    return gettext(known.label) if known else label(code)


def hold_remedy(code: str) -> str:
    """What ends the hold."""
    known = HOLDS.get(code)
    return gettext(known.remedy) if known else problem_remedy(code, {})


def code_sentence(code: str, reason: str = "") -> str:
    """A refusal that stands on a row as code and reason."""
    message = messages().get(code, "")
    if not reason and not message:
        return label(code) if code in LABELS else gettext("No reason was given. The payload journal holds the answer.")
    if not reason:
        return filled(message, {})
    if "{reason}" in message and fields_of(message, reason) is None:
        return filled(message, {"reason": reason, "field": gettext_noop("this product")})
    return spoken(reason)


def finding_sentence(finding: Any) -> str:  # noqa: ANN401 - a finding row
    """What the SKU doctor found."""
    return filled(finding_kind(finding.code).sentence, _finding_facts(finding))


def finding_remedy(finding: Any) -> str:  # noqa: ANN401 - a finding row
    """What to do about it."""
    return filled(finding_kind(finding.code).remedy, _finding_facts(finding))


def fix_words(finding: Any, label_text: str) -> str:  # noqa: ANN401 - a finding row
    """What a button that puts a finding right says."""
    return filled(label_text, _finding_facts(finding))


def _finding_facts(finding: Any) -> dict[str, object]:  # noqa: ANN401 - a finding row
    own = {"sku": finding.sku, "title": finding.title, "remote_id": finding.remote_id, "code": label(finding.code)}
    return own | dict(finding.facts)
