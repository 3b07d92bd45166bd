"""There is a tour in the demo only, and it passes over what there is not to see yet."""

import pytest
from django.urls import reverse

from entrepot.web.way.tour import STOPS
from tests.books import make_seller
from tests.web.conftest import AtDesk
from tests.web.factories import make_person, sit_down


@pytest.fixture
def demo(settings) -> None:
    settings.DEMO = True


def test_outside_the_demo_nobody_is_offered_a_tour(at_desk: AtDesk) -> None:
    for name in ("dashboard", "start"):
        assert (
            reverse("web:tour_do", args=["begin"]) not in at_desk.browser.get(reverse(f"web:{name}")).content.decode()
        )
    assert at_desk.browser.post(reverse("web:tour_do", args=["begin"])).status_code == 404


@pytest.mark.usefixtures("demo")
def test_the_tour_leads_through_all_its_stops_to_the_first_steps(at_desk: AtDesk) -> None:
    assert "Take the tour" in at_desk.browser.get("/").content.decode()
    answer = at_desk.browser.post(reverse("web:tour_do", args=["begin"]), follow=True)
    for number, stop in enumerate(STOPS, start=1):
        text = answer.content.decode()
        assert answer.status_code == 200
        assert f"Tour of the demo · {number} of {len(STOPS)}" in text
        assert str(stop.title) in text
        answer = at_desk.browser.post(reverse("web:tour_do", args=["next"]), follow=True)

    assert answer.redirect_chain == [(reverse("web:start"), 302)]
    assert 'id="tour"' not in answer.content.decode()
    assert "tour-offer" not in at_desk.browser.get("/").content.decode()


@pytest.mark.usefixtures("demo", "db")
def test_a_stop_without_anything_to_see_yet_is_passed_over() -> None:
    browser = sit_down(make_person(make_seller("New")))
    browser.post(reverse("web:tour_do", args=["begin"]))
    seen = ["dashboard"]
    while (there := browser.post(reverse("web:tour_do", args=["next"])).headers["Location"]) != reverse("web:start"):
        seen.append(there.strip("/"))

    assert seen == ["dashboard", "orders", "plans", "warehouse", "problems", "journal"]


@pytest.mark.usefixtures("demo", "db")
def test_a_role_is_led_only_where_it_may_go() -> None:
    browser = sit_down(make_person(make_seller("New"), "picker"))
    browser.post(reverse("web:tour_do", args=["begin"]))
    while (there := browser.post(reverse("web:tour_do", args=["next"])).headers["Location"]) != reverse("web:start"):
        assert browser.get(there).status_code == 200
