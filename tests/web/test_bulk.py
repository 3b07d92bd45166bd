"""Deeds for many orders on the screen: asked for, watched, tried again; nobody does more than they may."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from entrepot.channels.services.bulk import start as starting
from entrepot.orders import services as orders
from entrepot.orders.models import Bulk, BulkItem, Order, OrderNote
from entrepot.sheets.orders_bulk import carry_on
from tests.books import MINA, draft, line, make_items, place, status
from tests.web.conftest import AtDesk
from tests.web.factories import House, make_parcel, make_person, sit_down
from tests.web.test_desk import words_of

ASKING = reverse("web:orders_bulk")


def many(house: House, count: int) -> list[int]:
    """So many new orders of a sock of which there is plenty."""
    plenty = make_items(house.seller, PLENTY=1000)["PLENTY"]
    drafts = [draft(f"B{n}", line(plenty, 1), minute=n) for n in range(count)]
    return [one.order_id for one in place(house.store.sales_channel, *drafts)]


def ask(browser: Client, deed: str, ids: list[int], **facts: object) -> object:
    return browser.post(ASKING, {"order": ids, "deed": deed, **facts}, follow=True)


def test_a_few_are_done_before_the_page_comes_back(at_desk: AtDesk) -> None:
    ids = many(at_desk.house, 3)
    answer = ask(at_desk.browser, "release", ids, back="/orders/?status=new")
    assert [status(Order(pk=one)) for one in ids] == ["rfp", "rfp", "rfp"]
    assert "3 orders: Release to warehouse." in words_of(answer)
    assert answer.redirect_chain[-1][0] == "/orders/?status=new"
    bulk = Bulk.objects.latest("id")
    assert (bulk.state, bulk.user_id, bulk.actor_label) == ("done", at_desk.house.owner.user_id, "Owner")


def test_many_go_on_in_the_background_and_the_page_says_how_far(at_desk: AtDesk) -> None:
    ids = many(at_desk.house, starting.SMALL + 5)
    orders.hold(seller_id=at_desk.house.seller.pk, order_id=ids[0], code="person", actor=MINA)
    answer = ask(at_desk.browser, "release", ids)
    bulk = Bulk.objects.latest("id")
    assert answer.redirect_chain[-1][0] == reverse("web:order_deed", args=[bulk.pk])
    assert status(Order(pk=ids[1])) == "new"
    said = " ".join(words_of(answer).split())
    assert "0 / 30" in said
    assert "You can leave this page: it goes on without you." in said
    assert "Release to warehouse" in words_of(at_desk.browser.get(reverse("web:dashboard"))), "the badge on every page"

    carry_on(bulk_id=bulk.pk)

    said = " ".join(words_of(at_desk.browser.get(reverse("web:order_deed", args=[bulk.pk]))).split())
    assert "30 / 30" in said
    assert "1 refused" in said
    assert "is not possible while the order is “On hold”" in said
    refused = at_desk.browser.get(reverse("web:order_deed", args=[bulk.pk]) + "?state=refused")
    assert "#B0" in words_of(refused)
    assert "#B1" not in words_of(refused)


def test_all_that_fit_the_list_are_asked_for_once_more_and_then_done(at_desk: AtDesk) -> None:
    house = at_desk.house
    ids = many(house, 3)
    form = {"scope": "filter", "query": "?status=new", "deed": "release"}
    answer = at_desk.browser.post(ASKING, form)
    assert "4 orders are chosen." in words_of(answer)
    assert "on every page" in words_of(answer)
    assert status(Order(pk=ids[0])) == "new"
    at_desk.browser.post(ASKING, {**form, "asked": "yes"})
    assert [status(Order(pk=one)) for one in (*ids, house.order.pk, house.held.pk)] == ["rfp"] * 4 + ["on_hold"]


@pytest.mark.parametrize(
    ("deed", "wrong", "right", "said"),
    [
        ("note", {"text": " "}, {"text": "Call first"}, "This field is required."),
        ("tag", {"tag": ""}, {"tag": "vip"}, "This field is required."),
        ("export", {"columns": [], "per": "line", "form": "xlsx"}, {"columns": ["number", "sku"], "per": "line",
                                                                   "form": "csv"}, "This field is required."),
    ],
)  # fmt: skip
def test_what_a_deed_needs_is_asked_and_what_is_missing_said_at_its_field(
    at_desk: AtDesk, deed: str, wrong: dict[str, object], right: dict[str, object], said: str
) -> None:
    ids = many(at_desk.house, 2)
    before = Bulk.objects.count()
    assert at_desk.browser.post(ASKING, {"order": ids, "deed": deed}).status_code == 200
    answer = at_desk.browser.post(ASKING, {"order": ids, "deed": deed, "asked": "yes", **wrong})
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert Bulk.objects.count() == before
    at_desk.browser.post(ASKING, {"order": ids, "deed": deed, "asked": "yes", **right})
    bulk = Bulk.objects.latest("id")
    assert (bulk.kind, bulk.facts["counts"]) == (deed, {"done": 2})


def test_canceling_many_is_confirmed_first(at_desk: AtDesk) -> None:
    ids = many(at_desk.house, 2)
    answer = at_desk.browser.post(ASKING, {"order": ids, "deed": "cancel_by_seller"})
    assert "Their stores are told" in words_of(answer)
    assert [status(Order(pk=one)) for one in ids] == ["new", "new"]
    ask(at_desk.browser, "cancel_by_seller", ids, asked="yes", reason="sold out")
    assert [status(Order(pk=one)) for one in ids] == ["seller_cancel_in_process"] * 2


def test_read_only_sees_no_deed_and_may_none(at_desk: AtDesk) -> None:
    house = at_desk.house
    reader = sit_down(make_person(house.seller, "read_only"))
    before = Bulk.objects.count()
    for deed in ("release", "pack", "tag", "export", "cancel_by_seller", "print"):
        answer = reader.post(ASKING, {"order": [house.order.pk], "deed": deed, "asked": "yes", "tag": "x"})
        assert answer.status_code == 403
    assert (Bulk.objects.count(), status(house.order)) == (before, "new")
    page = reader.get(reverse("web:order_deed", args=[house.bulk.pk]))
    assert page.status_code == 200
    assert "labels.pdf" not in words_of(page)
    assert reader.get(reverse("web:order_deed_file", args=[house.bulk.pk, 1])).status_code == 403
    assert reader.post(reverse("web:order_deed_do", args=[house.bulk.pk, "retry"])).status_code == 403


def test_who_sees_one_store_does_it_there_only_and_sees_their_own_deeds(at_desk: AtDesk) -> None:
    house = at_desk.house
    ids = many(house, 1)
    scoped = make_person(house.seller, "operator", "scoped@example.com")
    scoped.store_ids = [house.mall.pk]
    scoped.save(update_fields=["store_ids"])
    browser = sit_down(scoped)
    answer = ask(browser, "release", ids)
    assert "None of the orders is there for you." in words_of(answer)
    assert status(Order(pk=ids[0])) == "new"
    assert browser.get(reverse("web:order_deed", args=[house.bulk.pk])).status_code == 404


def test_the_refused_are_tried_again_with_one_button(at_desk: AtDesk) -> None:
    house = at_desk.house
    at_desk.browser.post(reverse("web:order_deed_do", args=[house.bulk.pk, "retry"]))
    assert Order.objects.get(pk=house.order.pk).tags == ["Seoul Socks tag", "gift"]


def test_a_running_deed_is_stopped_by_its_button(at_desk: AtDesk) -> None:
    ids = many(at_desk.house, starting.SMALL + 5)
    ask(at_desk.browser, "release", ids)
    bulk = Bulk.objects.latest("id")
    carry_on(bulk_id=bulk.pk, seconds=0)
    answer = at_desk.browser.post(reverse("web:order_deed_do", args=[bulk.pk, "stop"]), follow=True)
    assert "Stopped; 10 orders are left as they were." in words_of(answer)
    assert BulkItem.objects.filter(bulk=bulk, state="skipped").count() == 10


def test_labels_of_many_are_offered_as_a_file(at_desk: AtDesk) -> None:
    house = at_desk.house
    ids = many(house, 2)
    make_parcel(Order.objects.get(pk=ids[0]))
    answer = ask(at_desk.browser, "print", ids, paper="zpl")
    bulk = Bulk.objects.latest("id")
    assert list(bulk.items.order_by("id").values_list("state", "error_code")) == [
        ("done", ""),
        ("refused", "nothing_to_print"),
    ]
    assert "labels.zpl" in words_of(answer)
    file = at_desk.browser.get(reverse("web:order_deed_file", args=[bulk.pk, 1]))
    assert file.content.count(b"^XA") == 1
    assert file["Content-Disposition"] == 'attachment; filename="labels.zpl"'


def test_the_results_are_a_workbook(at_desk: AtDesk) -> None:
    answer = at_desk.browser.get(reverse("web:order_deed_results", args=[at_desk.house.bulk.pk]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows == [
        ["Order", "Store", "Status", "Result", "Reason"],
        ["#1001", "Seoul Socks shop", "New", "Refused",
         "Your role does not allow this. Ask an owner or a manager."],
    ]  # fmt: skip


def test_a_page_of_results_costs_the_same_for_more_orders(at_desk: AtDesk) -> None:
    ids = many(at_desk.house, 20)
    few, more = ids[:5], ids
    counts = []
    for chosen in (few, more):
        ask(at_desk.browser, "tag", chosen, tag="vip")
        address = reverse("web:order_deed", args=[Bulk.objects.latest("id").pk])
        at_desk.browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            at_desk.browser.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert OrderNote.objects.count() == 1


# --------------------------------------------------------------------------- orders from a file


def send(browser: Client, text: str, name: str = "orders.csv") -> object:
    file = io.BytesIO(text.encode())
    file.name = name
    return browser.post(reverse("web:orders_import"), {"file": file}, follow=True)


def test_a_file_of_orders_is_looked_at_confirmed_and_taken_in(at_desk: AtDesk) -> None:
    answer = send(
        at_desk.browser,
        "Order number,Buyer,SKU,Quantity,Unit price,Colour\nA-1,Kim,RED,1,100,x\nA-1,,GREEN,2,50,\nA-2,Lee,REED,1,1,\n",
    )
    bulk = Bulk.objects.latest("id")
    said = " ".join(words_of(answer).split())
    assert "Rows 3 New orders 1 Here already 0 Rows to correct 1" in said
    assert "Columns that are not used: Colour" in said
    assert "You have no item with the SKU “REED”. Did you mean RED?" in said
    assert not Order.objects.filter(number="A-1").exists()

    confirm = reverse("web:order_deed_do", args=[bulk.pk, "confirm"])
    answer = at_desk.browser.post(confirm, follow=True)

    order = Order.objects.get(number="A-1")
    assert (order.buyer_name, order.total, order.lines.count()) == ("Kim", 200, 2)
    assert "1 order is on the desk." in words_of(answer)
    answer = at_desk.browser.post(confirm, follow=True)
    assert "This is “Done” already." in words_of(answer)
    assert Order.objects.filter(number__startswith="A-").count() == 1


def test_a_file_that_is_no_table_is_refused_at_its_field(at_desk: AtDesk) -> None:
    before = Bulk.objects.count()
    answer = send(at_desk.browser, "just a letter to you")
    assert answer.status_code == 422
    assert "No row with the headings" in words_of(answer)
    assert at_desk.browser.post(reverse("web:orders_import"), {}).status_code == 422
    assert Bulk.objects.count() == before


def test_a_file_that_was_looked_at_can_be_thrown_away(at_desk: AtDesk) -> None:
    send(at_desk.browser, "Order number,Buyer,SKU,Quantity,Unit price\nA-1,Kim,RED,1,100\n")
    bulk = Bulk.objects.latest("id")
    at_desk.browser.post(reverse("web:order_deed_do", args=[bulk.pk, "stop"]))
    bulk.refresh_from_db()
    assert (bulk.state, Order.objects.filter(number="A-1").count()) == ("stopped", 0)
    at_desk.browser.post(reverse("web:order_deed_do", args=[bulk.pk, "confirm"]))
    assert Order.objects.filter(number="A-1").count() == 0


def test_who_may_not_enter_orders_takes_in_no_file(at_desk: AtDesk) -> None:
    reader = sit_down(make_person(at_desk.house.seller, "read_only"))
    assert send(reader, "Order number,Buyer,SKU,Quantity,Unit price\nA-1,Kim,RED,1,100\n").status_code == 403
    send(at_desk.browser, "Order number,Buyer,SKU,Quantity,Unit price\nA-1,Kim,RED,1,100\n")
    confirm = reverse("web:order_deed_do", args=[Bulk.objects.latest("id").pk, "confirm"])
    assert reader.post(confirm).status_code == 403
    assert not Order.objects.filter(number="A-1").exists()


def test_an_order_is_typed_in_with_kit_lines_tags_and_a_note(at_desk: AtDesk) -> None:
    form = {
        "key": "k1", "currency": "KRW", "buyer_name": "Kim", "tags": "phone, vip", "note": "Calls back at six",
        "line1": "1 Sejong-daero", "city": "Seoul", "country": "KR", "shipping_cost": "3000",
        "line-TOTAL_FORMS": "2", "line-INITIAL_FORMS": "0",
        "line-0-sku": "PAIR", "line-0-quantity": "2", "line-0-unit_price": "5000",
        "line-1-sku": "REED", "line-1-quantity": "1", "line-1-unit_price": "100",
    }  # fmt: skip
    before = Order.objects.count()
    answer = at_desk.browser.post(reverse("web:order_new"), form)
    assert answer.status_code == 422
    assert "You have no item with this SKU. Did you mean RED?" in words_of(answer)
    assert Order.objects.count() == before

    answer = at_desk.browser.post(reverse("web:order_new"), {**form, "line-1-sku": "RED"}, follow=True)

    order = Order.objects.get(remote_id="k1")
    assert (order.total, order.tags, order.notes.get().text) == (13100, ["phone", "vip"], "Calls back at six")
    assert list(order.lines.order_by("position").values_list("sku", "quantity")) == [("PAIR", 2), ("RED", 1)]
    assert "Calls back at six" in words_of(answer)


def test_an_offline_store_needs_one_click(at_desk: AtDesk) -> None:
    address = reverse("web:connect_channel", args=["offline"])
    form = at_desk.browser.get(address).context["form"]
    filled = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    answer = at_desk.browser.post(address, {**filled, "country": "KR", "deed": "save"}, follow=True)
    assert "“Offline store” is there. You can enter orders for it, or take them in by Excel." in words_of(answer)
