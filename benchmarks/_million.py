"""A seller with a million orders, written by a few statements. Imported only once Django is ready.

What people search by is made by the same code as for orders that come in; which buyer bought what is arithmetic, so two
runs write the same.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from entrepot.accounts.models import Membership, Seller, User
from entrepot.catalog.models import Item, Product
from entrepot.catalog.rows import as_json, copy_in, fetch, run
from entrepot.fulfilment.models import Carrier
from entrepot.inventory.models import Warehouse
from entrepot.orders.models import SalesChannel
from entrepot.orders.search import text_of

ITEMS = 5000
FIRST_OWN = 10_000_000
"""What is written by hand beside the many begins here."""
FAMILY = "김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허유남"
GIVEN = [
    "가람",
    "나래",
    "다온",
    "도윤",
    "민서",
    "민준",
    "보람",
    "서연",
    "서준",
    "수아",
    "슬기",
    "시우",
    "예린",
    "우진",
    "은채",
    "이안",
    "주원",
    "지민",
    "지우",
    "지호",
    "채원",
    "하늘",
    "하린",
    "하준",
    "현우",
]
FIRST = [
    "Anna",
    "Ben",
    "Clara",
    "David",
    "Emma",
    "Felix",
    "Grace",
    "Henry",
    "Ines",
    "Jonas",
    "Klara",
    "Liam",
    "Mina",
    "Noah",
    "Olga",
    "Paul",
    "Rosa",
    "Simon",
    "Tessa",
    "Viktor",
]
LAST = ["Adler", "Bakker", "Costa", "Duarte", "Evans", "Fischer", "Garcia", "Hansen", "Ivanov", "Jensen", "Keller"]
CITIES = [
    ("서울특별시", "KR"),
    ("부산광역시", "KR"),
    ("성남시", "KR"),
    ("Berlin", "DE"),
    ("Lyon", "FR"),
    ("Oslo", "NO"),
]
KINDS = [
    "sock",
    "shirt",
    "coat",
    "mug",
    "lamp",
    "towel",
    "bag",
    "hat",
    "양말",
    "셔츠",
    "코트",
    "머그컵",
    "조명",
    "수건",
    "가방",
    "모자",
]
MAKES = [
    "linen",
    "cotton",
    "wool",
    "silk",
    "denim",
    "canvas",
    "bamboo",
    "ceramic",
    "린넨",
    "면",
    "울",
    "실크",
    "데님",
    "캔버스",
    "대나무",
    "도자기",
]
RARE = "zirconium"
"""A word of one item, which a few hundred orders have."""
MIDDLING = "velvet"
"""A word of some items, which one order in a hundred has: neither way to look is short."""
PAYMENTS = ["Card", "Bank transfer", "Naver Pay", "Kakao Pay", "Cash on delivery", "Cheque"]

ORDERS = """
INSERT INTO orders_order (
    id, seller_id, sales_channel_id, remote_id, number, status, hold_code, held_from, remote_status_id, remote_version,
    placed_at, base_currency, currency, rate, total, buyer_name, buyer_email, buyer_phone, shipping, billing,
    payment_method, shipping_method, comment, follows, origin, pickup, tags, search_text, version,
    created_at, updated_at)
SELECT i, %(seller)s, (%(channels)s::bigint[])[c], i::text, number, status,
    CASE WHEN status = 'on_hold'
        THEN (ARRAY['unmapped_sku', 'person', 'address_incomplete'])[1 + i %% 3] ELSE '' END,
    CASE WHEN status = 'on_hold' THEN 'new' ELSE '' END, '2', 1, placed_at, 'KRW', 'KRW', 1,
    1000 * (1 + i * 7919 %% 300),
    b.name, b.email, b.phone, b.shipping::jsonb, NULL,
    (%(payments)s::text[])[CASE WHEN i %% 1000 = 0 THEN 6 ELSE 1 + i * 31 %% 5 END], 'Parcel',
    CASE WHEN i %% 40 = 0 THEN 'Please call before delivery' ELSE '' END, '', '', i %% 500 = 0,
    CASE WHEN i %% 120 = 0 THEN ARRAY[(ARRAY['gift', 'vip', '합포장'])[1 + i / 120 %% 3]] ELSE '{{}}' END,
    ' ' || number || ' ' || replace(number, '-', '') || ' ' || i || b.words || l.words, 1, placed_at, placed_at
