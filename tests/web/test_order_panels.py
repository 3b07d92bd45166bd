"""What a buyer asks for, parcels with numbers, and returns, on the order's page."""

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from entrepot.channels.models import RemoteCarrier, StatusDebt, Store
from entrepot.fulfilment.models import Box, Shipment
from entrepot.orders import services as orders
from entrepot.orders.models import Order, OrderClaim, OrderEvent
from tests.books import MINA, SHOP, draft, figure, line, make_items, make_seller, place_one, status
from tests.web.factories import make_claim, make_mall, make_person, sit_down


@dataclass
class Mall:
    store: Store
    owner: Client
    order: Order
    items: dict[str, int]

    def page(self) -> str:
        return self.owner.get(reverse("web:order", args=[self.order.pk])).content.decode()

    def post(self, name: str, *args: object, **form: object):
        version = Order.objects.get(pk=self.order.pk).version
        return self.owner.post(reverse(f"web:{name}", args=[self.order.pk, *args]), {"version": version, **form})


@pytest.fixture
def mall(db: None) -> Mall:
    """An order of two lines, three and one, with the warehouse of a live mall."""
    seller = make_seller()
    store = make_mall(seller)
    RemoteCarrier.objects.create(store=store, remote_id="0006", name="CJ대한통운", is_default=True)
    RemoteCarrier.objects.create(store=store, remote_id="0018", name="한진택배")
    items = make_items(seller, RED=10, BLUE=10)
    order = place_one(
        store.sales_channel,
        draft("20261122-0000001", line(items["RED"], 3, remote_id="-01"), line(items["BLUE"], 1, remote_id="-02")),
    )
    orders.release_to_warehouse(seller_id=seller.pk, order_id=order.pk, actor=MINA)
    return Mall(store, sit_down(make_person(seller)), order, items)


def leave(mall: Mall) -> None:
    orders.mark_ready(seller_id=mall.order.seller_id, order_id=mall.order.pk, actor=SHOP)
    orders.hand_over(seller_id=mall.order.seller_id, order_id=mall.order.pk, actor=SHOP)
    orders.ask_return(seller_id=mall.order.seller_id, order_id=mall.order.pk, actor=SHOP)


def test_packing_for_a_mall_asks_for_one_of_its_carriers_and_a_number(mall: Mall) -> None:
    page = mall.page()
    assert '<option value="0006" selected>CJ대한통운</option>' in page
    assert "Mark ready to ship" not in page

    answer = mall.post("order_pack", carrier="0006", tracking_number="")

    assert answer.status_code == 422
    assert 'id="id_tracking_number_error"' in answer.content.decode()
    assert Shipment.objects.count() == 0
    assert status(mall.order) == "rfp"


def test_packing_writes_the_parcel_and_the_order_is_ready(mall: Mall) -> None:
    mall.post("order_pack", carrier="0018", tracking_number=" 6400-1234 ")

    parcel = Shipment.objects.get()
    assert (parcel.carrier, parcel.carrier_name, parcel.tracking_number) == ("0018", "한진택배", "6400-1234")
    assert [row.quantity for row in parcel.lines.order_by("order_line__position")] == [3, 1]
    assert status(mall.order) == "ready_to_ship"
    assert "한진택배" in mall.page()
    assert "3 packed" in mall.page()


def test_some_of_it_may_go_into_a_parcel_of_its_own(mall: Mall) -> None:
    red, blue = mall.order.lines.order_by("position")

    mall.post("order_pack", carrier="0006", tracking_number="1", **{f"line-{red.pk}": "2", f"line-{blue.pk}": "0"})
    page = mall.page()
    mall.post("order_pack", carrier="0006", tracking_number="2")

    assert f'name="line-{red.pk}" inputmode="numeric" value="1"' in page
    assert [
        [row.quantity for row in one.lines.order_by("order_line__position")] for one in Shipment.objects.order_by("pk")
    ] == [
        [2],
        [1, 1],
    ]


@pytest.mark.parametrize("typed", ["two", "-1", "1.5"])
def test_what_is_no_number_of_pieces_is_said_and_nothing_is_packed(mall: Mall, typed: str) -> None:
    red = mall.order.lines.order_by("position")[0]

    answer = mall.post("order_pack", carrier="0006", tracking_number="1", **{f"line-{red.pk}": typed})

    assert answer.status_code == 422
    assert "no number of pieces" in answer.content.decode()
    assert Shipment.objects.count() == 0


def test_a_carrier_the_mall_does_not_know_is_refused(mall: Mall) -> None:
    answer = mall.post("order_pack", carrier="9999", tracking_number="1")

    assert answer.status_code == 422
    assert Shipment.objects.count() == 0


def test_packing_many_at_once_leaves_out_those_that_want_a_number(mall: Mall) -> None:
    answer = mall.owner.post(reverse("web:orders_bulk"), {"order": [mall.order.pk], "deed": "pack"}, follow=True)

    (said,) = answer.context["messages"]
    assert str(said) == (
        "1 × Sodam mall takes an order as packed only with a carrier and a tracking number. "
        "Give both when you pack order #20261122-0000001."
    )
    assert status(mall.order) == "rfp"


