"""What the SKU doctor found is put right from the desk."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entrepot.accounts.models import AuditEntry, Seller
from entrepot.catalog.errors import SkuTaken
from entrepot.catalog.models import Item
from entrepot.channels.errors import FindingNotFound, FixImpossible
from entrepot.channels.models import Finding, Listing, Store
from entrepot.channels.services.fixes import apply_fix, fixes_of
from tests.books import MINA, figure, make_items, make_seller
from tests.web.factories import make_listing, make_store


@pytest.fixture
def seller(db: None) -> Seller:
    return make_seller()


@pytest.fixture
def store(seller: Seller) -> Store:
    return make_store(seller)


def find(store: Store, code: str, remote_id: str, **words: Any) -> Finding:
    facts: dict[str, Any] = {"sku": "RED", "title": "Red twin", "blocking": True, "found_at": timezone.now(), **words}
    return Finding.objects.create(seller=store.seller, store=store, code=code, remote_id=remote_id, **facts)


def fix(finding: Finding, key: str, sku: str = "") -> None:
    apply_fix(seller_id=finding.seller_id, finding_id=finding.pk, fix=key, sku=sku, actor=MINA)


def sku_of(listing: Listing) -> str:
    listing.refresh_from_db()
    return listing.item.sku if listing.item else ""


def settled(finding: Finding) -> bool:
    finding.refresh_from_db()
    return finding.resolved_at is not None


def test_a_second_product_with_one_sku_is_said_to_be_the_same_thing(seller: Seller, store: Store):
    red = make_items(seller, RED=3)["RED"]
    make_listing(store, red, "30")
    twin = make_listing(store, None, "44", remote_sku="RED")
    finding = find(store, "duplicate_sku", "44", facts={"kept": "30"})
    fix(finding, "same")
    assert (sku_of(twin), settled(finding), figure(red)) == ("RED", True, (3, 0))
    assert AuditEntry.objects.get(verb="findings.fix").facts == {
        "code": "duplicate_sku", "fix": "same", "remote_id": "44", "sku": "RED",
    }  # fmt: skip


def test_or_a_thing_of_its_own_with_the_stock_the_store_shows(seller: Seller, store: Store):
    make_items(seller, RED=3)
    twin = make_listing(store, None, "44", remote_sku="RED", seen_quantity=8)
    finding = find(store, "duplicate_sku", "44")
    fix(finding, "own", "RED-2")
    assert (sku_of(twin), settled(finding)) == ("RED-2", True)
    assert figure(Item.objects.get(sku="RED-2").pk) == (8, 0)


def test_a_product_without_a_sku_gets_a_made_up_one(seller: Seller, store: Store):
    listing = make_listing(store, None, "44", remote_sku="")
    finding = find(store, "missing_sku", "44", sku="")
    fix(finding, "own")
    assert sku_of(listing).startswith(f"OP{store.pk}-44-")
    assert settled(finding)


def test_a_sku_that_was_changed_in_the_store_is_taken_here_too(seller: Seller, store: Store):
    listing = make_listing(store, make_items(seller, RED=3)["RED"], "30", remote_sku="ROUGE")
    finding = find(store, "sku_changed", "30", blocking=False, facts={"ours": "RED", "theirs": "ROUGE"})
    fix(finding, "take")
    assert (sku_of(listing), settled(finding)) == ("ROUGE", True)


def test_a_sku_that_another_item_has_is_not_taken_and_the_finding_stays(seller: Seller, store: Store):
    items = make_items(seller, RED=3, ROUGE=1)
    listing = make_listing(store, items["RED"], "30", remote_sku="ROUGE")
    finding = find(store, "sku_changed", "30", blocking=False, facts={"ours": "RED", "theirs": "ROUGE"})
    with pytest.raises(SkuTaken):
        fix(finding, "take")
    assert (sku_of(listing), settled(finding)) == ("RED", False)
    fix(finding, "other")
    assert (sku_of(listing), settled(finding), figure(items["RED"])) == ("ROUGE", True, (3, 0))


def test_what_is_another_thing_becomes_an_item_of_its_own(seller: Seller, store: Store):
    red = make_items(seller, RED=3)["RED"]
    listing = make_listing(store, red, "30", remote_sku="ROUGE", seen_quantity=5)
    finding = find(store, "sku_changed", "30", blocking=False, facts={"ours": "RED", "theirs": "ROUGE"})
    fix(finding, "other")
    assert sku_of(listing) == "ROUGE"
    assert (figure(red), figure(listing.item_id)) == ((3, 0), (5, 0))


def test_only_what_helps_is_offered(seller: Seller, store: Store):
    def keys(code: str, *, blocking: bool) -> list[str]:
        return [one.key for one in fixes_of(Finding(store=store, code=code, blocking=blocking))]

    assert keys("duplicate_sku", blocking=True) == ["same", "own"]
    assert keys("missing_sku", blocking=True) == ["own"]
    assert keys("missing_sku", blocking=False) == []
    assert keys("sku_changed", blocking=False) == ["take", "other"]
    assert keys("negative_quantity", blocking=False) == []


def test_a_fix_that_does_not_fit_and_another_sellers_finding_are_refused(seller: Seller, store: Store):
    twin = make_listing(store, None, "44", remote_sku="RED")
    finding = find(store, "duplicate_sku", "44")
    for key in ("take", "nonsense", "same"):  # nobody has the SKU RED
        with pytest.raises(FixImpossible):
            fix(finding, key)
    with pytest.raises(FindingNotFound):
        apply_fix(seller_id=make_seller("Busan").pk, finding_id=finding.pk, fix="own", actor=MINA)
    assert (sku_of(twin), settled(finding)) == ("", False)
    fix(finding, "own", "RED")
    with pytest.raises(FindingNotFound):
        fix(finding, "own", "RED")


def test_a_fix_holds_the_listing_before_the_finding_as_imports_do(seller: Seller, store: Store):
    make_listing(store, make_items(seller, RED=3)["RED"], "30")
    make_listing(store, None, "44", remote_sku="RED")
    finding = find(store, "duplicate_sku", "44", facts={"kept": "30"})
    with CaptureQueriesContext(connection) as asked:
        fix(finding, "same")
    held = [table for one in asked for table in ("channels_listing", "channels_finding")
            if " FOR " in one["sql"] and f'FROM "{table}"' in one["sql"]]  # fmt: skip
    assert held[:2] == ["channels_listing", "channels_finding"]
