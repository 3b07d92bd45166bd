"""The port to carriers that sell labels over an interface of their own. No Django: a plug-in needs no more of ours.

A plug-in is an object with the promises of `LabelSeller`, named by an entry point of the group `entrepot.carriers` of
any installed package. What it raises decides what happens: `LabelRefused` = nothing was bought, a person looks;
`CarrierAway` = nothing was bought, it is tried again; anything else = nobody knows, so no more is bought by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.metadata import entry_points
from typing import Final, Literal, Protocol

from entrepot.kernel.errors import EntrepotError

GROUP: Final = "entrepot.carriers"
Form = Literal["pdf", "zpl", "png"]


class LabelRefused(EntrepotError):
    """The carrier says no; nothing was bought."""

    code = "label_refused"
    message = "{carrier} sells no label for this parcel. It said: “{said}” Correct that, or choose another carrier."


class CarrierAway(EntrepotError):
    """The carrier could not be asked; nothing was bought."""

    code = "carrier_away"
    message = "{carrier} does not answer ({said}). Entrepot tries again by itself."


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who sends or receives. `country` in two letters."""

    name: str
    company: str = ""
    phone: str = ""
    email: str = ""
    lines: Sequence[str] = ()
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What lies in the parcel, for customs."""

    sku: str
    name: str
    quantity: int
    unit_value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelAsk:
    """A parcel to be sent. `reference` is ours and stands on the carrier's bill; sizes in mm, None = not known."""

    reference: str
    sender: Party
    receiver: Party
    weight_grams: int | None
    size_mm: tuple[int, int, int] | None
    service: str
    goods: Sequence[Goods]
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelBought:
    """What the carrier sold. `remote_id` is what it wants to hear when the label is to be canceled."""

    tracking_number: str
    label: bytes
    form: Form
    remote_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountField:
    """Something the seller's account there consists of. `secret` = never shown again."""

    name: str
    label: str
    secret: bool = False
    required: bool = True


class LabelSeller(Protocol):
    """A carrier, or a house of many carriers, that sells labels."""

    title: str
    fields: Sequence[AccountField]

    def buy(self, ask: LabelAsk, account: Mapping[str, str]) -> LabelBought:
        """Buy one label.

        Raises:
            LabelRefused: The carrier will not; nothing was bought.
            CarrierAway: It could not be asked; nothing was bought.
        """
        ...

    def cancel(self, remote_id: str, account: Mapping[str, str]) -> None:
        """Give a label back that was not used; harmless when it was given back before.

        Raises:
            LabelRefused: It cannot be given back (any more).
            CarrierAway: The carrier could not be asked.
        """
        ...


@dataclass(frozen=True, slots=True)
class Plugins:
    """Those that are installed, and those that do not load, with the reason."""

    sellers: Mapping[str, LabelSeller]
    broken: Mapping[str, str] = field(default_factory=dict)


def installed() -> Plugins:
    """Every plug-in there is. One whose own parts are missing is named with the reason and stops nobody."""
    sellers: dict[str, LabelSeller] = {}
    broken: dict[str, str] = {}
    for entry in entry_points(group=GROUP):
        try:
            sellers[entry.name] = entry.load()
        except Exception as failure:  # noqa: BLE001 - another's code: whatever it raises, the others go on
            broken[entry.name] = f"{type(failure).__name__}: {failure}"
    return Plugins(sellers, broken)
