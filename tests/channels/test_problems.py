"""Problems: one open row for a cause, counted, closed, opened again; and a Retry that makes the right work due."""

import string
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from entrepot.accounts.models import AuditEntry, Seller
from entrepot.channels.errors import ProblemNotFound
from entrepot.channels.models import IncomingOrder, Listing, Problem, Run, Store
from entrepot.channels.problems import PROBLEMS, open_problem, problem_kind, resolve_problems
from entrepot.channels.services import lifecycle, owed, retry, runs
from entrepot.channels.services.retry import _WAYS
from entrepot.channels.services.trouble import words_of
from entrepot.kernel.errors import ChannelMisconfigured, NotFound, Refused
from tests.channels.conftest import MINA, World, last_run, listing, shop_of


def opened(world: World, code: str = "stock_refused", *, on: object = 7, **facts: object) -> Problem:
    plain: dict[str, object] = {"object_type": "listing", "fields": {"title": "Sock", "reason": "no"}, "store_id": None}
    return Problem.objects.get(
        pk=open_problem(seller_id=world.seller.pk, code=code, object_id=on, **{**plain, **facts})
    )


def test_the_same_cause_is_one_row_that_counts(world: World):
    first = opened(world, fields={"title": "Sock", "reason": "no"})
    again = opened(world, fields={"title": "Sock", "reason": "never"}, now=timezone.now() + timedelta(hours=1))
    other = opened(world, on=8)
    assert first.pk == again.pk != other.pk
    again.refresh_from_db()
    assert (again.occurrences, again.fields["reason"]) == (2, "never")
    assert again.last_at - again.first_at > timedelta(minutes=59)


def test_a_settled_cause_that_comes_back_is_a_new_row(world: World):
    first = opened(world)
    closed = resolve_problems(seller_id=world.seller.pk, object_type="listing", object_id=7, actor=MINA)
    assert closed == 1
    first.refresh_from_db()
    assert first.resolved_by == "user:Mina"
    second = opened(world)
    assert second.pk != first.pk
    assert Problem.objects.filter(resolved_at=None).count() == 1


def test_only_the_codes_that_were_named_are_closed_and_only_this_sellers(world: World):
    opened(world)
    opened(world, "listing_missing")
    stranger = World(Seller.objects.create(name="Stranger"))
    opened(stranger)
    seller_id = world.seller.pk
    assert (
        resolve_problems(seller_id=seller_id, object_type="listing", object_id=7, codes=["stock_drift"], actor=MINA)
        == 0
    )
    assert (
        resolve_problems(seller_id=seller_id, object_type="listing", object_id=7, codes=["stock_refused"], actor=MINA)
        == 1
    )
    assert world.problems() == ["listing_missing"]
    assert stranger.problems() == ["stock_refused"]


def test_of_many_who_open_it_at_once_there_is_one_row(world: World):
    start = threading.Barrier(6)

    def open_it() -> None:
        start.wait(10)
        opened(world)
        connection.close()

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Problem.objects.get().occurrences == 6


def test_every_code_has_a_sentence_a_remedy_and_a_retry_that_exists():
    for code, kind in PROBLEMS.items():
        assert kind.sentence.endswith((".", "}")), code
        assert kind.remedy.endswith("."), code
        assert kind.retry in _WAYS, code
        assert all(field is None or field.isidentifier() for _, field, _, _ in string.Formatter().parse(kind.sentence))
    assert problem_kind("never_heard_of").sentence


def test_the_words_of_an_error_can_be_said_in_any_language():
    words = words_of(ChannelMisconfigured("HTTP 401", reason="wrong key"))
    assert (
        words["reason"] == "The connection to the store needs attention. wrong key Open the store's page and follow it."
    )
    assert (
        words["reason_msgid"]
        == "The connection to the store needs attention. {reason} Open the store's page and follow it."
    )
    assert words["error_code"] == "channel_misconfigured"


def test_a_field_that_cannot_be_filled_in_breaks_no_sentence():
    class Odd(Refused):
        message = "{missing} and {broken!x}"

    assert words_of(Odd())["reason"] == "{missing} and {broken!x}"


# --------------------------------------------------------------------------- Retry


def pressed(world: World, problem: Problem) -> None:
    retry.retry(seller_id=world.seller.pk, problem_id=problem.pk, actor=MINA)
    assert AuditEntry.objects.filter(verb="problems.retry", facts__code=problem.code).exists()


