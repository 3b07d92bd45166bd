"""Which answer of a shop is which trouble: the one table, by HTTP status and the bridge's error code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

from entrepot.connectors.opencart.errors import (
    AddressRewritten,
    BridgeDisabled,
    BridgeOutdated,
    ClockSkew,
    Conflict,
    GoneFromShop,
    HostFailed,
    HostRefuses,
    Maintenance,
    MethodLost,
    NoBridge,
    NotUnderstood,
    Redirected,
    RefusedByShop,
    Replayed,
    ShopFailed,
    SignatureLost,
    Throttled,
    TooLarge,
    WrongSecret,
)
from entrepot.kernel.errors import ChannelError
from entrepot.kernel.reasons import marked, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer that is no success: what is known of it."""

    status: int
    code: str | None
    message: str
    detail: Mapping[str, Any]
    headers: Mapping[str, str]
    address: str
    resource: str
    target: str
    now: float
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`status` and `code` None fit any (`code` "" = no JSON error in the answer). The first row that fits wins."""

    status: range | None
    code: str | None
    error: type[ChannelError]
    fields: Callable[[Refusal], dict[str, Any]] = field(default=lambda _refusal: {})

    def fits(self, refusal: Refusal) -> bool:
        """Whether this row speaks of that answer."""
        return (self.status is None or refusal.status in self.status) and (
            self.code is None or self.code == (refusal.code or "")
        )


def why(because: str, said: str) -> str:
    """A reason of the bridge as our sentence; the shop's own words as a quotation where we have none."""
    return REASONS.get(because) or quoted(said)


def _reason(refusal: Refusal) -> dict[str, Any]:
    because = str(refusal.detail.get("reason") or "")
    field = str(refusal.detail.get("field") or refusal.resource)
    return {"field": f"“{field}”", "reason": why(because, refusal.message or because), "because": because}


def _clock(refusal: Refusal) -> dict[str, Any]:
    stated = str(refusal.detail.get("shop_time", ""))
    try:
        shop_time = float(stated)
    except ValueError:
        shop_time = refusal.now
    return clock_fields(shop_time, refusal.now)


def clock_fields(shop_time: float, now: float) -> dict[str, Any]:
    """Two clocks (Unix seconds) as the fields of a sentence; `ahead`: the shop's is."""
    return {
        "seconds": abs(round(shop_time - now)),
        "ahead": shop_time > now,
        "shop_time": _clock_text(shop_time),
        "our_time": _clock_text(now),
    }


def _clock_text(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _retry_after(refusal: Refusal) -> dict[str, Any]:
    """Seconds to wait, from a number or a date, 1 to 3,600; 30 when the shop does not say."""
    stated = refusal.headers.get("retry-after", "").strip()
    if stated.isdigit():
        return {"retry_after": min(max(int(stated), 1), 3600)}
    try:
        wait = parsedate_to_datetime(stated).timestamp() - refusal.now
    except ValueError:
        wait = 30.0
    return {"retry_after": min(max(round(wait), 1), 3600)}


def _redirect(refusal: Refusal) -> dict[str, Any]:
    asked = refusal.address.rstrip("/") + refusal.target
    location = urljoin(asked, refusal.headers.get("location", ""))
    return {"target": location.split("index.php")[0].split("?")[0]}


def _rewritten(refusal: Refusal) -> dict[str, Any]:
    return {"sent": refusal.target, "seen": str(refusal.detail.get("target"))}


def _reference(refusal: Refusal) -> dict[str, Any]:
    return {"reference": str(refusal.detail.get("reference") or "oms_bridge")}


def _thing(refusal: Refusal) -> dict[str, Any]:
    """`order 12` or `product 51`, as far as the shop says."""
    for kind in ("order", "product"):
        if f"{kind}_id" in refusal.detail:
            return {"thing": f"{kind} {refusal.detail[f'{kind}_id']}"}
    return {"thing": refusal.resource}


REASONS: Mapping[str, str] = {
    "too_long": marked("The text is longer than the shop keeps."),
    "missing": marked("Something that the shop needs is missing."),
    "unknown": marked("The shop does not have what is named there."),
    "negative": marked("It must not be below zero."),
    "out_of_range": marked("The figure is larger or smaller than the shop can keep."),
    "not_a_whole_number": marked("It must be a whole number."),
    "characters": marked("This shop cannot keep emoji and other rare characters."),
    "no_place": marked("This shop has no place for it."),
    "stored_differently": marked("The shop keeps another value than it was sent."),
    "unknown_language": marked("The shop does not have this language."),
    "not_confirmed": marked("The order has not been confirmed by its buyer."),
    "folder": marked("The shop may not write to its image folder."),
    "not_an_image": marked("Its content is no picture that the shop can read."),
}
"""What the bridge means by the reason it gives."""
_ANY = range(100, 600)

ANSWERS: tuple[Row, ...] = (
    # What the bridge itself says. PHP warnings may have turned its status into 200, so the code decides alone.
    Row(None, "bad_request", NotUnderstood, _reason),
    Row(None, "unsigned", SignatureLost),
    Row(None, "bad_signature", WrongSecret),
    Row(None, "clock_skew", ClockSkew, _clock),
    Row(None, "replayed", Replayed),
    Row(None, "disabled", BridgeDisabled),
    Row(None, "unknown_resource", BridgeOutdated),
    Row(None, "not_found", GoneFromShop, _thing),
    Row(None, "method_not_allowed", MethodLost),
    Row(None, "conflict", Conflict, _reason),
    Row(None, "too_large", TooLarge),
    Row(None, "invalid", RefusedByShop, _reason),
    Row(None, "rate_limited", Throttled, _retry_after),
    Row(None, "internal", ShopFailed, _reference),
    Row(None, "maintenance", Maintenance),
    # What hosts, proxies and the shop's own pages say: no JSON error, the status decides.
    Row(range(300, 400), None, Redirected, _redirect),
    Row(range(401, 402), None, HostRefuses),
    Row(range(403, 404), None, HostRefuses),
    Row(range(405, 406), None, MethodLost),
    Row(range(413, 415), None, TooLarge),
    Row(range(429, 430), None, Throttled, _retry_after),
    Row(range(503, 504), None, Maintenance),
    Row(range(500, 600), None, HostFailed),
    Row(_ANY, None, NoBridge),
)


def trouble(refusal: Refusal) -> ChannelError:
    """The error an answer that is no success means."""
    row = next(row for row in ANSWERS if row.fits(refusal))
    error, fields = row.error, row.fields(refusal)
    seen = refusal.detail.get("target")
    if error is WrongSecret and seen is not None and str(seen) != refusal.target:
        error, fields = AddressRewritten, _rewritten(refusal)
    detail = f"HTTP {refusal.status} {refusal.code or ''} {refusal.message or refusal.excerpt}".strip()
    common = {"address": refusal.address, "resource": refusal.resource, "status": refusal.status}
    return error(detail, **(common | fields))
