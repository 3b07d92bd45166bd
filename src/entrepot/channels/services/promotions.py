"""Prices for a time: begun and ended by the clock, each wish a row like any other change of a listing.

What a listing cost when it began comes back when it ends, unless a person set another price meanwhile. A store that is
paused when one begins or ends is told as soon as it is live again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.catalog.rows import run
from entrepot.channels.errors import (
    ListingNotFound,
    PriceImpossible,
    PriceNeedsApproval,
    PromotionNotFound,
    PromotionOver,
    PromotionTimes,
)
from entrepot.channels.live import announce
from entrepot.channels.models import Listing, ListingChange, Promotion, PromotionLine, Store
from entrepot.channels.services.offers import HERE, shown, store_that_can
from entrepot.channels.services.offers_many import Wish, ask_many
from entrepot.channels.services.rails import FALLS_FAR
from entrepot.kernel.actor import SYSTEM, Actor
from entrepot.kernel.errors import EntrepotError
from entrepot.kernel.money import plain

OPEN: Final = (Promotion.State.PLANNED, Promotion.State.RUNNING)
Line = PromotionLine.State
KEEP: Final = """
UPDATE channels_promotionline line
SET state = kept.state, change_id = kept.change_id, before = kept.before, before_retail = kept.before_retail
FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::numeric[], %s::numeric[])
     AS kept(id, state, change_id, before, before_retail)
