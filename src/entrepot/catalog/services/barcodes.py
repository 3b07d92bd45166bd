"""A barcode that somebody found on a thing."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from entrepot.catalog.errors import BarcodeInvalid, BarcodeTaken, HasBarcode, ItemNotFound
from entrepot.catalog.models import Item
from entrepot.catalog.rows import sign
from entrepot.kernel.actor import Actor

LONGEST = 64


@transaction.atomic
def name_barcode(*, seller_id: int, item_id: int, barcode: str, actor: Actor) -> Item:
    """Say that an item without a barcode has this one; the same again changes nothing.

    Raises:
        BarcodeInvalid: It is empty, or longer than 64 characters.
        HasBarcode: The item has another one.
        BarcodeTaken: It is another item's barcode, or SKU.
        ItemNotFound: There is no such item of this seller.
    """
    code = barcode.strip()
    if not 0 < len(code) <= LONGEST:
        raise BarcodeInvalid(field="barcode", reason="", barcode=code[:80])
    item = Item.objects.select_for_update(no_key=True).filter(seller_id=seller_id, pk=item_id).first()
    if item is None:
        raise ItemNotFound(item_id=item_id)
    if item.barcode == code:
        return item
    if item.barcode:
        raise HasBarcode(sku=item.sku, barcode=item.barcode)
    others = Item.everything.filter(seller_id=seller_id).exclude(Q(pk=item_id) | Q(merged_into=item_id))
    if other := (others.filter(barcode=code) | others.filter(sku=code)).first():
        raise BarcodeTaken(barcode=code, sku=other.sku)
    sign(actor)
    item.barcode, item.updated_at = code, timezone.now()
    item.save(update_fields=["barcode", "updated_at"])
    return item
