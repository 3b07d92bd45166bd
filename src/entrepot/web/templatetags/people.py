"""Telephone numbers and addresses of an order, as its people read them."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from entrepot.kernel import phones, postal
from entrepot.orders.models import Order
from entrepot.web.wording.countries import COUNTRIES

register = template.Library()
_COUNTRIES = dict(COUNTRIES)


def phone_text(stored: str, *, order: Order) -> str:
    """A number grouped as the order's country groups it."""
    home = order.sales_channel.country
    return phones.shown(stored, country=_land(order.shipping or {}, home), home=home)


@register.simple_tag
def phone_link(stored: str, order: Order) -> SafeString | str:
    """A number to read and to dial; hovering shows it as the store wrote it where that is not the same."""
    text, dialled = phone_text(stored, order=order), phones.digits_of(stored)
    if not dialled:
        return text
    told = format_html(' title="{}"', stored) if text != stored else ""
    return format_html('<a class="tnum" href="tel:{}"{}>{}</a>', dialled, told, text)


@register.simple_tag
def address_block(address: Mapping[str, Any] | None, order: Order) -> SafeString | str:
    """An address as its country writes it: in Korea postcode, region to house, then the name.

    A foreign country stands below it in the reader's words; one we have no words for in those of the store.
    """
    if not address:
        return ""
    said = {key: str(value or "").strip() for key, value in address.items()}
    home = order.sales_channel.country
    land = _land(said, home)
    names = [said.get("name", ""), said.get("company", "")]
    lines = postal.address_lines(said, land)
    lines = [*lines, *reversed(names)] if postal.is_eastern(said, land) else [*names, *lines]
    code = said.get("country_code", "").upper()
    if code not in {"", home}:
        lines.append(str(_COUNTRIES.get(code) or said.get("country") or code))
    block = format_html_join(SafeString("<br>"), "{}", ([line] for line in lines if line))
    number = phone_link(said["phone"], order) if said.get("phone") else ""
    return format_html("<address>{}{}{}</address>", block, SafeString("<br>") if block and number else "", number)


def _land(address: Mapping[str, Any], home: str) -> str:
    return str(address.get("country_code") or home).upper()
