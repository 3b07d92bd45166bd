"""How a product is listed in a store, and what is changed of it there."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext_lazy as _

from entrepot.catalog.models import Item, Product
from entrepot.catalog.product_words import attributes_out
from entrepot.channels.queries.offers import CategoryChoice
from entrepot.channels.queries.storefront import Place, Priced
from entrepot.channels.services.offers import Offer
from entrepot.channels.services.offers_draft import own_words
from entrepot.channels.services.storefront import NewPrice
from entrepot.kernel.money import plain
from entrepot.kernel.seen import plain as text_of
from entrepot.web.forms.lines import LinesForm
from entrepot.web.forms.look import Label
from entrepot.web.templatetags.catalog import plain_text

WORDS = ("name", "description", "brand", "category_ids", "images", "attributes")
"""The fields of a store's own words, in the order of the page."""


LONGEST_HINT = 400
EMPTY = _("Empty: the product's own.")
INSTEAD = _("Where no address stands above, this store gets only these pictures.")


def amount_field(label: Label, *, help_text: Label = "", required: bool = True) -> forms.DecimalField:
    """An amount of money above zero."""
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=required,
        max_digits=15,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )


class Pairs(BaseChoiceIterator):
    """Choices that are pairs already, and thousands: Django looks into each of any other list, twice."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.pairs = pairs

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)


class WordsForm(LinesForm):
    """A store's own words for a product. What the store has none of is not asked."""

    name = forms.CharField(label=_("Name in this store"), max_length=250)
    brand = forms.ChoiceField(label=_("Brand in this store"), required=False)
    category_ids = forms.MultipleChoiceField(
        label=_("Categories in this store"),
        required=False,
        widget=forms.SelectMultiple({"size": 6, "class": "form-select"}),
        help_text=_("Buyers find a product by its category. Hold Ctrl to choose several."),
    )
    field_order: Sequence[str] = WORDS

    def offer_choices(
        self, categories: Sequence[CategoryChoice], brands: Sequence[str], *, has_attributes: bool
    ) -> None:
        """The store's own categories and brands, and whatever stands there now."""
        brand = self.initial.get("brand") or ""
        names = [name for name in (brand,) if name and name not in brands]
        known = {row.remote_id for row in categories}
        there = [str(one) for one in self.initial.get("category_ids") or () if str(one) not in known]
        self.fields["brand"].choices = Pairs([("", "—"), *((name, name) for name in [*names, *brands])])  # type: ignore[attr-defined]
        own = [(row.remote_id, row.path) for row in categories]
        self.fields["category_ids"].choices = Pairs([*own, *((one, f"#{one}") for one in there)])  # type: ignore[attr-defined]
        for name, any_there in (
            ("brand", brands or names),
            ("category_ids", categories or there),
            ("attributes", has_attributes),
        ):
            if not any_there:
                del self.fields[name]

    def words(self) -> dict[str, Any]:
        """The words that were filled in."""
        return {name: self.cleaned_data[name] for name in WORDS if name in self.cleaned_data}


def words_start(words: Mapping[str, Any]) -> dict[str, Any]:
    """Words as the form shows them."""
    shown = dict(words)
    shown["description"] = str(words.get("description") or "").replace("\r\n", "\n").strip()
    shown["images"] = "\n".join(str(one) for one in words.get("images") or ())
    shown["attributes"] = "\n".join(attributes_out(words.get("attributes") or ()))
    return shown


