"""Price lists, stores that follow them, and promotions over the API."""

from decimal import Decimal

import pytest

from entrepot.catalog.models import Item
from entrepot.channels.models import ListPrice, PriceList, Promotion
from tests.books import make_items

MARGIN = {"name": "Shops", "currency": "KRW", "kind": "margin", "percent": "30", "step": "1000", "ending": "100"}


@pytest.fixture
def sock(world) -> Item:
    item = Item.objects.get(pk=make_items(world.seller, SOCK=1)["SOCK"])
    item.cost, item.cost_currency = Decimal(7000), "KRW"
    item.save(update_fields=["cost", "cost_currency"])
    return item


def test_a_list_is_made_read_changed_and_taken_away(world, sock):
    program = world.program()
    made = program.post("/price-lists", MARGIN)
    assert made.status_code == 201
    list_id = made.json()["id"]
    address = f"/price-lists/{list_id}"
    row = program.get(f"{address}/prices", search="sock", show="").json()["rows"][0]
    facts = (row["sku"], Decimal(row["price"]), Decimal(row["margin"]), row["written"])
    assert facts == ("SOCK", 9900, Decimal("29.3"), False)
    assert program.put(address, MARGIN | {"rounding": "up"}).status_code == 200
    assert Decimal(program.get(f"{address}/prices", search="sock").json()["rows"][0]["price"]) == 10900
    assert program.delete(address).status_code == 204
    assert not PriceList.objects.filter(pk=list_id).exists()


def test_prices_are_written_all_or_none(world, sock):
    program = world.program()
    address = f"/price-lists/{program.post('/price-lists', MARGIN).json()['id']}/prices"
    wrong = {"prices": [{"sku": "SOCK", "price": "9000"}, {"sku": "BOOT", "price": "1"}]}
    answer = program.put(address, wrong)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "skus_unknown")
    assert ListPrice.objects.count() == 0
    right = {"prices": [{"sku": "SOCK", "price": "9000", "retail_price": "12000"}]}
    assert program.put(address, right).json() == {"written": 1, "taken_out": 0}
    assert ListPrice.objects.get().price == 9000
    assert program.put(address, {"prices": [{"sku": "SOCK", "price": None}]}).json() == {"written": 0, "taken_out": 1}


def test_a_percentage_of_everything_is_no_margin(world):
    answer = world.program().post("/price-lists", MARGIN | {"percent": "100"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "percent_impossible")
    assert answer.json()["error"]["message"] == "The percentage must be from 0 to 99; 100 is not. Enter another one."


def test_a_store_tells_which_list_it_follows_and_what_it_owes(world):
    program = world.program()
    address = f"/stores/{world.store.pk}/pricing"
    assert program.get(address).json()["price_list_id"] == world.ids["price_list_id"]
    prices = {"prices": [{"sku": "RED", "price": "13"}]}
    program.put(f"/price-lists/{world.ids['price_list_id']}/prices", prices)
    assert program.get(address).json()["counts"] == {"change": 1}
    rows = program.get(f"{address}/listings", step="change").json()["rows"]
    assert [(row["sku"], row["price"], Decimal(row["wanted"])) for row in rows] == [("RED", None, 13)]
    paused = program.post(f"{address}/tell", {})
    assert (paused.status_code, paused.json()["error"]["code"]) == (409, "store_state_forbids")
    assert program.delete(address).status_code == 204
    gone = program.get(f"{address}/listings")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "follows_no_list")


WHEN = {"starts_at": "2126-10-01T00:00:00Z", "ends_at": "2126-10-08T00:00:00Z"}


def test_a_promotion_needs_a_percentage_or_prices_of_what_the_store_sells(world):
    program = world.program()
    before = Promotion.objects.count()
    facts = {"store_id": world.store.pk, "name": "Autumn", **WHEN}
    for more, code in (
        ({}, "promotion_says_nothing"),
        ({"skus": ["RED"]}, "promotion_says_nothing"),
        ({"prices": [{"sku": "BOOT", "price": "1"}]}, "not_sold_there"),
    ):
        answer = program.post("/promotions", facts | more)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert Promotion.objects.count() == before


def test_a_promotion_is_read_and_given_up(world):
    program, promotion_id = world.program(), world.ids["promotion_id"]
    assert program.get(f"/promotions/{promotion_id}").json()["state"] == "planned"
    assert program.get(f"/promotions/{promotion_id}/lines").json()["rows"] == []
    assert program.post(f"/promotions/{promotion_id}/cancel").json()["state"] == "canceled"
    again = program.post(f"/promotions/{promotion_id}/cancel")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "promotion_over")
