"""The shop speaks first: what is signed wakes us, what is not changes nothing."""

import secrets
import time
import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from entrepot.channels import hooks
from entrepot.channels.models import Listing, PushedEvent, Store
from entrepot.channels.services import events, intake, owed
from entrepot.channels.services.drift import check_drift
from entrepot.channels.services.lifecycle import pause
from entrepot.connectors.opencart.signing import Signable, signed_headers
from entrepot.connectors.opencart.simulator import Item
from tests.roads.rig import MINA, Place, Road, small_shop

Push = Callable[..., tuple[int, dict]]
ORDER_EVENT = b'{"shop": "x", "events": [{"event_id": 1, "kind": "order.history", "object_id": 7, "origin": "shop"}]}'
OWN_EVENT = ORDER_EVENT.replace(b'"origin": "shop"', b'"origin": "oms"')
PRODUCT_EVENT = b'{"shop": "x", "events": [{"event_id": 2, "kind": "product.saved", "object_id": 1, "origin": "shop"}]}'


@pytest.fixture
def place(road: Road) -> Place:
    return road.connect(small_shop(RED=5))


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which errands were made due."""
    tasks: list[str] = []
    monkeypatch.setattr("entrepot.channels.engine.wake", lambda task, _store: tasks.append(task))
    return tasks


@pytest.fixture
def push(place: Place, client: Client) -> Push:
    """Send a body as the shop would; anything may be spoilt."""

    def send(
        body: bytes, *, secret: str = "", sent: bytes | None = None, at: int = 0, nonce: str = ""
    ) -> tuple[int, dict]:
        target = f"/hooks/{place.store.public_id}"
        headers = signed_headers(
            secret or place.server.secret,
            Signable("POST", target, body),
            timestamp=int(time.time()) + at,
            nonce=nonce or secrets.token_hex(12),
        )
        answer = client.post(target, sent or body, content_type="application/json", headers=headers)
        return answer.status_code, answer.json()

    return send


def test_a_signed_order_event_makes_the_orders_due_now(place: Place, push: Push, woken: list[str]) -> None:
    Store.objects.update(orders_due_at=None)

    assert push(ORDER_EVENT) == (200, {"taken": 1})
    assert woken == ["pull_orders"]
    assert Store.objects.get().orders_due_at is not None


def test_our_own_write_coming_back_wakes_nobody(push: Push, woken: list[str]) -> None:
    assert push(OWN_EVENT) == (200, {"taken": 1})
    assert woken == []


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        ({"secret": "another-secret-altogether"}, "opencart_push_refused"),
        ({"sent": ORDER_EVENT.replace(b"7", b"8")}, "opencart_push_refused"),
        ({"at": -400}, "opencart_push_clock_skew"),
        ({"at": 400}, "opencart_push_clock_skew"),
    ],
    ids=["wrong key", "altered body", "too old", "from the future"],
)
def test_what_is_not_signed_as_it_should_changes_nothing(push: Push, woken: list[str], spoilt: dict, code: str) -> None:
    Store.objects.update(orders_due_at=None)

    assert push(ORDER_EVENT, **spoilt) == (401, {"error": {"code": code}})
    assert woken == []
    assert PushedEvent.objects.count() == 0
    assert Store.objects.get().orders_due_at is None


def test_a_replay_is_refused(push: Push, woken: list[str]) -> None:
    nonce = secrets.token_hex(12)
    assert push(ORDER_EVENT, nonce=nonce)[0] == 200
    woken.clear()

    assert push(ORDER_EVENT, nonce=nonce) == (401, {"error": {"code": "opencart_push_replayed"}})
    assert woken == []


def test_an_unsigned_request_is_refused(place: Place, client: Client, woken: list[str]) -> None:
    answer = client.post(f"/hooks/{place.store.public_id}", ORDER_EVENT, content_type="application/json")
    assert answer.status_code == 401
    assert woken == []


def test_another_stores_signature_opens_nothing(road: Road, place: Place, client: Client, woken: list[str]) -> None:
    other = road.connect(small_shop(BLUE=1), name="Second shop")
    woken.clear()
    target = f"/hooks/{other.store.public_id}"
    body = ORDER_EVENT
    headers = signed_headers(
        place.server.secret,
        Signable("POST", f"/hooks/{place.store.public_id}", body),
        timestamp=int(time.time()),
        nonce=secrets.token_hex(12),
    )
    assert client.post(target, body, content_type="application/json", headers=headers).status_code == 401
    assert woken == []


def test_an_unknown_address_and_a_get_find_nothing(place: Place, client: Client) -> None:
    assert client.post(f"/hooks/{uuid.uuid4()}", b"{}", content_type="application/json").status_code == 404
    assert client.get(f"/hooks/{place.store.public_id}").status_code == 405


def test_a_giant_body_is_not_read(push: Push, woken: list[str]) -> None:
    assert push(b" " * (hooks.MAX_BODY + 1)) == (413, {"error": {"code": "too_large"}})
    assert woken == []


def test_a_paused_store_does_not_listen(road: Road, place: Place, push: Push, woken: list[str]) -> None:
    pause(seller_id=road.seller.pk, store_id=place.store.pk, actor=MINA)
    assert push(ORDER_EVENT) == (410, {"error": {"code": "not_listening"}})
    assert "pull_orders" not in woken


def test_a_product_saved_in_the_shop_is_read_back_and_its_overwritten_figure_repaired(
    place: Place, push: Push, woken: list[str]
) -> None:
    form = place.shop.open_product_form(1)
    place.shop.place_order([Item(1, 2)])
    place.pull()
    place.push()
    place.shop.save_product(1, form)  # opened before the sale: the old quantity comes back
    assert place.shows(1) == 5
    woken.clear()

    push(PRODUCT_EVENT)
    assert woken == ["check_drift"]
    assert Listing.objects.get(remote_id="1").seen_at is None
    check_drift(Store.objects.get(), full=False)

    assert place.shows(1) == 3


def test_an_event_that_comes_while_orders_are_read_is_not_forgotten(
    road: Road, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = intake._finish

    def told_meanwhile(store, *rest):
        events._orders_are_due(store)
        finish(store, *rest)

    monkeypatch.setattr(intake, "_finish", told_meanwhile)
    place.pull()
    assert owed.owes(task="pull_orders", store_id=place.store.pk)

    monkeypatch.setattr(intake, "_finish", finish)
    place.pull()
    assert not owed.owes(task="pull_orders", store_id=place.store.pk)
