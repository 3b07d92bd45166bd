"""A small kind of store whose owner is asked first: malls in memory, behind the real contract. For tests of the books.

A mall hands out tokens and minds who calls it; each shop of it (`mall/1`) has orders. Nothing here is a network.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlencode

from entrepot.connectors.contract import (
    ChannelCarrier,
    ChannelEvent,
    ChannelOrder,
    ChannelOrderLine,
    Connector,
    ConnectorType,
    ConsentNeeded,
    ConsentRefused,
    CredentialField,
    Grant,
    NotPermitted,
    OrderPage,
    OrderState,
    RemoteStatus,
    SenderNotBelieved,
    ShipmentWrite,
    ShopInfo,
    Surroundings,
    WriteAnswer,
)
from entrepot.kernel.errors import ChannelDown, ChannelMisconfigured, ChannelRejected

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ACCESS, REFRESH = timedelta(hours=2), timedelta(days=14)
GOOD_CODE = "code-of-the-owner"


def order(remote_id: str, *, status: str = "20", quantity: int = 1, sku: str = "RED", minute: int = 0) -> ChannelOrder:
    """A paid order of one line."""
    line = ChannelOrderLine(
        remote_id=f"{remote_id}-1",
        product_id="1",
        variation_keys=[""],
        name="Sock",
        model="",
        sku=sku,
        quantity=quantity,
        unit_price=Decimal(10),
        line_total=Decimal(10) * quantity,
        unit_tax=Decimal(0),
    )
    return ChannelOrder(
        remote_id=remote_id,
        number=remote_id,
        version=0,
        confirmed=True,
        status_id=status,
        placed_at=NOON,
        changed_at=NOON + timedelta(minutes=minute),
        base_currency="KRW",
        currency="KRW",
        rate=Decimal(1),
        total=Decimal(10) * quantity,
        lines=[line],
        totals=[],
        buyer_name="Kim",
        buyer_email="",
        buyer_phone="",
        shipping=None,
        billing=None,
    )


@dataclass
class Mall:
    """One mall and what it has been asked. `refresh` = the one refresh token that it takes."""

    mall_id: str
    client_secret: str = "client-secret-of-the-mall"
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    refresh: str = ""
    live: set[str] = field(default_factory=set)
    tokens_asked: int = 0
    calls: list[str] = field(default_factory=list)
    orders: dict[str, ChannelOrder] = field(default_factory=dict)
    pages: list[list[str]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    forbidden: set[str] = field(default_factory=set)
    down: bool = False
    token_service_down: bool = False
    while_asked: Callable[[], object] = lambda: None
    while_fetching: Callable[[Sequence[str]], object] = lambda _ids: None
    registered: list[str | None] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    grants: int = 0

    def grant(self) -> Grant:
        """A new pair; the refresh token before it is dead from now on."""
        with self.lock:
            self.grants += 1
            access = f"access-{self.mall_id}-{self.grants}"
            self.refresh = f"refresh-{self.mall_id}-{self.grants}"
            self.live.add(access)
        now = self.now()
        return Grant(
            access_token=access,
            access_ends_at=now + ACCESS,
            refresh_token=self.refresh,
            refresh_ends_at=now + REFRESH,
            scopes=["read", "write"],
            facts={"mall_id": self.mall_id},
        )

    def renew(self, kept: Grant) -> Grant:
        """Answer a refresh."""
        self.tokens_asked += 1
        self.while_asked()
        if self.token_service_down:
            raise ChannelDown("the token service does not answer")
        if kept.refresh_token != self.refresh:
            raise ConsentNeeded("invalid_grant", name=self.mall_id)
        return self.grant()


MALLS: dict[str, Mall] = {}


def mall(mall_id: str) -> Mall:
    return MALLS.setdefault(mall_id, Mall(mall_id))


def mall_of(credentials: Mapping[str, str]) -> Mall:
    found = MALLS.get(credentials["mall_id"])
    if found is None:
        raise ChannelMisconfigured(reason="there is no such mall")
    return found


class Agora:
    """A shop of a mall, opened."""

    moves_orders = True
    needs_tracking = True
    set_by_hand = True

    def __init__(self, credentials: Mapping[str, str], around: Surroundings) -> None:
        if "grant" in credentials or any("refresh-" in text for text in credentials.values()):
            raise AssertionError("a connector sees no token among its credentials")
        self.mall, self.around = mall_of(credentials), around
        self.credentials = credentials
        self.identity = f"{self.mall.mall_id}/{credentials['shop_no'] or '1'}"

    def call(self, what: str) -> None:
        """One call: waits its turn, shows its token, renews it once."""
        if self.around.throttle is not None:
            self.around.throttle.wait()
        vault = self.around.vault
        grant = vault.grant() if vault else None
        if vault is None or grant is None:
            raise ConsentNeeded("nothing granted", name=self.mall.mall_id)
        if grant.access_ends_at <= self.mall.now() or grant.access_token not in self.mall.live:
            grant = vault.renew(grant, self.mall.renew)
        if self.mall.down:
            raise ChannelDown("no answer")
        if what in self.mall.forbidden:
            raise NotPermitted(name=self.mall.mall_id, scope=what)
        self.mall.calls.append(what)

    def info(self) -> ShopInfo:
        self.call("info")
        return ShopInfo(
            identity=self.identity,
            name=f"Mall {self.mall.mall_id}",
            url=f"https://{self.mall.mall_id}.example/",
            version="2025-03-01",
            currency="KRW",
            timezone="Asia/Seoul",
            clock_offset_seconds=0,
            language="en",
            statuses=[
                RemoteStatus(remote_id="20", names={"en": "Paid"}, takes_stock=True, suggested="new", fixed=True),
                RemoteStatus(remote_id="90", names={"en": "Odd"}, takes_stock=False, suggested=None),
            ],
            counts={},
        )

    # --- orders

    def start(self, days: int) -> str:
        return f"start-{days}"

    def pages(self, cursor: str) -> Iterator[OrderPage]:
        for number, ids in enumerate(list(self.mall.pages)):
            self.call("page")
            more = number + 1 < len(self.mall.pages)
            yield OrderPage(orders=[self.mall.orders[one] for one in ids], cursor=f"page-{number + 1}", more=more)
        if not self.mall.pages:
            self.call("page")
            yield OrderPage(orders=[], cursor=cursor, more=False)

    def fetch(self, remote_ids: Sequence[str]) -> OrderPage:
        self.call("fetch " + " ".join(remote_ids))
        if self.mall.refused & set(remote_ids):
            raise ChannelRejected(reason="the order is locked")
        found = [self.mall.orders[one] for one in remote_ids if one in self.mall.orders]
        gone = [one for one in remote_ids if one in self.mall.gone]
        self.mall.while_fetching(remote_ids)
        return OrderPage(orders=found, cursor="", more=False, gone=gone)

    def states(self, remote_ids: Sequence[str]) -> Sequence[OrderState]:
        self.call(f"states {len(remote_ids)}")
        known = self.mall.orders
        return [OrderState(remote_id=one, status_id=known[one].status_id, version=0) for one in remote_ids]

    # --- parcels

    def ship(self, write: ShipmentWrite) -> WriteAnswer:
        return WriteAnswer(remote_id=write.key, repeated=False)

    def carriers(self) -> Sequence[ChannelCarrier]:
        self.call("carriers")
        return [
            ChannelCarrier(remote_id="0006", name="CJ", tracking_url="https://cj.example/{n}", default=True),
            ChannelCarrier(remote_id="0018", name="Hanjin"),
        ]

    # --- events: `kind id identity` a line, believed by a key

    def register(self, url: str | None) -> None:
        self.mall.registered.append(url)

    def receive(self, *, target: str, headers: Mapping[str, str], body: bytes) -> Sequence[ChannelEvent]:
        key = self.credentials.get("hook_key", "")
        if not key or headers.get("X-Api-Key") != key:
            raise SenderNotBelieved(name=self.mall.mall_id)
        events = []
        for line in body.decode().splitlines():
            kind, object_id, identity = [*line.split(), "", ""][:3]
            if kind not in {"order", "product", "revoked", "ping"}:
                raise ChannelMisconfigured(reason=f"unknown event at {target}")
            events.append(ChannelEvent(remote_id="", kind=kind, object_id=object_id, identity=identity))  # type: ignore[arg-type]
        return events


class Page:
    """The malls' consent page."""

    def address(self, credentials: Mapping[str, str], *, state: str, return_url: str) -> str:
        if not credentials["mall_id"].isalnum():
            raise ChannelMisconfigured(reason="that is no mall id")
        query = urlencode({"state": state, "redirect_uri": return_url})
        return f"https://{credentials['mall_id']}.example/authorize?{query}"

    def redeem(self, credentials: Mapping[str, str], *, answer: Mapping[str, str], return_url: str) -> Grant:
        if error := answer.get("error"):
            raise ConsentRefused(name=credentials["mall_id"], reason=error)
        found = mall_of({"mall_id": answer.get("mall", credentials["mall_id"])})
        if answer.get("code") != GOOD_CODE or not return_url.startswith("https://"):
            raise ChannelMisconfigured(reason="the code is not taken")
        return found.grant()

    def launched_by(self, query: str) -> Mapping[str, str]:
        said = parse_qs(query)
        return {"mall_id": said["mall_id"][0], "shop_no": "1"} if "hmac" in said and "mall_id" in said else {}

    def check_launch(self, credentials: Mapping[str, str], *, query: str, now: datetime) -> None:
        said = parse_qs(query)
        if said["hmac"] != [credentials["client_secret"]] or float(said["at"][0]) < now.timestamp() - 7200:
            raise SenderNotBelieved(name=credentials["mall_id"])


def _open(credentials: Mapping[str, str], around: Surroundings) -> Connector:
    shop = Agora(credentials, around)
    return Connector(name="agora", shop=shop, orders=shop, shipments=shop, events=shop)


AGORA = ConnectorType(
    name="agora",
    title="Agora",
    fields=(
        CredentialField(name="mall_id", label="Mall ID", help=""),
        CredentialField(name="client_secret", label="Client Secret", help="", secret=True),
        CredentialField(name="hook_key", label="Webhook key", help="", secret=True, required=False),
        CredentialField(name="shop_no", label="Shop number", help="", required=False, initial="1"),
    ),
    open=_open,
    calls_per_second=1000.0,
    burst=1000,
    limit_key=lambda credentials: f"agora:{credentials['mall_id']}",
    consent=Page(),
    announced_by_id=True,
)


def moved(known: ChannelOrder, *, status: str, minute: int = 1) -> ChannelOrder:
    """The same order, later."""
    return replace(known, status_id=status, changed_at=NOON + timedelta(minutes=minute))
