"""Pictures over the API: a file in, an address out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from entrepot.catalog.models import Picture, Product
from entrepot.catalog.pictures import content_of
from tests.pictures import WRONG, drawn, png

PATH = "/api/v1/pictures"


def bare(program, content: bytes, content_type: str = "image/png"):
    headers = {"authorization": f"Bearer {program.secret}"}
    return program.client.post(PATH, content, content_type=content_type, headers=headers)


def enclosed(program, content: bytes, name: str = "sock.png"):
    headers = {"authorization": f"Bearer {program.secret}"}
    return program.client.post(PATH, {"file": SimpleUploadedFile(name, content)}, headers=headers)


def test_a_bare_file_and_an_enclosed_one_are_the_same_picture(world):
    program = world.program("catalog.edit")

    first, second = bare(program, png()), enclosed(program, png())

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json() == {"address": f"/pictures/{Picture.objects.get().public_id}.png"}
    assert content_of(seller_id=world.seller.pk, address=first.json()["address"]) == png()


def test_a_file_larger_than_forms_may_be_is_taken_whole(world):
    large = drawn("JPEG") + b"\x00" * (5 * 1024 * 1024)

    answer = bare(world.program(), large, "image/jpeg")

    assert answer.status_code == 201
    assert content_of(seller_id=world.seller.pk, address=answer.json()["address"]) == large


def test_what_the_sender_calls_it_says_nothing(world):
    address = enclosed(world.program(), drawn("GIF"), "sock.html").json()["address"]

    assert address.endswith(".gif")


@pytest.mark.parametrize("send", [bare, enclosed])
@pytest.mark.parametrize(
    "what", ["a page that begins like a PNG", "a drawing that may hold a script", "more than 10 MB"]
)
def test_a_file_that_is_no_clean_picture_is_refused_and_nothing_is_kept(world, what, send):
    content, code = WRONG[what]

    answer = send(world.program(), content)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert not Picture.objects.exists()


def test_who_may_only_look_keeps_no_picture(world):
    answer = bare(world.program("catalog.view"), png())

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "scope_missing")
    assert not Picture.objects.exists()


def test_an_empty_file_is_no_picture(world):
    assert [send(world.program(), b"").status_code for send in (bare, enclosed)] == [422, 422]
    assert not Picture.objects.exists()


def test_a_product_takes_a_kept_picture_by_its_address(world):
    program = world.program()
    address = bare(program, png()).json()["address"]

    answer = program.put(f"/products/{world.item.product_id}", {"name": "Sock", "image_url": address})

    assert answer.status_code == 200
    assert Product.objects.get(pk=world.item.product_id).image_url == address
