"""Price lists and promotions from a shell."""

import json
from decimal import Decimal

import pytest
from click.testing import CliRunner

from entrepot.catalog.models import Item
from entrepot.channels.models import Listing, ListPrice, PriceList, Promotion, Store, StorePricing
from entrepot.cli import prices
from tests.one_of_everything import World, make_world

GROUPS = {"prices": prices.prices, "promotions": prices.promotions}


@pytest.fixture
def world(db: None) -> World:
    return make_world("Seoul Socks")


def run(*words, expect=0):
    done = CliRunner().invoke(GROUPS[words[0]], [str(word) for word in words[1:]], env={"COLUMNS": "200"})
    assert done.exit_code == expect, (done.output, done.exception)
    return done.output


def rows(*words):
    return [json.loads(row) for row in run(*words, "--json").splitlines()]


def refused(*words) -> str:
    done = CliRunner().invoke(GROUPS[words[0]], [str(word) for word in words[1:]])
    assert done.exit_code == 1, done.output
    return done.exception.code


def test_a_list_is_made_and_shows_its_margins(world):
    Item.objects.filter(sku="RED").update(cost=7000, cost_currency="KRW")
    said = run(
        "prices", "make", "Markets", "--currency", "KRW", "--kind", "margin", "--percent", "30", "--step", "1000",
        "--ending", "100",
    )  # fmt: skip
    made = PriceList.objects.get(name="Markets")
    assert said == f"Price list {made.pk}: Markets.\n"
    row = rows("prices", "show", made.pk)[0]
    assert (row["sku"], Decimal(row["price"]), row["margin"], row["why"]) == ("RED", 9900, "29.3", "")
    assert [row["name"] for row in rows("prices", "lists")] == ["Markets", "Seoul Socks prices"]
    run("prices", "delete", made.pk, "--yes")
    assert not PriceList.objects.filter(pk=made.pk).exists()


def test_a_price_is_written_and_taken_out(world):
    list_id = world.ids["price_list_id"]
    assert run("prices", "write", list_id, "RED", "12", "--retail", "15") == "RED: written.\n"
    assert (ListPrice.objects.get().price, ListPrice.objects.get().retail_price) == (12, 15)
    assert refused("prices", "write", list_id, "BOOT", "12") == "skus_unknown"
    run("prices", "take-out", list_id, "RED")
    assert ListPrice.objects.count() == 0


def test_a_preview_tells_what_following_would_change(world):
    Listing.objects.update(price=10)
    list_id = world.ids["price_list_id"]
    run("prices", "write", list_id, "RED", "6")
    row = rows("prices", "preview", world.store.pk)[0]
    assert (row["sku"], row["step"], Decimal(row["falls_by"])) == ("RED", "falls", 40)
    assert "falls: 1" in run("prices", "preview", world.store.pk, "--list", list_id)


def test_a_paused_store_is_told_nothing_and_may_stop_following(world):
    assert refused("prices", "tell", world.store.pk) == "store_state_forbids"
    assert refused("prices", "follow", world.store.pk, world.ids["price_list_id"]) == "store_state_forbids"
    assert run("prices", "stop", world.store.pk) == f"Store {world.store.pk} follows no price list any more.\n"
    assert StorePricing.objects.count() == 0
    assert refused("prices", "preview", world.store.pk) == "follows_no_list"


def test_a_promotion_is_listed_shown_and_given_up(world):
    promotion_id = world.ids["promotion_id"]
    assert [(row["id"], row["state"]) for row in rows("promotions", "list")] == [(promotion_id, "planned")]
    assert rows("promotions", "show", promotion_id) == []
    assert run("promotions", "cancel", promotion_id) == "Autumn: canceled.\n"


def test_a_promotion_of_what_the_store_does_not_sell_is_refused(world):
    Store.objects.update(state="live")
    until = ("--until", "2126-10-01 00:00")
    assert refused("promotions", "plan", world.store.pk, "Autumn", *until) == "promotion_says_nothing"
    assert refused("promotions", "plan", world.store.pk, "Autumn", *until, "--price", "BOOT", "5") == "not_sold_there"
    assert Promotion.objects.count() == 1
