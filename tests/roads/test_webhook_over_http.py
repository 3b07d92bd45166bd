"""Shop and Entrepot speak over real HTTP in both directions."""

import time
import urllib.request
from collections.abc import Callable

from django.conf import settings as django_settings
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.live_server_helper import LiveServer

from entrepot.channels.models import JournalEntry, Store
from entrepot.connectors.opencart.simulator import Item
from tests.roads.rig import Place, Road, small_shop


def soon(true: Callable[[], bool]) -> bool:
    """Whether it comes true within ten seconds (a busy machine's three)."""
    end = time.monotonic() + 10
    while not (done := true()) and time.monotonic() < end:
        time.sleep(0.02)
    return done


def listening(road: Road, live_server: LiveServer, settings: django_settings) -> Place:
    """A live store whose shop knows our address, and is quick to try again where the first request was too slow."""
    settings.PUBLIC_URL = live_server.url
    urllib.request.urlopen(f"{live_server.url}/healthz", timeout=30).close()  # noqa: S310 - our own, on loopback
    place = road.connect(small_shop(RED=5))
    place.server.webhook.first_pause = 0.2
    return place


def test_an_order_in_the_shop_is_announced_at_once_and_its_pull_is_waiting(
    road: Road, live_server: LiveServer, settings: django_settings
) -> None:
    place = listening(road, live_server, settings)
    ProcrastinateJob.objects.all().delete()
    Store.objects.update(orders_due_at=None)

    order_id = place.shop.place_order([Item(1, 2)])

    assert soon(lambda: Store.objects.get().orders_due_at is not None)
    assert soon(lambda: ProcrastinateJob.objects.filter(task_name="pull_orders", status="todo").exists())
    place.pull()
    assert place.order(order_id).status == "new"


def test_our_own_status_write_is_announced_and_wakes_nobody(
    road: Road, live_server: LiveServer, settings: django_settings
) -> None:
    place = listening(road, live_server, settings)
    order_id = place.shop.place_order([Item(1, 2)])
    assert soon(lambda: place.server.webhook.sent > 0)
    place.pull()
    ProcrastinateJob.objects.all().delete()
    sent = place.server.webhook.sent

    place.shop.set_status(order_id, 2, origin="oms")

    assert soon(lambda: place.server.webhook.sent > sent)
    assert not ProcrastinateJob.objects.filter(task_name="pull_orders").exists()
    assert not JournalEntry.objects.filter(answer__icontains="buyer@example").exists()
