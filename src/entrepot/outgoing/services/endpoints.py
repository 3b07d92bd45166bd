"""Addresses of other systems: entered, changed, paused, their secrets made anew, tried out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.accounts.services.people import own_membership
from entrepot.channels import engine
from entrepot.channels.problems import resolve_problems
from entrepot.inventory.errors import WarehouseNotFound
from entrepot.inventory.models import Warehouse
from entrepot.kernel.actor import Actor
from entrepot.outgoing import secrets
from entrepot.outgoing.errors import (
    EndpointKindsInvalid,
    EndpointNameMissing,
    EndpointNameTaken,
    EndpointNotFound,
    EndpointPaused,
    EndpointsLimited,
    EndpointUrlInvalid,
    WarehouseHasEndpoint,
    WarehouseNotExternal,
)
from entrepot.outgoing.feeds import start
from entrepot.outgoing.kinds import CHOICES, PING
from entrepot.outgoing.models import Endpoint, Notice
from entrepot.outgoing.notices import Draft, owe

PREVIOUS_HOURS: Final = 24
"""How long the secret before the present one still signs, so that a receiver can be changed over without a gap."""
PROBLEM_TYPE: Final = "endpoint"
LONGEST_URL: Final = 500


@dataclass(frozen=True, slots=True)
class Opened:
    """An address and its secret, which is told this once."""

    endpoint: Endpoint
    secret: str


@transaction.atomic
def add_endpoint(
    *,
    seller_id: int,
    name: str,
    url: str,
    actor: Actor,
    kinds: Sequence[str] = (),
    warehouse_id: int | None = None,
    label: str = "link",
    now: datetime | None = None,
) -> Opened:
    """Tell an address what happens from now on: the kinds it asks for, or, with a warehouse, all of its work.

    The answer's secret is shown once; of it only sealed bytes are kept.

    Raises:
        EndpointsLimited: The actor works for some stores or warehouses only.
        EndpointUrlInvalid, EndpointNameMissing, EndpointNameTaken, EndpointKindsInvalid: A word cannot be.
        WarehouseNotFound, WarehouseNotExternal, WarehouseHasEndpoint: There is nobody else who works there.
    """
    check_reach(seller_id, actor)
    place = None if warehouse_id is None else _place(seller_id, warehouse_id)
    made = Endpoint(
        seller_id=seller_id,
        warehouse=place,
        name=_named(name),
        url=_checked(url),
        kinds=[] if place else _known(kinds),
        label=_label(label),
        positions=start(),
        created_at=now or timezone.now(),
        secrets=b"",
    )
    _save_new(made)
    secret = secrets.new_secret()
    secrets.keep(made, present=secret)
    made.save(update_fields=["secrets"])
    _audit(made, actor, "endpoints.add")
    engine.wake("deliver", made.pk)
    return Opened(made, secret)


@transaction.atomic
def change_endpoint(
    *,
    seller_id: int,
    endpoint_id: int,
    actor: Actor,
    name: str | None = None,
    url: str | None = None,
    kinds: Sequence[str] | None = None,
    label: str | None = None,
) -> Endpoint:
    """Change what is given; what waits goes to the new address, at once.

    Raises:
        EndpointsLimited: The actor works for some stores or warehouses only.
        EndpointNotFound: There is no such address of this seller.
        EndpointUrlInvalid, EndpointNameMissing, EndpointNameTaken, EndpointKindsInvalid: A word cannot be.
    """
    check_reach(seller_id, actor)
    found = locked_endpoint(seller_id, endpoint_id)
    if name is not None:
        found.name = _named(name)
    if url is not None:
        found.url = _checked(url)
    if kinds is not None and found.warehouse_id is None:
        found.kinds = _known(kinds)
    if label is not None:
        found.label = _label(label)
    found.rests_until = None
    try:
        with transaction.atomic():
            found.save(update_fields=["name", "url", "kinds", "label", "rests_until"])
    except IntegrityError as error:
        raise EndpointNameTaken(field="name", reason="", name=found.name) from error
    Notice.objects.filter(seller_id=seller_id, endpoint=found, taken_at=None).update(next_try_at=None)
    _audit(found, actor, "endpoints.change")
    engine.wake("deliver", found.pk)
    return found


@transaction.atomic
def new_secret(*, seller_id: int, endpoint_id: int, actor: Actor, now: datetime | None = None) -> Opened:
    """Make a secret anew. For a day messages carry a signature with each of the two.

    Raises:
        EndpointNotFound: There is no such address of this seller.
        KeyMissing, SealBroken: The present one does not open.
    """
    check_reach(seller_id, actor)
    found = locked_endpoint(seller_id, endpoint_id)
    fresh = secrets.new_secret()
    secrets.keep(found, present=fresh, before=secrets.present_secret(found))
    found.previous_until = (now or timezone.now()) + timedelta(hours=PREVIOUS_HOURS)
    found.save(update_fields=["secrets", "previous_until"])
    _audit(found, actor, "endpoints.new_secret")
    return Opened(found, fresh)


@transaction.atomic
def pause_endpoint(*, seller_id: int, endpoint_id: int, actor: Actor) -> Endpoint:
    """Send nothing there until it is resumed; what happens meanwhile is sent then.

    Raises:
        EndpointsLimited: The actor works for some stores or warehouses only.
        EndpointNotFound: There is no such address of this seller.
    """
    check_reach(seller_id, actor)
    found = locked_endpoint(seller_id, endpoint_id)
    if found.state != Endpoint.State.PAUSED:
        found.state = Endpoint.State.PAUSED
        found.save(update_fields=["state"])
        settle(found, actor=actor)
        _audit(found, actor, "endpoints.pause")
    return found


@transaction.atomic
def resume_endpoint(*, seller_id: int, endpoint_id: int, actor: Actor) -> Endpoint:
    """Send again, at once; also the way to have what waits tried now.

    Raises:
        EndpointsLimited: The actor works for some stores or warehouses only.
        EndpointNotFound: There is no such address of this seller.
    """
    check_reach(seller_id, actor)
    found = locked_endpoint(seller_id, endpoint_id)
    if found.state != Endpoint.State.ACTIVE:
        _audit(found, actor, "endpoints.resume")
    found.state, found.rests_until = Endpoint.State.ACTIVE, None
    found.save(update_fields=["state", "rests_until"])
    Notice.objects.filter(seller_id=seller_id, endpoint=found, taken_at=None).update(next_try_at=None)
    engine.wake("deliver", found.pk)
    return found


@transaction.atomic
def delete_endpoint(*, seller_id: int, endpoint_id: int, actor: Actor) -> None:
    """Forget an address, its secret, and what it was told and owed.

    Raises:
        EndpointsLimited: The actor works for some stores or warehouses only.
        EndpointNotFound: There is no such address of this seller.
    """
    check_reach(seller_id, actor)
    found = locked_endpoint(seller_id, endpoint_id)
    settle(found, actor=actor)
    _audit(found, actor, "endpoints.delete")
    found.delete()


@transaction.atomic
def ping(*, seller_id: int, endpoint_id: int, actor: Actor, now: datetime | None = None) -> Notice:
    """Owe the address a message that says nothing, to see that it is taken.

    Raises:
        EndpointsLimited: The actor works for some stores or warehouses only.
        EndpointNotFound: There is no such address of this seller.
        EndpointPaused: Nothing is sent there.
    """
    at = now or timezone.now()
    check_reach(seller_id, actor)
    found = locked_endpoint(seller_id, endpoint_id)
    if found.state == Endpoint.State.PAUSED:
        raise EndpointPaused(name=found.name)
    data = {"endpoint": found.name, "by": actor.label, "warehouse_id": found.warehouse_id}
    owe(found, [Draft(kind=PING, lane=f"{PING}:{at.timestamp()}", data=data, at=at)], now=at)
    found.rests_until = None
    found.save(update_fields=["rests_until"])
    engine.wake("deliver", found.pk)
    return Notice.objects.filter(seller_id=seller_id, endpoint=found, kind=PING).latest("pk")


def locked_endpoint(seller_id: int, endpoint_id: int) -> Endpoint:  # house: verb-signature a row, locked, for verbs
    """An address, locked.

    Raises:
        EndpointNotFound: There is no such address of this seller.
    """
    rows = Endpoint.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk=endpoint_id)
    found = rows.first()
    if found is None:
        raise EndpointNotFound(endpoint_id=endpoint_id)
    return found


def check_reach(seller_id: int, actor: Actor) -> None:  # house: verb-signature a check, for verbs and pages
    """Go on only for who works for all stores and warehouses: another system hears of all of them.

    Raises:
        EndpointsLimited: The actor works for some only.
    """
    own = own_membership(seller_id=seller_id, actor=actor)
    if own is not None and (own.store_ids or own.warehouse_ids):
        raise EndpointsLimited


def settle(endpoint: Endpoint, *, actor: Actor, codes: Sequence[str] | None = None) -> None:
    """What stood against an address (these `codes`; None = whatever it was) is nobody's problem any more."""
    resolve_problems(
        seller_id=endpoint.seller_id, object_type=PROBLEM_TYPE, object_id=endpoint.pk, codes=codes, actor=actor
    )


