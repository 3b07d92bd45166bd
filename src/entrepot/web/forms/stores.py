"""Forms of the store pages: connecting, new credentials, settings, what its statuses mean."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from entrepot.channels.models import StatusMapping
from entrepot.channels.price_mapping import MAPPINGS
from entrepot.channels.services.differences_settled import FIELDS, TOLD
from entrepot.connectors.contract import ConnectorType, CredentialField
from entrepot.web.forms.look import Choices, DeskForm, Label, with_all
from entrepot.web.wording.countries import COUNTRIES, CURRENCIES
from entrepot.web.wording.offers import field_word


def credential_fields(fields: Sequence[CredentialField]) -> dict[str, forms.Field]:
    """The channel's own fields, as its connector names and explains them."""
    made: dict[str, forms.Field] = {}
    for field in fields:
        attrs = {"placeholder": field.placeholder, "autocomplete": "off", "spellcheck": "false"}
        made[field.name] = forms.CharField(
            label=gettext_lazy(field.label),
            help_text=gettext_lazy(field.help) if field.help else "",
            max_length=500,
            strip=True,
            required=field.required,
            initial=field.initial,
            widget=forms.PasswordInput(attrs | {"autocomplete": "new-password"}, render_value=True)
            if field.secret
            else forms.TextInput(attrs),
        )
    return made


class _AsksForm(DeskForm):
    """A form with a channel's own fields: those it must have, and those folded under "More"."""

    def __init__(self, *args: Any, asks: Sequence[CredentialField], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.asks = asks
        self.fields |= credential_fields(asks)
        self.dress()

    def asked(self) -> list[BoundField]:
        """What the channel must know."""
        return [self[field.name] for field in self.asks if field.required]

    def more(self) -> list[BoundField]:
        """What it may be told beside that."""
        return [self[field.name] for field in self.asks if not field.required]

    def more_is_wrong(self) -> bool:
        """Whether something folded away has to be looked at."""
        return any(field.errors for field in self.more())

    def credentials(self) -> Mapping[str, str]:
        """What the channel asked for."""
        return {field.name: self.cleaned_data.get(field.name, "") for field in self.asks}


class ConnectForm(_AsksForm):
    """Nickname, country and currency, and what the channel asks."""

    name = forms.CharField(label=_("Nickname"), max_length=80, help_text=_("How you call this store here."))
    country = forms.ChoiceField(label=_("Country"), choices=[("", "—"), *COUNTRIES])
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in CURRENCIES], help_text=_("In which its prices are kept.")
    )

    def __init__(self, *args: Any, kind: ConnectorType, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, asks=kind.fields, **kwargs)
        if kind.consent is not None:
            del self.fields["currency"]  # the store says it once it has let us in


class CredentialsForm(_AsksForm):
    """New credentials for a store that is there. Where its owner has agreed, what is left empty stays as it is."""

    def __init__(self, *args: Any, kind: ConnectorType, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, asks=kind.fields, **kwargs)
        self.consents = kind.consent is not None
        if self.consents:
            for field in self.fields.values():
                field.required, field.initial = False, ""

    def given(self) -> Mapping[str, str]:
        """What was typed in; all of it where no owner has to agree."""
        return {name: text for name, text in self.credentials().items() if text or not self.consents}

    def needs_consent(self) -> bool:
        """Whether something was given that the store's owner must agree to anew."""
        given = self.given()
        return self.consents and any(field.required and field.name in given for field in self.asks)


def _minutes(label: Label, help_text: Label = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, min_value=1, max_value=1440)


def _number(label: Label, help_text: Label, most: int | None = None) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, min_value=0, max_value=most, required=False)


EDITS = [
    ("ask", _("Ask me")),
    ("theirs", _("Take the store's")),
    ("ours", _("Tell it ours again")),
]
EDITED = (*FIELDS, *TOLD)


