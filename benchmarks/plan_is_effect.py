"""2,000 random changes of both simulators, planned and applied: do the shops then show exactly the plan, and, after the
way back, exactly what they showed before? Read from the simulators themselves, every product, also those not touched.

The mall's limit is lifted: the question is whether, not how fast. Creations and deletions are not among them:
their way back is measured by tests (a created product is deleted; a deleted one cannot be brought back).
"""

import html
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from benchmarks._desk import ACTOR, connect_shop, go_live, make_seller
from benchmarks._mall import connect_mall
from benchmarks._rig import Figures, Shop, World, must
from entrepot.channels.models import Limit, Listing, ListingChange, Plan, Store
from entrepot.channels.queries.plans import progress
from entrepot.channels.registry import connector_type, register
from entrepot.channels.services.importing.errand import run_import
from entrepot.channels.services.offers_push import push_listings
from entrepot.channels.services.plan_lines import Change
from entrepot.channels.services.plans import approve_plan, make_plan
from entrepot.channels.services.plans_apply import apply_plan, plan_undo
from entrepot.kernel.errors import ChannelThrottled
from entrepot.kernel.money import plain

SEED = 20_261_122
MOST_PAUSES = 40
Place = tuple[int, str, str]
"""A store, a product there, a variation of it ("" = the product itself)."""
State = dict[Place, dict[str, Any]]
Kind = ListingChange.Kind


@dataclass
class Side:
    """A store and the simulator behind it."""

    store: Store
    shop: Shop
    is_mall: bool

    def state(self) -> State:
        """What buyers see of every product, by the simulator's own word."""
        found: State = {}
        rows = Listing.objects.filter(store=self.store)
        for remote_id in sorted(set(rows.values_list("remote_id", flat=True)), key=int):
            word = "product_no" if self.is_mall else "product_id"
            row = self.shop.control("product", **{word: int(remote_id)})
            parts = _of_mall(row) if self.is_mall else _of_shop(row)
            found |= {(self.store.pk, remote_id, key): facts for key, facts in parts}
        return found


