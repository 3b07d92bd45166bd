"""What can be done to many orders at once, as one table: which action of a role each deed needs, and its verb.

A deed is done to one order at a time and stands for itself there. Done twice it is done once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from entrepot.channels.models import Store
from entrepot.channels.queries.told import store_of
from entrepot.channels.services.mapping import match_again
from entrepot.channels.services.packing import pack_order
from entrepot.channels.services.shipping import decides
from entrepot.channels.services.statuses import cancel_in_store
from entrepot.fulfilment import rules
from entrepot.fulfilment import services as parcels
from entrepot.fulfilment.services.label import give_number
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid
from entrepot.orders import services
from entrepot.orders.bulk_errors import UnknownDeed
from entrepot.orders.errors import NoteEmpty
from entrepot.orders.queries import order_head
from entrepot.warehouse.services.desk import hand_over

Facts = Mapping[str, Any]
Verb = Callable[..., object]


class DeedNeedsWord(Invalid):
    """A tag without a word, for instance."""

    code = "deed_needs_word"
    message = "Say which tag."


@dataclass(frozen=True, slots=True)
class Deed:
    """`word` on its button; `done` in its results; `moves`: stores and stock may have to be told afterwards.

    `verb(seller_id, order_id, actor, facts)` does it to one order; None where a file is made of all (`makers`).
    """

    kind: str
    action: str
    word: str
    icon: str
    verb: Verb | None = None
    moves: bool = True


def _simply(verb: Callable[..., object]) -> Verb:
    """A verb that takes no facts."""
    return lambda facts, **words: verb(**words)  # noqa: ARG005 - every deed is called alike


def _because(verb: Callable[..., object]) -> Verb:
    return lambda facts, **words: verb(reason=str(facts.get("reason", "")), **words)


def _hold(facts: Facts, *, seller_id: int, order_id: int, actor: Actor) -> object:
    reason = str(facts.get("reason", ""))
    return services.hold(seller_id=seller_id, order_id=order_id, code="person", actor=actor, reason=reason)


def _pack(facts: Facts, *, seller_id: int, order_id: int, actor: Actor) -> object:
    """Packed as on the order's page; where nobody else decides the carrier, the seller's rules may, with a number."""
    parcel = pack_order(seller_id=seller_id, order_id=order_id, actor=actor)
    order = order_head(seller_id=seller_id, order_id=order_id)
    store: Store | None = store_of(seller_id=seller_id, channel_id=order.sales_channel_id)
    if facts.get("by_rules") and not order.pickup and not parcel.tracking_number and not (store and decides(store)):
        give_number(seller_id=seller_id, shipment_id=parcel.pk, choice=rules.choose(order), actor=actor)
    return parcel


def _tag(facts: Facts, *, seller_id: int, order_id: int, actor: Actor) -> object:
    return services.tag(seller_id=seller_id, order_ids=[order_id], add=[str(facts["tag"])], actor=actor)


def _untag(facts: Facts, *, seller_id: int, order_id: int, actor: Actor) -> object:
    return services.tag(seller_id=seller_id, order_ids=[order_id], remove=[str(facts["tag"])], actor=actor)


def _note(facts: Facts, *, seller_id: int, order_id: int, actor: Actor) -> object:
    return services.note(seller_id=seller_id, order_id=order_id, text=str(facts.get("text", "")), actor=actor)


DEEDS: Final[Mapping[str, Deed]] = {
    row.kind: row
    for row in (
        Deed("release", "orders.release", _("Release to warehouse"), "package", _simply(services.release_to_warehouse)),
        Deed("recall", "orders.release", _("Take back from warehouse"), "arrow-back-up", _because(services.recall)),
        Deed("pack", "orders.pack", _("Mark ready to ship"), "package-export", _pack),
        Deed("hand_over", "orders.pack", _("Hand over to carrier"), "truck-delivery", _simply(hand_over)),
        Deed("complete", "orders.pack", _("Mark delivered"), "circle-check", _simply(parcels.deliver)),
        Deed("hold", "orders.edit", _("Put on hold"), "hand-stop", _hold),
        Deed("unhold", "orders.edit", _("Release the hold"), "player-play", _because(services.unhold)),
        Deed("cancel_by_seller", "orders.cancel", _("Cancel order"), "circle-x", _because(cancel_in_store)),
        Deed("match", "orders.edit", _("Match again"), "link", _simply(match_again)),
        Deed("tag", "orders.edit", _("Add tag"), "tag", _tag, moves=False),
        Deed("untag", "orders.edit", _("Take tag off"), "tag", _untag, moves=False),
        Deed("note", "orders.edit", _("Add note"), "pencil", _note, moves=False),
        Deed("print", "orders.pack", _("Print"), "clipboard-list", moves=False),
        Deed("invoices", "orders.export", _("Invoices"), "download", moves=False),
        Deed("export", "orders.export", _("Export to Excel"), "download", moves=False),
        Deed("import", "orders.place", _("Orders from Excel"), "upload", moves=False),
    )
}
CHOOSABLE: Final = tuple(kind for kind in DEEDS if kind != "import")
"""What orders are chosen for. An import makes its own."""

PRINTED: Final = ("labels", "zpl", "slips", "picking")
"""Papers of the deed `print`. Invoices name prices, so they are a deed of their own with an action of its own."""


def deed_of(kind: str) -> Deed:  # house: verb-signature looks a deed up
    """The deed of this name.

    Raises:
        UnknownDeed: There is none.
    """
    if kind not in CHOOSABLE:
        raise UnknownDeed(field="kind", kind=kind[:40], known=", ".join(CHOOSABLE))
    return DEEDS[kind]


def checked_facts(deed: Deed, *, facts: Facts) -> dict[str, Any]:  # house: verb-signature reads what was typed
    """What a deed needs beside the orders, looked at before the first of them is touched.

    Raises:
        UnknownDeed: A paper that nobody prints.
        DeedNeedsWord: A tag without a word.
        NoteEmpty: A note without a text.
    """
    if deed.kind == "print" and facts.get("paper") not in PRINTED:
        raise UnknownDeed(field="paper", kind=str(facts.get("paper", ""))[:40], known=", ".join(PRINTED))
    known = {name: value for name, value in facts.items() if value is not None and value != ""}
    if deed.kind in {"tag", "untag"} and not str(known.get("tag", "")).strip():
        raise DeedNeedsWord(field="tag", reason="")
    if deed.kind == "note" and not str(known.get("text", "")).strip():
        raise NoteEmpty(field="text", reason="")
    return known
