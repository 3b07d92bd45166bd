"""Deeds at the desk, through the pages."""

import re

from django.urls import reverse
from django.utils import translation

from entrepot.accounts.models import Membership, User
from entrepot.accounts.services import first_owner_link
from entrepot.channels.models import Drift, Listing, Problem
from entrepot.inventory.models import Movement, Stock
from entrepot.orders.models import Order
from entrepot.web.templatetags.desk import reason_words, reference_words
from tests.books import figure
from tests.web.conftest import AtDesk
from tests.web.factories import PASSWORD, full_house


def words_of(answer) -> str:
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


def test_the_first_owner_makes_the_account_through_the_link(db: None, client) -> None:
    address = reverse("web:join", args=[first_owner_link()])
    assert "Make your account" in words_of(client.get(address))

    answer = client.post(
        address,
        {"email": "Mina@Example.com", "name": "Mina", "password": PASSWORD, "seller_name": "Seoul Socks"},
    )

    assert answer.headers["Location"] == "/start/"
    assert Membership.objects.get(user__email="mina@example.com").role == "owner"
    assert client.get("/").status_code == 200
    assert client.get(address).status_code == 410


def test_a_weak_password_is_named_at_its_field_and_the_link_lives_on(db: None, client) -> None:
    address = reverse("web:join", args=[first_owner_link()])

    answer = client.post(address, {"email": "a@b.example", "password": "short", "seller_name": "S"})

    assert answer.status_code == 422
    assert "at least 10 characters" in words_of(answer)
    assert User.objects.count() == 0
    assert client.get(address).status_code == 200


def test_signing_in_leads_to_the_page_that_was_asked_for_and_never_elsewhere(db: None, client) -> None:
    house = full_house()
    facts = {"email": house.owner.user.email, "password": PASSWORD}

    asked = client.post(reverse("web:sign_in"), {**facts, "next": "/orders/?status=new"})
    client.post(reverse("web:sign_out"))
    evil = client.post(reverse("web:sign_in"), {**facts, "next": "https://evil.example/"})

    assert asked.headers["Location"] == "/orders/?status=new"
    assert evil.headers["Location"] == "/start/"


def test_a_wrong_password_says_neither_which_half_was_wrong(db: None, client) -> None:
    house = full_house()

    known = client.post(reverse("web:sign_in"), {"email": house.owner.user.email, "password": "not this one"})
    unknown = client.post(reverse("web:sign_in"), {"email": "who@example.com", "password": "not this one"})

    assert known.status_code == unknown.status_code == 422
    sentence = "The e-mail address or the password is not right."
    assert sentence in words_of(known)
    assert sentence in words_of(unknown)


def test_language_is_kept_with_the_person(at_desk: AtDesk) -> None:
    at_desk.browser.post(reverse("web:language"), {"language": "ko", "back": "/orders/"})

    assert User.objects.get(pk=at_desk.house.owner.user_id).language == "ko"
    assert "<h1>주문</h1>" in at_desk.browser.get("/orders/").content.decode()


def test_a_stranger_reads_the_sign_in_in_the_language_of_the_browser(db: None, client) -> None:
    text = client.get(reverse("web:sign_in"), headers={"Accept-Language": "ko-KR,ko;q=0.9"}).content.decode()

    assert '<html lang="ko"' in text
    assert "로그인" in text


def test_an_order_is_released_from_its_page(at_desk: AtDesk) -> None:
    order = at_desk.house.order
    address = reverse("web:order_move", args=[order.pk, "release"])

    answer = at_desk.browser.post(address, {"version": order.version}, follow=True)

    assert Order.objects.get(pk=order.pk).status == "rfp"
    assert "Done: Release to warehouse." in words_of(answer)


def test_a_page_opened_before_somebody_else_moved_the_order_changes_nothing(at_desk: AtDesk) -> None:
    order = at_desk.house.order
    address = reverse("web:order_move", args=[order.pk, "cancel_by_seller"])

    answer = at_desk.browser.post(address, {"version": order.version - 1}, follow=True)

    assert Order.objects.get(pk=order.pk).status == "new"
    assert "This order has changed since you opened the page." in words_of(answer)


