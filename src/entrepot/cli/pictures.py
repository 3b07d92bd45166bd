"""`entrepot pictures …`: files in, addresses out."""

from pathlib import Path

import click

from entrepot.catalog.pictures import MOST_BYTES
from entrepot.catalog.services.pictures import keep_picture
from entrepot.cli.shown import json_option, person, seller_option, show_rows
from entrepot.kernel.errors import EntrepotError


@click.group()
def pictures() -> None:
    """Pictures of products, kept here."""


@pictures.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@seller_option
@json_option
def add(files: tuple[Path, ...], seller_id: int, *, as_json: bool) -> None:
    """Keep these FILES (JPEG, PNG, GIF or WebP, at most 10 MB each) and say by which address products name each.

    One that is refused stops no other; the command then ends with an error.
    """
    refused, rows = None, []
    for file in files:
        try:
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
            address = keep_picture(seller_id=seller_id, content=content, actor=person())
        except EntrepotError as error:
            refused = refused or error
            rows.append({"file": file.name, "address": "", "refused": error.code})
        else:
            rows.append({"file": file.name, "address": address, "refused": ""})
    show_rows(rows, as_json=as_json)
    if refused is not None:
        raise refused
