"""`entrepot prices …` (price lists and the stores that follow them) and `entrepot promotions …`."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import click
from django.utils import timezone

from entrepot.channels.models import PriceList
from entrepot.channels.price_errors import FollowsNoList
from entrepot.channels.queries import following
from entrepot.channels.queries import price_lists as queries
from entrepot.channels.queries import promotions as promotion_queries
from entrepot.channels.queries.stores import store as store_of
from entrepot.channels.services import price_following, price_lists
from entrepot.channels.services import promotions as promotion_verbs
from entrepot.channels.services.price_lists import ListFacts, Written
from entrepot.cli.offers import amount
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows


@click.group()
def prices() -> None:
    """Price lists, and the stores that follow them."""


@prices.command("lists")
@seller_option
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def lists(seller_id: int, after: str, *, as_json: bool) -> None:
    """Price lists, newest first."""
    page = queries.price_lists(seller_id=seller_id, after=after)
    show_rows(
        (
            {
                "id": row.pk,
                "name": row.name,
                "currency": row.currency,
                "kind": row.kind,
                "percent": row.percent,
                "from": row.base.name if row.base else "",
                "written": row.price_count,  # type: ignore[attr-defined] # annotated by the question
                "stores": row.store_count,  # type: ignore[attr-defined] # likewise
            }
            for row in page.rows
        ),
        as_json=as_json,
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@prices.command("make")
@seller_option
@click.argument("name")
@click.option("--currency", required=True, help="Three letters, such as KRW.")
@click.option("--kind", type=click.Choice(list(PriceList.Kind.values)), default="fixed", help="How prices are made.")
@click.option("--from", "base_id", type=int, default=None, help="For kind base: the list it is worked out from.")
@click.option("--percent", type=amount, default=None, help="Margin, mark-up, or the change of the other list's prices.")
@click.option("--step", type=amount, default=None, help="Prices are multiples of this, such as 100.")
@click.option("--rounding", type=click.Choice(list(PriceList.Rounding.values)), default="nearest")
@click.option("--ending", type=amount, default=Decimal(0), help="Taken off: with 1000 and 100 prices are 9900, 10900.")
@click.option("--least-margin", type=amount, default=None, help="Below this percentage a price is named.")
def make(seller_id: int, **facts: Any) -> None:  # noqa: ANN401 - click's options, as ListFacts has them
    """Make a price list called NAME."""
    made = price_lists.make_price_list(seller_id=seller_id, facts=ListFacts(**facts), actor=person())
    said(f"Price list {made.pk}: {made.name}.")


@prices.command("show")
@seller_option
@click.argument("price_list_id", type=int)
@click.option("--show", type=click.Choice(["written", "low", "missing"]), default=None, help="Only these.")
@click.option("--search", default="", help="Part of a SKU or name.")
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def show(seller_id: int, price_list_id: int, *, show: str | None, search: str, after: str, as_json: bool) -> None:
    """What items cost in a list, with their margins."""
    found = queries.price_list(seller_id=seller_id, price_list_id=price_list_id)
    page = queries.prices(seller_id=seller_id, price_list=found, search=search, show=show or "", after=after)
    show_rows(
        (
            {
                "sku": row.sku,
                "price": row.price,
                "retail": row.retail_price,
                "cost": row.cost,
                "margin": row.margin,
                "low": "low" if row.low else "",
                "why": row.why,
            }
            for row in page.rows
        ),
        as_json=as_json,
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@prices.command("write")
@seller_option
@click.argument("price_list_id", type=int)
@click.argument("sku")
@click.argument("price", type=amount)
@click.option("--retail", type=amount, default=None, help="What it costs without a reduction (MRP).")
def write(seller_id: int, price_list_id: int, sku: str, price: Decimal, retail: Decimal | None) -> None:
    """Write down in a list that SKU costs PRICE."""
    _write(seller_id, price_list_id, sku, Written(price, retail))
    said(f"{sku}: written.")


@prices.command("take-out")
@seller_option
@click.argument("price_list_id", type=int)
@click.argument("sku")
def take_out(seller_id: int, price_list_id: int, sku: str) -> None:
    """Take the price written down for SKU out of a list."""
    _write(seller_id, price_list_id, sku, None)
    said(f"{sku}: no price of its own.")


def _write(seller_id: int, price_list_id: int, sku: str, written: Written | None) -> None:
    ids = queries.ids_of_skus(seller_id=seller_id, skus=[sku])
    price_lists.write_prices(
        seller_id=seller_id, price_list_id=price_list_id, prices={ids[sku]: written}, actor=person()
    )


@prices.command("delete")
@seller_option
@click.argument("price_list_id", type=int)
@click.confirmation_option(prompt="The list goes with the prices written in it. Go on?")
def delete(seller_id: int, price_list_id: int) -> None:
    """Take away a list that nothing uses."""
    price_lists.delete_price_list(seller_id=seller_id, price_list_id=price_list_id, actor=person())
    said(f"Price list {price_list_id} is gone.")


# --------------------------------------------------------------------------- stores that follow


@prices.command("preview")
@seller_option
@click.argument("store_id", type=int)
@click.option("--list", "price_list_id", type=int, default=None, help="Another list than the one it follows.")
@click.option("--step", default="", help="Only these: change, falls, own, none, low …")
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def preview(seller_id: int, store_id: int, *, price_list_id: int | None, step: str, after: str, as_json: bool) -> None:
    """What a list means for STORE_ID: each listing's price now and the list's, the deepest falls first."""
    store = store_of(seller_id=seller_id, store_id=store_id)
    pricing = following.store_pricing(seller_id=seller_id, store_id=store_id)
    if price_list_id is not None:
        found = queries.price_list(seller_id=seller_id, price_list_id=price_list_id)
    elif pricing is not None:
        found = pricing.price_list
    else:
        raise FollowsNoList(store=store.sales_channel.name)
    page = following.followed_page(seller_id=seller_id, store=store, price_list=found, step=step, after=after)
    show_rows(
        (
            {
                "listing": row.listing_id,
                "sku": row.sku,
                "price": row.price,
                "wanted": row.wanted,
                "falls_by": row.percent,
                "margin": row.margin,
                "step": row.step,
                "why": row.why,
            }
            for row in page.rows
        ),
        as_json=as_json,
    )
    if not as_json:
        counts = following.counts(seller_id=seller_id, store=store, price_list=found)
        said(", ".join(f"{name}: {count}" for name, count in counts.items()))
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@prices.command("follow")
@seller_option
@click.argument("store_id", type=int)
@click.argument("price_list_id", type=int)
@click.option("--yes", "approved", is_flag=True, help="Also prices that fall by more than 30 %.")
def follow(seller_id: int, store_id: int, price_list_id: int, *, approved: bool) -> None:
    """Have STORE_ID follow a list from now on."""
    told = price_following.follow(
        seller_id=seller_id, store_id=store_id, price_list_id=price_list_id, approved=approved, actor=person()
    )
    said(f"{told} listing(s) are told another price.")


@prices.command("tell")
@seller_option
@click.argument("store_id", type=int)
@click.option("--yes", "approved", is_flag=True, help="Also prices that fall by more than 30 %.")
@click.option("--again", is_flag=True, help="Also where another price was set since the list last spoke.")
def tell(seller_id: int, store_id: int, *, approved: bool, again: bool) -> None:
    """Tell STORE_ID what its list says now."""
    told = price_following.tell_prices(
        seller_id=seller_id, store_id=store_id, approved=approved, again=again, actor=person()
    )
    said(f"{told} listing(s) are told another price.")


@prices.command("stop")
@seller_option
@click.argument("store_id", type=int)
def stop(seller_id: int, store_id: int) -> None:
    """Have STORE_ID follow no list any more; its prices stay as they are."""
    price_following.stop_following(seller_id=seller_id, store_id=store_id, actor=person())
    said(f"Store {store_id} follows no price list any more.")


# --------------------------------------------------------------------------- promotions


@click.group()
def promotions() -> None:
    """Lower prices for a time."""


@promotions.command("list")
@seller_option
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def list_promotions(seller_id: int, after: str, *, as_json: bool) -> None:
    """Promotions, newest first."""
    page = promotion_queries.promotions(seller_id=seller_id, after=after)
    show_rows(
        (
            {
                "id": row.pk,
                "name": row.name,
                "store": row.store.sales_channel.name,
                "state": row.state,
                "from": row.starts_at,
                "until": row.ends_at,
                "listings": row.line_count,  # type: ignore[attr-defined] # annotated by the question
            }
            for row in page.rows
        ),
        as_json=as_json,
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@promotions.command("show")
@seller_option
@click.argument("promotion_id", type=int)
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def show_promotion(seller_id: int, promotion_id: int, after: str, *, as_json: bool) -> None:
    """What each listing costs meanwhile, and how far it is."""
    found = promotion_queries.promotion(seller_id=seller_id, promotion_id=promotion_id)
    page = promotion_queries.lines(seller_id=seller_id, promotion=found, after=after)
    show_rows(
        (
            {
                "listing": row.listing_id,
                "title": row.listing.title,
                "price": row.price,
                "before": row.before,
                "state": row.state,
            }
            for row in page.rows
        ),
        as_json=as_json,
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


MOMENT = click.DateTime(formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])


@promotions.command("plan")
@seller_option
@click.argument("store_id", type=int)
@click.argument("name")
@click.option("--from", "starts_at", type=MOMENT, default=None, help="2026-12-01 00:00; without it, at once.")
@click.option("--until", "ends_at", type=MOMENT, required=True, help="When the old prices come back.")
@click.option("--percent", type=amount, default=None, help="So much off.")
@click.option("--step", type=amount, default=None, help="To the nearest multiple; without it, to the smallest coin.")
@click.option("--sku", "skus", multiple=True, help="Only these items; may be repeated. None = all the store sells.")
@click.option("--price", "own", type=(str, amount), multiple=True, help="SKU PRICE; may be repeated.")
@click.option("--yes", "approved", is_flag=True, help="Also prices that fall by more than 30 %.")
def plan(seller_id: int, store_id: int, name: str, **facts: Any) -> None:  # noqa: ANN401 - click's options
    """Plan lower prices in STORE_ID, called NAME. Times are the installation's."""
    shown = promotion_queries.promotion_prices(
        seller_id=seller_id,
        store=store_of(seller_id=seller_id, store_id=store_id),
        skus=facts["skus"],
        percent=facts["percent"],
        step=facts["step"],
        own=dict(facts["own"]),
    )
    made = promotion_verbs.plan_promotion(
        seller_id=seller_id,
        store_id=store_id,
        name=name,
        prices=shown,
        percent=facts["percent"],
        approved=facts["approved"],
        actor=person(),
        **_times(facts),
    )
    said(f"Promotion {made.pk}: {len(shown)} listing(s).")


def _times(facts: Mapping[str, Any]) -> dict[str, datetime]:
    starts_at = facts["starts_at"]
    return {
        "starts_at": timezone.make_aware(starts_at) if starts_at else timezone.now(),
        "ends_at": timezone.make_aware(facts["ends_at"]),
    }


@promotions.command("cancel")
@seller_option
@click.argument("promotion_id", type=int)
def cancel(seller_id: int, promotion_id: int) -> None:
    """Give up a planned promotion, or end a running one now."""
    over = promotion_verbs.cancel_promotion(seller_id=seller_id, promotion_id=promotion_id, actor=person())
    said(f"{over.name}: {over.state}.")
