"""Forms of the parcels panel: which carrier, which number."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.channels.models import RemoteCarrier
from entrepot.fulfilment.models import Box, Shipment
from entrepot.web.forms.look import DeskForm


class ParcelForm(DeskForm):
    """Carrier and tracking number. Where the store lists its carriers, one of those; else any name."""

    carrier = forms.CharField(label=_("Carrier"), max_length=80, required=False)
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def offer(self, carriers: Sequence[RemoteCarrier], *, needed: bool) -> None:
        """The store's own carriers to choose from, its first choice chosen; and whether both must be given."""
        if carriers:
            chosen = next((row.remote_id for row in carriers if row.is_default), "")
            self.fields["carrier"] = forms.ChoiceField(
                label=_("Carrier"),
                choices=[("", "—"), *((row.remote_id, row.name) for row in carriers)],
                initial=self.initial.get("carrier", chosen),
                required=False,
            )
        for name in ("carrier", "tracking_number"):
            self.fields[name].required = needed
        self.dress()


class PackForm(ParcelForm):
    """What packing takes beside: one of the seller's boxes, and the weight."""

    box = forms.ChoiceField(label=_("Box"), required=False)
    weight_grams = forms.IntegerField(label=_("Weight (g)"), min_value=1, max_value=1_000_000, required=False)

    def boxes(self, known: Sequence[Box]) -> None:
        """The boxes to choose from; without any, nothing is asked."""
        if known:
            choices = [("", "—"), *((box.name, box.name) for box in known)]
            self.fields["box"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["box"]


def number_form(parcel: Shipment, carriers: Sequence[RemoteCarrier], *, needed: bool) -> ParcelForm:
    """The form that changes a parcel's number, as it is now."""
    form = ParcelForm(
        initial={"carrier": parcel.carrier, "tracking_number": parcel.tracking_number},
        auto_id=f"id_{parcel.pk}_%s",
    )
    form.offer(carriers, needed=needed)
    return form
