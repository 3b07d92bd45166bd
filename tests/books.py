"""Small factories for catalogue, stock and orders. Everything goes through the public verbs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from entrepot.accounts.models import Seller
from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemDraft, ItemRow, ProductRow
from entrepot.inventory import services as inventory
from entrepot.inventory.models import Movement, Reservation, Stock
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.orders.drafts import LineDraft, OrderDraft, Placed, TotalDraft
from entrepot.orders.models import Order, OrderEvent, SalesChannel

MINA = Actor("user", "Mina")
SHOP = Actor("store", "Seoul Socks")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def make_seller(name: str = "Seoul Socks") -> Seller:
    return Seller.objects.create(name=name)


def make_channel(seller: Seller, name: str = "Sock shop") -> SalesChannel:
    return SalesChannel.objects.create(seller=seller, name=name, kind="opencart", country="KR", currency="KRW")


def make_items(seller: Seller, **on_hand: int) -> dict[str, int]:
    """Items named by their SKUs with that much on hand: `make_items(seller, RED=3)`."""
    rows = [ItemRow(sku=sku, name=f"{sku} sock", product=ProductRow(key=sku, name=f"{sku} sock")) for sku in on_hand]
    ids = catalog.upsert_items(seller_id=seller.pk, rows=rows, actor=MINA)
    figures = {ids[sku]: quantity for sku, quantity in on_hand.items()}
    inventory.open_stock(seller_id=seller.pk, figures=figures, reference="import:1", actor=MINA)
    return ids


def make_kit(seller: Seller, sku: str, parts: Mapping[int, int]) -> int:
    draft = ItemDraft(sku=sku, name=f"{sku} kit")
    return catalog.create_kit(seller_id=seller.pk, draft=draft, parts=parts, actor=MINA).pk


def line(item_id: int | None, quantity: int = 1, *, remote_id: str = "1", **words: Any) -> LineDraft:
    facts: dict[str, Any] = {
        "remote_id": remote_id,
        "item_id": item_id,
        "product_remote_id": f"p{item_id}",
        "variation_key": "",
        "sku": f"sku-{item_id}",
        "name": f"Sock {item_id}",
        "model": "",
        "options": [],
        "quantity": quantity,
        "unit_price": Decimal("2.5000"),
        "line_total": Decimal("2.5000") * quantity,
        "unit_tax": Decimal("0.2500"),
    }
    return LineDraft(**{**facts, **words})


def draft(remote_id: str, *lines: LineDraft, minute: int = 0, **words: Any) -> OrderDraft:
    """An order placed `minute` minutes after noon."""
    total = sum((one.line_total for one in lines), Decimal(0))
    facts: dict[str, Any] = {
        "remote_id": remote_id,
        "number": f"#{remote_id}",
        "remote_status_id": "2",
        "remote_version": 1,
        "placed_at": NOON + timedelta(minutes=minute),
        "base_currency": "USD",
        "currency": "EUR",
        "rate": Decimal("0.78460002"),
        "total": total,
        "buyer_name": "O'Brien & Søns",
        "buyer_email": "buyer@example.com",
        "buyer_phone": "+82 2 000",
        "shipping": {"name": "김서연", "city": "서울", "postcode": "03172"},
        "billing": None,
        "payment_method": "Cash on delivery",
        "shipping_method": "Flat rate",
        "comment": "",
        "lines": lines,
        "totals": [TotalDraft(code="total", title="Total", amount=total)],
    }
    return OrderDraft(**{**facts, **words})


def place(channel: SalesChannel, *drafts: OrderDraft) -> list[Placed]:
    return orders.place_orders(
        seller_id=channel.seller_id, sales_channel_id=channel.pk, drafts=drafts, actor=SHOP, now=NOON
    )


def place_one(channel: SalesChannel, one: OrderDraft) -> Order:
    return Order.objects.get(pk=place(channel, one)[0].order_id)


def figure(item_id: int) -> tuple[int, int]:
    """On hand and reserved over all warehouses."""
    rows = Stock.objects.filter(item_id=item_id)
    return sum(row.on_hand for row in rows), sum(row.reserved for row in rows)


def status(order: Order) -> str:
    return Order.objects.get(pk=order.pk).status


def story(order: Order) -> list[tuple[str, str, str]]:
    """The time line as (kind, from, to)."""
    rows = OrderEvent.objects.filter(order=order).order_by("id")
    return list(rows.values_list("kind", "from_status", "to_status"))


def held(order: Order) -> int:
    """How many units the order holds."""
    references = [one.reference for one in order.lines.all()]
    return sum(Reservation.objects.filter(reference__in=references).values_list("quantity", flat=True))


def assert_books_add_up(seller_ids: Sequence[int]) -> None:
    """Every stock row is the sum of its movements, step by step, and its reservations are what is reserved."""
    for stock in Stock.objects.filter(seller_id__in=seller_ids):
        moves = Movement.objects.filter(item_id=stock.item_id, warehouse_id=stock.warehouse_id).order_by("version")
        on_hand = reserved = 0
        for number, step in enumerate(moves, 1):
            on_hand += step.on_hand_delta
            reserved += step.reserved_delta
            assert (step.version, step.on_hand_after, step.reserved_after) == (number, on_hand, reserved)
        assert (stock.on_hand, stock.reserved, stock.version) == (on_hand, reserved, moves.count())
        rows = Reservation.objects.filter(item_id=stock.item_id, warehouse_id=stock.warehouse_id)
        assert sum(rows.values_list("quantity", flat=True)) == reserved
