"""Pictures that merchants give as files."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from uuid import UUID

import pytest
from django.db import connection

from entrepot.accounts.models import AuditEntry, Seller
from entrepot.catalog.errors import PictureNotFound
from entrepot.catalog.models import Picture
from entrepot.catalog.pictures import content_of, is_image_address, kept_id, not_kept, picture
from entrepot.catalog.services.pictures import keep_picture
from entrepot.kernel.errors import EntrepotError
from tests.books import MINA, make_seller
from tests.pictures import WRONG, drawn, png


def keep(seller: Seller, content: bytes) -> str:
    return keep_picture(seller_id=seller.pk, content=content, actor=MINA)


def test_a_picture_is_kept_as_it_came_and_noted(seller: Seller):
    address = keep(seller, png())

    [kept] = Picture.objects.all()
    assert address == f"/pictures/{kept.public_id}.png"
    assert bytes(kept.content) == png()
    assert (kept.seller_id, kept.sha256) == (seller.pk, sha256(png()).hexdigest())
    assert (kept.content_type, kept.width, kept.height, kept.size) == ("image/png", 64, 64, len(png()))
    [entry] = AuditEntry.objects.filter(verb="catalog.picture_kept")
    assert (entry.actor_label, entry.object_type, entry.object_id) == ("Mina", "picture", str(kept.public_id))
    assert entry.facts == {"content_type": "image/png", "size": len(png()), "width": 64, "height": 64}


@pytest.mark.parametrize(
    ("kind", "ending", "content_type"),
    [
        ("JPEG", "jpg", "image/jpeg"),
        ("PNG", "png", "image/png"),
        ("GIF", "gif", "image/gif"),
        ("WEBP", "webp", "image/webp"),
    ],
)
def test_what_a_picture_is_says_its_content(seller: Seller, kind: str, ending: str, content_type: str):
    address = keep(seller, drawn(kind))

    kept = Picture.objects.get()
    assert address.endswith(f".{ending}")
    assert (kept.content_type, kept.width, kept.height) == (content_type, 40, 30)


def test_a_film_that_a_telephone_wrote_behind_a_jpeg_is_no_harm(seller: Seller):
    assert keep(seller, drawn("JPEG") + b"\x00\x00\x00\x18ftypmp42" + b"film" * 500).endswith(".jpg")


@pytest.mark.parametrize("what", WRONG)
def test_a_file_that_is_no_clean_picture_is_refused_and_nothing_is_kept(seller: Seller, what: str):
    content, code = WRONG[what]

    with pytest.raises(EntrepotError) as refusal:
        keep(seller, content)

    assert refusal.value.code == code
    assert not Picture.objects.exists()
    assert not AuditEntry.objects.filter(verb="catalog.picture_kept").exists()


def test_the_same_file_twice_is_one_picture(seller: Seller):
    first = keep(seller, png())

    assert keep(seller, png()) == first
    assert keep(seller, png("blue")) != first
    assert Picture.objects.count() == 2
    assert AuditEntry.objects.filter(verb="catalog.picture_kept").count() == 2


def test_two_sellers_with_the_same_file_have_a_picture_each(seller: Seller):
    other = make_seller("Busan Boots")

    mine, theirs = keep(seller, png()), keep(other, png())

    assert mine != theirs
    assert {row.seller_id for row in Picture.objects.all()} == {seller.pk, other.pk}


def test_another_sellers_picture_is_not_there(seller: Seller):
    address = keep(make_seller("Busan Boots"), png())
    public_id = kept_id(address)
    assert public_id is not None

    with pytest.raises(PictureNotFound):
        picture(seller_id=seller.pk, public_id=public_id)
    assert content_of(seller_id=seller.pk, address=address) == b""
    assert not_kept(seller_id=seller.pk, addresses=[address, "https://example.com/sock.jpg"]) == [address]


@pytest.mark.django_db(transaction=True)
def test_the_same_file_given_four_times_at_once_is_one_picture():
    seller = make_seller()

    def give(_number: int) -> str:
        try:
            return keep(seller, png())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        addresses = set(hands.map(give, range(4)))

    assert addresses == {f"/pictures/{Picture.objects.get().public_id}.png"}


def test_an_address_is_on_the_web_or_of_a_kept_picture():
    known = "/pictures/0b7e2c1c-94d4-4e0c-8d5e-3a2f6c1b9e77.jpg"
    assert kept_id(known) == UUID("0b7e2c1c-94d4-4e0c-8d5e-3a2f6c1b9e77")
    for good in (known, "https://example.com/sock.jpg", "http://shop.test/image?id=7"):
        assert is_image_address(good), good
    for bad in (
        "", "sock.jpg", "javascript:alert(1)", "data:image/png;base64,AAAA", "//example.com/sock.jpg", "https://",
        "https://example.com/a sock.jpg", "https://[example.com/sock.jpg", f"https://example.com/{'s' * 1000}",
        "/pictures/0b7e2c1c-94d4-4e0c-8d5e-3a2f6c1b9e77.svg", "/pictures/../sign-out/.jpg", f"{known}?a=1",
        f"{known}\n",
    ):  # fmt: skip
        assert not is_image_address(bad), bad
