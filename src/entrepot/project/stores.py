"""The one place where a channel's name meets its code. A new kind of store is one line here."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

from entrepot.channels.registry import Download, register
from entrepot.connectors.cafe24.type import API_BASE, cafe24
from entrepot.connectors.contract import ConnectorType
from entrepot.connectors.opencart.bridge_build import ARCHIVE, Line, build
from entrepot.connectors.opencart.type import OPENCART


def _archive(line: Line) -> Callable[[], bytes]:
    def made() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            return build(line, Path(folder)).read_bytes()

    return made


CONNECTORS: Sequence[tuple[ConnectorType, Sequence[Download]]] = (
    (
        OPENCART,
        (
            Download(name="oc4", title="Extension for OpenCart 4", filename=ARCHIVE, build=_archive("oc4")),
            Download(name="oc3", title="Extension for OpenCart 3", filename=ARCHIVE, build=_archive("oc3")),
        ),
    ),
    (cafe24(settings.CAFE24_API_BASE or API_BASE), ()),
)


def register_connectors() -> None:
    """Tell the books which channels there are; called once the apps are ready."""
    for connector_type, offers in CONNECTORS:
        register(connector_type, offers=offers)
