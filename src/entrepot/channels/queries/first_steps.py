"""How far a seller's books have come since the first sign-in. Every question is whether a row exists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.db.models import F, QuerySet

from entrepot.accounts import queries as people
from entrepot.accounts.models import FirstPath
from entrepot.catalog.models import Item
from entrepot.catalog.queries import has_items
from entrepot.channels.models import Finding, Run, StatusMapping, Store
from entrepot.channels.registry import OFFLINE
from entrepot.fulfilment.models import Carrier, Shipment
from entrepot.inventory.models import Stock
from entrepot.orders.models import Order, Status

OPEN: Final = (Run.State.RUNNING, Run.State.WAITING)
TEST: Final = "test"
"""The tag of an order that was made to try the desk out."""
OVER: Final = (Status.CANCELED, Status.SELLER_CANCELED, Status.UNPAID_CANCELED)


@dataclass(frozen=True, kw_only=True)
class FirstSteps:
    """The facts, each asked only where somebody wants to know. `store_ids`: of those this person sees; None = all."""

    seller_id: int
    store_ids: Sequence[int] | None = None

    @cached_property
    def path(self) -> FirstPath:
        """What was skipped, looked at and hidden."""
        return people.first_path(seller_id=self.seller_id)

    @cached_property
    def company(self) -> bool:
        """Whether name, language and clock of the company were looked through."""
        return people.facts_were_said(seller_id=self.seller_id)

    @cached_property
    def stores(self) -> Sequence[Store]:
        """The stores that are connected, the oldest first."""
        rows = Store.objects.filter(seller_id=self.seller_id).exclude(state=Store.State.DISCONNECTED)
        if self.store_ids is not None:
            rows = rows.filter(sales_channel_id__in=self.store_ids)
        return list(rows.select_related("sales_channel").order_by("connected_at", "pk"))

    @property
    def shops(self) -> Sequence[Store]:
        """Those of the stores that answer: no offline ones."""
        return [store for store in self.stores if store.connector != OFFLINE]

    @property
    def only_offline(self) -> bool:
        """Whether all that is connected are stores without a connection."""
        return bool(self.stores) and not self.shops

    @cached_property
    def imports(self) -> Mapping[str, Run]:
        """The newest first import in each state."""
        rows = Run.objects.filter(seller_id=self.seller_id, store__in=self.shops, kind=Run.Kind.FIRST_IMPORT)
        return {run.state: run for run in rows.order_by("id")}

    @property
    def running(self) -> Run | None:
        """The first import that is under way."""
        return next((self.imports[state] for state in OPEN if state in self.imports), None)

    @property
    def read(self) -> bool:
        """Whether all that a shop has was read once."""
        return self.running is None and (Run.State.DONE in self.imports or self.live)

    @cached_property
    def products(self) -> bool:
        """Whether there is something to sell."""
        return has_items(seller_id=self.seller_id) and self.running is None

    @cached_property
    def troubled(self) -> Store | None:
        """The first shop of which the SKU doctor found something that stands open."""
        ids = [store.pk for store in self.shops]
        rows = Finding.objects.filter(seller_id=self.seller_id, store_id__in=ids, resolved_at=None)
        found = rows.order_by("store_id").values_list("store_id", flat=True).first()
        return next((store for store in self.shops if store.pk == found), None)

    @cached_property
    def unclear(self) -> Store | None:
        """The first shop whose statuses are not all confirmed."""
        rows = StatusMapping.objects.filter(store__in=self.shops, confirmed=False)
        found = rows.order_by("store_id").values_list("store_id", flat=True).first()
        return next((store for store in self.shops if store.pk == found), None)

    @cached_property
    def live(self) -> bool:
        """Whether a shop is written to."""
        return any(store.state == Store.State.LIVE for store in self.shops)

    def _orders(self) -> QuerySet[Order]:
        rows = Order.objects.filter(seller_id=self.seller_id).select_related("sales_channel")
        return rows if self.store_ids is None else rows.filter(sales_channel_id__in=self.store_ids)

    @cached_property
    def bought(self) -> Order | None:
        """The first order that came after the first store was connected."""
        if not self.stores:
            return None
        return self._orders().filter(placed_at__gte=self.stores[0].connected_at).order_by("placed_at", "id").first()

    @cached_property
    def tried(self) -> Order | None:
        """The newest order that was made as a test."""
        made = self._orders().filter(sales_channel__kind=OFFLINE, tags__contains=[TEST]).exclude(tags=[])
        return made.order_by("-placed_at", "-id").first()

    @property
    def ordered(self) -> bool:
        """Whether an order has come in; tests are looked for only where none was bought."""
        return self.bought is not None or self.tried is not None

    @property
    def order(self) -> Order | None:
        """The test order, else the first that was bought."""
        return self.tried or self.bought

    @property
    def order_was_a_test(self) -> bool:
        """Whether that order was made on the path."""
        return self.order is not None and TEST in self.order.tags

    @property
    def order_is_a_test(self) -> bool:
        """Whether it was, and can still be canceled."""
        return self.order is not None and self.order_was_a_test and self.order.status not in OVER

    @cached_property
    def sample(self) -> Item | None:
        """An item that a test order could be about: the first with something to sell."""
        rows = Stock.objects.filter(seller_id=self.seller_id, on_hand__gt=F("reserved"))
        found = rows.order_by("id").select_related("item").first()
        return found.item if found else None

    @cached_property
    def parcels(self) -> bool:
        """Whether a parcel can leave: a carrier is in use, or one has left."""
        if Carrier.objects.filter(seller_id=self.seller_id, active=True).exists():
            return True
        return Shipment.objects.filter(seller_id=self.seller_id).exists()

    @cached_property
    def colleagues(self) -> bool:
        """Whether somebody else works here or is invited."""
        return people.has_colleagues(seller_id=self.seller_id)
