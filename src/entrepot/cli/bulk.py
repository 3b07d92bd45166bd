"""`entrepot orders bulk …`: one thing to many orders; and orders by file."""

import time
from pathlib import Path

import click

from entrepot.channels.services.bulk.deeds import CHOOSABLE
from entrepot.channels.services.bulk.start import start_bulk, stop_bulk
from entrepot.channels.words import filled, problem_sentence
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows
from entrepot.orders import bulk_queries, queries
from entrepot.orders.models import Bulk, Status
from entrepot.orders.services.bulk import Chosen
from entrepot.sheets.orders_bulk import carry_on
from entrepot.sheets.orders_import import begin_import, plan_import


@click.command("bulk")
@seller_option
@click.argument("kind", type=click.Choice(CHOOSABLE))
@click.argument("order_ids", type=int, nargs=-1)
@click.option("--status", type=click.Choice(Status.values), default=None, help="All orders of this status.")
@click.option("--search", default="", help="All that are found by this.")
@click.option("--store", "store_id", type=int, default=None, help="All of this store.")
@click.option("--all", "everything", is_flag=True, help="All orders there are.")
@click.option("--tag", default="", help="For tag and untag.")
@click.option("--text", default="", help="For note.")
@click.option("--reason", default="", help="For hold, recall, unhold and cancel_by_seller.")
@click.option("--paper", type=click.Choice(["labels", "zpl", "slips", "picking"]), default=None, help="For print.")
@click.option("--by-rules", is_flag=True, help="For pack: choose the carrier by your rules, with a number.")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=None, help="Put files here.")
@click.option("--in-background", is_flag=True, help="Do not wait: the worker carries it on.")
def bulk(  # noqa: PLR0917 - one argument for each option
    seller_id: int,
    kind: str,
    order_ids: tuple[int, ...],
    status: str | None,
    search: str,
    store_id: int | None,
    tag: str,
    text: str,
    reason: str,
    paper: str | None,
    folder: Path | None,
    *,
    everything: bool,
    by_rules: bool,
    in_background: bool,
) -> None:
    """Do one thing to many orders: by their ids, or all that fit. Refused ones are named with the reason."""
    by = queries.OrderFilter(search=search, status=status or "", channel_id=store_id)
    if not order_ids and not (status or search or store_id or everything):
        raise click.UsageError("Name the orders, or say which: --status, --search, --store or --all.")
    chosen = Chosen(order_ids) if order_ids else Chosen(rows=queries.fitting(seller_id=seller_id, by=by))
    facts = {"tag": tag, "text": text, "reason": reason, "paper": paper, "by_rules": by_rules}
    begun = start_bulk(seller_id=seller_id, kind=kind, facts=facts, chosen=chosen, actor=person())
    said(f"Deed {begun.pk}: {begun.total} orders.")
    if not in_background:
        _wait(begun)
        _told(seller_id, begun.pk, folder)


def _wait(begun: Bulk) -> None:
    """Carry it on here; where a worker has it already, look until it is done."""
    while bulk_queries.bulk(seller_id=begun.seller_id, bulk_id=begun.pk).state in {"waiting", "running"}:
        if not carry_on(bulk_id=begun.pk):
            time.sleep(0.2)


def _told(seller_id: int, bulk_id: int, folder: Path | None) -> None:
    row = bulk_queries.bulk(seller_id=seller_id, bulk_id=bulk_id)
    far = bulk_queries.progress_of(seller_id=seller_id, rows=[row])[bulk_id]
    said(f"{row.get_state_display()}: {far.done} done, {far.refused} refused, {far.skipped} left out.")
    refused = bulk_queries.items(seller_id=seller_id, bulk_id=bulk_id, state="refused", limit=200)
    for item in refused.rows:
        said(f"  {item.order.number}: {problem_sentence(item.error_code, item.error_fields)}")
    for made in bulk_queries.files(seller_id=seller_id, bulk_id=bulk_id):
        if folder is None:
            said(f"  made {made.name}; --to FOLDER fetches it")
            continue
        folder.mkdir(parents=True, exist_ok=True)
        content = bulk_queries.file(seller_id=seller_id, bulk_id=bulk_id, position=made.position).content
        (folder / made.name).write_bytes(bytes(content))
        said(f"  wrote {folder / made.name}")


@click.command("bulks")
@seller_option
@json_option
def bulks(seller_id: int, *, as_json: bool) -> None:
    """Deeds for many orders, newest first."""
    page = bulk_queries.bulks(seller_id=seller_id)
    far = bulk_queries.progress_of(seller_id=seller_id, rows=page.rows)
    show_rows(
        (
            {
                "id": row.pk,
                "kind": row.kind,
                "state": row.state,
                "total": far[row.pk].total,
                "done": far[row.pk].done,
                "refused": far[row.pk].refused,
                "by": row.actor_label,
                "at": row.created_at,
            }
            for row in page.rows
        ),
        as_json=as_json,
    )


@click.command("bulk-stop")
@seller_option
@click.argument("bulk_id", type=int)
def bulk_stop(seller_id: int, bulk_id: int) -> None:
    """Do no more of a deed; what is done stays done."""
    left = stop_bulk(seller_id=seller_id, bulk_id=bulk_id, actor=person())
    said(f"Stopped; {left} orders are left as they were.")


@click.command("import")
@seller_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--zone", default="UTC", help="The clock of the file's times, such as Asia/Seoul.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of it.")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=None, help="Put wrong rows here."
)
def import_orders(seller_id: int, file: Path, zone: str, folder: Path | None, *, dry_run: bool) -> None:
    """Take orders of the Offline store in from xlsx, xls, ods or csv; a number that is there already is left alone."""
    planned = plan_import(
        seller_id=seller_id, name=file.name, content=file.read_bytes(), facts={"zone": zone}, actor=person()
    )
    facts = planned.facts
    said(f"{facts['rows']} rows: {facts['new']} new orders, {facts['same']} here already, {facts['wrong']} rows wrong.")
    for row, number, wrong in facts["errors"]:
        said(f"  row {row} {number}: " + "; ".join(filled(sentence, words) for sentence, words in wrong))
    if dry_run or not facts["new"]:
        stop_bulk(seller_id=seller_id, bulk_id=planned.pk, actor=person())
        return
    _wait(begin_import(seller_id=seller_id, bulk_id=planned.pk, actor=person()))
    _told(seller_id, planned.pk, folder)