WHERE line.id = kept.id
"""


def reduced(price: Decimal, *, percent: Decimal, step: Decimal) -> Decimal:
    """`price` less `percent` %, to the nearest multiple of `step`; never above the price, never zero."""
    wanted = price * (100 - percent) / 100
    rounded = (wanted / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return rounded if 0 < rounded <= price else wanted.quantize(Decimal("0.0001"))


@transaction.atomic
def plan_promotion(
    *,
    seller_id: int,
    store_id: int,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    prices: Mapping[int, Decimal],
    actor: Actor,
    percent: Decimal | None = None,
    approved: bool = False,
    now: datetime | None = None,
) -> Promotion:
    """Have `{listing id: price}` of one store cost that much from `starts_at` until `ends_at`.

    Raises:
        PromotionTimes: It would end before it begins, or has ended already.
        PriceImpossible: A price is zero or less, or not below what the listing costs.
        PriceNeedsApproval: One falls by more than 30 % and nobody has approved that.
        ListingNotFound, StoreNotFound, StoreStateForbids, NoSuchPart: It cannot be done there.
    """
    at = now or timezone.now()
    if ends_at <= max(starts_at, at):
        raise PromotionTimes(field="ends_at", reason="")
    store_that_can(seller_id=seller_id, store_id=store_id, part="prices")
    rows = list(
        Listing.objects.filter(seller_id=seller_id, store_id=store_id, pk__in=prices, state__in=HERE).order_by("pk")
    )
    if not prices or len(rows) != len(prices):
        raise ListingNotFound
    _check(rows, prices, approved=approved)
    made = Promotion.objects.create(
        seller_id=seller_id,
        store_id=store_id,
        name=name.strip()[:120],
        percent=percent,
        starts_at=starts_at,
        ends_at=ends_at,
        created_by=str(actor)[:120],
        created_at=at,
    )
    PromotionLine.objects.bulk_create(PromotionLine(promotion=made, listing=row, price=prices[row.pk]) for row in rows)
    _note(made, "promotions.plan", actor, {"listings": len(rows), "until": ends_at.isoformat()})
    return made


def _check(rows: Sequence[Listing], prices: Mapping[int, Decimal], *, approved: bool) -> None:
    for row in rows:
        price = prices[row.pk]
        if price <= 0 or row.price is None or price >= row.price:
            raise PriceImpossible(field="price", reason="", price=plain(price))
        fall = 1 - price / row.price
        if fall > FALLS_FAR and not approved:
            raise PriceNeedsApproval(
                title=row.title, percent=round(fall * 100), before=plain(row.price), price=plain(price)
            )


@transaction.atomic
def cancel_promotion(*, seller_id: int, promotion_id: int, actor: Actor, now: datetime | None = None) -> Promotion:
    """Give up a planned one, or end a running one now.

    Raises:
        PromotionNotFound: There is none, or it is another seller's.
        PromotionOver: It is over.
        StoreStateForbids: It runs, and its store cannot be told now.
    """
    found = Promotion.objects.select_for_update().filter(seller_id=seller_id, pk=promotion_id).first()
    if found is None:
        raise PromotionNotFound(promotion_id=promotion_id)
    if found.state not in OPEN:
        raise PromotionOver(name=found.name)
    if found.state == Promotion.State.RUNNING:
        _end(found, actor, now or timezone.now())
    else:
        _step(found, Promotion.State.CANCELED, now or timezone.now())
    _note(found, "promotions.cancel", actor, {})
    return found


def run_promotions(*, now: datetime | None = None) -> int:  # house: verb-signature the clock, for all sellers
    """Begin and end what is due; how many. One whose store cannot be told stays due."""
    at = now or timezone.now()
    due = Q(state="planned", starts_at__lte=at) | Q(state="running", ends_at__lte=at)
    moved = 0
    for promotion_id in (
        Promotion.objects.filter(due).order_by("pk").values_list("pk", flat=True)
    ):  # house: seller the clock, for all sellers
        try:
            moved += _move(promotion_id, at)
        except EntrepotError:
            continue
    return moved


@transaction.atomic
def _move(promotion_id: int, at: datetime) -> bool:
    found = Promotion.objects.select_for_update(skip_locked=True).filter(pk=promotion_id, state__in=OPEN).first()
    if found is None:
        return False
    if found.state == Promotion.State.RUNNING:
        _end(found, SYSTEM, at)
    elif found.ends_at <= at:  # its store could not be told all the while
        _step(found, Promotion.State.CANCELED, at)
    else:
        _begin(found, at)
    return True


def _begin(promotion: Promotion, at: datetime) -> None:
    lines = list(promotion.lines.select_related("listing").order_by("listing_id"))
    standing = [line for line in lines if line.listing.state in HERE and line.listing.price]
    zone = ZoneInfo(Store.objects.get(pk=promotion.store_id, seller_id=promotion.seller_id).timezone)
    until = (promotion.ends_at.astimezone(zone) + timedelta(days=1) - timedelta(microseconds=1)).date()
    wishes = []
    for line in standing:
        line.before, line.before_retail = line.listing.price, line.listing.retail_price
        regular = max(line.listing.retail_price or Decimal(0), line.listing.price or Decimal(0))
        fields = {"price": plain(line.price), "retail_price": plain(regular), "until": until.isoformat()}
        wishes.append(_wish(line, fields | {"promotion": promotion.pk}))
    _ask(promotion, standing, wishes, SYSTEM, Line.RUNNING)
    PromotionLine.objects.filter(
        promotion=promotion, promotion__seller_id=promotion.seller_id, state=Line.PLANNED
    ).update(state=Line.SKIPPED)
    promotion.started_at = at
    _step(promotion, Promotion.State.RUNNING, None)


def _end(promotion: Promotion, actor: Actor, at: datetime) -> None:
    """What it cost before comes back; where somebody set another price since, here or in the store, that one stays."""
    lines = list(promotion.lines.filter(state=Line.RUNNING).select_related("listing").order_by("listing_id"))
    overtaken = _overtaken(promotion, lines) | _handed_on(promotion, lines)
    back = [line for line in lines if line.pk not in overtaken and line.listing.state in HERE]
    wishes = [
        _wish(
            line,
            {
                "price": plain(line.before or line.price),
                "retail_price": None if line.before_retail is None else plain(line.before_retail),
                "promotion": promotion.pk,
            },
        )
        for line in back
    ]
    _ask(promotion, back, wishes, actor, Line.BACK)
    left = [line for line in lines if line.state == Line.RUNNING]
    for line in left:
        line.state = Line.LEFT
    _keep(left)
    _step(promotion, Promotion.State.ENDED, at)


def _handed_on(promotion: Promotion, lines: Sequence[PromotionLine]) -> set[int]:
    """Lines whose listing another promotion has lowered since: that one gives back what it cost before both."""
    rows = PromotionLine.objects.filter(
        promotion__seller_id=promotion.seller_id,
        listing_id__in=[line.listing_id for line in lines],
        state=Line.RUNNING,
    ).exclude(promotion=promotion)
    others: dict[int, list[PromotionLine]] = {}
    for one in rows.order_by("change_id"):
        others.setdefault(one.listing_id, []).append(one)
    handed: set[int] = set()
    changed: list[PromotionLine] = []
    for line in lines:
        mine = others.get(line.listing_id, ())
        later = next((one for one in mine if (one.change_id or 0) > (line.change_id or 0)), None)
        if later is None:
            continue
        handed.add(line.pk)
        if later.before == line.price:
            later.before, later.before_retail = line.before, line.before_retail
            changed.append(later)
    _keep(changed)
    return handed


def _overtaken(promotion: Promotion, lines: Sequence[PromotionLine]) -> set[int]:
    """Lines whose listing was given another price since: by a wish that is not ours, or in the store itself."""
    rows = ListingChange.objects.filter(
        seller_id=promotion.seller_id,
        listing_id__in=[line.listing_id for line in lines],
        kind=ListingChange.Kind.PRICE,
        pk__gte=min((line.change_id or 0 for line in lines), default=0),
    ).exclude(state=ListingChange.State.CANCELED)
    told: set[int] = set()
    wishes: dict[int, list[Decimal]] = {}
    for pk, listing_id, state, fields in rows.values_list("pk", "listing_id", "state", "fields"):
        if "promotion" not in fields:
            wishes.setdefault(listing_id or 0, []).append(Decimal(fields["price"]))
        elif state == ListingChange.State.DONE:
            told.add(pk)
    return {
        line.pk
        for line in lines
        if any(price != line.price for price in wishes.get(line.listing_id, []))
        or (line.change_id in told and line.listing.price not in {line.price, line.before})
    }


def _wish(line: PromotionLine, fields: Mapping[str, object]) -> Wish:
    listing = line.listing
    return Wish(
        kind=ListingChange.Kind.PRICE,
        fields=fields,
        remote_id=listing.remote_id,
        listing_id=listing.pk,
        before=shown(listing),
    )


def _ask(
    promotion: Promotion,
    lines: Sequence[PromotionLine],
    wishes: Sequence[Wish],
    actor: Actor,
    state: PromotionLine.State,
) -> None:
    if not wishes:
        return
    given = ask_many(seller_id=promotion.seller_id, store_id=promotion.store_id, wishes=wishes, actor=actor)
    for line, change_id in zip(lines, given, strict=True):
        line.state = Line.SKIPPED if change_id is None else state
        line.change_id = change_id
    _keep(lines)


def _keep(lines: Sequence[PromotionLine]) -> None:
    """Write these lines with one statement."""
    if lines:
        run(
            KEEP,
            [
                [line.pk for line in lines],
                [str(line.state) for line in lines],
                [line.change_id for line in lines],
                [line.before for line in lines],
                [line.before_retail for line in lines],
            ],
        )


def _step(promotion: Promotion, state: Promotion.State, ended_at: datetime | None) -> None:
    promotion.state, promotion.ended_at = state, ended_at
    promotion.save(update_fields=["state", "started_at", "ended_at"])
    announce(promotion.seller_id, "listings")


def _note(promotion: Promotion, verb: str, actor: Actor, facts: Mapping[str, object]) -> None:
    audit(
        seller_id=promotion.seller_id,
        actor=actor,
        verb=verb,
        object_type="store",
        object_id=promotion.store_id,
        facts={"name": promotion.name, **facts},
    )
