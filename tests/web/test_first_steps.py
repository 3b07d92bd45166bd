"""The guided path: its steps are facts of the books, and whoever signs in is led to it until it is walked."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from entrepot.accounts.models import FirstPath, Membership, Seller
from entrepot.accounts.services import set_seller_facts
from entrepot.channels.models import Finding, Run, StatusMapping
from entrepot.inventory.models import Stock
from entrepot.orders.models import Order, SalesChannel
from entrepot.web.desk import Desk
from entrepot.web.way import first_steps
from tests.books import MINA, draft, line, make_items, make_seller, place_one
from tests.web.factories import PASSWORD, make_carrier, make_person, make_store, sit_down


@pytest.fixture
def owner(db: None) -> Membership:
    return make_person(make_seller("Hanbit"), "owner", "mina@example.com")


def _states(member: Membership) -> dict[str, str]:
    here = Desk(member, [member])
    return {step.kind.key: step.state for step in first_steps.steps(here, first_steps.facts_of(here))}


def _import(seller: Seller, store_id: int, state: str) -> Run:
    facts = {"total": 40, "done": 10, "state": state, "started_at": timezone.now(), "kind": "first_import"}
    return Run.objects.create(seller=seller, store_id=store_id, **facts)


def _post(member: Membership, deed: str, **facts: str) -> Client:
    browser = sit_down(member)
    assert browser.post(reverse("web:start_do", args=[deed]), facts).status_code == 302
    return browser


def test_a_new_owner_begins_with_the_company_and_nothing_is_ticked(owner: Membership) -> None:
    assert list(_states(owner).items()) == [
        ("company", "now"),
        *((key, "later") for key in ("store", "products", "findings", "statuses", "order", "preview", "live")),
        ("parcels", "later"),
        ("people", "later"),
    ]


def test_every_step_is_done_by_the_books_and_by_nothing_else(owner: Membership) -> None:
    seller = owner.seller
    set_seller_facts(seller_id=seller.pk, name="Hanbit", language="en", timezone="Asia/Seoul", actor=MINA)
    assert _states(owner)["company"] == "done"
    store = make_store(seller, state="shadow")
    run = _import(seller, store.pk, "running")
    assert (_states(owner)["store"], _states(owner)["products"]) == ("done", "running")
    items = make_items(seller, WOOL=3)
    assert _states(owner)["products"] == "running", "what has come in so far is not all"
    assert "now" not in _states(owner).values()
    Run.objects.filter(pk=run.pk).update(state="done")
    finding = Finding.objects.create(
        seller=seller, store=store, code="sku_missing", remote_id="9", found_at=timezone.now()
    )
    mapping = StatusMapping.objects.create(store=store, remote_id="2", name="Processing", meaning="new")
    assert [_states(owner)[key] for key in ("products", "findings", "statuses")] == ["done", "now", "later"]
    Finding.objects.filter(pk=finding.pk).update(resolved_at=timezone.now())
    StatusMapping.objects.filter(pk=mapping.pk).update(confirmed=True)
    assert [_states(owner)[key] for key in ("findings", "statuses", "order")] == ["done", "done", "now"]
    place_one(store.sales_channel, draft("7", line(items["WOOL"], 1), placed_at=timezone.now()))
    assert [_states(owner)[key] for key in ("order", "preview", "live")] == ["done", "now", "later"]
    store.state = "live"
    store.save(update_fields=["state"])
    assert [_states(owner)[key] for key in ("preview", "live", "parcels")] == ["done", "done", "now"]
    make_carrier(seller)
    make_person(seller, "picker", "hana@example.com")
    assert set(_states(owner).values()) == {"done"}


def test_an_order_from_before_the_store_was_connected_is_no_first_order(owner: Membership) -> None:
    store = make_store(owner.seller, state="shadow")
    items = make_items(owner.seller, WOOL=3)
    long_ago = timezone.now() - timezone.timedelta(days=40)

    place_one(store.sales_channel, draft("7", line(items["WOOL"], 1), placed_at=long_ago))

    assert _states(owner)["order"] == "later"


def test_to_have_looked_at_the_sku_doctor_and_at_what_going_live_changes_counts(owner: Membership) -> None:
    store = make_store(owner.seller, state="shadow")
    _import(owner.seller, store.pk, "done")
    Finding.objects.create(seller=owner.seller, store=store, code="sku_missing", remote_id="9", found_at=timezone.now())
    browser = sit_down(owner)
    assert (_states(owner)["findings"], _states(owner)["preview"]) == ("later", "later")

    browser.get(reverse("web:store_findings", args=[store.pk]))
    browser.get(reverse("web:store", args=[store.pk]))

    assert (_states(owner)["findings"], _states(owner)["preview"]) == ("done", "done")
    assert sorted(FirstPath.objects.get(seller=owner.seller).looked) == ["findings", "preview"]


def test_with_offline_stores_only_nothing_is_asked_about_shops(owner: Membership) -> None:
    make_store(owner.seller, state="live", connector="offline", identity="")

    assert list(_states(owner)) == ["company", "store", "products", "order", "parcels", "people"]


def test_a_step_left_out_is_passed_over_until_it_is_taken_up(owner: Membership) -> None:
    _post(owner, "skip", step="company")
    assert (_states(owner)["company"], _states(owner)["store"]) == ("skipped", "now")

    _post(owner, "up", step="company")

    assert (_states(owner)["company"], _states(owner)["store"]) == ("now", "later")


def test_nobody_ticks_a_step_and_an_unknown_one_is_refused(owner: Membership) -> None:
    browser = sit_down(owner)

    assert browser.post(reverse("web:start_do", args=["done"]), {"step": "live"}).status_code == 404
    assert browser.post(reverse("web:start_do", args=["skip"]), {"step": "everything"}).status_code == 404
    assert not FirstPath.objects.exists()


def test_the_test_order_reserves_one_piece_and_its_cancellation_gives_it_back(owner: Membership) -> None:
    make_items(owner.seller, WOOL=3)
    browser = _post(owner, "order", key="test-1")
    browser.post(reverse("web:start_do", args=["order"]), {"key": "test-1"})
    order = Order.objects.get(seller=owner.seller)
    assert (order.tags, order.total, order.status) == (["test"], Decimal(0), "new")
    assert Stock.objects.get(seller=owner.seller).reserved == 1

    browser.post(reverse("web:start_do", args=["cancel"]))

    order.refresh_from_db()
    assert order.status == "seller_canceled"
    stock = Stock.objects.get(seller=owner.seller)
    assert (stock.on_hand, stock.reserved) == (3, 0)
    assert _states(owner)["order"] == "done"


def test_an_order_that_somebody_bought_is_not_canceled_from_the_path(owner: Membership) -> None:
    store = make_store(owner.seller, state="live")
    items = make_items(owner.seller, WOOL=3)
    order = place_one(store.sales_channel, draft("7", line(items["WOOL"], 1), placed_at=timezone.now()))

    answer = sit_down(owner).post(reverse("web:start_do", args=["cancel"]))

    order.refresh_from_db()
    assert (answer.status_code, order.status) == (404, "new")


def test_without_anything_in_stock_no_test_order_is_made(owner: Membership) -> None:
    make_items(owner.seller, WOOL=0)

    answer = sit_down(owner).post(reverse("web:start_do", args=["order"]), follow=True)

    assert "no test order was made" in answer.content.decode()
    assert not Order.objects.exists()
    assert not SalesChannel.objects.filter(kind="offline").exists()


@pytest.mark.parametrize(
    ("role", "keys"),
    [
        ("manager", [kind.key for kind in first_steps.KINDS]),
        ("operator", ["products", "findings", "statuses", "order"]),
        ("picker", []),
        ("read_only", []),
    ],
)
def test_each_role_sees_the_steps_it_may_walk(owner: Membership, role: str, keys: list[str]) -> None:
    member = make_person(owner.seller, role, "them@example.com")

    text = sit_down(member).get(reverse("web:start")).content.decode()

    assert [kind.key for kind in first_steps.KINDS if f'id="step-{kind.key}"' in text] == keys
    assert ("Your colleagues have set everything up" in text) == (not keys)


def test_a_role_cannot_leave_out_what_it_may_not_do(owner: Membership) -> None:
    operator = make_person(owner.seller, "operator", "jun@example.com")

    answer = sit_down(operator).post(reverse("web:start_do", args=["skip"]), {"step": "live"})

    assert answer.status_code == 403
    assert not FirstPath.objects.exists()


def _signed_in(member: Membership) -> str:
    answer = Client().post(reverse("web:sign_in"), {"email": member.user.email, "password": PASSWORD})
    return str(answer.headers["Location"])


def test_signing_in_leads_to_the_path_until_it_is_walked_or_hidden(owner: Membership) -> None:
    operator = make_person(owner.seller, "operator", "jun@example.com")
    assert (_signed_in(owner), _signed_in(operator)) == ("/start/", "/")

    browser = _post(owner, "hide")

    assert _signed_in(owner) == "/"
    assert 'id="dash-path"' not in browser.get("/").content.decode()
    _post(owner, "show")
    assert _signed_in(owner) == "/start/"


def test_who_sells_already_is_not_led_anywhere(owner: Membership) -> None:
    store = make_store(owner.seller, state="live")
    items = make_items(owner.seller, WOOL=3)
    place_one(store.sales_channel, draft("7", line(items["WOOL"], 1), placed_at=timezone.now()))

    assert _signed_in(owner) == "/"


def test_the_dashboard_tells_how_far_one_is_and_what_is_next(owner: Membership) -> None:
    make_store(owner.seller, state="shadow")

    text = sit_down(owner).get("/").content.decode()

    assert "1 of 10" in text
    assert "next: Say who you are" in text


def test_every_page_shows_the_way_back_to_the_path_while_it_is_walked(owner: Membership) -> None:
    browser = sit_down(owner)
    assert "top-path" not in browser.get(reverse("web:stores")).content.decode()

    browser.get(reverse("web:start"))

    assert "top-path" in browser.get(reverse("web:stores")).content.decode()
    browser.post(reverse("web:start_do", args=["hide"]))
    assert "top-path" not in browser.get(reverse("web:stores")).content.decode()


def test_a_walked_path_costs_the_dashboard_one_question(owner: Membership, django_assert_num_queries) -> None:
    here = Desk(owner, [owner])
    FirstPath.objects.create(seller=owner.seller, looked=[first_steps.END])

    with django_assert_num_queries(1):
        assert first_steps.small(here) is None


def test_who_works_for_some_stores_only_does_not_end_the_path_for_the_owner(owner: Membership) -> None:
    store = make_store(owner.seller, state="live")
    make_store(owner.seller, "Other shop", state="shadow")
    member = make_person(owner.seller, "manager", "hana@example.com")
    member.store_ids = [store.pk]
    steps = [kind.key for kind in first_steps.KINDS]
    FirstPath.objects.create(seller=owner.seller, skipped=steps)

    assert first_steps.small(Desk(member, [member])) is None
    assert FirstPath.objects.get(seller=owner.seller).looked == []
    assert first_steps.small(Desk(owner, [owner])) is None
    assert FirstPath.objects.get(seller=owner.seller).looked == [first_steps.END]


def test_another_seller_s_store_and_orders_are_no_steps_of_ours(owner: Membership) -> None:
    other = make_seller("Other")
    store = make_store(other, state="live")
    items = make_items(other, WOOL=3)
    place_one(store.sales_channel, draft("7", line(items["WOOL"], 1), placed_at=timezone.now()))
    make_carrier(other)

    assert "done" not in _states(owner).values()
