"""A listing that fails half-way goes on where it stopped and makes no second product, in either kind of store."""

import base64
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from entrepot.catalog.drafts import ItemRow, ProductRow
from entrepot.catalog.models import Product
from entrepot.catalog.services import upsert_items
from entrepot.channels.models import Listing, ListingChange, Problem, Store
from entrepot.channels.services import offers
from entrepot.channels.services.offers import Offer
from entrepot.channels.services.offers_push import OfferReport, owes_changes, push_listings
from entrepot.connectors import pictures
from entrepot.connectors.cafe24.simulator import Mall
from entrepot.connectors.http import HttpAnswer, HttpRequest
from entrepot.connectors.opencart.listings import OpenCartListings
from entrepot.connectors.opencart.simulator import Shop
from entrepot.connectors.opencart.simulator.wire import product_writes, resources
from entrepot.connectors.opencart.simulator.wire.answers import WireError
from entrepot.connectors.opencart.sinks import OpenCartPrices
from entrepot.connectors.pictures import square
from entrepot.inventory import services as inventory
from entrepot.kernel import addresses
from entrepot.kernel.errors import ChannelDown
from tests.roads.mall import connect_mall
from tests.roads.rig import MINA, small_shop

pytestmark = pytest.mark.django_db


def picture(name: str) -> str:
    return "data:image/png;base64," + base64.b64encode(square(name)).decode()


@pytest.fixture
def cap(road) -> Product:
    """Caps in two sizes, four pieces of each."""
    product = ProductRow(key="cap", name="Cap", is_group=True)
    rows = [ItemRow(sku=f"CAP-{size}", name="Cap", product=product, options=[("Size", size)]) for size in "SL"]
    for item_id in upsert_items(seller_id=road.seller.pk, rows=rows, actor=MINA).values():
        inventory.receive(seller_id=road.seller.pk, item_id=item_id, quantity=4, actor=MINA)
    return Product.objects.get(seller=road.seller, name="Cap")


def ask(road, place, product: Product, price: str, *images: str) -> ListingChange:
    return offers.ask_listing(
        seller_id=road.seller.pk,
        product_id=product.pk,
        store_id=place.store.pk,
        offer=Offer(price=Decimal(price), images=images),
        actor=MINA,
    )


def told(place) -> OfferReport:
    return push_listings(Store.objects.get(pk=place.store.pk))


def listed(place) -> list[tuple[str, str]]:
    rows = Listing.objects.filter(store=place.store).order_by("item__sku")
    return [(row.item.sku, row.state) for row in rows if row.item]


def test_a_mall_that_fails_at_the_pictures_beside_goes_on_with_the_product_it_made(road, cap):
    place = connect_mall(road, Mall.empty())
    change = ask(road, place, cap, "12000", picture("front"), picture("back"))
    place.server.faults.add("crash", resource="POST additionalimages")
    with pytest.raises(ChannelDown):
        told(place)
    [half] = place.mall.products.values()
    change.refresh_from_db()
    assert (change.state, change.made["remote_id"]) == ("waiting", str(half.product_no))
    assert (half.row["display"], half.additional_images) == ("F", [])

    assert told(place).done == 1
    [whole] = place.mall.products.values()
    assert (whole.product_no, whole.row["display"], len(whole.additional_images)) == (half.product_no, "T", 1)
    assert [variant.quantity for variant in whole.variants] == [4, 4]
    assert listed(place) == [("CAP-L", "active"), ("CAP-S", "active")]


def test_a_wish_given_up_half_way_hands_its_product_to_the_next_one(road, cap):
    place = connect_mall(road, Mall.empty())
    change = ask(road, place, cap, "12000", picture("front"), picture("back"))
    place.server.faults.add("crash", resource="PUT variants")
    with pytest.raises(ChannelDown):
        told(place)
    offers.cancel_change(seller_id=road.seller.pk, change_id=change.pk, actor=MINA)
    [half] = place.mall.products.values()
    place.mall.recode(half.variants[0], None)
    half.row["custom_product_code"] = "renamed by hand"

    ask(road, place, cap, "13000", picture("front"))
    assert told(place).done == 1
    [whole] = place.mall.products.values()
    assert (whole.product_no, whole.price(), whole.additional_images) == (half.product_no, "13000.00", [])


