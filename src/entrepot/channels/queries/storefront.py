"""One product in every store side by side: what we want there, what was sent, what the store shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Q

from entrepot.channels.models import Listing, ListingChange, Store, StoreProduct
from entrepot.channels.queries.listings import desire, with_stock
from entrepot.channels.queries.offers import HERE, named_categories
from entrepot.channels.queries.stores import stores
from entrepot.channels.registry import OFFLINE
from entrepot.channels.services.storefront_told import WORDS
from entrepot.kernel.errors import NotFound

Kind = ListingChange.Kind
OPEN = (ListingChange.State.WAITING, ListingChange.State.FAILED)
REORDERED = ("category_ids",)
"""Words whose order means nothing."""


class State(StrEnum):
    """Where a product stands in a store."""

    UNLISTED = "unlisted"
    DRAFT = "draft"
    SENDING = "sending"
    ACTIVE = "active"
    INACTIVE = "inactive"
    OUT_OF_STOCK = "out_of_stock"
    FAILED = "failed"
    UNLINKED = "unlinked"
    MISSING = "missing"
    DELETED = "deleted"


class Way(StrEnum):
    """Where one field of it stands: nothing is wished of it, on its way, refused, not told, there, changed there."""

    NONE = "none"
    SENDING = "sending"
    REFUSED = "refused"
    UNSENT = "unsent"
    THERE = "there"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Word:
    """One field there; None = not set, not sent, not told."""

    name: str
    wanted: Any
    sent: Any
    seen: Any
    way: Way


@dataclass(frozen=True, slots=True)
class Priced:
    """One item as sold there. Each of the three is (price, retail price)."""

    listing: Listing
    wanted: tuple[Decimal | None, Decimal | None]
    sent: tuple[Decimal | None, Decimal | None]
    seen: tuple[Decimal | None, Decimal | None]
    way: Way


@dataclass(slots=True)
class Place:
    """The product in one store. `remote_id` "" = it is not there, `row` is its draft then, if there is one."""

    store: Store
    remote_id: str = ""
    row: StoreProduct | None = None
    listings: list[Listing] = field(default_factory=list)
    changes: list[ListingChange] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    prices: list[Priced] = field(default_factory=list)
    state: State = State.UNLISTED

    @property
    def here(self) -> list[Listing]:
        """What can be told something."""
        return [row for row in self.listings if row.state in HERE]

    @property
    def key(self) -> str:
        """Names the place in an address or a form."""
        return f"{self.store.pk}:{self.remote_id}"

    def priced(self, item_id: int) -> list[Priced]:
        """What is sold there of one item."""
        return [one for one in self.prices if one.listing.item_id == item_id]


def places(
    *, seller_id: int, product_id: int, item_ids: Sequence[int], store_ids: Sequence[int] | None = None
) -> Sequence[Place]:
    """The product in each of the seller's stores, those without it too.

    As many questions for many variations as for one; the stock figures are asked for once for each store.
    """
    there = [
        store
        for store in stores(seller_id=seller_id, store_ids=store_ids, with_disconnected=False)
        if store.connector != OFFLINE
    ]
    listed = _listed(seller_id, product_id, item_ids, [store.pk for store in there])
    roots = {(row.store_id, row.parent_id or row.remote_id) for row in listed}
    rows = _rows(seller_id, product_id, [store.pk for store in there], {remote_id for _, remote_id in roots})
    changes = _open_changes(seller_id, product_id, listed)
    told = _last_prices(seller_id, listed)
    found = []
    for store in there:
        mine = [row for row in listed if row.store_id == store.pk]
        for place in _places_in(store, mine, rows):
            _fill(place, changes.get(store.pk, ()), told)
            found.append(place)
    return found


def place(
    *,
    seller_id: int,
    product_id: int,
    item_ids: Sequence[int],
    store_id: int,
    remote_id: str = "",
    store_ids: Sequence[int] | None = None,
) -> Place:
    """The product in one store; in the first of its places there where no `remote_id` says which.

    Raises:
        NotFound: There is no such store or place, or it is another's.
    """
    if store_ids is not None and store_id not in store_ids:
        raise NotFound
    found = places(seller_id=seller_id, product_id=product_id, item_ids=item_ids, store_ids=[store_id])
    fitting = [one for one in found if not remote_id or one.remote_id == remote_id]
    if not fitting:
        raise NotFound
    return fitting[0]


def category_names(*, seller_id: int, found: Iterable[Place]) -> Mapping[tuple[int, str], str]:
    """The names of the stores' categories that these places speak of, by store and id."""
    words = [(one.store.pk, word) for one in found for word in one.words if word.name == "category_ids"]
    ids = {
        (store_id, str(remote_id))
        for store_id, word in words
        for value in (word.wanted, word.sent, word.seen)
        for remote_id in value or ()
    }
    return named_categories(seller_id=seller_id, wanted=ids)