def _save_new(made: Endpoint) -> None:
    if Endpoint.objects.filter(seller_id=made.seller_id, name=made.name).exists():
        raise EndpointNameTaken(field="name", reason="", name=made.name)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if made.warehouse is not None:
            raise WarehouseHasEndpoint(warehouse=made.warehouse.name) from error
        raise EndpointNameTaken(field="name", reason="", name=made.name) from error


def _place(seller_id: int, warehouse_id: int) -> Warehouse:
    found = Warehouse.objects.filter(seller_id=seller_id, pk=warehouse_id).first()
    if found is None:
        raise WarehouseNotFound(warehouse_id=warehouse_id)
    if found.mode != Warehouse.Mode.EXTERNAL:
        raise WarehouseNotExternal(warehouse=found.name)
    return found


def _named(text: str) -> str:
    name = text.strip().replace("\x00", "")[:80]
    if not name:
        raise EndpointNameMissing(field="name", reason="")
    return name


def _checked(text: str) -> str:
    url = text.strip()
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    plain = url.isprintable() and url.isascii() and " " not in url and len(url) <= LONGEST_URL
    if not (usable and plain) or parts.scheme not in {"https", "http"} or "@" in parts.netloc or parts.fragment:
        raise EndpointUrlInvalid(field="url", reason="", url=url[:100])
    return url


def _known(kinds: Sequence[str]) -> list[str]:
    chosen = [name for name in CHOICES if name in kinds]
    if not chosen or set(kinds) - set(CHOICES):
        raise EndpointKindsInvalid(field="kinds", reason="", known=", ".join(CHOICES))
    return chosen


def _label(form: str) -> str:
    return form if form in Endpoint.Label.values else Endpoint.Label.LINK.value


def _audit(endpoint: Endpoint, actor: Actor, verb: str) -> None:
    audit(
        seller_id=endpoint.seller_id,
        actor=actor,
        verb=verb,
        object_type=PROBLEM_TYPE,
        object_id=endpoint.pk,
        facts={"name": endpoint.name, "warehouse": endpoint.warehouse_id},
    )
