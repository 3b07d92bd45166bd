"""What the API says and does, in exact values."""

from decimal import Decimal

from entrepot.api.app import api
from entrepot.channels.models import ListingChange, Problem, Store
from entrepot.channels.services import offers
from entrepot.inventory.models import Movement
from entrepot.kernel.page import bookmark
from entrepot.orders.models import Order
from tests import books


def test_an_order_is_told_with_lines_totals_and_possible_moves(world):
    body = world.program().get(f"/orders/{world.order.pk}").json()
    assert (body["number"], body["status"], body["total"], body["currency"]) == ("#7", "new", "5.0000", "EUR")
    assert [(row["sku"], row["quantity"], row["line_total"]) for row in body["lines"]] == [
        (f"sku-{world.item.pk}", 2, "5.0000")
    ]
    assert body["totals"] == [{"code": "total", "title": "Total", "amount": "5.0000"}]
    assert "release" in body["moves"]
    assert "pack" not in body["moves"]


def test_an_order_walks_to_the_carrier_by_moves(world):
    program = world.program()
    for move, status in (("release", "rfp"), ("pack", "ready_to_ship"), ("hand_over", "in_transit")):
        answer = program.post(f"/orders/{world.order.pk}/moves/{move}")
        assert (answer.status_code, answer.json()["status"]) == (200, status)
    assert books.figure(world.item.pk) == (3, 0)


def test_a_move_that_does_not_start_here_is_refused_and_changes_nothing(world):
    answer = world.program().post(f"/orders/{world.order.pk}/moves/hand_over")
    assert answer.status_code == 409
    assert Order.objects.get(pk=world.order.pk).status == "new"
    assert books.figure(world.item.pk) == (5, 2)


def test_an_unknown_move_names_the_known_ones(world):
    answer = world.program().post(f"/orders/{world.order.pk}/moves/teleport")
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "unknown_move"
    assert "hand_over" in answer.json()["error"]["message"]


def test_stock_is_adjusted_with_a_reason_that_stays(world):
    answer = world.program().post(f"/stock/{world.item.pk}/adjust", {"delta": -2, "reason": "moths"})
    assert answer.json() == {"on_hand": 3, "reserved": 2, "available": 1}
    last = Movement.objects.order_by("-id")[0]
    assert (last.kind, last.on_hand_delta, last.reason, last.actor_label) == (
        "adjustment",
        -2,
        "moths",
        "warehouse robot",
    )


def test_more_than_is_free_cannot_be_taken_away(world):
    answer = world.program().post(f"/stock/{world.item.pk}/adjust", {"delta": -4, "reason": "moths"})
    assert answer.status_code == 409
    assert books.figure(world.item.pk) == (5, 2)


def test_a_body_of_the_wrong_shape_names_the_place(world):
    answer = world.program().post(f"/stock/{world.item.pk}/adjust", {"delta": "many", "reason": ""})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "invalid"
    assert {"body.facts.delta", "body.facts.reason"} == set(answer.json()["error"]["fields"])


def test_a_refusal_speaks_the_callers_language(world):
    english = world.program().get("/orders/999999").json()["error"]
    korean = (
        world.program()
        .client.get(
            "/api/v1/orders/999999",
            headers={"authorization": f"Bearer {world.program().secret}", "accept-language": "ko"},
        )
        .json()["error"]
    )
    assert english["code"] == korean["code"]
    assert english["message"] != korean["message"]


def test_a_problem_says_what_happened_and_what_to_do(world):
    row = world.program().get("/problems").json()["rows"][0]
    assert row["sentence"] == "The store refused the stock figure of “Red sock”: no such option"
    assert row["remedy"] == "Correct the product in the store, then press Retry."


def test_a_problem_can_be_settled(world):
    problem = world.ids["problem_id"]
    assert world.program().post(f"/problems/{problem}/resolve").json()["resolved_at"] is not None
    assert Problem.objects.get(pk=problem).resolved_by == "api_key:warehouse robot"


def test_a_paused_store_goes_on_when_asked(world):
    Store.objects.filter(pk=world.store.pk).update(resume_state="shadow")
    answer = world.program().post(f"/stores/{world.store.pk}/moves/resume")
    assert (answer.status_code, answer.json()["state"]) == (200, "shadow")


def test_credentials_are_never_told(world):
    body = world.program().get(f"/stores/{world.store.pk}").content.decode()
    assert "secret" not in body
    assert "credentials" not in body


