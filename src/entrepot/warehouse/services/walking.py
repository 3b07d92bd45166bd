"""A walk by scan: each code says the bin one stands at, the item in one's hand, or the tote it goes into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from entrepot.kernel.actor import Actor
from entrepot.warehouse.models import PickLine, Wave
from entrepot.warehouse.services.picking import Scan, open_lines, pick
from entrepot.warehouse.work import meaning
from entrepot.warehouse.work_errors import WrongBin, WrongItem


@dataclass(frozen=True, slots=True)
class Step:
    """Where a picker stands after a scan: at which bin, with which item in hand; and what was picked, if anything."""

    at_bin: str = ""
    in_hand: str = ""
    scan: Scan | None = None


@transaction.atomic
def walk_on(
    *,
    seller_id: int,
    pick_list_id: int,
    scanned: str,
    actor: Actor,
    at_bin: str = "",
    in_hand: str = "",
    quantity: int | None = None,
    now: datetime | None = None,
) -> Step:
    """Take a scan for what it can mean at this point of the walk.

    A bin of the list: one stands there now. An item that is wanted there: `quantity` (one, where nobody said) is
    picked; on a cart it is in hand, and the scan of its tote picks all that this tote wants. Goods that have no bin
    are scanned without one.

    Raises:
        WrongBin, WrongItem, WrongTote, TooManyPicked: It is not what is asked for; the refusal names what is.
        As `picking.pick`: The order turned back, another picker was faster, the bin holds less, the list is over.
    """
    lines = open_lines(seller_id=seller_id, pick_list_id=pick_list_id)
    code = scanned.strip().upper()
    if not in_hand and any(line.bin and line.bin.code.upper() == code for line in lines):
        return Step(at_bin=code)
    place = at_bin.strip().upper()
    if lines and not place and lines[0].bin is not None:
        raise WrongBin(scanned=scanned.strip()[:80], bin=lines[0].bin.code)
    here = _at(lines, place)
    cart = bool(lines) and lines[0].pick_list.wave.kind == Wave.Kind.CART
    if cart and here and not in_hand:
        return Step(at_bin=place, in_hand=_wanted(seller_id, here, scanned).item.sku)
    many = quantity or (_of_one_tote(seller_id, here, in_hand, code) if cart else 1)
    done = pick(
        seller_id=seller_id,
        pick_list_id=pick_list_id,
        bin_code=place,
        item_code=in_hand if cart else scanned,
        tote_code=code if cart else "",
        quantity=many,
        actor=actor,
        now=now,
    )
    rest = _at(open_lines(seller_id=seller_id, pick_list_id=pick_list_id), place)
    return Step(at_bin=place if rest else "", scan=done)


def _at(lines: Sequence[PickLine], place: str) -> list[PickLine]:
    return [line for line in lines if (line.bin.code.upper() if line.bin else "") == place]


def _wanted(seller_id: int, here: Sequence[PickLine], scanned: str) -> PickLine:
    meant = meaning(seller_id, scanned)
    found = next((line for line in here if meant(line.item)), None)
    if found is None:
        raise WrongItem(scanned=scanned.strip()[:80], item=here[0].item.sku)
    return found


def _of_one_tote(seller_id: int, here: Sequence[PickLine], in_hand: str, tote: str) -> int:
    """All that this tote wants of the item in hand; 1 where it wants none, for the refusal to name what does."""
    meant = meaning(seller_id, in_hand)
    mine = [line for line in here if line.tote and line.tote.code.upper() == tote and meant(line.item)]
    return sum(line.quantity - line.picked - line.short for line in mine) or 1