def test_a_shop_whose_picture_folder_is_shut_makes_nothing_and_goes_on_when_it_is_open(road, cap, monkeypatch):
    sent: list[str] = []

    def store_some(shop, call):
        sent.append(str(call.body["path"]))
        if len(sent) == 2:
            raise WireError(422, "invalid", "The shop may not write there.", field="path", reason="folder")
        return product_writes.store_image(shop, call)

    monkeypatch.setitem(resources.WRITES, "image", store_some)
    place = road.connect(Shop.empty())
    change = ask(road, place, cap, "12.50", picture("front"), picture("back"))
    assert told(place).refused == 1
    change.refresh_from_db()
    assert (change.state, change.error_code, len(change.made["images"])) == ("failed", "opencart_image_refused", 1)
    assert place.shop.tables.products == {}

    offers.ask_again(seller_id=road.seller.pk, change_id=change.pk, actor=MINA)
    assert told(place).done == 1
    assert (len(place.shop.tables.products), len(sent)) == (1, 3)
    assert listed(place) == [("CAP-L", "active"), ("CAP-S", "active")]


@pytest.mark.parametrize("reached", ["at once", "by a redirect"])
def test_no_picture_is_fetched_from_inside_the_network_entrepot_stands_in(road, cap, monkeypatch, reached):
    place = road.connect(Shop.empty())
    asked: list[str] = []
    inside = f"{place.server.url}/inside.png"
    monkeypatch.setattr(pictures, "_at", lambda _http, address: asked.append(address) or moved_to(inside))
    monkeypatch.setattr(addresses.socket, "getaddrinfo", known_addresses)
    change = ask(road, place, cap, "12.50", inside if reached == "at once" else "https://public.example/a.png")
    assert told(place).refused == 1
    change.refresh_from_db()
    assert (change.state, change.error_code) == ("failed", "opencart_image_unusable")
    assert "private network" in change.error_reason
    assert asked == ([] if reached == "at once" else ["https://public.example/a.png"])
    assert place.shop.tables.products == {}


def moved_to(place: str) -> HttpAnswer:
    request = HttpRequest(method="GET", url="https://public.example/a.png")
    return HttpAnswer(request=request, status=302, headers={"location": place}, body=b"")


def known_addresses(host: str, port: int, *given, plain=addresses.socket.getaddrinfo, **more):
    return plain("8.8.8.8" if host == "public.example" else host, port, *given, **more)


def test_an_answer_lost_and_a_wish_given_up_make_no_second_product_in_a_shop(road, cap):
    place = road.connect(Shop.empty())
    change = ask(road, place, cap, "12.50")
    place.server.faults.add("lost", resource="products_create")
    with pytest.raises(ChannelDown):
        told(place)
    offers.cancel_change(seller_id=road.seller.pk, change_id=change.pk, actor=MINA)
    ask(road, place, cap, "15")
    assert told(place).done == 1
    [made] = place.shop.tables.products.values()
    assert made.price == "15.0000"


def test_a_product_that_was_listed_and_deleted_is_listed_as_a_new_one(road, cap):
    place = road.connect(Shop.empty())
    ask(road, place, cap, "12.50")
    told(place)
    ids = list(Listing.objects.filter(store=place.store).values_list("pk", flat=True))
    offers.ask_delete(seller_id=road.seller.pk, listing_ids=ids, approved=True, actor=MINA)
    told(place)
    ask(road, place, cap, "12.50")
    assert told(place).done == 1
    assert list(place.shop.tables.products) == [2]


def test_one_product_a_shop_refuses_stops_no_other(road, cap):
    place = road.connect(Shop.empty())
    row = ItemRow(sku="HAT", name="x" * 300, product=ProductRow(key="hat", name="x" * 300))
    upsert_items(seller_id=road.seller.pk, rows=[row], actor=MINA)
    hat = Product.objects.get(items__sku="HAT")
    ask(road, place, hat, "5")
    ask(road, place, cap, "12.50")
    report = told(place)
    assert (report.done, report.refused) == (1, 1)
    states = ListingChange.objects.filter(store=place.store).order_by("pk").values_list("state", "error_code")
    assert list(states) == [("failed", "opencart_refused"), ("done", "")]
    assert place.server.counters.snapshot()["requests"]["products_create"] == 1


