"""What the system of an external warehouse is told: everything, once, in order, until it has taken it."""

import base64
import contextlib
from datetime import timedelta

from django.utils import timezone

from entrepot.channels.models import Problem
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.services.label import make_label
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from entrepot.outgoing.models import Attempt, Endpoint, Notice
from entrepot.outgoing.services import endpoints
from entrepot.outgoing.services.deliver import owing, send_again
from entrepot.warehouse.services.release import follow
from tests.books import MINA, draft, line
from tests.elsewhere import Elsewhere


def labelled(outside: Elsewhere, order: Order, number: str = "6400") -> Shipment:
    who = {"seller_id": outside.seller_id, "actor": MINA}
    parcel = fulfilment.pack(order_id=order.pk, carrier="cj", carrier_name="CJ", tracking_number=number, **who)
    make_label(shipment_id=parcel.pk, **who)
    return parcel


def followed(outside: Elsewhere, order: Order) -> None:
    follow(seller_id=outside.seller_id, order_id=order.pk, actor=MINA)


def test_a_released_order_is_told_with_what_to_take_and_where_it_goes(outside: Elsewhere) -> None:
    order = outside.order("1", RED=2, BLUE=1)

    assert outside.tell() == 1

    (message,) = outside.house.inbox
    assert message.kind == "order.released"
    assert message.data["order_id"] == order.pk
    assert message.data["ship_to"] == {"name": "김서연", "city": "서울", "postcode": "03172"}
    assert [(row["sku"], row["quantity"]) for row in message.data["lines"]] == [("RED", 2), ("BLUE", 1)]
    assert message.data["stopped"] is False


def test_nothing_is_told_twice(outside: Elsewhere) -> None:
    outside.order("1", RED=2)
    outside.tell()

    assert (outside.tell(), outside.tell(), outside.heard()) == (0, 0, ["order.released"])
    assert owing() == []


def test_an_order_that_turns_back_is_recalled_with_what_was_picked(outside: Elsewhere) -> None:
    order = outside.order("1", RED=2)
    outside.tell()
    orders.ask_cancel(seller_id=outside.seller_id, order_id=order.pk, actor=MINA)
    followed(outside, order)

    outside.tell()

    assert outside.heard() == ["order.released", "order.recalled"]
    assert outside.house.inbox[-1].data["reason"] == "cancel_in_process"
    assert outside.house.jobs[order.pk].state == "recalled"


def test_an_order_that_came_and_went_before_anybody_was_told_is_not_told(outside: Elsewhere) -> None:
    order = outside.order("1", RED=2)
    orders.ask_cancel(seller_id=outside.seller_id, order_id=order.pk, actor=MINA)
    followed(outside, order)

    assert (outside.tell(), outside.heard()) == (0, [])


def test_a_new_address_and_other_goods_are_told_as_a_change(outside: Elsewhere) -> None:
    order = outside.order("1", RED=2)
    outside.tell()
    lines = [line(outside.items["RED"], 2, remote_id="1-RED", sku="RED")]
    moved = draft("1", *lines, remote_version=2, shipping={"name": "김서연", "city": "부산"})
    orders.amend_order(seller_id=outside.seller_id, order_id=order.pk, draft=moved, actor=MINA)
    outside.tell()
    lines = [line(outside.items["RED"], 3, remote_id="1-RED", sku="RED")]
    more = draft("1", *lines, remote_version=3, shipping={"name": "김서연", "city": "부산"})
    orders.amend_order(seller_id=outside.seller_id, order_id=order.pk, draft=more, actor=MINA)
    orders.release_to_warehouse(seller_id=outside.seller_id, order_id=order.pk, actor=MINA)
    followed(outside, order)
    outside.tell()

    assert outside.heard() == ["order.released", "order.changed", "order.changed"]
    assert outside.house.inbox[1].data["ship_to"]["city"] == "부산"
    assert outside.house.inbox[2].data["lines"][0]["quantity"] == 3


