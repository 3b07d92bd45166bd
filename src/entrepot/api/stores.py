"""Stores over the API: connect, watch, sync."""

from collections.abc import Callable
from typing import Any, Final

from ninja import Router, Status

from entrepot.api.door import CalledRequest, needs
from entrepot.api.words import (
    REFUSALS,
    CarrierOut,
    ConnectIn,
    ConsentIn,
    ConsentOut,
    CredentialsIn,
    FindingOut,
    FixIn,
    Listed,
    RunOut,
    ShopOut,
    StoreOut,
    TestIn,
)
from entrepot.channels.addresses import ANY_BROWSER, consent_url
from entrepot.channels.errors import FindingNotFound
from entrepot.channels.models import Finding, RemoteCarrier, Run, Store
from entrepot.channels.queries import stores as questions
from entrepot.channels.queries import told
from entrepot.channels.services import connect as connecting
from entrepot.channels.services import consent, lifecycle, sync
from entrepot.channels.services.fixes import apply_fix
from entrepot.connectors.contract import ShopInfo
from entrepot.kernel.errors import Invalid
from entrepot.kernel.page import Page

router = Router()
MOVES: Final[dict[str, Callable[..., Any]]] = {
    "go_live": lifecycle.go_live,
    "back_to_shadow": lifecycle.back_to_shadow,
    "pause": lifecycle.pause,
    "resume": lifecycle.resume,
    "disconnect": lifecycle.disconnect,
}
SYNCS: Final[dict[str, Callable[..., Any]]] = {
    "orders": sync.sync_orders,
    "products": sync.sync_products,
    "stock": sync.sync_stock,
}


class UnknownErrand(Invalid):
    """A word that names nothing one can ask of a store."""

    code = "unknown_errand"
    message = "There is no {errand}. Choose one of these: {known}."


def _verb(table: dict[str, Callable[..., Any]], name: str) -> Callable[..., Any]:
    if name not in table:
        raise UnknownErrand(field="errand", errand=name, known=", ".join(table))
    return table[name]


@router.get("", response={200: list[StoreOut], **REFUSALS})
@needs("stores.view")
def list_stores(request: CalledRequest) -> list[Store]:
    """Every store, disconnected ones last."""
    return list(questions.stores(seller_id=request.auth.seller_id))


@router.post("/test", response={200: ShopOut, **REFUSALS})
@needs("stores.connect")
def test_connection(request: CalledRequest, facts: TestIn) -> ShopInfo:  # noqa: ARG001 - the door needs it
    """Ask a shop who it is, and change nothing."""
    return connecting.test_connection(connector=facts.channel, credentials=facts.credentials)


@router.post("", response={201: StoreOut, **REFUSALS})
@needs("stores.connect")
def connect_store(request: CalledRequest, facts: ConnectIn) -> Status[Store]:
    """Connect a store in shadow mode; its import starts at once. The same shop twice is refused (409, same_shop)."""
    store = connecting.connect_store(
        seller_id=request.auth.seller_id,
        name=facts.name,
        country=facts.country,
        currency=facts.currency,
        connector=facts.channel,
        credentials=facts.credentials,
        actor=request.auth.actor,
    )
    return Status(201, store)


@router.post("/consents", response={201: ConsentOut, **REFUSALS})
@needs("stores.connect")
def begin_consent(request: CalledRequest, facts: ConsentIn) -> Status[dict[str, str]]:
    """Begin to connect a store whose owner agrees in the browser; nothing is asked of the store yet.

    The store is there once the browser has come back: look for it in the list.
    """
    caller = request.auth
    address = consent.begin_consent(
        seller_id=caller.seller_id,
        connector=facts.channel,
        credentials=facts.credentials,
        facts={"name": facts.name, "country": facts.country, "currency": ""},
        actor=caller.actor,
        session_key=ANY_BROWSER,
        return_url=consent_url(facts.channel),
    )
    return Status(201, {"address": address})


