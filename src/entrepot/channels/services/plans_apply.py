"""A plan becomes wishes, set by set; and the way back from what came of it is a plan again."""

from collections import Counter
from collections.abc import Container, Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from entrepot.catalog.rows import fetch, run
from entrepot.channels.models import Listing, ListingChange, Plan, PlanLine
from entrepot.channels.plan_errors import (
    PlanEmpty,
    PlanMoved,
    PlanNeedsApproval,
    PlanNotFound,
    PlanOver,
    PlanStillGoing,
    PlanUndone,
)
from entrepot.channels.queries.plans import has_way_back, not_taken_back
from entrepot.channels.services import rails
from entrepot.channels.services.offers import HERE
from entrepot.channels.services.offers_many import Wish, ask_many
from entrepot.channels.services.offers_taken import taken_places
from entrepot.channels.services.plan_lines import Change, lay_out
from entrepot.channels.services.plans import discard_plan, drafted, make_plan, note, overtaken, summary, write_lines
from entrepot.kernel.actor import Actor

Kind, State = ListingChange.Kind, ListingChange.State
AT_ONCE = 10_000

MOVED = """
SELECT count(*) FROM channels_planline l
CROSS JOIN LATERAL (SELECT * FROM channels_listing WHERE id = l.listing_id OFFSET 0) g
WHERE l.plan_id = %s AND g.seller_id = %s AND g.state = ANY(%s) AND (
    l.kind = 'price' AND EXISTS (SELECT FROM channels_promotionline p WHERE p.listing_id = g.id AND p.state = 'running')
    OR l.kind = 'price' AND ((l.before ->> 'price')::numeric IS DISTINCT FROM g.price
                          OR (l.before ->> 'retail_price')::numeric IS DISTINCT FROM g.retail_price)
    OR l.kind = 'update' AND EXISTS (
        SELECT FROM channels_storeproduct p, jsonb_object_keys(l.fields) AS f(name)
        WHERE p.store_id = l.store_id AND p.remote_id = l.remote_id AND p.remote_id <> ''
          AND l.before ? f.name AND p.seen ? f.name AND l.before -> f.name <> p.seen -> f.name)
    OR l.kind IN ('activate', 'deactivate') AND (l.before ->> 'active')::boolean <> (g.state = 'active'))
"""
# Words that are no longer what the plan told: told otherwise since, about to be, or changed in the store.
REWORDED = """
SELECT l.id, f.name FROM channels_planline l
JOIN channels_listingchange c ON c.id = l.change_id AND c.state = 'done'
CROSS JOIN LATERAL jsonb_each(l.fields) AS f(name, value)
LEFT JOIN channels_storeproduct p ON p.store_id = l.store_id AND p.remote_id = l.remote_id AND p.remote_id <> ''
WHERE l.plan_id = %s AND l.kind = 'update' AND c.seller_id = %s AND (
    p.sent -> f.name IS DISTINCT FROM f.value
    OR p.answered -> f.name IS DISTINCT FROM p.seen -> f.name
    OR EXISTS (SELECT FROM channels_listingchange o
               WHERE o.store_id = l.store_id AND o.remote_id = l.remote_id AND o.id > c.id
                 AND o.kind = 'update' AND o.state IN ('waiting', 'done') AND o.fields ? f.name))
"""
BECAME = """
UPDATE channels_planline l SET change_id = t.change_id
FROM unnest(%s::bigint[], %s::bigint[]) AS t(id, change_id) WHERE l.id = t.id
"""
GIVE_UP = """
UPDATE channels_listingchange c SET state = 'canceled', done_at = %s, next_try_at = NULL
FROM channels_planline l WHERE l.plan_id = %s AND c.id = l.change_id AND c.seller_id = %s AND c.state = 'waiting'
RETURNING c.id
"""
# What is wanted of words that were given up is what the store has taken before, as `storefront_told.forget` has it.
FORGET = """
UPDATE channels_storeproduct p SET updated_at = %s, wanted = p.wanted - g.names || coalesce(
    (SELECT jsonb_object_agg(name, p.sent -> name) FROM unnest(g.names) AS n(name) WHERE p.sent ? name), '{}')
FROM (SELECT s.id, array_agg(f.name) AS names FROM channels_listingchange c
      JOIN channels_storeproduct s ON s.store_id = c.store_id AND s.remote_id = c.remote_id AND s.remote_id <> ''
      CROSS JOIN LATERAL jsonb_each(c.fields) AS f(name, value)
      WHERE c.id = ANY(%s) AND c.seller_id = %s AND c.kind = 'update' AND s.wanted -> f.name = f.value
      GROUP BY s.id) g
WHERE p.id = g.id
"""
STILL_GOING = """
SELECT count(*) FROM channels_planline l JOIN channels_listingchange c ON c.id = l.change_id
WHERE l.plan_id = %s AND c.seller_id = %s AND c.state = 'waiting'
"""


