"""A scan that is sent twice is done once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from entrepot.inventory.errors import QuantityInvalid
from entrepot.kernel.actor import Actor
from entrepot.warehouse.messages import Message
from entrepot.warehouse.services.once import forget_scans, once
from entrepot.warehouse.work_errors import KeyInvalid, KeyReused
from tests.books import MINA, make_seller

TOKEN = "0123456789abcdef"


def test_the_same_scan_again_is_told_what_came_of_it_and_does_nothing(seller):
    done = []

    def deed():
        done.append("picked")
        return {"words": "1 of RED"}

    words = {"seller_id": seller.pk, "key": TOKEN, "asked": {"scan": "RED"}, "deed": deed, "actor": MINA}

    assert once(**words) == ({"words": "1 of RED"}, True)
    assert once(**words) == ({"words": "1 of RED"}, False)
    assert done == ["picked"]


def test_a_key_is_one_scans_of_one_person_and_one_seller(seller):
    words = {"seller_id": seller.pk, "key": TOKEN, "asked": {"scan": "RED"}, "deed": dict, "actor": MINA}
    once(**words)

    with pytest.raises(KeyReused):
        once(**{**words, "asked": {"scan": "BLUE"}})
    with pytest.raises(KeyReused):
        once(**{**words, "actor": Actor("user", "Hana")})
    for bad in ("", "short", "x" * 61):
        with pytest.raises(KeyInvalid):
            once(**{**words, "key": bad})
    assert once(**{**words, "seller_id": make_seller("Busan Boots").pk})[1] is True
    assert Message.objects.filter(seller=seller).count() == 1


def test_a_refused_scan_leaves_its_key_free(seller):
    def refuse():
        raise QuantityInvalid(quantity=0)

    words = {"seller_id": seller.pk, "key": TOKEN, "asked": {}, "actor": MINA}
    with pytest.raises(QuantityInvalid):
        once(deed=refuse, **words)

    assert not Message.objects.exists()
    assert once(deed=dict, **words) == ({}, True)


@pytest.mark.usefixtures("transactional_db")
def test_of_two_that_come_at_once_one_is_done():
    seller = make_seller()
    done, answers, start = [], [], Barrier(2)

    def deed():
        done.append(1)
        return {"n": len(done)}

    def send():
        try:
            start.wait(5)
            answers.append(once(seller_id=seller.pk, key=TOKEN, asked={}, deed=deed, actor=MINA))
        finally:
            connection.close()

    senders = [Thread(target=send) for _ in range(2)]
    for one in senders:
        one.start()
    for one in senders:
        one.join(20)

    assert sorted(answers, key=lambda pair: pair[1]) == [({"n": 1}, False), ({"n": 1}, True)]
    assert done == [1]


def test_scans_are_forgotten_after_a_week_and_messages_of_other_systems_are_not(seller):
    old = timezone.now() - timedelta(days=8)
    once(seller_id=seller.pk, key=TOKEN, asked={}, deed=dict, actor=MINA, now=old)
    once(seller_id=seller.pk, key=TOKEN + "2", asked={}, deed=dict, actor=MINA)
    Message.objects.create(seller=seller, key="theirs", kind="Picked", digest="", actor_label="WMS", at=old)

    assert forget_scans(actor=MINA) == 1
    assert set(Message.objects.values_list("key", flat=True)) == {f"scan:{TOKEN}2", "theirs"}
