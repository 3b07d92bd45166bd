"""How our forms look, and how a service's refusal finds its field."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import available_timezones

from django import forms

from entrepot.kernel.errors import EntrepotError, Invalid
from entrepot.web.wording import words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from entrepot.web.holding.sitting import Sitting

Label: TypeAlias = "str | _StrPromise"
CLASSES = {"select": "form-select", "checkbox": "form-check-input", "radio": "form-check-input"}
Choices = Sequence[tuple[Any, Any]]


class DeskForm(forms.Form):
    """A form with Tabler's classes. `sitting`: the watch over it while somebody sits on it (`web.sitting`)."""

    sitting: "Sitting | None" = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.dress()

    def dress(self) -> None:
        """Give every field its class; again after fields were added."""
        for field in self.fields.values():
            kind = getattr(field.widget, "input_type", "")
            if kind != "hidden":
                field.widget.attrs.setdefault("class", CLASSES.get(kind, "form-control"))

    def refuse(self, error: EntrepotError) -> None:
        """Say a service's refusal: at the field it names, else above the form."""
        name = str(error.fields.get("field", ""))
        if isinstance(error, Invalid) and name in self.fields:
            plain = type(error) is Invalid
            reason = words.filled(str(error.fields.get("reason", "")), {}) if plain else words.sentence(error)
            self.add_error(name, reason[:1].upper() + reason[1:])
        else:
            self.add_error(None, words.sentence(error))


class FilterForm(DeskForm):
    """The filters of a list: read from the address, and harmless when they make no sense."""

    use_required_attribute = False

    def value(self, name: str) -> Any:  # noqa: ANN401 - a filter's value is of its field's kind
        """The cleaned value, or the field's empty one."""
        if not self.is_bound:
            return None
        self.is_valid()
        return self.cleaned_data.get(name, "" if isinstance(self.fields[name], forms.CharField) else None)


def with_all(word: object, choices: Choices) -> list[tuple[Any, Any]]:
    """Choices with "all" before them."""
    return [("", word), *choices]


def timezone_choices(first: object | None = None) -> list[tuple[str, Any]]:
    """All timezones by name; `first` = the word for none."""
    rows: list[tuple[str, Any]] = [
        (name, name) for name in sorted(available_timezones()) if "/" in name or name == "UTC"
    ]
    return [("", first), *rows] if first is not None else rows
