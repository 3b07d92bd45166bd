"""Where reading orders goes on: a small JSON text, at most 400 characters. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import msgspec

from entrepot.connectors.cafe24.kst import KST

DATE_TYPES: Mapping[str, str] = {
    "od": "order_date",
    "pd": "pay_date",
    "qr": "cancel_request_date",
    "cd": "cancel_date",
    "ca": "cancel_accept_date",
    "cc": "cancel_complete_date",
    "rr": "return_request_date",
    "ra": "return_accept_date",
    "rc": "return_complete_date",
    "sb": "shipbegin_date",
    "se": "shipend_date",
    "xr": "exchange_request_date",
    "xa": "exchange_accept_date",
    "xc": "exchange_complete_date",
    "pl": "place_date",
    "pc": "purchaseconfirmation_date",
}
"""Short names, as they stand in the cursor, of the dates by which Cafe24 finds orders. It has no date of change."""

LOOK_BACK = timedelta(days=3)
_MINUTE = "%y%m%d%H%M"
_DAY = "%Y%m%d"
_LOG_ID_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """`marks`: up to when orders were read, by date type, in Korean minutes. `first_day`: the first reading's next day.

    `turn` counts rounds of polling; `log_id` is the newest entry of the webhook log that was seen.
    """

    marks: Mapping[str, datetime] = field(default_factory=dict)
    first_day: date | None = None
    turn: int = 0
    log_id: str = ""

    @classmethod
    def begin(cls, first_day: date, now: datetime, log_id: str) -> "Cursor":
        """All of what was ordered since that day, then whatever changes from now on."""
        return cls(marks=dict.fromkeys(DATE_TYPES, floor(now)), first_day=first_day, log_id=log_id[:_LOG_ID_MOST])

    @classmethod
    def read(cls, stated: str, now: datetime) -> "Cursor":
        """A cursor that was kept; one that cannot be understood goes on from a few days ago."""
        try:
            kept = msgspec.json.decode(stated, type=_Kept)
            marks = {name: _minute(text) for name, text in kept.w.items() if name in DATE_TYPES}
            first_day = datetime.strptime(kept.f, _DAY).replace(tzinfo=KST).date() if kept.f else None
        except (msgspec.DecodeError, ValueError):
            kept, marks, first_day = _Kept(), {}, None
        oldest = min(marks.values(), default=floor(now - LOOK_BACK))
        return cls(
            marks={name: marks.get(name, oldest) for name in DATE_TYPES},
            first_day=first_day,
            turn=kept.r,
            log_id=kept.l,
        )

    def moved(self, name: str, to: datetime) -> "Cursor":
        """Orders were read by this date type up to then."""
        return replace(self, marks={**self.marks, name: floor(to)})

    def text(self) -> str:
        """As it is kept."""
        marks = {name: at.astimezone(KST).strftime(_MINUTE) for name, at in self.marks.items()}
        first = self.first_day.strftime(_DAY) if self.first_day else ""
        kept = _Kept(w=marks, f=first, r=self.turn, l=self.log_id[:_LOG_ID_MOST])
        return msgspec.json.encode(kept).decode()


class _Kept(msgspec.Struct, omit_defaults=True):
    w: dict[str, str] = {}
    f: str = ""
    r: int = 0
    l: str = ""  # noqa: E741 - one letter, because the cursor is short


def floor(at: datetime) -> datetime:
    """The minute a moment lies in, in Korean time."""
    return at.astimezone(KST).replace(second=0, microsecond=0)


def _minute(stated: str) -> datetime:
    return datetime.strptime(stated, _MINUTE).replace(tzinfo=KST)
