"""Plans as the screens show them: every field before and after, what stopped one, and what became of it, in words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entrepot.channels.models import ListingChange, Plan, PlanLine
from entrepot.channels.services import rails
from entrepot.channels.services.offers_draft import with_own_words
from entrepot.web.wording.amounts import amount_text
from entrepot.web.wording.offers import field_word

Kind = ListingChange.Kind
MOST_WORDS = 160
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a line in words; `before` None = the store does not tell it."""

    word: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A line: what it is about, its fields, and by how many percent its price moves."""

    line: PlanLine
    title: str
    fields: Sequence[Field]
    moves: int | None
    far: bool
    impossible: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What stopped a plan, or what it leaves out, as a sentence."""

    stops: bool
    sentence: str


def shown(lines: Sequence[PlanLine], categories: Mapping[tuple[int, str], str]) -> list[Shown]:
    """Each line in words. `categories` = the paths of the stores' categories that occur."""
    return [_shown(line, categories) for line in lines]


def _shown(line: PlanLine, categories: Mapping[tuple[int, str], str]) -> Shown:
    before, after = line.before.get("price"), line.fields.get("price")
    moves = None
    if line.kind == Kind.PRICE and before and Decimal(before):
        moves = round(100 * (Decimal(after) / Decimal(before) - 1))
    return Shown(
        line=line,
        title=line.listing.title if line.listing else line.product.name if line.product else line.remote_id,
        fields=_fields(line, categories),
        moves=moves,
        far=line.kind == Kind.PRICE and bool(before) and 1 - Decimal(after) / Decimal(before) > rails.FALLS_FAR,
        impossible=line.worst == rails.IMPOSSIBLE,
    )


def _fields(line: PlanLine, categories: Mapping[tuple[int, str], str]) -> list[Field]:
    match line.kind:
        case Kind.ACTIVATE:
            return [Field(_("Visibility"), _("hidden"), _("visible"))]
        case Kind.DEACTIVATE:
            return [Field(_("Visibility"), _("visible"), _("hidden"))]
        case Kind.DELETE:
            return [Field(_("Product"), _("in the store"), _("deleted"))]
        case Kind.CREATE:
            new = Field(_("Product"), _("not in the store"), _("listed"))
            facts = with_own_words(line.fields, product=line.product) if line.product else line.fields
            told = [name for name, value in facts.items() if value not in (None, "", [], {}, False)]
            kept = [name for name in told if name not in {"active", "prices"}]
            return [new, *(Field(field_word(name), "–", _value(line, name, facts, categories)) for name in kept)]
    return [
        Field(
            field_word(name),
            _value(line, name, line.before, categories) if name in line.before else None,
            _value(line, name, line.fields, categories),
        )
        for name in line.fields
        if name in line.before or line.kind == Kind.UPDATE
        if line.fields[name] != line.before.get(name, ...)
    ]


def _value(line: PlanLine, name: str, facts: Mapping[str, Any], categories: Mapping[tuple[int, str], str]) -> str:
    value = facts[name]
    if value in (None, "", []):
        return "–"
    match name:
        case "price" | "retail_price":
            currency = line.listing.currency if line.listing else line.store.sales_channel.currency
            return f"{amount_text(Decimal(value), currency)} {currency}"
        case "category_ids":
            return ", ".join(categories.get((line.store_id, number), f"#{number}") for number in value)
        case "images":
            return ngettext("%(n)s picture", "%(n)s pictures", len(value)) % {"n": len(value)}
        case "attributes":
            return ", ".join(f"{pair[0]}: {pair[1]}" for pair in value)
    text = " ".join(_TAGS.sub(" ", str(value)).split())
    return text if len(text) <= MOST_WORDS else text[:MOST_WORDS] + "…"


def kind_word(kind: str) -> str:
    """What is done, as a heading of a tab."""
    words = {
        Kind.PRICE: _("Prices"),
        Kind.UPDATE: _("Words and pictures"),
        Kind.ACTIVATE: _("Shown"),
        Kind.DEACTIVATE: _("Hidden"),
        Kind.CREATE: _("Listed"),
        Kind.DELETE: _("Deleted"),
    }
    return words[Kind(kind)]


