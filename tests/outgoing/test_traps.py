"""What other systems are told where it is tight: scopes, problems nobody may forget, a house that changes hands."""

import pytest
from django.urls import reverse

from entrepot.channels.models import Problem
from entrepot.inventory.models import Warehouse
from entrepot.kernel.actor import Actor
from entrepot.kernel.addresses import is_public
from entrepot.outgoing.errors import EndpointsLimited, EndpointUrlInvalid
from entrepot.outgoing.models import Endpoint, Notice
from entrepot.outgoing.services import deliver as delivery
from entrepot.outgoing.services import endpoints
from entrepot.warehouse.services.houses import change_mode
from tests.books import MINA
from tests.elsewhere import Elsewhere
from tests.web.factories import make_person, sit_down


@pytest.mark.parametrize("url", ["https://:secret@wms.example/x", "https://@wms.example/x"])
def test_an_address_with_anything_of_a_user_in_it_is_refused(outside: Elsewhere, url: str) -> None:
    with pytest.raises(EndpointUrlInvalid):
        endpoints.change_endpoint(seller_id=outside.seller_id, endpoint_id=outside.endpoint.pk, url=url, actor=MINA)


@pytest.mark.parametrize("address", ["fec0::1", "::7f00:1", "::a01:203", "64:ff9b:1::7f00:1"])
def test_odd_ways_to_write_a_machine_inside_are_none_either(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("deed", ["pause", "resume", "test", "delete", "secret"])
def test_who_works_for_one_warehouse_only_neither_sees_nor_changes_what_others_are_told(
    outside: Elsewhere, deed: str
) -> None:
    outside.order("1", RED=1)
    outside.tell()
    member = make_person(outside.channel.seller, "manager")
    member.warehouse_ids = [outside.warehouse_id]
    member.save(update_fields=["warehouse_ids"])
    browser = sit_down(member)
    before = list(Endpoint.objects.values()), Notice.objects.count()

    done = browser.post(reverse("web:endpoint_deed", args=[outside.endpoint.pk, deed]))
    seen = [
        browser.get(reverse("web:endpoints")),
        browser.get(reverse("web:endpoint", args=[outside.endpoint.pk])),
        browser.get(reverse("web:notice", args=[Notice.objects.get().pk])),
        browser.post(reverse("web:notice_again", args=[Notice.objects.get().pk])),
    ]

    assert [done.status_code, *(one.status_code for one in seen)] == [403] * 5
    assert (list(Endpoint.objects.values()), Notice.objects.count()) == before


def test_verbs_refuse_who_works_for_some_only(outside: Elsewhere) -> None:
    member = make_person(outside.channel.seller, "manager")
    member.warehouse_ids = [outside.warehouse_id]
    member.save(update_fields=["warehouse_ids"])
    who = {
        "seller_id": outside.seller_id,
        "endpoint_id": outside.endpoint.pk,
        "actor": Actor("user", "x", member.user_id),
    }
    for verb in (
        endpoints.pause_endpoint,
        endpoints.resume_endpoint,
        endpoints.delete_endpoint,
        endpoints.ping,
        endpoints.new_secret,
    ):
        with pytest.raises(EndpointsLimited):
            verb(**who)
    assert Endpoint.objects.get().state == "active"


def open_codes() -> list[str]:
    return sorted(Problem.objects.filter(object_type="endpoint", resolved_at=None).values_list("code", flat=True))


def test_a_message_that_is_refused_stays_a_problem_though_the_address_came_back(outside: Elsewhere) -> None:
    outside.order("1", RED=1)
    outside.server.faults.extend([422] * 5 + [500] * 5)
    for _ in range(5):
        outside.now()
    assert open_codes() == ["notices_refused"]
    for _ in range(5):
        outside.now()
    assert open_codes() == ["endpoint_failing", "notices_refused"]
    endpoints.ping(seller_id=outside.seller_id, endpoint_id=outside.endpoint.pk, actor=MINA)
    outside.server.faults.append(422)

    outside.now()

    assert outside.heard() == ["ping"]
    assert open_codes() == ["notices_refused"]


def test_an_address_that_fails_on_after_a_pause_is_a_problem_again(outside: Elsewhere) -> None:
    outside.order("1", RED=1)
    Endpoint.objects.filter(pk=outside.endpoint.pk).update(url="http://127.0.0.1:9/")
    for _ in range(6):
        outside.now()
    assert open_codes() == ["endpoint_failing"]
    who = {"seller_id": outside.seller_id, "endpoint_id": outside.endpoint.pk, "actor": MINA}
    endpoints.pause_endpoint(**who)
    assert open_codes() == []
    endpoints.resume_endpoint(**who)

    outside.now()

    assert open_codes() == ["endpoint_failing"]


def test_orders_of_a_house_that_is_ones_own_again_are_recalled_and_no_new_ones_told(outside: Elsewhere) -> None:
    order = outside.order("1", RED=2)
    outside.tell()

    change_mode(seller_id=outside.seller_id, warehouse_id=outside.warehouse_id, mode=Warehouse.Mode.WMS, actor=MINA)
    outside.order("2", BLUE=1)
    outside.tell()

    assert outside.heard() == ["order.released", "order.recalled"]
    assert outside.house.inbox[-1].data["order_id"] == order.pk
    assert (outside.tell(), delivery.owing()) == (0, [])