# --------------------------------------------------------------------------- what there is


def _listed(seller_id: int, product_id: int, item_ids: Sequence[int], stores_: Sequence[int]) -> Sequence[Listing]:
    """Listings of these items, and those beside them that belong to no item (any more)."""
    mine = StoreProduct.objects.filter(seller_id=seller_id, product_id=product_id, store_id__in=stores_)
    places_ = [row for row in mine.values_list("store_id", "remote_id") if row[1]]
    rows = Listing.objects.filter(seller_id=seller_id, store_id__in=stores_)
    beside = Q(item=None, store_id__in={row[0] for row in places_}, remote_id__in={row[1] for row in places_})
    mine_or_beside = rows.filter(Q(item_id__in=item_ids) | beside).select_related("item", "store__sales_channel")
    exact = set(places_)
    return desire(
        [
            row
            for row in with_stock(mine_or_beside).order_by("pk")
            if row.item_id is not None or (row.store_id, row.remote_id) in exact
        ]
    )


def _rows(
    seller_id: int, product_id: int, stores_: Sequence[int], remote_ids: set[str]
) -> Mapping[tuple[int, str], StoreProduct]:
    rows = StoreProduct.objects.filter(seller_id=seller_id, store_id__in=stores_)
    found = rows.filter(Q(remote_id__in=remote_ids - {""}) | Q(product_id=product_id, remote_id=""))
    return {(row.store_id, row.remote_id): row for row in found}


def _open_changes(seller_id: int, product_id: int, listed: Sequence[Listing]) -> Mapping[int, Sequence[ListingChange]]:
    """What waits or was refused, by store, oldest first."""
    remote_ids = {row.remote_id for row in listed} | {row.parent_id for row in listed if row.parent_id}
    rows = ListingChange.objects.filter(seller_id=seller_id, state__in=OPEN)
    mine = Q(product_id=product_id, kind=Kind.CREATE)
    if remote_ids:
        mine |= Q(store_id__in={row.store_id for row in listed}, remote_id__in=remote_ids)
    by_store: dict[int, list[ListingChange]] = {}
    for row in rows.filter(mine).order_by("id"):
        by_store.setdefault(row.store_id, []).append(row)
    return by_store


def _last_prices(seller_id: int, listed: Sequence[Listing]) -> Mapping[int, ListingChange]:
    """The last price each listing's store has taken."""
    rows = ListingChange.objects.filter(
        seller_id=seller_id, listing__in=listed, kind=Kind.PRICE, state=ListingChange.State.DONE
    )
    return {row.listing_id or 0: row for row in rows.order_by("listing_id", "-id").distinct("listing_id")}


def _places_in(
    store: Store, listed: Sequence[Listing], rows: Mapping[tuple[int, str], StoreProduct]
) -> Sequence[Place]:
    """A store's places, one for each product there; the gone ones only where there is no other."""
    by_root: dict[str, Place] = {}
    for row in listed:
        root = row.parent_id or row.remote_id
        known = rows.get((store.pk, root)) or rows.get((store.pk, row.remote_id))
        by_root.setdefault(root, Place(store, root, known)).listings.append(row)
    alive = [place for place in by_root.values() if place.here]
    if alive:
        return alive
    draft = Place(store, "", rows.get((store.pk, "")))
    return [*by_root.values()] if by_root and draft.row is None else [draft]


