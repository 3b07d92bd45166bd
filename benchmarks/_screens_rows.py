"""The many of everything beside orders and items. Imported only once Django is ready."""

from collections.abc import Sequence

from benchmarks._copies import copies, nth, pick
from entrepot.accounts.models import AuditEntry, Membership, SignInLink, User
from entrepot.catalog.models import Category
from entrepot.catalog.rows import run
from entrepot.channels.models import (
    Drift,
    Finding,
    JournalEntry,
    ListPrice,
    PlanLine,
    PromotionLine,
    RemoteBrand,
    RemoteCategory,
    Run,
    StatusMapping,
    StockTold,
    Store,
)
from entrepot.fulfilment.models import CarrierRule, Shipment
from entrepot.inventory.models import BinMove, BinStock
from entrepot.orders.models import BulkItem, OrderNote
from entrepot.outgoing.models import Attempt
from entrepot.sheets.models import UploadRow
from entrepot.warehouse.models import CountLine, ManifestLine, Pack, ReceiptLine
from tests.web.factories import House

AGO = "now() - make_interval(mins => i)"
LATE = """
UPDATE channels_listing SET sent_version = 0, sent_at = now() - interval '1 hour' WHERE seller_id = %s AND id %% 211 = 0
"""


def write_rows(house: House, others: Sequence[Store], count: int) -> None:
    """As much as a seller with `count` items has after some years."""
    _listings(house, others, count)
    pick(house.seller.pk)
    _offers(house, count)
    _trouble(house, count)
    _desk(house, count)
    _warehouse(house, count)
    _work(house, count)
    _people(house, count)