def while_talking(monkeypatch, deed) -> None:
    """Have `deed` happen once, when the shop has made what it was sent and we have not written it down yet."""
    plain, left = OpenCartListings.create_many, [deed]

    def talked(self, drafts, makings=()):
        answers = plain(self, drafts, makings)
        if left:
            left.pop()()
        return answers

    monkeypatch.setattr(OpenCartListings, "create_many", talked)


def test_a_wish_given_up_and_asked_again_while_the_shop_makes_it_makes_no_second_product(road, cap, monkeypatch):
    place = road.connect(Shop.empty())
    first = ask(road, place, cap, "12.50")

    def again() -> None:
        offers.cancel_change(seller_id=road.seller.pk, change_id=first.pk, actor=MINA)
        ask(road, place, cap, "15")

    while_talking(monkeypatch, again)
    assert told(place).done == 2
    [made] = place.shop.tables.products.values()
    assert made.price == "15.0000"
    rows = ListingChange.objects.filter(store=place.store).order_by("pk").values_list("state", "remote_id")
    assert list(rows) == [("done", "1"), ("done", "1")]


def test_what_was_given_up_before_its_turn_is_not_made(road, cap, monkeypatch):
    place = road.connect(Shop.empty())
    row = ItemRow(sku="HAT", name="Hat", product=ProductRow(key="hat", name="Hat"))
    upsert_items(seller_id=road.seller.pk, rows=[row], actor=MINA)
    ask(road, place, cap, "12.50")
    hat = ask(road, place, Product.objects.get(items__sku="HAT"), "5")
    monkeypatch.setattr(OpenCartListings, "at_once", 1)
    while_talking(monkeypatch, lambda: offers.cancel_change(seller_id=road.seller.pk, change_id=hat.pk, actor=MINA))
    assert told(place).done == 1
    hat.refresh_from_db()
    assert (hat.state, len(place.shop.tables.products)) == ("canceled", 1)


def test_a_wish_given_up_while_the_shop_refuses_it_stays_given_up(road, monkeypatch):
    place = road.connect(Shop.empty())
    row = ItemRow(sku="HAT", name="x" * 300, product=ProductRow(key="hat", name="x" * 300))
    upsert_items(seller_id=road.seller.pk, rows=[row], actor=MINA)
    hat = ask(road, place, Product.objects.get(items__sku="HAT"), "5")
    while_talking(monkeypatch, lambda: offers.cancel_change(seller_id=road.seller.pk, change_id=hat.pk, actor=MINA))
    told(place)
    hat.refresh_from_db()
    assert (hat.state, Problem.objects.filter(object_type="listing_change").count()) == ("canceled", 0)


def test_what_somebody_put_into_the_shop_meanwhile_is_not_made_again(road, cap):
    place = road.connect(Shop.empty())
    change = ask(road, place, cap, "12.50")
    item = cap.items.order_by("pk")[0]
    Listing.objects.create(
        seller=road.seller, store=place.store, item=item, remote_id="77", title="Cap", currency="USD"
    )
    assert told(place).refused == 1
    change.refresh_from_db()
    assert (change.state, change.error_code, place.shop.tables.products) == ("failed", "listed_already", {})


@pytest.mark.parametrize(
    ("fault", "code"), [((500, "internal"), "opencart_shop_failed"), ((409, "conflict"), "opencart_throttled")]
)
def test_one_product_a_shop_stumbles_over_is_tried_again_and_stops_no_other(road, cap, monkeypatch, fault, code):
    plain = product_writes._creation

    def stumble(body):
        if body["product"].get("sku") == "HAT":
            raise WireError(*fault, "Not now.")
        return plain(body)

    place = road.connect(Shop.empty())
    row = ItemRow(sku="HAT", name="Hat", product=ProductRow(key="hat", name="Hat"))
    upsert_items(seller_id=road.seller.pk, rows=[row], actor=MINA)
    hat = ask(road, place, Product.objects.get(items__sku="HAT"), "5")
    ask(road, place, cap, "12.50")
    with monkeypatch.context() as stumbling:
        stumbling.setattr(product_writes, "_creation", stumble)
        assert told(place) == OfferReport(done=1, refused=0)
    hat.refresh_from_db()
    assert (hat.state, hat.attempts, hat.error_code) == ("waiting", 1, code)
    assert hat.next_try_at is not None
    assert hat.next_try_at > timezone.now()
    assert Problem.objects.filter(object_type="listing_change").count() == 0

    ListingChange.objects.filter(pk=hat.pk).update(next_try_at=timezone.now())
    assert told(place).done == 1
    hat.refresh_from_db()
    assert (hat.state, hat.error_code, len(place.shop.tables.products)) == ("done", "", 2)


