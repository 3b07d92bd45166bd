"""The fields of a form and the lines of a table, as `sitting` lays them beside what is kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from django import forms
from django.forms import BaseFormSet
from django.http import QueryDict
from django.utils.translation import gettext as _

from entrepot.kernel.seen import plain
from entrepot.web.forms.look import DeskForm

LONGEST_WORDS = 1500
Rows = Sequence[Mapping[str, Any]]


class Part(Protocol):
    """Something of a form that is changed as one."""

    name: str
    key: str
    """Its name on the page."""

    @property
    def label(self) -> object:
        """As the person knows it."""

    def now(self) -> str:
        """What is kept, as one text."""

    def mine(self, data: QueryDict) -> str:
        """What was sent, as one text."""

    def theirs(self) -> str:
        """What is kept, in words."""

    def said(self, data: QueryDict) -> str:
        """What was sent, in words."""

    def take(self, data: QueryDict) -> None:
        """Put what is kept in place of what was sent."""

    def sound(self) -> bool:
        """Whether what was sent can be kept, as far as the form itself does not say so."""


class FieldPart:
    """A field, and the value kept for it."""

    def __init__(self, form: DeskForm, name: str, value: Any) -> None:  # noqa: ANN401 - a field's value
        self.name, self.key = name, form.add_prefix(name)
        self._field, self._value = form.fields[name], value

    @property
    def label(self) -> object:
        """The field's label."""
        return self._field.label or self.name

    def now(self) -> str:
        """Read as if it had been sent, so that both are of one form."""
        data = QueryDict(mutable=True)
        self.take(data)
        return self.mine(data)

    def mine(self, data: QueryDict) -> str:
        """The field's own reading of it; what it cannot read, as it is."""
        raw = self._raw(data)
        try:
            return plain(self._field.to_python(raw))
        except forms.ValidationError:
            return plain(raw)

    def theirs(self) -> str:
        """In words."""
        data = QueryDict(mutable=True)
        self.take(data)
        return self.said(data)

    def said(self, data: QueryDict) -> str:
        """The words of a choice, yes or no, else the text."""
        raw = self._raw(data)
        if isinstance(raw, bool):
            return _("Yes") if raw else _("No")
        values = [str(one) for one in raw] if isinstance(raw, list) else [str(raw or "")]
        if isinstance(self._field, forms.ChoiceField):
            known = {str(value): str(word) for value, word in _flat(self._field.choices)}
            values = [known.get(value, value) for value in values]
        return ", ".join(value for value in values if value)[:LONGEST_WORDS]

    def take(self, data: QueryDict) -> None:
        """As a browser would have sent the kept value."""
        value, widget = self._field.prepare_value(self._value), self._field.widget
        data.pop(self.key, None)
        if isinstance(widget, forms.CheckboxInput):
            if value:
                data[self.key] = "on"
        elif isinstance(value, list | tuple):
            data.setlist(self.key, [str(one) for one in value])
        else:
            shown = value if isinstance(widget, forms.Select | forms.RadioSelect) else widget.format_value(value)
            data[self.key] = "" if shown is None else str(shown)

    def sound(self) -> bool:
        """Its form says so."""
        return True

    def _raw(self, data: QueryDict) -> Any:  # noqa: ANN401 - what a widget reads
        return self._field.widget.value_from_datadict(data, {}, self.key)


def _flat(choices: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - Django's own nesting
    found: list[tuple[Any, Any]] = []
    for value, word in choices:
        found += word if isinstance(word, list | tuple) else [(value, word)]
    return found


class LinesPart:
    """A table of lines, kept as one: its rows by the fields `names`, of which the first says what the row is about."""

    def __init__(
        self, formset: "BaseFormSet[Any]", look: Callable[[], Rows], *, label: object, names: Sequence[str]
    ) -> None:
        self.formset, self._look, self._label, self._names = formset, look, label, names
        self.name = self.key = str(formset.prefix)

    @property
    def label(self) -> object:
        """As the table is called."""
        return self._label

    def now(self) -> str:
        """Its rows, one a line."""
        return plain([self._line(row) for row in self._look()])

    def mine(self, data: QueryDict) -> str:
        """The rows that were sent, but for empty ones."""
        return plain([self._line(row) for row in self._sent(data)])

    def theirs(self) -> str:
        """In words."""
        return ", ".join(self._line(row) for row in self._look())

    def said(self, data: QueryDict) -> str:
        """In words."""
        return ", ".join(self._line(row) for row in self._sent(data))

    def take(self, data: QueryDict) -> None:
        """Put the kept rows in place of those that were sent, and let the table read anew."""
        for key in [key for key in data if key.startswith(f"{self.name}-")]:
            data.pop(key)
        rows = self._look()
        data[f"{self.name}-TOTAL_FORMS"], data[f"{self.name}-INITIAL_FORMS"] = str(len(rows)), "0"
        for number, row in enumerate(rows):
            for name in self._names:
                data[f"{self.name}-{number}-{name}"] = str(row[name])
        self.formset.data = data
        for read in ("forms", "management_form"):
            self.formset.__dict__.pop(read, None)
        self.formset._errors = None  # type: ignore[attr-defined] # noqa: SLF001 - it was read before

    def sound(self) -> bool:
        """Whether every row is filled in."""
        return self.formset.is_valid()

    def _sent(self, data: QueryDict) -> list[dict[str, str]]:
        total = data.get(f"{self.name}-TOTAL_FORMS", "0")
        count = int(total) if total.isascii() and total.isdigit() else 0
        rows = [
            {name: data.get(f"{self.name}-{number}-{name}", "").strip() for name in self._names}
            for number in range(min(count, 1000))
        ]
        return [row for row in rows if row[self._names[0]]]

    def _line(self, row: Mapping[str, Any]) -> str:
        return " × ".join(str(row[name]).strip() for name in self._names)
