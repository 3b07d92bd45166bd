"""Files of prices and listings on their way to a shop that answers over HTTP (R-CAT 4, 5, 10)."""

from decimal import Decimal

import pytest

from entrepot.catalog.models import Item
from entrepot.channels.models import Listing, ListingChange, Store
from entrepot.channels.services.lifecycle import pause
from entrepot.channels.services.offers import Offer, ask_listing
from entrepot.channels.services.offers_push import push_listings
from entrepot.sheets import services
from entrepot.sheets.errors import UploadNeedsApproval
from entrepot.sheets.models import Upload
from tests.books import make_items
from tests.roads.rig import MINA, Place, Road, small_shop
from tests.sheets.books_of_files import counts, done, sheets, take, template, wrong, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(road: Road) -> Place:
    return road.connect(small_shop(RED=5, BLUE=3))


def prices(place: Place, *rows):
    return take(place.store.seller, "prices", xlsx([["SKU", "Price", "Retail price"], *rows]), store_id=place.store.pk)


def shown(place: Place) -> list[str]:
    push_listings(Store.objects.get(pk=place.store.pk))
    return [place.shop.tables.products[number].price for number in (1, 2)]


def test_prices_of_a_file_reach_the_shop_and_the_way_back_restores_them(place: Place) -> None:
    before = shown(place)
    upload = prices(place, ["RED", 9, 12], ["BLUE", 10, None], ["GREY", 5, None], ["BLUE ", 0, None])
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [(4, "sku"), (5, "price")]
    upload = done(upload)
    assert counts(upload)[3] >= 1
    assert shown(place)[0] == "12.0000"
    assert place.listing(1).price == 9
    back = services.take_back(seller_id=upload.seller_id, upload_id=upload.pk, actor=MINA)
    services.work_upload(back.pk)
    done(Upload.objects.get(pk=back.pk), approved=True)
    assert (shown(place), place.listing(1).price) == (before, 10)


def test_a_price_that_falls_by_half_waits_for_approval(place: Place) -> None:
    upload = prices(place, ["RED", 5, None])
    assert [one["code"] for one in upload.alarms] == ["price_falls"]
    with pytest.raises(UploadNeedsApproval):
        services.apply_upload(seller_id=upload.seller_id, upload_id=upload.pk, actor=MINA)
    assert ListingChange.objects.count() == 0
    done(upload, approved=True)
    assert shown(place)[0] == "5.0000"


def test_a_filled_template_changes_nothing_when_it_comes_back(place: Place) -> None:
    book = template(place.store.seller, "prices", store=place.store, filled=True)
    rows = next(iter(sheets(book).values()))
    assert sorted(rows[1:])[1] == ["RED", "RED sock", 10.0, "", "USD"]
    upload = take(place.store.seller, "prices", book, store_id=place.store.pk)
    assert counts(upload) == (0, 2, 0, 0)


def test_a_store_that_is_paused_takes_no_prices_and_says_so(place: Place) -> None:
    upload = prices(place, ["RED", 9, None])
    pause(seller_id=upload.seller_id, store_id=place.store.pk, actor=MINA)
    upload = done(upload)
    assert (upload.state, upload.error_code, counts(upload)) == ("ready", "store_state_forbids", (1, 0, 0, 0))
    assert prices(place, ["RED", 9, None]).error_code == "store_state_forbids"


def listings(place: Place, head: list[str], *rows):
    return take(place.store.seller, "listings", xlsx([head, *rows]), store_id=place.store.pk)


def test_what_was_listed_since_the_file_was_checked_is_named_and_not_listed_twice(place: Place) -> None:
    items = make_items(place.store.seller, NEW=4)
    upload = listings(place, ["SKU", "Price for a new listing"], ["NEW", 7])
    ask_listing(
        seller_id=upload.seller_id,
        product_id=Item.objects.get(pk=items["NEW"]).product_id,
        store_id=place.store.pk,
        offer=Offer(price=Decimal(8)),
        actor=MINA,
    )
    upload = done(upload)
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [(2, "sku")]
    assert "since the file was checked" in wrong(upload)[0][2]
    assert list(ListingChange.objects.values_list("kind", "fields__price")) == [("create", "8")]


def test_listings_of_a_file_are_made_changed_hidden_and_deleted_in_the_shop(place: Place) -> None:
    make_items(place.store.seller, NEW=4, OTHER=1)
    head = ["SKU", "Title in the store", "Price for a new listing", "State in the store", "Store category"]
    upload = listings(
        place, head, ["RED", "Warm sock", None, "Hidden in the store", None], ["NEW", "Fresh sock", 7, None, None],
        ["OTHER", None, None, None, None], ["BLUE", None, None, None, "No such"],
    )  # fmt: skip
    assert [(row, column) for row, column, _sentence in wrong(upload)] == [(4, "price"), (5, "category")]
    assert [(one["code"], one["count"], one["of"]) for one in upload.alarms] == [("hides", 1, 2)]
    with pytest.raises(UploadNeedsApproval):
        services.apply_upload(seller_id=upload.seller_id, upload_id=upload.pk, actor=MINA)
    upload = done(upload, approved=True)
    shown(place)
    tables = place.shop.tables
    assert tables.products[1].status == 0
    made = Listing.objects.get(store=place.store, item__sku="NEW")
    assert (made.title, made.price) == ("Fresh sock", 7)
    assert tables.products[int(made.remote_id)].price == "7.0000"
    assert set(ListingChange.objects.values_list("kind", "state")) == {
        ("update", "done"), ("deactivate", "done"), ("create", "done"),
    }  # fmt: skip
    gone = listings(place, ["SKU", "State in the store"], ["BLUE", "Delete from the store"])
    assert [one["code"] for one in gone.alarms] == ["deletes"]
    done(gone, approved=True)
    push_listings(Store.objects.get(pk=place.store.pk))
    assert 2 not in place.shop.tables.products
