"""What the templates need to say: icons, marks, numbers, money, moments, addresses of the same list."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from entrepot.channels.models import (
    Finding,
    IncomingOrder,
    Listing,
    ListingChange,
    Plan,
    Problem,
    Run,
    StatusDebt,
    Store,
)
from entrepot.channels.problems import problem_kind
from entrepot.fulfilment.models import Shipment
from entrepot.inventory.models import Movement
from entrepot.kernel.errors import EntrepotError
from entrepot.orders.models import Bulk, BulkItem, Order, OrderClaim
from entrepot.web.wording import labels, marks, story, words
from entrepot.web.wording.amounts import DASH, converted, money, money_short
from entrepot.web.wording.bulk import word_of
from entrepot.web.wording.countries import COUNTRIES
from entrepot.web.wording.steady import steady_trans

register = template.Library()
register.tag("trans", steady_trans)
FIRST_GROUPED = 1000
PLACES = {
    "order": ("web:order", gettext_lazy("Order %(number)s")),
    "listing": ("web:listing", gettext_lazy("The listing")),
    "carrier": ("web:carrier", gettext_lazy("The carrier")),
    "endpoint": ("web:endpoint", gettext_lazy("The address")),
    "store_prices": ("web:store_prices", gettext_lazy("The store's prices")),
}
Stated = Order | Store | Listing | Plan | Run | IncomingOrder | Shipment | OrderClaim | Bulk | BulkItem


@register.simple_tag
@cache
def icon(name: str, classes: str = "") -> SafeString:
    """A decorative icon from the sprite; the word beside it carries the meaning."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        static("vendor/icons/sprite.svg"),
        name,
    )


def _badge(mark: marks.Mark, word: object) -> SafeString:
    return format_html('<span class="mark mark-{}">{}{}</span>', mark.tone, icon(mark.icon), word)


@register.simple_tag
def mark(kind: str, row: Stated) -> SafeString:
    """The state of an order, store, listing, run, incoming order, parcel, claim or deed: icon, word and tone."""
    state = row.status if isinstance(row, Order) else row.state
    word = row.get_status_display() if isinstance(row, Order) else row.get_state_display()
    return _badge(marks.mark_of(kind, state), word)


@register.simple_tag
def push_mark(listing: Listing) -> SafeString:
    """Where a listing's figure stands between us and the store."""
    found = marks.push_mark(listing)
    return _badge(found, found.word)


@register.simple_tag
def badge(tone: str, name: str, word: object) -> SafeString:
    """A mark written by hand."""
    return _badge(marks.Mark(tone, icon=name), word)


@register.filter
def number(value: float | Decimal | str | None) -> SafeString | str:
    """An integer with thousands separated, or a dash for nothing."""
    return DASH if value is None or value == "" else _grouped(value)


@register.filter
def signed(value: int) -> str:
    """`+3`, `−2` or `0`."""
    if value == 0:
        return "0"
    return ("+" if value > 0 else "\N{MINUS SIGN}") + _grouped(abs(value))


def _grouped(value: float | Decimal | str) -> str:
    """In the reader's way; what is too short to be grouped is written alike everywhere, and thousands of times."""
    if type(value) is int and 0 <= value < FIRST_GROUPED:
        return str(value)
    return formats.number_format(value, use_l10n=True, force_grouping=True)


register.simple_tag(money)
register.simple_tag(money_short)
register.simple_tag(converted)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


@register.simple_tag
def moment(at: datetime | None, store_zone: str = "", form: str = "DATETIME") -> SafeString:
    """A time in the viewer's timezone; hovering shows the store's own clock where one is given."""
    if at is None:
        return DASH
    mine = timezone.localtime(at)
    pattern = {"DATETIME": "%Y-%m-%d %H:%M", "SECONDS": "%Y-%m-%d %H:%M:%S", "DATE": "%Y-%m-%d", "TIME": "%H:%M"}[form]
    hover = mine.strftime("%Y-%m-%d %H:%M:%S %Z")
    if zone := _zone(store_zone):
        hover = gettext("%(time)s at the store (%(zone)s)") % {
            "time": at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
            "zone": store_zone,
        }
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), hover, mine.strftime(pattern))


