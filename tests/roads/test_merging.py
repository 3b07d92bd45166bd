"""Two items that are one thing are made one: nothing is lost, nothing is promised twice, and both SKUs find it."""

from decimal import Decimal

import pytest
from django.utils import timezone

from entrepot.accounts.models import AuditEntry, Seller
from entrepot.catalog import queries as catalog_queries
from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemDraft, ItemRow, ProductDraft, ProductRow
from entrepot.catalog.errors import BarcodeTaken, ItemNotFound, KitNotMerged, MergeSame, SkuTaken
from entrepot.catalog.models import Item, KitPart, Product
from entrepot.catalog.services.barcodes import name_barcode
from entrepot.channels.merge_errors import MergeStopped
from entrepot.channels.models import Listing, ListingChange, ListPrice, PriceList, Store, StoreProduct
from entrepot.channels.queries.price_lists import ids_of_skus
from entrepot.channels.services.merging import merge_items, preview
from entrepot.channels.services.why import why
from entrepot.inventory import services as inventory
from entrepot.inventory.models import BinStock, Movement, Stock
from entrepot.warehouse import services as warehouse
from tests import books
from tests.books import MINA, figure, make_items, make_seller
from tests.web.factories import make_listing, make_store


@pytest.fixture
def seller(db: None) -> Seller:
    return make_seller()


@pytest.fixture
def store(seller: Seller) -> Store:
    return make_store(seller)


@pytest.fixture
def items(seller: Seller) -> dict[str, int]:
    return make_items(seller, RED=3, ROT=4)


def merge(seller: Seller, kept: int, merged: int) -> Item:
    return merge_items(seller_id=seller.pk, kept_id=kept, merged_id=merged, actor=MINA)


def test_stock_and_listings_go_over_and_the_books_add_up(seller: Seller, store: Store, items: dict[str, int]):
    make_listing(store, items["RED"], "30")
    theirs = make_listing(store, items["ROT"], "31", sent_version=9)
    seen = preview(seller_id=seller.pk, kept_id=items["RED"], merged_id=items["ROT"])
    assert (seen.on_hand, seen.kept_on_hand, [row.pk for row in seen.listings], seen.twins, seen.blocks) == (
        4, 3, [theirs.pk], [store.sales_channel.name], [],
    )  # fmt: skip

    merge(seller, items["RED"], items["ROT"])

    assert (figure(items["RED"]), figure(items["ROT"])) == ((7, 0), (0, 0))
    theirs.refresh_from_db()
    assert (theirs.item_id, theirs.sent_version) == (items["RED"], -1)
    steps = Movement.objects.filter(reference=f"merge:{items['ROT']}-{items['RED']}").order_by("on_hand_delta")
    assert [(step.item_id, step.kind, step.on_hand_delta, step.reason) for step in steps] == [
        (items["ROT"], "transfer_out", -4, "ROT → RED"), (items["RED"], "transfer_in", 4, "ROT → RED"),
    ]  # fmt: skip
    books.assert_books_add_up([seller.pk])
    entry = AuditEntry.objects.get(verb="items.merge")
    assert entry.facts == {"kept": "RED", "merged": "ROT", "on_hand": 4, "listings": 1}


def test_the_merged_sku_is_found_and_is_the_kept_item(seller: Seller, store: Store, items: dict[str, int]):
    merge(seller, items["RED"], items["ROT"])
    found = catalog_queries.item_by_sku(seller_id=seller.pk, sku="ROT")
    assert found is not None
    assert found.pk == items["RED"]
    assert catalog.upsert_items(
        seller_id=seller.pk, rows=[ItemRow(sku="ROT", name="x", product=ProductRow(key="1", name="x"))], actor=MINA
    ) == {"ROT": items["RED"]}
    with pytest.raises(SkuTaken):
        catalog.create_product(
            seller_id=seller.pk,
            draft=ProductDraft(name="Again", items=[ItemDraft(sku="ROT")]),
            actor=MINA,
        )
    assert [item.sku for item in catalog_queries.find_items(seller_id=seller.pk, text="ROT")] == ["RED"]


def test_lists_show_the_kept_one_only_and_its_history_tells_of_the_other(seller: Seller, items: dict[str, int]):
    gone = Item.objects.get(pk=items["ROT"]).product_id
    merge(seller, items["RED"], items["ROT"])
    assert [row.first_sku for row in catalog_queries.products(seller_id=seller.pk).rows] == ["RED"]
    assert not Product.objects.filter(pk=gone).exists()
    product = Product.objects.get(items=items["RED"])
    told = {
        (row.object_id, row.field, row.before, row.after)
        for row in catalog_queries.history(seller_id=seller.pk, product=product).rows
    }
    assert (items["ROT"], "merged_into", "", "RED") in told
    assert (product.pk, "items", "RED, ROT", "RED") in told


def test_an_order_that_still_names_the_merged_item_takes_the_kept_ones_stock(seller: Seller, items: dict[str, int]):
    channel = books.make_channel(seller)
    merge(seller, items["RED"], items["ROT"])
    order = books.place_one(channel, books.draft("7", books.line(items["ROT"], 2)))
    assert (books.status(order), figure(items["RED"]), figure(items["ROT"])) == ("new", (7, 2), (0, 0))


