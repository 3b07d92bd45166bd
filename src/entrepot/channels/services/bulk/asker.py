"""Who asked for a deed, and what they may do at this moment. Asked anew for every few orders, checked for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.accounts.access import may
from entrepot.accounts.models import ApiKey, Membership
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Forbidden
from entrepot.orders.models import Bulk, Order
from entrepot.warehouse.queries.waiting import houses_of


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked for a deed: the actor on every time line, and what they may at this moment."""

    actor: Actor
    membership: Membership | None
    scopes: frozenset[str] | None

    def must(self, action: str, *, seller_id: int, order_id: int) -> None:
        """Refuse what this person may not do to this order.

        Raises:
            Forbidden: The role, or its stores and warehouses, do not allow it.
        """
        if self.scopes is not None and action not in self.scopes:
            raise Forbidden(action)
        if self.actor.kind != "user":
            return
        if not may(self.membership, action):
            raise Forbidden(action)
        held = self.membership
        if held is None or not (held.store_ids or held.warehouse_ids):
            return
        rows = Order.objects.filter(seller_id=seller_id, pk=order_id).values_list("sales_channel_id", flat=True)
        in_store = all(may(held, action, store_id=store_id) for store_id in rows)
        places = houses_of(seller_id=seller_id, order_id=order_id) if held.warehouse_ids else ()
        if not in_store or not all(may(held, action, warehouse_id=one) for one in places):
            raise Forbidden(action)

    def may_enter(self, action: str, *, store_id: int) -> bool:
        """Whether this person may make orders of a store."""
        if self.scopes is not None and action not in self.scopes:
            return False
        return self.actor.kind != "user" or may(self.membership, action, store_id=store_id)

    def allowed(self, action: str, *, seller_id: int, order_ids: Sequence[int]) -> set[int]:
        """Those of these orders that this person may do it to."""
        fine = set()
        for order_id in order_ids:
            try:
                self.must(action, seller_id=seller_id, order_id=order_id)
                fine.add(order_id)
            except Forbidden:
                continue
        return fine


def asker_of(bulk: Bulk) -> Asker:  # house: verb-signature reads who asked
    """Who asked, as they stand now: a role that was taken away since counts for what is left of the deed."""
    actor = Actor(bulk.actor_kind, bulk.actor_label, bulk.user_id)  # type: ignore[arg-type] # one of Actor's kinds
    membership = None
    if actor.kind == "user" and bulk.user_id is not None:
        membership = Membership.objects.filter(seller_id=bulk.seller_id, user_id=bulk.user_id).first()
    scopes = None
    if actor.kind == "api_key":
        keys = ApiKey.objects.filter(seller_id=bulk.seller_id, name=bulk.actor_label, revoked_at=None)
        scopes = frozenset(scope for key in keys for scope in key.scopes)
    return Asker(actor, membership, scopes)
