"""A store's own words for a product, as wishes go out and answers come back (`StoreProduct`). Used by `offers*`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from entrepot.catalog.rows import as_json, run
from entrepot.channels.models import ListingChange, Store, StoreProduct

WORDS = ("name", "description", "brand", "category_ids", "images", "attributes")
"""What a store may have of its own of a product; prices stand on its listings."""

# The later of two wishes for one product is the last in the list.
_WANT = """
INSERT INTO channels_storeproduct AS known
    (seller_id, store_id, remote_id, wanted, sent, answered, seen, updated_at)
SELECT DISTINCT ON (remote_id) %(seller)s, %(store)s, remote_id, wanted::jsonb, '{}', '{}', '{}', %(now)s
FROM unnest(%(ids)s::text[], %(wanted)s::text[]) WITH ORDINALITY AS t(remote_id, wanted, place)
ORDER BY remote_id, place DESC
ON CONFLICT (store_id, remote_id) WHERE NOT (remote_id = '') DO UPDATE
SET wanted = known.wanted || excluded.wanted, updated_at = excluded.updated_at
"""


def want(*, seller_id: int, store_id: int, wishes: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Remember what was asked of these products, `(remote id, fields)`, as what we want there. One statement."""
    own = [(remote_id, words_of(fields)) for remote_id, fields in wishes if remote_id]
    own = [(remote_id, words) for remote_id, words in own if words]
    if own:
        facts = {
            "seller": seller_id,
            "store": store_id,
            "now": timezone.now(),
            "ids": [remote_id for remote_id, _ in own],
            "wanted": [as_json(words) for _, words in own],
        }
        run(_WANT, facts)


def words_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a change's fields that are a store's own words."""
    return {name: fields[name] for name in WORDS if name in fields}


@transaction.atomic
def forget(change: ListingChange) -> None:
    """A wish was given up: what the store has taken before is what we want again."""
    row = _row(change.seller_id, change.store_id, change.remote_id)
    if row is None or change.kind != ListingChange.Kind.UPDATE:
        return
    given_up = [name for name, value in words_of(change.fields).items() if row.wanted.get(name) == value]
    kept = {name: value for name, value in row.wanted.items() if name not in given_up}
    row.wanted = kept | {name: row.sent[name] for name in given_up if name in row.sent}
    row.save(update_fields=["wanted", "updated_at"])


@transaction.atomic
def follow(*, seller_id: int, store_id: int, remote_id: str, names: Sequence[str]) -> bool:
    """What the store shows of these words is what we want; False = nothing is known of the product there."""
    row = _row(seller_id, store_id, remote_id)
    if row is None:
        return False
    row.wanted = {name: value for name, value in row.wanted.items() if name not in names}
    for name in names:
        if name in row.sent and name in row.seen:
            row.sent[name] = row.answered[name] = row.seen[name]
    row.save(update_fields=["wanted", "sent", "answered", "updated_at"])
    return True


def adopt_drafts(store: Store, *, made: Mapping[int, str]) -> None:
    """The same of many products: remote ids by product."""
    rows = StoreProduct.objects.filter(seller_id=store.seller_id, store=store, product_id__in=made, remote_id="")
    for product_id in rows.order_by("pk").values_list("product_id", flat=True):
        adopt_draft(store, product_id=product_id, remote_id=made[product_id or 0])


def adopt_draft(store: Store, *, product_id: int | None, remote_id: str) -> None:
    """The product was made: its draft stands for it from here on, also where the store was read before we knew."""
    drafts = StoreProduct.objects.select_for_update(no_key=True).filter(seller_id=store.seller_id, store=store)
    draft = drafts.filter(product_id=product_id or 0, remote_id="").first()
    if draft is None:
        return
    draft.wanted = words_of(draft.wanted)
    standing = _row(store.seller_id, store.pk, remote_id)
    if standing is None:
        draft.remote_id = remote_id
        draft.save(update_fields=["remote_id", "wanted", "updated_at"])
        return
    standing.wanted = {**draft.wanted, **standing.wanted}
    standing.save(update_fields=["wanted", "updated_at"])
    draft.delete()


def note_told(store: Store, *, remote_id: str, told: Mapping[str, Any]) -> None:
    """The store has taken these words, and shows them as `seen` says. After it was read, in the same transaction."""
    note_all_told(store, told={remote_id: told})


def note_all_told(store: Store, *, told: Mapping[str, Mapping[str, Any]]) -> None:
    """The same of many products, by remote id."""
    rows = StoreProduct.objects.select_for_update(no_key=True).filter(seller_id=store.seller_id, store=store)
    for row in rows.filter(remote_id__in=[remote_id for remote_id in told if remote_id]).order_by("pk"):
        words = told[row.remote_id]
        if not words:
            continue
        row.wanted = {**words, **row.wanted}
        row.sent = {**row.sent, **words}
        row.answered = {**row.answered, **{name: row.seen[name] for name in words if name in row.seen}}
        row.sent_at = timezone.now()
        row.save(update_fields=["wanted", "sent", "answered", "sent_at", "updated_at"])


def _row(seller_id: int, store_id: int, remote_id: str) -> StoreProduct | None:
    rows = StoreProduct.objects.select_for_update(no_key=True).filter(seller_id=seller_id, store_id=store_id)
    return rows.filter(remote_id=remote_id).exclude(remote_id="").first()