def test_orders_that_waited_for_the_kept_item_get_the_stock_of_the_other(
    seller: Seller, items: dict[str, int], django_capture_on_commit_callbacks
):
    order = books.place_one(books.make_channel(seller), books.draft("7", books.line(items["RED"], 5)))
    assert books.status(order) == "partial"
    with django_capture_on_commit_callbacks(execute=True):
        merge(seller, items["RED"], items["ROT"])
    assert (books.status(order), figure(items["RED"])) == ("new", (7, 5))


def test_what_is_set_aside_stops_it_with_the_orders_named_and_nothing_changes(seller: Seller, items: dict[str, int]):
    books.place_one(books.make_channel(seller), books.draft("7", books.line(items["ROT"], 2)))
    with pytest.raises(MergeStopped, match=r"2 of ROT are set aside for orders \(#7\)"):
        merge(seller, items["RED"], items["ROT"])
    assert (figure(items["RED"]), figure(items["ROT"])) == ((3, 0), (4, 2))
    assert Item.objects.filter(seller=seller).count() == 2


def test_an_open_receipt_or_count_stops_it(seller: Seller, items: dict[str, int]):
    place = inventory.default_warehouse(seller_id=seller.pk, actor=MINA).pk
    zone = warehouse.add_zone(seller_id=seller.pk, warehouse_id=place, code="A", actor=MINA)
    shelf = warehouse.add_bin(seller_id=seller.pk, zone_id=zone.pk, code="A-1", actor=MINA)
    receipt = warehouse.expect(seller_id=seller.pk, warehouse_id=place, quantities={items["ROT"]: 5}, actor=MINA)
    inventory.adjust(seller_id=seller.pk, item_id=items["ROT"], delta=1, reason="found", bin_id=shelf.pk, actor=MINA)
    count = warehouse.start_count(seller_id=seller.pk, warehouse_id=place, bin_ids=[shelf.pk], actor=MINA)
    seen = preview(seller_id=seller.pk, kept_id=items["RED"], merged_id=items["ROT"])
    assert [(type(block).__name__, block.fields["numbers"]) for block in seen.blocks] == [
        ("MergeExpected", receipt.number), ("MergeCounted", count.number),
    ]  # fmt: skip
    with pytest.raises(MergeStopped):
        merge(seller, items["RED"], items["ROT"])
    assert figure(items["RED"]) == (3, 0)


def test_every_piece_stays_in_its_bin(seller: Seller, items: dict[str, int]):
    place = inventory.default_warehouse(seller_id=seller.pk, actor=MINA).pk
    zone = warehouse.add_zone(seller_id=seller.pk, warehouse_id=place, code="A", actor=MINA)
    shelf = warehouse.add_bin(seller_id=seller.pk, zone_id=zone.pk, code="A-1", actor=MINA)
    inventory.adjust(seller_id=seller.pk, item_id=items["ROT"], delta=6, reason="found", bin_id=shelf.pk, actor=MINA)
    merge(seller, items["RED"], items["ROT"])
    assert dict(BinStock.objects.filter(bin=shelf).values_list("item_id", "quantity")) == {
        items["ROT"]: 0, items["RED"]: 6,
    }  # fmt: skip
    assert Stock.objects.get(item_id=items["RED"]).located == 6
    assert (figure(items["RED"]), figure(items["ROT"])) == ((13, 0), (0, 0))
    books.assert_books_add_up([seller.pk])


def test_kits_take_the_kept_item_and_one_that_had_both_has_the_sum(seller: Seller, items: dict[str, int]):
    only = books.make_kit(seller, "ONLY", {items["ROT"]: 2})
    both = books.make_kit(seller, "BOTH", {items["RED"]: 1, items["ROT"]: 3})
    assert preview(seller_id=seller.pk, kept_id=items["RED"], merged_id=items["ROT"]).kits == ["BOTH", "ONLY"]
    merge(seller, items["RED"], items["ROT"])
    rows = KitPart.objects.filter(kit_id__in=[only, both]).values_list("kit_id", "item_id", "quantity")
    assert sorted(rows) == sorted([(only, items["RED"], 2), (both, items["RED"], 4)])
    assert inventory.available(seller.pk, [only, both]) == {only: 3, both: 1}


def test_what_the_kept_item_lacks_is_filled_in_and_what_it_has_stays(seller: Seller, items: dict[str, int]):
    Item.objects.filter(pk=items["RED"]).update(barcode="111", name="Red")
    Item.objects.filter(pk=items["ROT"]).update(
        barcode="222", name="Rot", weight_grams=5, cost=Decimal(3), cost_currency="EUR"
    )
    kept = merge(seller, items["RED"], items["ROT"])
    assert (kept.barcode, kept.name, kept.weight_grams, kept.cost, kept.cost_currency) == (
        "111", "Red", 5, Decimal(3), "EUR",
    )  # fmt: skip


