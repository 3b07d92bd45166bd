"""Postal addresses, line by line as their country writes them. Which internet addresses are public is `addresses`.

An address that is written in Hangul, Kana or Han goes from the region down to the house and ends with the name;
written in Latin letters it goes the other way round, in Korea too.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

_EAST: Final = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u4e00-\u9fff\uac00-\ud7a3]")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]")
_LARGE_TO_SMALL: Final = frozenset({"KR", "JP", "CN", "TW"})
_PROVINCES: Final[Mapping[str, str]] = {
    **{name + "특별시": name for name in ("서울",)},
    **{name + "광역시": name for name in ("부산", "대구", "인천", "광주", "대전", "울산")},
    "세종특별자치시": "세종",
    "경기도": "경기",
    "강원도": "강원",
    "강원특별자치도": "강원",
    "충청북도": "충북",
    "충청남도": "충남",
    "전라북도": "전북",
    "전북특별자치도": "전북",
    "전라남도": "전남",
    "경상북도": "경북",
    "경상남도": "경남",
    "제주특별자치도": "제주",
    "제주도": "제주",
}
"""A Korean province, by the short name that addresses often begin with."""
_AFTER_CITY: Final[Mapping[str, str]] = {
    **dict.fromkeys(["US", "CA", "PR", "KR"], "{city}, {region} {postcode}"),
    **dict.fromkeys(["AU", "TW"], "{city} {region} {postcode}"),
    **dict.fromkeys(["NZ", "SG"], "{city} {postcode}"),
    **dict.fromkeys(["CN"], "{postcode} {city}, {region}"),
    **dict.fromkeys(["JP"], "{city}, {region} {postcode}"),
    **dict.fromkeys(["IN", "TH"], "{city} {postcode}\n{region}"),
    **dict.fromkeys(["GB", "IE", "HU", "UA", "RU", "ZA", "HK"], "{city}\n{region}\n{postcode}"),
    **dict.fromkeys(["ID", "VN"], "{city}\n{region} {postcode}"),
    **dict.fromkeys(["BR"], "{city} - {region}\n{postcode}"),
    **dict.fromkeys(["IT"], "{postcode} {city} {region}"),
    **dict.fromkeys(["TR"], "{postcode} {city}/{region}"),
    **dict.fromkeys(["ES", "MY", "PH"], "{postcode} {city}\n{region}"),
    **dict.fromkeys(["MX"], "{postcode} {city}, {region}"),
    **dict.fromkeys(
        ["AT", "BE", "CH", "CZ", "DE", "DK", "FI", "FR", "GR", "NL", "NO", "PL", "PT", "RO", "SE"], "{postcode} {city}"
    ),
}
"""Where city, region and postcode stand, as the postal services ask for it (order of Google's libaddressinput)."""
_ELSEWHERE: Final = "{postcode} {city}, {region}"
_NO_REGION: Final = re.compile(r"[,\-/ ]*\{region\}")
_STRAY: Final = re.compile(r"^[\s,/\-]+|[\s,/\-]+$")


def is_eastern(address: Mapping[str, str], country: str) -> bool:
    """Whether it is written from large to small: in such a country, and in its own script."""
    return country.upper() in _LARGE_TO_SMALL and bool(_EAST.search("".join(map(_said(address), _PARTS))))


def street_lines(address: Mapping[str, str], country: str) -> list[str]:
    """The address without postcode, name and country, for a label that has its own place for those."""
    said = _said(address)
    if is_eastern(address, country):
        return [line for line in (_down(said), said("line2")) if line]
    return _up(address, country, postcode="")


def address_lines(address: Mapping[str, str], country: str) -> list[str]:
    """The address with its postcode, without name and country."""
    said = _said(address)
    lines = street_lines(address, country)
    if not said("postcode"):
        return lines
    if is_eastern(address, country) or not lines:
        return with_postcode(lines, said("postcode"), country)
    return _up(address, country, postcode=said("postcode"))


def with_postcode(lines: Sequence[str], postcode: str, country: str) -> list[str]:
    """Lines that stand already, with the postcode where readers of that country look for it."""
    kept = [line for line in lines if line.strip()]
    if not postcode:
        return kept
    country = country.upper()
    if country in _LARGE_TO_SMALL and (not kept or _EAST.search("".join(kept))):
        mark = {"KR": f"[{postcode}]", "JP": f"〒{postcode.removeprefix('〒')}"}.get(country, postcode)
        return [f"{mark} {kept[0]}", *kept[1:]] if kept else [mark]
    if not kept:
        return [postcode]
    if _AFTER_CITY.get(country, "").startswith("{postcode}"):
        return [*kept[:-1], f"{postcode} {kept[-1]}"]
    return [*kept[:-1], f"{kept[-1]} {postcode}"]


def country_of(code: str, lines: Sequence[str]) -> str:
    """The country of an address that names none: what is written in Hangul lies in Korea."""
    return code.upper() or ("KR" if in_hangul(lines) else "")


def in_hangul(lines: Sequence[str]) -> bool:
    """Whether it is written as Koreans read it among themselves."""
    return bool(_HANGUL.search("".join(lines)))


_PARTS: Final = ("region", "city", "line1", "line2")


class _said:  # noqa: N801 - reads as a question: said("city")
    def __init__(self, address: Mapping[str, str]) -> None:
        self.address = address

    def __call__(self, part: str) -> str:
        return str(self.address.get(part) or "").strip()


def _down(said: _said) -> str:
    """Region, city and street in one line; what the street says already is not said again."""
    street = said("line1")
    short = {said("region"), _PROVINCES.get(said("region"), said("region"))}
    region = "" if any(name and street.startswith(name) for name in short) else said("region")
    city = "" if said("city") in {region, said("region")} or said("city") in street else said("city")
    if region and city.startswith(region):
        region = ""
    return " ".join(part for part in (region, city, street) if part)


def _up(address: Mapping[str, str], country: str, *, postcode: str) -> list[str]:
    said = _said(address)
    region = "" if said("region") == said("city") else said("region")
    shape = _AFTER_CITY.get(country.upper(), _ELSEWHERE)
    if not region:
        shape = _NO_REGION.sub("", shape)
    place = shape.format(city=said("city"), region=region, postcode=postcode)
    lines = [said("line1"), said("line2"), *place.split("\n")]
    tidy = [_STRAY.sub("", re.sub(r"\s+,", ",", re.sub(r"\s{2,}", " ", line))) for line in lines]
    return [line for line in dict.fromkeys(tidy) if line]
