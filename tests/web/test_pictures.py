"""A kept picture is shown to those who work for its seller, and is never anything but a picture."""

import pytest

from entrepot.catalog.models import Picture
from tests.books import make_seller
from tests.pictures import drawn, kept, png
from tests.web.conftest import AtDesk
from tests.web.factories import make_person, sit_down


def test_a_kept_picture_is_shown_as_it_came_and_need_not_be_fetched_again(at_desk: AtDesk):
    address = kept(at_desk.house.seller)

    answer = at_desk.browser.get(address)

    assert (answer.status_code, answer.content) == (200, png())
    [row] = Picture.objects.all()
    assert {name: answer.headers[name] for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control")} == {
        "Content-Type": "image/png",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=31536000, immutable",
    }
    assert answer.headers["Content-Disposition"] == f'inline; filename="{row.public_id}.png"'
    assert answer.headers["ETag"] == f'"{row.sha256}"'
    again = at_desk.browser.get(address, headers={"If-None-Match": f'"{row.sha256}"'})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp")],
)
def test_each_kind_is_served_as_what_it_is(at_desk: AtDesk, kind: str, content_type: str):
    answer = at_desk.browser.get(kept(at_desk.house.seller, drawn(kind)))

    assert (answer.headers["Content-Type"], answer.content) == (content_type, drawn(kind))


def test_another_sellers_picture_an_unknown_one_and_another_ending_are_not_there(at_desk: AtDesk):
    mine, theirs = kept(at_desk.house.seller), kept(make_seller("Busan Boots"))

    for address in (
        theirs,
        mine.replace(".png", ".jpg"),
        mine.replace(".png", ".html"),
        "/pictures/0b7e2c1c-94d4-4e0c-8d5e-3a2f6c1b9e77.png",
    ):
        answer = at_desk.browser.get(address)
        assert answer.status_code == 404, address
        assert png() not in answer.content


def test_to_a_stranger_no_picture_is_shown(at_desk: AtDesk, client):
    answer = client.get(kept(at_desk.house.seller))

    assert (answer.status_code, answer.content) == (302, b"")
    assert answer.headers["Location"].startswith("/sign-in/")


def test_who_works_for_another_seller_does_not_see_it(at_desk: AtDesk):
    address = kept(at_desk.house.seller)

    answer = sit_down(make_person(make_seller("Busan Boots"))).get(address)

    assert answer.status_code == 404
    assert png() not in answer.content
