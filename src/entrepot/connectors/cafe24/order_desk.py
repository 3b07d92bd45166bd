"""An order of a mall, read before it is written to: whole, and the items of it that are meant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from entrepot.connectors.cafe24 import wire_orders as wire
from entrepot.connectors.cafe24.client import Answer
from entrepot.connectors.cafe24.errors import GoneFromMall, OrderStateRefused
from entrepot.connectors.cafe24.mapping_order_lines import claimed
from entrepot.connectors.cafe24.mapping_order_parts import Part, item_code_of, item_state, order_id_of, parts
from entrepot.connectors.cafe24.mapping_orders import origin
from entrepot.connectors.cafe24.rows import decoded_rows
from entrepot.connectors.cafe24.session import MallSession
from entrepot.connectors.cafe24.state import ItemState, order_code
from entrepot.connectors.cafe24.values import text, whole
from entrepot.kernel.reasons import quoted


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order as it was read a moment ago, and the part of it that is spoken of."""

    order: wire.Order
    part: Part
    items: Sequence[wire.Item]

    @property
    def code(self) -> str:
        """The part's own code."""
        return order_code(self.state(item) for item in self.part.items)

    @property
    def market(self) -> str:
        """The market it was bought at, "" for the mall itself."""
        return origin(self.order)

    def state(self, item: wire.Item) -> ItemState:
        """What the item says of itself."""
        return item_state(item, replacement=self.part.is_replacement)

    def of(self, *codes: str) -> list[wire.Item]:
        """The items meant that are in one of these states."""
        return [item for item in self.items if text(item.order_status) in codes]


def item_codes(items: Sequence[wire.Item]) -> list[str]:
    """Their codes, as writes name them."""
    return [item.order_item_code for item in items]


def all_units(items: Sequence[wire.Item]) -> list[dict[str, object]]:
    """The items with their whole quantity, as claims name them."""
    return [{"order_item_code": item.order_item_code, "quantity": whole(item.quantity) or 1} for item in items]


def wished_units(items: Sequence[wire.Item]) -> list[dict[str, object]]:
    """The items with the quantity that the buyer's wish is about."""
    return [{"order_item_code": item.order_item_code, "quantity": claimed(item)} for item in items]


class OrderDesk:
    """Reads orders of one mall."""

    def __init__(self, session: MallSession) -> None:
        self.session = session

    def open(self, remote_id: str, line_ids: Sequence[str] = ()) -> OpenOrder:
        """The order (or part) and those of its items that `line_ids` name; all of the part's without any.

        Lines are found by their own codes, also where the mall has given them another shipping code since.

        Raises:
            GoneFromMall: The mall has no such order, part or line.
        """
        order_id = order_id_of(remote_id)
        answer = self.session.client.get(f"orders/{order_id}", {"embed": wire.ORDER_EMBED})
        order = answer.read(wire.Order, "order")
        wanted = set(map(item_code_of, line_ids))
        found = parts(order, self.session.surroundings.home_of)
        named = [part for part in found if wanted & {item.order_item_code for item in part.items}]
        exact = [part for part in found if part.remote_id == remote_id]
        part = next(iter([*exact, *named]), None)
        if part is None:
            raise GoneFromMall(thing=f"order {remote_id}")
        items = [item for item in order.items or () if item.order_item_code in wanted] if wanted else part.items
        missing = wanted - {item.order_item_code for item in items}
        if missing:
            raise GoneFromMall(thing=f"line {min(missing)}")
        return OpenOrder(order, part, items)

    def shipments(self, remote_id: str) -> list[wire.Shipment]:
        """The parcels the mall knows of the whole order."""
        answer = self.session.client.get(f"orders/{order_id_of(remote_id)}/shipments")
        return decoded_rows(answer.rows("shipments", "shipment"), wire.Shipment)[0]


def first_of(answer: Answer, *names: str) -> dict[str, object]:
    """The one entry of a write's answer, which may stand in a list; an entry may be a refusal of its own (207).

    Raises:
        OrderStateRefused: The entry was refused.
    """
    for row in _entries(answer, *names):
        error = row.get("error")
        if isinstance(error, dict):
            said = str(error.get("message") or "")
            raise OrderStateRefused(said, field=names[0], reason=quoted(said))
        return row
    return {}


def _entries(answer: Answer, *names: str) -> Iterator[dict[str, object]]:
    if not answer.members:
        return
    for raw in answer.rows(*names):
        yield answer.decode(raw, dict[str, object], names[0])