@register.simple_tag
def ago(at: datetime | None) -> SafeString:
    """How long ago, roughly; hovering shows the moment."""
    if at is None:
        return format_html('<span class="text-secondary">{}</span>', gettext("never"))
    hover = timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S %Z")
    seconds = int((timezone.now() - at).total_seconds())
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), hover, _age(seconds))


def _age(seconds: int) -> str:
    if seconds < 5:
        return gettext("just now")
    if seconds < 60:
        return ngettext("%(n)s second ago", "%(n)s seconds ago", seconds) % {"n": seconds}
    if seconds < 3600:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", seconds // 60) % {"n": seconds // 60}
    if seconds < 86400:
        return ngettext("%(n)s hour ago", "%(n)s hours ago", seconds // 3600) % {"n": seconds // 3600}
    return ngettext("%(n)s day ago", "%(n)s days ago", seconds // 86400) % {"n": seconds // 86400}


@register.filter
def span(seconds: float | None) -> str:
    """A length of time in words: `2 min 5 s`."""
    if seconds is None:
        return ""
    if seconds < 10:
        return gettext("%(s)s s") % {"s": formats.number_format(round(seconds, 1), decimal_pos=1)}
    whole = int(seconds)
    if whole < 60:
        return gettext("%(s)s s") % {"s": whole}
    if whole < 3600:
        return gettext("%(m)s min %(s)s s") % {"m": whole // 60, "s": whole % 60}
    return gettext("%(h)s h %(m)s min") % {"h": whole // 3600, "m": whole % 3600 // 60}


@register.filter
def pretty(text: str) -> str:
    """JSON with indents; anything else as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


@register.filter
def pretty_json(value: object) -> str:
    """A value as indented JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


@register.filter
def choices_text(options: list[Any]) -> str:
    """`[["Colour", "Red"], …]` or `[{"name": …, "value": …}]` as `Colour: Red, Size: L`."""
    pairs = [(row.get("name", ""), row.get("value", "")) if isinstance(row, Mapping) else row for row in options or []]
    return ", ".join(f"{pair[0]}: {pair[1]}" for pair in pairs if len(pair) == 2)


@register.filter
def one_choice(option: object) -> str:
    """One option of a line: `Colour: Red`."""
    return choices_text([option])


@register.filter
def reference_words(reference: str) -> str:
    """Where a movement comes from: `import:3` as "Import 3"."""
    kind, _, number_text = reference.partition(":")
    return f"{words.label(kind)} {number_text}".strip()


@register.filter
def reason_words(reason: str) -> str:
    """Why something moved: a code of ours as its sentence, what a person wrote as it was written."""
    if reason in story.SENTENCES:
        return gettext(story.SENTENCES[reason])
    return words.label(reason) if reason in labels.LABELS else reason


@register.filter
def movement_word(kind: str) -> str:
    """A movement's kind in words."""
    return str(Movement.Kind(kind).label) if kind in Movement.Kind.values else words.label(kind)


@register.filter
def actor_word(actor: str) -> str:
    """`user:Kim` as Kim."""
    return actor.partition(":")[2] or actor


@register.filter
def country_word(code: str) -> str:
    """A country by its code."""
    return str(dict(COUNTRIES).get(code, code or "–"))


@register.filter
def tail(text: str, length: int) -> str:
    """The end of a long text, where addresses differ."""
    return text if len(text) <= length else f"…{text[-length:]}"


@register.filter
def translated(text: str) -> str:
    """A connector's English words in the reader's language."""
    return gettext(text) if text else ""


@register.filter
def rate(value: float) -> str:
    """A speed: whole numbers from ten on, one place below."""
    return formats.number_format(round(value, 1) if value < 10 else round(value), force_grouping=True)


@register.filter
def run_seconds(run: Run) -> float | None:
    """How long a run took, or has taken so far."""
    end = run.finished_at or run.progressed_at
    return (end - run.started_at).total_seconds() if end else None


@register.filter
def run_trouble(run: Run) -> str:
    """What holds a run up."""
    return words.code_sentence(run.error_code, run.error_detail.partition("\n")[0])


@register.filter
def deed_word(bulk: Bulk) -> str:
    """What is done to many orders."""
    return word_of(bulk)


@register.filter
def can_retry(problem: Problem) -> bool:
    """Whether Retry does anything for it."""
    return bool(problem_kind(problem.code).retry)


@register.simple_tag
def problem_place(problem: Problem) -> SafeString:
    """A link to the thing a problem stands on, where it has a page."""
    if problem.object_type not in PLACES or not problem.object_id.isdigit():
        return SafeString("")
    name, word = PLACES[problem.object_type]
    number_text = str(problem.fields.get("number") or problem.object_id)
    return format_html(
        '<a href="{}">{}</a> · ', reverse(name, args=[problem.object_id]), str(word) % {"number": number_text}
    )


@register.filter
def because(kept: list[Any]) -> str:
    """Why a parcel's carrier was chosen, in the reader's language."""
    sentence_text, facts, parts = kept
    said = ", ".join(words.filled(part, part_facts) for part, part_facts in parts)
    return words.filled(sentence_text, facts | ({"conditions": said} if parts else {}))


@register.filter
def sentence(error: EntrepotError) -> str:
    """A refusal in the reader's language."""
    return words.sentence(error)


@register.filter
def problem_sentence(problem: Problem) -> str:
    """What went wrong."""
    return words.problem_sentence(problem.code, problem.fields)


@register.filter
def problem_remedy(problem: Problem) -> str:
    """What to do about it."""
    return words.problem_remedy(problem.code, problem.fields)


@register.filter
def finding_sentence(finding: Finding) -> str:
    """What the SKU doctor found."""
    return words.finding_sentence(finding)


@register.filter
def finding_remedy(finding: Finding) -> str:
    """What to do about it."""
    return words.finding_remedy(finding)


@register.filter
def code_words(code: str) -> str:
    """The short name of a code, for filters."""
    return words.label(code)


@register.filter
def total_title(title: str) -> str:
    """The title of a row of totals; a store's own stays as it is."""
    return labels.total_title(title)


@register.filter
def hold_label(code: str) -> str:
    """The short name of a hold's reason."""
    return words.hold_label(code)


@register.filter
def refusal(row: Listing | ListingChange | StatusDebt) -> str:
    """What a store said when it refused: the row's `error_code` and `error_reason`."""
    return words.code_sentence(row.error_code, row.error_reason)


@register.filter
def input_kind(field: BoundField) -> str:
    """What kind of control it is: `text`, `select`, `checkbox`."""
    kind: str = getattr(field.field.widget, "input_type", "text")
    return kind


@register.filter
def get(table: Mapping[Any, object], key: object) -> object:
    """The value under a key that is itself a variable."""
    return table.get(key)


@register.simple_tag(takes_context=True)
def same_list(context: Context, **changes: object) -> str:
    """The address of this list with some parameters changed; paging starts anew unless `after` is given.

    A list that may begin with a view says so where no parameter is left.
    """
    query = context["request"].GET.copy()
    query.pop("after", None)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    text = query.urlencode()
    if text:
        return f"?{text}"
    return "?view=all" if hasattr(context["request"], "saved") else "?"


@register.filter
def pairs(facts: Mapping[str, object]) -> list[tuple[str, object]]:
    """Names and values: `facts.items` in a template is the fact that is called "items", where there is one."""
    return list(facts.items())
