"""Single values of OpenCart rows → plain values: text, amounts, weights, times. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from html import unescape
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from entrepot.connectors.opencart.wire import Clock

_GRAMS = {
    "kg": Decimal(1000),
    "g": Decimal(1),
    "gr": Decimal(1),
    "mg": Decimal("0.001"),
    "lb": Decimal("453.59237"),
    "lbs": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
_GRAM_PLACES = Decimal("0.001")


def plain(stored: str | None) -> str:
    """Text as a person reads it: the shop stores it HTML-escaped (case 4) and empty text as NULL or '' (case 40)."""
    if not stored:
        return ""
    return unescape(stored).strip() if "&" in stored else stored.strip()


def truth(stored: object) -> bool:
    """A flag, however PHP wrote it."""
    return str(stored).lower() not in {"none", "false", "0", ""}


def image_url(image_base: str, path: str | None) -> str:
    """The address of an image; its path is stored escaped, below `image/`, with spaces and any script."""
    relative = plain(path)
    if not relative or not image_base:
        return ""
    if relative.startswith(("http://", "https://")):
        return relative
    return image_base.rstrip("/") + "/" + quote(relative.lstrip("/"), safe="/~()!,")


def grams(weight: Decimal | None, unit: str | None) -> Decimal | None:
    """Weight in grams; None when the shop has none (0) or the unit is unknown."""
    factor = _GRAMS.get((unit or "").strip().strip(".").lower())
    if not weight or factor is None or not weight.is_finite():
        return None
    return (weight * factor).quantize(_GRAM_PLACES).normalize() + 0


@dataclass(frozen=True, slots=True)
class ShopClock:
    """The shop's wall clock. `now` is its reading when it answered; `zone` turns its times into aware ones.

    `agrees` False: the zone the shop names is not the one its clock follows.
    """

    zone: tzinfo
    name: str
    offset_seconds: int
    now: datetime
    agrees: bool = True

    def aware(self, stored: str | None) -> datetime | None:
        """A stored date-time ("2026-11-22 11:17:44", shop-local, case 27) in UTC; None for zero dates and NULL.

        In the hour that a clock going back repeats, the first of the two is taken: the shop stores no offset, so
        nobody can tell. Order by ids, never by times (case 28).
        """
        wall = wall_time(stored)
        return None if wall is None else wall.replace(tzinfo=self.zone).astimezone(UTC)


def wall_time(stored: str | None) -> datetime | None:
    """A stored date or date-time without zone; None for NULL, '' and zero dates ("0000-00-00", case 31)."""
    if not stored or stored.startswith("0000"):
        return None
    try:
        return datetime.fromisoformat(stored).replace(tzinfo=None)
    except ValueError:
        return None


def shop_clock(clock: Clock) -> ShopClock:
    """The clock out of `meta.clock`.

    The named zone is taken when it exists and agrees with the two clocks; else their difference, to the quarter of
    an hour, is the zone: rows are written by the shop's clock, whatever its settings say.

    Raises:
        ValueError: The two clocks cannot be read.
    """
    utc = datetime.fromisoformat(clock.utc).astimezone(UTC)
    shop = wall_time(clock.shop)
    if shop is None:
        raise ValueError(f"clock.shop: {clock.shop!r}")
    seen = timedelta(minutes=15 * round((shop - utc.replace(tzinfo=None)) / timedelta(minutes=15)))
    named = _zone(clock.timezone)
    agrees = named is None or utc.astimezone(named).utcoffset() == seen
    zone: tzinfo = named if named is not None and agrees else timezone(seen)
    return ShopClock(zone, clock.timezone or str(zone), int(seen.total_seconds()), shop, agrees)


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError):  # unknown, empty, a folder's name, or not even a path
        return None