def test_a_wrong_number_is_changed_and_an_empty_one_is_not_taken(mall: Mall) -> None:
    mall.post("order_pack", carrier="0006", tracking_number="111")
    parcel = Shipment.objects.get()

    mall.post("order_parcel", parcel.pk, "number", carrier="0018", tracking_number="222")
    refused = mall.post("order_parcel", parcel.pk, "number", carrier="0018", tracking_number="")

    assert refused.status_code == 302
    parcel.refresh_from_db()
    assert (parcel.carrier_name, parcel.tracking_number) == ("한진택배", "222")


def test_unpacking_the_only_parcel_brings_the_order_back_to_the_warehouse(mall: Mall) -> None:
    mall.post("order_pack", carrier="0006", tracking_number="111")

    mall.post("order_parcel", Shipment.objects.get().pk, "void")

    assert Shipment.objects.get().state == "void"
    assert status(mall.order) == "rfp"


def test_another_order_s_parcel_is_not_found_under_this_one(mall: Mall) -> None:
    mall.post("order_pack", carrier="0006", tracking_number="111")
    other = place_one(mall.store.sales_channel, draft("2", line(mall.items["RED"], 1)))
    address = reverse("web:order_parcel", args=[other.pk, Shipment.objects.get().pk, "void"])

    assert mall.owner.post(address, {"version": other.version}).status_code == 404
    assert Shipment.objects.get().state == "packed"


def test_accepting_a_wish_owes_the_store_an_answer(mall: Mall) -> None:
    orders.ask_cancel(seller_id=mall.order.seller_id, order_id=mall.order.pk, actor=SHOP)
    claim = make_claim(mall.order, lines=[["-01", 3]], reason="다른 색으로 살게요")
    page = mall.page()
    assert "다른 색으로 살게요" in page
    assert "3 ×" in page

    mall.post("order_claim", claim.pk, "accept")

    debt = StatusDebt.objects.get()
    assert (debt.kind, debt.payload["deed"], debt.sent_at) == ("claim", "accept", None)
    assert status(mall.order) == "cancel_in_process"
    assert "The store is being told." in mall.page()


def test_refusing_a_wish_needs_words_for_the_buyer(mall: Mall) -> None:
    claim = make_claim(mall.order)

    mall.post("order_claim", claim.pk, "refuse", reason=" ")

    assert StatusDebt.objects.count() == 0
    assert OrderClaim.objects.get().state == "asked"


def test_a_packer_answers_no_cancellation(mall: Mall) -> None:
    claim = make_claim(mall.order)
    mall.owner = sit_down(make_person(mall.order.seller, "picker"))

    assert mall.post("order_claim", claim.pk, "accept").status_code == 403
    assert StatusDebt.objects.count() == 0


def test_a_stopped_parcel_has_its_two_ways_out_and_no_other(mall: Mall) -> None:
    mall.post("order_pack", carrier="0006", tracking_number="111")
    make_claim(mall.order, lines=[["-01", 3], ["-02", 1]])
    orders.stop(seller_id=mall.order.seller_id, order_id=mall.order.pk, code="cancel_after_packing", actor=SHOP)
    page = mall.page()
    assert "Refuse the cancellation and go on" in page
    assert "Unpack and cancel" in page
    assert "Release the hold" not in page
    assert "Hand over to carrier" not in page
    assert "/claims/" not in page

    mall.post("order_remedy", "unpack_and_cancel")

    assert Shipment.objects.get().state == "void"
    assert status(mall.order) == "cancel_in_process"
    assert StatusDebt.objects.get(kind="claim").payload["deed"] == "accept"


def test_going_on_needs_a_reason_for_the_buyer(mall: Mall) -> None:
    mall.post("order_pack", carrier="0006", tracking_number="111")
    make_claim(mall.order)
    orders.stop(seller_id=mall.order.seller_id, order_id=mall.order.pk, code="cancel_after_packing", actor=SHOP)

    mall.post("order_remedy", "go_on")
    assert StatusDebt.objects.filter(kind="claim").count() == 0
    mall.post("order_remedy", "go_on", reason="Already with the driver")

    assert StatusDebt.objects.get(kind="claim").payload["reason"] == "Already with the driver"


def test_a_return_is_counted_line_by_line(mall: Mall) -> None:
    leave(mall)
    make_claim(mall.order, kind="return", state="accepted", lines=[["-01", 2]])
    red, blue = mall.order.lines.order_by("position")
    page = mall.page()
    assert f'id="good-{red.pk}" name="good-{red.pk}" inputmode="numeric" value="2"' in page
    assert f'id="good-{blue.pk}" name="good-{blue.pk}" inputmode="numeric" value="0"' in page

    mall.post("order_receive", **{f"good-{red.pk}": "1", f"scrap-{red.pk}": "1", f"good-{blue.pk}": "0"})

    assert figure(mall.items["RED"]) == (8, 0)
    assert figure(mall.items["BLUE"]) == (9, 0)
    assert [row.returned for row in mall.order.lines.order_by("position")] == [2, 0]
    assert status(mall.order) == "complete"
    assert "2 came back" in mall.page()
    assert "back on the shelf: 1 × " in mall.page()