# --------------------------------------------------------------------------- where it stands


def _fill(place: Place, changes: Sequence[ListingChange], told: Mapping[int, ListingChange]) -> None:
    remote_ids = {place.remote_id} | {row.remote_id for row in place.listings}
    place.changes = [
        row for row in changes if (row.kind == Kind.CREATE if not place.here else row.remote_id in remote_ids)
    ]
    place.words = [_word(place, name) for name in WORDS]
    place.prices = [_priced(place, row, told.get(row.pk)) for row in place.listings]
    place.state = _state(place)


def _word(place: Place, name: str) -> Word:
    row = place.row
    if row is None:
        return Word(name, None, None, None, Way.NONE)
    wanted, sent = row.wanted.get(name), row.sent.get(name)
    seen, answered = row.seen.get(name), row.answered.get(name)
    way = Way.NONE
    if not place.remote_id and not place.changes:
        return Word(name, wanted, None, None, Way.NONE)
    if name in row.wanted and not alike(name, wanted, sent):
        way = _on_the_way([one for one in place.changes if name in one.fields or one.kind == Kind.CREATE])
    elif name in row.answered and not alike(name, answered, seen):
        way = Way.CHANGED
    elif name in row.sent:
        way = Way.THERE
    return Word(name, wanted, sent, seen, way)


def _on_the_way(changes: Sequence[ListingChange]) -> Way:
    if any(row.state == ListingChange.State.WAITING for row in changes):
        return Way.SENDING
    return Way.REFUSED if changes else Way.UNSENT


def alike(name: str, one: Any, other: Any) -> bool:  # noqa: ANN401 - a field as the store tells it
    """Whether two values of a field mean the same."""
    if name in REORDERED and isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return bool(one == other) or (not one and not other)


def _priced(place: Place, row: Listing, last: ListingChange | None) -> Priced:
    open_ones = [one for one in place.changes if one.kind == Kind.PRICE and one.listing_id == row.pk]
    seen = (row.price, row.retail_price)
    sent = (_amount(last, "price"), _amount(last, "retail_price"))
    agreed = row.agreed or {}
    wanted = (_decimal(agreed.get("price")), _decimal(agreed.get("retail_price"))) if row.agreed else seen
    if open_ones:
        wanted = (_amount(open_ones[-1], "price"), _amount(open_ones[-1], "retail_price"))
        return Priced(row, wanted, sent, seen, _on_the_way(open_ones))
    if wanted != seen:
        return Priced(row, wanted, sent, seen, Way.CHANGED)
    return Priced(row, wanted, sent, seen, Way.THERE if last else Way.NONE)


def _amount(change: ListingChange | None, name: str) -> Decimal | None:
    return None if change is None else _decimal(change.fields.get(name))


def _decimal(text: object) -> Decimal | None:
    return None if text is None else Decimal(str(text))


def _state(place: Place) -> State:
    """The most pressing of what can be said."""
    rows = place.listings
    if any(row.state == ListingChange.State.FAILED for row in place.changes) or any(row.error_code for row in rows):
        return State.FAILED
    if place.changes:
        return State.SENDING
    if rows:
        return _state_there(place)
    return State.DRAFT if place.row is not None else State.UNLISTED


def _state_there(place: Place) -> State:
    """Of a product that the store has, or had."""
    rows = place.listings
    for state, known in ((State.DELETED, Listing.State.DELETED), (State.MISSING, Listing.State.MISSING)):
        if all(row.state == known for row in rows):
            return state
    if any(row.item_id is None or row.state == Listing.State.UNLINKED for row in rows):
        return State.UNLINKED
    if all(row.state == Listing.State.INACTIVE for row in place.here):
        return State.INACTIVE
    return State.OUT_OF_STOCK if all(_shows(row) == 0 for row in place.here) else State.ACTIVE


def _shows(row: Listing) -> int | None:
    """How much buyers find there."""
    return row.sent_quantity if row.seen_quantity is None else row.seen_quantity
