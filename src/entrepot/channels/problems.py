"""What a person should look at: one open row per cause, with what happened and what to do, in plain words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from entrepot.channels.live import announce
from entrepot.channels.models import Problem
from entrepot.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemKind:
    """A cause a person can be told about. `sentence` and `remedy` are English msgids with {fields} of the row in them.

    `retry` names the verb of `services/retry.py`; empty = there is nothing to press, the remedy is elsewhere.
    """

    sentence: str
    remedy: str
    retry: str = ""


PROBLEMS: Mapping[str, ProblemKind] = {
    # --- the connection
    "store_misconfigured": ProblemKind(
        sentence=_("The store does not let Entrepot work: {reason}"),
        remedy=_(
            "Follow the sentence above, then press Retry. If the key was changed in the store, enter the new one."
        ),
        retry="check_connection",
    ),
    "store_unreachable": ProblemKind(
        sentence=_("The store has not answered since {since}."),
        remedy=_("Open the shop in a browser. Entrepot goes on trying by itself and catches up when it answers."),
        retry="check_connection",
    ),
    "credentials_unreadable": ProblemKind(
        sentence=_("The stored key of this store cannot be read with this installation's secret keys."),
        remedy=_("Put the old keys back into ENTREPOT_SECRET_KEYS, or enter the store's credentials again."),
        retry="check_connection",
    ),
    "consent_needed": ProblemKind(
        sentence=_("The store no longer accepts what its owner granted to Entrepot. Nothing is read or written there."),
        remedy=_(
            "Open the store and press Authorize again, signed in there as the shop's owner. Entrepot catches up then."
        ),
    ),
    "app_removed": ProblemKind(
        sentence=_("Entrepot's app was removed in the store's admin. Nothing is read or written there."),
        remedy=_("If that was not meant, open the store and press Authorize again. Else disconnect the store."),
    ),
    "webhook_not_registered": ProblemKind(
        sentence=_("The store could not be told to announce changes: {reason}"),
        remedy=_(
            "New orders are still read every few minutes. Press Retry once the shop can reach Entrepot's address."
        ),
        retry="register_webhook",
    ),
    # --- errands
    "import_stopped": ProblemKind(
        sentence=_("The import stopped: {reason}"),
        remedy=_("Press Retry: it goes on at the page it had reached, nothing is taken in twice."),
        retry="resume_run",
    ),
    "errand_refused": ProblemKind(
        sentence=_("The store refused “{errand}”: {reason}"),
        remedy=_("Follow the sentence above, then press Retry. Entrepot also tries again by itself."),
        retry="wake_errand",
    ),
    "errand_failed": ProblemKind(
        sentence=_("“{errand}” ended with an error that Entrepot did not expect."),
        remedy=_("It is tried again by itself. If this stays, send the detail below to whoever looks after Entrepot."),
        retry="wake_errand",
    ),
    "announced_order_refused": ProblemKind(
        sentence=_("The store announced order {remote_id}, but refuses to show it: {reason}"),
        remedy=_("Look at the order in the store, then press Retry. Entrepot also tries again by itself."),
        retry="wake_errand",
    ),
    # --- products and stock
    "stock_refused": ProblemKind(
        sentence=_("The store refused the stock figure of “{title}”: {reason}"),
        remedy=_("Correct the product in the store, then press Retry."),
        retry="push_listing",
    ),
    "listing_missing": ProblemKind(
        sentence=_("“{title}” is no longer in the store."),
        remedy=_("If it was deleted on purpose, unlink the listing. If not, restore it there and press Retry."),
        retry="sync_listing",
    ),
    "listing_change_refused": ProblemKind(
        sentence=_("The store refused “{deed}” for “{title}”: {reason}"),
        remedy=_("Correct what the sentence names, then press Retry; or open the listing and give the change up."),
        retry="ask_again",
    ),
    "list_prices_wait": ProblemKind(
        sentence=_("{count} prices of “{price_list}” fall by more than 30 %. The store is not told them yet."),
        remedy=_("Open the store's price list, look at the deepest falls, and press Tell these too if they are meant."),
    ),
    "stock_drift": ProblemKind(
        sentence=_("The store shows {shown} of “{title}” where it was told {told}."),
        remedy=_("Entrepot repairs it by itself. If it keeps coming back, something else writes stock in the store."),
        retry="push_listing",
    ),
    # --- orders
    "order_unreadable": ProblemKind(
        sentence=_("An order of the store ({remote_id}) cannot be read."),
        remedy=_("The detail says which part is broken. Correct it in the store and press Retry."),
        retry="take_in_again",
    ),
    "order_not_taken_in": ProblemKind(
        sentence=_("An order of the store ({remote_id}) could not be taken in: {reason}"),
        remedy=_("Correct what the sentence names, then press Retry."),
        retry="take_in_again",
    ),
    "unmapped_sku": ProblemKind(
        sentence=_("Order {number} has a line that belongs to none of your items."),
        remedy=_("Open the order and match the line; the listing is remembered for the next order."),
    ),
    "unmapped_status": ProblemKind(
        sentence=_("Order {number} has a status of the store ({status}) that means nothing here yet."),
        remedy=_("Say on the store's status page what this status means, then press Retry."),
        retry="take_in_again",
    ),
    "status_refused": ProblemKind(
        sentence=_("The store refused the new status of order {number}: {reason}"),
        remedy=_("Look at the order in the store. Press Retry when it can take the status."),
        retry="tell_status",
    ),
    "canceled_too_late": ProblemKind(
        sentence=_("Order {number} is to be canceled in the store, but it has left already."),
        remedy=_("Try to stop the parcel at the carrier, or treat it as a return when it comes back."),
    ),
    "awaiting_payment": ProblemKind(
        sentence=_("Order {number} is not paid yet."),
        remedy=_("Nothing to do: its stock is set aside, and it goes on by itself once the store says it is paid."),
    ),
    "held_in_store": ProblemKind(
        sentence=_("Order {number} is held back in the store."),
        remedy=_("Release it in the store; it goes on here by itself then."),
    ),
    "cancel_asked": ProblemKind(
        sentence=_("The buyer asks to cancel order {number}."),
        remedy=_("Open the order and accept or refuse it. Nothing of it is sent until then."),
    ),
    "cancel_asked_partly": ProblemKind(
        sentence=_("The buyer asks to cancel a part of order {number}."),
        remedy=_("Open the order and accept or refuse it. The whole order waits until then."),
    ),
    "cancel_after_packing": ProblemKind(
        sentence=_("The buyer asks to cancel order {number}, which is packed. The parcel is stopped."),
        remedy=_("Open the order: refuse the cancellation and go on, or unpack and cancel."),
    ),
    "canceled_after_packing": ProblemKind(
        sentence=_("Order {number} was canceled in the store, but it is packed. The parcel is stopped."),
        remedy=_("Open the order and press Unpack and cancel, so that its goods can be sold again."),
    ),
    "lines_canceled_after_packing": ProblemKind(
        sentence=_("A part of order {number} was canceled in the store, but it is packed. The parcel is stopped."),
        remedy=_("Open the order and press Unpack. It goes back to the warehouse without what was canceled."),
    ),
    "tracking_missing": ProblemKind(
        sentence=_("The store cannot be told that order {number} is packed: it wants a carrier and a tracking number."),
        remedy=_("Enter both on the order's parcel. The store is told by itself then."),
    ),
    "partial_waits": ProblemKind(
        sentence=_("Only some of order {number} is in stock."),
        remedy=_(
            "Send what is there ahead; the rest is split off and waits for its stock. Or let all of it wait. If you "
            "like, the store's settings decide this for all orders."
        ),
    ),
    "no_carrier": ProblemKind(
        sentence=_("Nothing says which carrier takes order {number} of {store}."),
        remedy=_(
            "Add a carrier rule that fits it, or a usual carrier for the store, under Carriers; or name the "
            "carrier on the order's parcel. Then press Retry."
        ),
        retry="tell_status",
    ),
    "waybills_low": ProblemKind(
        sentence=_("{carrier} has only {left} free waybill numbers left."),
        remedy=_("Ask the carrier for a new range and enter it under Carriers."),
    ),
    "waybills_empty": ProblemKind(
        sentence=_("{carrier} has no free waybill numbers left; its parcels wait for their labels."),
        remedy=_("Ask the carrier for a new range and enter it under Carriers. The parcels then go on."),
    ),
    "label_not_bought": ProblemKind(
        sentence=_("No label could be bought for order {number}: {reason}"),
        remedy=_(
            "Correct what the sentence names, then press Retry; or enter a carrier and a number on the order's parcel."
        ),
        retry="buy_again",
    ),
    "label_in_doubt": ProblemKind(
        sentence=_("Nobody knows whether {carrier} has sold a label for order {number}: its answer was lost."),
        remedy=_(
            "Look in your account at the carrier for {reference}. If a label is there, enter its number on the order's "
            "parcel. If none is, press Retry: only then is one bought."
        ),
        retry="buy_again",
    ),
    "label_not_given_back": ProblemKind(
        sentence=_("The unused label of order {number} could not be given back: {reason}"),
        remedy=_("Give it back in your account at the carrier, or it will be charged. Then settle this."),
    ),
    # --- other systems
    "endpoint_failing": ProblemKind(
        sentence=_("“{name}” does not take what it is to be told: {reason}"),
        remedy=_(
            "Follow the sentence above, then press Try now on its page. Nothing is lost: Entrepot goes on trying, and "
            "tells everything in order."
        ),
    ),
    "notices_refused": ProblemKind(
        sentence=_("“{name}” refuses a message again and again: {reason}"),
        remedy=_("Open its page and look at what it answered. Other messages go on; this one is tried on."),
    ),
    "claim_refused": ProblemKind(
        sentence=_("The store refused the answer to the buyer's request on order {number}: {reason}"),
        remedy=_("Look at the request in the store. Entrepot reads the order again; decide anew if it is still open."),
        retry="tell_status",
    ),
    "return_to_count": ProblemKind(
        sentence=_("The return of order {number} is over in the store, but nobody has counted here what came back."),
        remedy=_("Open the order and press Receive return: what goes on the shelf again, what is scrapped."),
    ),
    "edited_too_late": ProblemKind(
        sentence=_("Order {number} was changed in the store after it was packed."),
        remedy=_("Compare it with the store and settle the difference with the buyer."),
    ),
    "illegal_move": ProblemKind(
        sentence=_("The store moved order {number} to {status}, which does not follow from {from_status}."),
        remedy=_("Open the order and choose what is true."),
    ),
    "shipped_without_stock": ProblemKind(
        sentence=_("Order {number} is “{status}” in the store, but some of it is not in stock here."),
        remedy=_("Correct the stock of its items; the order moves on. Then press Retry."),
        retry="take_in_again",
    ),
    "unconfirmed_in_store": ProblemKind(
        sentence=_("Order {number} has lost its status in the store, as if it had never been paid."),
        remedy=_("Give it a status in the store again, or cancel it there. Its stock stays set aside until then."),
        retry="take_in_again",
    ),
    "order_deleted_in_store": ProblemKind(
        sentence=_("Order {number} was deleted in the store."),
        remedy=_("Cancel it here if nothing is to be sent. The store may not have put its stock back."),
    ),
    "oversold": ProblemKind(
        sentence=_("The store has sold more of “{title}” than there is ({shown})."),
        remedy=_("The newest order waits as Partial. Restock, or talk to the buyer."),
    ),
}
_UNKNOWN = ProblemKind(
    sentence=_("Something needs a look: {code}"), remedy=_("The detail below says more."), retry="wake_errand"
)

_OPEN = """
INSERT INTO channels_problem AS open
    (seller_id, store_id, code, object_type, object_id, fields, detail, occurrences, first_at, last_at, resolved_by)
