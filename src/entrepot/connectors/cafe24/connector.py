"""The Cafe24 connector: its parts, joined for one shop of a mall."""

from collections.abc import Mapping

from entrepot.connectors.cafe24.client import Cafe24Client
from entrepot.connectors.cafe24.probe import Cafe24Probe
from entrepot.connectors.cafe24.session import MallSession
from entrepot.connectors.contract import Connector, Surroundings

NAME = "cafe24"


def open_connector(credentials: Mapping[str, str], surroundings: Surroundings, api_base: str) -> Connector:
    """Open the mall that `mall_id` names. Makes no call.

    Raises:
        ChannelMisconfigured: A credential cannot be one.
    """
    client = Cafe24Client(credentials, surroundings, api_base)
    session = MallSession(client, surroundings)
    return Connector(
        name=NAME,
        shop=Cafe24Probe(session),
        close=client.close,
    )
