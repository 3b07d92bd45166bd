"""How a drop-down becomes HTML: by one function. Django's templates take 50 µs an option, and a list of brands has
hundreds (`benchmarks/catalogue_list.py`).
"""  # noqa: D205 - the reason is one sentence

import html
from collections.abc import Mapping
from typing import Any, Final

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

SELECT: Final = "django/forms/widgets/select.html"


class Renderer(DjangoTemplates):
    """Django's own, but for drop-downs."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """The widget of the context as HTML."""
        if template_name == SELECT:
            return mark_safe(_select(context["widget"]))  # noqa: S308 - every part is escaped
        return super().render(template_name, context, request)


def _select(widget: Mapping[str, Any]) -> str:
    inside = []
    for group, options, _index in widget["optgroups"]:
        found = "".join(map(_option, options))
        inside.append(f'<optgroup label="{conditional_escape(group)}">{found}</optgroup>' if group else found)
    return f'<select name="{escape(widget["name"])}"{_attributes(widget["attrs"])}>{"".join(inside)}</select>'


def _option(option: Mapping[str, Any]) -> str:
    label = option["label"]
    said = label if isinstance(label, SafeString) else html.escape(str(label))  # a store has thousands of categories
    attributes = _attributes(option["attrs"]) if option["attrs"] else ""
    return f'<option value="{html.escape(str(option["value"]))}"{attributes}>{said}</option>'


def _attributes(given: Mapping[str, Any]) -> str:
    """As Django writes them: True stands by its name, False not at all."""
    shown = [(name, value) for name, value in given.items() if value is not False]
    return "".join(f" {name}" if value is True else f' {name}="{escape(str(value))}"' for name, value in shown)
