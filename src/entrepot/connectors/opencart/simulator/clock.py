"""The shop's two clocks: UTC and the wall clock its owner set (reference case 27)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from entrepot.connectors.opencart.simulator.text import LOCAL_STAMP


class ShopClock:
    """Tells the time as the shop believes it is. `skew` seconds are added; `stopped` holds it at one moment."""

    def __init__(self, timezone: str = "UTC") -> None:
        self.timezone = timezone
        self.skew: float = 0.0
        self.stopped: datetime | None = None
        self._zone = ZoneInfo(timezone)

    def utc(self) -> datetime:
        """Aware time in UTC."""
        return (self.stopped or datetime.now(UTC)) + timedelta(seconds=self.skew)

    def local(self) -> datetime:
        """Aware time on the shop's wall."""
        return self.utc().astimezone(self._zone)

    def stamp(self) -> str:
        """What `NOW()` writes into a row: wall-clock time without a zone."""
        return self.local().strftime(LOCAL_STAMP)

    def stamp_of(self, moment: datetime) -> str:
        """What `NOW()` would have written at `moment`."""
        return moment.astimezone(self._zone).strftime(LOCAL_STAMP)

    def offset(self) -> int:
        """Seconds the wall clock is ahead of UTC now."""
        difference = self.local().utcoffset()
        return int(difference.total_seconds()) if difference else 0

    def face(self) -> dict[str, str | int]:
        """Both clocks as `meta.clock` shows them."""
        local = self.local()
        difference = local.utcoffset() or timedelta()
        return {
            "utc": local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "shop": local.strftime(LOCAL_STAMP),
            "timezone": self.timezone,
            "offset": int(difference.total_seconds()),
        }
