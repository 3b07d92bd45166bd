"""Forms for people, keys and the company."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.access import ACTIONS
from entrepot.accounts.models import Role
from entrepot.web.forms.look import Choices, DeskForm, timezone_choices

PASSWORD = forms.PasswordInput


class SignInForm(DeskForm):
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(label=_("Password"), widget=PASSWORD({"autocomplete": "current-password"}))


class JoinForm(DeskForm):
    """Asks only for what the link lacks."""

    seller_name = forms.CharField(label=_("Name of your business"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "username"}))
    name = forms.CharField(label=_("Your name"), max_length=120, required=False)
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters."),
        widget=PASSWORD({"autocomplete": "new-password"}, render_value=False),
    )

    def __init__(self, *args: Any, asks: Sequence[str], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(asks):
            del self.fields[name]

    def answers(self) -> Mapping[str, Any]:
        """What was typed, as `accept_link` takes it."""
        return self.cleaned_data


def _language(first: object) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Language"), required=False, choices=[("", first), *settings.LANGUAGES])


class ProfileForm(DeskForm):
    name = forms.CharField(label=_("Your name"), max_length=120, required=False)
    language = _language(_("As the company"))
    timezone = forms.ChoiceField(label=_("Timezone"), required=False, choices=timezone_choices(_("As the company")))
    shortcuts = forms.BooleanField(
        label=_("Keys of one letter"),
        required=False,
        help_text=_("G O for the orders, N for something new, ? for all of them. Without them Ctrl-K still works."),
    )


class ReachForm(DeskForm):
    """Somebody's role, and the stores and warehouses they work for; none chosen means all."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    stores = forms.TypedMultipleChoiceField(label=_("Only these stores"), required=False, coerce=int)
    warehouses = forms.TypedMultipleChoiceField(label=_("Only these warehouses"), required=False, coerce=int)

    def offer(self, stores: Choices, warehouses: Choices) -> None:
        """What may be chosen."""
        self.fields["stores"].choices = stores  # type: ignore[attr-defined]
        self.fields["warehouses"].choices = warehouses  # type: ignore[attr-defined]


class PasswordForm(DeskForm):
    old = forms.CharField(
        label=_("Present password"), required=False, widget=PASSWORD({"autocomplete": "current-password"})
    )
    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 10 characters."),
        widget=PASSWORD({"autocomplete": "new-password"}),
    )


class CompanyForm(DeskForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    timezone = forms.ChoiceField(label=_("Timezone"), choices=timezone_choices())


class InviteForm(DeskForm):
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.OPERATOR)


class KeyForm(DeskForm):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Which program will use it."))
    scopes = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, scopes: Collection[str], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        field.choices = [(name, word) for name, word in ACTIONS.items() if name in scopes]  # type: ignore[attr-defined]
        field.widget.attrs["class"] = "form-check-input"
