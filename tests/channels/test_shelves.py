"""Where our categories and brands stand in a store: suggested, said by a person, used when something is listed."""

from decimal import Decimal

import pytest
from django.utils import timezone

from entrepot.accounts.models import AuditEntry, Seller
from entrepot.catalog import services as catalog
from entrepot.catalog.drafts import ItemDraft, ProductDraft
from entrepot.catalog.errors import BrandNotFound, CategoryNotFound
from entrepot.catalog.models import Brand, Category, Product
from entrepot.channels.errors import ShelfUnknown, StoreNotFound
from entrepot.channels.models import BrandMapping, CategoryMapping, ListingChange, RemoteBrand, RemoteCategory, Store
from entrepot.channels.queries.shelves import Shelved, shelf_page, shelves, shelves_of
from entrepot.channels.services.offers import Offer, offer_fields
from entrepot.channels.services.offers_draft import creations
from entrepot.channels.services.shelving import map_brands, map_categories, take_suggestions
from tests.books import MINA, make_seller
from tests.web.factories import make_store


@pytest.fixture
def seller(db: None) -> Seller:
    return make_seller()


@pytest.fixture
def store(seller: Seller) -> Store:
    made = make_store(seller)
    for remote_id, parent_id, name in [
        ("20", "", "Clothes"), ("21", "20", "Socks"), ("22", "20", "Scarves"), ("30", "", "의류"), ("31", "30", "양말"),
    ]:  # fmt: skip
        RemoteCategory.objects.create(store=made, remote_id=remote_id, parent_id=parent_id, name=name)
    for remote_id, name in [("7", "Sodam"), ("8", "Hanok Wool")]:
        RemoteBrand.objects.create(store=made, remote_id=remote_id, name=name)
    return made


def make_path(seller: Seller, *path: str) -> int:
    return catalog.ensure_categories(seller_id=seller.pk, paths=[path], actor=MINA)[path]


def make_brand(seller: Seller, name: str) -> int:
    return catalog.ensure_brands(seller_id=seller.pk, names=[name], actor=MINA)[name]


def make_product(seller: Seller, *paths: tuple[str, ...], brand: str = "") -> Product:
    sku = f"S{Product.objects.count()}"
    draft = ProductDraft(name="Sock", brand=brand, categories=paths, items=[ItemDraft(sku=sku)])
    return catalog.create_product(seller_id=seller.pk, draft=draft, actor=MINA)


def ideas(store: Store, what: str = "categories") -> dict[str, tuple[str, str, bool] | None]:
    there = shelves(seller_id=store.seller_id, store=store, what=what)
    page = shelf_page(seller_id=store.seller_id, there=there)
    return {
        row.words: (row.idea.place.remote_id, row.idea.why, row.idea.certain) if row.idea else None for row in page.rows
    }


def mapped(store: Store) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for row in CategoryMapping.objects.filter(store=store).select_related("category").order_by("id"):
        rows.setdefault(row.category.name, []).append(row.remote_id)
    return rows


def test_the_same_path_is_certain_whatever_its_case_and_signs(seller: Seller, store: Store):
    make_path(seller, "CLOTHES", "socks!")
    assert ideas(store)["CLOTHES › socks!"] == ("21", "path", True)


def test_the_same_name_in_another_place_is_suggested_and_never_certain(seller: Seller, store: Store):
    make_path(seller, "Winter", "Scarves")
    assert ideas(store)["Winter › Scarves"] == ("22", "name", False)


def test_a_korean_name_of_two_syllables_finds_one_like_it(seller: Seller, store: Store):
    make_path(seller, "패션", "면양말")
    assert ideas(store)["패션 › 면양말"] == ("31", "alike", False)


def test_a_name_that_nothing_is_like_has_no_suggestion(seller: Seller, store: Store):
    make_path(seller, "Teapots")
    assert ideas(store) == {"Teapots": None}


