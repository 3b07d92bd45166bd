"""What the palette can do beside finding: each deed leads to its page or is sent as a form, if the role allows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from entrepot.channels.models import Store
from entrepot.channels.registry import OFFLINE
from entrepot.sheets.kinds import KINDS
from entrepot.web.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One line of the palette. One of: `href` leads there, `post` is sent to, `marks` is done in the browser."""

    word: str | Promise
    icon: str
    under: str = ""
    """What stands smaller beside the word."""
    also: str = ""
    """Further words by which it is found, in English."""
    href: str = ""
    post: str = ""
    fields: Sequence[tuple[str, str]] = ()
    marks: str = ""
    keys: Sequence[str] = ()


PAGES: Final = (
    ("users.manage", gettext_lazy("Invite a colleague"), "users", "people", "invite person user"),
    ("keys.manage", gettext_lazy("Make an API key"), "key", "keys", "token"),
)
"""Deeds that have a page: what it needs, its words, icon, address and other words."""
SYNCS: Final = (
    ("orders", gettext_lazy("Sync orders: %(store)s")),
    ("stock", gettext_lazy("Sync stock: %(store)s")),
    ("products", gettext_lazy("Sync products: %(store)s")),
)


def doable(here: Desk, *, stores: Sequence[Store], back: str) -> Sequence[Hit]:
    """Everything this person may do from anywhere; `back` is where they are."""
    pages = [
        Hit(word=word, icon=icon, also=also, href=reverse(f"web:{name}"))
        for needs, word, icon, name, also in PAGES
        if here.may(needs)
    ]
    files = [
        Hit(
            word=_("Excel file: %(kind)s") % {"kind": _(kind.title)},
            icon="upload",
            also=f"excel import upload {kind.title}",
            href=reverse("web:sheet_new", args=[code]),
        )
        for code, kind in KINDS.items()
        if here.may(kind.needs)
    ]
    return [*pages, *files, *_syncs(here, stores), *_languages(back), *_own()]


def _syncs(here: Desk, stores: Sequence[Store]) -> Sequence[Hit]:
    if not here.may("stores.sync"):
        return []
    return [
        Hit(
            word=str(word) % {"store": store.sales_channel.name},
            icon="refresh",
            also=f"sync {what} {store.sales_channel.name}",
            post=reverse("web:store_sync", args=[store.pk, what]),
        )
        for store in stores
        if store.connector != OFFLINE and store.state != Store.State.DISCONNECTED
        for what, word in SYNCS
    ]


def _languages(back: str) -> Sequence[Hit]:
    return [
        Hit(
            word=name,
            icon="language",
            also=f"language 언어 {code}",
            post=reverse("web:language"),
            fields=(("language", code), ("back", back)),
        )
        for code, name in settings.LANGUAGES
        if code != get_language()
    ]


def _own() -> Sequence[Hit]:
    return [
        Hit(word=_("Light or dark"), icon="sun-moon", also="theme light dark mode", marks="theme"),
        Hit(word=_("Keyboard shortcuts"), icon="keyboard", also="keys shortcuts help", marks="keys", keys=("?",)),
        Hit(word=_("Sign out"), icon="logout", also="log out leave", post=reverse("web:sign_out")),
    ]
