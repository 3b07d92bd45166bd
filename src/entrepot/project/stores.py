"""The one place where a channel's name meets its code. A new kind of store is one line here."""

from entrepot.channels.registry import register
from entrepot.connectors.contract import ConnectorType
from entrepot.connectors.opencart.type import OPENCART

CONNECTORS: tuple[ConnectorType, ...] = (OPENCART,)


def register_connectors() -> None:
    """Tell the books which channels there are; called once the apps are ready."""
    for connector_type in CONNECTORS:
        register(connector_type)
