"""From what is wanted to what is taken: a kit takes its parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from entrepot.catalog.rows import fetch
from entrepot.inventory.errors import QuantityInvalid, StockItemNotFound
from entrepot.inventory.ledger import lock
from entrepot.inventory.wants import Want

PARTS = """
SELECT i.id, p.item_id, p.quantity FROM catalog_item i LEFT JOIN catalog_kitpart p ON p.kit_id = i.id AND i.kind = 'kit'
WHERE i.seller_id = %s AND i.id = ANY(%s)
"""

Recipe = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Demand:
    """What a set of wants takes: `{(reference, item): quantity}` in the order it was asked, and each item's recipe."""

    wants: Sequence[Want]
    recipes: Mapping[int, Recipe]
    takes: Mapping[tuple[str, int], int]

    @property
    def item_ids(self) -> set[int]:
        """The items whose stock rows are touched."""
        return {item_id for _, item_id in self.takes}

    def granted(self, held: Mapping[tuple[str, int], int]) -> dict[str, int]:
        """How much of each reference is covered by what is `held`, whole kits only."""
        covered: dict[str, int] = {}
        for want in self.wants:
            recipe = self.recipes[want.item_id]
            whole = min(held.get((want.reference, item_id), 0) // each for item_id, each in recipe.items())
            covered[want.reference] = covered.get(want.reference, 0) + min(whole, want.quantity)
        return covered


def demand(seller_id: int, wants: Sequence[Want]) -> Demand:
    """Take wants apart into items that are on shelves.

    Raises:
        QuantityInvalid: A quantity is below one.
        StockItemNotFound: An item is not this seller's, or a kit without parts.
    """
    if bad := next((want for want in wants if want.quantity < 1), None):
        raise QuantityInvalid(quantity=bad.quantity)
    known = recipes(seller_id, {want.item_id for want in wants})
    takes: dict[tuple[str, int], int] = {}
    for want in wants:
        recipe = known.get(want.item_id)
        if not recipe:
            raise StockItemNotFound(f"item {want.item_id}", item_id=want.item_id)
        for item_id, each in recipe.items():
            key = want.reference, item_id
            takes[key] = takes.get(key, 0) + each * want.quantity
    return Demand(wants, known, takes)


def held_demand(seller_id: int, wants: Sequence[Want], *, open_in: Sequence[int], also: Iterable[int] = ()) -> Demand:
    """Take wants apart, and hold the stock of what they take, and of `also`, in `open_in` too.

    What was merged into another item a moment ago is a kit by the time it is held; the other one is taken then.

    Raises:
        QuantityInvalid, StockItemNotFound: As `demand`.
    """
    asked = demand(seller_id, wants)
    figures = lock(seller_id, {*asked.item_ids, *also}, open_in=open_in)
    rows = [figures.get((item_id, place)) for item_id in asked.item_ids for place in open_in]
    if any(row is None or row.is_kit for row in rows):
        asked = demand(seller_id, wants)
        lock(seller_id, asked.item_ids, open_in=open_in)
    return asked


def recipes(seller_id: int, item_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """What each item is made of: an ordinary item of itself once, a kit of its parts."""
    found: dict[int, dict[int, int]] = {}
    for asked, part, each in fetch(PARTS, [seller_id, sorted(set(item_ids))]):
        found.setdefault(asked, {})[part or asked] = each or 1
    return found