def test_pages_follow_each_other_without_gap_or_repeat(world):
    for number in range(8, 68):
        books.place_one(world.order.sales_channel, books.draft(str(number), books.line(world.item.pk), minute=number))
    program, seen, after = world.program(), [], ""
    while True:
        body = program.get("/orders", after=after).json()
        seen += [row["number"] for row in body["rows"]]
        if not body["next"]:
            break
        after = body["next"]
    assert seen == [f"#{number}" for number in [*range(67, 7, -1), 7]]


def test_a_longer_list_costs_no_more_queries(world, django_assert_num_queries):
    program = world.program()
    program.get("/orders")
    with django_assert_num_queries(4):
        program.get("/orders")
    for number in range(8, 28):
        books.place_one(world.order.sales_channel, books.draft(str(number), books.line(world.item.pk), minute=number))
    with django_assert_num_queries(4):
        program.get("/orders")


def test_amounts_are_texts_so_that_no_digit_is_lost(world):
    Order.objects.filter(pk=world.order.pk).update(total=Decimal("0.1000"))
    assert '"total": "0.1000"' in world.program().get(f"/orders/{world.order.pk}").content.decode()


def test_the_description_names_every_operation_and_is_openapi_3_1():
    schema = api.get_openapi_schema()
    assert schema["openapi"].startswith("3.1")
    for verbs in schema["paths"].values():
        for operation in verbs.values():
            assert operation["summary"]
            assert operation["description"]


def test_the_bookmark_of_another_list_begins_at_the_top(world):
    for strange in (bookmark("SKU-1", 7), bookmark("2026-11-22T00:00:00", 7), "%%%"):
        answer = world.program().get("/orders", after=strange)
        assert (answer.status_code, len(answer.json()["rows"])) == (200, 1), strange


def test_what_a_program_changes_is_told_to_the_stores_at_once(world, monkeypatch):
    woken = []
    monkeypatch.setattr("entrepot.channels.engine.wake", lambda task, store_id: woken.append((task, store_id)))
    Store.objects.update(state="live")
    world.program().post(f"/stock/{world.item.pk}/adjust", {"delta": 1, "reason": "found"})
    assert woken == [("push_stock", world.store.pk)]
    woken.clear()
    world.program().post(f"/orders/{world.order.pk}/moves/release")
    assert ("push_statuses", world.store.pk) in woken


def test_a_price_is_asked_for_and_refused_while_the_store_may_not_be_written_to(world):
    path = f"/listings/{world.listing.pk}/price"
    answer = world.program().post(path, {"price": "12"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "store_state_forbids")
    assert ListingChange.objects.filter(state="waiting").count() == 0


def test_a_product_is_deleted_in_its_store_only_when_that_is_said_to_be_meant(world, monkeypatch):
    asked = []
    monkeypatch.setattr(offers, "ask_delete", lambda **facts: asked.append(facts["approved"]) or [])
    for body in (None, {}, {"approved": False}, {"approved": True}):
        assert world.program().post(f"/listings/{world.listing.pk}/delete", body).status_code == 202
    assert asked == [False, False, False, True]


def test_a_refused_change_is_tried_again_and_given_up(world):
    answer = world.program().post(f"/listing-changes/{world.ids['change_id']}/again")
    assert (answer.status_code, answer.json()["state"], answer.json()["fields"]) == (
        200,
        "waiting",
        {"price": "12", "retail_price": None},
    )
    answer = world.program().post(f"/listing-changes/{world.ids['change_id']}/cancel")
    assert answer.json()["state"] == "canceled"


def test_a_difference_is_decided_once(world):
    path = f"/differences/{world.ids['difference_id']}/decide"
    assert world.program().post(path, {"decision": "theirs"}).json()["decision"] == "theirs"
    answer = world.program().post(path, {"decision": "ours"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "difference_not_found")


def test_labels_come_as_one_file_and_never_of_another_sellers_orders(world, other):
    program = world.program()
    answer = program.get(f"/labels?order={world.order.pk}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content[:5] == b"%PDF-"
    assert program.get(f"/labels?order={world.order.pk}&form=zpl&language=ko").content[:3] == b"^XA"
    assert program.get(f"/labels?order={other.order.pk}").status_code == 409
    assert program.get("/labels").status_code == 422
