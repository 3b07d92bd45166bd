"""Every route of the catalogue, the master data and the settings, in one list."""

from collections.abc import Sequence

from entrepot.connectors.cafe24.simulator.catalogue import (
    carriers,
    categories,
    images,
    master,
    options,
    reading,
    shop,
    variants,
    writing,
)
from entrepot.connectors.cafe24.simulator.routes import Route

ROUTES: Sequence[Route] = (
    *reading.ROUTES,
    *writing.ROUTES,
    *variants.ROUTES,
    *options.ROUTES,
    *images.ROUTES,
    *categories.ROUTES,
    *master.ROUTES,
    *carriers.ROUTES,
    *shop.ROUTES,
)