class StoreSettingsForm(DeskForm):
    """Rhythm and stock rules of a store. Empty rules are no rules."""

    name = forms.CharField(label=_("Nickname"), max_length=80)
    order_minutes = _minutes(_("Read new orders every (minutes)"))
    state_minutes = _minutes(_("Check known orders every (minutes)"))
    drift_minutes = _minutes(_("Compare stock every (minutes)"))
    order_days = forms.IntegerField(
        label=_("Days of orders at the first import"),
        min_value=1,
        max_value=730,
        help_text=_("90 unless you change it."),
    )
    product_hours = forms.IntegerField(
        label=_("Read all products every (hours)"),
        min_value=1,
        max_value=720,
        help_text=_("So that what was changed in the store's own admin is noticed."),
    )
    edit_policy = forms.ChoiceField(
        label=_("Prices, words, pictures and visibility changed in the store"), choices=EDITS
    )
    price_mapping = forms.ChoiceField(
        label=_("Buyers there see"),
        choices=MAPPINGS,
        help_text=_("Holds for every price told from now on. Promotions are shown as such in any case."),
    )
    partial_policy = forms.ChoiceField(
        label=_("When only some of an order is in stock"),
        choices=[
            ("wait", _("Wait until all of it is there")),
            ("ship", _("Send what is there, split off the rest")),
            ("ask", _("Ask me")),
        ],
    )
    split_tell = forms.ChoiceField(
        label=_("When an order was split, the store shows Ready to ship and Shipped"),
        choices=[("last", _("with the last part")), ("first", _("with the first part"))],
        help_text=_("For stores that know one status for an order. Others are told of each part by its lines."),
    )
    buffer = _number(_("Buffer"), _("So many pieces are kept back from this store."))
    maximum = _number(_("At most"), _("The store never shows more than this."))
    share_percent = _number(_("Share in percent"), _("Of what is available, the store shows this part."), 100)
    source_warehouses = forms.TypedMultipleChoiceField(
        label=_("Warehouses it sells from"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        kept = self.initial.get("edit_policies", {})
        choices = with_all(_("Like the others"), EDITS)
        for name in EDITED:
            self.fields[f"edit_{name}"] = forms.ChoiceField(
                label=field_word(name), required=False, choices=choices, initial=kept.get(name, "")
            )
        self.dress()

    def single_edits(self) -> list[BoundField]:
        """What becomes of one field, where that is not what becomes of all."""
        return [self[f"edit_{name}"] for name in EDITED]

    def has_single_edits(self) -> bool:
        """Whether one of them is set."""
        return any(field.value() for field in self.single_edits())

    def clean(self) -> dict[str, Any]:
        """The single policies as they are kept: those that are set."""
        found = dict(super().clean() or {})
        single = {name: found.pop(f"edit_{name}", "") for name in EDITED}
        return found | {"edit_policies": {name: policy for name, policy in single.items() if policy}}

    def offer(self, warehouses: Choices) -> None:
        """The warehouses to choose from; with one there is nothing to choose."""
        if len(warehouses) < 2:
            del self.fields["source_warehouses"]
        else:
            self.fields["source_warehouses"].choices = warehouses  # type: ignore[attr-defined]
            self.fields["source_warehouses"].widget.attrs["class"] = "form-check-input"


class StatusMapForm(DeskForm):
    """One choice for each status the store has."""

    def __init__(self, *args: Any, mappings: Sequence[StatusMapping], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.fields |= {
            f"status_{row.remote_id}": forms.ChoiceField(
                label=gettext("Meaning of “%(name)s”") % {"name": row.name},
                choices=StatusMapping.Meaning.choices,
                initial=row.meaning,
            )
            for row in mappings
        }
        self.dress()

    def meanings(self) -> Mapping[str, str]:
        """By the store's own status id."""
        return {name.removeprefix("status_"): value for name, value in self.cleaned_data.items()}


class ListingRulesForm(DeskForm):
    """How much of the stock one listing shows."""

    buffer = _number(_("Buffer"), _("So many pieces are kept back. Empty: the store's own rule."))
    maximum = _number(_("At most"), _("Never shows more than this. Empty: the store's own rule."))
    share_percent = _number(_("Share in percent"), _("Empty: the store's own rule."), 100)
    stock_push = forms.BooleanField(label=_("Entrepot keeps this listing's stock right"), required=False)


class NewItemForm(DeskForm):
    """A new item for a listing that belongs to none."""

    sku = forms.CharField(label="SKU", max_length=255)
