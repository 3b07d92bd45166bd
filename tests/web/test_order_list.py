"""The order desk's list: search, filters that stay in the address, saved views, columns, and what each role sees."""

import re

import pytest
from django.urls import reverse

from entrepot.accounts.models import SavedView, ScreenChoice
from entrepot.orders.models import Order
from entrepot.web.lists.orders import COLUMNS
from tests.books import draft, line, make_seller, place_one
from tests.web.conftest import AtDesk
from tests.web.factories import make_person, make_store, sit_down

LIST = "/orders/"


def _numbers(answer) -> list[str]:
    assert answer.status_code == 200
    return [row.number for row in answer.context["page"].rows]


def _text(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_an_exact_number_is_offered_as_a_way_to_the_order(at_desk: AtDesk) -> None:
    address = reverse("web:order", args=[at_desk.house.order.pk])
    number = at_desk.house.parcel.tracking_number

    for typed in ("#1001", number, f"tracking:{number}", "number:1001"):
        answer = at_desk.browser.get(LIST, {"q": typed})
        assert _numbers(answer) == ["#1001"]
        assert answer.context["hit"].pk == at_desk.house.order.pk
        assert f'href="{address}" data-hit' in answer.content.decode()
    assert at_desk.browser.get(LIST, {"q": "100"}).context["hit"] is None


def test_filters_are_said_as_chips_that_take_them_off(at_desk: AtDesk) -> None:
    carrier = at_desk.house.carrier.pk
    words = {"hold": "unmapped_sku", "total_to": "5000", "q": "sock", "status": "on_hold", "carrier": carrier}

    answer = at_desk.browser.get(LIST, words)

    chips = {chip.name: chip.word for chip in answer.context["chips"]}
    assert chips == {
        "hold": "Held for: Line without an item",
        "carrier": "Carrier: Seoul Socks express",
        "total_to": "Total up to: 5,000",
    }
    assert _numbers(answer) == []
    without = at_desk.browser.get(LIST, {name: value for name, value in words.items() if name != "carrier"})
    assert _numbers(without) == ["#1002"]
    assert 'name="hold" value="unmapped_sku"' in without.content.decode()  # searching again keeps it


def test_words_nobody_understands_are_passed_over(at_desk: AtDesk) -> None:
    words = {"channel": "x", "since": "soon", "total_from": "-1", "note": "?", "warehouse": "1e9", "sort": "up"}
    more = {"until": "9999-12-31", "hold": "x" * 300, "view": "999", "after": "%%", "q": "%"}

    answer = at_desk.browser.get(LIST, {**words, **more})

    assert answer.status_code == 200


def test_the_list_says_what_it_is_when_it_is_empty_and_when_nothing_fits(db: None) -> None:
    browser = sit_down(make_person(make_seller("Empty")))

    assert "No orders yet" in _text(browser.get(LIST))
    assert "No order fits these filters" in _text(browser.get(LIST, {"q": "zq"}))


# --------------------------------------------------------------------------- saved views


def _save(browser, **words):
    facts = {"screen": "orders", "name": "Abroad", "query": "status=new&q=sock", "column": ["status", "total"]}
    return browser.post(reverse("web:view_save"), {**facts, **words})


def test_a_view_is_saved_and_opened_with_its_filters_and_columns(at_desk: AtDesk) -> None:
    answer = _save(at_desk.browser)

    view = SavedView.objects.get(name="Abroad")
    assert answer.headers["Location"] == f"/orders/?status=new&q=sock&view={view.pk}"
    opened = at_desk.browser.get(answer.headers["Location"])
    assert (opened.context["status"], opened.context["view"], opened.context["request"].saved.changed) == (
        "new",
        view,
        False,
    )
    assert opened.context["rows"].names == ["status", "total"]
    assert "<h1>Abroad</h1>" in opened.content.decode()
    changed = at_desk.browser.get(LIST, {"status": "rfp", "view": view.pk})
    assert changed.context["request"].saved.changed


def test_a_view_is_renamed_shared_changed_and_deleted(at_desk: AtDesk) -> None:
    view = at_desk.house.view
    jun = sit_down(at_desk.house.colleague)
    assert "To pack" not in _text(jun.get(LIST))

    def do(deed, **words):
        return at_desk.browser.post(reverse("web:view_deed", args=[view.pk, deed]), {"screen": "orders", **words})

    do("rename", name="Pack now", shared="yes")
    do("update", query="status=rfp", column=["status"])
    assert "Pack now Owner" in _text(jun.get(LIST))
    refused = jun.post(reverse("web:view_deed", args=[view.pk, "delete"]), {"screen": "orders"})
    assert refused.status_code == 403
    view.refresh_from_db()
    assert (view.name, view.shared, view.query, view.columns) == ("Pack now", True, "status=rfp", ["status"])

    assert do("delete").headers["Location"] == "/orders/?view=all"
    assert not SavedView.objects.filter(pk=view.pk).exists()


def test_the_list_begins_with_the_chosen_view_and_only_then(at_desk: AtDesk) -> None:
    view = at_desk.house.view
    at_desk.browser.post(reverse("web:view_deed", args=[view.pk, "first"]), {"screen": "orders"})

    assert at_desk.browser.get(LIST).headers["Location"] == f"/orders/?status=new&view={view.pk}"
    assert _numbers(at_desk.browser.get(LIST, {"view": "all"})) == ["#1002", "#1001"]
    at_desk.browser.post(reverse("web:view_deed", args=[view.pk, "not_first"]), {"screen": "orders"})
    assert at_desk.browser.get(LIST).status_code == 200


def test_a_name_that_is_taken_is_said(at_desk: AtDesk) -> None:
    answer = at_desk.browser.post(
        reverse("web:view_save"), {"screen": "orders", "name": "To pack", "back": LIST}, follow=True
    )

    assert "You have a view called “To pack” already." in _text(answer)
    assert SavedView.objects.filter(name="To pack", seller=at_desk.house.seller).count() == 1


# --------------------------------------------------------------------------- columns


def test_a_person_chooses_columns_and_how_many_rows(at_desk: AtDesk) -> None:
    for number in range(30):
        place_one(at_desk.house.store.sales_channel, draft(f"2{number:03d}", line(None)))
    words = {"column": ["phone", "country", "tracking", "nonsense"], "size": "25", "back": LIST}

    at_desk.browser.post(reverse("web:orders_columns"), words)

    answer = at_desk.browser.get(LIST)
    assert answer.context["rows"].names == ["phone", "country", "tracking"]
    assert len(answer.context["page"].rows) == 25
    assert sit_down(at_desk.house.colleague).get(LIST).context["rows"].names[0] == "status"
    assert ScreenChoice.objects.count() == 1


def test_every_column_shows_what_the_order_has_and_nothing_is_markup(at_desk: AtDesk) -> None:
    house = at_desk.house
    Order.objects.filter(pk=house.order.pk).update(
        buyer_name="<b>Bold</b>", buyer_phone="010-1", payment_method="<i>", origin="coupang", pickup=True,
        tags=["<u>"], shipping={"country_code": "KR"},
    )  # fmt: skip
    at_desk.browser.post(reverse("web:orders_columns"), {"column": list(COLUMNS), "size": "50"})

    text = at_desk.browser.get(LIST, {"q": "number:1001"}).content.decode()

    assert "<b>Bold" not in text
    assert "<u>" not in text
    shown = ("&lt;b&gt;Bold", "010-1", "&lt;i&gt;", "Coupang", "Pick-up", "&lt;u&gt;", "South Korea", "640012345678")
    assert [word for word in shown if word not in text] == []
    assert '<span class="sub more-lines">+1</span>' in text


# --------------------------------------------------------------------------- roles


@pytest.mark.parametrize("role", ["picker", "read_only"])
def test_who_may_only_look_sees_the_list_and_no_deed_they_may_not_do(at_desk: AtDesk, role: str) -> None:
    browser = sit_down(make_person(at_desk.house.seller, role))

    answer = browser.get(LIST)

    assert _numbers(answer) == ["#1002", "#1001"]
    text = answer.content.decode()
    assert 'value="release"' not in text
    assert 'value="tag"' not in text
    assert ('value="hand_over"' in text) == (role == "picker")


def test_tabs_of_a_person_limited_to_a_store_count_its_orders_only(at_desk: AtDesk) -> None:
    house = at_desk.house
    second = make_store(house.seller, "Second shop")
    place_one(second.sales_channel, draft("9", line(None)))
    member = make_person(house.seller, "operator", "limited@example.com")
    member.store_ids = [second.pk]
    member.save()

    for words in ({}, {"q": "sock"}, {"since": "2026-01-01"}):
        answer = sit_down(member).get(LIST, words)
        assert _numbers(answer) == ["#9"]
        assert dict(answer.context["counts"].by_status) == {"on_hold": 1}
    assert "Second shop" in _text(sit_down(member).get(LIST))
    assert "Seoul Socks shop" not in _text(sit_down(member).get(LIST))


def test_all_that_fit_is_offered_where_there_are_more_pages(at_desk: AtDesk) -> None:
    assert "data-scope-set" not in at_desk.browser.get(LIST).content.decode()
    for number in range(50):
        place_one(at_desk.house.store.sales_channel, draft(f"3{number:03d}", line(None)))

    text = at_desk.browser.get(LIST, {"q": "sku"}).content.decode()

    assert 'data-scope-set="filter"' in text
    assert '<input type="hidden" name="query" value="q=sku">' in text
