"""Forms for addresses of other systems."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entrepot.inventory.models import Warehouse
from entrepot.outgoing.kinds import CHOICES
from entrepot.outgoing.models import Endpoint
from entrepot.web.forms.look import DeskForm


class EndpointForm(DeskForm):
    """A program that asks for kinds of messages, or the system that works in a warehouse."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As you call the other system."))
    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("Where it takes messages, with https:// in front.")
    )
    warehouse = forms.TypedChoiceField(label=_("Kind of system"), required=False, coerce=int, empty_value=None)
    kinds = forms.MultipleChoiceField(label=_("What it is told"), required=False, widget=forms.CheckboxSelectMultiple)
    label = forms.ChoiceField(label=_("How it gets labels"), choices=Endpoint.Label.choices, required=False)

    def __init__(self, *args: Any, places: Sequence[Warehouse], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **kwargs)
        works = [(place.pk, gettext("the system of %(warehouse)s") % {"warehouse": place.name}) for place in places]
        self.fields["warehouse"].choices = [("", gettext("a program of yours")), *works]  # type: ignore[attr-defined]
        offered = [(kind.name, gettext(kind.says)) for kind in CHOICES.values()]
        self.fields["kinds"].choices = offered  # type: ignore[attr-defined]


class EndpointFactsForm(DeskForm):
    """What can be changed of an address."""

    name = forms.CharField(label=_("Name"), max_length=80)
    url = forms.CharField(label=_("Address"), max_length=500)
    kinds = forms.MultipleChoiceField(label=_("What it is told"), required=False, widget=forms.CheckboxSelectMultiple)
    label = forms.ChoiceField(label=_("How it gets labels"), choices=Endpoint.Label.choices, required=False)

    def __init__(self, *args: Any, endpoint: Endpoint, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **kwargs)
        if endpoint.warehouse_id is None:
            del self.fields["label"]
            offered = [(kind.name, gettext(kind.says)) for kind in CHOICES.values()]
            self.fields["kinds"].choices = offered  # type: ignore[attr-defined]
        else:
            del self.fields["kinds"]
