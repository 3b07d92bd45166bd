"""Labels bought of carriers: never two for one parcel, whatever breaks in between.

What is asked is written down and committed first, then the carrier is asked, outside any transaction, then the answer
is written down. Where nobody knows whether it sold one, it is not asked again until a person has looked.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from entrepot.accounts.models import Seller
from entrepot.accounts.services import audit
from entrepot.catalog.rows import clip
from entrepot.fulfilment import carriers_port as port
from entrepot.fulfilment import prints
from entrepot.fulfilment.carriers import tracking_address
from entrepot.fulfilment.errors import AccountIncomplete, CarrierNotFound, LabelInDoubt, PluginMissing, ShipmentClosed
from entrepot.fulfilment.models import Carrier, Purchase, Shipment
from entrepot.fulfilment.queries import shipment
from entrepot.fulfilment.services.pack import set_tracking
from entrepot.fulfilment.together import locked_group, parcels_beside
from entrepot.kernel import crypto
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import EntrepotError
from entrepot.orders.life import locked_one

State = Purchase.State
REST_AFTER_REFUSAL = timedelta(minutes=10)
"""A carrier that refused a parcel is not asked for it again sooner, unless somebody presses Retry."""
LONGEST_CALL = timedelta(minutes=5)
"""Whoever asked longer ago and has written nothing down was killed."""
_NO_NUMBER = re.compile(r"[^0-9A-Za-z-]")


@transaction.atomic
def connect_carrier(
    *, seller_id: int, carrier_id: int, plugin: str, account: Mapping[str, str], actor: Actor
) -> Carrier:
    """Let a plug-in buy this carrier's labels on the seller's account; plugin "" = no longer.

    A secret that is left empty stays as it is.

    Raises:
        CarrierNotFound: There is no such carrier of this seller.
        PluginMissing: No such plug-in is installed.
        AccountIncomplete: Something the account needs is missing.
    """
    found = Carrier.objects.select_for_update().filter(seller_id=seller_id, pk=carrier_id).first()
    if found is None:
        raise CarrierNotFound(carrier_id=carrier_id)
    kept: dict[str, str] = {}
    if plugin:
        before = _account(found) if found.plugin == plugin else {}
        for one in _seller_of(plugin, found).fields:
            kept[one.name] = account.get(one.name, "").strip() or before.get(one.name, "")
            if one.required and not kept[one.name]:
                raise AccountIncomplete(field=one.name, reason="", name=one.label)
    found.plugin = plugin
    found.account = (
        crypto.seal(json.dumps(kept).encode(), keys=settings.SECRET_KEYS, context=_context(found)) if plugin else None
    )
    found.save(update_fields=["plugin", "account"])
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="carriers.connect",
        object_type="carrier",
        object_id=found.pk,
        facts={"plugin": plugin},
    )
    return found


def buy_label(*, seller_id: int, shipment_id: int, actor: Actor, now: datetime | None = None) -> Purchase | None:
    """Buy the label of a packed parcel that has its carrier; the number is written on it. Bought before: that one.

    None while the carrier rests after a refusal, and where the label of the box it lies in is another parcel's.

    Raises:
        LabelRefused, CarrierAway: Nothing was bought.
        LabelInDoubt: Nobody knows whether one was bought, now or before.
        PluginMissing: Its plug-in is not installed.
        KeyMissing, SealBroken: The account does not open.
        ShipmentClosed, ShipmentNotFound: There is no such parcel that waits.
    """
    at = now or timezone.now()
    found = shipment(seller_id=seller_id, shipment_id=shipment_id)
    carrier = found.carrier_ref
    if carrier is None:
        raise CarrierNotFound(carrier_id=0)
    plugin, account = _seller_of(carrier.plugin, carrier), _account(carrier)
    purchase = _begin(found, carrier, actor, at)
    if purchase is None or purchase.state == State.BOUGHT:
        return purchase
    try:
        bought = plugin.buy(_ask(found, carrier, purchase.reference), account)
    except (port.LabelRefused, port.CarrierAway) as refusal:
        Purchase.objects.filter(seller_id=seller_id, pk=purchase.pk).update(
            state=State.REFUSED, settled_at=timezone.now(), error_code=refusal.code
        )
        raise
    except Exception as failure:
        Purchase.objects.filter(seller_id=seller_id, pk=purchase.pk).update(error_code=LabelInDoubt.code)
        raise LabelInDoubt(
            f"{type(failure).__name__}: {failure}", carrier=carrier.name, reference=purchase.reference
        ) from failure
    return _keep(found, carrier, purchase, bought, actor)


@transaction.atomic
def _begin(found: Shipment, carrier: Carrier, actor: Actor, at: datetime) -> Purchase | None:  # noqa: ARG001 - whoever asks
    locked_group(found.seller_id, found.order_id)
    order = locked_one(found.seller_id, found.order_id)
    found.refresh_from_db(fields=["state"])
    rows = Purchase.objects.filter(seller_id=found.seller_id, shipment=found)
    standing = rows.filter(state__in=[State.ASKED, State.BOUGHT]).first()
    if standing is not None and standing.state == State.BOUGHT:
        return standing
    if found.state != Shipment.State.PACKED:
        raise ShipmentClosed(state=Shipment.State(found.state).label)
    if standing is not None:
        raise LabelInDoubt(carrier=carrier.name, reference=standing.reference)
    beside = Purchase.objects.filter(seller_id=found.seller_id, shipment__in=parcels_beside(found), carrier=carrier)
    if beside.filter(state__in=[State.ASKED, State.BOUGHT]).exists():
        return None
    if rows.filter(state=State.REFUSED, settled_at__gt=at - REST_AFTER_REFUSAL).exists():
        return None
    reference = f"{order.pk}-{found.pk}-{rows.count() + 1}"
    return Purchase.objects.create(
        seller_id=found.seller_id, shipment=found, carrier=carrier, reference=reference, asked_at=at
    )


@transaction.atomic
def _keep(found: Shipment, carrier: Carrier, purchase: Purchase, bought: port.LabelBought, actor: Actor) -> Purchase:
    """What was sold is ours, whatever became of its parcel meanwhile: that of a void one is given back."""
    locked_one(found.seller_id, found.order_id)
    found.refresh_from_db(fields=["state"])
    purchase.state, purchase.settled_at = State.BOUGHT, timezone.now()
    purchase.remote_id, purchase.form, purchase.label = clip(bought.remote_id, 120), bought.form, bought.label
    purchase.save(update_fields=["state", "settled_at", "remote_id", "form", "label"])
    if found.state == Shipment.State.VOID:
        return purchase
    number = _NO_NUMBER.sub("", bought.tracking_number)
    set_tracking(
        seller_id=found.seller_id,
        shipment_id=found.pk,
        carrier=found.carrier or carrier.name,
        carrier_name=found.carrier_name or carrier.name,
        tracking_number=number,
        tracking_url=tracking_address(carrier.tracking_url, number),
        actor=actor,
    )
    return purchase


@transaction.atomic
def ask_again(*, seller_id: int, shipment_id: int, actor: Actor) -> int:
    """A person has looked: no label was bought, or what was refused is settled. The carrier may be asked again.

    A call that is going on is left alone: its answer comes by itself.
    """
    rows = Purchase.objects.filter(seller_id=seller_id, shipment_id=shipment_id)
    ended = Q(error_code=LabelInDoubt.code) | Q(asked_at__lt=timezone.now() - LONGEST_CALL)
    doubtful = rows.filter(ended, state=State.ASKED).update(state=State.CANCELED, settled_at=timezone.now())
    rested = rows.filter(state=State.REFUSED).update(settled_at=timezone.now() - REST_AFTER_REFUSAL)
    if doubtful:
        audit(
            seller_id=seller_id,
            actor=actor,
            verb="labels.ask_again",
            object_type="shipment",
            object_id=shipment_id,
            facts={},
        )
    return doubtful + rested


def give_back_unused(*, seller_id: int, actor: Actor, limit: int = 20) -> list[tuple[Purchase, EntrepotError]]:  # noqa: ARG001 - every verb names its actor
    """Give labels of void parcels back to their carriers; tells those that could not be, with the trouble."""
    rows = Purchase.objects.filter(seller_id=seller_id, state=State.BOUGHT, shipment__state=Shipment.State.VOID)
    stayed: list[tuple[Purchase, EntrepotError]] = []
    for purchase in rows.filter(error_code="").select_related("carrier", "shipment").order_by("pk")[:limit]:
        try:
            _seller_of(purchase.carrier.plugin, purchase.carrier).cancel(purchase.remote_id, _account(purchase.carrier))
        except port.CarrierAway as trouble:
            stayed.append((purchase, trouble))
        except EntrepotError as trouble:
            purchase.error_code = trouble.code[:40]
            purchase.save(update_fields=["error_code"])
            stayed.append((purchase, trouble))
        else:
            purchase.state, purchase.settled_at = State.CANCELED, timezone.now()
            purchase.save(update_fields=["state", "settled_at"])
    return stayed


# --------------------------------------------------------------------------- what the carrier is told


def _ask(found: Shipment, carrier: Carrier, reference: str) -> port.LabelAsk:
    box = found.box
    return port.LabelAsk(
        reference=reference,
        sender=_sender(found),
        receiver=_receiver(found),
        weight_grams=found.weight_grams,
        size_mm=(box.length_mm, box.width_mm, box.height_mm) if box else None,
        service=carrier.service,
        goods=[
            port.Goods(
                sku=row.order_line.sku,
                name=row.order_line.name,
                quantity=row.quantity,
                unit_value=Decimal(row.order_line.unit_price),
            )
            for row in found.lines.select_related("order_line").order_by("order_line__position")
        ],
        currency=found.order.base_currency,
    )


def _sender(found: Shipment) -> port.Party:
    seller = Seller.objects.get(pk=found.seller_id)
    rows = prints.with_everything(Shipment.objects.filter(seller_id=found.seller_id, pk=found.pk))
    sender = prints.labels(seller=seller, parcels=list(rows))[0].sender
    return port.Party(
        name=sender.name,
        company=sender.company,
        phone=sender.phone,
        lines=list(sender.address),
        postcode=sender.postcode,
        country=sender.code,
    )


def _receiver(found: Shipment) -> port.Party:
    order = found.order
    said = {key: str(value or "").strip() for key, value in (order.shipping or {}).items()}
    return port.Party(
        name=said.get("name") or order.buyer_name,
        company=said.get("company", ""),
        phone=said.get("phone") or order.buyer_phone,
        email=order.buyer_email,
        lines=[said[name] for name in ("line1", "line2") if said.get(name)],
        city=said.get("city", ""),
        region=said.get("region", ""),
        postcode=said.get("postcode", ""),
        country=(said.get("country_code") or order.sales_channel.country).upper(),
    )


def _seller_of(plugin: str, carrier: Carrier) -> port.LabelSeller:
    found = port.installed()
    if plugin not in found.sellers:
        raise PluginMissing(found.broken.get(plugin, ""), plugin=plugin, carrier=carrier.name)
    return found.sellers[plugin]


def _account(carrier: Carrier) -> Mapping[str, str]:
    if carrier.account is None:
        return {}
    raw = crypto.open_sealed(bytes(carrier.account), keys=settings.SECRET_KEYS, context=_context(carrier))
    plain: Mapping[str, str] = json.loads(raw)
    return plain


def _context(carrier: Carrier) -> str:
    return f"seller:{carrier.seller_id}:carrier:{carrier.pk}:account"
