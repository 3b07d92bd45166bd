"""`entrepot stores …`: connect, watch and sync stores."""

import time
from collections.abc import Callable
from typing import Any, Final

import click

from entrepot.channels import registry
from entrepot.channels.models import Run
from entrepot.channels.queries import stores as questions
from entrepot.channels.queries import told
from entrepot.channels.services import connect as connecting
from entrepot.channels.services import lifecycle, runs, sync
from entrepot.channels.services.fixes import apply_fix, fixes_of
from entrepot.cli.consent import agree
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


FIELDS: Final[dict[str, str]] = {
    "domain_url": "domain_url",
    "secret_key": "secret",
    "mall_id": "mall_id",
    "client_id": "client_id",
    "client_secret": "secret",
    "webhook_key": "webhook_key",
    "shop_no": "shop_no",
}
"""Which option gives each field of a connect form."""


@stores.command()
@seller_option
@click.argument("channel")
@click.option("--name", required=True, help="The store's nickname on the desk.")
@click.option("--country", required=True, help="Two letters, such as KR.")
@click.option("--currency", default="", help="Three letters, such as KRW; Cafe24 says it itself.")
@click.option("--url", "domain_url", default="", help="OpenCart: the Domain URL.")
@click.option("--mall-id", default="", help="Cafe24: the mall's id.")
@click.option("--client-id", default="", help="Cafe24: the app's Client ID.")
@click.option("--webhook-key", default="", envvar="ENTREPOT_STORE_WEBHOOK_KEY", help="Cafe24: the webhooks' API key.")
@click.option("--shop-no", default="1", show_default=True, help="Cafe24: which shop of the mall.")
@click.option(
    "--secret",
    default="",
    envvar="ENTREPOT_STORE_SECRET",
    help="OpenCart: the Secret Key; Cafe24: the Client Secret (else asked for).",
)
@click.option("--test", "only_test", is_flag=True, help="Test the connection and change nothing.")
@click.pass_context
def connect(
    context: click.Context,
    /,
    *,
    seller_id: int,
    channel: str,
    name: str,
    country: str,
    currency: str,
    only_test: bool,
    **options: str,
) -> None:
    """Connect a store of CHANNEL (opencart, cafe24, offline) in shadow mode; its import starts at once.

    A channel whose owner must agree in the browser prints the address, waits until you come back, and shows the import.
    """
    kind = registry.connector_type(channel)
    for field in kind.fields:
        if field.secret and field.required and not options["secret"]:
            options["secret"] = click.prompt(field.label, hide_input=True)
    credentials = {field.name: options[FIELDS[field.name]] for field in kind.fields}
    if kind.consent is not None:
        facts = {"name": name, "country": country, "currency": currency}
        store = agree(seller_id=seller_id, channel=channel, credentials=credentials, facts=facts)
        said(f"Connected as store {store.pk}, in shadow mode.")
        context.invoke(watch, seller_id=seller_id, store_id=store.pk)
        return
    if not currency:
        raise click.UsageError("Missing option '--currency'.")
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
def authorize(seller_id: int, store_id: int) -> None:
    """Ask a store's owner once more for permission, in the browser; for one whose permission has ended."""
    store = questions.store(seller_id=seller_id, store_id=store_id)
    agree(seller_id=seller_id, channel=store.connector, credentials={}, facts={}, store_id=store.pk)
    said(f"{store.sales_channel.name} accepts Entrepot again.")


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


@stores.command("carriers")
@seller_option
@click.argument("store_id", type=int)
@json_option
def list_carriers(seller_id: int, store_id: int, *, as_json: bool) -> None:
    """The carriers a store takes, by the codes it wants to be told."""
    store = questions.store(seller_id=seller_id, store_id=store_id)
    show_rows(
        (
            {"code": row.remote_id, "name": row.name, "default": row.is_default}
            for row in told.carriers(seller_id=seller_id, store_id=store.pk)
        ),
        as_json=as_json,
        empty="The store lists none: any name will do.",
    )


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
            {
                "id": row.pk,
                "code": row.code,
                "remote_id": row.remote_id,
                "sku": row.sku,
                "title": row.title,
                "found_at": row.found_at,
                "fixes": ", ".join(fix.key for fix in fixes_of(row)),
            }
            for row in found
        ),
        as_json=as_json,
        empty="The SKU doctor found nothing.",
    )


@stores.command("fix")
@seller_option
@click.argument("finding_id", type=int)
@click.argument("fix", type=click.Choice(["same", "own", "take", "other"]))
@click.option("--sku", default="", help="For a thing of its own; without, one is made up.")
def fix_finding(seller_id: int, finding_id: int, fix: str, sku: str) -> None:
    """Put a finding right: it is the same thing, a thing of its own; take the store's SKU, or it is another thing."""
    apply_fix(seller_id=seller_id, finding_id=finding_id, fix=fix, sku=sku, actor=person())
    said("Put right.")


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