def title_of(plan: Plan) -> str:
    """What a plan is called: its own name, or what it does."""
    if plan.title:
        name = plan.title
    else:
        totals: dict[str, int] = {}
        for row in plan.counts:
            totals[row["kind"]] = totals.get(row["kind"], 0) + row["count"]
        name = ", ".join(f"{kind_word(kind)} ({count})" for kind, count in totals.items()) or f"#{plan.pk}"
    return _("Back: %(name)s") % {"name": name} if plan.undo_of_id else name


def kinds_of(plan: Plan) -> list[tuple[str, str, int]]:
    """(kind, its word, how many), for the tabs."""
    totals: dict[str, int] = {}
    for row in plan.counts:
        totals[row["kind"]] = totals.get(row["kind"], 0) + row["count"]
    return [(kind, kind_word(kind), totals[kind]) for kind in ListingChange.Kind.values if kind in totals]


def said(plan: Plan, store_names: Mapping[int, str]) -> list[Said]:
    """What stopped it and what it leaves out, each as a sentence."""
    return [Said(rail["code"] in rails.STOPS, _sentence(rail, store_names)) for rail in plan.rails]


def _sentence(rail: Mapping[str, Any], store_names: Mapping[int, str]) -> str:
    n = rail["count"]
    facts = {"n": n, "percent": rail.get("percent"), "of": rail.get("of")}
    facts["store"] = store_names.get(rail.get("store", 0), "–")
    match rail["code"]:
        case rails.PRICE_FALLS:
            text = ngettext(
                "%(n)s price falls by more than 30 %%, by %(percent)s %%.",
                "%(n)s prices fall by more than 30 %%, one by %(percent)s %%.",
                n,
            )
        case rails.PRICE_IMPOSSIBLE:
            text = ngettext(
                "%(n)s price would be zero or less, or above its regular price. It is left out; the rest can be "
                "applied.",
                "%(n)s prices would be zero or less, or above the regular price. They are left out; the rest can be "
                "applied.",
                n,
            )
        case rails.MANY_HIDDEN:
            text = ngettext(
                "%(n)s of the %(of)s listings that buyers see in %(store)s goes: more than a tenth.",
                "%(n)s of the %(of)s listings that buyers see in %(store)s go: more than a tenth.",
                n,
            )
        case rails.DELETIONS:
            text = ngettext(
                "%(n)s product is deleted in its store. That cannot be taken back.",
                "%(n)s products are deleted in their stores. That cannot be taken back.",
                n,
            )
        case rails.OVERTAKES:
            text = ngettext(
                "%(n)s change that waits to be told gives way to this plan.",
                "%(n)s changes that wait to be told give way to this plan.",
                n,
            )
        case _:
            text = _left_out(rail["code"], n)
    return text % facts


def _left_out(code: str, n: int) -> str:
    match code:
        case rails.GONE:
            return ngettext(
                "%(n)s listing is left out: it is no longer in its store.",
                "%(n)s listings are left out: they are no longer in their stores.",
                n,
            )
        case rails.LISTED:
            return ngettext(
                "%(n)s is left out: the store has that product already.",
                "%(n)s are left out: the stores have these products already.",
                n,
            )
        case rails.PROMOTED:
            return ngettext(
                "%(n)s price is left out: the listing is in a promotion, which ends first.",
                "%(n)s prices are left out: the listings are in a promotion, which ends first.",
                n,
            )
        case rails.CHANGED_SINCE:
            return ngettext(
                "%(n)s stays as it is: somebody changed it since.",
                "%(n)s stay as they are: somebody changed them since.",
                n,
            )
        case rails.FOR_GOOD:
            return ngettext(
                "%(n)s product was deleted and cannot be brought back.",
                "%(n)s products were deleted and cannot be brought back.",
                n,
            )
        case _:
            return ngettext(
                "%(n)s is left out in part or whole: what it was before is not known.",
                "%(n)s are left out in part or whole: what they were before is not known.",
                n,
            )
