"""Where a page, a heading and a picture of the manual are: in the application, or in the site of files."""

import hashlib
import posixpath
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from django.urls import reverse

from entrepot.web.help.pages import folder

PICTURES = "pictures"
ENDINGS = {".png": "image/png", ".webp": "image/webp", ".svg": "image/svg+xml", ".jpg": "image/jpeg"}


class Addresses(Hashable, Protocol):
    """What a page needs to know of where others are."""

    def page(self, path: str, language: str, anchor: str = "") -> str:
        """A page for a reader of this language."""

    def contents(self, language: str) -> str:
        """The list of all pages."""

    def search(self, language: str) -> str:
        """Where words are looked for."""

    def terms(self, language: str) -> str:
        """What the words on the screens mean."""

    def picture(self, name: str) -> str:
        """A file under `docs/pictures`."""


@cache
def _start(language: str) -> str:
    """Where the manual begins. Asked of Django once: a menu has ninety addresses."""
    return reverse("web:help_contents", args=[language])


@cache
def _print_of(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def picture_file(name: str) -> Path | None:
    """The file of a picture of the manual, or None: nothing outside the folder, nothing that is no picture."""
    root = folder() / PICTURES
    path = (root / name).resolve()
    try:
        known = path.suffix in ENDINGS and path.is_relative_to(root.resolve()) and path.is_file()
    except OSError:  # longer than a name of a file can be
        return None
    return path if known else None


@dataclass(frozen=True)
class InApplication:
    """Under `/help/`. A picture's address changes with its content, so that it may be kept for a year."""

    def page(self, path: str, language: str, anchor: str = "") -> str:
        """`/help/en/how-to/excel/#by-program`."""
        return f"{_start(language)}{path}/" + (f"#{anchor}" if anchor else "")

    def contents(self, language: str) -> str:
        """`/help/en/`."""
        return _start(language)

    def search(self, language: str) -> str:
        """`/help/en/search/`."""
        return reverse("web:help_search", args=[language])

    def terms(self, language: str) -> str:  # noqa: ARG002 - the desk speaks the person's language by itself
        """`/help/terms/`."""
        return reverse("web:terms")

    def picture(self, name: str) -> str:
        """`/help/pictures/tutorial/orders.png?v=…`."""
        path = picture_file(name)
        mark = f"?v={_print_of(path, path.stat().st_mtime_ns)}" if path else ""
        return reverse("web:help_picture", args=[name]) + mark


@dataclass(frozen=True)
class InFiles:
    """In a folder of files, all links relative to the page `here` (`ko/tutorial.html`)."""

    here: str

    def _from_here(self, target: str) -> str:
        return posixpath.relpath(target, posixpath.dirname(self.here) or ".")

    def page(self, path: str, language: str, anchor: str = "") -> str:
        """`../how-to/excel.html#by-program`."""
        return self._from_here(f"{language}/{path}.html") + (f"#{anchor}" if anchor else "")

    def contents(self, language: str) -> str:
        """`../index.html`."""
        return self._from_here(f"{language}/index.html")

    def search(self, language: str) -> str:
        """`../search.html`."""
        return self._from_here(f"{language}/search.html")

    def terms(self, language: str) -> str:
        """`../terms.html`."""
        return self._from_here(f"{language}/terms.html")

    def picture(self, name: str) -> str:
        """`../pictures/tutorial/orders.png`."""
        return self._from_here(f"{PICTURES}/{name}")
