"""Questions about plans: which there are, what is in one, and how far its stores are with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from entrepot.channels.models import Listing, ListingChange, Plan, PlanLine
from entrepot.channels.plan_errors import PlanNotFound, PlanTooBig
from entrepot.channels.queries.listings import ListingFilter, narrowed
from entrepot.channels.queries.offers import named_categories
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark

State = ListingChange.State
HERE = (Listing.State.ACTIVE, Listing.State.INACTIVE)
MOST_LISTINGS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What became of an applied plan, counted by its lines. `left_out`: what no store was asked for."""

    total: int
    waiting: int = 0
    done: int = 0
    failed: int = 0
    overtaken: int = 0
    canceled: int = 0
    left_out: int = 0
    seconds: float = 0
    """Since it was applied."""

    @property
    def rate(self) -> float | None:
        """So many end a second; None while none has."""
        ended = self.ended - self.left_out
        return ended / self.seconds if ended > 0 and self.seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """How long those that wait take at this rate."""
        return self.waiting / self.rate if self.waiting and self.rate else None

    @property
    def ended(self) -> int:
        """How many wait for no store any more."""
        return self.total - self.waiting

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 * self.ended // self.total if self.total else 100


def plans(
    *, seller_id: int, store_ids: Sequence[int] | None = None, after: str = "", limit: int = PAGE_SIZE
) -> Page[Plan]:
    """Plans, newest first. Who works for some stores sees those that are about these alone."""
    rows = Plan.objects.filter(seller_id=seller_id)
    if store_ids is not None:
        rows = rows.filter(store_ids__contained_by=list(store_ids))
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def plan(*, seller_id: int, plan_id: int, store_ids: Sequence[int] | None = None) -> Plan:
    """One plan.

    Raises:
        PlanNotFound: There is none, it is another seller's, or it is about a store the person may not see.
    """
    found = Plan.objects.filter(seller_id=seller_id, pk=plan_id).first()
    if found is None or (store_ids is not None and not set(found.store_ids) <= set(store_ids)):
        raise PlanNotFound(plan_id=plan_id)
    return found


def lines(
    *, seller_id: int, plan: Plan, kind: str = "", state: str = "", after: str = "", limit: int = PAGE_SIZE
) -> Page[PlanLine]:
    """What a plan changes, the worst first, with each listing or product, its store and what became of it.

    `state` narrows an applied one: a state of its changes, or `left_out`.
    """
    rows = PlanLine.objects.filter(plan=plan, plan__seller_id=seller_id)
    if kind:
        rows = rows.filter(kind=kind)
    if state == "left_out":
        rows = rows.filter(change=None)
    elif state:
        rows = rows.filter(change__state=state)
    if (key := read_bookmark(after, str, int)) and (worst := _amount(str(key[0]))) is not None:
        rows = rows.filter(Q(worst__lt=worst) | Q(worst=worst, id__gt=key[1]))
    known = rows.select_related("listing__item", "product", "store__sales_channel", "change")
    return page_of(known.order_by("-worst", "id"), limit=limit, key=lambda row: (str(row.worst), row.pk))


def _amount(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def progress(*, seller_id: int, plan: Plan, now: datetime | None = None) -> Progress:
    """How far the stores are with an applied plan, and how fast."""
    rows = PlanLine.objects.filter(plan=plan, plan__seller_id=seller_id).order_by()
    found: Mapping[str | None, int] = dict(rows.values_list("change__state").annotate(n=Count("pk")))
    known = {str(state): n for state, n in found.items() if state is not None}
    seconds = ((now or timezone.now()) - plan.applied_at).total_seconds() if plan.applied_at else 0
    return Progress(total=sum(found.values()), left_out=found.get(None, 0), seconds=seconds, **known)


def stamp_of(*, seller_id: int, plan: Plan) -> str:
    """What tells a plan as somebody saw it from the same plan laid out anew: whoever approves it says what was seen."""
    found = PlanLine.objects.filter(plan=plan, plan__seller_id=seller_id).aggregate(first=Min("pk"))
    return str(found["first"] or "")


def not_taken_back(*, seller_id: int, plan: Plan) -> QuerySet[PlanLine]:
    """What stores did of a plan and no applied way back has looked at: it was still going when that was made."""
    rows = PlanLine.objects.filter(plan=plan, plan__seller_id=seller_id, change__state=State.DONE)
    looked = Plan.objects.filter(seller_id=seller_id, undo_of=plan, state=Plan.State.APPLIED)
    since = looked.aggregate(last=Max("created_at"))["last"]
    return rows if since is None else rows.filter(change__done_at__gt=since)


def has_way_back(*, seller_id: int, plan: Plan) -> bool:
    """Whether stores did something of a plan that nobody has taken back."""
    return not_taken_back(seller_id=seller_id, plan=plan).exists()


def way_back(*, seller_id: int, plan: Plan) -> Plan | None:
    """The newest plan that takes this one back, thrown away ones aside."""
    rows = Plan.objects.filter(seller_id=seller_id, undo_of=plan).exclude(state=Plan.State.DISCARDED)
    return rows.order_by("-pk").first()


def listing_ids(*, seller_id: int, by: ListingFilter, among: Sequence[int] | None = None) -> Sequence[int]:
    """The listings in stores that a filter finds, oldest first; of these alone where some are named.

    Raises:
        PlanTooBig: It finds more than one plan may hold.
    """
    rows = narrowed(seller_id=seller_id, by=by).filter(state__in=HERE)
    if among is not None:
        rows = rows.filter(pk__in=among)
    found = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST_LISTINGS + 1])
    if len(found) > MOST_LISTINGS:
        raise PlanTooBig(most=MOST_LISTINGS)
    return found


def currency_of(*, seller_id: int, listing_ids: Sequence[int]) -> str:
    """The currency of the first of these listings."""
    rows = Listing.objects.filter(seller_id=seller_id, pk__in=listing_ids).order_by("pk")
    return rows.values_list("currency", flat=True).first() or ""


def category_names(*, seller_id: int, lines: Sequence[PlanLine]) -> Mapping[tuple[int, str], str]:
    """The names of the stores' categories that these lines mention."""
    told = [(line.store_id, facts.get("category_ids") or []) for line in lines for facts in (line.before, line.fields)]
    ids = {(store_id, str(number)) for store_id, numbers in told for number in numbers}
    return named_categories(seller_id=seller_id, wanted=ids)
