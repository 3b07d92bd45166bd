"""50 buyers at once for the last 10 units, 20 times: exactly 10 are granted, and the ledger adds up."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from benchmarks._desk import ACTOR, make_seller
from benchmarks._rig import Figures, World, must
from entrepot.accounts.models import Seller
from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemRow, ProductRow
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Movement, Stock
from entrepot.orders import services as orders
from entrepot.orders.drafts import LineDraft, OrderDraft
from entrepot.orders.models import SalesChannel

BUYERS, UNITS = 50, 10


def run(world: World, *, short: bool) -> Figures:
    seller = make_seller()
    channel = SalesChannel.objects.create(seller=seller, name="Shop", kind="offline", country="US", currency="USD")
    granted: list[int] = []
    times: list[float] = []
    for number in range(3 if short else 20):
        item_id = _item(seller, f"LAST-{number}")
        answers, seconds = _rush(channel, item_id, number)
        granted.append(answers["new"])
        times.append(seconds)
        must(answers == {"new": UNITS, "partial": BUYERS - UNITS}, f"round {number}: {dict(answers)}")
        _check_ledger(item_id)
        world.memory()
    return {
        "value": max(granted),
        "unit": "units granted of 10",
        "rounds": len(granted),
        "granted": granted,
        "buyers": BUYERS,
        "seconds_a_round": round(sum(times) / len(times), 3),
        "memory_mb": world.memory(),
    }


def _item(seller: Seller, sku: str) -> int:
    row = ItemRow(sku=sku, name=sku, product=ProductRow(key=sku, name=sku))
    item_id = catalog.upsert_items(seller_id=seller.pk, rows=[row], actor=ACTOR)[sku]
    inventory.open_stock(seller_id=seller.pk, figures={item_id: UNITS}, reference="benchmark", actor=ACTOR)
    return item_id


def _rush(channel: SalesChannel, item_id: int, number: int) -> tuple[Counter[str], float]:
    line = threading.Barrier(BUYERS + 1)
    answers: Counter[str] = Counter()
    threads = [
        threading.Thread(target=_buy, args=(channel, _draft(item_id, f"{number}-{buyer}"), line, answers))
        for buyer in range(BUYERS)
    ]
    for thread in threads:
        thread.start()
    line.wait(60)
    began = time.monotonic()
    for thread in threads:
        thread.join(60)
    return answers, time.monotonic() - began


def _buy(channel: SalesChannel, draft: OrderDraft, line: threading.Barrier, answers: Counter[str]) -> None:
    try:
        connection.ensure_connection()
        line.wait(60)
        placed = orders.place_order(seller_id=channel.seller_id, sales_channel_id=channel.pk, draft=draft, actor=ACTOR)
        answers[placed.status] += 1
    finally:
        connection.close()


def _draft(item_id: int, name: str) -> OrderDraft:
    one = Decimal(1)
    wanted = LineDraft(
        remote_id="1",
        item_id=item_id,
        product_remote_id="1",
        variation_key="",
        sku="LAST",
        name="The last ones",
        model="",
        options=[],
        quantity=1,
        unit_price=one,
        line_total=one,
        unit_tax=Decimal(0),
    )
    return OrderDraft(
        remote_id=name,
        number=name,
        remote_status_id="1",
        remote_version=1,
        placed_at=datetime.now(UTC),
        base_currency="USD",
        currency="USD",
        rate=one,
        total=one,
        buyer_name="",
        buyer_email="",
        buyer_phone="",
        shipping=None,
        billing=None,
        payment_method="",
        shipping_method="",
        comment="",
        lines=[wanted],
        totals=[],
    )


def _check_ledger(item_id: int) -> None:
    row = Stock.objects.get(item_id=item_id)
    sums = Movement.objects.filter(item_id=item_id).aggregate(hand=Sum("on_hand_delta"), held=Sum("reserved_delta"))
    must((row.on_hand, row.reserved) == (UNITS, UNITS), f"{row.on_hand} on hand, {row.reserved} reserved")
    must((sums["hand"], sums["held"]) == (UNITS, UNITS), f"the ledger says {sums}")
