"""Which item a listing is. Orders that waited for it move on by themselves."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.catalog.models import Item
from entrepot.catalog.queries import ids_by_sku
from entrepot.channels.errors import AlreadyMatched, ListingNotFound, SkuNeeded
from entrepot.channels.live import announce
from entrepot.channels.models import IncomingOrder, Listing, Store
from entrepot.channels.problems import resolve_problems
from entrepot.channels.services.intake import store_actor
from entrepot.channels.services.intake_apply import UNMAPPED_SKU
from entrepot.channels.services.intake_enter import enter_waiting
from entrepot.channels.services.intake_keep import kept_order
from entrepot.channels.services.intake_match import line_matcher
from entrepot.channels.services.wakes import wake_pushes
from entrepot.kernel.actor import Actor
from entrepot.orders import services as orders
from entrepot.orders.errors import LinesUnmatched, OrderNotFound
from entrepot.orders.models import Order, OrderLine, Status

ORDERS_AT_ONCE = 100


@transaction.atomic
def map_listing(*, seller_id: int, listing_id: int, item_id: int, actor: Actor) -> Listing:
    """Say which item a listing sells. Its figure is pushed, and the orders that waited for it move on.

    Raises:
        ListingNotFound: There is none, or it is another seller's.
        SkuNeeded: The item is not this seller's.
        AlreadyMatched: It belongs to another item; unlink it first.
    """
    listing = Listing.objects.select_for_update().filter(pk=listing_id, seller_id=seller_id).first()
    if listing is None:
        raise ListingNotFound(listing_id=listing_id)
    item = Item.objects.filter(pk=item_id, seller_id=seller_id).first()
    if item is None:
        raise SkuNeeded(field="item", reason="unknown")
    if listing.item_id == item_id:
        return listing
    if listing.item_id is not None:
        taken = Item.objects.filter(pk=listing.item_id, seller_id=seller_id).values_list("sku", flat=True).first()
        raise AlreadyMatched(sku=taken or "")
    listing.item, listing.sent_version = item, -1
    listing.save(update_fields=["item", "sent_version", "updated_at"])
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="listings.map",
        object_type="listing",
        object_id=listing.pk,
        facts={"sku": item.sku},
    )
    store = Store.objects.get(pk=listing.store_id, seller_id=seller_id)
    transaction.on_commit(lambda: match_waiting_orders(store, actor=actor), robust=True)
    wake_pushes(seller_id)
    return listing


@transaction.atomic
def unmap_listing(*, seller_id: int, listing_id: int, actor: Actor) -> Listing:
    """Take a listing from its item. Nothing is pushed to it any more; orders that were matched stay as they are.

    Raises:
        ListingNotFound: There is none, or it is another seller's.
    """
    listing = Listing.objects.select_for_update().filter(pk=listing_id, seller_id=seller_id).first()
    if listing is None:
        raise ListingNotFound(listing_id=listing_id)
    before = listing.item_id
    listing.item, listing.sent_version = None, -1
    listing.save(update_fields=["item", "sent_version", "updated_at"])
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="listings.unmap",
        object_type="listing",
        object_id=listing.pk,
        facts={"item": before},
    )
    return listing


@transaction.atomic
def match_order_line(*, seller_id: int, line_id: int, item_id: int, actor: Actor) -> None:
    """Say which item an order's line means. Its listing learns it too, so the next order needs nobody.

    Raises:
        OrderNotFound: There is no such line of this seller.
        AlreadyMatched: Its listing belongs to another item.
        SkuNeeded: The item is not this seller's.
    """
    line = OrderLine.objects.filter(pk=line_id, order__seller_id=seller_id).select_related("order").first()
    if line is None:
        raise OrderNotFound(line_id=line_id)
    store = Store.objects.filter(pk=line.order.sales_channel_id, seller_id=seller_id).first()
    if store is not None and line.product_remote_id:
        listing, _ = Listing.objects.get_or_create(
            store=store,
            remote_id=line.product_remote_id,
            variation_key=line.variation_key,
            defaults={
                "seller_id": seller_id,
                "title": line.name,
                "remote_sku": line.sku,
                "currency": line.order.base_currency,
            },
        )
        map_listing(seller_id=seller_id, listing_id=listing.pk, item_id=item_id, actor=actor)
    orders.match_lines(seller_id=seller_id, item_by_line={line_id: item_id}, actor=actor)
    if not OrderLine.objects.filter(order__seller_id=seller_id, order_id=line.order_id, item=None).exists():
        _settled(seller_id, line.order_id, actor)
    wake_pushes(seller_id)


def match_waiting_orders(store: Store, *, actor: Actor) -> int:
    """Match the lines of orders on hold again, now that there may be listings or SKUs for them; how many moved on.

    An order that is held for something else too (it is not paid) stays, but not for its lines.

    Call it after products were imported or a listing was mapped.
    """
    strange = OrderLine.objects.filter(
        item=None, order__seller_id=store.seller_id, order__sales_channel_id=store.pk, order__status=Status.ON_HOLD
    )
    rows = IncomingOrder.objects.filter(store=store, seller_id=store.seller_id, order__in=strange.values("order_id"))
    waiting = list(rows.order_by("id"))
    moved = 0
    for batch in _batches(waiting, ORDERS_AT_ONCE):
        moved += _match(store, batch, actor)
    if moved:
        announce(store.seller_id, "orders")
        wake_pushes(store.seller_id)
    return moved


@transaction.atomic
def match_again(*, seller_id: int, order_id: int, actor: Actor) -> int:
    """Look for the items of an order's unmatched lines once more; how many were found. With none unmatched, nothing.

    Raises:
        OrderNotFound: There is no such order of this seller.
        LinesUnmatched: Some line still belongs to no item; those that do are matched only with all the others.
    """
    strange = OrderLine.objects.filter(order__seller_id=seller_id, order_id=order_id, item=None)
    before = strange.count()
    if not before:
        if not Order.objects.filter(seller_id=seller_id, pk=order_id).exists():
            raise OrderNotFound(order_id=order_id)
        return 0
    incoming = IncomingOrder.objects.filter(seller_id=seller_id, order_id=order_id).select_related("store").first()
    if incoming is not None:
        _match(incoming.store, [incoming], actor)
    by_sku = _items_by_sku(seller_id, strange)
    if by_sku:
        orders.match_lines(seller_id=seller_id, item_by_line=by_sku, actor=actor)
    if left := strange.count():
        raise LinesUnmatched(order_id=order_id, count=left)
    _settled(seller_id, order_id, actor)
    return before


def _items_by_sku(seller_id: int, lines: QuerySet[OrderLine]) -> dict[int, int]:
    named = dict(lines.exclude(sku="").values_list("pk", "sku"))
    known = ids_by_sku(seller_id=seller_id, skus=set(named.values()))
    return {line_id: known[sku] for line_id, sku in named.items() if sku in known}


def _match(store: Store, rows: Sequence[IncomingOrder], actor: Actor) -> int:
    kept = {row.order_id: kept_order(row.raw) for row in rows if row.order_id is not None}
    matcher = line_matcher(store, lines=[line for order in kept.values() for line in order.lines])
    item_by_line: dict[int, int] = {}
    unmatched = OrderLine.objects.filter(order__seller_id=store.seller_id, order_id__in=kept, item=None)
    for line in unmatched:
        for theirs in kept[line.order_id].lines:
            if theirs.remote_id == line.remote_id:
                item_id, _ = matcher.item_of(theirs)
                if item_id is not None:
                    item_by_line[line.pk] = item_id
    if not item_by_line:
        return 0
    moved = orders.match_lines(seller_id=store.seller_id, item_by_line=item_by_line, actor=actor)
    left = OrderLine.objects.filter(order__seller_id=store.seller_id, order_id__in=kept, item=None)
    for order_id in sorted(kept.keys() - set(left.values_list("order_id", flat=True))):
        _settled(store.seller_id, order_id, actor)
    _follow_again(store, moved)
    return len(moved)


def _settled(seller_id: int, order_id: int, actor: Actor) -> None:
    resolve_problems(seller_id=seller_id, object_type="order", object_id=order_id, codes=[UNMAPPED_SKU], actor=actor)


def _follow_again(store: Store, order_ids: Sequence[int]) -> None:
    """The store's status may have gone on while the order was held."""
    rows = IncomingOrder.objects.filter(store=store, seller_id=store.seller_id, order_id__in=order_ids)
    ids = list(rows.values_list("pk", flat=True))
    IncomingOrder.objects.filter(pk__in=ids, seller_id=store.seller_id).update(state=IncomingOrder.State.WAITING)
    enter_waiting(store=store, actor=store_actor(store), now=timezone.now(), incoming_ids=ids)


def _batches(rows: Sequence[IncomingOrder], size: int) -> Iterable[Sequence[IncomingOrder]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
