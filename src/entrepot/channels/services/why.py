"""Why is it 3? What stood in the books at any moment, what each store had been told then, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from entrepot.catalog.models import Item
from entrepot.channels.models import Listing, StockTold
from entrepot.inventory.models import Movement
from entrepot.kernel.errors import NotFound
from entrepot.orders.models import OrderLine

STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a store had been told (`told`) and had last shown (`seen`) of a listing at that moment."""

    store_id: int
    store: str
    listing_id: int
    told: int | None
    told_at: datetime | None
    seen: int | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the chain, a movement of the ledger or a word to a store. Deltas are 0 where nothing moved.

    `kind`: a movement's kind, or `sent` / `seen`. `cause`: its reference or why a store was told. `order_id` where an
    order did it.
    """

    at: datetime
    kind: str
    on_hand_delta: int = 0
    reserved_delta: int = 0
    on_hand: int | None = None
    reserved: int | None = None
    quantity: int | None = None
    warehouse: str = ""
    store: str = ""
    cause: str = ""
    reason: str = ""
    actor: str = ""
    order_id: int | None = None
    order_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The answer for an item at a moment. `steps` newest first, at most the last 200 of each sort."""

    item_id: int
    sku: str
    at: datetime
    on_hand: int
    reserved: int
    shown: Sequence[Shown]
    steps: Sequence[Step]

    @property
    def available(self) -> int:
        """What could still be promised."""
        return self.on_hand - self.reserved


def why(
    *,
    seller_id: int,
    item_id: int,
    at: datetime,
    store_ids: Sequence[int] | None = None,
    warehouse_ids: Sequence[int] | None = None,
) -> Why:
    """Explain an item's figures at a moment, past or present, from the ledger alone.

    For somebody who works for some stores or in some warehouses only, it tells of those; None = of all.

    Raises:
        NotFound: There is no such item of this seller.
    """
    item = Item.everything.filter(pk=item_id, seller_id=seller_id).first()
    if item is None:
        raise NotFound(item_id=item_id)
    standing = Movement.objects.filter(seller_id=seller_id, item_id=item_id, at__lte=at)
    if warehouse_ids is not None:
        standing = standing.filter(warehouse_id__in=warehouse_ids)
    last = standing.order_by("warehouse_id", "-version").distinct("warehouse_id")
    figures = list(last.values_list("on_hand_after", "reserved_after"))
    listed = Listing.objects.filter(seller_id=seller_id, item_id=item_id)
    if store_ids is not None:
        listed = listed.filter(store_id__in=store_ids)
    listings = list(listed.select_related("store__sales_channel"))
    told = list(
        StockTold.objects.filter(listing__seller_id=seller_id, listing__in=listings, at__lte=at).order_by("-at", "-id")[
            :STEPS
        ]
    )
    steps = [
        *_movements(seller_id, standing.select_related("warehouse").order_by("-at", "-id")[:STEPS], store_ids),
        *_words(listings, told),
    ]
    return Why(
        item_id=item.pk,
        sku=item.sku,
        at=at,
        on_hand=sum(row[0] for row in figures),
        reserved=sum(row[1] for row in figures),
        shown=[_shown(listing, at) for listing in listings],
        steps=sorted(steps, key=lambda step: step.at, reverse=True),
    )


def _shown(listing: Listing, at: datetime) -> Shown:
    history = StockTold.objects.filter(listing=listing, at__lte=at).order_by("-at", "-id")
    sent = history.filter(kind=StockTold.Kind.SENT).first()
    seen = history.filter(kind=StockTold.Kind.SEEN).first()
    return Shown(
        store_id=listing.store_id,
        store=listing.store.sales_channel.name,
        listing_id=listing.pk,
        told=sent.quantity if sent else None,
        told_at=sent.at if sent else None,
        seen=seen.quantity if seen else None,
        seen_at=seen.at if seen else None,
    )


def _movements(seller_id: int, rows: Iterable[Movement], store_ids: Sequence[int] | None) -> list[Step]:
    moved = list(rows)
    orders = _orders(seller_id, [row.reference for row in moved], store_ids)
    return [
        Step(
            at=row.at,
            kind=row.kind,
            on_hand_delta=row.on_hand_delta,
            reserved_delta=row.reserved_delta,
            on_hand=row.on_hand_after,
            reserved=row.reserved_after,
            warehouse=row.warehouse.code,
            cause=row.reference,
            reason=row.reason,
            actor=f"{row.actor_kind}:{row.actor_label}",
            order_id=orders.get(row.reference, (None, ""))[0],
            order_number=orders.get(row.reference, (None, ""))[1],
        )
        for row in moved
    ]


def _orders(
    seller_id: int, references: Sequence[str], store_ids: Sequence[int] | None
) -> Mapping[str, tuple[int | None, str]]:
    """Which order stands behind a reference (`line:12`); of another store than these, none that may be named."""
    ids = [int(name.removeprefix("line:")) for name in references if name.startswith("line:")]
    rows = OrderLine.objects.filter(pk__in=ids, order__seller_id=seller_id).select_related("order")
    if store_ids is not None:
        rows = rows.filter(order__sales_channel_id__in=store_ids)
    return {line.reference: (line.order_id, line.order.number) for line in rows}


def _words(listings: Sequence[Listing], told: Sequence[StockTold]) -> list[Step]:
    names = {listing.pk: listing.store.sales_channel.name for listing in listings}
    return [
        Step(at=row.at, kind=row.kind, quantity=row.quantity, store=names[row.listing_id], cause=row.cause)
        for row in told
    ]