def test_a_path_that_the_store_has_twice_is_certain_of_neither(seller: Seller, store: Store):
    RemoteCategory.objects.create(store=store, remote_id="40", parent_id="20", name="Socks")
    make_path(seller, "Clothes", "Socks")
    assert ideas(store)["Clothes › Socks"] == ("21", "path", False)


def test_brands_are_suggested_by_name(seller: Seller, store: Store):
    make_brand(seller, "SODAM")
    make_brand(seller, "Hanok Wools")
    assert ideas(store, "brands") == {"Hanok Wools": ("8", "alike", False), "SODAM": ("7", "name", True)}


def test_all_sure_suggestions_are_taken_at_once_and_the_others_stay_open(seller: Seller, store: Store):
    make_path(seller, "Clothes", "Socks")
    make_path(seller, "Winter", "Scarves")
    assert take_suggestions(seller_id=seller.pk, store_id=store.pk, what="categories", actor=MINA) == 2
    assert mapped(store) == {"Clothes": ["20"], "Socks": ["21"]}
    assert take_suggestions(seller_id=seller.pk, store_id=store.pk, what="categories", actor=MINA) == 0


def test_what_somebody_has_said_is_not_overwritten_by_a_suggestion(seller: Seller, store: Store):
    socks = make_path(seller, "Clothes", "Socks")
    map_categories(seller_id=seller.pk, store_id=store.pk, wanted={socks: ["31"]}, actor=MINA)
    take_suggestions(seller_id=seller.pk, store_id=store.pk, what="categories", actor=MINA)
    assert mapped(store) == {"Clothes": ["20"], "Socks": ["31"]}


def test_a_category_may_stand_in_several_places_and_the_last_word_counts(seller: Seller, store: Store):
    socks = make_path(seller, "Socks")
    assert map_categories(seller_id=seller.pk, store_id=store.pk, wanted={socks: ["21", "31", "21"]}, actor=MINA) == 1
    assert mapped(store) == {"Socks": ["21", "31"]}
    assert map_categories(seller_id=seller.pk, store_id=store.pk, wanted={socks: ["31"]}, actor=MINA) == 1
    assert map_categories(seller_id=seller.pk, store_id=store.pk, wanted={socks: ["31"]}, actor=MINA) == 0
    assert mapped(store) == {"Socks": ["31"]}
    assert AuditEntry.objects.filter(verb="shelves.categories").count() == 2


def test_a_place_the_store_has_not_is_refused_and_nothing_changes(seller: Seller, store: Store):
    socks, scarves = make_path(seller, "Socks"), make_path(seller, "Scarves")
    with pytest.raises(ShelfUnknown):
        map_categories(seller_id=seller.pk, store_id=store.pk, wanted={socks: ["21"], scarves: ["99"]}, actor=MINA)
    brand = make_brand(seller, "Sodam")
    with pytest.raises(ShelfUnknown):
        map_brands(seller_id=seller.pk, store_id=store.pk, wanted={brand: "21"}, actor=MINA)
    assert mapped(store) == {}
    assert not BrandMapping.objects.exists()


def test_nobody_maps_what_is_another_sellers(seller: Seller, store: Store):
    other = make_seller("Busan Boots")
    theirs = make_path(other, "Socks")
    with pytest.raises(CategoryNotFound):
        map_categories(seller_id=seller.pk, store_id=store.pk, wanted={theirs: ["21"]}, actor=MINA)
    with pytest.raises(BrandNotFound):
        map_brands(seller_id=seller.pk, store_id=store.pk, wanted={make_brand(other, "X"): "7"}, actor=MINA)
    with pytest.raises(StoreNotFound):
        map_categories(seller_id=other.pk, store_id=store.pk, wanted={theirs: ["21"]}, actor=MINA)
    assert mapped(store) == {}


