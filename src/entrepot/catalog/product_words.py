"""What a product says of itself beside its name: description, attributes, further pictures. Checked, read, written."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from entrepot.catalog.errors import (
    AttributeImpossible,
    AttributeIncomplete,
    DescriptionTooLong,
    PictureAddressInvalid,
    TooManyAttributes,
    TooManyPictures,
)
from entrepot.catalog.pictures import LONGEST_ADDRESS, is_image_address

LONGEST_DESCRIPTION: Final = 60_000
MOST_ATTRIBUTES: Final = 50
LONGEST_NAME: Final = 255
LONGEST_VALUE: Final = 2_000
MOST_IMAGES: Final = 20
SIGN: Final = ":"


def checked(words: Mapping[str, Any], *, known: Iterable[str] = ()) -> dict[str, Any]:
    """Those of `description`, `attributes` and `images` that are given (not None), as a product keeps them.

    `known`: addresses that stand there already, which may be of any kind.

    Raises:
        DescriptionTooLong: It has more than 60,000 characters.
        AttributeIncomplete, AttributeImpossible, TooManyAttributes: Attributes cannot be kept like this.
        PictureAddressInvalid, TooManyPictures: Pictures cannot be kept like this.
    """
    found: dict[str, Any] = {}
    if words.get("description") is not None:
        found["description"] = _description(str(words["description"]))
    if words.get("attributes") is not None:
        found["attributes"] = _attributes(words["attributes"])
    if words.get("images") is not None:
        found["images"] = _images(words["images"], set(known))
    return found


def _description(text: str) -> str:
    text = clean_description(text)
    if len(text) > LONGEST_DESCRIPTION:
        raise DescriptionTooLong(field="description", reason="", most=LONGEST_DESCRIPTION, count=len(text))
    return text


def _attributes(pairs: Sequence[Sequence[str]]) -> list[list[str]]:
    kept = []
    for pair in pairs:
        name, value = (" ".join(str(part).replace("\x00", "").split()) for part in pair)
        if not name or not value:
            raise AttributeIncomplete(field="attributes", reason="", line=f"{name}{SIGN} {value}".strip()[:80])
        if SIGN in name or len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE:
            raise AttributeImpossible(
                field="attributes", reason="", name=name[:80], longest=LONGEST_NAME, most=LONGEST_VALUE
            )
        kept.append([name, value])
    if len(kept) > MOST_ATTRIBUTES:
        raise TooManyAttributes(field="attributes", reason="", most=MOST_ATTRIBUTES, count=len(kept))
    return kept


def _images(addresses: Sequence[str], known: set[str]) -> list[str]:
    kept = list(dict.fromkeys(one for address in addresses if (one := str(address).replace("\x00", "").strip())))
    for one in kept:
        if one not in known and not is_image_address(one):
            raise PictureAddressInvalid(field="images", reason="", line=one[:80], most=LONGEST_ADDRESS)
    if len(kept) > MOST_IMAGES:
        raise TooManyPictures(field="images", reason="", most=MOST_IMAGES, count=len(kept))
    return kept


def clean_description(text: str) -> str:
    """Browsers send other line ends than stores do."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


# --------------------------------------------------------------------------- as a store tells them


def brought(description: str, attributes: Sequence[Sequence[str]], images: Sequence[str]) -> tuple[Any, ...]:
    """A store's words as a product can keep them; what cannot be kept is left out.

    A description that is too long is left out whole: half of its markup would spoil the page it is shown on.
    """
    text = clean_description(description)
    pairs = ((_one_line(name).replace(SIGN, " -"), _one_line(value)) for name, value in attributes)
    fit = [[name[:LONGEST_NAME], value[:LONGEST_VALUE]] for name, value in pairs if name and value]
    addresses = dict.fromkeys(one for one in images if is_image_address(one))
    return text if len(text) <= LONGEST_DESCRIPTION else "", fit[:MOST_ATTRIBUTES], list(addresses)[:MOST_IMAGES]


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split()).strip(f" {SIGN}")


# --------------------------------------------------------------------------- as a person writes them


def attributes_in(lines: Iterable[str]) -> list[list[str]]:
    """`Name: value` on each line.

    Raises:
        AttributeIncomplete: A line has no name or no value.
    """
    pairs = []
    for line in lines:
        name, sign, value = (part.strip() for part in line.partition(SIGN))
        if line.strip() and not (name and sign and value):
            raise AttributeIncomplete(field="attributes", reason="", line=line.strip()[:80])
        if name:
            pairs.append([name, value])
    return pairs


def attributes_out(pairs: Iterable[Sequence[str]]) -> list[str]:
    """Attributes as lines."""
    return [f"{pair[0]}{SIGN} {pair[1]}" for pair in pairs if len(pair) == 2]
