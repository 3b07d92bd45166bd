"""A parcel's label inside a message: as the address it can be fetched at, or whole."""

import base64
from typing import Any

from django.conf import settings

from entrepot.accounts.models import Seller
from entrepot.fulfilment import prints
from entrepot.fulfilment.carrier_queries import bought_label
from entrepot.fulfilment.documents import Language, pdf, zpl
from entrepot.fulfilment.models import Shipment
from entrepot.outgoing.models import Endpoint


def label_words(endpoint: Endpoint, parcel: Shipment) -> dict[str, Any]:
    """Where the label is (`url`, asked with an API key that has `orders.pack`), and itself in base64 where wanted."""
    form = "zpl" if endpoint.label == Endpoint.Label.ZPL else "pdf"
    bought = bought_label(seller_id=parcel.seller_id, shipment_id=parcel.pk)
    form = bought.form if bought else form
    address = f"{settings.PUBLIC_URL.rstrip('/')}/api/v1/labels?order={parcel.order_id}&parcel={parcel.pk}&form={form}"
    words: dict[str, Any] = {"form": form, "url": address}
    if endpoint.label != Endpoint.Label.LINK:
        words["base64"] = base64.b64encode(bytes(bought.label or b"") if bought else _drawn(parcel, form)).decode()
    return words


def _drawn(parcel: Shipment, form: str) -> bytes:
    seller = Seller.objects.get(pk=parcel.seller_id)
    together = prints.parcels_of(seller_id=seller.pk, order_ids=[parcel.order_id])
    facts = [
        label
        for one, label in zip(together, prints.labels(seller=seller, parcels=together), strict=True)
        if one.pk == parcel.pk
    ]
    language: Language = "ko" if seller.language == "ko" else "en"
    drawn = zpl(facts, language=language) if form == "zpl" else pdf(facts, language=language)
    return drawn if isinstance(drawn, bytes) else str(drawn).encode()
