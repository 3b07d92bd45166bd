"""Stores that follow a price list: told what the list says, now and whenever it changes.

A price that falls by more than 30 % waits for a person. A price set otherwise since the list last spoke stays until the
list's own price changes, and so does one that a promotion lowered, until it ends.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.catalog.rows import run
from entrepot.channels.live import announce
from entrepot.channels.models import ListingChange, ListTold, PriceList, Store, StorePricing
from entrepot.channels.price_errors import FollowsNoList, PriceListCurrency, PriceListNotFound
from entrepot.channels.problems import open_problem, resolve_problems
from entrepot.channels.queries.following import Followed, followed
from entrepot.channels.services.offers import store_that_can
from entrepot.channels.services.offers_many import Wish, ask_many
from entrepot.channels.services.price_lists import locked_lists
from entrepot.channels.services.rails import falls_far
from entrepot.channels.services.store_row import locked_store
from entrepot.kernel.actor import SYSTEM, Actor
from entrepot.kernel.errors import EntrepotError
from entrepot.kernel.money import plain

log = structlog.get_logger(__name__)

LOOK_AGAIN: Final = timedelta(hours=1)
"""Costs change without a word to the lists; so often each store is looked at."""
WAITS: Final = "list_prices_wait"
REMEMBER: Final = """
INSERT INTO channels_listtold (listing_id, price, retail_price, at)
SELECT * FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::timestamptz[])
ON CONFLICT (listing_id) DO UPDATE SET price = excluded.price, retail_price = excluded.retail_price, at = excluded.at
"""


@transaction.atomic
def follow(*, seller_id: int, store_id: int, price_list_id: int, actor: Actor, approved: bool = False) -> int:
    """Have a store follow a list from now on; how many listings are told another price at once.

    Raises:
        PriceListNotFound: There is none, or it is another seller's.
        PriceListCurrency: The store sells in another currency.
        StoreNotFound, StoreStateForbids, NoSuchPart: It cannot be done there.
    """
    store_that_can(seller_id=seller_id, store_id=store_id, part="prices")
    price_list = locked_lists(seller_id=seller_id).get(price_list_id)
    store = locked_store(seller_id=seller_id, store_id=store_id)
    if price_list is None:
        raise PriceListNotFound(price_list_id=price_list_id)
    theirs = store.sales_channel.currency
    if theirs not in {"", price_list.currency}:
        raise PriceListCurrency(
            field="price_list_id", reason="", other=store.sales_channel.name, theirs=theirs, ours=price_list.currency
        )
    before = StorePricing.objects.filter(store=store).first()
    if before is None or before.price_list_id != price_list.pk:
        ListTold.objects.filter(listing__store=store, listing__seller_id=seller_id).delete()
        facts = {"price_list": price_list, "since": timezone.now(), "due_at": timezone.now() + LOOK_AGAIN}
        StorePricing.objects.update_or_create(store=store, defaults=facts)
        _note(store, "price_lists.follow", actor, {"price_list": price_list.name})
    return _tell(store, price_list, actor, approved=approved, again=False)


@transaction.atomic
def stop_following(*, seller_id: int, store_id: int, actor: Actor) -> None:
    """Leave the store's prices as they are from now on.

    Raises:
        FollowsNoList: It follows none.
        StoreNotFound: There is no such store.
    """
    store = locked_store(seller_id=seller_id, store_id=store_id)
    pricing = _pricing(store)
    name = pricing.price_list.name
    pricing.delete()
    ListTold.objects.filter(listing__store=store, listing__seller_id=seller_id).delete()
    resolve_problems(seller_id=seller_id, object_type="store_prices", object_id=store.pk, codes=[WAITS], actor=actor)
    _note(store, "price_lists.stop_following", actor, {"price_list": name})


@transaction.atomic
def tell_prices(*, seller_id: int, store_id: int, actor: Actor, approved: bool = False, again: bool = False) -> int:
    """Tell a store what its list says now; how many listings. `approved`: also prices that fall by more than 30 %.

    `again`: also where another price was set since the list last spoke.

    Raises:
        FollowsNoList: It follows none.
        StoreNotFound, StoreStateForbids, NoSuchPart: It cannot be done there.
    """
    store_that_can(seller_id=seller_id, store_id=store_id, part="prices")
    store = locked_store(seller_id=seller_id, store_id=store_id)
    return _tell(store, _pricing(store).price_list, actor, approved=approved, again=again)


def run_price_lists(*, now: datetime | None = None) -> int:  # house: verb-signature the clock, for all sellers
    """Tell stores whose list changed, and look at each once an hour; how many listings were told another price.

    A store that cannot be told now stays due and holds up no other.
    """
    at = now or timezone.now()
    due = StorePricing.objects.filter(due_at__lte=at, store__state=Store.State.LIVE)  # house: seller the clock, for all
    told = 0
    for store_id, seller_id in due.order_by("pk").values_list("store_id", "store__seller_id"):
        try:
            told += tell_prices(seller_id=seller_id, store_id=store_id, actor=SYSTEM)
        except EntrepotError as refusal:
            log.info("price_list_waits", store_id=store_id, code=refusal.code)
        except Exception:
            log.exception("price_list_failed", store_id=store_id)
    return told


# --------------------------------------------------------------------------- telling


def _tell(store: Store, price_list: PriceList, actor: Actor, *, approved: bool, again: bool) -> int:
    # First, so that a list changed while this is told has the store looked at once more.
    pricing = StorePricing.objects.filter(store=store, store__seller_id=store.seller_id)
    pricing.update(due_at=timezone.now() + LOOK_AGAIN)
    steps = ["change", "same", "falls", *(["own"] if again else [])]
    rows = followed(seller_id=store.seller_id, store=store, price_list=price_list, steps=steps)
    held = [] if approved else [row for row in rows if _falls_far(row)]
    waiting = {row.listing_id for row in held}
    telling = [row for row in rows if row.step != "same" and row.listing_id not in waiting]
    if telling:
        wishes = [_wish(row, price_list) for row in telling]
        ask_many(seller_id=store.seller_id, store_id=store.pk, wishes=wishes, actor=actor)
    _remember([row for row in rows if row.listing_id not in waiting])
    _say_what_waits(store, price_list, held, actor)
    return len(telling)


def _falls_far(row: Followed) -> bool:
    return row.wanted is not None and falls_far(before=row.price, after=row.wanted)


def _wish(row: Followed, price_list: PriceList) -> Wish:
    before = {"title": row.title, "active": row.active}
    return Wish(
        kind=ListingChange.Kind.PRICE,
        fields=_amounts(row.wanted, row.wanted_retail) | {"price_list": price_list.pk},
        remote_id=row.remote_id,
        listing_id=row.listing_id,
        before=_amounts(row.price, row.retail_price) | before,
    )


def _amounts(price: object, retail: object) -> dict[str, object]:
    return {
        name: None if amount is None else plain(amount)  # type: ignore[arg-type] # both are amounts
        for name, amount in (("price", price), ("retail_price", retail))
    }


def _remember(rows: Sequence[Followed]) -> None:
    if rows:
        now = timezone.now()
        run(
            REMEMBER,
            [
                [row.listing_id for row in rows],
                [row.wanted for row in rows],
                [row.wanted_retail for row in rows],
                [now] * len(rows),
            ],
        )


def _say_what_waits(store: Store, price_list: PriceList, held: Sequence[Followed], actor: Actor) -> None:
    if not held:
        resolve_problems(
            seller_id=store.seller_id, object_type="store_prices", object_id=store.pk, codes=[WAITS], actor=actor
        )
        return
    open_problem(
        seller_id=store.seller_id,
        store_id=store.pk,
        code=WAITS,
        object_type="store_prices",
        object_id=store.pk,
        fields={"count": len(held), "price_list": price_list.name},
        lasting=True,
    )


def _pricing(store: Store) -> StorePricing:
    found = StorePricing.objects.filter(store=store, store__seller_id=store.seller_id).select_related("price_list")
    pricing = found.first()
    if pricing is None:
        raise FollowsNoList(store=store.sales_channel.name)
    return pricing


def _note(store: Store, verb: str, actor: Actor, facts: Mapping[str, object]) -> None:
    audit(seller_id=store.seller_id, actor=actor, verb=verb, object_type="store", object_id=store.pk, facts=dict(facts))
    announce(store.seller_id, "prices")
