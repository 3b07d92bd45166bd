"""Forms of the warehouse manager's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.inventory.models import Warehouse, Zone
from entrepot.warehouse.models import Count, Receipt, Return, Wave
from entrepot.web.forms.look import Choices, DeskForm, FilterForm, Label, with_all
from entrepot.web.wording.countries import COUNTRIES

LINES = forms.Textarea({"rows": 8, "spellcheck": "false", "class": "form-control mono"})
PASTE_HELP = _("One item a line: its SKU or barcode, then how many. Lines copied from a sheet do.")


def search(label: Label) -> forms.CharField:
    """A search field above a list."""
    return forms.CharField(label=label, required=False, max_length=120, widget=forms.TextInput({"type": "search"}))


class HouseForm(DeskForm):
    """A new warehouse, or another name for one."""

    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("Short, on labels and in files. It stays."))
    name = forms.CharField(label=_("Name"), max_length=120)
    country = forms.ChoiceField(label=_("Country"), required=False, choices=[("", "—"), *COUNTRIES])


class ModeForm(DeskForm):
    mode = forms.ChoiceField(label=_("Who picks and packs"), choices=Warehouse.Mode.choices, widget=forms.RadioSelect)


class ZoneForm(DeskForm):
    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Zone.Kind.choices)


class RowForm(DeskForm):
    """A row of bins, or one."""

    zone = forms.TypedChoiceField(label=_("Zone"), coerce=int)
    first = forms.CharField(label=_("First bin"), max_length=40, widget=forms.TextInput({"placeholder": "A-01-01"}))
    last = forms.CharField(
        label=_("Last bin"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"placeholder": "A-10-05"}),
        help_text=_("Empty = one bin. Every part counts up: A-01-01 to A-10-05 are fifty."),
    )

    def offer(self, zones: Choices) -> None:
        """The zones there are."""
        self.fields["zone"].choices = zones  # type: ignore[attr-defined]


class TotesForm(DeskForm):
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=500, initial=20)


class BinForm(DeskForm):
    """What stands on a bin."""

    code = forms.CharField(label=_("Label"), max_length=40)


class BinFilters(FilterForm):
    q = search(_("Bin"))
    zone = forms.TypedChoiceField(label=_("Zone"), required=False, coerce=int, empty_value=None)


class PlaceFilters(FilterForm):
    q = search(_("Bin, SKU, name or barcode"))


class MoveForm(DeskForm):
    """Some of an item from this bin to another, or out of it."""

    sku = forms.CharField(label=_("SKU or barcode"), max_length=255)
    quantity = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=1_000_000)
    to = forms.CharField(label=_("To bin"), max_length=40, required=False, help_text=_("Empty = it lies in no bin."))


class CorrectForm(DeskForm):
    """So many more or fewer lie in this bin than the books say."""

    sku = forms.CharField(label=_("SKU or barcode"), max_length=255)
    how = forms.ChoiceField(
        label=_("What happened"), choices=[("add", _("Found: add")), ("remove", _("Lost: take away"))]
    )
    quantity = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=1_000_000)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.TextInput({"autocomplete": "off"}))


class ReceiptForm(DeskForm):
    """What is announced. Without lines the goods are received as they come."""

    supplier = forms.CharField(label=_("Supplier"), max_length=200, required=False)
    reference = forms.CharField(
        label=_("Their reference"), max_length=80, required=False, help_text=_("Purchase order or delivery note.")
    )
    expected_on = forms.DateField(
        label=_("Expected on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    pasted = forms.CharField(
        label=_("What is coming"),
        max_length=100_000,
        required=False,
        widget=LINES,
        help_text=_(
            "One item a line: its SKU or barcode, then how many. Leave it empty to receive what nobody announced."
        ),
    )


class TakeForm(DeskForm):
    """Some of an item is here."""

    sku = forms.CharField(label=_("SKU or barcode"), max_length=255, widget=forms.TextInput({"autocomplete": "off"}))
    quantity = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=1_000_000)
    bin = forms.CharField(
        label=_("Into bin"), max_length=40, required=False, help_text=_("Empty = it is put away later.")
    )


class TransferForm(DeskForm):
    to = forms.TypedChoiceField(label=_("To warehouse"), coerce=int)
    reference = forms.CharField(label=_("Reference"), max_length=80, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    pasted = forms.CharField(label=_("What goes"), max_length=100_000, widget=LINES, help_text=PASTE_HELP)

    def offer(self, houses: Choices) -> None:
        """Where it can go."""
        self.fields["to"].choices = houses  # type: ignore[attr-defined]


class ReceiptFilters(FilterForm):
    q = search(_("Number or reference"))
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=with_all(_("All states"), Receipt.State.choices)
    )


class CountForm(DeskForm):
    """What is to be counted."""

    by = forms.ChoiceField(
        label=_("What to count"),
        choices=[
            ("zone", _("All bins of a zone")),
            ("range", _("Bins from … to …")),
            ("stale", _("Bins never counted, or longest ago")),
            ("items", _("These items, wherever they lie")),
            ("best", _("Best sellers (class A, last 90 days)")),
            ("never", _("Items never counted")),
        ],
    )
    zone = forms.TypedChoiceField(label=_("Zone"), required=False, coerce=int, empty_value=None)
    first = forms.CharField(label=_("First bin"), max_length=40, required=False)
    last = forms.CharField(label=_("Last bin"), max_length=40, required=False)
    pasted = forms.CharField(label=_("Items"), max_length=50_000, required=False, widget=LINES)
    limit = forms.IntegerField(label=_("At most"), min_value=1, max_value=2000, initial=50)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def offer(self, zones: Choices) -> None:
        """The zones there are."""
        self.fields["zone"].choices = [("", "—"), *zones]  # type: ignore[attr-defined]


class CountFilters(FilterForm):
    state = forms.ChoiceField(label=_("State"), required=False, choices=with_all(_("All states"), Count.State.choices))


class WorkFilters(FilterForm):
    q = search(_("Order number or SKU"))
    kind = forms.ChoiceField(
        label=_("Lines"),
        required=False,
        choices=with_all(_("Any number"), [("single", _("One line")), ("several", _("Several lines"))]),
    )
    carrier = search(_("Carrier"))
    due = forms.ChoiceField(
        label=_("Due"), required=False, choices=with_all(_("Whenever"), [("now", _("Overdue")), ("today", _("Today"))])
    )


class DueForm(DeskForm):
    due = forms.DateTimeField(
        label=_("Should leave by"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


class WaveForm(DeskForm):
    kind = forms.ChoiceField(label=_("Kind of wave"), choices=Wave.Kind.choices, widget=forms.RadioSelect)
    limit = forms.IntegerField(label=_("At most so many orders"), min_value=1, max_value=500, initial=50)


class PackFilters(FilterForm):
    q = search(_("Order or tracking number"))


class ReturnFilters(FilterForm):
    q = search(_("Return, order or tracking number"))
    state = forms.ChoiceField(label=_("State"), required=False, choices=with_all(_("All states"), Return.State.choices))


class ReturnForm(DeskForm):
    order = forms.CharField(label=_("Order number"), max_length=80)
    tracking_number = forms.CharField(label=_("Tracking number of the return"), max_length=60, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    received = forms.BooleanField(label=_("It is here already"), required=False)
