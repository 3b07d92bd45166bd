"""Changes of stores that are looked at before they go out (R-CAT-10): planned here, field by field, and approved.

A plan tells no store anything. `plans_apply` turns it into wishes; the way back is a plan too.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.catalog.models import Product
from entrepot.catalog.rows import as_json, copy_in, fetch, new_ids
from entrepot.channels.live import announce
from entrepot.channels.models import ListingChange, Plan, PlanLine
from entrepot.channels.plan_errors import (
    PlanEmpty,
    PlanLooksOtherwise,
    PlanNotFound,
    PlanOver,
    RuleCurrencies,
    RuleUnclear,
)
from entrepot.channels.queries.plans import stamp_of
from entrepot.channels.services import rails
from entrepot.channels.services.offers import HERE, Offer, offer_fields, store_that_can
from entrepot.channels.services.plan_lines import Change, Laid, counts_of, lay_out, rails_of
from entrepot.kernel.actor import SYSTEM, Actor
from entrepot.kernel.errors import NotFound
from entrepot.kernel.money import STORED_PLACES, coin_of, plain

Kind = ListingChange.Kind

PRICES = """
SELECT g.id, g.price, g.retail_price, g.currency FROM unnest(%s::bigint[]) AS w(id)
CROSS JOIN LATERAL (SELECT * FROM channels_listing WHERE id = w.id OFFSET 0) g
WHERE g.seller_id = %s AND g.state = ANY(%s)
"""
WRITE = """
COPY channels_planline (id, plan_id, store_id, listing_id, product_id, remote_id, kind, before, fields, worst)
FROM STDIN
"""


# Wishes that have not reached their store, and will not, or not for long: the plan's own come after them.
OVERTAKEN = """
SELECT count(*) FROM channels_planline l WHERE l.plan_id = %s AND l.remote_id <> '' AND EXISTS (
    SELECT FROM channels_listingchange c
    WHERE c.seller_id = %s AND c.store_id = l.store_id AND c.remote_id = l.remote_id AND c.state = 'waiting' AND (
        l.kind = 'delete'
        OR l.kind = 'price' AND c.kind = 'price' AND c.listing_id = l.listing_id
        OR l.kind IN ('activate', 'deactivate') AND c.kind IN ('activate', 'deactivate')
        OR l.kind = 'update' AND c.kind = 'update' AND c.fields ?| ARRAY(SELECT jsonb_object_keys(l.fields))))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """One of: the new `price`; a `percent` or an `amount` by which it moves, downwards below zero.

    `step`: to the nearest multiple of it (None = of the smallest coin), never less than a coin. `retail`: the regular
    price stays where it is not below the new price ("keep"), is what the listing costs now ("before"), is this amount,
    or is none.
    """

    price: Decimal | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    step: Decimal | None = None
    retail: Literal["keep", "before", "none"] | Decimal = "keep"

    def check(self) -> None:
        """Refuse one that says nothing, or several things.

        Raises:
            RuleUnclear: It does.
        """
        if sum(given is not None for given in (self.price, self.percent, self.amount)) != 1:
            raise RuleUnclear(field="price", reason="")

    def check_currencies(self, currencies: Collection[str]) -> None:
        """Refuse an amount that would be one of several currencies.

        Raises:
            RuleCurrencies: It would.
        """
        amounts = (self.price, self.amount, self.step, self.retail if isinstance(self.retail, Decimal) else None)
        if len(currencies) > 1 and any(amount is not None for amount in amounts):
            raise RuleCurrencies(field="step" if self.step else "price", reason="", currencies=", ".join(currencies))

    def price_after(self, price: Decimal | None, currency: str) -> Decimal | None:
        """What a listing costs by this rule; None where it has no price to move."""
        coin = coin_of(currency)
        if self.price is not None:
            return _nearest(self.price, coin)
        if price is None:
            return None
        moved = price * (100 + self.percent) / 100 if self.percent is not None else price + (self.amount or 0)
        coins = ((self.step or coin) / coin).quantize(Decimal(1), ROUND_CEILING)
        return _nearest(moved, coins * coin)

    def retail_after(
        self, before: Decimal | None, retail: Decimal | None, after: Decimal, currency: str
    ) -> Decimal | None:
        """What stands beside it as the regular price."""
        if isinstance(self.retail, Decimal):
            return _nearest(self.retail, coin_of(currency))
        wanted = {"keep": retail, "before": before, "none": None}[self.retail]
        return wanted if wanted is not None and wanted > after else None


