"""The kinds of channels this installation has. `project/stores.py` fills it; nothing here knows a particular store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from entrepot.channels.errors import UnknownChannel
from entrepot.connectors.contract import Connector, ConnectorType, ShopInfo, Surroundings

OFFLINE = "offline"

connector_types: dict[str, ConnectorType] = {}
"""By name. The Offline store, which has no API, is always there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """Something a merchant installs in the shop before connecting it. `title` is an English msgid."""

    name: str
    title: str
    filename: str
    build: Callable[[], bytes]


downloads: dict[str, Sequence[Download]] = {}
"""By the channel's name; the connect page offers them."""


def register(connector_type: ConnectorType, *, offers: Sequence[Download] = ()) -> None:
    """Put a kind of channel on the list; a second one of the same name takes its place."""
    connector_types[connector_type.name] = connector_type
    downloads[connector_type.name] = tuple(offers)


def connector_type(name: str) -> ConnectorType:
    """The kind of channel called `name`.

    Raises:
        UnknownChannel: There is none.
    """
    found = connector_types.get(name)
    if found is None:
        raise UnknownChannel(connector=name, field="connector", reason="unknown")
    return found


class _NoShop:
    """What stands in for a shop where there is none."""

    def info(self) -> ShopInfo:
        """No identity: it is never compared, so a seller may have several offline stores."""
        return ShopInfo(
            identity="",
            name="",
            url="",
            version="",
            currency="",
            timezone="UTC",
            clock_offset_seconds=0,
            language="",
            statuses=(),
            counts={},
        )


def _open_offline(_credentials: Mapping[str, str], _surroundings: Surroundings) -> Connector:
    return Connector(name=OFFLINE, shop=_NoShop())


register(
    ConnectorType(
        name=OFFLINE,
        title="Offline store",
        fields=(),
        open=_open_offline,
        calls_per_second=1000.0,
        burst=1000,
    )
)