def push_again(place, tries: int) -> list[str]:
    """As the engine does: again, whatever the shop answers. How each try ended."""
    ended = []
    for _ in range(tries):
        try:
            ended.append(f"{told(place).done} done")
        except ChannelDown:
            ended.append("down")
    return ended


def states(*changes: ListingChange) -> list[str]:
    return [ListingChange.objects.get(pk=change.pk).state for change in changes]


def test_a_change_a_shop_always_fails_at_lets_others_go_first_but_none_of_its_own_product(road, monkeypatch):
    place = road.connect(small_shop(RED=5, BLUE=3))
    plain = OpenCartListings.update

    def fail(self, remote_id, draft):
        if draft.name == "Bad":
            raise ChannelDown("HTTP 500")
        return plain(self, remote_id, draft)

    def rename(product_id: int, name: str) -> ListingChange:
        listing_id = place.listing(product_id).pk
        [asked] = offers.ask_update(
            seller_id=road.seller.pk, listing_id=listing_id, fields={"name": name}, actor=MINA
        )  # fmt: skip
        return asked

    bad, later, other = rename(1, "Bad"), rename(1, "Better"), rename(2, "Blue wool sock")
    with monkeypatch.context() as failing:
        failing.setattr(OpenCartListings, "update", fail)
        assert push_again(place, 4) == ["down", "down", "down", "1 done"]
        assert states(bad, later, other) == ["waiting", "waiting", "done"]
        assert owes_changes() == []
    bad.refresh_from_db()
    assert (bad.attempts, bad.error_code) == (3, "channel_down")
    assert timezone.now() < bad.next_try_at <= timezone.now() + timedelta(seconds=30)
    assert owes_changes(now=timezone.now() + timedelta(seconds=31)) == [place.store.pk]

    ListingChange.objects.filter(pk=bad.pk).update(next_try_at=timezone.now())
    assert push_again(place, 1) == ["2 done"]
    assert place.shop.tables.products[1].names[1] == "Better"
    bad.refresh_from_db()
    assert (bad.state, bad.error_code, bad.next_try_at) == ("done", "", None)


def test_one_price_of_many_that_a_shop_always_fails_at_is_found_and_the_others_are_told(road, monkeypatch):
    place = road.connect(small_shop(RED=5, BLUE=3, GREEN=2))
    plain = OpenCartPrices.push

    def fail(self, levels):
        if any(level.remote_id == "2" for level in levels):
            raise ChannelDown("HTTP 500")
        return plain(self, levels)

    for product_id in (1, 2, 3):
        offers.ask_price(
            seller_id=road.seller.pk,
            listing_ids=[place.listing(product_id).pk],
            price=Decimal(9),
            retail_price=None,
            actor=MINA,
        )
    with monkeypatch.context() as failing:
        failing.setattr(OpenCartPrices, "push", fail)
        assert push_again(place, 5) == ["down", "down", "down", "down", "1 done"]
    assert [place.shop.tables.products[number].price for number in (1, 2, 3)] == ["9.0000", "10.0000", "9.0000"]
    assert list(ListingChange.objects.order_by("pk").values_list("state", flat=True)) == ["done", "waiting", "done"]


def test_a_shop_that_was_silent_for_long_is_told_everything_soon_after(road, monkeypatch):
    place = road.connect(small_shop(RED=5, BLUE=3))
    asked = [
        offers.ask_update(
            seller_id=road.seller.pk, listing_id=place.listing(number).pk, fields={"name": "Sock"}, actor=MINA
        )[0]
        for number in (1, 2)
    ]
    with monkeypatch.context() as silent:
        silent.setattr(OpenCartListings, "update", _silent)
        for _ in range(40):
            ListingChange.objects.update(next_try_at=None)
            push_again(place, 1)
    waits = ListingChange.objects.exclude(next_try_at=None).values_list("next_try_at", flat=True)
    assert all(at <= timezone.now() + timedelta(minutes=15) for at in waits)
    ListingChange.objects.update(next_try_at=None)
    assert (push_again(place, 1), states(*asked)) == (["2 done"], ["done", "done"])


def _silent(self, remote_id, draft):
    raise ChannelDown("no answer")