def test_a_product_lies_where_its_categories_stand_or_the_nearest_one_above_them(seller: Seller, store: Store):
    clothes = make_path(seller, "Clothes")
    map_categories(
        seller_id=seller.pk,
        store_id=store.pk,
        wanted={clothes: ["20"], make_path(seller, "Clothes", "Socks"): ["21", "31"]},
        actor=MINA,
    )
    map_brands(seller_id=seller.pk, store_id=store.pk, wanted={make_brand(seller, "소담"): "7"}, actor=MINA)
    own = make_product(seller, ("Clothes", "Socks"), brand="소담")
    above = make_product(seller, ("Clothes", "Hats", "Straw"), brand="Nobody")
    nowhere = make_product(seller, ("Teapots",))
    assert shelves_of(seller_id=seller.pk, store_id=store.pk, product_ids=[own.pk, above.pk, nowhere.pk]) == {
        own.pk: Shelved(["21", "31"], "Sodam"),
        above.pk: Shelved(["20"], ""),
        nowhere.pk: Shelved((), ""),
    }


def test_what_is_listed_lies_on_the_mapped_shelves_unless_somebody_chose_others(seller: Seller, store: Store):
    product = make_product(seller, ("Socks",), brand="소담")
    socks, brand = Category.objects.get(name="Socks").pk, Brand.objects.get(name="소담").pk
    map_categories(seller_id=seller.pk, store_id=store.pk, wanted={socks: ["21"]}, actor=MINA)
    map_brands(seller_id=seller.pk, store_id=store.pk, wanted={brand: "7"}, actor=MINA)

    def told(offer: Offer) -> tuple[object, object]:
        change = ListingChange.objects.create(
            seller=seller, store=store, product=product, kind="create", state="done", key=f"k{offer.brand}",
            fields=offer_fields(offer), asked_by="Mina", asked_at=timezone.now(),
        )  # fmt: skip
        draft = creations(store, changes=[change], with_images=False)[change.pk]
        return draft.category_ids, draft.brand

    assert told(Offer(price=Decimal(10))) == (["21"], "Sodam")
    assert told(Offer(price=Decimal(10), category_ids=["22"], brand="Hanok Wool")) == (["22"], "Hanok Wool")


def test_what_the_store_has_no_more_is_shown_as_gone_and_not_used(seller: Seller, store: Store):
    product = make_product(seller, ("Socks",), brand="Sodam")
    socks, brand = Category.objects.get(name="Socks").pk, Brand.objects.get(name="Sodam").pk
    map_categories(seller_id=seller.pk, store_id=store.pk, wanted={socks: ["21"]}, actor=MINA)
    map_brands(seller_id=seller.pk, store_id=store.pk, wanted={brand: "7"}, actor=MINA)
    RemoteCategory.objects.filter(remote_id="21").delete()
    RemoteBrand.objects.filter(remote_id="7").delete()
    there = shelves(seller_id=seller.pk, store=store, what="categories")
    row = shelf_page(seller_id=seller.pk, there=there).rows[0]
    assert [(place.remote_id, place.gone) for place in row.places] == [("21", True)]
    assert shelves_of(seller_id=seller.pk, store_id=store.pk, product_ids=[product.pk]) == {product.pk: Shelved()}


def test_the_open_ones_and_the_mapped_ones_are_listed_apart_page_by_page(seller: Seller, store: Store):
    ids = [make_path(seller, f"Shelf {n:02}") for n in range(5)]
    map_categories(seller_id=seller.pk, store_id=store.pk, wanted={ids[1]: ["21"], ids[3]: ["22"]}, actor=MINA)
    there = shelves(seller_id=seller.pk, store=store, what="categories")
    assert there.unmapped == 3

    def listed(show: str, after: str = "") -> list[str]:
        page = shelf_page(seller_id=seller.pk, there=there, show=show, after=after, limit=2)
        return [row.words for row in page.rows] + (listed(show, page.next) if page.next else [])

    assert listed("open") == ["Shelf 00", "Shelf 02", "Shelf 04"]
    assert listed("mapped") == ["Shelf 01", "Shelf 03"]
    assert listed("") == [f"Shelf {n:02}" for n in range(5)]
