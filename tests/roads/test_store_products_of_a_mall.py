"""What a Cafe24 mall has of its own of a product: the same as of a shop, through the mall's own calls."""

from decimal import Decimal

import pytest

from entrepot.catalog.models import Product
from entrepot.channels.models import StoreProduct
from entrepot.channels.queries import storefront as queries
from entrepot.channels.queries.storefront import Way
from entrepot.channels.services import storefront
from entrepot.channels.services.offers import Offer
from entrepot.channels.services.offers_push import push_listings
from tests.roads import mall
from tests.roads.rig import MINA, small_shop

pytestmark = pytest.mark.django_db


def words(product: Product, name: str) -> dict[str, tuple[object, object, object, Way]]:
    found = queries.places(
        seller_id=product.seller_id, product_id=product.pk, item_ids=[item.pk for item in product.items.all()]
    )
    rows = {place.store.sales_channel.name: place.words for place in found}
    picked = {store: next(word for word in mine if word.name == name) for store, mine in rows.items()}
    return {store: (word.wanted, word.sent, word.seen, word.way) for store, word in picked.items()}


def test_a_name_is_changed_in_the_mall_alone_and_stays_as_it_is_in_the_shop(road):
    shop = road.connect(small_shop(RED=5))
    place = mall.connect_mall(road, mall.mall_with(RED=5))
    product = Product.objects.get(items__sku="RED")
    assert words(product, "name")["Mall"] == (None, None, "RED 양말", Way.NONE)
    row = StoreProduct.objects.get(store=place.store)
    storefront.change_there(
        seller_id=road.seller.pk, store_id=place.store.pk, remote_id=row.remote_id,
        words={"name": "빨간 양말", "description": "<p>따뜻해요</p>"}, actor=MINA,
    )  # fmt: skip
    push_listings(place.fresh())
    assert words(product, "name")["Mall"] == ("빨간 양말", "빨간 양말", "빨간 양말", Way.THERE)
    assert words(product, "description")["Mall"][0] == "<p>따뜻해요</p>"
    assert words(product, "description")["Mall"][3] == Way.THERE
    assert words(product, "name")[shop.store.sales_channel.name] == (None, None, "RED sock", Way.NONE)
    assert shop.shop.tables.products[1].names[1] == "RED sock"


def test_a_product_of_a_shop_is_listed_in_the_mall_and_its_draft_becomes_the_mall_s_product(road):
    road.connect(small_shop(RED=5))
    place = mall.connect_mall(road, mall.mall_with())
    product = Product.objects.get(items__sku="RED")
    offer = Offer(price=Decimal(9900), retail_price=Decimal(12000), name="빨간 양말")
    storefront.list_in(seller_id=road.seller.pk, product_id=product.pk, offers={place.store.pk: offer}, actor=MINA)
    push_listings(place.fresh())
    [made] = place.mall.products.values()
    row = StoreProduct.objects.get(store=place.store)
    assert (row.remote_id, row.product_id) == (str(made.product_no), product.pk)
    assert words(product, "name")["Mall"] == ("빨간 양말", "빨간 양말", "빨간 양말", Way.THERE)