def test_a_bulk_deed_goes_as_far_as_it_can_and_says_what_it_could_not(at_desk: AtDesk) -> None:
    house = at_desk.house

    answer = at_desk.browser.post(
        reverse("web:orders_bulk"), {"order": [house.order.pk, house.held.pk], "deed": "release"}, follow=True
    )

    assert Order.objects.get(pk=house.order.pk).status == "rfp"
    assert Order.objects.get(pk=house.held.pk).status == "on_hold"
    assert "1 order: Release to warehouse." in words_of(answer)
    assert "is not possible while the order is" in words_of(answer)


def test_matching_a_line_lets_the_order_go_on(at_desk: AtDesk) -> None:
    house = at_desk.house
    address = reverse("web:order_line", args=[house.held.pk, house.held.lines.get().pk])
    assert "GREEN" in words_of(at_desk.browser.get(address + "?q=green"))

    at_desk.browser.post(address, {"item": house.items["GREEN"]})

    assert Order.objects.get(pk=house.held.pk).status == "new"
    assert figure(house.items["GREEN"]) == (12, 2)


def test_stock_is_counted_with_a_reason_and_refused_without(at_desk: AtDesk) -> None:
    item_id = at_desk.house.items["GREEN"]
    address = reverse("web:stock_adjust", args=[item_id])

    refused = at_desk.browser.post(address, {"how": "set", "quantity": "9", "reason": ""})
    assert refused.status_code == 422
    assert figure(item_id) == (12, 1)
    at_desk.browser.post(address, {"how": "set", "quantity": "9", "reason": "Shelf B2"})

    assert figure(item_id) == (9, 1)
    assert Movement.objects.filter(item_id=item_id).latest("id").reason == "Shelf B2"


def test_taking_away_more_than_there_is_is_said_in_the_form(at_desk: AtDesk) -> None:
    item_id = at_desk.house.items["RED"]

    answer = at_desk.browser.post(
        reverse("web:stock_adjust", args=[item_id]), {"how": "remove", "quantity": "4", "reason": "Lost"}
    )

    assert answer.status_code == 422
    assert "notice-error" in answer.content.decode()
    assert Stock.objects.get(item_id=item_id).on_hand == 3


def test_a_hand_made_order_is_placed_once_however_often_it_is_sent(at_desk: AtDesk) -> None:
    address = reverse("web:order_new")
    key = at_desk.browser.get(address).context["form"]["key"].value()
    form = {
        "key": key, "currency": "KRW", "buyer_name": "박지훈", "line-TOTAL_FORMS": "1", "line-INITIAL_FORMS": "0",
        "line-0-sku": "GREEN", "line-0-quantity": "2", "line-0-unit_price": "12000",
    }  # fmt: skip

    first = at_desk.browser.post(address, form)
    second = at_desk.browser.post(address, form)

    assert first.status_code == 302
    assert second.headers["Location"] == first.headers["Location"]
    assert Order.objects.filter(remote_id=key).get().total == 24000


def test_an_unknown_sku_of_a_hand_made_order_is_named_at_its_field(at_desk: AtDesk) -> None:
    form = {
        "key": "k-1", "currency": "KRW", "buyer_name": "박지훈", "line-TOTAL_FORMS": "1", "line-INITIAL_FORMS": "0",
        "line-0-sku": "NOPE", "line-0-quantity": "2", "line-0-unit_price": "12000",
    }  # fmt: skip

    answer = at_desk.browser.post(reverse("web:order_new"), form)

    assert answer.status_code == 422
    assert "You have no item with this SKU." in words_of(answer)
    assert not Order.objects.filter(remote_id="k-1").exists()


def test_an_unmatched_listing_is_matched_to_an_item(at_desk: AtDesk) -> None:
    house = at_desk.house
    address = reverse("web:listing_match", args=[house.unmatched.pk])

    at_desk.browser.post(address, {"item": house.items["GREEN"]})

    assert Listing.objects.get(pk=house.unmatched.pk).item_id == house.items["GREEN"]


