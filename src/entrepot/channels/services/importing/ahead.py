"""Reading ahead: the next page is fetched and understood while the last one is written."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection

Page = TypeVar("Page")

_WAIT_SECONDS = 0.2
_JOIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Failure:
    error: BaseException


class _End:
    """Nothing more comes."""


class _Reader(threading.Thread, Generic[Page]):
    def __init__(self, pages: Callable[[], Iterator[Page]], depth: int) -> None:
        super().__init__(name="read-ahead", daemon=True)
        self._pages = pages
        self._stop_asked = threading.Event()
        self.fetched: queue.Queue[Page | _Failure | _End] = queue.Queue(depth)

    def run(self) -> None:
        """Fetch until the end, an error, or nobody wants more; then give the thread's database connection back."""
        try:
            for page in self._pages():
                self._put(page)
                if self._stop_asked.is_set():
                    return
            self._put(_End())
        except BaseException as error:  # noqa: BLE001 - carried over to the reader's owner
            self._put(_Failure(error))
        finally:
            connection.close()

    def _put(self, page: Page | _Failure | _End) -> None:
        while not self._stop_asked.is_set():
            try:
                self.fetched.put(page, timeout=_WAIT_SECONDS)
            except queue.Full:
                continue
            return

    def stop(self) -> None:
        """Ask it to end after the page it is fetching, and wait for that."""
        self._stop_asked.set()
        self.join(_JOIN_SECONDS)


@contextmanager
def read_ahead(pages: Callable[[], Iterator[Page]], *, depth: int = 1) -> Iterator[Iterator[Page]]:
    """Iterate over `pages()` with up to `depth` pages waiting. An error of the reading is raised where it is due."""
    reader: _Reader[Page] = _Reader(pages, depth)
    reader.start()
    try:
        yield _taken(reader)
    finally:
        reader.stop()


def _taken(reader: _Reader[Page]) -> Iterator[Page]:
    while True:
        match reader.fetched.get():
            case _Failure(error):
                raise error
            case _End():
                return
            case page:
                yield page
