"""Every way to carry a deed for many orders on, those that end in a workbook too."""

from collections.abc import Mapping
from typing import Final

from entrepot.channels.services.bulk.carry import SLICE_SECONDS, Maker, carry
from entrepot.channels.services.bulk.papers import make_papers
from entrepot.kernel.actor import SYSTEM, Actor
from entrepot.sheets.orders_import import make_import
from entrepot.sheets.orders_out import make_export

MAKERS: Final[Mapping[str, Maker]] = {
    "print": make_papers,
    "invoices": make_papers,
    "export": make_export,
    "import": make_import,
}


def carry_on(*, bulk_id: int, actor: Actor = SYSTEM, seconds: float = SLICE_SECONDS) -> bool:
    """Go on with a deed for some seconds; whether something is left to do. Nothing where another worker has it."""
    return carry(bulk_id=bulk_id, makers=MAKERS, actor=actor, seconds=seconds)
