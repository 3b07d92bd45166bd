"""Telling a store what to change of what it lists. The rows are the truth; no lock is held while we talk."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from entrepot.channels.errors import NoSuchPart
from entrepot.channels.live import announce
from entrepot.channels.models import Listing, ListingChange, Store
from entrepot.channels.opening import lent_or_opened, setting
from entrepot.channels.price_mapping import told_amounts
from entrepot.channels.services.differences_settled import agree
from entrepot.channels.services.offers import HERE
from entrepot.channels.services.offers_create import create_products, take_in
from entrepot.channels.services.offers_draft import told_by, update_draft
from entrepot.channels.services.offers_noted import STUMBLES, note_answer, note_done, note_refusal, note_stumble
from entrepot.channels.services.pictures_out import without_pictures
from entrepot.channels.services.storefront_told import note_told
from entrepot.channels.services.trouble import words_of
from entrepot.connectors.contract import (
    Connector,
    LevelAnswer,
    ListingSink,
    PriceLevel,
    PriceSink,
)
from entrepot.kernel.errors import ChannelDown, ChannelRejected, Refused
from entrepot.kernel.money import plain

log = structlog.get_logger(__name__)

Kind, State = ListingChange.Kind, ListingChange.State
AT_ONCE = 200


@dataclass(slots=True)
class OfferReport:
    """What a store was told of its listings, counted by change."""

    done: int = 0
    refused: int = 0


def owes_changes(*, store_ids: Sequence[int] | None = None, now: datetime | None = None) -> list[int]:
    """Ids of live stores that are to change something whose time has come."""
    rows = _due(now or timezone.now()).filter(store__state=Store.State.LIVE)
    if store_ids is not None:
        rows = rows.filter(store_id__in=store_ids)
    return sorted(set(rows.values_list("store_id", flat=True)))


def push_listings(store: Store, *, connector: Connector | None = None) -> OfferReport:
    """Tell a live store its changes, in the order they were asked for, until none is due.

    Raises:
        ChannelError: The store cannot be talked to; what it took before stays written down, the rest waits.
    """
    report = OfferReport()
    store.refresh_from_db(fields=["state", "settings"])
    if not store.writable:
        return report
    while changes := _next(store):
        with lent_or_opened(store, connector, lane="listings") as open_connector:
            for kind, group in groupby(changes, key=lambda change: change.kind):
                for some in _batches(open_connector, kind, list(group)):
                    _tell(store, open_connector, kind, some, report)
        announce(store.seller_id, f"store:{store.pk}")
    return report


def _due(now: datetime) -> QuerySet[ListingChange]:
    """What waits and whose time has come; not before what was asked earlier of the same product."""
    rows = ListingChange.objects.filter(state=State.WAITING)  # house: seller the engine asks for a store
    earlier = rows.filter(
        store=OuterRef("store"), remote_id=OuterRef("remote_id"), id__lt=OuterRef("id"), next_try_at__gt=now
    ).exclude(remote_id="")
    return rows.filter(Q(next_try_at=None) | Q(next_try_at__lte=now)).exclude(Exists(earlier))


def _next(store: Store) -> list[ListingChange]:
    rows = _due(timezone.now()).filter(store=store, seller_id=store.seller_id).select_related("listing", "product")
    return list(rows.order_by("id")[:AT_ONCE])


def _batches(connector: Connector, kind: str, changes: Sequence[ListingChange]) -> Iterator[Sequence[ListingChange]]:
    """As many at a time as the store takes; products that change one by one."""
    size = 1
    if kind == Kind.PRICE and connector.prices is not None:
        size = max(1, connector.prices.batch_size)
    elif kind == Kind.CREATE and connector.listings is not None:
        size = max(1, connector.listings.at_once)
    elif kind in {Kind.ACTIVATE, Kind.DEACTIVATE, Kind.DELETE}:
        size = 50
    if any(change.attempts >= STUMBLES for change in changes):
        size = 1  # so that the one the store fails at is found
    for first in range(0, len(changes), size):
        yield changes[first : first + size]


def _tell(store: Store, connector: Connector, kind: str, changes: Sequence[ListingChange], report: OfferReport) -> None:
    changes = _still_waiting(changes)
    if not changes:
        return
    try:
        answers = _deed(store, connector, kind)(changes)
    except (ChannelRejected, Refused) as refusal:
        if len(changes) > 1:
            for change in changes:
                _tell(store, connector, kind, [change], report)
            return
        note_refusal(changes[0], words=words_of(refusal) | {"code": refusal.code}, detail=refusal.detail)
        report.refused += 1
        return
    except ChannelDown as error:
        note_stumble(changes, error=error, alone=len(changes) == 1)
        raise
    done = sum(answer is None or answer.outcome == "accepted" for answer in answers)
    report.done += done
    report.refused += len(answers) - done


def _still_waiting(changes: Sequence[ListingChange]) -> Sequence[ListingChange]:
    """Those that nobody has given up or overtaken since they were read."""
    rows = ListingChange.objects.filter(seller_id=changes[0].seller_id, pk__in=[change.pk for change in changes])
    waiting = set(rows.filter(state=State.WAITING).values_list("pk", flat=True))
    return [change for change in changes if change.pk in waiting]


Answers = Sequence[LevelAnswer | None]


def _deed(store: Store, connector: Connector, kind: str) -> Callable[[Sequence[ListingChange]], Answers]:
    """What brings such changes to the store and writes down what it answered."""
    if kind == Kind.PRICE:
        if connector.prices is None:
            raise NoSuchPart(part="prices")
        return partial(_prices, store, connector.prices)
    if connector.listings is None:
        raise NoSuchPart(part="listings")
    match kind:
        case Kind.CREATE:
            return partial(_create, store, connector.listings)
        case Kind.UPDATE:
            return partial(_update, store, connector.listings)
        case _:
            return partial(_whole, store, connector.listings)


# --------------------------------------------------------------------------- prices


def _prices(store: Store, sink: PriceSink, changes: Sequence[ListingChange]) -> Answers:
    """A choice of a product has a price of its own, but no retail price: no store keeps one."""
    mapping = setting(store, "price_mapping")
    amounts = [told_amounts(mapping, change.fields) for change in changes]
    keys = [change.listing.variation_key if change.listing else "" for change in changes]
    levels = [
        PriceLevel(
            remote_id=change.remote_id,
            variation_key=key,
            price=price,
            retail_price=None if key else retail_price,
            parent_id=(change.listing.parent_id if change.listing else "") or None,
            until=date.fromisoformat(change.fields["until"]) if change.fields.get("until") else None,
        )
        for change, key, (price, retail_price) in zip(changes, keys, amounts, strict=True)
    ]
    answers = list(sink.push(levels))
    for change, answer, level in zip(changes, answers, levels, strict=True):
        if answer.outcome != "accepted":
            note_answer(store, change=change, answer=answer)
            continue
        price = level.price if answer.seen_price is None else answer.seen_price
        with transaction.atomic():
            Listing.objects.filter(pk=change.listing_id or 0, seller_id=store.seller_id).update(
                price=price, retail_price=level.retail_price, updated_at=timezone.now()
            )
            agree(seller_id=store.seller_id, listing_ids=[change.listing_id or 0], fields=("price", "retail_price"))
            retail = None if level.retail_price is None else plain(level.retail_price)
            note_done(change, seen={"price": plain(price), "retail_price": retail})
    return answers


# --------------------------------------------------------------------------- shown, hidden, deleted


def _whole(store: Store, sink: ListingSink, changes: Sequence[ListingChange]) -> Answers:
    """The same thing done to whole products, then to what they stand below."""
    kind = changes[0].kind
    answers = list(_switch(sink, kind, [change.remote_id for change in changes]))
    good = [number for number, answer in enumerate(answers) if _is_done(kind, answer)]
    stuck = _switch_masters(store, sink, kind, [changes[number] for number in good])
    for number, change in enumerate(changes):
        refusal = answers[number]
        if number in good:
            with transaction.atomic():
                standing = _note_switched(store, change)
                master = stuck.get(change.listing.parent_id if change.listing else "")
                if master is None:
                    note_done(change, seen={"listings": standing})
                    continue
            refusal = answers[number] = master
        note_answer(store, change=change, answer=refusal)
    return [None if _is_done(kind, answer) else answer for answer in answers]


def _switch(sink: ListingSink, kind: str, ids: Sequence[str]) -> Sequence[LevelAnswer]:
    return sink.delete(ids) if kind == Kind.DELETE else sink.set_active(ids, active=kind == Kind.ACTIVATE)


def _is_done(kind: str, answer: LevelAnswer) -> bool:
    return answer.outcome == "accepted" or (kind == Kind.DELETE and answer.outcome == "missing")


def _note_switched(store: Store, change: ListingChange) -> int:
    """Listings of what is shown, hidden or gone now, written down and counted."""
    rows = Listing.objects.filter(store=store, seller_id=store.seller_id, remote_id=change.remote_id)
    standing = list(rows.filter(state__in=HERE).values_list("pk", flat=True))
    rows.filter(pk__in=standing).update(state=_STATES[change.kind], updated_at=timezone.now())
    if change.kind != Kind.DELETE:
        agree(seller_id=store.seller_id, listing_ids=standing, fields=("active",))
    return len(standing)


def _switch_masters(
    store: Store, sink: ListingSink, kind: str, changes: Sequence[ListingChange]
) -> Mapping[str, LevelAnswer]:
    """The same for what the products just switched stand below; the answers of those that the store refuses."""
    masters = _masters(store, kind, changes)
    found = _switch(sink, kind, masters) if masters else ()
    return {row.remote_id: row for row in found if row.outcome not in {"accepted", "missing"}}


def _masters(store: Store, kind: str, changes: Sequence[ListingChange]) -> list[str]:
    """Products that are not sold themselves, above variants that are: shown with any, hidden or gone with the last.

    `changes` are those the store has taken.
    """
    parents = {change.listing.parent_id for change in changes if change.listing and change.listing.parent_id}
    if not parents:
        return []
    rows = Listing.objects.filter(store=store, seller_id=store.seller_id, state__in=HERE)
    parents -= set(rows.filter(remote_id__in=parents).values_list("remote_id", flat=True))
    if kind == Kind.ACTIVATE:
        return sorted(parents)
    left = rows.filter(parent_id__in=parents).exclude(remote_id__in=[change.remote_id for change in changes])
    if kind == Kind.DEACTIVATE:
        left = left.filter(state=Listing.State.ACTIVE)
    return sorted(parents - set(left.values_list("parent_id", flat=True)))


_STATES: Mapping[str, Listing.State] = {
    Kind.ACTIVATE: Listing.State.ACTIVE,
    Kind.DEACTIVATE: Listing.State.INACTIVE,
    Kind.DELETE: Listing.State.DELETED,
}


# --------------------------------------------------------------------------- whole products


def _create(store: Store, sink: ListingSink, changes: Sequence[ListingChange]) -> Answers:
    return create_products(store, sink=sink, changes=changes)


def _update(store: Store, sink: ListingSink, changes: Sequence[ListingChange]) -> Answers:
    for change in changes:
        draft = update_draft(change)
        if gone := without_pictures(seller_id=store.seller_id, drafts={change.pk: draft}):
            raise gone[change.pk]
        shown = sink.update(change.remote_id, draft)
        with transaction.atomic():
            take_in(store, products=[shown])
            told = told_by(draft)
            note_told(store, remote_id=change.remote_id, told=told)
            rows = Listing.objects.filter(store=store, seller_id=store.seller_id, remote_id=change.remote_id)
            agree(
                seller_id=store.seller_id, listing_ids=list(rows.values_list("pk", flat=True)), fields=("title", *told)
            )
            note_done(change, seen={"title": shown.name})
    return [None] * len(changes)
