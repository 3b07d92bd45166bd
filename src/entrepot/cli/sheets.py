"""`entrepot sheets …`: templates out, files in, results out."""

import time
from pathlib import Path

import click
from django.utils import translation

from entrepot.channels import engine
from entrepot.channels.errors import StoreNotFound
from entrepot.channels.models import Store
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows
from entrepot.sheets import queries, services, words
from entrepot.sheets.errors import StoreNeeded
from entrepot.sheets.kinds import KINDS, kind_of
from entrepot.sheets.models import Upload
from entrepot.sheets.templates import made_template

KIND = click.argument("kind", type=click.Choice(list(KINDS)))
STORE = click.option("--store", "store_id", type=int, default=None, help="The store's number, for prices and listings.")
LANGUAGE = click.option("--language", type=click.Choice(["en", "ko"]), default="en", help="Of headings and reasons.")
WAITS_SECONDS = 0.5


@click.group()
def sheets() -> None:
    """Change many things at once by Excel or csv files."""


@sheets.command("template")
@KIND
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@seller_option
@STORE
@LANGUAGE
@click.option("--filled", is_flag=True, help="With what stands now.")
def template(kind: str, target: Path, seller_id: int, store_id: int | None, language: str, *, filled: bool) -> None:
    """Write the template of a KIND of file to TARGET."""
    found = kind_of(kind)
    if found.needs_store and store_id is None:
        raise StoreNeeded(field="store", reason="")
    with translation.override(language):
        content, _name = made_template(
            seller_id=seller_id, kind=found, store=_store(seller_id, store_id), filled=filled, actor=person()
        )
    with content:
        target.write_bytes(content.read())
    said(f"Written: {target}")


def _store(seller_id: int, store_id: int | None) -> Store | None:
    if store_id is None:
        return None
    store = next((one for one in queries.stores_for(seller_id=seller_id) if one.pk == store_id), None)
    if store is None:
        raise StoreNotFound(store_id=store_id)
    return store


@sheets.command("upload")
@KIND
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@seller_option
@STORE
@LANGUAGE
@click.option("--reason", default="", help="For stock: what the ledger keeps.")
@click.option("--apply", is_flag=True, help="Apply good rows at once where no guard rail stops them.")
@click.option("--approve", is_flag=True, help="With --apply: what the guard rails stop is meant.")
@json_option
def upload(  # noqa: PLR0917 - click's arguments
    kind: str, file: Path, seller_id: int, store_id: int | None, language: str, reason: str, *, apply: bool,
    approve: bool, as_json: bool,
) -> None:  # fmt: skip
    """Check a FILE of this KIND, here and now, and say what it would change; with --apply do it."""
    with translation.override(language):
        made = services.take_upload(
            seller_id=seller_id, kind=kind, name=file.name, content=file.read_bytes(), actor=person(),
            store_id=store_id, facts={"reason": reason} if reason else None,
        )  # fmt: skip
    _work(seller_id, made.pk)
    found = queries.upload(seller_id=seller_id, upload_id=made.pk)
    if apply and found.state == "ready" and found.counts.get("good"):
        services.apply_upload(seller_id=seller_id, upload_id=made.pk, actor=person(), approved=approve)
        _work(seller_id, made.pk)
    _show(queries.upload(seller_id=seller_id, upload_id=made.pk), as_json=as_json)


def _work(seller_id: int, upload_id: int) -> None:
    """Do it here, unless a worker has it already; then wait for it."""
    while queries.upload(seller_id=seller_id, upload_id=upload_id).state in {"waiting", "checking", "applying"}:
        with engine.store_lock(upload_id, "uploads") as mine:
            if mine:
                services.work_upload(upload_id)
                continue
        time.sleep(WAITS_SECONDS)


@sheets.command("status")
@click.argument("upload_id", type=int, required=False)
@seller_option
@json_option
def status(upload_id: int | None, seller_id: int, *, as_json: bool) -> None:
    """How far an upload is; without a number the latest ones."""
    if upload_id is not None:
        _show(queries.upload(seller_id=seller_id, upload_id=upload_id), as_json=as_json)
        return
    show_rows((_facts(one) for one in queries.uploads(seller_id=seller_id).rows), as_json=as_json)


@sheets.command("result")
@click.argument("upload_id", type=int)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@seller_option
def result(upload_id: int, target: Path, seller_id: int) -> None:
    """Write the workbook with an upload's results to TARGET."""
    found = queries.upload(seller_id=seller_id, upload_id=upload_id)
    target.write_bytes(bytes(queries.file_of(seller_id=seller_id, upload=found, role="result").content))
    said(f"Written: {target}")


def _facts(found: Upload) -> dict[str, object]:
    counted = {name: found.counts.get(name, 0) for name in ("good", "same", "bad", "done")}
    return {"id": found.pk, "kind": found.kind, "name": found.name, "state": found.state, **counted}


def _show(found: Upload, *, as_json: bool) -> None:
    show_rows([_facts(found)], as_json=as_json)
    if as_json:
        return
    if trouble := words.trouble(found):
        said(trouble)
    for alarm in found.alarms:
        said(f"{words.told(alarm['sentence'])}: {alarm['count']}. Add --approve if that is meant.")
    for row in queries.rows(seller_id=found.seller_id, upload=found, state="bad", limit=20).rows:
        said(f"row {row.number}: {words.wrong(kind_of(found.kind), row.errors)}")
