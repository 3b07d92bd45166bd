"""Stock of thousands of items changed in a handful of statements: the set-based twin of `adjust` and `set_on_hand`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from entrepot.inventory.bins import Pair, picked_stays, staged_of
from entrepot.inventory.errors import (
    BelowZero,
    KitHasNoStock,
    ReasonMissing,
    StockIsReserved,
    StockItemNotFound,
)
from entrepot.inventory.ledger import Figure, Figures, Step, lock, write
from entrepot.inventory.models import Movement
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class StockWish:
    """What is to become of one item in one warehouse: `on_hand` to set, or `delta` to add; and why."""

    item_id: int
    warehouse_id: int
    reason: str
    on_hand: int | None = None
    delta: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a wish: what was on hand and what is now, or the refusal."""

    before: int = 0
    after: int = 0
    refusal: Refused | None = None


@transaction.atomic
def change_many(*, seller_id: int, wishes: Sequence[StockWish], reference: str, actor: Actor) -> list[Changed]:
    """Do each wish that can be done; each is answered for itself. Items are locked once, in their order.

    The warehouses must be the seller's and open; an item's later wish sees what its earlier one did. A wish that
    changes nothing writes nothing, unless it sets a figure for the first time.
    """
    figures = lock(seller_id, {wish.item_id for wish in wishes}, open_in=sorted({wish.warehouse_id for wish in wishes}))
    now = {key: figure.on_hand for key, figure in figures.items()}
    staged = staged_of(seller_id, [key for key, figure in figures.items() if figure.located])
    answers = [_answer(seller_id, wish, figures, now, staged) for wish in wishes]
    reasons: dict[str, list[Step]] = {}
    for wish, answer in zip(wishes, answers, strict=True):
        if answer.refusal is None and answer.after != answer.before:
            step = Step(
                wish.item_id, wish.warehouse_id, Movement.Kind.ADJUSTMENT, reference, answer.after - answer.before
            )
            reasons.setdefault(wish.reason, []).append(step)
    standing: Figures = figures
    for reason, steps in reasons.items():
        write(seller_id, steps, actor=actor, figures=standing, reason=reason)
        if len(reasons) > 1:
            standing = lock(seller_id, {wish.item_id for wish in wishes})
    return answers


def _answer(
    seller_id: int, wish: StockWish, figures: Figures, now: dict[Pair, int], staged: Mapping[Pair, int]
) -> Changed:
    """What a wish comes to; `now` moves on with it."""
    place = wish.item_id, wish.warehouse_id
    figure = figures.get(place)
    if figure is None or figure.is_kit:
        return Changed(refusal=StockItemNotFound(item_id=wish.item_id) if figure is None else KitHasNoStock(sku=""))
    before = now[place]
    after = before + wish.delta if wish.on_hand is None else wish.on_hand
    refusal = refusal_of(figure, before=before, after=after, item_id=wish.item_id)
    if refusal is None and after < min(before, waits := staged.get(place, 0)):
        refusal = picked_stays(seller_id, wish.item_id, waits, before - waits, before - after)
    if refusal is None and after != before and not wish.reason.strip():
        refusal = ReasonMissing(field="reason", reason="")
    if refusal is None:
        now[place] = after
    return Changed(before, before if refusal else after, refusal)


def refusal_of(figure: Figure, *, before: int, after: int, item_id: int) -> Refused | None:
    """Why on hand cannot become `after`, or None."""
    if after < 0:
        return BelowZero(on_hand=after, before=before)
    if after < figure.reserved:
        missing = figure.reserved - after
        return StockIsReserved(item_id=item_id, reserved=figure.reserved, on_hand=after, missing=missing)
    return None
