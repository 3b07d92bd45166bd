"""What the SKU doctor found is put right from the screen: which fixes there are for a finding, and the one verb.

A fix that needs a change in the store itself is not here; the finding's own remedy says what to do there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from entrepot.accounts.services import audit
from entrepot.catalog.drafts import draft_of
from entrepot.catalog.models import Item
from entrepot.catalog.queries import item_by_sku
from entrepot.catalog.services import edit_item
from entrepot.channels.errors import FindingNotFound, FixImpossible
from entrepot.channels.models import Finding, Listing
from entrepot.channels.services.doctor import give_item
from entrepot.channels.services.mapping import map_listing, unmap_listing
from entrepot.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to put a finding right. `label` is an English msgid with {fields} of the finding; `asks` = for a SKU."""

    key: str
    label: str
    asks: bool = False


SAME: Final = Fix("same", _("It is the same thing as {sku}"))
OWN: Final = Fix("own", _("It is a thing of its own"), asks=True)
TAKE: Final = Fix("take", _("Call it {theirs} here too"))
OTHER: Final = Fix("other", _("It is another thing: {theirs}"))
FIXES: Final[Mapping[str, Sequence[Fix]]] = {
    "duplicate_sku": (SAME, OWN),
    "missing_sku": (OWN,),
    "sku_too_long": (OWN,),
    "sku_changed": (TAKE, OTHER),
}


def fixes_of(finding: Finding) -> Sequence[Fix]:
    """The fixes that can be applied to it from here."""
    open_ones = FIXES.get(finding.code, ()) if finding.resolved_at is None else ()
    return [fix for fix in open_ones if finding.blocking or fix.key != "own"]


@transaction.atomic
def apply_fix(*, seller_id: int, finding_id: int, fix: str, actor: Actor, sku: str = "") -> None:
    """Put a finding right: `same`, `own` (under `sku`, or a made-up one), `take`, `other`. It is settled then.

    Raises:
        FindingNotFound: There is none of this seller, or it is settled.
        FixImpossible: This finding is not put right like that.
        EntrepotError: The deed itself was refused (the SKU is taken, the listing has its item …); nothing has changed.
    """
    seen = Finding.objects.filter(seller_id=seller_id, pk=finding_id).first()
    if seen is None:
        raise FindingNotFound(finding_id=finding_id)
    place = {"store_id": seen.store_id, "remote_id": seen.remote_id, "variation_key": seen.variation_key}
    listing = Listing.objects.select_for_update().filter(seller_id=seller_id, **place).first()
    rows = Finding.objects.select_for_update(of=("self",)).filter(seller_id=seller_id, resolved_at=None)
    finding = rows.select_related("store__sales_channel").filter(pk=finding_id).first()
    if finding is None:
        raise FindingNotFound(finding_id=finding_id)
    if listing is None or fix not in {one.key for one in fixes_of(finding)}:
        raise FixImpossible(title=finding.title or finding.remote_id)
    _DEEDS[fix](finding, listing, sku.strip(), actor)
    finding.resolved_at = timezone.now()
    finding.save(update_fields=["resolved_at"])
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="findings.fix",
        object_type="store",
        object_id=finding.store_id,
        facts={"code": finding.code, "fix": fix, "remote_id": finding.remote_id, "sku": sku.strip() or finding.sku},
    )


def _same(finding: Finding, listing: Listing, _sku: str, actor: Actor) -> None:
    item = item_by_sku(seller_id=finding.seller_id, sku=finding.sku)
    if item is None:
        raise FixImpossible(title=finding.title or finding.remote_id)
    map_listing(seller_id=finding.seller_id, listing_id=listing.pk, item_id=item.pk, actor=actor)


def _own(finding: Finding, listing: Listing, sku: str, actor: Actor) -> None:
    give_item(seller_id=finding.seller_id, listing_id=listing.pk, sku=sku or None, actor=actor)


def _take(finding: Finding, listing: Listing, _sku: str, actor: Actor) -> None:
    item = Item.objects.filter(seller_id=finding.seller_id, pk=listing.item_id or 0).first()
    if item is None:
        raise FixImpossible(title=finding.title or finding.remote_id)
    edit_item(seller_id=finding.seller_id, item_id=item.pk, draft=draft_of(item, sku=_theirs(finding)), actor=actor)


def _other(finding: Finding, listing: Listing, _sku: str, actor: Actor) -> None:
    unmap_listing(seller_id=finding.seller_id, listing_id=listing.pk, actor=actor)
    item = item_by_sku(seller_id=finding.seller_id, sku=_theirs(finding))
    if item is None:
        give_item(seller_id=finding.seller_id, listing_id=listing.pk, sku=_theirs(finding), actor=actor)
    else:
        map_listing(seller_id=finding.seller_id, listing_id=listing.pk, item_id=item.pk, actor=actor)


def _theirs(finding: Finding) -> str:
    return str(finding.facts.get("theirs", ""))


_DEEDS: Final[Mapping[str, Callable[[Finding, Listing, str, Actor], None]]] = {
    "same": _same,
    "own": _own,
    "take": _take,
    "other": _other,
}
