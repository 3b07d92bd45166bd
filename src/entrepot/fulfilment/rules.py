"""Which carrier an order goes with, and why, in words: the first rule whose every condition fits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Final

from django.utils.translation import gettext_noop as _

from entrepot.fulfilment.models import Carrier, CarrierRule
from entrepot.orders.models import Order, OrderLine

Said = tuple[str, Mapping[str, str]]
"""An English sentence with {fields}, and the words for them."""
EVERY_ORDER: Final = _("Rule {position} takes every order.")
TO_COUNTRY: Final = _("it goes to {country}")
IN_POSTCODES: Final = _("its postcode {postcode} lies between {first} and {last}")
WITH_WEIGHT: Final = _("it weighs {weight} g")
WITH_VALUE: Final = _("it is worth {value} {currency}")
WITH_SKU: Final = _("it holds {sku}")
FROM_CHANNEL: Final = _("it comes from {channel}")
RULE_FITS: Final = _("Rule {position}: {conditions}.")
NO_RULE: Final = _("No carrier rule fits this order.")
STORES_OWN: Final = _("{store} names {carrier} for this order.")
STORES_DEFAULT: Final = _("{carrier} is the usual carrier of {store}.")
RULE_CHANNEL: Final = _("from {channel}")
RULE_COUNTRIES: Final = _("to {countries}")
RULE_POSTCODES: Final = _("postcodes {first} – {last}")
RULE_WEIGHT: Final = _("{first} – {last} g")
RULE_VALUE: Final = _("worth {first} – {last} {currency}")
RULE_SKU: Final = _("with a SKU like {sku}")
BY_HAND: Final = _("Chosen by hand.")
SAME_BOX: Final = _("It lies in one parcel with order {number}.")


@dataclass(frozen=True, slots=True)
class Choice:
    """A carrier and why: a sentence, and the parts of it that are sentences themselves. `remote` = the store's code."""

    carrier: Carrier | None
    because: str
    words: Mapping[str, str] = field(default_factory=dict)
    parts: Sequence[Said] = ()
    remote: str = ""

    def kept(self) -> list[object]:
        """As a parcel keeps it; `explained` says it again in the reader's language."""
        return [self.because, dict(self.words), [[sentence, dict(words)] for sentence, words in self.parts]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What rules look at. `weight` in grams, None where an item's weight is not known."""

    country: str
    postcode: str
    weight: Decimal | None
    value: Decimal
    currency: str
    skus: Sequence[str]
    channel_id: int
    channel: str


def choose(order: Order) -> Choice:
    """The carrier of the seller's first rule that fits; none with the reason. A carrier not in use is passed."""
    rows = CarrierRule.objects.filter(seller_id=order.seller_id, carrier__active=True)
    parcel = None
    for rule in rows.select_related("carrier").order_by("position", "id"):
        parcel = parcel or looked_at(order)
        if (reasons := fits(rule, parcel)) is not None:
            position = str(rule.position)
            if not reasons:
                return Choice(rule.carrier, EVERY_ORDER, {"position": position})
            return Choice(rule.carrier, RULE_FITS, {"position": position}, reasons)
    return Choice(None, NO_RULE)


def looked_at(order: Order) -> Parcel:
    """The facts of an order that rules look at."""
    lines = [line for line in _lines(order) if line.quantity > line.canceled]
    weights = [weight for line in lines if (weight := _weight(line)) is not None]
    address = order.shipping or {}
    return Parcel(
        country=str(address.get("country_code") or order.sales_channel.country).upper(),
        postcode=_plain(str(address.get("postcode") or "")),
        weight=sum(weights, Decimal(0)) if lines and len(weights) == len(lines) else None,
        value=order.total,
        currency=order.base_currency,
        skus=[line.item.sku if line.item else line.sku for line in lines],
        channel_id=order.sales_channel_id,
        channel=order.sales_channel.name,
    )


def _lines(order: Order) -> Sequence[OrderLine]:
    rows = OrderLine.objects.filter(order__seller_id=order.seller_id, order=order)
    return list(rows.select_related("item").order_by("position"))


def _weight(line: OrderLine) -> Decimal | None:
    if line.item is None or line.item.weight_grams is None:
        return None
    return line.item.weight_grams * (line.quantity - line.canceled)


def fits(rule: CarrierRule, parcel: Parcel) -> list[Said] | None:
    """Why the rule fits, one reason for each of its conditions; None = it does not."""
    reasons = []
    for holds, said in _conditions(rule, parcel):
        if not holds:
            return None
        reasons.append(said)
    return reasons


def _conditions(rule: CarrierRule, parcel: Parcel) -> Iterator[tuple[bool, Said]]:
    if rule.sales_channel_id is not None:
        yield rule.sales_channel_id == parcel.channel_id, (FROM_CHANNEL, {"channel": parcel.channel})
    if rule.countries:
        yield parcel.country in rule.countries, (TO_COUNTRY, {"country": parcel.country})
    if rule.postcode_from or rule.postcode_to:
        first, last = _plain(rule.postcode_from), _plain(rule.postcode_to or rule.postcode_from)
        inside = bool(parcel.postcode) and first <= parcel.postcode and parcel.postcode[: len(last)] <= last
        yield inside, (IN_POSTCODES, {"postcode": parcel.postcode, "first": first, "last": last})
    if rule.weight_from is not None or rule.weight_to is not None:
        weight = parcel.weight
        heavy = weight is not None and (rule.weight_from or 0) <= weight
        yield heavy and _at_most(weight, rule.weight_to), (WITH_WEIGHT, {"weight": _number(weight)})
    if rule.value_from is not None or rule.value_to is not None:
        dear = parcel.currency == rule.currency and (rule.value_from or 0) <= parcel.value
        words = {"value": _number(parcel.value), "currency": parcel.currency}
        yield dear and _at_most(parcel.value, rule.value_to), (WITH_VALUE, words)
    if rule.sku:
        found = next((sku for sku in parcel.skus if fnmatchcase(sku.upper(), rule.sku.upper())), "")
        yield bool(found), (WITH_SKU, {"sku": found})


def conditions_of(rule: CarrierRule) -> list[Said]:
    """What a rule asks for, one sentence for each of its conditions; none = it takes every order."""
    said: list[Said] = []
    if rule.sales_channel is not None:
        said.append((RULE_CHANNEL, {"channel": rule.sales_channel.name}))
    if rule.countries:
        said.append((RULE_COUNTRIES, {"countries": ", ".join(rule.countries)}))
    if rule.postcode_from or rule.postcode_to:
        said.append((RULE_POSTCODES, {"first": rule.postcode_from, "last": rule.postcode_to or rule.postcode_from}))
    if rule.weight_from is not None or rule.weight_to is not None:
        said.append((RULE_WEIGHT, {"first": _border(rule.weight_from, "0"), "last": _border(rule.weight_to, "…")}))
    if rule.value_from is not None or rule.value_to is not None:
        borders = {"first": _border(rule.value_from, "0"), "last": _border(rule.value_to, "…")}
        said.append((RULE_VALUE, borders | {"currency": rule.currency}))
    if rule.sku:
        said.append((RULE_SKU, {"sku": rule.sku}))
    return said


def _border(figure: Decimal | int | None, none: str) -> str:
    return none if figure is None else _number(Decimal(figure))


def _at_most(figure: Decimal | None, most: int | Decimal | None) -> bool:
    return most is None or (figure is not None and figure <= most)


def _number(figure: Decimal | None) -> str:
    return f"{figure or 0:f}".rstrip("0").rstrip(".") if "." in f"{figure or 0:f}" else f"{figure or 0:f}"


def _plain(postcode: str) -> str:
    return postcode.replace(" ", "").replace("-", "").upper()
