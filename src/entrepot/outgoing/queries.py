"""Questions about what other systems are told."""

from collections.abc import Sequence

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from entrepot.kernel.page import Page, page_of, read_bookmark
from entrepot.outgoing.errors import EndpointNotFound, NoticeNotFound
from entrepot.outgoing.models import Attempt, Endpoint, Notice


def endpoints(*, seller_id: int) -> Sequence[Endpoint]:
    """The seller's addresses by name, each with how many messages wait (`waiting`)."""
    rows = Endpoint.objects.filter(seller_id=seller_id).select_related("warehouse")
    return list(rows.annotate(waiting=_waiting()).order_by("name", "pk"))


def _waiting() -> Coalesce:
    """How many messages to an address wait; the taken ones, which are many, are not looked at."""
    open_ones = Notice.objects.filter(endpoint=OuterRef("pk"), taken_at=None).order_by().values("endpoint")
    return Coalesce(Subquery(open_ones.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def endpoint(*, seller_id: int, endpoint_id: int) -> Endpoint:
    """One address, with how many messages wait (`waiting`).

    Raises:
        EndpointNotFound: There is none, or it is another seller's.
    """
    rows = Endpoint.objects.filter(seller_id=seller_id, pk=endpoint_id).select_related("warehouse")
    found = rows.annotate(waiting=_waiting()).first()
    if found is None:
        raise EndpointNotFound(endpoint_id=endpoint_id)
    return found


def active_endpoint(*, endpoint_id: int) -> Endpoint | None:  # house: queries-seller the engine asks, for whomever
    """An address that is sent to, or None."""
    return Endpoint.objects.filter(pk=endpoint_id, state=Endpoint.State.ACTIVE).first()


def notices(
    *, seller_id: int, endpoint_id: int, waiting: bool = False, after: str = "", limit: int = 50
) -> Page[Notice]:
    """Messages to an address, the newest first; only those that were not taken."""
    rows = Notice.objects.filter(seller_id=seller_id, endpoint_id=endpoint_id)
    if waiting:
        rows = rows.filter(taken_at=None)
    if key := read_bookmark(after, int):
        rows = rows.filter(pk__lt=key[0])
    return page_of(rows.order_by("-pk"), limit=limit, key=lambda row: (row.pk,))


def notice(*, seller_id: int, notice_id: int) -> Notice:
    """One message, with its address.

    Raises:
        NoticeNotFound: There is none, or it is another seller's.
    """
    found = Notice.objects.filter(seller_id=seller_id, pk=notice_id).select_related("endpoint").first()
    if found is None:
        raise NoticeNotFound(notice_id=notice_id)
    return found


def attempts(*, seller_id: int, notice_id: int, limit: int = 50) -> Sequence[Attempt]:
    """The last tries of a message, the newest first."""
    rows = Attempt.objects.filter(notice__seller_id=seller_id, notice_id=notice_id)
    return list(rows.order_by("-pk")[:limit])
