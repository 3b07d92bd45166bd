"""One deed for many orders: each stands for itself, is done once, and says why it was not."""

from datetime import timedelta
from typing import Any

import pytest

from entrepot.accounts.models import AuditEntry, Membership
from entrepot.channels.services.bulk import start as desk
from entrepot.fulfilment.models import Shipment
from entrepot.inventory.models import Warehouse
from entrepot.kernel.actor import Actor
from entrepot.orders import bulk_queries
from entrepot.orders import services as orders
from entrepot.orders.bulk_errors import (
    BulkNotFound,
    DeedNotOpen,
    NoOrdersChosen,
    NothingRefused,
    TooManyOrders,
    UnknownDeed,
)
from entrepot.orders.errors import NoteEmpty
from entrepot.orders.models import Bulk, BulkItem, Order, OrderNote, SalesChannel
from entrepot.orders.services import bulk as rows
from entrepot.orders.services.bulk import Chosen
from entrepot.sheets.orders_bulk import carry_on
from tests.books import draft, line, make_channel, make_items, make_seller, place, status, story
from tests.web.factories import make_person

State = BulkItem.State
MINA = Actor("cli", "Mina")


def some_orders(channel: SalesChannel, count: int, *, stock: int = 1000) -> list[Order]:
    """Orders #1 to #count of one red sock each, oldest first."""
    red = make_items(channel.seller, RED=stock)["RED"]
    placed = place(channel, *[draft(str(n), line(red), minute=n) for n in range(1, count + 1)])
    return [Order.objects.get(pk=one.order_id) for one in placed]


def start(channel: SalesChannel, kind: str, found: list[Order], actor: Actor = MINA, **facts: Any) -> Bulk:
    chosen = Chosen([order.pk for order in found])
    return desk.start_bulk(seller_id=channel.seller_id, kind=kind, facts=facts, chosen=chosen, actor=actor)


def done(channel: SalesChannel, kind: str, found: list[Order], actor: Actor = MINA, **facts: Any) -> Bulk:
    """A deed carried to its end."""
    bulk = start(channel, kind, found, actor, **facts)
    while carry_on(bulk_id=bulk.pk):
        pass
    bulk.refresh_from_db()
    return bulk


def results(bulk: Bulk) -> list[tuple[str, str, str]]:
    """(number, state, code) of each order, in the order they were taken."""
    return list(bulk.items.order_by("id").values_list("order__number", "state", "error_code"))


@pytest.fixture
def channel(db: None) -> SalesChannel:
    seller = make_seller()
    return SalesChannel.objects.create(seller=seller, name="Counter", kind="offline", country="KR", currency="KRW")


def person(channel: SalesChannel, role: str, **scope: Any) -> Actor:
    member = make_person(channel.seller, role)
    Membership.objects.filter(pk=member.pk).update(**scope)
    return Actor("user", member.user.name, member.user.pk)


def test_each_order_stands_for_itself_and_a_refusal_says_why(channel: SalesChannel) -> None:
    found = some_orders(channel, 4)
    orders.hold(seller_id=channel.seller_id, order_id=found[1].pk, code="person", actor=MINA)
    bulk = done(channel, "release", found)
    assert results(bulk) == [
        ("#1", "done", ""),
        ("#2", "refused", "move_not_possible"),
        ("#3", "done", ""),
        ("#4", "done", ""),
    ]
    assert [status(order) for order in found] == ["rfp", "on_hold", "rfp", "rfp"]
    refused = bulk.items.get(state=State.REFUSED)
    assert refused.error_fields == {"move": "release", "status": "On hold", "order_id": found[1].pk}
    assert (bulk.state, bulk.facts["counts"]) == ("done", {"done": 3, "refused": 1})
    assert story(found[0])[-1] == ("order.release", "new", "rfp")
    assert AuditEntry.objects.get(verb="orders.bulk").facts == {"kind": "release", "orders": 4}


def test_all_that_fit_a_list_are_taken_oldest_first_and_those_of_others_never(channel: SalesChannel) -> None:
    found = some_orders(channel, 3)
    stranger = make_channel(make_seller("Busan Bags"))
    theirs = some_orders(stranger, 2)
    everything = Chosen(rows=Order.objects.order_by("-pk"))
    bulk = desk.start_bulk(seller_id=channel.seller_id, kind="tag", facts={"tag": "vip"}, chosen=everything, actor=MINA)
    while carry_on(bulk_id=bulk.pk):
        pass
    assert results(bulk) == [("#1", "done", ""), ("#2", "done", ""), ("#3", "done", "")]
    assert [Order.objects.get(pk=one.pk).tags for one in (*found, *theirs)] == [["vip"], ["vip"], ["vip"], [], []]
    chosen = Chosen([theirs[0].pk])
    with pytest.raises(NoOrdersChosen):
        desk.start_bulk(seller_id=channel.seller_id, kind="release", facts={}, chosen=chosen, actor=MINA)
    assert (Bulk.objects.count(), status(theirs[0])) == (1, "new")


