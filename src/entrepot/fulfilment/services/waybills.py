"""Waybill numbers (채번): ranges a carrier has given, and numbers taken from them, each once and for good."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.fulfilment.carriers import mod7_number
from entrepot.fulfilment.errors import CarrierNotFound, RangeInvalid, RangeNotFound, RangeOverlaps, WaybillsEmpty
from entrepot.fulfilment.models import Carrier, Waybill, WaybillRange
from entrepot.kernel.actor import Actor

_WRITTEN = re.compile(r"([A-Za-z]{0,10})(\d{1,18})")
_TAKE = """
UPDATE fulfilment_waybillrange taken SET next = taken.next + 1
WHERE taken.id = (
    SELECT one.id FROM fulfilment_waybillrange one
    WHERE one.seller_id = %(seller)s AND one.carrier_id = %(carrier)s AND NOT one.closed AND one.next <= one.last
    ORDER BY one.id LIMIT 1 FOR UPDATE)
  AND taken.next <= taken.last
RETURNING taken.prefix, taken.next - 1, taken.digits, taken.mod7
"""
"""Finding the free number and taking it are one statement; whoever waits for the row sees it as it is then."""


@dataclass(frozen=True, slots=True)
class Written:
    """A number of a range as the carrier writes it."""

    prefix: str
    serial: int
    digits: int
    mod7: bool

    def __str__(self) -> str:
        serial = f"{self.serial:0{self.digits}d}"
        return self.prefix + (mod7_number(serial) if self.mod7 else serial)


def add_range(
    *, seller_id: int, carrier_id: int, first: str, last: str, mod7: bool = False, actor: Actor
) -> WaybillRange:
    """Take in a range as the carrier wrote it: `first` and `last` as text, with letters and zeros in front.

    `mod7`: they are serials, to which their remainder by 7 is added as a last digit.

    Raises:
        CarrierNotFound: There is no such carrier of this seller.
        RangeInvalid: They are no range.
        RangeOverlaps: The carrier has one with some of these numbers.
    """
    if not Carrier.objects.filter(seller_id=seller_id, pk=carrier_id).exists():
        raise CarrierNotFound(carrier_id=carrier_id)
    words = first.replace("-", "").strip(), last.replace("-", "").strip()
    parts = [_WRITTEN.fullmatch(text) for text in words]
    refusal = RangeInvalid(field="first", reason="", first=first[:40], last=last[:40])
    if parts[0] is None or parts[1] is None:
        raise refusal
    (prefix, low), (other, high) = parts[0].groups(), parts[1].groups()
    if prefix.upper() != other.upper() or len(low) != len(high) or int(low) > int(high) or not low.isascii():
        raise refusal
    try:
        with transaction.atomic():
            made = WaybillRange.objects.create(
                seller_id=seller_id,
                carrier_id=carrier_id,
                prefix=prefix.upper(),
                first=int(low),
                last=int(high),
                next=int(low),
                digits=len(low),
                mod7=mod7,
            )
            facts = {"first": words[0], "last": words[1], "mod7": mod7}
            _audit(seller_id, actor, "waybills.add_range", carrier_id, facts)
    except IntegrityError as error:
        carrier = Carrier.objects.get(seller_id=seller_id, pk=carrier_id)
        raise RangeOverlaps(field="first", reason="", carrier=carrier.name) from error
    return made


@transaction.atomic
def close_range(*, seller_id: int, range_id: int, actor: Actor) -> WaybillRange:
    """Give out no more numbers of a range. Its numbers stay known, so that none comes in again.

    Raises:
        RangeNotFound: There is no such range of this seller.
    """
    found = WaybillRange.objects.filter(seller_id=seller_id, pk=range_id).first()
    if found is None:
        raise RangeNotFound(range_id=range_id)
    if not found.closed:
        found.closed = True
        found.save(update_fields=["closed"])
        _audit(seller_id, actor, "waybills.close_range", found.carrier_id, {"range": range_id})
    return found


@transaction.atomic
def allot(
    *,
    seller_id: int,
    carrier_id: int,
    shipment_id: int | None = None,
    actor: Actor,  # noqa: ARG001 - every verb names its actor; the parcel's story tells who
    now: datetime | None = None,
) -> str:
    """Take the next free number of a carrier's ranges, oldest range first. It is never given again, used or not.

    Raises:
        WaybillsEmpty: No range has a number left.
        CarrierNotFound: There is no such carrier of this seller.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"seller": seller_id, "carrier": carrier_id})
        row = cursor.fetchone()
    if row is None:
        carrier = Carrier.objects.filter(seller_id=seller_id, pk=carrier_id).first()
        if carrier is None:
            raise CarrierNotFound(carrier_id=carrier_id)
        raise WaybillsEmpty(carrier=carrier.name)
    number = str(Written(*row))
    Waybill.objects.create(
        seller_id=seller_id,
        carrier_id=carrier_id,
        number=number,
        shipment_id=shipment_id,
        taken_at=now or timezone.now(),
    )
    return number


def _audit(seller_id: int, actor: Actor, verb: str, carrier_id: int, facts: dict[str, object]) -> None:
    audit(seller_id=seller_id, actor=actor, verb=verb, object_type="carrier", object_id=carrier_id, facts=facts)
