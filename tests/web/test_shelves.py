"""The screens of categories, and of what they are in each store."""

import pytest
from django.test import Client
from django.urls import reverse

from entrepot.catalog.models import Category
from entrepot.channels.models import BrandMapping, CategoryMapping, RemoteCategory
from tests.web.conftest import AtDesk
from tests.web.factories import House, make_person, sit_down


@pytest.fixture
def house(at_desk: AtDesk) -> House:
    return at_desk.house


@pytest.fixture
def browser(at_desk: AtDesk) -> Client:
    return at_desk.browser


def shelves(house: House, what: str = "categories") -> str:
    return reverse("web:store_shelves", args=[house.store.pk]) + f"?what={what}"


def mapped(house: House) -> list[str]:
    return list(
        CategoryMapping.objects.filter(category_id=house.category_id).order_by("id").values_list("remote_id", flat=True)
    )


def test_a_category_of_the_same_name_is_filled_in_and_kept_when_a_person_saves(house: House, browser: Client):
    page = browser.get(shelves(house)).content.decode()
    assert 'value="Seoul Socks shop socks"' in page
    assert "Suggested" in page
    assert mapped(house) == []

    saved = browser.post(
        shelves(house),
        {"row": house.category_id, f"to-{house.category_id}": "Seoul Socks shop socks", "deed": "save"},
        follow=True,
    ).content.decode()
    assert mapped(house) == ["20"]
    assert "1 mapping changed." in saved
    assert "Mapped" in saved


def test_a_place_that_the_store_has_not_is_said_at_its_row_and_nothing_is_kept(house: House, browser: Client):
    answer = browser.post(shelves(house), {"row": house.category_id, f"to-{house.category_id}": "Nowhere"})
    assert answer.status_code == 422
    assert "The store has nothing of that name." in answer.content.decode()
    assert 'value="Nowhere"' in answer.content.decode()
    assert mapped(house) == []


def test_an_idea_that_is_not_sure_is_taken_by_a_tick(house: House, browser: Client):
    Category.objects.filter(pk=house.category_id).update(name="Warm socks shop")
    RemoteCategory.objects.create(store=house.store, remote_id="21", name="Warm socks shops")
    page = browser.get(shelves(house)).content.decode()
    assert f'name="take-{house.category_id}" value="Warm socks shops"' in page
    browser.post(
        shelves(house),
        {"row": house.category_id, f"to-{house.category_id}": "", f"take-{house.category_id}": "Warm socks shops"},
    )
    assert mapped(house) == ["21"]


def test_two_places_of_one_path_are_told_apart_by_their_numbers(house: House, browser: Client):
    RemoteCategory.objects.create(store=house.store, remote_id="99", name="Seoul Socks shop socks")
    browser.post(shelves(house), {"row": house.category_id, f"to-{house.category_id}": "Seoul Socks shop socks #99"})
    assert mapped(house) == ["99"]
    assert 'value="Seoul Socks shop socks #99"' in browser.get(shelves(house)).content.decode()


def test_a_field_that_is_emptied_takes_the_mapping_away(house: House, browser: Client):
    for text, after in [("Seoul Socks shop socks", ["20"]), ("", [])]:
        browser.post(shelves(house), {"row": house.category_id, f"to-{house.category_id}": text})
        assert mapped(house) == after


def test_everything_of_the_same_name_is_taken_with_one_press(house: House, browser: Client):
    browser.post(shelves(house), {"deed": "sure"})
    assert mapped(house) == ["20"]
    assert not BrandMapping.objects.exists()


def test_who_may_not_map_only_looks(house: House, browser: Client):
    viewer = sit_down(make_person(house.seller, "read_only"))
    page = viewer.get(shelves(house)).content.decode()
    assert "Seoul Socks shop socks" in page
    assert "Save what is filled in" not in page
    answer = viewer.post(
        shelves(house), {"row": house.category_id, f"to-{house.category_id}": "Seoul Socks shop socks"}
    )
    assert answer.status_code == 403
    assert mapped(house) == []


def test_a_person_tends_the_tree(house: House, browser: Client):
    address = reverse("web:categories")
    browser.post(address, {"new-name": "양말", "new-parent": ""})
    made = Category.objects.get(seller=house.seller, name="양말")
    again = browser.post(address, {"new-name": "양말", "new-parent": ""})
    assert (again.status_code, Category.objects.filter(name="양말").count()) == (422, 1)
    assert "in the same place already" in again.content.decode()

    one = reverse("web:category", args=[made.pk])
    browser.post(one, {"name": "겨울 양말", "parent": str(house.category_id)})
    made.refresh_from_db()
    assert (made.name, made.parent_id) == ("겨울 양말", house.category_id)
    assert "겨울 양말" in browser.get(address).content.decode()

    browser.post(reverse("web:category_delete", args=[made.pk]))
    assert not Category.objects.filter(pk=made.pk).exists()


def test_a_page_with_a_place_that_the_store_took_away_is_saved_as_it_stands(house: House, browser: Client):
    gone = RemoteCategory.objects.create(store=house.store, remote_id="21", name="Gone by now")
    row, field = house.category_id, f"to-{house.category_id}"
    browser.post(shelves(house), {"row": row, field: "Gone by now"})
    gone.delete()
    page = browser.get(shelves(house)).content.decode()
    assert 'value="#21"' in page
    answer = browser.post(shelves(house), {"row": row, field: ["#21", "Seoul Socks shop socks"]})
    assert (answer.status_code, sorted(mapped(house))) == (302, ["20", "21"])


def test_a_category_whose_new_name_is_taken_is_not_moved_either(house: House, browser: Client):
    made = Category.objects.create(seller=house.seller, name="Left")
    Category.objects.create(seller=house.seller, name="Taken", parent_id=house.category_id)
    answer = browser.post(reverse("web:category", args=[made.pk]), {"name": "Taken", "parent": str(house.category_id)})
    assert answer.status_code == 422
    made.refresh_from_db()
    assert (made.name, made.parent_id) == ("Left", None)


def test_a_category_gets_its_new_name_and_place_in_one_step(house: House, browser: Client):
    made = Category.objects.create(seller=house.seller, name="Same")
    Category.objects.create(seller=house.seller, name="Same", parent_id=house.category_id)
    browser.post(reverse("web:category", args=[made.pk]), {"name": "Other", "parent": str(house.category_id)})
    made.refresh_from_db()
    assert (made.name, made.parent_id) == ("Other", house.category_id)
