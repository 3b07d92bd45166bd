"""A page of the manual with all that stands around it: menu, headings, neighbours, languages."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from entrepot.web.help import contents, pages
from entrepot.web.help.addresses import Addresses


@dataclass(frozen=True)
class Entry:
    """A line of the menu."""

    title: str
    language: str
    address: str
    here: bool


@dataclass(frozen=True)
class Group:
    """A part of the menu."""

    title: str
    entries: tuple[Entry, ...]
    open: bool


@cache
def _renderer() -> Callable[[pages.Page, Addresses], tuple[str, tuple[str, ...]]]:
    """The parser costs a web process 80 ms to load, so it comes with the first page that somebody reads."""
    found: Callable[[pages.Page, Addresses], tuple[str, tuple[str, ...]]]
    found = import_string("entrepot.web.help.render.render")
    return found


@lru_cache(maxsize=256)
def shown(page: pages.Page, addresses: Addresses) -> SafeString:
    """The page's HTML, in the words of its own language; made once as long as its file does not change."""
    with translation.override(page.language):
        html, _broken = _renderer()(page, addresses)
    return SafeString(html)  # the parser lets no HTML through but its own


def broken(page: pages.Page, addresses: Addresses) -> tuple[str, ...]:
    """What in the page leads nowhere."""
    return _renderer()(page, addresses)[1]


def menu(language: str, addresses: Addresses, here: str = "") -> list[Group]:
    """Every page under its part; open is what is for merchants, and the part one is in."""
    groups = []
    for part in contents.parts():
        entries = tuple(
            Entry(found.title, found.language, addresses.page(path, language), path == here)
            for path in part.pages
            if (found := pages.best(path, language))
        )
        if part.code == "reference":
            entries = (Entry(_("Terms"), language, addresses.terms(language), here == "terms"), *entries)
        groups.append(Group(str(part.title), entries, not part.developers or here in part.pages))
    return groups


def around(language: str, addresses: Addresses, here: str = "") -> dict[str, Any]:
    """What every page of the manual shows beside its own words."""
    return {
        "language": language,
        "groups": menu(language, addresses, here),
        "contents_address": addresses.contents(language),
        "search_address": addresses.search(language),
    }


def languages(page: str, addresses: Addresses) -> list[tuple[str, str, str]]:
    """The same page for readers of each language: code, name, address."""
    names = dict(settings.LANGUAGES)
    return [(code, names[code], addresses.page(page, code)) for code in pages.LANGUAGES]


def facts(page: pages.Page, language: str, addresses: Addresses) -> dict[str, Any]:
    """A page for a reader of `language`."""
    neighbours = [pages.best(path, language) if path else None for path in contents.neighbours(page.path)]
    before, after = ((found, addresses.page(found.path, language)) if found else None for found in neighbours)
    return {
        **around(language, addresses, page.path),
        "page": page,
        "part": contents.part_of(page.path),
        "html": shown(page, addresses),
        "headings": [section for section in page.sections[1:] if section.level == 2],
        "before": before,
        "after": after,
        "languages_of_page": languages(page.path, addresses),
        "other_language": page.language != language,
    }
