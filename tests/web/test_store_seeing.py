"""What a store's pages say of its calls, its limit and its runs."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from entrepot.channels.models import Limit, Run, Store
from entrepot.web.charts.limits import Gauge
from tests.web.conftest import AtDesk
from tests.web.factories import make_journal_entry, make_person, make_store, sit_down


def make_run(store: Store, kind: str, minutes_ago: int, seconds: int, state: str = "done", **words) -> Run:
    began = timezone.now() - timedelta(minutes=minutes_ago)
    facts = {"done": 7, "counts": {"products": 7}, "started_by": "user:Mina", **words}
    return Run.objects.create(
        seller_id=store.seller_id, store=store, kind=kind, state=state, started_at=began,
        finished_at=began + timedelta(seconds=seconds), **facts,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("used", "paused", "tone", "word"),
    [
        (0, 0, "good", "Room enough"),
        (26, 0, "good", "Room enough"),
        (27, 0, "wait", "Filling up"),
        (40, 0, "bad", "Full: calls wait"),
        (1, 30, "bad", "Pausing"),
    ],
)
def test_a_limit_says_in_a_word_how_full_it_is(used: int, paused: int, tone: str, word: str) -> None:
    gauge = Gauge(per_second=2.0, burst=40, used=used, paused_seconds=paused)

    assert (gauge.tone, str(gauge.word), gauge.empty_in) == (tone, word, used / 2)


def test_the_gauge_is_a_meter_with_words(at_desk: AtDesk) -> None:
    store = make_store(at_desk.house.seller, "Busy")
    Limit.objects.create(key=f"store:{store.pk}", tat=time.time() + 3600)

    text = at_desk.browser.get(reverse("web:store", args=[store.pk])).content.decode()

    meter = text[text.index('role="meter"') :]
    burst = meter[meter.index('aria-valuemax="') + 15 :].split('"')[0]
    assert f'aria-valuenow="{burst}"' in meter
    assert f"{burst} of {burst} calls in use" in meter
    assert "Full: calls wait" in text


def test_calls_are_counted_by_the_minute_and_the_failed_ones_apart(at_desk: AtDesk) -> None:
    store, now = make_store(at_desk.house.seller, "Busy"), timezone.now()
    make_journal_entry(store, at=now - timedelta(minutes=40))
    make_journal_entry(store, at=now - timedelta(minutes=5))
    make_journal_entry(store, at=now, status=500)
    make_journal_entry(store, at=now, status=None, error_code="channel_down")
    make_journal_entry(store, at=now)
    make_journal_entry(store, at=now, incoming=True)
    make_journal_entry(at_desk.house.store, at=now)

    chart = at_desk.browser.get(reverse("web:store", args=[store.pk])).context["calls"]

    drawn = {one["name"]: one["values"] for one in chart.drawn["series"]}
    assert {name: sum(values) for name, values in drawn.items()} == {"Answered": 2, "Failed": 2}
    assert len(drawn["Failed"]) == 30
    assert chart.summary.startswith("4 calls in 30 minutes, 2 failed. Most in the minute of ")


def test_the_history_shows_how_long_each_run_took_and_how_it_ended(at_desk: AtDesk) -> None:
    store = make_store(at_desk.house.seller, "Busy")
    make_run(store, "products", 50, 20)
    make_run(store, "drift", 40, 90, "failed", error_code="channel_down", error_detail="no answer")
    make_run(store, "products", 30, 40)

    answer = at_desk.browser.get(reverse("web:store_runs", args=[store.pk]))
    page = at_desk.browser.get(reverse("web:store", args=[store.pk]))

    chart = answer.context["chart"]
    assert [(one["name"], one["values"]) for one in chart.drawn["series"]] == [
        ("Done", [20, 0, 40]),
        ("Stopped", [0, 90, 0]),
    ]
    assert chart.drawn["causes"][0] == "Product sync · 20 s · Done · Products 7"
    assert chart.summary.startswith("3 runs have ended, 1 of them early. The longest took 1 min 30 s: Stock check on ")
    assert [(run.kind, run.done) for run in page.context["last_runs"]] == [("drift", 7), ("products", 7)]
    assert page.context["last_runs"][1].finished_at - page.context["last_runs"][1].started_at == timedelta(seconds=40)


def test_nothing_of_a_store_is_seen_by_who_may_not_see_it(at_desk: AtDesk) -> None:
    clerk = make_person(at_desk.house.seller, "manager", "clerk@example.com")
    clerk.store_ids = [at_desk.house.store.pk]
    clerk.save(update_fields=["store_ids"])
    store = make_store(at_desk.house.seller, "Hidden")

    assert sit_down(clerk).get(reverse("web:store", args=[store.pk])).status_code == 404
    assert sit_down(clerk).get(reverse("web:store_runs", args=[store.pk])).status_code == 404
