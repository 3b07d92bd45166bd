"""Another warehouse system over real HTTP: takes signed messages, picks, packs and hands over through the API."""

from entrepot.outgoing.simulator.house import OtherWarehouse, Received
from entrepot.outgoing.simulator.server import WarehouseServer

__all__ = ["OtherWarehouse", "Received", "WarehouseServer"]
