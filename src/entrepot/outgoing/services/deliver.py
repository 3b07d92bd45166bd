"""Handing over what is owed: one worker for an address at a time, in order for each lane, for ever until taken."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from entrepot.channels import engine
from entrepot.channels.live import announce
from entrepot.channels.problems import open_problem
from entrepot.channels.services.trouble import words_of
from entrepot.kernel.actor import SYSTEM, Actor
from entrepot.kernel.crypto import KeyMissing, SealBroken
from entrepot.kernel.errors import EntrepotError
from entrepot.outgoing import feeds, secrets, watermark, wms
from entrepot.outgoing.errors import EndpointNotFound, EndpointPaused, NoticeNotFound, NoticeWaits
from entrepot.outgoing.models import Attempt, Endpoint, Notice
from entrepot.outgoing.notices import MASKING
from entrepot.outgoing.services.endpoints import PROBLEM_TYPE, check_reach, locked_endpoint, settle
from entrepot.outgoing.wire import Try, Wire, signed

log = structlog.get_logger(__name__)

AT_ONCE: Final = 100
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(hours=1)
TELL_AFTER: Final = 5
"""A person is told after so many failures in a row. It is tried on either way."""
KEPT_DAYS: Final = 30
ANSWER_KEPT: Final = 2000
FAILING: Final = "endpoint_failing"
REFUSING: Final = "notices_refused"


def back_off(failures: int) -> timedelta:  # house: verb-signature arithmetic
    """How long to wait after the n-th failure in a row: 5 s, 20 s, 80 s … at most an hour, for ever."""
    return min(FIRST_RETRY * (1 << min(2 * max(failures - 1, 0), 20)), LONGEST_RETRY)


def deliver(endpoint: Endpoint, *, now: datetime | None = None) -> int:
    """Look what an address is owed and hand over what is due, oldest first; how many messages were taken.

    A message that is refused waits with its lane, the others go on; an address that fails as such rests. The caller
    holds the address's lane of the engine.
    """
    at = now or timezone.now()
    taken = 0
    with Wire(endpoint.url) as wire:
        while _goes_on(endpoint, at):
            look(endpoint, now=at)
            due = _due(endpoint, at)
            if not due:
                break
            for notice in due:
                if not _hand_over(endpoint, wire, notice, at):
                    break
                taken += notice.taken_at is not None
    if taken:
        announce(endpoint.seller_id, f"endpoint:{endpoint.pk}")
    return taken


def look(endpoint: Endpoint, *, now: datetime) -> int:
    """Write down what the address is owed by now."""
    if endpoint.warehouse_id is not None:
        return wms.compare(endpoint, now=now)
    return feeds.read_on(endpoint, now=now)


def _goes_on(endpoint: Endpoint, at: datetime) -> bool:
    found = Endpoint.objects.filter(pk=endpoint.pk, seller_id=endpoint.seller_id).first()
    if found is None or found.state != Endpoint.State.ACTIVE or found.url != endpoint.url:
        return False
    endpoint.rests_until, endpoint.positions, endpoint.kinds = found.rests_until, found.positions, found.kinds
    return endpoint.rests_until is None or endpoint.rests_until <= at


def _due(endpoint: Endpoint, at: datetime) -> Sequence[Notice]:
    """The oldest open message of each lane, where it may be tried."""
    waiting = Notice.objects.filter(endpoint=endpoint, seller_id=endpoint.seller_id, taken_at=None)
    heads = waiting.order_by("lane", "id").distinct("lane").values("pk")
    due = waiting.filter(Q(next_try_at=None) | Q(next_try_at__lte=at), pk__in=heads)
    return list(due.order_by("pk")[:AT_ONCE])


def _hand_over(endpoint: Endpoint, wire: Wire, notice: Notice, at: datetime) -> bool:
    """Try one message; whether the address goes on to be sent to."""
    moment = timezone.now()
    try:
        headers = signed(notice.uid, notice.body, secrets=secrets.signing_secrets(endpoint, moment), now=moment)
    except (KeyMissing, SealBroken) as error:
        _rest(endpoint, error, at)
        return False
    tried = wire.post(notice.body, headers)
    with transaction.atomic():
        try:
            locked_endpoint(endpoint.seller_id, endpoint.pk)  # before its messages, as who changes it takes them
        except EndpointNotFound:  # deleted while it was told
            return False
        _write_down(notice, tried, moment)
        if tried.trouble is None:
            _note_taken(endpoint, moment)
            return True
        if tried.trouble.lasting:
            _rest(endpoint, tried.trouble, at)
            return False
        _put_off(endpoint, notice, tried.trouble, at)
    return True


def _write_down(notice: Notice, tried: Try, moment: datetime) -> None:
    answer, trouble = tried.answer, tried.trouble
    Attempt.objects.create(
        notice=notice,
        at=moment,
        milliseconds=tried.milliseconds,
        status=answer.status if answer else None,
        error_code=trouble.code if trouble else "",
        answer=MASKING.body(answer.body)[:ANSWER_KEPT].replace("\x00", "") if answer else "",
    )
    notice.attempts += 1
    notice.error_code = trouble.code if trouble else ""
    notice.taken_at = None if trouble else moment
    notice.save(update_fields=["attempts", "error_code", "taken_at"])


def _note_taken(endpoint: Endpoint, moment: datetime) -> None:
    row = locked_endpoint(endpoint.seller_id, endpoint.pk)
    failing = row.failures
    row.failures, row.failing_since, row.rests_until, row.last_taken_at = 0, None, None, moment
    row.save(update_fields=["failures", "failing_since", "rests_until", "last_taken_at"])
    if failing:
        settle(row, actor=SYSTEM, codes=[FAILING])
    waits = Notice.objects.filter(endpoint=row, seller_id=row.seller_id, taken_at=None, attempts__gte=TELL_AFTER)
    if not waits.exists():
        settle(row, actor=SYSTEM)


def _rest(endpoint: Endpoint, error: EntrepotError, at: datetime) -> None:
    """The address fails as such: leave it alone for a while, and tell a person once it has lasted."""
    with transaction.atomic():
        row = locked_endpoint(endpoint.seller_id, endpoint.pk)
        row.failures += 1
        row.failing_since = row.failing_since or at
        row.rests_until = timezone.now() + back_off(row.failures)
        row.save(update_fields=["failures", "failing_since", "rests_until"])
        endpoint.rests_until = row.rests_until
        log.info("endpoint_failed", endpoint=row.pk, code=error.code, failures=row.failures)
        if row.failures >= TELL_AFTER:
            _tell(row, FAILING, error)
        engine.defer_at("deliver", row.pk, row.rests_until)


def _put_off(endpoint: Endpoint, notice: Notice, error: EntrepotError, at: datetime) -> None:
    """Only this message is refused: it waits with its lane."""
    notice.next_try_at = at + back_off(notice.attempts)
    notice.save(update_fields=["next_try_at"])
    if notice.attempts >= TELL_AFTER:
        _tell(endpoint, REFUSING, error)


def _tell(endpoint: Endpoint, code: str, error: EntrepotError) -> None:
    open_problem(
        seller_id=endpoint.seller_id,
        store_id=None,
        code=code,
        object_type=PROBLEM_TYPE,
        object_id=endpoint.pk,
        fields={"name": endpoint.name} | words_of(error),
        detail=error.detail,
        lasting=True,
    )


# --------------------------------------------------------------------------- what the engine asks


def owing(*, now: datetime | None = None) -> list[int]:  # house: verb-signature a question of the engine
    """The addresses that something may be owed to now."""
    at = now or timezone.now()
    newest = {table: watermark.newest(table) for table in watermark.TABLES}
    rows = Endpoint.objects.filter(state=Endpoint.State.ACTIVE).order_by("pk")
    return [row.pk for row in rows.filter(Q(rests_until=None) | Q(rests_until__lte=at)) if _owes(row, newest, at)]


def owes(*, endpoint_id: int, now: datetime | None = None) -> bool:  # house: verb-signature likewise
    """Whether something may be owed to this address now."""
    return endpoint_id in owing(now=now)


def _owes(endpoint: Endpoint, newest: dict[str, int], at: datetime) -> bool:
    if _due(endpoint, at):
        return True
    if endpoint.warehouse_id is not None:
        return bool(wms.changed(endpoint, limit=1))
    return feeds.ahead(endpoint, newest)


# --------------------------------------------------------------------------- by hand, and in time


@transaction.atomic
def send_again(*, seller_id: int, notice_id: int, actor: Actor) -> Notice:
    """Have a message that was taken sent once more, the same under the same id.

    Raises:
        EndpointsLimited: The actor works for some stores or warehouses only.
        NoticeNotFound: There is no such message of this seller.
        NoticeWaits: It was not taken yet, and is tried by itself.
        EndpointPaused: Nothing is sent there.
    """
    check_reach(seller_id, actor)
    found = Notice.objects.select_for_update(of=("self",)).select_related("endpoint")
    notice = found.filter(seller_id=seller_id, pk=notice_id).first()
    if notice is None:
        raise NoticeNotFound(notice_id=notice_id)
    if notice.endpoint.state == Endpoint.State.PAUSED:
        raise EndpointPaused(name=notice.endpoint.name)
    if notice.taken_at is None:
        raise NoticeWaits
    notice.taken_at, notice.next_try_at, notice.attempts = None, None, 0
    notice.save(update_fields=["taken_at", "next_try_at", "attempts"])
    engine.wake("deliver", notice.endpoint_id)
    return notice


def forget_taken(*, now: datetime | None = None) -> int:  # house: verb-signature the clock does it
    """Delete messages that were taken long ago, with their tries; how many."""
    before = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    gone, _ = Notice.objects.filter(taken_at__lt=before).delete()
    return gone
