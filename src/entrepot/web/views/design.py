"""The gallery of components: what the desk is built of, in the states it can be in. Only while developing."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from entrepot.web.desk import DeskRequest, desk, show
from entrepot.web.forms.look import DeskForm
from entrepot.web.wording import marks

TOKEN = re.compile(r"(--(?!tblr)[a-z][a-z0-9-]*)\s*:\s*([^;]+);")
KINDS = {
    "colours": (
        "ink", "bg", "solid", "side", "page", "sheet", "soft", "line", "paper", "control", "placeholder", "on", "chart",
        "veil",
    ),
    "type": ("text", "weight", "leading"),
    "space": ("space", "round", "lift", "target"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A name of tokens.css and its value in the light look."""

    name: str
    value: str


class Sample(DeskForm):
    """One field of each kind, some of them wrong."""

    name = forms.CharField(label="Name", help_text="As your colleagues call it.")
    sku = forms.CharField(label="SKU", required=False)
    count = forms.IntegerField(label="On hand", required=False)
    store = forms.ChoiceField(label="Store", choices=[("1", "Mac & Camera"), ("2", "서울 카메라")], required=False)
    live = forms.BooleanField(label="Live", required=False, help_text="Stock is written to the store.")
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    day = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}), required=False)


def tokens() -> dict[str, list[Token]]:
    """The tokens by kind, in the order in which tokens.css names them."""
    path = finders.find("web/tokens.css")
    light = Path(str(path)).read_text(encoding="utf-8").split('[data-bs-theme="dark"] {')[0]
    found = [Token(name, value.strip()) for name, value in TOKEN.findall(light)]
    return {
        kind: [token for token in found if token.name.removeprefix("--").split("-")[0] in firsts]
        for kind, firsts in KINDS.items()
    }


@desk()
@require_safe
def design(request: DeskRequest) -> HttpResponse:
    """Every token and component.

    Raises:
        Http404: This is no place where Entrepot is developed (`ENTREPOT_DEBUG=1`).
    """
    if not settings.DEBUG:
        raise Http404
    wrong = Sample({"name": "", "count": "many", "store": "1", "live": "on"})
    wrong.is_valid()
    now = timezone.now()
    facts = {
        "tokens": tokens(),
        "tables": [(kind, list(table.items())) for kind, table in marks.TABLES.items()],
        "tones": ("fresh", "busy", "wait", "good", "bad", "quiet"),
        "form": Sample(initial={"sku": "CAM-EOS-5D", "count": 12}),
        "wrong": wrong,
        "rows": [
            (f"M-{number}", Decimal(1350000) / number, number * 7 - 10, now - timedelta(hours=number * 5))
            for number in range(1, 51)
        ],
        "price": Decimal(1350000),
        "now": now,
        "then": now - timedelta(minutes=4),
    }
    return show(request, "web/design.html", facts)