def test_more_than_go_at_once_are_refused_before_the_first(
    channel: SalesChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = some_orders(channel, 4)
    monkeypatch.setattr(rows, "MOST", 3)
    for chosen in (Chosen([one.pk for one in found]), Chosen(rows=Order.objects.all())):
        with pytest.raises(TooManyOrders) as refusal:
            desk.start_bulk(seller_id=channel.seller_id, kind="release", facts={}, chosen=chosen, actor=MINA)
        assert refusal.value.fields == {"count": 4, "most": 3}
    assert (Bulk.objects.count(), BulkItem.objects.count(), status(found[0])) == (0, 0, "new")


def test_a_deed_that_cannot_be_begun_leaves_nothing(channel: SalesChannel) -> None:
    found = some_orders(channel, 1)
    for kind, facts, refusal in (
        ("fly", {}, UnknownDeed),
        ("import", {}, UnknownDeed),
        ("note", {"text": "  "}, NoteEmpty),
        ("print", {"paper": "invoices"}, UnknownDeed),
    ):
        with pytest.raises(refusal):
            start(channel, kind, found, **facts)
    assert Bulk.objects.count() == 0


def test_the_whole_way_of_many_orders(channel: SalesChannel) -> None:
    found = some_orders(channel, 2)
    for kind, after in (
        ("release", "rfp"),
        ("recall", "new"),
        ("hold", "on_hold"),
        ("unhold", "new"),
        ("release", "rfp"),
        ("pack", "ready_to_ship"),
        ("hand_over", "in_transit"),
        ("complete", "complete"),
    ):
        bulk = done(channel, kind, found, reason="busy day")
        assert bulk.facts["counts"] == {"done": 2}, kind
        assert [status(order) for order in found] == [after, after]
    assert Shipment.objects.filter(order__in=found, state="delivered").count() == 2


def test_notes_tags_and_cancellations(channel: SalesChannel) -> None:
    found = some_orders(channel, 2)
    done(channel, "note", found, text="Call first")
    done(channel, "tag", found, tag="vip")
    done(channel, "untag", found[:1], tag="vip")
    done(channel, "cancel_by_seller", found[1:], reason="sold out")
    assert list(OrderNote.objects.order_by("id").values_list("order__number", "text", "author")) == [
        ("#1", "Call first", "Mina"),
        ("#2", "Call first", "Mina"),
    ]
    assert [Order.objects.get(pk=one.pk).tags for one in found] == [[], ["vip"]]
    assert [status(order) for order in found] == ["new", "seller_canceled"]


def test_orders_are_matched_again_once_their_item_is_there(channel: SalesChannel) -> None:
    strange = place(channel, draft("1", line(None, sku="BLUE")), draft("2", line(None, sku="GREEN"), minute=1))
    found = [Order.objects.get(pk=one.order_id) for one in strange]
    make_items(channel.seller, BLUE=5)
    bulk = done(channel, "match", found)
    assert results(bulk) == [("#1", "done", ""), ("#2", "refused", "lines_unmatched")]
    assert [status(order) for order in found] == ["new", "on_hold"]


def test_the_refused_are_tried_again_as_a_deed_of_their_own(channel: SalesChannel) -> None:
    found = some_orders(channel, 3)
    orders.hold(seller_id=channel.seller_id, order_id=found[1].pk, code="person", actor=MINA)
    first = done(channel, "release", found)
    orders.unhold(seller_id=channel.seller_id, order_id=found[1].pk, actor=MINA)
    again = desk.retry_refused(seller_id=channel.seller_id, bulk_id=first.pk, actor=MINA)
    assert (again.total, again.kind, again.facts) == (1, "release", {"again": first.pk})
    carry_on(bulk_id=again.pk)
    assert [status(order) for order in found] == ["rfp", "rfp", "rfp"]
    with pytest.raises(NothingRefused):
        desk.retry_refused(seller_id=channel.seller_id, bulk_id=again.pk, actor=MINA)


def test_a_stopped_deed_leaves_the_rest_out(channel: SalesChannel, monkeypatch: pytest.MonkeyPatch) -> None:
    found = some_orders(channel, 25)
    bulk = start(channel, "release", found)
    assert carry_on(bulk_id=bulk.pk, seconds=0)
    assert desk.stop_bulk(seller_id=channel.seller_id, bulk_id=bulk.pk, actor=MINA) == 5
    assert not carry_on(bulk_id=bulk.pk)
    bulk.refresh_from_db()
    assert (bulk.state, bulk.facts["counts"]) == ("stopped", {"done": 20, "skipped": 5})
    assert [status(order) for order in found] == ["rfp"] * 20 + ["new"] * 5
    with pytest.raises(DeedNotOpen):
        desk.stop_bulk(seller_id=channel.seller_id, bulk_id=bulk.pk, actor=MINA)


def test_progress_is_told_with_its_rate_and_the_time_left(channel: SalesChannel) -> None:
    bulk = start(channel, "release", some_orders(channel, 25))
    carry_on(bulk_id=bulk.pk, seconds=0)
    bulk.refresh_from_db()
    assert bulk.started_at is not None
    later = bulk.started_at + timedelta(seconds=10)
    far = bulk_queries.progress_of(seller_id=channel.seller_id, rows=[bulk], now=later)[bulk.pk]
    assert (far.done, far.refused, far.settled, far.percent) == (20, 0, 20, 80)
    assert (far.rate, far.seconds_left) == (2.0, 2.5)


def test_who_may_not_do_it_is_refused_for_each_order_and_nothing_moves(channel: SalesChannel) -> None:
    found = some_orders(channel, 2)
    bulk = done(channel, "release", found, person(channel, "read_only"))
    assert results(bulk) == [("#1", "refused", "forbidden"), ("#2", "refused", "forbidden")]
    assert [status(order) for order in found] == ["new", "new"]


def test_a_person_of_one_store_and_one_warehouse_moves_only_what_is_theirs(channel: SalesChannel) -> None:
    found = some_orders(channel, 1)
    other = SalesChannel.objects.create(seller=channel.seller, name="Market", kind="offline", currency="KRW")
    red = found[0].lines.get().item_id
    found += [Order.objects.get(pk=place(other, draft("2", line(red)))[0].order_id)]
    theirs = person(channel, "operator", store_ids=[channel.pk])
    assert results(done(channel, "release", found, theirs)) == [("#1", "done", ""), ("#2", "refused", "forbidden")]
    elsewhere = Warehouse.objects.create(seller=channel.seller, name="Busan")
    Membership.objects.filter(user_id=theirs.user_id).update(store_ids=[], warehouse_ids=[elsewhere.pk])
    assert results(done(channel, "recall", found[:1], theirs)) == [("#1", "refused", "forbidden")]
    assert [status(order) for order in found] == ["rfp", "new"]


def test_a_role_taken_away_meanwhile_counts_for_the_rest(channel: SalesChannel) -> None:
    found = some_orders(channel, 25)
    operator = person(channel, "operator")
    bulk = start(channel, "release", found, operator)
    carry_on(bulk_id=bulk.pk, seconds=0)
    Membership.objects.filter(user_id=operator.user_id).delete()
    carry_on(bulk_id=bulk.pk)
    bulk.refresh_from_db()
    assert bulk.facts["counts"] == {"done": 20, "refused": 5}


def test_a_fault_of_ours_at_one_order_stops_no_other(channel: SalesChannel, monkeypatch: pytest.MonkeyPatch) -> None:
    found = some_orders(channel, 3)
    real = orders.tag

    def breaks_at_the_second(**words: Any) -> int:
        if words["order_ids"] == [found[1].pk]:
            raise ZeroDivisionError
        return real(**words)

    monkeypatch.setattr(orders, "tag", breaks_at_the_second)
    bulk = done(channel, "tag", found, tag="vip")
    assert results(bulk) == [("#1", "done", ""), ("#2", "refused", "unexpected_trouble"), ("#3", "done", "")]
    assert [Order.objects.get(pk=one.pk).tags for one in found] == [["vip"], [], ["vip"]]


def test_another_sellers_deed_is_nowhere(channel: SalesChannel) -> None:
    bulk = start(channel, "release", some_orders(channel, 1))
    stranger = make_seller("Busan Bags")
    with pytest.raises(BulkNotFound):
        bulk_queries.bulk(seller_id=stranger.pk, bulk_id=bulk.pk)
    with pytest.raises(BulkNotFound):
        desk.stop_bulk(seller_id=stranger.pk, bulk_id=bulk.pk, actor=MINA)
    with pytest.raises(BulkNotFound):
        desk.retry_refused(seller_id=stranger.pk, bulk_id=bulk.pk, actor=MINA)
    bulk.refresh_from_db()
    assert bulk.state == "waiting"
