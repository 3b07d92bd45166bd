"""The keys of the desk: one table, from which the sheet of keys is made. What they do stands in `keys.js`.

Keys of one letter can be switched off by each person (WCAG 2.1.4); Ctrl-K always works.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entrepot.web.desk import Desk
from entrepot.web.way.menu import ways


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys, pressed one after the other or together, each way of them; and what they do."""

    keys: Sequence[Sequence[str]]
    word: str | Promise


@dataclass(frozen=True, slots=True)
class Keys:
    """Shortcuts that belong together."""

    title: str | Promise
    rows: Sequence[Shortcut]


EVERYWHERE: Final = Keys(
    _("Everywhere"),
    (
        Shortcut((("Ctrl", "K"),), _("find anything, go anywhere, do anything")),
        Shortcut((("/",),), _("search this list, or else everywhere")),
        Shortcut((("N",),), _("enter something new of what the page shows")),
        Shortcut((("E",),), _("change what the page shows")),
        Shortcut((("?",),), _("this sheet")),
        Shortcut((("Esc",),), _("close what is open")),
    ),
)
IN_A_LIST: Final = Keys(
    _("In a list"),
    (
        Shortcut((("J",), ("K",)), _("next and previous row")),
        Shortcut((("Enter",),), _("open the row")),
        Shortcut((("X",),), _("choose the row")),
        Shortcut((("Shift", "X"),), _("choose all up to this row")),
        Shortcut((("A",),), _("choose all on this page, or none")),
        Shortcut((("]",), ("[",)), _("next page, and back to the former")),
    ),
)
"""Rows are reached by J and K wherever they have a page to open."""


def shortcuts(here: Desk) -> Sequence[Keys]:
    """Everything a person may press, with the places their role opens."""
    places = [way.places[-1] for way in ways().values()]
    going = [
        Shortcut((("G", place.key.upper()),), place.word)
        for place in places
        if place.key and (not place.needs or here.may(place.needs))
    ]
    return (EVERYWHERE, IN_A_LIST, Keys(_("Go to: G, then a letter"), going))
