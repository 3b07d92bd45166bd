"""The payload journal: everything that was said, without secrets and without telling who a buyer is."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from entrepot.channels import journal as journals
from entrepot.channels.journal import StoreJournal
from entrepot.channels.masking import BODY_LIMIT, MASK, UNREADABLE_LIMIT, Masking, references
from entrepot.channels.models import JournalEntry, PushedEvent
from entrepot.channels.services import retention
from entrepot.connectors.contract import CallRecord
from entrepot.connectors.http import HostNotAnswering
from entrepot.connectors.opencart.simulator import Customer, Shop
from entrepot.connectors.opencart.simulator import Item as CartItem
from entrepot.connectors.opencart.type import PERSONAL_KEYS
from entrepot.kernel.errors import ChannelDown, ChannelRejected
from tests.channels.conftest import SECRET, World, shop_of

MASKING = Masking(personal_keys=PERSONAL_KEYS, secret_keys=frozenset({"secret_key"}), secrets=frozenset({SECRET}))

BUYER = Customer(
    firstname="Zebulon",
    lastname="Quackenbush",
    email="zebulon.q@mail.example",
    telephone="010-9876-5432",
    company="Quackenbush & Sons",
    address_1="17 Unlikely Lane",
    address_2="Apartment 9Q",
    city="Nowheresville",
    postcode="98765",
    comment="Ring twice, or call +82 10 9876 5432, ask for Zebulon",
)
PERSONAL = (
    "Zebulon",
    "Quackenbush",
    "zebulon.q",
    "mail.example",
    "9876",
    "Unlikely",
    "9Q",
    "Nowheresville",
    "98765",
)


def call(**facts: object) -> CallRecord:
    plain: dict[str, object] = {
        "method": "GET",
        "url": "https://shop.example/index.php?route=x&resource=orders",
        "request_body": b"",
        "status": 200,
        "response_body": b"{}",
        "started_at": datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
        "seconds": 0.25,
    }
    return CallRecord(**{**plain, **facts})  # type: ignore[arg-type]


# --------------------------------------------------------------------------- who the buyer is


@pytest.mark.parametrize("line", ["4.1", "4.0", "3.0"])
def test_of_an_order_full_of_personal_data_none_is_in_the_journal(world: World, line: str):
    shop = Shop.demo(line=line)
    number = shop.place_order([CartItem(40, 1)], customer=BUYER)
    shop.set_status(number, 2, comment="Zebulon Quackenbush called from 010-9876-5432")

    _, store = world.imported(shop)

    rows = JournalEntry.objects.filter(store=store)
    about_it = [row for row in rows if f"order:{number}" in row.about]
    assert about_it
    for row in rows:
        for word in PERSONAL:
            assert word not in row.answer + row.request + row.target, (word, row.target)
    assert '"order_id":' in about_it[0].answer
    assert '"model":' in "".join(row.answer for row in about_it)


def test_what_was_said_of_an_order_or_product_is_found_from_it(world: World):
    _, store = world.imported(Shop.demo())
    about_order = JournalEntry.objects.filter(store=store, about__contains=["order:3"])
    about_product = JournalEntry.objects.filter(store=store, about__contains=["product:43"])
    assert {row.target.split("resource=")[1].split("&")[0] for row in about_order} == {"orders"}
    assert {"products", "stock"} <= {row.target.split("resource=")[1].split("&")[0] for row in about_product}


def test_masking_comes_before_cutting(world: World):
    rows = [
        {"order_id": str(number), "email": f"buyer{number}@mail.example", "pad": "x" * 300} for number in range(400)
    ]
    body = json.dumps({"data": rows}).encode()

    kept = MASKING.body(body)

    assert "mail.example" not in kept
    assert len(kept) < BODY_LIMIT + 60
    assert kept.endswith(f"… ({len(body)} bytes in all)")
    assert kept.startswith('{"data":[{"order_id":"0","email":"•••","pad":"xxx')


@pytest.mark.parametrize("kind", ["text", "textarea", "file", "date", "time", "datetime"])
def test_what_a_buyer_typed_into_an_option_is_hidden_and_what_they_chose_is_not(kind: str):
    options = [
        {"name": "Engraving", "value": "Zebulon, 17 Unlikely Lane", "type": kind},
        {"name": "Colour", "value": "Red", "type": "select"},
    ]
    body = json.dumps({"lines": [{"model": "M1", "options": options}], "totals": [{"value": "12.00"}]}).encode()

    kept = MASKING.body(body)

    assert json.loads(kept) == {
        "lines": [{"model": "M1", "options": [{**options[0], "value": MASK}, options[1]]}],
        "totals": [{"value": "12.00"}],
    }
    for cut in range(60, len(body)):
        assert "Zebul" not in MASKING.body(body[:cut])
        assert "Unlikely" not in MASKING.body(body[:cut])


@pytest.mark.parametrize(
    "cut",
    [40, 75, 100, 123, 150, 200],
)
def test_an_answer_that_was_cut_off_tells_no_more(cut: int):
    body = json.dumps({"firstname": "Zebulon", "email": "z@mail.example", "shipping_address_1": "17 Unlikely Lane"})
    padded = ('{"order":' + body + ',"telephone":"010-9876-5432","lastname":"Quackenbush"}').encode()

    kept = MASKING.body(padded[:cut])

    for word in ("Zebul", "z@mail", "Unlikely", "9876", "Quack"):
        assert word not in kept


def test_php_warnings_before_the_answer_do_not_open_it():
    body = (
        b"<b>Warning</b>: Undefined {index} in /shop/x.php\n"
        + json.dumps({"lastname": "Quackenbush", "ok": 1}).encode()
    )
    kept = MASKING.body(body)
    assert kept.endswith('{"lastname":"•••","ok":1}')
    assert "<b>Warning</b>" in kept


def test_a_web_page_is_kept_short_and_without_addresses_and_numbers():
    page = ("<html>mail zebulon.q@mail.example or call 010-9876-5432" + "<p>text</p>" * 2000).encode()
    kept = MASKING.body(page)
    assert "mail.example" not in kept
    assert "9876" not in kept
    assert len(kept) < UNREADABLE_LIMIT + 60


def test_nested_people_are_hidden_whole_and_empty_fields_stay_empty():
    body = json.dumps(
        {"shipping_address": {"anything": "17 Unlikely Lane"}, "email": "", "fax": None, "custom_field": []}
    )
    assert MASKING.body(body.encode()) == '{"shipping_address":"•••","email":"","fax":null,"custom_field":[]}'


def test_numbers_dates_and_prices_are_no_telephone_numbers():
    kept = {
        "date_added": "2026-11-22 02:17:44",
        "price": "100.0000",
        "model": "0885909346899",
        "image": "a/0123456789.jpg",
    }
    assert json.loads(MASKING.body(json.dumps(kept).encode())) == kept


# --------------------------------------------------------------------------- secrets


def test_a_secret_is_hidden_wherever_it_turns_up():
    body = json.dumps({"note": f"key is {SECRET}!", "secret_key": "x", SECRET: 1, "nested": {"api_token": "t0ken"}})
    kept = MASKING.body(body.encode())
    assert SECRET not in kept
    assert "t0ken" not in kept
    assert SECRET not in MASKING.body(f"<p>{SECRET}</p>".encode())
    assert MASKING.target(f"https://shop.example/a?token={SECRET}&email=z%40mail.example&ids=2,5") == (
        f"/a?token={MASK}&email={MASK}&ids=2,5"
    )


# --------------------------------------------------------------------------- why a call failed


def test_a_call_that_failed_says_why_in_a_sentence_without_secrets_and_people(world: World):
    store = world.connect(world.serve(shop_of((1, "RED", 5))))
    kept = StoreJournal(store, MASKING)
    kept.record(call(status=None, response_body=b"", error=HostNotAnswering("errno 111", host="shop.example")))
    kept.record(call(status=422, error=ChannelRejected(reason=f"It knows {SECRET} and zebulon.q@mail.example.")))
    kept.record(call())
    kept.flush()

    silent, refused, done = JournalEntry.objects.filter(store=store).order_by("-id")[:3][::-1]
    assert (silent.error_code, silent.error_reason) == (
        "host_not_answering",
        HostNotAnswering(host="shop.example").sentence(),
    )
    assert silent.error_reason.startswith("Nothing answers at shop.example. ")
    assert (refused.error_code, refused.error_reason) == (
        "channel_rejected",
        f"The store refused this. It knows {MASK} and {MASK}. Correct it, then try again.",
    )
    assert (done.error_code, done.error_reason) == ("", "")


# --------------------------------------------------------------------------- what a call was about


def test_references_are_read_from_address_and_bodies_orders_first():
    found = references(
        "https://shop.example/index.php?route=x&resource=orders&ids=5,2",
        b'{"items":[{"product_id": 40, "quantity": 1}]}',
        b'{"order": {"order_id":"7"}, "order_product": [{"order_id":"7","product_id":"28"}]}',
    )
    assert found == ["order:5", "order:2", "order:7", "product:40", "product:28"]


def test_references_in_the_words_of_other_stores_are_read_too():
    found = references(
        "https://mall.example/api/v2/admin/orders/20260211-0000012/items/20260211-0000012-01?product_no=41,42",
        b'{"items":[{"order_id": "20260211-0000013", "product_no": 43}]}',
    )
    assert found == ["order:20260211-0000012", "order:20260211-0000013", "product:41", "product:42", "product:43"]
    assert references("https://mall.example/api/v2/admin/products/41/variants/P1000A") == ["product:41"]
    assert references("https://mall.example/api/v2/admin/orders/setting") == []


# --------------------------------------------------------------------------- never in the way


def test_a_journal_that_cannot_write_fails_no_call(world: World, monkeypatch: pytest.MonkeyPatch):
    store = world.connect(world.serve(shop_of((1, "RED", 5))))
    kept = StoreJournal(store, MASKING)
    monkeypatch.setattr(MASKING.__class__, "body", lambda *_: 1 / 0)
    kept.record(call())
    kept.flush()
    monkeypatch.undo()
    store.pk = -1
    StoreJournal(store, MASKING).received(call(method="POST"))


def test_calls_are_written_together_and_keep_their_trouble(world: World):
    store = world.connect(world.serve(shop_of((1, "RED", 5))))
    kept = StoreJournal(store, MASKING)
    for _ in range(3):
        kept.record(call(status=None, response_body=b"", error=ChannelDown("nobody there")))
    assert not JournalEntry.objects.filter(store=store, error_code="channel_down").exists()
    kept.flush()
    rows = JournalEntry.objects.filter(store=store, error_code="channel_down")
    assert [(row.status, row.milliseconds, row.answer) for row in rows] == [(None, 250, "")] * 3


def test_a_busy_journal_is_written_once_a_second(world: World, monkeypatch: pytest.MonkeyPatch):
    store = world.connect(world.serve(shop_of((1, "RED", 5))))
    kept = StoreJournal(store, MASKING)
    before = JournalEntry.objects.count()
    kept.record(call())
    later = time.monotonic() + 1.1
    monkeypatch.setattr(journals.time, "monotonic", lambda: later)
    kept.record(call())
    assert JournalEntry.objects.count() == before + 2


def test_a_nul_in_an_answer_can_be_kept(world: World):
    store = world.connect(world.serve(shop_of((1, "RED", 5))))
    kept = StoreJournal(store, MASKING)
    kept.record(call(response_body=b'{"a":"b\\u0000c"}', url="https://shop.example/\x00?resource=orders"))
    kept.flush()
    assert JournalEntry.objects.filter(store=store, target__contains="resource=orders").exists()


def test_a_doomed_transaction_loses_the_entry_and_nothing_else(world: World):
    store = world.connect(world.serve(shop_of((1, "RED", 5))))
    kept = StoreJournal(store, MASKING)
    with transaction.atomic():
        kept.record(call())
        transaction.set_rollback(True)
        kept.flush()
    assert connection.is_usable()


def test_old_entries_nonces_and_jobs_go_and_young_ones_stay(world: World):
    store = world.connect(world.serve(shop_of((1, "RED", 5))))
    now = timezone.now()
    JournalEntry.objects.all().delete()
    for days in (40, 31, 29, 0):
        JournalEntry.objects.create(
            seller=world.seller, store=store, at=now - timedelta(days=days), method="GET", target="/", milliseconds=1
        )
    for hours in (30, 1):
        PushedEvent.objects.create(store=store, nonce=f"n{hours}", at=now - timedelta(hours=hours))

    pruned = retention.prune(now=now)

    assert (pruned["journal"], pruned["nonces"]) == (2, 1)
    assert JournalEntry.objects.count() == 2
    assert PushedEvent.objects.get().nonce == "n1"
