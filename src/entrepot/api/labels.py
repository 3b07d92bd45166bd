"""Labels over the API: what a packing table's own program prints."""

from typing import Literal

from django.http import HttpResponse
from ninja import Query, Router

from entrepot.api.door import CalledRequest, needs
from entrepot.api.words import REFUSALS
from entrepot.fulfilment import prints
from entrepot.fulfilment.carrier_queries import bought_label, seller_who_sends
from entrepot.fulfilment.documents import pdf, zpl
from entrepot.fulfilment.errors import NothingToPrint

router = Router()
MOST_AT_ONCE = 1000
KINDS = {"pdf": "application/pdf", "zpl": "text/plain; charset=utf-8"}
FILES = {"content": {kind: {"schema": {"type": "string"}} for kind in KINDS.values()}}


@router.get("", response=REFUSALS, openapi_extra={"responses": {200: {"description": "The file", **FILES}}})
@needs("orders.pack")
def print_labels(
    request: CalledRequest,
    order: Query[list[int]],
    form: Literal["pdf", "zpl"] = "pdf",
    language: Literal["en", "ko"] = "en",
    parcel: int | None = None,
) -> HttpResponse:
    """Labels of 100 × 150 mm of all parcels of these orders, in the order of the ids, as one PDF or as ZPL.

    At most 1,000 orders; the rest is left out. `parcel`: only the label of this one of them, as its carrier sent it
    where it was bought.
    """
    caller = request.auth
    seller = seller_who_sends(seller_id=caller.seller_id)
    wanted = list(dict.fromkeys(number for number in order if 0 < number < 2**63))[:MOST_AT_ONCE]
    parcels = prints.parcels_of(seller_id=seller.pk, order_ids=wanted)
    if not parcels:
        raise NothingToPrint
    if parcel is not None and (bought := bought_label(seller_id=seller.pk, shipment_id=parcel)):
        return HttpResponse(bytes(bought.label or b""), content_type=KINDS.get(bought.form, "image/png"))
    drawn = zip(parcels, prints.labels(seller=seller, parcels=parcels), strict=True)
    facts = [label for one, label in drawn if parcel in {None, one.pk}]
    if not facts:
        raise NothingToPrint
    content = zpl(facts, language=language) if form == "zpl" else pdf(facts, language=language)
    return HttpResponse(content, content_type=KINDS[form])