def test_a_label_is_told_with_carrier_number_and_where_it_is(outside: Elsewhere) -> None:
    order = outside.order("1", RED=2)
    outside.tell()
    parcel = labelled(outside, order)

    outside.tell()

    data = outside.house.inbox[-1].data
    assert (data["parcel_id"], data["carrier"], data["tracking_number"]) == (parcel.pk, "CJ", "6400")
    assert data["lines"] == [{"line_id": order.lines.get().pk, "quantity": 2}]
    assert data["label"]["url"].endswith(f"/api/v1/labels?order={order.pk}&parcel={parcel.pk}&form=pdf")
    assert "base64" not in data["label"]


def test_the_label_itself_goes_along_where_it_is_wanted(outside: Elsewhere) -> None:
    endpoints.change_endpoint(seller_id=outside.seller_id, endpoint_id=outside.endpoint.pk, label="zpl", actor=MINA)
    labelled(outside, outside.order("1", RED=2))

    outside.tell()

    drawn = base64.b64decode(outside.house.inbox[-1].data["label"]["base64"]).decode()
    assert drawn.startswith("^XA")
    assert "6400" in drawn


def test_a_corrected_number_is_told_anew_and_a_parcel_that_is_none_any_more_too(outside: Elsewhere) -> None:
    order = outside.order("1", RED=2)
    parcel = labelled(outside, order)
    outside.tell()
    words = {"carrier": "cj", "carrier_name": "CJ", "tracking_number": "6401"}
    fulfilment.set_tracking(seller_id=outside.seller_id, shipment_id=parcel.pk, actor=MINA, **words)
    outside.tell()
    fulfilment.unpack(seller_id=outside.seller_id, order_id=order.pk, actor=MINA)
    followed(outside, order)
    outside.tell()

    assert outside.heard() == ["order.released", "parcel.labelled", "parcel.labelled", "parcel.voided"]
    assert outside.house.jobs[order.pk].parcels == {}


def test_a_cancellation_that_meets_a_packed_parcel_stops_it_there(outside: Elsewhere) -> None:
    order = outside.order("1", RED=2)
    labelled(outside, order)
    outside.tell()
    orders.stop(seller_id=outside.seller_id, order_id=order.pk, code="cancel_after_packing", actor=MINA)
    outside.tell()

    assert outside.house.inbox[-1].kind == "order.changed"
    assert outside.house.inbox[-1].data["stopped"] is True


def test_messages_of_one_order_keep_their_order_and_others_go_on(outside: Elsewhere) -> None:
    first, second = outside.order("1", RED=1), outside.order("2", RED=1)
    outside.server.faults.append(422)
    outside.tell()
    labelled(outside, first)
    labelled(outside, second, "6500")
    outside.tell()

    assert [(one.kind, one.data["order_id"]) for one in outside.house.inbox] == [
        ("order.released", second.pk),
        ("parcel.labelled", second.pk),
    ]
    outside.now()
    outside.tell()
    assert [one.kind for one in outside.house.inbox if one.data["order_id"] == first.pk] == [
        "order.released",
        "parcel.labelled",
    ]


def test_an_address_that_fails_rests_and_a_person_is_told_once_it_lasts(outside: Elsewhere) -> None:
    outside.order("1", RED=1)
    outside.server.faults.extend([500] * 7)
    assert (outside.tell(), outside.tell(), outside.server.calls) == (0, 0, 1)
    rest = Endpoint.objects.get().rests_until
    assert rest is not None
    assert rest > timezone.now()
    for _ in range(6):
        outside.now()

    (problem,) = Problem.objects.all()
    assert (problem.code, problem.object_type, problem.occurrences) == ("endpoint_failing", "endpoint", 1)
    assert problem.fields["name"] == "3PL"
    assert outside.now() == 1
    problem.refresh_from_db()
    assert problem.resolved_at is not None
    assert [row.status for row in Attempt.objects.order_by("pk")] == [500] * 7 + [204]
    assert Endpoint.objects.get().failures == 0


def test_a_lost_answer_is_repeated_under_the_same_id(outside: Elsewhere) -> None:
    outside.order("1", RED=1)
    outside.server.faults.append(500)
    outside.server.lost = True
    outside.tell()
    outside.server.lost = False

    outside.now()

    assert outside.heard() == ["order.released", "order.released*"]
    assert len({one.uid for one in outside.house.inbox}) == 1


