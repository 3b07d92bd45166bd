"""The mall's claims: ROUTES answers their paths."""

from collections.abc import Sequence

from entrepot.connectors.cafe24.simulator.routes import Route

ROUTES: Sequence[Route] = ()
