"""`entrepot stores …`: connect, watch and sync stores."""

import time
from collections.abc import Callable
from typing import Any, Final

import click

from entrepot.channels import registry
from entrepot.channels.models import Run
from entrepot.channels.queries import stores as questions
from entrepot.channels.services import connect as connecting
from entrepot.channels.services import lifecycle, runs, sync
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows

WATCH_SECONDS = 1.0
SYNCS: Final[dict[str, Callable[..., Any]]] = {
    "orders": sync.sync_orders,
    "stock": sync.sync_stock,
    "products": sync.sync_products,
}


@click.group()
def stores() -> None:
    """Connect, watch and sync stores."""


@stores.command("list")
@seller_option
@json_option
def list_stores(seller_id: int, *, as_json: bool) -> None:
    """Every store with its state."""
    found = questions.stores(seller_id=seller_id)
    fresh = questions.freshness(seller_id=seller_id, store_ids=[store.pk for store in found])
    show_rows(
        (
            {
                "id": store.pk,
                "name": store.sales_channel.name,
                "channel": store.connector,
                "state": store.state,
                "url": store.url,
                "unsent": fresh[store.pk].unsent,
                "orders_seen_at": store.orders_seen_at,
            }
            for store in found
        ),
        as_json=as_json,
        empty="No store is connected yet: entrepot stores connect --help",
    )


@stores.command()
@seller_option
@click.argument("channel")
@click.option("--name", required=True, help="The store's nickname on the desk.")
@click.option("--country", required=True, help="Two letters, such as KR.")
@click.option("--currency", required=True, help="Three letters, such as KRW.")
@click.option("--url", "domain_url", default="", help="OpenCart: the Domain URL.")
@click.option("--secret", default="", envvar="ENTREPOT_STORE_SECRET", help="OpenCart: the Secret Key (else asked for).")
@click.option("--test", "only_test", is_flag=True, help="Test the connection and change nothing.")
def connect(
    *,
    seller_id: int,
    channel: str,
    name: str,
    country: str,
    currency: str,
    domain_url: str,
    secret: str,
    only_test: bool,
) -> None:
    """Connect a store of CHANNEL (opencart, offline) in shadow mode; its import starts at once."""
    fields = {field.name for field in registry.connector_type(channel).fields}
    if "secret_key" in fields and not secret:
        secret = click.prompt("Secret Key", hide_input=True)
    given = {"domain_url": domain_url, "secret_key": secret}
    credentials = {key: value for key, value in given.items() if key in fields}
    if only_test:
        info = connecting.test_connection(connector=channel, credentials=credentials)
        said(f"{info.name} ({info.url}), {info.version}, {info.currency}, {info.counts}")
        return
    store = connecting.connect_store(
        seller_id=seller_id,
        name=name,
        country=country,
        currency=currency,
        connector=channel,
        credentials=credentials,
        actor=person(),
    )
    said(f"Connected as store {store.pk}, in shadow mode. Watch the import: entrepot stores watch {store.pk}")


@stores.command()
@seller_option
@click.argument("store_id", type=int)
def watch(seller_id: int, store_id: int) -> None:
    """Show the progress of what is running at the store until it is done."""
    store = questions.store(seller_id=seller_id, store_id=store_id)
    while open_runs := questions.open_runs(seller_id=seller_id, store_ids=[store.pk]):
        for run in open_runs:
            said(_progress(run))
        time.sleep(WATCH_SECONDS)
    for run in questions.runs(seller_id=seller_id, store_id=store.pk, limit=1).rows:
        counted = ", ".join(f"{name} {number}" for name, number in runs.results(run).items())
        said(f"{run.get_kind_display()}: {run.get_state_display()} {counted} {run.error_detail}".strip())


def _progress(run: Run) -> str:
    now = runs.progress(run)
    rate = f", {now.rate:,.0f}/s" if now.rate else ""
    left = f", {now.seconds_left:,.0f} s left" if now.seconds_left else ""
    return f"{run.get_kind_display()} · {run.phase}: {now.done} of {now.total or '?'}{rate}{left}"


@stores.command("sync")
@seller_option
@click.argument("what", type=click.Choice(sorted(SYNCS)))
@click.argument("store_id", type=int)
def sync_now(seller_id: int, what: str, store_id: int) -> None:
    """Sync orders, stock or products of a store now."""
    SYNCS[what](seller_id=seller_id, store_id=store_id, actor=person())
    said(f"Under way. Watch it: entrepot stores watch {store_id}")


@stores.command("findings")
@seller_option
@click.argument("store_id", type=int)
@json_option
def list_findings(seller_id: int, store_id: int, *, as_json: bool) -> None:
    """The SKU doctor's report of a store."""
    store = questions.store(seller_id=seller_id, store_id=store_id)
    found = questions.findings(seller_id=seller_id, store_id=store.pk, limit=1000).rows
    show_rows(
        (
            {"code": row.code, "remote_id": row.remote_id, "sku": row.sku, "title": row.title, "found_at": row.found_at}
            for row in found
        ),
        as_json=as_json,
        empty="The SKU doctor found nothing.",
    )


@stores.command("runs")
@seller_option
@click.argument("store_id", type=int)
@json_option
def list_runs(seller_id: int, store_id: int, *, as_json: bool) -> None:
    """The store's imports and syncs, newest first."""
    store = questions.store(seller_id=seller_id, store_id=store_id)
    show_rows(
        (
            {
                "id": run.pk,
                "kind": run.kind,
                "state": run.state,
                "done": run.done,
                "started_at": run.started_at,
                "finished_at": run.finished_at,
                "error": run.error_code,
            }
            for run in questions.runs(seller_id=seller_id, store_id=store.pk).rows
        ),
        as_json=as_json,
    )


def _move(name: str, line: str) -> None:
    verb = getattr(lifecycle, name)

    @stores.command(name.replace("_", "-"), help=line)
    @seller_option
    @click.argument("store_id", type=int)
    def command(seller_id: int, store_id: int) -> None:
        store = verb(seller_id=seller_id, store_id=store_id, actor=person())
        said(f"{store.sales_channel.name} is {store.get_state_display().lower()} now.")


_move("go_live", "Let Entrepot write to the store.")
_move("pause", "Stop all work at the store; nothing is lost.")
_move("resume", "Go on where it was paused.")
_move("disconnect", "End the connection; orders and history stay, listings are marked unlinked.")