def _of_shop(row: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    regular = Decimal(row["price"])
    special = [one for one in (*row["specials"], *row["discounts"]) if one.get("special", "1") == "1"]
    price = Decimal(special[0]["price"]) if special else regular
    values = [value for option in row["options"] for value in option["values"]]
    yield (
        "",
        {
            "name": html.unescape(row["descriptions"][0]["name"]),
            "category_ids": sorted(row["categories"]),
            "brand": row["manufacturer_id"],
            "active": row["status"] == "1",
            **({} if values else {"price": plain(price), "retail_price": plain(regular) if special else None}),
        },
    )
    for value in values:
        extra = Decimal(value["price"]) * (-1 if value["price_prefix"] == "-" else 1)
        yield f"o:{value['option_id']}={value['option_value_id']}", {"price": plain(price + extra)}


def _of_mall(row: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    price, retail = Decimal(row["price"]), Decimal(row["retail_price"])
    choices = row["variants"] if row["has_option"] == "T" else []
    yield (
        "",
        {
            "name": row["product_name"],
            "category_ids": sorted(str(link["category_no"]) for link in row["category"]),
            "active": row["display"] == row["selling"] == "T",
            **({} if choices else {"price": plain(price), "retail_price": plain(retail) if retail > price else None}),
        },
    )
    for one in choices:
        yield one["variant_code"], {"price": plain(price + Decimal(one["additional_amount"]))}


# --------------------------------------------------------------------------- the changes


def _random_changes(dice: random.Random, side: Side, count: int) -> list[Change]:
    """`count` changes of different things: six in ten prices, the rest words and visibility."""
    rows = list(Listing.objects.filter(store=side.store).order_by("pk"))
    products = list({row.remote_id: row for row in rows}.values())
    prices = dice.sample(rows, min(len(rows), count * 6 // 10))
    words = dice.sample(products, min(len(products), count * 2 // 10))
    seen = dice.sample(products, min(len(products), count - len(prices) - len(words)))
    must(len(prices) + len(words) + len(seen) == count, "the shop is large enough")
    changes = [Change(kind=Kind.PRICE, fields=_price(dice, row, side), listing_id=row.pk) for row in prices]
    changes += [Change(kind=Kind.UPDATE, fields=_words(dice, side), listing_id=row.pk) for row in words]
    for row in seen:
        kind = Kind.DEACTIVATE if row.state == Listing.State.ACTIVE else Kind.ACTIVATE
        changes.append(Change(kind=kind, listing_id=row.pk))
    dice.shuffle(changes)
    return changes


def _price(dice: random.Random, row: Listing, side: Side) -> dict[str, str | None]:
    step = Decimal(10) if side.is_mall else Decimal("0.01")
    base = row.price or Decimal(1000)
    price = base
    while price == base:
        price = max(step, (base * dice.randint(40, 170) / 100 / step).quantize(Decimal(1)) * step)
    retail = None if row.variation_key or dice.random() < 0.5 else price + step * dice.randint(1, 500)
    return {"price": plain(price), "retail_price": None if retail is None else plain(retail)}


def _words(dice: random.Random, side: Side) -> dict[str, Any]:
    number = dice.randint(1, 10**6)
    fields: dict[str, Any] = {"name": dice.choice([f"양말 {number}호", f"Sock & Co. {number}", f"“Warm” <{number}>"])}
    if dice.random() < 0.5:
        known = sorted(side.store.remotecategory_set.values_list("remote_id", flat=True))
        fields["category_ids"] = sorted(dice.sample(known, 2))
    return fields


def _expected(before: State, plan: Plan) -> State:
    """What every shop shows when exactly this plan came true."""
    wanted = {place: dict(facts) for place, facts in before.items()}
    for line in plan.lines.select_related("listing"):
        key = line.listing.variation_key if line.listing and line.kind == Kind.PRICE else ""
        facts = wanted[line.store_id, line.remote_id, key]
        told = {name: value for name, value in line.fields.items() if name in facts}
        facts |= {name: sorted(value) if name == "category_ids" else value for name, value in told.items()}
    return wanted


# --------------------------------------------------------------------------- the errand


def run(world: World, *, short: bool) -> Figures:
    count = 200 if short else 2000
    dice = random.Random(SEED)
    sides = _sides(world, dice, count)
    before = _states(sides)
    changes = [
        *_random_changes(dice, sides[0], count // 4),
        *_random_changes(dice, sides[1], count // 4),
        *_random_changes(dice, sides[2], count - 2 * (count // 4)),
    ]
    began = time.perf_counter()
    plan = make_plan(seller_id=sides[0].store.seller_id, changes=changes, title="Random", actor=ACTOR)
    planned = time.perf_counter() - began
    must(plan.total == count, f"{plan.total} lines, not {count}")
    must(_states(sides) == before, "a plan tells nobody")
    wanted = _expected(before, plan)
    applied = _carry_out(plan, sides)
    wrong = _differing(_states(sides), wanted)
    back = plan_undo(seller_id=plan.seller_id, plan_id=plan.pk, actor=ACTOR)
    undone = _carry_out(back, sides)
    left = _differing(_states(sides), before)
    must(not wrong, f"not as planned: {wrong[:3]}")
    must(not left and back.total == count, f"not as before: {left[:3]}, {back.rails}")
    return {
        "value": 100 * (1 - len(wrong) / len(wanted)),
        "unit": "% of what the shops show is as planned",
        "restored": 100 * (1 - len(left) / len(before)),
        "changes": count,
        "things_compared": len(before),
        "plan_seconds": round(planned, 2),
        "apply_seconds": round(applied, 2),
        "undo_seconds": round(undone, 2),
        "rails": plan.rails,
    }


def _sides(world: World, dice: random.Random, count: int) -> list[Side]:
    """A shop of single products, one of products with choices, and a mall of both, each with some hidden."""
    singles, groups = count // 4, count // 10
    shops = [world.shop(f"generated:{singles}x0", name="singles"), world.shop(f"generated:{groups}x4", name="groups")]
    mall = world.mall(f"generated:{groups}x4", limited=False)
    for number in range(singles):
        more = {"retail_price": f"{30_000 + number * 10}.00"} if number % 3 == 0 else {}
        mall.control("add_product", product_name=f"홑 상품 {number}", price=f"{9_000 + number * 10}.00", **more)
    register(replace(connector_type("cafe24"), calls_per_second=1000.0, burst=1000, peak_per_second=None))
    for shop in shops:
        for number in dice.sample(range(1, groups + 1), groups // 5):
            shop.control("save_product", product_id=number, status=0)
    seller = make_seller()
    sides = [
        *(Side(connect_shop(seller, shop, name=f"Shop {n}"), shop, is_mall=False) for n, shop in enumerate(shops)),
        Side(connect_mall(seller), mall, is_mall=True),
    ]
    Limit.objects.all().update(tat=0, pace_tat=0)
    for side in sides:
        run_import(store=side.store)
        go_live(side.store)
    return sides


def _states(sides: Sequence[Side]) -> State:
    return {place: facts for side in sides for place, facts in side.state().items()}


def _carry_out(plan: Plan, sides: Sequence[Side]) -> float:
    """Approve it, apply it, and tell the shops until nothing is owed; how long that took."""
    began = time.perf_counter()
    approve_plan(seller_id=plan.seller_id, plan_id=plan.pk, actor=ACTOR)
    apply_plan(seller_id=plan.seller_id, plan_id=plan.pk, actor=ACTOR)
    for side in sides:
        _tell(side)
    told = progress(seller_id=plan.seller_id, plan=plan)
    must(told.done == told.total, f"{told}")
    return time.perf_counter() - began


def _tell(side: Side) -> None:
    """As a worker does: a store that asks for a pause gets it."""
    for _ in range(MOST_PAUSES):
        try:
            push_listings(Store.objects.get(pk=side.store.pk))
        except ChannelThrottled as pause:
            time.sleep(pause.retry_after)
        else:
            return
    must(False, f"{side.store.sales_channel.name} asks for pauses without end")


def _differing(found: State, wanted: State) -> list[object]:
    places = sorted({*found, *wanted})
    return [(one, found.get(one), wanted.get(one)) for one in places if found.get(one) != wanted.get(one)]