def _listings(house: House, others: Sequence[Store], count: int) -> None:
    facts = {
        "item_id": "p.item_id", "title": "'Listed thing ' || i", "remote_sku": "'SKU-' || i", "sent_version": "3",
        "remote_id": "'r' || i", "created_at": AGO, "updated_at": AGO, "sent_at": AGO, "seen_at": AGO,
    }  # fmt: skip
    copies(house.listing, count, **facts)
    for number, store in enumerate(others, 1):
        copies(house.listing, count // (3 * number), **facts, store_id=str(store.pk))
    copies(house.unmatched, count // 50, remote_id="'u' || i", title="'Unknown thing ' || i", remote_sku="'U-' || i")
    run(LATE, [house.seller.pk])
    run("ANALYZE channels_listing", [])


def _offers(house: House, count: int) -> None:
    """Prices, promotions, plans, changes, differences, categories."""
    copies(
        house.change, count // 5, listing_id="p.listing_id", key="'c' || i", asked_at=AGO, done_at=AGO,
        remote_id="'r' || i",
        state="CASE WHEN i % 50 = 0 THEN 'failed' ELSE 'done' END",
    )  # fmt: skip
    copies(house.difference, count // 50, listing_id="p.listing_id", found_at=AGO)
    copies(ListPrice.objects.get(price_list=house.price_list), count, item_id="p.item_id")
    copies(house.price_list, 30, name="'Prices ' || i")
    copies(house.promotion, 300, name="'Sale ' || i", created_at=AGO, state="'ended'")
    copies(PromotionLine.objects.get(promotion=house.promotion), count // 20, listing_id="p.listing_id")
    copies(house.plan, count // 100, title="'Plan ' || i", created_at=AGO, applied_at=AGO, state="'applied'")
    copies(PlanLine.objects.get(plan=house.plan), count // 10, listing_id="p.listing_id", remote_id="'r' || i")
    run("UPDATE channels_plan SET total = %s WHERE id = %s", [count // 10, house.plan.pk])
    copies(RemoteCategory.objects.get(store=house.store), 3000, remote_id="'k' || i", name="'Shelf ' || i")
    copies(RemoteBrand.objects.get(store=house.store), 1000, remote_id="'b' || i", name="'Make ' || i")
    copies(Category.objects.get(pk=house.category_id), 1000, name="'Category ' || i")
    copies(StatusMapping.objects.get(store=house.store), 40, remote_id="'s' || i", name="'State ' || i")
    copies(StockTold.objects.get(listing=house.listing), count, listing_id="p.listing_id", at=AGO)


def _trouble(house: House, count: int) -> None:
    """Problems, findings, runs, drift, the journal of calls."""
    many = count // 20
    copies(
        house.problem, many, object_type="'listing'", object_id="p.listing_id::text", first_at=AGO, last_at=AGO,
        code="(ARRAY['stock_refused', 'price_refused', 'push_refused'])[1 + i % 3]",
        resolved_at=f"CASE WHEN i % 5 = 0 THEN NULL ELSE {AGO} END",
    )  # fmt: skip
    finding = Finding.objects.get(store=house.store)
    copies(finding, many, remote_id="'f' || i", title="'Twin ' || i", found_at=AGO, blocking="i % 9 = 0")
    one = Run.objects.filter(store=house.store).latest("pk")
    copies(one, many, kind="'orders'", started_at=AGO, progressed_at=AGO, finished_at=AGO)
    drift = Drift.objects.get(store=house.store)
    copies(
        drift,
        many,
        listing_id="p.listing_id",
        found_at=AGO,
        repaired_at=f"CASE WHEN i % 9 = 0 THEN NULL ELSE {AGO} END",
    )
    entry = JournalEntry.objects.get(store=house.store)
    copies(entry, count, at="now() - make_interval(secs => i * 7)", about="ARRAY['listing:' || i]")


def _desk(house: House, count: int) -> None:
    """Deeds for many orders, files, claims, notes, what other systems were told."""
    copies(house.bulk, 500, created_at=AGO, started_at=AGO, ended_at=AGO)
    copies(BulkItem.objects.get(bulk=house.bulk), min(count // 10, 1000), order_id="p.order_id")
    run("UPDATE orders_bulk SET total = %s WHERE id = %s", [1 + min(count // 10, 1000), house.bulk.pk])
    copies(house.upload, 500, created_at=AGO, progressed_at=AGO, ended_at=AGO)
    row = UploadRow.objects.filter(upload=house.upload).latest("number")
    copies(row, count // 5, number="i + 10", key="'K' || i")
    copies(house.claim, count // 50, order_id="p.order_id", remote_id="'C' || i", asked_at=AGO)
    note = OrderNote.objects.filter(order__seller=house.seller).latest("pk")
    copies(note, 200, order_id=str(house.order.pk), at=AGO)
    uid = "'msg_' || i"
    copies(house.notice, count // 2, uid=uid, lane="'order:' || i", source="i", made_at=AGO, taken_at=AGO)
    copies(Attempt.objects.get(notice=house.notice), 20, at=AGO)
    copies(house.endpoint, 5, name="'System ' || i", warehouse_id="NULL")
    copies(AuditEntry.objects.filter(seller=house.seller).latest("pk"), count, at=AGO, object_id="i::text")


def _warehouse(house: House, count: int) -> None:
    """Zones, bins and what is in them, receipts, counts, returns, totes."""
    hall, many = house.hall, count // 20
    copies(hall.zone, 20, code="'Z' || i", name="'Aisle ' || i")
    bins = copies(hall.bin, many, code="'B-' || i", path="i")
    place = BinStock.objects.filter(bin=hall.bin).order_by("pk")[0]
    copies(place, many, bin_id=nth(bins), item_id="p.item_id")
    copies(place, 300, item_id="p.item_id")
    run(
        "UPDATE inventory_stock AS s SET located = least(s.on_hand, b.n) FROM (SELECT item_id, sum(quantity) AS n "
        "FROM inventory_binstock WHERE seller_id = %s GROUP BY 1) AS b WHERE b.item_id = s.item_id",
        [house.seller.pk],
    )
    move = BinMove.objects.filter(seller=house.seller).latest("pk")
    copies(move, count // 2, item_id="p.item_id", at=AGO)
    copies(
        hall.receipt,
        many,
        number="'R-' || i",
        created_at=AGO,
        state="CASE WHEN i % 20 = 0 THEN 'open' ELSE 'closed' END",
    )
    line = ReceiptLine.objects.create(receipt=hall.receipt, item_id=house.items["RED"], expected=5, received=2)
    copies(line, 500, item_id="p.item_id")
    copies(hall.count, 300, number="'C-' || i", started_at=AGO, state="'done'", closed_at=AGO)
    copies(CountLine.objects.filter(count=hall.count).order_by("pk")[0], 500, item_id="p.item_id")
    copies(hall.back, many, number="'B-' || i", order_id="p.order_id", created_at=AGO)
    copies(hall.tote, 300, code="'T-' || i", work_id="NULL")


def _work(house: House, count: int) -> None:
    """Work orders, waves, pick lists, packs, manifests."""
    hall, many = house.hall, count // 20
    state = "CASE WHEN i % 10 = 0 THEN was.state ELSE 'handed_over' END"
    works = copies(hall.work, many, order_id="p.order_id", number="'K-' || i", released_at=AGO, state=state)
    first = hall.work.lines.get()
    copies(first, len(works), work_id=nth(works), order_line_id="p.line_id", item_id="p.item_id")
    copies(
        hall.wave,
        many // 4,
        number="'W-' || i",
        created_at=AGO,
        state="CASE WHEN i % 20 = 0 THEN was.state ELSE 'done' END",
    )
    copies(hall.pick_list, 20, number="'P-' || i")
    copies(hall.pick_line, 200, position="i + 1", item_id="p.item_id")
    sent = Shipment.objects.filter(seller=house.seller).exclude(pk=house.parcel.pk).order_by("-pk")
    parcels = list(sent.values_list("pk", flat=True)[:many])
    both = min(len(parcels), len(works))
    copies(Pack.objects.get(work=hall.work), both, shipment_id=nth(parcels), packed_at=AGO, work_id=nth(works))
    copies(hall.manifest, many // 4, number="'M-' || i", created_at=AGO, state="'closed'", closed_at=AGO)
    line = ManifestLine.objects.get(manifest=hall.manifest)
    copies(line, min(400, both), shipment_id=nth(parcels), scanned="'64' || i", scanned_at=AGO)


def _people(house: House, count: int) -> None:
    for number in range(min(60, count // 50)):
        user = User.objects.create_user(f"worker{number}@example.com", name=f"Worker {number}")
        Membership.objects.create(seller=house.seller, user=user, role="operator")
    copies(
        SignInLink.objects.get(pk=house.invitation.pk),
        30,
        email="'p' || i || '@example.com'",
        token_hash="'t' || i",  # noqa: S106 - SQL
    )
    copies(house.key, 30, key_hash="'k' || i", name="'System ' || i")
    copies(house.view, 30, name="'View ' || i", position="i")
    copies(CarrierRule.objects.get(pk=house.rule.pk), 60, position="i + 1")
    copies(house.box, 20, name="'Box ' || i")
