"""What became of a change a store was told, written on its row."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from django.db.models import F
from django.utils import timezone

from entrepot.channels.models import ListingChange, Store
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.services.offers_again import REFUSED
from entrepot.channels.services.push_answers import back_off, mark_missing
from entrepot.channels.services.trouble import words_of
from entrepot.connectors.contract import LevelAnswer
from entrepot.kernel.actor import SYSTEM
from entrepot.kernel.errors import ChannelError, ChannelThrottled

Kind, State = ListingChange.Kind, ListingChange.State

STUMBLES: Final = 3
LONGEST_STUMBLE: Final = timedelta(minutes=15)


def note_done(change: ListingChange, *, seen: Mapping[str, object]) -> None:
    """The store has done it, and shows `seen`. Problems of earlier tries are over.

    Also where it was given up while we talked: the row says what is in the store.
    """
    change.state, change.done_at, change.seen = State.DONE, timezone.now(), dict(seen)
    change.next_try_at, change.error_code, change.error_reason = None, "", ""
    fields = ["remote_id", "state", "done_at", "seen", "next_try_at", "error_code", "error_reason"]
    change.save(update_fields=fields)
    if not change.attempts:
        return
    resolve_problems(
        seller_id=change.seller_id, object_type="listing_change", object_id=change.pk, codes=[REFUSED], actor=SYSTEM
    )


def note_answer(store: Store, *, change: ListingChange, answer: LevelAnswer) -> None:
    """What a store answered to one of many that it did not do."""
    if answer.outcome == "missing" and change.listing is not None:
        mark_missing(store, listings=[(change.listing.pk, change.listing.title)], now=timezone.now())
    reason = answer.reason or "It is no longer in the store."
    note_refusal(change, words={"reason": reason, "code": answer.code or answer.outcome}, detail=answer.code)


def note_wait(change: ListingChange, *, error: ChannelError) -> None:
    """The store stumbled over this one: it is tried again by itself, later each time, and stops no other."""
    change.attempts += 1
    patience = error.retry_after if isinstance(error, ChannelThrottled) else 0.0
    wait = max(back_off(change.attempts), timedelta(seconds=patience))
    words = words_of(error)
    rows = ListingChange.objects.filter(seller_id=change.seller_id, pk=change.pk, state=State.WAITING)
    rows.update(
        made=change.made,
        attempts=change.attempts,
        next_try_at=timezone.now() + wait,
        error_code=error.code[:40],
        error_reason=str(words["reason"])[:500],
    )


def note_stumble(changes: Sequence[ListingChange], *, error: ChannelError, alone: bool) -> None:
    """The store, or only its answer to this, failed. What it fails at again and again, and alone, lets others go first.

    One that is silent for long sets some aside so too: never for longer than a quarter of an hour.
    """
    waiting = ListingChange.objects.filter(
        seller_id=changes[0].seller_id, pk__in=[change.pk for change in changes], state=State.WAITING
    )
    reason = str(words_of(error)["reason"])[:500]
    waiting.update(attempts=F("attempts") + 1, error_code=error.code[:40], error_reason=reason)
    again = changes[0].attempts + 1 - STUMBLES
    if alone and again >= 0:
        waiting.update(next_try_at=timezone.now() + min(back_off(again), LONGEST_STUMBLE))


def note_refusal(change: ListingChange, *, words: Mapping[str, object], detail: str) -> None:
    """The store will not have it: a person must look. It is not tried again by itself.

    What was given up or overtaken while we talked stays so, and nobody need look at it.
    """
    change.state, change.attempts, change.next_try_at = State.FAILED, change.attempts + 1, None
    change.error_code, change.error_reason = str(words["code"])[:40], str(words["reason"])[:500]
    fields = ("state", "attempts", "next_try_at", "error_code", "error_reason", "made")
    rows = ListingChange.objects.filter(seller_id=change.seller_id, pk=change.pk, state=State.WAITING)
    if not rows.update(**{name: getattr(change, name) for name in fields}):
        return
    title = change.listing.title if change.listing else change.product.name if change.product else change.remote_id
    open_problem(
        seller_id=change.seller_id,
        store_id=change.store_id,
        code=REFUSED,
        object_type="listing_change",
        object_id=change.pk,
        fields={**words, "title": title, "deed": str(Kind(change.kind).label)},
        detail=detail,
    )