@router.post("/{int:store_id}/authorize", response={201: ConsentOut, **REFUSALS})
@needs("stores.connect")
def authorize_store(request: CalledRequest, store_id: int) -> Status[dict[str, str]]:
    """Ask the owner of a known store once more, in the browser; `permission_ends_at` then moves on."""
    caller = request.auth
    store = questions.store(seller_id=caller.seller_id, store_id=store_id)
    address = consent.begin_consent(
        seller_id=caller.seller_id,
        connector=store.connector,
        credentials={},
        facts={},
        actor=caller.actor,
        session_key=ANY_BROWSER,
        return_url=consent_url(store.connector),
        store_id=store.pk,
    )
    return Status(201, {"address": address})


@router.get("/{int:store_id}/carriers", response={200: list[CarrierOut], **REFUSALS})
@needs("stores.view")
def list_carriers(request: CalledRequest, store_id: int) -> list[RemoteCarrier]:
    """The carriers the store takes; empty where any name will do."""
    store = questions.store(seller_id=request.auth.seller_id, store_id=store_id)
    return list(told.carriers(seller_id=request.auth.seller_id, store_id=store.pk))


@router.get("/{int:store_id}", response={200: StoreOut, **REFUSALS})
@needs("stores.view")
def one_store(request: CalledRequest, store_id: int) -> Store:
    """One store."""
    return questions.store(seller_id=request.auth.seller_id, store_id=store_id)


@router.post("/{int:store_id}/credentials", response={200: StoreOut, **REFUSALS})
@needs("stores.connect")
def replace_credentials(request: CalledRequest, store_id: int, facts: CredentialsIn) -> Store:
    """Give the store new credentials; they must open the same shop."""
    caller = request.auth
    return connecting.replace_credentials(
        seller_id=caller.seller_id, store_id=store_id, credentials=facts.credentials, actor=caller.actor
    )


@router.post("/{int:store_id}/moves/{move}", response={200: StoreOut, **REFUSALS})
@needs("stores.connect")
def move_store(request: CalledRequest, store_id: int, move: str) -> Store:
    """go_live, back_to_shadow, pause, resume, disconnect."""
    caller = request.auth
    _verb(MOVES, move)(seller_id=caller.seller_id, store_id=store_id, actor=caller.actor)
    return questions.store(seller_id=caller.seller_id, store_id=store_id)


@router.post("/{int:store_id}/sync/{what}", response={202: StoreOut, **REFUSALS})
@needs("stores.sync")
def sync_store(request: CalledRequest, store_id: int, what: str) -> Status[Store]:
    """Sync orders, products or stock now; the store's runs show how far it is."""
    caller = request.auth
    _verb(SYNCS, what)(seller_id=caller.seller_id, store_id=store_id, actor=caller.actor)
    return Status(202, questions.store(seller_id=caller.seller_id, store_id=store_id))


@router.get("/{int:store_id}/runs", response={200: Listed[RunOut], **REFUSALS})
@needs("stores.view")
def list_runs(request: CalledRequest, store_id: int, after: str = "") -> Page[Run]:
    """Imports and syncs, newest first, with their progress."""
    store = questions.store(seller_id=request.auth.seller_id, store_id=store_id)
    return questions.runs(seller_id=request.auth.seller_id, store_id=store.pk, after=after)


@router.get("/{int:store_id}/findings", response={200: Listed[FindingOut], **REFUSALS})
@needs("stores.view")
def list_findings(request: CalledRequest, store_id: int, code: str = "", after: str = "") -> Page[Finding]:
    """The SKU doctor's report."""
    store = questions.store(seller_id=request.auth.seller_id, store_id=store_id)
    return questions.findings(seller_id=request.auth.seller_id, store_id=store.pk, code=code, after=after)


@router.post("/{int:store_id}/findings/{int:finding_id}/fix", response={204: None, **REFUSALS})
@needs("stores.map")
def fix_finding(request: CalledRequest, store_id: int, finding_id: int, facts: FixIn) -> Status[None]:
    """Put a finding right by one of its `fixes`: same, own (under `sku`, or a made-up one), take, other."""
    caller = request.auth
    store = questions.store(seller_id=caller.seller_id, store_id=store_id)
    if not questions.own_findings(seller_id=caller.seller_id, store_id=store.pk, finding_ids=[finding_id]):
        raise FindingNotFound(finding_id=finding_id)
    apply_fix(seller_id=caller.seller_id, finding_id=finding_id, fix=facts.fix, sku=facts.sku, actor=caller.actor)
    return Status(204, None)