def test_an_unmatched_listing_becomes_a_new_item(at_desk: AtDesk) -> None:
    house = at_desk.house

    at_desk.browser.post(reverse("web:listing_match", args=[house.unmatched.pk]), {"sku": "ODD-1"})

    assert Listing.objects.get(pk=house.unmatched.pk).item.sku == "ODD-1"


def test_a_problem_is_settled_by_hand_and_leaves_the_inbox(at_desk: AtDesk) -> None:
    problem = at_desk.house.problem
    assert "The store refused the stock figure of “Sock”" in words_of(at_desk.browser.get(reverse("web:problems")))

    at_desk.browser.post(reverse("web:problem_resolve", args=[problem.pk]))

    assert Problem.objects.get(pk=problem.pk).resolved_by == "user:Owner"
    assert "No problems" in words_of(at_desk.browser.get(reverse("web:problems")))


def test_an_invitation_gives_a_link_that_makes_a_colleague(at_desk: AtDesk, client) -> None:
    answer = at_desk.browser.post(reverse("web:people"), {"email": "jun@example.com", "role": "operator"})
    link = re.search(r"http://testserver(/join/[^<\s]+)", answer.content.decode())
    assert link is not None

    client.post(link[1], {"name": "Jun", "password": PASSWORD})

    assert Membership.objects.get(user__email="jun@example.com").role == "operator"


def test_an_api_key_is_shown_once(at_desk: AtDesk) -> None:
    answer = at_desk.browser.post(reverse("web:keys"), {"name": "ERP", "scopes": ["orders.view"]})
    secret = re.search(r"ent_[\w-]{20,}", answer.content.decode())
    assert secret is not None

    assert secret[0] not in at_desk.browser.get(reverse("web:keys")).content.decode()


def test_the_last_owner_stays(at_desk: AtDesk) -> None:
    owner = at_desk.house.owner

    answer = at_desk.browser.post(reverse("web:person_role", args=[owner.pk]), {"role": "operator"}, follow=True)

    assert Membership.objects.get(pk=owner.pk).role == "owner"
    assert "This is the last owner." in words_of(answer)


def test_the_raw_order_is_word_for_word(at_desk: AtDesk) -> None:
    text = words_of(at_desk.browser.get(reverse("web:order_raw", args=[at_desk.house.order.pk])))

    assert "&quot;order_id&quot;: &quot;1001&quot;" in text


def test_why_answers_for_a_moment_of_the_past(at_desk: AtDesk) -> None:
    address = reverse("web:stock_why", args=[at_desk.house.items["RED"]])

    now = words_of(at_desk.browser.get(address))
    then = words_of(at_desk.browser.get(address + "?at=2020-01-01T00:00:00"))

    assert "Why is it 1?" in now
    assert "Why is it 0?" in then
    assert "Nothing had happened by then" in then


def test_why_says_in_the_reader_s_language_why_something_moved() -> None:
    with translation.override("ko"):
        said = [reason_words(one) for one in ("confirm_seller_cancel", "changed_there", "물에 젖음", "")]
        causes = [reference_words(one) for one in (*Drift.Cause.values[:4], "repair", "shown_otherwise", "push")]

        labels = [str(label) for label in Drift.Cause.labels[:4]]

    assert said == ["판매자 취소 확인. 예약재고를 풀었습니다", "쇼핑몰에서 바뀜", "물에 젖음", ""]
    assert causes[:4] == labels
    assert causes[4:] == ["재고 보정", "전달한 값과 다름", "전송"]


def test_filters_that_make_no_sense_are_harmless(at_desk: AtDesk) -> None:
    for query in (
        "orders/?status=x&channel=abc&since=never&after=!!",
        "listings/?store=9999&show=x",
        "journal/?store=x",
    ):
        assert at_desk.browser.get(f"/{query}").status_code == 200


def test_orders_are_found_by_number_buyer_phone_and_sku(at_desk: AtDesk) -> None:
    for text in ("1001", "O'Brien", "+82 2 000", f"sku-{at_desk.house.items['RED']}"):
        page = at_desk.browser.get(reverse("web:orders"), {"q": text}).context["page"]
        assert at_desk.house.order.pk in [row.pk for row in page.rows], text
    assert at_desk.browser.get(reverse("web:orders"), {"q": "nobody"}).context["page"].rows == []