def test_more_than_is_with_the_buyer_cannot_come_back(mall: Mall) -> None:
    leave(mall)
    red = mall.order.lines.order_by("position")[0]

    answer = mall.post("order_receive", **{f"good-{red.pk}": "3", f"scrap-{red.pk}": "1"})

    assert answer.status_code == 422
    assert f'name="scrap-{red.pk}" inputmode="numeric" value="1"' in answer.content.decode()
    assert figure(mall.items["RED"]) == (7, 0)
    assert status(mall.order) == "return_in_process"


def test_parts_of_an_order_lead_to_each_other(mall: Mall) -> None:
    whole = mall.order.remote_id
    second = draft(f"{whole}:D-2", line(mall.items["RED"], 1), number=f"{whole}-2", follows=whole)
    part = place_one(mall.store.sales_channel, second)

    assert f'href="/orders/{part.pk}/"' in mall.page()
    other = mall.owner.get(reverse("web:order", args=[part.pk])).content.decode()
    assert f'href="/orders/{mall.order.pk}/"' in other


def test_the_time_line_says_what_the_store_was_told_and_shows(mall: Mall) -> None:
    now = OrderEvent.objects.latest("id").at
    StatusDebt.objects.create(
        seller=mall.order.seller, store=mall.store, order=mall.order, kind="parcel", key="p:1", created_at=now,
        sent_at=now, seen_at=now,
    )  # fmt: skip
    StatusDebt.objects.create(
        seller=mall.order.seller, store=mall.store, order=mall.order, kind="claim", key="c:1", created_at=now,
        error_code="cafe24_refused", error_reason="no",
    )  # fmt: skip

    page = mall.page()

    assert "Parcel told to the store" in page
    assert "shown there" in page
    assert "Answer to the buyer told to the store" in page


def test_an_order_page_asks_the_database_as_often_for_many_parcels_as_for_one(
    mall: Mall, django_assert_max_num_queries
) -> None:
    red, blue = mall.order.lines.order_by("position")
    for number in range(1, 4):
        mall.post(
            "order_pack", carrier="0006", tracking_number=str(number), **{f"line-{red.pk}": "1", f"line-{blue.pk}": "0"}
        )
    for number in range(5):
        make_claim(mall.order, remote_id=f"C{number}")

    with django_assert_max_num_queries(30):
        mall.page()
    assert Shipment.objects.count() == 3


def test_fixed_statuses_are_shown_by_meaning_and_cannot_be_changed(mall: Mall) -> None:
    mall.store.status_mappings.create(remote_id="N20", name="Preparing for shipment", meaning="new", confirmed=True)
    mall.store.info = {"fixed_statuses": {"N20": {"ko": "배송준비중", "en": "Preparing for shipment"}}}
    mall.store.save()
    address = reverse("web:store_statuses", args=[mall.store.pk])

    page = mall.owner.get(address).content.decode()
    mall.owner.post(address, {"status_N20": "canceled"})

    assert "배송준비중" in page
    assert "<select" not in page
    assert mall.store.status_mappings.get().meaning == "new"


def test_packing_takes_box_and_weight_and_shows_them(mall: Mall) -> None:
    Box.objects.create(seller=mall.store.seller, name="B2", length_mm=300, width_mm=200, height_mm=100)
    assert '<option value="B2">B2</option>' in mall.page()

    mall.post("order_pack", carrier="0006", tracking_number="640012345678", box="B2", weight_grams="420")

    parcel = Shipment.objects.get(order=mall.order)
    assert (parcel.box.name, parcel.weight_grams) == ("B2", 420)
    assert "420 g" in mall.page()


def test_a_weight_that_cannot_be_packs_nothing(mall: Mall) -> None:
    answer = mall.post("order_pack", carrier="0006", tracking_number="640012345678", weight_grams="0")

    assert (answer.status_code, Shipment.objects.count(), status(mall.order)) == (422, 0, "rfp")


def test_a_number_that_looks_wrong_is_warned_of_and_taken_all_the_same(mall: Mall) -> None:
    answer = mall.post("order_pack", carrier="0006", tracking_number="12345")

    assert answer.status_code == 302
    warning = "CJ대한통운 numbers usually have 10, 12 digits; 12345 has 5."
    page = mall.page()
    assert page.count(warning) == 2
    assert mall.page().count(warning) == 1
    parcel = Shipment.objects.get(order=mall.order)
    assert (parcel.tracking_number, status(mall.order)) == ("12345", "ready_to_ship")

    mall.post("order_parcel", parcel.pk, "number", carrier="0006", tracking_number="640012345678")
    assert warning not in mall.page()


def test_the_time_line_names_carriers_and_not_their_codes(mall: Mall) -> None:
    mall.post("order_pack", carrier="0006", tracking_number="640012345678")
    OrderEvent.objects.filter(order=mall.order, kind="parcel.packed").update(
        facts={"carrier": "0018", "tracking_number": "510000000000"}
    )

    page = mall.page()

    assert "한진택배 · 510000000000" in page
    assert "0018 · " not in page