FROM (
    SELECT i, now() - make_interval(secs => (%(count)s - i) * 94 + i * 7 %% 60) AS placed_at,
        CASE WHEN i %% 20 < 12 THEN 1 WHEN i %% 20 < 17 THEN 2 WHEN i %% 20 < 19 THEN 3 ELSE 4 END AS c,
        CASE WHEN %(count)s - i < %(count)s * 0.004 THEN (ARRAY['new', 'new', 'new', 'rfp', 'rfp', 'partial',
                'ready_to_ship', 'ready_to_ship', 'on_hold', 'cancel_in_process'])[1 + i %% 10]
            WHEN %(count)s - i < %(count)s * 0.02 THEN 'in_transit'
            WHEN i %% 33 = 0 THEN 'canceled' WHEN i %% 101 = 0 THEN 'returned'
            WHEN i %% 499 = 0 THEN 'return_in_process'
            WHEN i %% 211 = 0 THEN 'seller_canceled' WHEN i %% 307 = 0 THEN 'unpaid_canceled'
            ELSE 'complete' END AS status
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i
) AS o
CROSS JOIN LATERAL (SELECT to_char(o.placed_at, 'YYYYMMDD') || '-' || lpad(o.i::text, 7, '0') AS number) AS n
JOIN bench_buyer AS b ON b.id = (o.i * 7919) %% {buyers}
CROSS JOIN LATERAL (
    SELECT string_agg(w.words, '') AS words FROM generate_series(1, 1 + (o.i %% 5)::int) AS k
    JOIN bench_item AS w ON w.id = {item}
) AS l
"""
ITEM = "floor({items} * power((((o.i * 5 + k) * 2654435761) %% 1000003) / 1000003.0, 3))::int"
LINES = """
INSERT INTO orders_orderline (id, order_id, position, remote_id, item_id, product_remote_id, variation_key, sku, name,
    model, options, quantity, canceled, shipped, returned, unit_price, line_total, unit_tax)
SELECT o.i * 5 + k, o.i, k, k::text, w.item_id, w.id::text, '', w.sku, w.name, '', '[]',
    1 + k %% 2, 0, 0, 0, 1000, 1000, 0
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS o(i)
CROSS JOIN LATERAL generate_series(1, 1 + (o.i %% 5)::int) AS k
JOIN bench_item AS w ON w.id = {item}
"""
PARCELS = """
INSERT INTO fulfilment_shipment (seller_id, order_id, state, carrier, carrier_name, tracking_number, tracking_url,
    carrier_ref_id, chosen_because, remote_id, version, told_version, packed_at, updated_at)
SELECT %(seller)s, id, CASE status WHEN 'ready_to_ship' THEN 'packed' ELSE 'handed_over' END, 'CJ', 'CJ대한통운',
    (640000000000 + id)::text, '', %(carrier)s, '[]', '', 1, 1, placed_at, placed_at
