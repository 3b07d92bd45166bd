"""A connector on a simulated mall, opened as the books would open it."""

from collections.abc import Sequence
from typing import Any

from entrepot.connectors.cafe24 import kst
from entrepot.connectors.cafe24.simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, SimulatorServer
from entrepot.connectors.cafe24.simulator.oauth import OMS_SCOPES
from entrepot.connectors.cafe24.type import cafe24
from entrepot.connectors.contract import Connector, Grant, HeldGrant, HeldMemory, Surroundings


def granted(server: SimulatorServer, scopes: Sequence[str] = OMS_SCOPES) -> Grant:
    """Tokens as the owner's consent would have brought them."""
    tokens = server.grant(scopes)
    ends_at = kst.moment(tokens["expires_at"])
    assert ends_at is not None
    return Grant(
        access_token=tokens["access_token"],
        access_ends_at=ends_at,
        refresh_token=tokens["refresh_token"],
        refresh_ends_at=kst.moment(tokens["refresh_token_expires_at"]),
        scopes=tokens["scopes"],
    )


def open_connector(
    server: SimulatorServer, shop_no: str = "1", scopes: Sequence[str] = OMS_SCOPES, **changes: Any
) -> Connector:
    credentials = {
        "mall_id": server.mall.mall_id,
        "client_id": DEFAULT_CLIENT_ID,
        "client_secret": DEFAULT_CLIENT_SECRET,
        "shop_no": shop_no,
    }
    given = {"vault": HeldGrant(granted(server, scopes)), "memory": HeldMemory(), "timeout_seconds": 3.0} | changes
    return cafe24(server.url).open(credentials, Surroundings(**given))


def calls(server: SimulatorServer) -> dict[str, int]:
    """What was asked of the mall since the last look, by pattern."""
    asked = dict(server.counters.requests)
    server.counters.requests.clear()
    return asked
