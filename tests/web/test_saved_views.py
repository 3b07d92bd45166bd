"""Every list with filters is kept under names, begins as one chose, and stands whole in its address."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse

from entrepot.accounts.models import SavedView
from entrepot.web.way.saved import SCREENS
from tests.web.conftest import AtDesk
from tests.web.factories import full_house, make_person, sit_down

QUERIES = {
    "orders": "status=new&q=Jane",
    "products": "q=tea&kind=single",
    "listings": "q=tea&show=unmatched",
    "listing_changes": "state=failed",
    "stock": "q=RED&level=low",
    "problems": "settled=1",
}
FILTERED = [
    "orders", "products", "listings", "stock", "problems", "journal", "audit", "wms_bins", "wms_receipts", "categories",
]  # fmt: skip
FORM = re.compile(r'<form class="filters"[^>]*method="get".*?</form>', re.DOTALL)
INPUT = re.compile(r"<(input|select)\b([^>]*)>(?:(.*?)</select>)?", re.DOTALL)
NAME = re.compile(r'\bname="([^"]+)"')


def _fields(page: str) -> dict[str, str]:
    """The fields of the list's filter form and what stands in them."""
    found: dict[str, str] = {}
    for kind, marks, inner in INPUT.findall("".join(FORM.findall(page))):
        names = NAME.findall(marks)
        if not names:
            continue
        chosen = re.findall(r'<option value="([^"]*)"[^>]*\bselected', inner) if kind == "select" else []
        value = re.findall(r'\bvalue="([^"]*)"', marks)
        if 'type="checkbox"' in marks:
            chosen = ["on"] if "checked" in marks else [""]
        found[names[0]] = unescape((chosen or value or [""])[0])
    return found


def _offered(page: str, name: str) -> str:
    """Something that a person may put into a field: its last choice, a day, a number, or a word."""
    for kind, marks, inner in INPUT.findall("".join(FORM.findall(page))):
        if NAME.findall(marks) != [name]:
            continue
        if kind == "select":
            return unescape([*re.findall(r'<option value="([^"]*)"', inner), ""][-2])
        told = re.findall(r'\btype="([^"]*)"', marks)
        return {"date": "2026-01-02", "number": "7", "checkbox": "on", "hidden": ""}.get((told or [""])[0], "tea")
    return ""


@pytest.mark.parametrize("name", FILTERED)
def test_each_filter_is_in_the_address_and_the_address_alone_gives_the_list(at_desk: AtDesk, name: str) -> None:
    place = reverse(f"web:{name}")
    page = at_desk.browser.get(place, {"more": "1", "view": "all"}).content.decode()
    names = [field for field in _fields(page) if field not in {"view", "more"}]
    assert names != []

    for field in names:
        value = _offered(page, field)
        address = f"{place}?more=1&view=all&{field}={value}"
        there = at_desk.browser.get(address)
        again = sit_down(at_desk.house.owner).get(address)

        assert there.status_code == 200
        assert _fields(there.content.decode()).get(field) == value, field
        assert [getattr(row, "pk", row) for row in there.context["page"].rows] == [
            getattr(row, "pk", row) for row in again.context["page"].rows
        ]


@pytest.mark.parametrize("screen", sorted(SCREENS))
def test_a_list_is_kept_under_a_name_and_begins_with_it_until_one_says_otherwise(at_desk: AtDesk, screen: str) -> None:
    browser, place = at_desk.browser, reverse(SCREENS[screen].address)

    saved = browser.post(
        reverse("web:view_save"), {"screen": screen, "name": "Mine", "query": QUERIES[screen], "shared": "yes"}
    )
    view = SavedView.objects.get(screen=screen, name="Mine")
    opened = browser.get(saved.headers["Location"]).content.decode()
    browser.post(reverse("web:view_deed", args=[view.pk, "first"]), {"screen": screen, "back": place})
    begun = browser.get(place)
    whole = browser.get(place, {"view": "all"})

    assert saved.headers["Location"] == f"{place}?{QUERIES[screen]}&view={view.pk}"
    assert re.search(r'<a class="chip"[^>]* aria-current="page">Mine', opened)
    assert begun.status_code == 302
    assert begun.headers["Location"] == saved.headers["Location"]
    assert whole.status_code == 200
    assert 'href="?"' not in whole.content.decode()  # it would lead back into the view
    assert 'href="?"' not in opened


