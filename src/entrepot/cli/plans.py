"""`entrepot plans`: plan changes of stores, look at them, approve, apply, take back."""

from decimal import Decimal
from typing import Literal

import click

from entrepot.channels.models import Plan
from entrepot.channels.queries import plans as queries
from entrepot.channels.queries.listings import ListingFilter
from entrepot.channels.services import plans as services
from entrepot.channels.services.plans import PriceRule
from entrepot.channels.services.plans_apply import apply_plan, plan_undo, stop_plan
from entrepot.cli.offers import amount
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows


@click.group("plans")
def plans() -> None:
    """Changes of stores that are looked at before they go out, and can be taken back."""


def _told(plan: Plan) -> None:
    said(f"Plan {plan.pk}: {plan.total} change(s). Look at it with `entrepot plans show {plan.pk}`.")
    for rail in plan.rails:
        said(f"  {rail['code']}: {rail['count']}")


@plans.command("prices")
@seller_option
@click.argument("listing_ids", type=int, nargs=-1)
@click.option("--store", "store_id", type=int, default=None, help="All listings of this store.")
@click.option("--to", "price", type=amount, default=None, help="One price for all.")
@click.option("--percent", type=amount, default=None, help="Move by percent; -10 = a tenth less.")
@click.option("--amount", "by", type=amount, default=None, help="Move by an amount; below zero makes it cheaper.")
@click.option("--step", type=amount, default=None, help="Round to the nearest multiple of it.")
@click.option("--retail", type=click.Choice(["keep", "before", "none"]), default="keep", help="The regular price.")
@click.option("--title", default="", help="What the plan is called.")
def prices(
    seller_id: int,
    listing_ids: tuple[int, ...],
    *,
    store_id: int | None,
    price: Decimal | None,
    percent: Decimal | None,
    by: Decimal | None,
    step: Decimal | None,
    retail: Literal["keep", "before", "none"],
    title: str,
) -> None:
    """Plan new prices for LISTING_IDS, or for all of a store. No store is told anything."""
    chosen = listing_ids or (
        queries.listing_ids(seller_id=seller_id, by=ListingFilter(store_id=store_id)) if store_id else ()
    )
    rule = PriceRule(price=price, percent=percent, amount=by, step=step, retail=retail)
    _told(
        services.plan_prices(
            seller_id=seller_id, listing_ids=chosen, rule=rule, title=title, source="cli", actor=person()
        )
    )


@plans.command("visibility")
@seller_option
@click.argument("deed", type=click.Choice(["show", "hide", "delete"]))
@click.argument("listing_ids", type=int, nargs=-1, required=True)
@click.option("--title", default="", help="What the plan is called.")
def visibility(
    seller_id: int, deed: Literal["show", "hide", "delete"], listing_ids: tuple[int, ...], *, title: str
) -> None:
    """Plan to show, hide or delete the products of LISTING_IDS."""
    _told(
        services.plan_deed(
            seller_id=seller_id, listing_ids=listing_ids, deed=deed, title=title, source="cli", actor=person()
        )
    )


@plans.command("list")
@seller_option
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def list_plans(seller_id: int, after: str, *, as_json: bool) -> None:
    """Plans, newest first."""
    page = queries.plans(seller_id=seller_id, after=after)
    show_rows(
        (
            {"id": row.pk, "title": row.title, "state": row.state, "changes": row.total, "made": row.created_by}
            for row in page.rows
        ),
        as_json=as_json,
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@plans.command("show")
@seller_option
@click.argument("plan_id", type=int)
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def show(seller_id: int, plan_id: int, after: str, *, as_json: bool) -> None:
    """What PLAN_ID changes, the worst first, and what stopped it."""
    plan = queries.plan(seller_id=seller_id, plan_id=plan_id)
    page = queries.lines(seller_id=seller_id, plan=plan, after=after)
    if not as_json:
        _summary(plan)
    show_rows(
        (
            {
                "listing": row.listing_id or "",
                "what": row.kind,
                "before": " ".join(f"{name}={row.before.get(name)}" for name in row.fields),
                "after": " ".join(f"{name}={value}" for name, value in row.fields.items()),
                "state": row.change.state if row.change else "",
            }
            for row in page.rows
        ),
        as_json=as_json,
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


def _summary(plan: Plan) -> None:
    stamp = queries.stamp_of(seller_id=plan.seller_id, plan=plan) or "-"
    said(f"Plan {plan.pk} {plan.title}: {plan.state}, {plan.total} change(s), stamp {stamp}")
    for rail in plan.rails:
        said(f"  {rail['code']}: {rail['count']}")
    if plan.state == Plan.State.APPLIED:
        told = queries.progress(seller_id=plan.seller_id, plan=plan)
        said(f"  done {told.done}, waiting {told.waiting}, refused {told.failed}, left out {told.left_out}")


@plans.command("apply")
@seller_option
@click.argument("plan_id", type=int)
@click.option("--yes", "seen", default=None, help="Also what a guard rail stopped: the stamp that `show` says.")
def apply(seller_id: int, plan_id: int, *, seen: str | None) -> None:
    """Have the stores told all of PLAN_ID."""
    if seen is not None:
        services.approve_plan(seller_id=seller_id, plan_id=plan_id, seen=seen, actor=person())
    plan = apply_plan(seller_id=seller_id, plan_id=plan_id, seen=seen, actor=person())
    said(f"Plan {plan.pk}: applied.")


@plans.command("discard")
@seller_option
@click.argument("plan_id", type=int)
def discard(seller_id: int, plan_id: int) -> None:
    """Throw PLAN_ID away. No store is told anything."""
    services.discard_plan(seller_id=seller_id, plan_id=plan_id, actor=person())
    said(f"Plan {plan_id}: thrown away.")


@plans.command("stop")
@seller_option
@click.argument("plan_id", type=int)
def stop(seller_id: int, plan_id: int) -> None:
    """Give up what of PLAN_ID has not reached its store."""
    said(f"{stop_plan(seller_id=seller_id, plan_id=plan_id, actor=person())} change(s) given up.")


@plans.command("undo")
@seller_option
@click.argument("plan_id", type=int)
def undo(seller_id: int, plan_id: int) -> None:
    """Plan the way back from PLAN_ID."""
    _told(plan_undo(seller_id=seller_id, plan_id=plan_id, source="cli", actor=person()))
