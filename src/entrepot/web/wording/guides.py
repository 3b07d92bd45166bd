"""What the connect form of a channel shows beside its fields: what to install, where each value is found, addresses."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from entrepot.channels.addresses import addresses_of
from entrepot.channels.models import Store
from entrepot.channels.queries.stores import stores
from entrepot.channels.registry import downloads
from entrepot.connectors.contract import ConnectorType
from entrepot.web.desk import DeskRequest
from entrepot.web.forms.stores import ConnectForm


def connect_facts(kind: ConnectorType, form: ConnectForm) -> dict[str, Any]:
    """What every showing of a channel's connect form needs."""
    return {"kind": kind, "form": form, "downloads": downloads.get(kind.name, ()), **guide_facts(kind)}


def guide_facts(kind: ConnectorType) -> Mapping[str, Any]:
    """Where a channel's values are found, and the addresses to enter there."""
    return {
        "guide": _guide(kind.name),
        "addresses": addresses_of(kind.name),
        "public_url": settings.PUBLIC_URL,
        "https": settings.PUBLIC_URL.startswith("https://"),
    }


def _guide(channel: str) -> str:
    """The channel's own steps, where somebody wrote them down."""
    name = f"web/stores/guides/{channel}.html"
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return ""
    return name


def store_named(request: DeskRequest, name: str) -> Store | None:
    """The connected store of this nickname."""
    here = request.desk
    mine = stores(seller_id=here.seller_id, store_ids=here.store_ids, with_disconnected=False)
    return next((store for store in mine if store.sales_channel.name == name), None)