def test_a_list_no_longer_begins_with_a_colleagues_view_that_is_not_shared_any_more(at_desk: AtDesk) -> None:
    other = sit_down(make_person(at_desk.house.seller, "manager", "hana@example.com"))
    place = reverse("web:orders")
    at_desk.browser.post(reverse("web:view_save"), {"screen": "orders", "name": "Ours", "query": "", "shared": "yes"})
    view = SavedView.objects.get(name="Ours")
    other.post(reverse("web:view_deed", args=[view.pk, "first"]), {"screen": "orders", "back": place})
    shared = other.get(place)

    SavedView.objects.filter(pk=view.pk).update(shared=False, query="q=Jane")
    own = other.get(place)

    assert (shared.status_code, own.status_code) == (302, 200)


@pytest.mark.parametrize("screen", sorted(SCREENS))
def test_a_view_keeps_its_name_while_its_filters_are_changed_and_is_kept_as_changed(
    at_desk: AtDesk, screen: str
) -> None:
    browser, place = at_desk.browser, reverse(SCREENS[screen].address)
    browser.post(reverse("web:view_save"), {"screen": screen, "name": "Mine", "query": QUERIES[screen]})
    view = SavedView.objects.get(screen=screen, name="Mine")
    name, value = parse_qsl(QUERIES[screen])[0]

    same = browser.get(f"{place}?{QUERIES[screen]}&view={view.pk}").content.decode()
    other = browser.get(f"{place}?{name}=&view={view.pk}").content.decode()
    form = re.compile(rf'action="{reverse("web:view_deed", args=[view.pk, "update"])}"')

    assert value != ""
    assert form.search(same) is None
    assert form.search(other) is not None


def test_what_a_colleague_shares_is_seen_and_changed_by_nobody_else(db: None) -> None:
    house, other = full_house(), full_house("Other")
    sit_down(house.owner).post(
        reverse("web:view_save"), {"screen": "stock", "name": "Low tea", "query": "level=low", "shared": "yes"}
    )
    view = SavedView.objects.get(screen="stock")
    reader = sit_down(make_person(house.seller, "read_only", "them@example.com"))

    seen = reader.get(reverse("web:stock")).content.decode()
    stranger = sit_down(other.owner).get(reverse("web:stock")).content.decode()
    reader.post(reverse("web:view_deed", args=[view.pk, "delete"]), {"screen": "stock"})
    theirs = sit_down(other.owner).post(reverse("web:view_deed", args=[view.pk, "delete"]), {"screen": "stock"})

    assert "Low tea" in seen
    assert "Low tea" not in stranger
    assert theirs.status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_a_list_that_a_role_may_not_see_is_not_kept(db: None) -> None:
    house = full_house()
    picker = sit_down(make_person(house.seller, "picker", "them@example.com"))

    answer = picker.post(reverse("web:view_save"), {"screen": "problems", "name": "Mine", "query": ""})
    unknown = picker.post(reverse("web:view_save"), {"screen": "people", "name": "Mine", "query": ""})

    assert answer.status_code == 403
    assert unknown.status_code == 404
    assert SavedView.objects.filter(name="Mine").count() == 0


def test_a_view_leads_to_its_own_list(at_desk: AtDesk) -> None:
    at_desk.browser.post(reverse("web:view_save"), {"screen": "stock", "name": "Low", "query": "level=low"})
    view = SavedView.objects.get(screen="stock")

    deleted = at_desk.browser.post(reverse("web:view_deed", args=[view.pk, "delete"]), {"screen": "stock"})

    assert urlsplit(deleted.headers["Location"]).path == reverse("web:stock")
