"""Every step that any verb writes on an order's time line has a sentence for people."""

import ast
from collections.abc import Iterator
from pathlib import Path

import entrepot
from entrepot.fulfilment.flow import SHIPMENT_FLOW
from entrepot.orders.flow import ORDER_FLOW
from entrepot.orders.models import OrderClaim
from entrepot.warehouse.flow import WORK_FLOW
from entrepot.web.wording.story import SENTENCES

ROOT = Path(entrepot.__file__).parent
FLOORS = ("orders", "fulfilment", "warehouse", "channels", "inventory", "sheets")
KINDS = ("order.", "parcel.", "work.", "claim.")


def written() -> Iterator[tuple[str, str]]:
    """The kinds that stand in the code as texts, where an event is made or told, with their file."""
    for floor in FLOORS:
        for file in sorted((ROOT / floor).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in {"Event", "tell"}:
                    for one in node.args:
                        if isinstance(one, ast.Constant) and str(one.value).startswith(KINDS):
                            yield str(one.value), str(file.relative_to(ROOT))


def moves() -> Iterator[str]:
    """The kinds that are made of moves and states."""
    yield from (f"order.{one.name}" for one in ORDER_FLOW.moves)
    yield from (f"parcel.{one.name}" for one in SHIPMENT_FLOW.moves)
    yield from (f"work.{one.name}" for one in WORK_FLOW.moves)
    yield from (f"claim.{state}" for state in OrderClaim.State.values)


def test_every_kind_of_step_has_a_sentence():
    kinds = {kind for kind, _ in written()} | set(moves())

    assert {"order.placed", "order.split", "order.lines_shipped", "parcel.tracking", "work.released"} <= kinds
    assert sorted(kind for kind in kinds if kind.removeprefix("order.") not in SENTENCES) == []
