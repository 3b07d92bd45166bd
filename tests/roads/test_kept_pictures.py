"""A picture given as a file reaches the stores, which could not fetch it; the books keep its short address."""

from decimal import Decimal
from hashlib import sha256

import pytest

from entrepot.catalog.drafts import ItemRow, ProductRow
from entrepot.catalog.models import Picture, Product
from entrepot.catalog.services import upsert_items
from entrepot.channels.models import Listing, ListingChange, Store, StoreProduct
from entrepot.channels.services import offers
from entrepot.channels.services.offers import Offer
from entrepot.channels.services.offers_push import OfferReport, push_listings
from entrepot.connectors.cafe24.simulator import Mall
from entrepot.connectors.opencart.simulator import Shop
from tests.books import make_seller
from tests.pictures import drawn, kept, png
from tests.roads.mall import connect_mall
from tests.roads.rig import MINA

pytestmark = pytest.mark.django_db


def cap(road, image: str) -> Product:
    product = ProductRow(key="cap", name="Cap", image_url=image)
    upsert_items(seller_id=road.seller.pk, rows=[ItemRow(sku="CAP", name="Cap", product=product)], actor=MINA)
    return Product.objects.get(seller=road.seller, name="Cap")


def ask(road, place, product: Product, *images: str) -> ListingChange:
    return offers.ask_listing(
        seller_id=road.seller.pk,
        product_id=product.pk,
        store_id=place.store.pk,
        offer=Offer(price=Decimal(12000), images=images),
        actor=MINA,
    )


def change_pictures(road, place, *images: str) -> ListingChange:
    listing = Listing.objects.get(store=place.store)
    [change] = offers.ask_update(
        seller_id=road.seller.pk, listing_id=listing.pk, fields={"images": list(images)}, actor=MINA
    )
    return change


def told(place) -> OfferReport:
    return push_listings(Store.objects.get(pk=place.store.pk))


def known(place) -> StoreProduct:
    return StoreProduct.objects.get(store=place.store)


def in_shop(content: bytes, ending: str) -> str:
    """Where a shop has a picture with exactly these bytes."""
    digest = sha256(content).hexdigest()
    return f"catalog/entrepot/{digest[:2]}/{digest[:40]}.{ending}"


def in_mall(content: bytes, ending: str) -> str:
    return f"{sha256(content).hexdigest()[:32]}.{ending}"


def test_a_kept_picture_of_a_product_arrives_in_a_shop_and_so_does_its_successor(road):
    place = road.connect(Shop.empty())
    red, blue = kept(road.seller, png()), kept(road.seller, drawn("JPEG"))
    change = ask(road, place, cap(road, red))

    assert told(place).done == 1
    assert place.shop.tables.images == {in_shop(png(), "png"): len(png())}
    change.refresh_from_db()
    assert known(place).sent["images"] == known(place).wanted["images"] == [red]
    assert "base64" not in str((change.fields, change.made, change.seen))

    change_pictures(road, place, blue, red)
    assert told(place).done == 1
    assert set(place.shop.tables.images) == {in_shop(png(), "png"), in_shop(drawn("JPEG"), "jpg")}
    [product] = place.shop.tables.products.values()
    assert product.columns["image"] == in_shop(drawn("JPEG"), "jpg")
    assert known(place).sent["images"] == known(place).wanted["images"] == [blue, red]


def test_kept_pictures_arrive_in_a_mall_and_so_do_their_successors(road):
    place = connect_mall(road, Mall.empty())
    red, blue, green = (kept(road.seller, content) for content in (png(), drawn("JPEG"), drawn("WEBP")))
    ask(road, place, cap(road, ""), red, blue)

    assert told(place).done == 1
    [product] = place.mall.products.values()
    assert product.row["detail_image"].endswith("/" + in_mall(png(), "png"))
    assert [path.rpartition("/")[2] for path in product.additional_images] == [in_mall(drawn("JPEG"), "jpg")]
    assert known(place).sent["images"] == [red, blue]

    change_pictures(road, place, green, red)
    assert told(place).done == 1
    assert product.row["detail_image"].endswith("/" + in_mall(drawn("WEBP"), "webp"))
    assert [path.rpartition("/")[2] for path in product.additional_images] == [in_mall(png(), "png")]
    assert known(place).sent["images"] == known(place).wanted["images"] == [green, red]


def test_with_another_sellers_picture_nothing_is_made_and_the_change_says_which_it_is(road):
    place = road.connect(Shop.empty())
    mine, theirs = kept(road.seller, png()), kept(make_seller("Busan Boots"), drawn("PNG"))
    change = ask(road, place, cap(road, mine), mine, theirs)

    assert (told(place).done, place.shop.tables.products, place.shop.tables.images) == (0, {}, {})
    change.refresh_from_db()
    assert (change.state, change.error_code, change.made) == ("failed", "picture_gone", {})
    assert change.error_reason == (
        f"The picture {theirs} is not kept here (any more). Give the file again, or choose another picture."
    )
    assert place.problems() == ["listing_change_refused"]


def test_a_picture_that_was_deleted_stops_its_change_and_no_other(road):
    place = connect_mall(road, Mall.empty())
    red, blue = kept(road.seller, png()), kept(road.seller, drawn("JPEG"))
    ask(road, place, cap(road, red), red)
    assert told(place).done == 1
    [product] = place.mall.products.values()
    before = dict(product.row)
    change = change_pictures(road, place, blue)
    Picture.objects.filter(sha256=sha256(drawn("JPEG")).hexdigest()).delete()
    offers.ask_update(
        seller_id=road.seller.pk,
        listing_id=Listing.objects.get(store=place.store).pk,
        fields={"description": "Soft"},
        actor=MINA,
    )

    report = told(place)

    change.refresh_from_db()
    assert (report.done, report.refused, change.state, change.error_code) == (1, 1, "failed", "picture_gone")
    assert (product.row["detail_image"], product.row["description"]) == (before["detail_image"], "Soft")
    assert known(place).sent["images"] == [red]
