"""One product is listed in one store from several sides at once: the store is told once to make it."""

from decimal import Decimal

import pytest

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Item
from entrepot.channels.errors import ListedAlready
from entrepot.channels.models import ListingChange, Store
from entrepot.channels.services.offers import Offer, ask_again, ask_listing, offer_fields
from entrepot.channels.services.offers_many import Wish, ask_many
from entrepot.connectors.opencart.simulator import Shop
from tests.books import MINA, make_items, make_seller
from tests.race.meeting import queued_up
from tests.roads.rig import Road

pytestmark = pytest.mark.django_db(transaction=True)
OFFER = Offer(price=Decimal(10))


@pytest.fixture
def seller(transactional_db: None) -> Seller:
    return make_seller()


@pytest.fixture
def store(seller: Seller):
    road = Road(seller)
    with road.stack:
        yield road.connect(Shop.empty()).store


def test_a_product_listed_from_a_file_a_plan_and_a_screen_at_once_is_made_once(seller: Seller, store: Store):
    items = make_items(seller, RED=4)
    product_id = Item.objects.get(pk=items["RED"]).product_id
    who = {"seller_id": seller.pk, "store_id": store.pk, "actor": MINA}
    wish = Wish(kind="create", fields=offer_fields(OFFER), product_id=product_id)

    def many() -> object:
        return ask_many(wishes=[wish, wish], **who)

    def one() -> object:
        return ask_listing(product_id=product_id, offer=OFFER, **who)

    ends = queued_up("catalog_product", [product_id], [many, many, one])

    made = ListingChange.objects.get(kind="create", state="waiting")
    told = [end for end in ends if not isinstance(end, Exception | list)]
    taken = [end for end in ends if isinstance(end, ListedAlready)]
    lists = [end for end in ends if isinstance(end, list)]
    assert len(told) + len(taken) == 1
    assert sorted(lists, key=str) == sorted([[None, None], [made.pk, None] if taken else [None, None]], key=str)


def test_what_was_refused_is_not_tried_again_beside_a_creation_that_waits(seller: Seller, store: Store):
    items = make_items(seller, RED=4)
    product_id = Item.objects.get(pk=items["RED"]).product_id
    who = {"seller_id": seller.pk, "store_id": store.pk, "actor": MINA}
    first = ask_listing(product_id=product_id, offer=OFFER, **who)
    ListingChange.objects.filter(pk=first.pk).update(state="canceled")
    ask_listing(product_id=product_id, offer=OFFER, **who)
    ListingChange.objects.filter(pk=first.pk).update(state="failed")

    with pytest.raises(ListedAlready):
        ask_again(seller_id=seller.pk, change_id=first.pk, actor=MINA)

    assert list(ListingChange.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "waiting"]