def apply_plan(*, seller_id: int, plan_id: int, actor: Actor, seen: str | None = None) -> Plan:
    """Have the stores told all of a plan. A price that no store can show is left out, whoever approved it.

    `seen`: its stamp when the person who applies it looked at it.

    Raises:
        PlanNotFound: There is none, or it is another seller's.
        PlanOver: It was applied or thrown away.
        PlanLooksOtherwise: It was laid out anew since. No store is told.
        PlanNeedsApproval: A guard rail stopped it and nobody has approved that. No store is told.
        PlanMoved: A store shows other prices or words, or hides or shows what it did not, or somebody asked for
            something else there. No store is told; the plan now shows it as it is, and is to be approved again.
        PlanEmpty: The stores show all of it already. The plan is thrown away.
        StoreStateForbids, NoSuchPart: A store cannot do it.
    """
    with transaction.atomic():
        plan = drafted(seller_id=seller_id, plan_id=plan_id, seen=seen)
        if rails.stopped(plan.rails) and not plan.approved:
            raise PlanNeedsApproval(plan_id=plan_id)
        [(moved,)] = fetch(MOVED, [plan.pk, seller_id, list(HERE)])
        moved += max(0, overtaken(plan) - _overtakes(plan))
        if not moved:
            _ask(plan, actor)
            plan.state, plan.applied_by, plan.applied_at = Plan.State.APPLIED, str(actor)[:120], timezone.now()
            plan.save(update_fields=["state", "applied_by", "applied_at"])
            note(plan, verb="plans.apply", actor=actor, facts={"approved": plan.approved})
            return plan
    if not _lay_out_again(seller_id, plan_id, actor):
        raise PlanEmpty
    raise PlanMoved(count=moved)


def _overtakes(plan: Plan) -> int:
    """How many waiting wishes give way to a plan, as whoever looked at it was told."""
    return sum(rail["count"] for rail in plan.rails if rail["code"] == rails.OVERTAKES)


def _ask(plan: Plan, actor: Actor) -> None:
    """Wishes for each store, all of it at once, and which line became which.

    Not piece by piece: each piece would look for rivals among those before it, of which the planner knows nothing yet.
    """
    rows = plan.lines.exclude(worst=rails.IMPOSSIBLE).order_by("store_id", "id")
    columns = ("pk", "store_id", "kind", "fields", "remote_id", "listing_id", "product_id", "before")
    lines = rows.values_list(*columns).iterator(chunk_size=AT_ONCE)
    for store_id, mine in groupby(lines, key=lambda line: line[1]):
        some = list(mine)
        new = [(store_id, line[6]) for line in some if line[2] == Kind.CREATE and line[6] is not None]
        taken = taken_places(seller_id=plan.seller_id, places=new)
        able = [line for line in some if line[2] != Kind.CREATE or (store_id, line[6]) not in taken]
        wishes = [_wish(line) for line in able]
        given = ask_many(seller_id=plan.seller_id, store_id=store_id, wishes=wishes, actor=actor)
        run(BECAME, [[line[0] for line in able], given])


