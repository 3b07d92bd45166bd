"""Which of our items a store's order line means, and the order in the words of our desk."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass

from entrepot.catalog.queries import ids_by_sku
from entrepot.channels.models import Listing, Run, Store
from entrepot.connectors.contract import ChannelAddress, ChannelOrder, ChannelOrderLine
from entrepot.inventory.models import Movement
from entrepot.orders.drafts import LineDraft, OrderDraft, TotalDraft


@dataclass(frozen=True, slots=True)
class LineMatcher:
    """Finds the item of a line: by the listing of (product, variation key), best key first, then by its SKU."""

    by_listing: Mapping[tuple[str, str], int]
    by_sku: Mapping[str, int]

    @property
    def items(self) -> set[int]:
        """Every item that some line may mean."""
        return {*self.by_listing.values(), *self.by_sku.values()}

    def item_of(self, line: ChannelOrderLine) -> tuple[int | None, str]:
        """The item's id, or None, and the variation key it was found under (the best one when it was not)."""
        for key in line.variation_keys:
            if found := self.by_listing.get((line.product_id, key)):
                return found, key
        best = line.variation_keys[0] if line.variation_keys else ""
        return self.by_sku.get(line.sku) if line.sku else None, best


def line_matcher(store: Store, *, lines: Iterable[ChannelOrderLine]) -> LineMatcher:
    """Load what matching these lines needs, in two queries whatever their number."""
    wanted = list(lines)
    listed = Listing.objects.filter(
        store=store, seller_id=store.seller_id, remote_id__in={line.product_id for line in wanted}
    ).exclude(item=None)
    by_listing = {
        (remote_id, key): item_id
        for remote_id, key, item_id in listed.values_list("remote_id", "variation_key", "item_id")
        if item_id
    }
    skus = {line.sku for line in wanted if line.sku}
    return LineMatcher(by_listing, ids_by_sku(seller_id=store.seller_id, skus=skus))


def opened_elsewhere(store: Store, *, items: Collection[int]) -> frozenset[int]:
    """Those items whose stock another store (or a person) brought: its figure never knew this store's orders."""
    runs = Run.objects.filter(store=store, seller_id=store.seller_id).values_list("pk", flat=True)
    first = Movement.objects.filter(seller_id=store.seller_id, item_id__in=items, version=1)
    others = first.exclude(reference__in=[f"import:{run_id}" for run_id in runs])
    return frozenset(others.values_list("item_id", flat=True))


def to_draft(order: ChannelOrder, *, matcher: LineMatcher) -> OrderDraft:
    """The store's order as the desk takes it; nothing is rounded, nothing is left out."""
    return OrderDraft(
        remote_id=order.remote_id,
        number=order.number,
        remote_status_id=order.status_id,
        remote_version=order.version,
        placed_at=order.placed_at,
        base_currency=order.base_currency,
        currency=order.currency,
        rate=order.rate,
        total=order.total,
        buyer_name=order.buyer_name,
        buyer_email=order.buyer_email,
        buyer_phone=order.buyer_phone,
        shipping=_address(order.shipping),
        billing=_address(order.billing),
        payment_method=order.payment_method,
        shipping_method=order.shipping_method,
        comment=order.comment,
        follows=order.follows,
        origin=order.origin,
        pickup=order.pickup,
        lines=[_line(line, matcher) for line in order.lines],
        totals=[TotalDraft(code=total.code, title=total.title, amount=total.amount) for total in order.totals],
    )


def _address(address: ChannelAddress | None) -> dict[str, str] | None:
    return asdict(address) if address else None


def _line(line: ChannelOrderLine, matcher: LineMatcher) -> LineDraft:
    item_id, key = matcher.item_of(line)
    return LineDraft(
        remote_id=line.remote_id,
        item_id=item_id,
        product_remote_id=line.product_id,
        variation_key=key,
        sku=line.sku,
        name=line.name,
        model=line.model,
        options=[asdict(option) for option in line.options],
        quantity=line.quantity,
        unit_price=line.unit_price,
        line_total=line.line_total,
        unit_tax=line.unit_tax,
        state=line.state,
    )