FROM orders_order WHERE seller_id = %(seller)s AND status IN ('ready_to_ship', 'in_transit', 'complete')
ORDER BY id DESC LIMIT %(parcels)s
"""
NOTES = """
INSERT INTO orders_ordernote (order_id, at, author, text)
SELECT id, placed_at, 'Mina', 'Wrap it.' FROM orders_order WHERE id %% 200 = 7
"""
COUNTS = """
INSERT INTO orders_ordercount (seller_id, sales_channel_id, status, n)
SELECT seller_id, sales_channel_id, status, count(*) FROM orders_order GROUP BY 1, 2, 3
"""
SEQUENCES = "SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM {table}))"
BULKY = ("orders_order", "orders_orderline", "fulfilment_shipment")
CHUNK = 100_000


@dataclass(frozen=True)
class Million:
    """What was written."""

    seller: Seller
    owner: Membership
    scoped: Membership
    channels: Sequence[SalesChannel]
    count: int


def write_orders(count: int) -> Million:
    """`count` orders with three times as many lines, of one seller with four channels."""
    seller = Seller.objects.create(name="Million trading", timezone="Asia/Seoul")
    owner = Membership.objects.create(
        seller=seller, user=User.objects.create_user("owner@example.com", name="Owner"), role="owner"
    )
    channels = [
        SalesChannel.objects.create(seller=seller, name=name, kind="opencart", country="KR", currency="KRW")
        for name in ("Seoul shop", "World shop", "Outlet", "Market")
    ]
    Warehouse.objects.get_or_create(seller=seller, name="Main")
    _write_items(seller)
    return write_orders_of(owner, channels, count)


def write_orders_of(owner: Membership, channels: Sequence[SalesChannel], count: int) -> Million:
    """The same for a seller who is there and has items, in four channels of theirs."""
    seller = owner.seller
    scoped = Membership.objects.create(
        seller=seller,
        user=User.objects.create_user("picker@example.com", name="Picker"),
        role="read_only",
        store_ids=[channels[2].pk, channels[3].pk],
    )
    carrier = Carrier.objects.create(seller=seller, name="CJ대한통운", kind="cj")
    buyers = max(count // 5, 10)
    _name_items(seller)
    _write_buyers(buyers)
    facts = {
        "seller": seller.pk, "channels": [row.pk for row in channels], "payments": PAYMENTS, "count": count,
        "carrier": carrier.pk, "parcels": count // 10,
    }  # fmt: skip
    item = ITEM.format(items=ITEMS)
    with _without_indexes():
        for first in range(1, count + 1, CHUNK):
            span = facts | {"first": first, "last": min(first + CHUNK - 1, count)}
            run(ORDERS.format(item=item, buyers=buyers), span)  # type: ignore[arg-type] # named parameters
            run(LINES.format(item=item), span)  # type: ignore[arg-type] # likewise
        run(PARCELS, facts)  # type: ignore[arg-type] # likewise
        run(NOTES, [])
        run("DELETE FROM orders_ordercount", [])
        run(COUNTS, [])
        for table in BULKY:
            fetch(SEQUENCES.format(table=table), [table])
    for table in (*BULKY, "orders_ordernote", "orders_ordercount"):
        run(f"VACUUM (ANALYZE) {table}", [])
    return Million(seller, owner, scoped, channels, count)


def _write_items(seller: Seller) -> None:
    chance = random.Random(7)
    product = Product.objects.create(seller=seller, name="Everything")
    names = [f"{chance.choice(MAKES)} {chance.choice(KINDS)} {number}" for number in range(ITEMS)]
    names[-1] = f"{RARE} lamp"
    for number in range(600, 628):
        names[number] = f"{MIDDLING} {chance.choice(KINDS)} {number}"
    Item.objects.bulk_create(
        Item(seller=seller, product=product, sku=f"SKU-{number:05d}", name=name) for number, name in enumerate(names)
    )


def _name_items(seller: Seller) -> None:
    """What is bought: the seller's first items."""
    known = Item.objects.filter(seller=seller, id__lt=FIRST_OWN).order_by("id")[:ITEMS]
    run("CREATE TEMP TABLE bench_item (id int PRIMARY KEY, item_id bigint, sku text, name text, words text)", [])
    copy_in(
        "COPY bench_item FROM STDIN",
        ((number, item.pk, item.sku, item.name, text_of([item.sku, item.name])) for number, item in enumerate(known)),
    )
    run("ANALYZE bench_item", [])


def _write_buyers(count: int) -> None:
    run(
        "CREATE TEMP TABLE bench_buyer "
        "(id bigint PRIMARY KEY, name text, email text, phone text, shipping text, words text)",
        [],
    )
    copy_in("COPY bench_buyer FROM STDIN", _buyers(count))
    run("ANALYZE bench_buyer", [])


def _buyers(count: int) -> Iterator[Sequence[object]]:
    chance = random.Random(11)
    for number in range(count):
        korean = number % 10 < 7
        name = (
            chance.choice(FAMILY) + chance.choice(GIVEN) if korean else f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        )
        city, country = CITIES[number % 3] if korean else CITIES[3 + number % 3]
        phone = f"010-{chance.randrange(10000):04d}-{chance.randrange(10000):04d}"
        address = {
            "name": name, "phone": phone, "postcode": f"{10000 + number % 53000:05d}", "city": city,
            "country_code": country, "address_1": f"{number % 400 + 1} Long street",
        }  # fmt: skip
        email = f"buyer{number}@example.com"
        words = text_of([name, email, phone, address["postcode"], city])
        yield number, name, email, phone, as_json(address), words


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Load into bare tables and index them afterwards, as for any big load; the counting triggers rest meanwhile."""
    found = fetch(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique",
        [list(BULKY)],
    )
    run("SET maintenance_work_mem = '1GB'", [])
    for table in BULKY:
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER", [])
    for name, _made in found:
        run(f'DROP INDEX "{name}"', [])
    yield
    for table in BULKY:
        run(f"ALTER TABLE {table} ENABLE TRIGGER USER", [])
    for _name, made in found:
        run(made, [])