def test_retry_of_a_refused_figure_makes_the_listing_due(world: World):
    _, store = world.imported(shop_of((1, "RED", 5)))
    row = listing(store, 1)
    Listing.objects.filter(pk=row.pk).update(next_try_at=timezone.now() + timedelta(hours=5), attempts=3)
    pressed(world, opened(world, on=row.pk, store_id=store.pk))
    row.refresh_from_db()
    assert row.next_try_at is None
    assert row.force_push


@pytest.mark.parametrize(
    ("before", "after"),
    [("active", "active"), ("inactive", "inactive"), ("unlinked", "unlinked"), ("missing", "active")],
)
def test_retry_brings_no_listing_to_life_but_one_thought_missing(world: World, before: str, after: str):
    _, store = world.imported(shop_of((1, "RED", 5)))
    row = listing(store, 1)
    Listing.objects.filter(pk=row.pk).update(state=before)
    pressed(world, opened(world, on=row.pk, store_id=store.pk))
    row.refresh_from_db()
    assert row.state == after


def test_what_stands_on_listings_is_closed_when_their_store_is_disconnected(world: World):
    _, store = world.imported(shop_of((1, "RED", 5)))
    _, other = world.imported(shop_of((1, "RED", 5)), name="Second shop")
    here, there = listing(store, 1), listing(other, 1)
    opened(world, on=here.pk, store_id=store.pk)
    opened(world, "stock_drift", on=there.pk, store_id=other.pk)

    lifecycle.disconnect(seller_id=world.seller.pk, store_id=store.pk, actor=MINA)

    assert world.problems() == ["stock_drift"]
    assert Problem.objects.get(code="stock_refused").resolved_by == "user:Mina"


def test_retry_of_an_order_takes_it_in_again(world: World):
    _, store = world.imported(shop_of((1, "RED", 5)))
    kept = IncomingOrder.objects.create(
        seller=world.seller,
        store=store,
        remote_id="9",
        version=1,
        digest="",
        raw={},
        state="problem",
        received_at=timezone.now(),
    )
    pressed(world, opened(world, "order_unreadable", on=kept.pk, object_type="incoming_order", store_id=store.pk))
    kept.refresh_from_db()
    assert kept.state == "waiting"
    assert owed.owes(task="pull_orders", store_id=store.pk)


def test_retry_of_a_stopped_import_goes_on_where_it_was(world: World):
    store = world.connect(world.serve(shop_of((1, "RED", 5))))
    run = last_run(store)
    runs.begin_phase(run=run, phase="products")
    runs.move_on(run=run, cursor="400", done=400)
    runs.stop(run=run, error=NotFound("gone"))
    problem = Problem.objects.get(code="import_stopped")
    pressed(world, problem)
    run.refresh_from_db()
    assert (run.state, run.phase, run.cursor, run.done) == (Run.State.RUNNING, "products", "400", 400)
    assert world.problems() == []


def test_retry_of_a_missing_listing_reads_it_again(world: World):
    server, store = world.imported(shop_of((1, "RED", 5)))
    row = listing(store, 1)
    Listing.objects.filter(pk=row.pk).update(state="missing")
    pressed(world, opened(world, "listing_missing", on=row.pk, store_id=store.pk))
    assert last_run(store, "products").counts["_remote_ids"] == ["1"]
    assert server.shop.tables.products[1].quantity == 5


def test_every_retry_can_be_pressed_on_whatever_it_stands_on(world: World):
    store = world.connect(world.serve(shop_of((1, "RED", 5))))
    on = {"store": store.pk, "run": last_run(store).pk}
    kinds = {kind.retry: code for code, kind in PROBLEMS.items()}
    for code in kinds.values():
        for object_type in ("store", "run", "listing", "order", "incoming_order", "errand"):
            problem = opened(world, code, on=on.get(object_type, 1), object_type=object_type, store_id=store.pk)
            pressed(world, problem)
    assert Store.objects.get(pk=store.pk).state == Store.State.SHADOW


def test_another_sellers_problem_can_be_neither_retried_nor_dismissed(world: World):
    problem = opened(world)
    stranger = Seller.objects.create(name="Stranger")
    for verb in (retry.retry, retry.dismiss):
        with pytest.raises(ProblemNotFound):
            verb(seller_id=stranger.pk, problem_id=problem.pk, actor=MINA)
    problem.refresh_from_db()
    assert problem.resolved_at is None
    retry.dismiss(seller_id=world.seller.pk, problem_id=problem.pk, actor=MINA)
    assert world.problems() == []
