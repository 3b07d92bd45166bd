"""Where one is and where one can go: the menu and the breadcrumbs, both made from the one table of places."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlunsplit

from django import template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from entrepot.web.desk import Desk, parts_of
from entrepot.web.way.menu import OBJECTS, SECTIONS, Place, Section, way_to
from entrepot.web.way.shortcuts import Keys, shortcuts

register = template.Library()
FOLDED = "folded"
"""The cookie with the sections that a person folded, so that they stay so without a jump."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu."""

    place: Place
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the menu with what this person's role may see."""

    section: Section
    entries: Sequence[Entry]
    groups: Sequence["Group"]
    open: bool


def may_see(here: Desk, place: Place) -> bool:
    """Whether the role opens this page."""
    return not place.needs or here.may(place.needs)


def _name(context: Context) -> str:
    match = getattr(context.get("request"), "resolver_match", None)
    return (match and match.url_name) or ""


def _group(here: Desk, section: Section, current: Place | None, folded: Sequence[str]) -> Group:
    entries = [Entry(place, place is current) for place in section.places if may_see(here, place)]
    groups = [_group(here, inner, current, folded) for inner in section.sections]
    shown = [one for one in groups if one.entries]
    is_here = any(entry.current for entry in entries) or any(one.open and _has(one) for one in shown)
    return Group(section, entries, shown, is_here or section.name not in folded)


def _has(group: Group) -> bool:
    return any(entry.current for entry in group.entries)


@register.simple_tag(takes_context=True)
def menu(context: Context) -> list[Group]:
    """The sections of the menu with their lines, for this person on this page."""
    here: Desk = context["desk"]
    way = way_to(_name(context))
    folded = context["request"].COOKIES.get(FOLDED, "").split(".")
    groups = [_group(here, section, way.places[0] if way else None, folded) for section in SECTIONS if section.shown]
    return [group for group in groups if group.entries]


@register.simple_tag(takes_context=True)
def came_from(context: Context) -> str:
    """The page of ours on which the link to this one stood, as a path; empty where there is none or it is this one."""
    request = context["request"]
    said = parts_of(request.headers.get("Referer", ""))
    if said.netloc != request.get_host() or (said.path == request.path and request.method == "GET"):
        return ""
    return urlunsplit(("", "", "/" + said.path.lstrip("/"), said.query, ""))


@register.simple_tag(takes_context=True)
def keys(context: Context) -> Sequence[Keys]:
    """What this person may press, for the sheet of keys."""
    return shortcuts(context["desk"])


@register.simple_tag(takes_context=True)
def page_marks(context: Context) -> SafeString:
    """What the keys and the palette must know of a page: what it shows, and where something new of it is made."""
    name = _name(context)
    way = way_to(name)
    if way is None:
        return SafeString("")
    main, here = way.places[0], context["desk"]
    new = next((place for place in main.within if place.makes and may_see(here, place)), None)
    marks = [("data-new", new.address)] if new and new.name != name else []
    if name in OBJECTS and "error" not in context:
        marks += [("data-object", main.icon), ("data-object-of", str(main.word))]
    return format_html_join("", ' {}="{}"', marks)


@register.simple_tag
def crumb(word: object, name: str, *args: object) -> SafeString:
    """A piece of the breadcrumbs that leads to a page above this one."""
    return format_html('<li><a href="{}">{}</a></li>', reverse(name, args=args), word)


@register.simple_block_tag(takes_context=True)
def crumbs(context: Context, content: SafeString) -> SafeString:
    """The breadcrumbs: section and places by the table, the page's own pieces, and last the page itself.

    The last is what the page calls itself: its block `here`, or else its title.
    """
    name = _name(context)
    way = way_to(name)
    parts: list[SafeString] = []
    own = True
    if way:
        parts += [_li(section.word) for section in way.sections]
        own = way.places[-1].name != name
        above = way.places if own else way.places[:-1]
        parts += [_place(context["desk"], place) for place in above]
        if not own:
            parts.append(_last(way.places[-1].word))
    if own:
        parts += [content, _last(_of_block(context))]
    return format_html("{}", mark_safe("".join(parts)))  # noqa: S308 - of pieces that are each escaped


def _li(word: str | Promise) -> SafeString:
    return format_html("<li>{}</li>", word)


def _place(here: Desk, place: Place) -> SafeString:
    if not may_see(here, place):
        return _li(place.word)
    return format_html('<li><a href="{}">{}</a></li>', place.address, place.word)


def _last(word: object) -> SafeString:
    return format_html('<li aria-current="page">{}</li>', word)


def _of_block(context: Context) -> SafeString:
    blocks: Any = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks and (blocks.get_block("here") or blocks.get_block("title"))
    return SafeString(block.render(context).strip()) if block else SafeString("")
