"""Pages outside the API: `answer()` is asked for every path that is neither /api nor /_control."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall


def answer(mall: "Mall", method: str, path: str, query: str, body: bytes) -> tuple[int, str, bytes, dict[str, str]]:
    """Status, content type, content and headers of a page."""
    del mall, method, path, query, body
    return 404, "text/html; charset=utf-8", b"<h1>404</h1>", {}
