"""Korean time: how Cafe24 writes moments and how it is asked about days. Pure.

Korea has kept UTC+9 without summer time since 1988, so a fixed offset is exact for everything a mall stores.
"""

from datetime import UTC, date, datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")

_EMPTY = ("0000-00-00", "1970-01-01")


def moment(text: str | None) -> datetime | None:
    """A stored time in UTC, whether it carries its offset or not; what carries none is Korean time.

    None for all that the mall writes where there is no time: null, "", "0000-00-00…", "1970-01-01…".
    """
    stated = (text or "").strip()
    if not stated or stated.startswith(_EMPTY):
        return None
    try:
        read = datetime.fromisoformat(stated)
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=KST)).astimezone(UTC)


def day(at: datetime) -> str:
    """The Korean calendar day of a moment, as `start_date` and `end_date` take it."""
    return at.astimezone(KST).strftime("%Y-%m-%d")


def written(at: datetime) -> str:
    """A moment as the mall writes it: `2025-03-12T09:30:00+09:00`."""
    return at.astimezone(KST).replace(microsecond=0).isoformat()


def midnight(of: date) -> datetime:
    """When a Korean day begins, in UTC."""
    return datetime(of.year, of.month, of.day, tzinfo=KST).astimezone(UTC)


def korean_date(at: datetime) -> date:
    """The Korean calendar day of a moment."""
    return at.astimezone(KST).date()
