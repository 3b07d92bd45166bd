"""Pictures from a shell."""

import json
from pathlib import Path

from click.testing import CliRunner

from entrepot.accounts.models import Seller
from entrepot.catalog.models import Picture
from entrepot.catalog.pictures import content_of
from entrepot.cli.pictures import pictures
from tests.books import make_seller
from tests.pictures import drawn, png


def test_files_become_addresses_and_one_that_is_refused_stops_no_other(db: None, tmp_path: Path):
    seller: Seller = make_seller()
    for name, content in (("red.png", png()), ("page.png", b"<html>"), ("blue.jpg", drawn("JPEG"))):
        (tmp_path / name).write_bytes(content)

    done = CliRunner().invoke(
        pictures, ["add", *(str(tmp_path / name) for name in ("red.png", "page.png", "blue.jpg")), "--json"]
    )

    red, page, blue = (json.loads(row) for row in done.output.splitlines())
    assert content_of(seller_id=seller.pk, address=red["address"]) == png()
    assert content_of(seller_id=seller.pk, address=blue["address"]) == drawn("JPEG")
    assert page == {"file": "page.png", "address": "", "refused": "picture_unreadable"}
    assert (done.exit_code, done.exception.code) == (1, "picture_unreadable")  # type: ignore[union-attr] # one was refused
    assert Picture.objects.count() == 2
