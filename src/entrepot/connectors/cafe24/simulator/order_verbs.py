"""`VERBS`: what `POST /_control/<verb>` can make happen to orders; control.py adds them to its own.

The file stage.py is left for the conformance stage: that one imports the server, so it cannot hold the verbs.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.answers import Row

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

VERBS: Mapping[str, Callable[["Mall", Row], object]] = {}