class OfferForm(WordsForm):
    """A product as it is to be listed in one store; `item_…`: what single items cost where that differs."""

    price = amount_field(_("Selling price"), help_text=_("What the buyer pays."))
    retail_price = amount_field(
        _("Retail price (MRP)"), help_text=_("Empty: the same as the selling price."), required=False
    )
    active = forms.BooleanField(label=_("Show it to buyers at once"), required=False, initial=True)
    field_order = ("price", "retail_price", *WORDS, "active")
    saw = ""
    """The mark of the draft that the page shows, "" before it is known."""

    def __init__(self, *args: Any, items: Sequence[Item] = (), as_draft: bool = False, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["price"].required = not as_draft
        self.items = items if len(items) > 1 else ()
        for item in self.items:
            options = ", ".join(str(option[1]) for option in item.options if len(option) > 1)
            self.fields[f"item_{item.pk}"] = amount_field(f"{item.sku} · {options or item.name}", required=False)
        self.dress()

    def clean(self) -> dict[str, Any]:
        """No price above the retail price."""
        facts = super().clean() or self.cleaned_data
        price, retail = facts.get("price"), facts.get("retail_price")
        if price is not None and retail is not None and retail < price:
            self.add_error("retail_price", _("The retail price is below the selling price."))
        return facts

    def lean_on(self, product: Product) -> None:
        """Show what the store gets of the product's own words where a field is left empty."""
        own = own_words(product)
        for name in [name for name in own if name in self.fields]:
            field = self.fields[name]
            match name:
                case "images":
                    lines = own[name]
                case "attributes":
                    lines = attributes_out(own[name])
                case _:
                    lines = plain_text(own[name])[:LONGEST_HINT].splitlines()
            field.widget.attrs["placeholder"] = "\n".join(lines)
            field.help_text = f"{field.help_text} {EMPTY}".strip()
        if "images" in own:
            self.fields["pictures"].help_text = f"{self.fields['pictures'].help_text} {INSTEAD}"

    def unlike(self, draft: Mapping[str, Any]) -> list[str]:
        """What a draft says otherwise than this form, in short."""
        mine = self.drafted()
        apart = [name for name in self.fields if text_of(mine.get(name)) != text_of(draft.get(name))]
        said = [(str(self.fields[name].label), draft.get(name)) for name in apart]
        told = [f"{label}: {now[:60]}" if isinstance(now, str) and now else label for label, now in said]
        return told or [str(_("Prices of single variations"))]

    def single_prices(self) -> list[forms.BoundField]:
        """The fields of single items."""
        return [self[f"item_{item.pk}"] for item in self.items]

    def prices(self) -> dict[int, Decimal]:
        """What single items cost where that differs."""
        found = {item.pk: self.cleaned_data.get(f"item_{item.pk}") for item in self.items}
        return {item_id: price for item_id, price in found.items() if price is not None}

    def drafted(self) -> dict[str, Any]:
        """What was filled in, as a draft keeps it."""
        facts = self.cleaned_data
        more = {name: facts.get(name) for name in ("price", "retail_price", "active")}
        return {**self.words(), **more, "prices": self.prices()}

    def offer(self) -> Offer:
        """What was filled in, as an offer."""
        words = self.words()
        pairs = [(name, value) for name, value in words.pop("attributes", [])]
        facts = self.cleaned_data
        return Offer(
            price=facts["price"],
            retail_price=facts["retail_price"],
            prices=self.prices(),
            active=facts["active"],
            attributes=pairs,
            **words,
        )


class ThereForm(WordsForm):
    """What a store has of a product: its words, and what each listing costs. Only what a person changed is told.

    `shown` says what stood in each field when the page was opened, so that what somebody else changed since is neither
    taken for a change of this person, nor put back.
    """

    shown = forms.CharField(required=False, max_length=60_000, widget=forms.HiddenInput())
    approved = forms.BooleanField(label=_("Yes, I mean it"), required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        kwargs["initial"] = _start(place)
        super().__init__(*args, **kwargs)
        self.place = place
        self._now = {name: _mark(name, value) for name, value in self.initial.items()}
        self.initial["shown"] = json.dumps(self._now, sort_keys=True)
        for one in self.priced():
            listing = one.listing
            name = listing.item.sku if listing.item else listing.title
            self.fields[f"price_{listing.pk}"] = amount_field(
                _("Selling price of %(sku)s") % {"sku": name}, required=one.wanted[0] is not None
            )
            self.fields[f"retail_{listing.pk}"] = amount_field(
                _("Retail price of %(sku)s") % {"sku": name}, required=False
            )
        self.dress()

    def priced(self) -> list[Priced]:
        """What can be told a price."""
        return [one for one in self.place.prices if one.listing in self.place.here]

    def price_rows(self) -> list[tuple[Priced, forms.BoundField, forms.BoundField]]:
        """Each listing with its two fields."""
        return [(one, self[f"price_{one.listing.pk}"], self[f"retail_{one.listing.pk}"]) for one in self.priced()]

    def word_fields(self) -> list[forms.BoundField]:
        """The fields of the words, and files for pictures behind the addresses of pictures."""
        names = [one for name in WORDS for one in ((name, "pictures") if name == "images" else (name,))]
        return [self[name] for name in names if name in self.fields]

    def clean_shown(self) -> dict[str, str]:
        """The marks of what the page showed."""
        try:
            return {str(name): str(mark) for name, mark in json.loads(self.cleaned_data["shown"]).items()}
        except (ValueError, AttributeError):
            return {}

    def clean(self) -> dict[str, Any]:
        """A field that two people changed is looked at again by the second of them."""
        facts = super().clean() or self.cleaned_data
        shown = facts.get("shown") or {}
        if not shown:
            self.add_error(None, _("This page does not say what it showed. Open it again, then change it."))
        for name in [name for name in self._now if name in self.fields and name in shown]:
            if shown[name] != self._now[name] and self._posted(name) not in {shown[name], self._now[name]}:
                said = _(
                    "Somebody changed this since you opened the page. It is “%(now)s” now. Save again to have yours."
                )
                self.add_error(name, forms.ValidationError(said, params={"now": self._said(name)}))
                shown[name] = self._now[name]
        if shown and self.errors:
            data = QueryDict(mutable=True)
            data.update(self.data)
            data[self.add_prefix("shown")] = json.dumps(shown, sort_keys=True)
            self.data = data
        return facts

    def clean_images(self) -> list[str]:
        """Addresses; what was not touched is as good as it was."""
        return super().clean_images() if self._touched("images") else []

    def clean_attributes(self) -> list[list[str]]:
        """Names and values; what was not touched is as good as it was."""
        return super().clean_attributes() if self._touched("attributes") else []

    def changed_words(self) -> dict[str, Any]:
        """The words that this person changed."""
        return {name: value for name, value in self.words().items() if self._touched(name)}

    def _touched(self, name: str) -> bool:
        shown = self.cleaned_data.get("shown") or {}
        return self._posted(name) not in {shown.get(name, _mark(name, None)), self._now.get(name, _mark(name, None))}

    def _posted(self, name: str) -> str:
        sent = self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return _mark(name, sent)

    def _said(self, name: str) -> str:
        """What stands there now, in short."""
        choices = {str(key): str(word) for key, word in getattr(self.fields[name], "choices", ())}
        now = self.initial.get(name)
        values = now if isinstance(now, list | tuple) else [now or ""]
        return ", ".join(choices.get(str(one), str(one)) for one in values)[:80]

    def changed_prices(self) -> list[NewPrice]:
        """The listings whose price or retail price this person changed; of the two the other is as it stands now."""
        found = []
        for one in self.priced():
            price, retail = one.wanted
            if self._touched(f"price_{one.listing.pk}"):
                price = self.cleaned_data[f"price_{one.listing.pk}"]
            if self._touched(f"retail_{one.listing.pk}"):
                retail = self.cleaned_data[f"retail_{one.listing.pk}"]
            if price is not None and (price, retail) != one.wanted:
                found.append(NewPrice(listing_id=one.listing.pk, price=price, retail_price=retail))
        return found

    def ask_twice(self) -> None:
        """Show the box a person ticks to approve a price that falls far."""
        self.fields["approved"].widget = forms.CheckboxInput({"class": "form-check-input"})


def _mark(name: str, value: object) -> str:
    """A short sign of a field's value: the same for what a browser sends back untouched, whatever its line ends."""
    if name == "category_ids":
        ids = value if isinstance(value, list | tuple) else ()
        told = "\n".join(sorted(str(one) for one in ids))
    else:
        told = str(value or "").replace("\r\n", "\n").strip()
    return sha256(told.encode()).hexdigest()[:16]


def _start(place: Place) -> dict[str, Any]:
    """A place as its form shows it: what we want there, else what it shows."""
    words = {word.name: word.seen if word.wanted is None else word.wanted for word in place.words}
    shown = words_start(words)
    for one in place.prices:
        price, retail = one.wanted
        shown[f"price_{one.listing.pk}"] = "" if price is None else plain(price)
        shown[f"retail_{one.listing.pk}"] = "" if retail is None else plain(retail)
    return shown
