"""A term where it stands, with what it means behind it. In every template without loading (settings.TEMPLATES)."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from entrepot.web.templatetags.desk import icon
from entrepot.web.wording.field_terms import FIELDS
from entrepot.web.wording.terms import TERMS, Term

register = template.Library()


@register.simple_tag(takes_context=True)
def term(context: Context, key: str, word: object = "") -> SafeString:
    """The term, or another `word` that stands for it, as a button that says what it means."""
    _met(context, key)
    return format_html(
        '<button type="button" class="term" popovertarget="term-{}" aria-describedby="term-{}-says">{}</button>',
        key,
        key,
        word or TERMS[key].word,
    )


@register.simple_tag(takes_context=True)
def field_term(context: Context, field: BoundField) -> SafeString:
    """Beside a label: what the term in it means; nothing where there is none."""
    key = FIELDS.get((type(field.form).__name__, field.name))
    if key is None:
        return SafeString("")
    _met(context, key)
    return format_html(
        '<button type="button" class="term term-tip" popovertarget="term-{}" aria-describedby="term-{}-says">'
        '{}<span class="visually-hidden">{}</span></button>',
        key,
        key,
        icon("help-circle"),
        _("What is “%(term)s”?") % {"term": TERMS[key].word},
    )


@register.inclusion_tag("web/parts/term_cards.html", takes_context=True)
def term_cards(context: Context) -> Mapping[str, Any]:
    """What the terms on this page mean, once each. Stands after everything that may hold a term."""
    return {"terms": context["request"].__dict__.get("terms", {})}


def _met(context: Context, key: str) -> None:
    terms: dict[str, Term] = context["request"].__dict__.setdefault("terms", {})
    terms[key] = TERMS[key]