def test_a_worker_killed_before_it_wrote_the_answer_down_leaves_a_repeat_and_no_gap(
    outside: Elsewhere, monkeypatch
) -> None:
    outside.order("1", RED=1)
    with monkeypatch.context() as patched:
        patched.setattr("entrepot.outgoing.services.deliver._write_down", _killed)
        with contextlib.suppress(_Killed):
            outside.tell()

    assert Notice.objects.get().taken_at is None
    outside.tell()
    assert outside.heard() == ["order.released", "order.released*"]


class _Killed(BaseException):
    pass


def _killed(*_: object) -> None:
    raise _Killed


def test_another_secret_is_not_believed_and_after_a_change_both_sign_for_a_day(outside: Elsewhere) -> None:
    outside.order("1", RED=1)
    old = outside.server.secret
    made = endpoints.new_secret(seller_id=outside.seller_id, endpoint_id=outside.endpoint.pk, actor=MINA)
    assert made.secret != old

    outside.tell()
    outside.server.secret = made.secret
    outside.order("2", RED=1)
    outside.tell()
    assert outside.heard() == ["order.released", "order.released"]

    outside.server.secret = old
    Endpoint.objects.update(previous_until=timezone.now() - timedelta(seconds=1))
    outside.order("3", RED=1)
    outside.tell()
    assert len(outside.house.inbox) == 2
    assert Attempt.objects.latest("pk").error_code == "target_forbids"


def test_a_secret_is_kept_sealed_for_its_own_row(outside: Elsewhere) -> None:
    kept = bytes(Endpoint.objects.get().secrets)
    assert outside.server.secret.encode() not in kept
    assert len(outside.server.secret) > 40


def test_what_happens_while_it_is_paused_is_told_as_it_stands_then(outside: Elsewhere) -> None:
    who = {"seller_id": outside.seller_id, "endpoint_id": outside.endpoint.pk, "actor": MINA}
    endpoints.pause_endpoint(**who)
    order = outside.order("1", RED=1)
    gone = outside.order("2", RED=1)
    orders.ask_cancel(seller_id=outside.seller_id, order_id=gone.pk, actor=MINA)
    followed(outside, gone)
    assert (outside.tell(), owing()) == (0, [])

    endpoints.resume_endpoint(**who)
    outside.tell()
    assert [one.data["order_id"] for one in outside.house.inbox] == [order.pk]


def test_a_message_can_be_sent_again_as_it_was(outside: Elsewhere) -> None:
    outside.order("1", RED=1)
    outside.tell()
    send_again(seller_id=outside.seller_id, notice_id=Notice.objects.get().pk, actor=MINA)

    outside.tell()

    assert outside.heard() == ["order.released", "order.released*"]


def test_a_ping_says_who_pressed_it(outside: Elsewhere) -> None:
    endpoints.ping(seller_id=outside.seller_id, endpoint_id=outside.endpoint.pk, actor=MINA)

    outside.tell()

    assert (outside.heard(), outside.house.inbox[0].data["by"]) == (["ping"], "Mina")


def test_redirects_are_refused_and_named(outside: Elsewhere) -> None:
    outside.order("1", RED=1)
    outside.server.faults.append(308)

    outside.tell()

    assert Attempt.objects.get().error_code == "target_redirects"
    assert outside.house.inbox == []


def test_machines_of_a_private_network_are_not_called_unless_the_installation_allows_it(
    outside: Elsewhere, settings
) -> None:
    settings.PRIVATE_TARGETS = False
    outside.order("1", RED=1)

    outside.tell()

    assert (outside.server.calls, Attempt.objects.get().error_code) == (0, "target_private")


def test_what_the_other_system_answered_is_kept_without_personal_data(outside: Elsewhere, monkeypatch) -> None:
    outside.order("1", RED=1)
    said = b'{"error": "no such buyer", "email": "mina@example.com"}'
    monkeypatch.setattr(outside.server, "answer", lambda _headers, _body: (500, said))

    outside.tell()

    assert Attempt.objects.get().answer == '{"error":"no such buyer","email":"•••"}'