def _wish(line: tuple[Any, ...]) -> Wish:
    """As it was looked at, however the store's prices are mapped by now."""
    _pk, _store_id, kind, fields, remote_id, listing_id, product_id, before = line
    if kind in {Kind.PRICE, Kind.CREATE}:
        fields = fields | {"as_shown": True}
    return Wish(
        kind=kind, fields=fields, remote_id=remote_id, listing_id=listing_id, product_id=product_id, before=before
    )


def _lay_out_again(seller_id: int, plan_id: int, actor: Actor) -> bool:
    """Show a plan beside what the stores show now; what they show by themselves already goes from it.

    False: nothing is left, and it is thrown away.
    """
    plan = Plan.objects.get(seller_id=seller_id, pk=plan_id)
    notes = Counter({rail["code"]: rail["count"] for rail in plan.rails if rail["code"] in rails.NOTES})
    columns = ("kind", "fields", "listing_id", "product_id", "store_id", "remote_id")
    changes = [Change(**row, as_shown=True) for row in plan.lines.order_by("pk").values(*columns)]
    laid = lay_out(seller_id=seller_id, changes=changes)
    laid.notes.update(notes)
    if not laid.lines:
        discard_plan(seller_id=seller_id, plan_id=plan_id, actor=actor)
        return False
    with transaction.atomic():
        plan = drafted(seller_id=seller_id, plan_id=plan_id)
        plan.lines.all().delete()
        plan.approved = False
        for name, value in summary(seller_id=seller_id, laid=laid).items():
            setattr(plan, name, value)
        plan.save(update_fields=["approved", "rails", "total", "counts", "store_ids"])
        write_lines(plan, laid=laid)
    return True


# --------------------------------------------------------------------------- once it is applied


def _applied(seller_id: int, plan_id: int) -> Plan:
    plan = Plan.objects.filter(seller_id=seller_id, pk=plan_id).first()
    if plan is None:
        raise PlanNotFound(plan_id=plan_id)
    if plan.state != Plan.State.APPLIED:
        raise PlanOver(plan_id=plan_id)
    return plan


@transaction.atomic
def stop_plan(*, seller_id: int, plan_id: int, actor: Actor) -> int:
    """Give up what of an applied plan has not reached its store; how many changes that is.

    Raises:
        PlanNotFound: There is none, or it is another seller's.
        PlanOver: It was not applied.
    """
    plan = _applied(seller_id, plan_id)
    canceled = [row[0] for row in fetch(GIVE_UP, [timezone.now(), plan.pk, seller_id])]
    run(FORGET, [timezone.now(), canceled, seller_id])
    given_up = len(canceled)
    note(plan, verb="plans.stop", actor=actor, facts={"given_up": given_up})
    return given_up


def plan_undo(*, seller_id: int, plan_id: int, actor: Actor, source: str = "desk") -> Plan:
    """Plan the way back from what a plan did: prices, words and visibility as before; what it listed is deleted.

    What somebody changed since stays; what was deleted cannot be brought back. Both are counted in the plan. A way
    back that was planned and not applied is thrown away for the new one; after one that was applied, another covers
    what stores did only since then.

    Raises:
        PlanNotFound: There is none, or it is another seller's.
        PlanOver: It was not applied.
        PlanStillGoing: Some of it has not reached its store.
        PlanUndone: All of it was taken back already.
        PlanEmpty: Nothing of it can be taken back.
        StoreStateForbids, NoSuchPart, ChannelError: A store cannot do it, or cannot be asked.
    """
    plan = _applied(seller_id, plan_id)
    [(waiting,)] = fetch(STILL_GOING, [plan.pk, seller_id])
    if waiting:
        raise PlanStillGoing(count=waiting)
    earlier = Plan.objects.filter(seller_id=seller_id, undo_of=plan)
    if not has_way_back(seller_id=seller_id, plan=plan):
        done = earlier.filter(state=Plan.State.APPLIED).order_by("-pk").first()
        raise PlanUndone(plan_id=done.pk) if done else PlanEmpty
    notes: Counter[str] = Counter()
    changes = list(_backwards(plan, notes))
    made = make_plan(
        seller_id=seller_id, changes=changes, title=plan.title, source=source, undo_of=plan, notes=notes, actor=actor
    )
    earlier.filter(state=Plan.State.DRAFT).exclude(pk=made.pk).delete()
    return made