def _nearest(amount: Decimal, step: Decimal) -> Decimal:
    return ((amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step).quantize(STORED_PLACES)


def plan_prices(
    *,
    seller_id: int,
    listing_ids: Sequence[int],
    rule: PriceRule,
    actor: Actor,
    title: str = "",
    source: str = "desk",
) -> Plan:
    """Plan new prices of these listings by a rule. Those without a price that would move are left out and counted.

    Raises:
        RuleUnclear: The rule says nothing, or several things.
        RuleCurrencies: It names an amount for listings of several currencies.
        PlanEmpty: Nothing would change.
        StoreStateForbids, NoSuchPart: A store cannot be told prices.
    """
    rule.check()
    changes, unknown = [], 0
    found = fetch(PRICES, [sorted(set(listing_ids)), seller_id, list(HERE)])
    rule.check_currencies(sorted({row[3] for row in found}))
    for listing_id, price, retail_price, currency in found:
        after = rule.price_after(price, currency)
        if after is None:
            unknown += 1
            continue
        retail = rule.retail_after(price, retail_price, after, currency)
        fields = {"price": plain(after), "retail_price": None if retail is None else plain(retail)}
        changes.append(Change(kind=Kind.PRICE, fields=fields, listing_id=listing_id))
    notes = {rails.NOT_KNOWN: unknown, rails.GONE: len(set(listing_ids)) - len(found)}
    return make_plan(seller_id=seller_id, changes=changes, title=title, source=source, notes=notes, actor=actor)


def plan_deed(
    *,
    seller_id: int,
    listing_ids: Sequence[int],
    deed: Literal["show", "hide", "delete"],
    actor: Actor,
    title: str = "",
    source: str = "desk",
) -> Plan:
    """Plan to show, hide or delete the products of these listings; a product as a whole.

    Raises:
        PlanEmpty: Nothing would change.
        StoreStateForbids, NoSuchPart: A store cannot do it.
    """
    kind = {"show": Kind.ACTIVATE, "hide": Kind.DEACTIVATE, "delete": Kind.DELETE}[deed]
    changes = [Change(kind=kind, listing_id=listing_id) for listing_id in listing_ids]
    return make_plan(seller_id=seller_id, changes=changes, title=title, source=source, actor=actor)


def plan_words(
    *,
    seller_id: int,
    listing_ids: Sequence[int],
    fields: Mapping[str, Any],
    actor: Actor,
    title: str = "",
    source: str = "desk",
) -> Plan:
    """Plan other words for the products of these listings: `name`, `description`, `brand`, `category_ids`, `images`,
    `attributes`. Asks the store what it shows now where that is not known.

    Raises:
        PlanEmpty: Nothing would change.
        StoreStateForbids, NoSuchPart: A store cannot do it.
        ChannelError: A store has to be asked and cannot be.
    """  # noqa: D205 - the fields are the summary
    changes = [Change(kind=Kind.UPDATE, fields=dict(fields), listing_id=listing_id) for listing_id in listing_ids]
    return make_plan(seller_id=seller_id, changes=changes if fields else [], title=title, source=source, actor=actor)


def plan_creations(
    *,
    seller_id: int,
    offers: Mapping[tuple[int, int], Offer],
    actor: Actor,
    title: str = "",
    source: str = "desk",
) -> Plan:
    """Plan to list products in stores: `{(product id, store id): offer}`. What a store has already is left out.

    Raises:
        NotFound: A product is not the seller's.
        PlanEmpty: Every store has them already.
        StoreNotFound, StoreStateForbids, NoSuchPart: A store cannot do it.
    """
    wanted = {product_id for product_id, _ in offers}
    if Product.objects.filter(seller_id=seller_id, pk__in=wanted).count() != len(wanted):
        raise NotFound
    changes = [
        Change(kind=Kind.CREATE, fields=offer_fields(offer), product_id=product_id, store_id=store_id)
        for (product_id, store_id), offer in offers.items()
    ]
    return make_plan(seller_id=seller_id, changes=changes, title=title, source=source, actor=actor)


def make_plan(
    *,
    seller_id: int,
    changes: Sequence[Change],
    actor: Actor,
    title: str = "",
    source: str = "desk",
    undo_of: Plan | None = None,
    notes: Mapping[str, int] | None = None,
) -> Plan:
    """Lay these changes beside what the stores show, and keep them as a plan to be looked at. No store is told.

    `notes` = what was left out before, by its code in `rails`. Products to list must be the seller's own.

    Raises:
        PlanEmpty: Nothing would change.
        StoreNotFound, StoreStateForbids, NoSuchPart: A store cannot do it.
        ChannelError: A store has to be asked for its words and cannot be.
    """
    laid = lay_out(seller_id=seller_id, changes=changes)
    laid.notes.update(notes or {})
    if not laid.lines:
        raise PlanEmpty
    for store_id, part in sorted({(line.store_id, _part(line.kind)) for line in laid.lines}):
        store_that_can(seller_id=seller_id, store_id=store_id, part=part)
    with transaction.atomic():
        plan = Plan.objects.create(
            seller_id=seller_id,
            title=title.strip()[:200],
            source=source,
            undo_of=undo_of,
            created_by=str(actor)[:120],
            created_at=timezone.now(),
            **summary(seller_id=seller_id, laid=laid),
        )
        write_lines(plan, laid=laid)
    announce(seller_id, "listings")
    return plan


def _part(kind: str) -> str:
    return "prices" if kind == Kind.PRICE else "listings"


def summary(*, seller_id: int, laid: Laid) -> dict[str, Any]:
    """What a plan says of its lines."""
    return {
        "rails": rails_of(seller_id=seller_id, laid=laid),
        "total": len(laid.lines),
        "counts": counts_of(laid.lines),
        "store_ids": sorted({line.store_id for line in laid.lines}),
    }


def write_lines(plan: Plan, *, laid: Laid) -> None:
    """Write a plan's lines, in one statement, and say in the plan how many wishes of now give way to them."""
    ids = new_ids(PlanLine._meta.db_table, len(laid.lines))  # noqa: SLF001 - Django's own word for it
    copy_in(
        WRITE,
        (
            (
                line_id, plan.pk, line.store_id, line.listing_id, line.product_id, line.remote_id, str(line.kind),
                as_json(line.before), as_json(dict(line.fields)), line.worst,
            )
            for line_id, line in zip(ids, laid.lines, strict=True)
        ),
    )  # fmt: skip
    if count := overtaken(plan):
        plan.rails = [*plan.rails, {"code": rails.OVERTAKES, "count": count}]
        plan.save(update_fields=["rails"])


def overtaken(plan: Plan) -> int:
    """How many of a plan's lines stand where another wish waits to be told."""
    [(count,)] = fetch(OVERTAKEN, [plan.pk, plan.seller_id])
    return int(count)


# --------------------------------------------------------------------------- before it is applied


@transaction.atomic
def approve_plan(*, seller_id: int, plan_id: int, actor: Actor, seen: str | None = None) -> Plan:
    """A person has looked at what stopped it, and means it. `seen`: its stamp when that person looked.

    Raises:
        PlanNotFound: There is none, or it is another seller's.
        PlanOver: It was applied or thrown away.
        PlanLooksOtherwise: It was laid out anew since.
    """
    plan = drafted(seller_id=seller_id, plan_id=plan_id, seen=seen)
    plan.approved = True
    plan.save(update_fields=["approved"])
    note(plan, verb="plans.approve", actor=actor, facts={"rails": plan.rails})
    return plan


@transaction.atomic
def discard_plan(*, seller_id: int, plan_id: int, actor: Actor) -> Plan:
    """Throw a plan away that was not applied. Its lines go, that it was there stays.

    Raises:
        PlanNotFound: There is none, or it is another seller's.
        PlanOver: It was applied or thrown away.
    """
    plan = drafted(seller_id=seller_id, plan_id=plan_id)
    plan.lines.all().delete()
    plan.state = Plan.State.DISCARDED
    plan.save(update_fields=["state"])
    note(plan, verb="plans.discard", actor=actor, facts={})
    return plan


def forget_drafts(*, before: datetime) -> int:  # house: verb-signature the clock does it
    """Throw plans away that nobody has applied since then; how many. Nothing of what was planned has happened."""
    forgotten = 0
    stale = Plan.objects.filter(state=Plan.State.DRAFT, created_at__lt=before)  # house: seller all of them
    for plan_id, seller_id in stale.order_by("pk").values_list("pk", "seller_id"):
        with suppress(PlanNotFound, PlanOver):
            discard_plan(seller_id=seller_id, plan_id=plan_id, actor=SYSTEM)
            forgotten += 1
    return forgotten


def drafted(*, seller_id: int, plan_id: int, seen: str | None = None) -> Plan:
    """A plan that is still to be looked at, locked.

    Raises:
        PlanNotFound: There is none, or it is another seller's.
        PlanOver: It was applied or thrown away.
        PlanLooksOtherwise: Its stamp is no longer the one that was `seen`.
    """
    plan = Plan.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk=plan_id).first()
    if plan is None:
        raise PlanNotFound(plan_id=plan_id)
    if plan.state != Plan.State.DRAFT:
        raise PlanOver(plan_id=plan_id)
    if seen is not None and seen != stamp_of(seller_id=seller_id, plan=plan):
        raise PlanLooksOtherwise(plan_id=plan_id)
    return plan


def note(plan: Plan, *, verb: str, actor: Actor, facts: Mapping[str, object]) -> None:
    """One line of story about a plan."""
    audit(
        seller_id=plan.seller_id,
        actor=actor,
        verb=verb,
        object_type="plan",
        object_id=plan.pk,
        facts={"title": plan.title, "total": plan.total, **facts},
    )
    announce(plan.seller_id, "listings")
