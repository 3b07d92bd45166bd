"""A drop-down is written by our own function, and says exactly what Django's templates say."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from entrepot.web.forms.renderer import Renderer

CHOICES = [
    ("", "All brands"),
    (7, "Sodam & Söhne <script>"),
    ("소담", "소담"),
    ("safe", mark_safe("<i>safe</i>")),
    ("Group <1>", [("a'b", 'quoted "a"'), (1234567, "a large number")]),
    (None, "nothing"),
]
WIDGETS = {
    "plain": forms.Select(choices=CHOICES),
    "attributes": forms.Select({"class": "form-select", "required": True, "hidden": False, "data-x": '"<&'}, CHOICES),
    "several": forms.SelectMultiple(choices=CHOICES),
}


@pytest.mark.parametrize("chosen", [None, "", 7, "7", "a'b", ["소담", 1234567]])
@pytest.mark.parametrize("kind", WIDGETS)
def test_it_is_what_django_writes(kind: str, chosen: object):
    ours, theirs = (
        re.sub(r">\s+<", "><", WIDGETS[kind].render("x<y", chosen, {"id": "id_x"}, renderer)).strip()
        for renderer in (Renderer(), DjangoTemplates())
    )
    assert ours == theirs
    assert ours.startswith('<select name="x&lt;y"')
