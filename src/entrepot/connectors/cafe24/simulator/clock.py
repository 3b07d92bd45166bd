"""The mall's clock: Korean time, which a test may hold still or move (reference §2, times)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

KST = ZoneInfo("Asia/Seoul")


class MallClock:
    """Tells the time as the mall believes it is. `skew` seconds are added; `stopped` holds it at one moment."""

    def __init__(self) -> None:
        self.skew: float = 0.0
        self.stopped: datetime | None = None

    def now(self) -> datetime:
        """Aware Korean time."""
        return ((self.stopped or datetime.now(UTC)) + timedelta(seconds=self.skew)).astimezone(KST)

    def move(self, **span: float) -> None:
        """Let so much time pass at once: `move(hours=2)`."""
        self.skew += timedelta(**span).total_seconds()

    def stamp(self) -> str:
        """Now as the Admin API writes it: `2026-03-02T14:05:09+09:00`."""
        return stamp(self.now())


def stamp(moment: datetime) -> str:
    """An aware moment as the Admin API writes it, in Korean time."""
    return moment.astimezone(KST).strftime("%Y-%m-%dT%H:%M:%S+09:00")


def bare(moment: datetime) -> str:
    """An aware moment as token answers write it: Korean time, thousandths, no zone."""
    return moment.astimezone(KST).strftime("%Y-%m-%dT%H:%M:%S.000")


def plain(moment: datetime) -> str:
    """An aware moment as the payment timeline writes it: `2026-03-02 14:05:09`, Korean time."""
    return moment.astimezone(KST).strftime("%Y-%m-%d %H:%M:%S")