def _backwards(plan: Plan, notes: Counter[str]) -> Iterator[Change]:
    reworded = {(line_id, name) for line_id, name in fetch(REWORDED, [plan.pk, plan.seller_id])}
    lines = not_taken_back(seller_id=plan.seller_id, plan=plan)
    for line in lines.select_related("change", "listing").order_by("pk").iterator(chunk_size=AT_ONCE):
        change = line.change
        if change is None:
            continue
        if line.kind == Kind.DELETE:
            notes[rails.FOR_GOOD] += 1
        elif line.kind == Kind.CREATE:
            yield from _uncreated(plan, change, notes)
        elif line.listing is None or line.listing.state not in HERE:
            notes[rails.GONE] += 1
        elif line.kind == Kind.UPDATE:
            yield from _words_back(line, reworded, notes)
        elif not _stands(line.listing, change):
            notes[rails.CHANGED_SINCE] += 1
        elif line.kind == Kind.PRICE:
            yield from _price_back(line, notes)
        else:
            back = Kind.DEACTIVATE if line.kind == Kind.ACTIVATE else Kind.ACTIVATE
            yield Change(kind=back, listing_id=line.listing_id)


def _stands(listing: Listing, change: ListingChange) -> bool:
    """Whether the store still shows what this change brought."""
    if change.kind != Kind.PRICE:
        return (listing.state == Listing.State.ACTIVE) == (change.kind == Kind.ACTIVATE)
    told, retail = change.seen["price"], change.seen["retail_price"]
    return listing.price == Decimal(told) and listing.retail_price == (None if retail is None else Decimal(retail))


def _price_back(line: PlanLine, notes: Counter[str]) -> Iterator[Change]:
    if line.before["price"] is None:
        notes[rails.NOT_KNOWN] += 1
        return
    fields = {name: line.before[name] for name in ("price", "retail_price")}
    yield Change(kind=Kind.PRICE, fields=fields, listing_id=line.listing_id, as_shown=True)


def _words_back(line: PlanLine, reworded: Container[tuple[int, str]], notes: Counter[str]) -> Iterator[Change]:
    standing = [name for name in line.fields if (line.pk, name) not in reworded]
    known = {name: line.before[name] for name in standing if name in line.before}
    notes[rails.CHANGED_SINCE] += len(standing) < len(line.fields)
    notes[rails.NOT_KNOWN] += len(known) < len(standing)
    if known:
        yield Change(kind=Kind.UPDATE, fields=known, listing_id=line.listing_id, remote_id=line.remote_id)


def _uncreated(plan: Plan, change: ListingChange, notes: Counter[str]) -> Iterator[Change]:
    """What was made goes: of variants with products of their own each, and what they stand below with them."""
    rows = Listing.objects.filter(
        Q(remote_id=change.remote_id) | Q(parent_id=change.remote_id),
        seller_id=plan.seller_id,
        store_id=change.store_id,
        state__in=HERE,
    )
    made = list(rows.order_by("remote_id", "pk").distinct("remote_id").values_list("pk", flat=True))
    if not made:
        notes[rails.GONE] += 1
    yield from (Change(kind=Kind.DELETE, listing_id=listing_id) for listing_id in made)