VALUES (%(seller)s, %(store)s, %(code)s, %(type)s, %(id)s, %(fields)s::jsonb, %(detail)s, 1, %(now)s, %(now)s, '')
ON CONFLICT (seller_id, code, object_type, object_id) WHERE resolved_at IS NULL
DO UPDATE SET occurrences = open.occurrences + %(more)s,
              last_at = CASE WHEN %(more)s > 0 THEN excluded.last_at ELSE open.last_at END,
              fields = excluded.fields, detail = excluded.detail
RETURNING id, (xmax = 0)
"""


def problem_kind(code: str) -> ProblemKind:
    """The words and the retry of a code; a code nobody listed still has a sentence."""
    return PROBLEMS.get(code, _UNKNOWN)


def open_problem(
    *,
    seller_id: int,
    store_id: int | None,
    code: str,
    object_type: str,
    object_id: object,
    fields: Mapping[str, Any] | None = None,
    detail: str = "",
    now: datetime | None = None,
    lasting: bool = False,
) -> int:
    """Put a problem on the list, or count it once more where it stands open; its id. Open pages hear of a new one.

    `lasting`: a state that is looked at again and again is one occurrence however often it is met; its words are new.
    """
    facts = {
        "seller": seller_id,
        "store": store_id,
        "code": code[:40],
        "type": object_type,
        "id": str(object_id)[:40],
        "fields": json.dumps({name: _plain(value) for name, value in (fields or {}).items()}),
        "detail": detail.replace("\x00", "")[:4000],
        "now": now or timezone.now(),
        "more": 0 if lasting else 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, facts)
        problem_id, new = cursor.fetchone()
    if new:
        announce(seller_id, "problems")
    return int(problem_id)


def resolve_problems(
    *,
    seller_id: int,
    object_type: str,
    object_id: object,
    codes: Sequence[str] | None = None,
    actor: Actor,
    now: datetime | None = None,
) -> int:
    """Close what stands open on an object (all codes, or these); how many. Harmless where nothing does."""
    standing = Problem.objects.filter(
        seller_id=seller_id, object_type=object_type, object_id=str(object_id)[:40], resolved_at=None
    )
    if codes is not None:
        standing = standing.filter(code__in=codes)
    closed = standing.update(resolved_at=now or timezone.now(), resolved_by=str(actor)[:120])
    if closed:
        announce(seller_id, "problems")
    return closed


def _plain(value: object) -> object:
    """A field as JSON keeps it; text without the one character PostgreSQL cannot hold."""
    if isinstance(value, int | float | bool) or value is None:
        return value
    return str(value).replace("\x00", "")[:500]