def test_a_cost_in_a_list_stays_and_a_missing_one_comes_over(seller: Seller, items: dict[str, int]):
    now = timezone.now()
    lists = [
        PriceList.objects.create(
            seller=seller, name=name, currency="KRW", kind="fixed", step=Decimal(10), updated_at=now
        )
        for name in ("A", "B")
    ]
    for one, sku, price in [(0, "RED", 100), (0, "ROT", 90), (1, "ROT", 80)]:
        ListPrice.objects.create(price_list=lists[one], item_id=items[sku], price=price, updated_at=now)
    merge(seller, items["RED"], items["ROT"])
    rows = ListPrice.objects.order_by("price_list__name").values_list("price_list__name", "item_id", "price")
    assert list(rows) == [("A", items["RED"], 100), ("B", items["RED"], 80)]


def test_a_chain_of_merges_leads_to_the_last_kept_one(seller: Seller):
    items = make_items(seller, A=1, B=2, C=4)
    merge(seller, items["B"], items["A"])
    merge(seller, items["C"], items["B"])
    for sku in "ABC":
        found = catalog_queries.item_by_sku(seller_id=seller.pk, sku=sku)
        assert found is not None
        assert found.pk == items["C"]
    assert figure(items["C"]) == (7, 0)
    assert inventory.available(seller.pk, items.values()) == dict.fromkeys(items.values(), 7)


def test_what_a_store_knows_of_the_emptied_product_is_of_the_kept_one(
    seller: Seller, store: Store, items: dict[str, int]
):
    kept, gone = (Item.objects.get(pk=items[sku]).product_id for sku in ("RED", "ROT"))
    for product in (kept, gone):
        StoreProduct.objects.create(seller=seller, store=store, product_id=product, wanted={"name": str(product)})
    StoreProduct.objects.create(seller=seller, store=store, product_id=gone, remote_id="31")
    done = ListingChange.objects.create(
        seller=seller, store=store, product_id=gone, kind="create", state="done", key="k", asked_by="Mina",
        asked_at=timezone.now(),
    )  # fmt: skip
    merge(seller, items["RED"], items["ROT"])
    rows = StoreProduct.objects.order_by("remote_id").values_list("product_id", "remote_id", "wanted")
    assert list(rows) == [(kept, "", {"name": str(kept)}), (kept, "31", {})]
    done.refresh_from_db()
    assert done.product_id == kept


def test_a_product_on_its_way_to_a_store_stops_it(seller: Seller, store: Store, items: dict[str, int]):
    ListingChange.objects.create(
        seller=seller, store=store, product_id=Item.objects.get(pk=items["ROT"]).product_id, kind="create", key="k",
        asked_by="Mina", asked_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(MergeStopped, match="is on its way to Sock shop"):
        merge(seller, items["RED"], items["ROT"])
    assert figure(items["RED"]) == (3, 0)


def test_some_pairs_are_never_merged(seller: Seller, items: dict[str, int]):
    kit = books.make_kit(seller, "PAIR", {items["RED"]: 2})
    theirs = make_items(make_seller("Busan Boots"), BOOT=1)["BOOT"]
    for kept, merged, refusal in [
        (items["RED"], items["RED"], MergeSame), (items["RED"], kit, KitNotMerged), (kit, items["RED"], KitNotMerged),
        (items["RED"], theirs, ItemNotFound), (theirs, items["RED"], ItemNotFound),
    ]:  # fmt: skip
        with pytest.raises(refusal):
            merge(seller, kept, merged)
    merge(seller, items["RED"], items["ROT"])
    with pytest.raises(ItemNotFound):
        merge(seller, items["RED"], items["ROT"])
    assert Listing.objects.count() == 0


def test_the_version_of_every_kit_that_had_the_merged_item_grows_so_that_stores_hear(
    seller: Seller, items: dict[str, int]
):
    for _ in range(5):
        inventory.adjust(seller_id=seller.pk, item_id=items["ROT"], delta=1, reason="found", actor=MINA)
    kits = [
        books.make_kit(seller, "ONLY", {items["ROT"]: 2}),
        books.make_kit(seller, "BOTH", {items["RED"]: 1, items["ROT"]: 3}),
    ]
    before = inventory.versions(seller.pk, kits)
    merge(seller, items["RED"], items["ROT"])
    after = inventory.versions(seller.pk, kits)
    assert [after[kit] > before[kit] for kit in kits] == [True, True]


def test_price_lists_the_ledgers_answer_and_barcodes_know_the_second_sku(seller: Seller, items: dict[str, int]):
    Item.objects.filter(pk=items["RED"]).update(barcode="111")
    Item.objects.filter(pk=items["ROT"]).update(barcode="222")
    other = make_items(seller, BLUE=1)["BLUE"]
    merge(seller, items["RED"], items["ROT"])
    assert ids_of_skus(seller_id=seller.pk, skus=["ROT", "RED"]) == {"ROT": items["RED"], "RED": items["RED"]}
    assert why(seller_id=seller.pk, item_id=items["ROT"], at=timezone.now()).sku == "ROT"
    for code in ("222", "ROT"):
        with pytest.raises(BarcodeTaken):
            name_barcode(seller_id=seller.pk, item_id=other, barcode=code, actor=MINA)
    assert Item.objects.get(pk=other).barcode == ""
