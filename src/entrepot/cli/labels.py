"""`entrepot labels …`."""

from pathlib import Path

import click
from django.utils import timezone

from entrepot.channels.services.statuses import wake_statuses
from entrepot.channels.services.wakes import wake_pushes
from entrepot.channels.words import sentence
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows
from entrepot.fulfilment import carrier_queries, carriers_port, prints
from entrepot.fulfilment.documents import Language, pdf, zpl
from entrepot.fulfilment.errors import NothingToPrint
from entrepot.fulfilment.services.buying import connect_carrier
from entrepot.warehouse.services.desk import carrier_visit

LANGUAGE = click.option("--language", type=click.Choice(["en", "ko"]), default="ko", help="Of the fixed words.")
TO = click.option("--to", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")


@click.group()
def labels() -> None:
    """Carriers, labels and the carrier's visit."""


@labels.command("carriers")
@seller_option
@json_option
def list_carriers(seller_id: int, *, as_json: bool) -> None:
    """The seller's carriers, their free numbers and what waits for them."""
    found = carrier_queries.carriers(seller_id=seller_id)
    show_rows(
        (
            {
                "id": row.pk,
                "name": row.name,
                "free_numbers": getattr(row, "numbers_left", None),
                "waiting": getattr(row, "waiting", 0),
            }
            for row in found
        ),
        as_json=as_json,
    )


@labels.command("print")
@seller_option
@click.argument("order_ids", type=int, nargs=-1, required=True)
@TO
@LANGUAGE
def print_labels(seller_id: int, order_ids: tuple[int, ...], to: Path, language: Language) -> None:
    """Write the labels of these orders' parcels into one file: ZPL if it ends with .zpl, else PDF."""
    seller = carrier_queries.seller_who_sends(seller_id=seller_id)
    parcels = prints.parcels_of(seller_id=seller_id, order_ids=list(dict.fromkeys(order_ids)))
    if not parcels:
        raise NothingToPrint
    facts = prints.labels(seller=seller, parcels=parcels)
    if to.suffix == ".zpl":
        to.write_text(zpl(facts, language=language), encoding="utf-8")
    else:
        to.write_bytes(pdf(facts, language=language))
    said(f"{len(facts)} labels are in {to}.")


@labels.command("manifest")
@seller_option
@click.argument("carrier_id", type=int)
@TO
@LANGUAGE
def manifest(seller_id: int, carrier_id: int, to: Path, language: Language) -> None:
    """Write what a carrier takes along today as a PDF."""
    seller, now = carrier_queries.seller_who_sends(seller_id=seller_id), timezone.now()
    carrier = carrier_queries.carrier(seller_id=seller_id, carrier_id=carrier_id)
    rows = carrier_queries.on_the_manifest(seller=seller, carrier=carrier, now=now)
    if not rows:
        raise NothingToPrint
    number = f"{now:%Y%m%d}-{carrier_id}"
    facts = prints.manifest(seller=seller, carrier=carrier, parcels=rows, number=number, now=now)
    to.write_bytes(pdf([facts], language=language))
    said(f"{len(rows)} parcels are on {to}.")


@labels.command("hand-over")
@seller_option
@click.argument("carrier_id", type=int)
def hand_over(seller_id: int, carrier_id: int) -> None:
    """The carrier has taken everything along that waits for it."""
    visit = carrier_visit(seller_id=seller_id, carrier_id=carrier_id, actor=person())
    wake_pushes(seller_id)
    wake_statuses(seller_id=seller_id, order_ids=[order.pk for order in visit.left])
    for order, refusal in visit.stayed:
        said(f"Order {order.number} stays: {sentence(refusal)}")
    said(f"{len(visit.left)} orders are on their way.")


@labels.command("connect")
@seller_option
@click.argument("carrier_id", type=int)
@click.argument("plugin", default="")
@click.option("--set", "given", multiple=True, help="name=value of the account there; several.")
def connect(seller_id: int, carrier_id: int, plugin: str, given: tuple[str, ...]) -> None:
    """Let a plug-in buy this carrier's labels; without its name, no longer. Those installed are listed."""
    found = carriers_port.installed()
    for name, seller in found.sellers.items():
        said(f"{name}: {', '.join(one.name for one in seller.fields)}")
    for name, reason in found.broken.items():
        said(f"{name} does not load: {reason}")
    account = dict(one.partition("=")[::2] for one in given)
    connect_carrier(seller_id=seller_id, carrier_id=carrier_id, plugin=plugin, account=account, actor=person())
    said("Connected." if plugin else "No plug-in buys its labels.")
