"""The list of orders as programs read it: every filter of the desk, pages, counts."""

import pytest

from entrepot.fulfilment.models import Shipment
from tests.books import NOON, draft, line, place


@pytest.fixture
def program(world):
    channel = world.store.sales_channel
    home = {"name": "Ada", "country_code": "GB", "city": "London", "postcode": "SW1"}
    place(
        channel,
        draft("8", line(None, name="Wool sock"), minute=1, shipping=home, payment_method="Card"),
        draft("9", line(None, 4), minute=2, comment="Ring twice"),
    )
    return world.program()


def _numbers(answer):
    assert answer.status_code == 200, answer.json()
    return [row["number"] for row in answer.json()["rows"]]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ({}, ["#9", "#8", "#7"]),
        ({"sort": "oldest"}, ["#7", "#8", "#9"]),
        ({"status": "on_hold"}, ["#9", "#8"]),
        ({"hold_code": "unmapped_sku", "search": "wool"}, ["#8"]),
        ({"country": "gb"}, ["#8"]),
        ({"payment": "Card"}, ["#8"]),
        ({"note": "buyer"}, ["#9"]),
        ({"total_from": "10"}, ["#9"]),
        ({"tracking": "no"}, ["#9", "#8"]),
        ({"search": "product:wool"}, ["#8"]),
    ],
)
def test_a_program_narrows_the_list_as_a_person_does(program, words, wanted):
    assert _numbers(program.get("/orders", **words)) == wanted


def test_a_program_finds_an_order_by_its_tracking_number(world, program):
    Shipment.objects.create(seller=world.seller, order=world.order, tracking_number="99887766", packed_at=NOON)

    assert _numbers(program.get("/orders", search="9988-7766")) == ["#7"]


def test_a_program_reads_page_by_page(program):
    first = program.get("/orders", limit=2).json()
    second = program.get("/orders", limit=2, after=first["next"]).json()

    assert [row["number"] for row in first["rows"] + second["rows"]] == ["#9", "#8", "#7"]
    assert second["next"] is None


def test_a_program_counts_what_fits(program):
    assert program.get("/orders/counts").json() == {"new": 1, "on_hold": 2}
    assert program.get("/orders/counts", search="wool").json() == {"on_hold": 1}


@pytest.mark.parametrize(
    "words", [{"limit": 0}, {"limit": 201}, {"note": "mine"}, {"store_id": "x"}, {"sort": "total"}]
)
def test_words_that_make_no_sense_are_refused(program, words):
    assert program.get("/orders", **words).status_code == 422


def test_a_program_sees_none_of_anothers_orders(program, other):
    assert _numbers(other.program().get("/orders", search="wool")) == []
