"""What the API answers and takes about parcels, claims and returns."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema


class ClaimOut(Schema):
    """What the buyer asks for; `lines` = [[the line's id in the store, quantity], …]."""

    id: int
    remote_id: str
    kind: str
    state: str
    lines: list[list[Any]]
    reason: str
    asked_at: datetime | None


class ParcelLineOut(Schema):
    line_id: int = Field(alias="order_line_id")
    quantity: int


class ParcelOut(Schema):
    id: int
    state: str
    carrier: str
    carrier_name: str
    tracking_number: str
    tracking_url: str
    packed_at: datetime
    handed_over_at: datetime | None
    delivered_at: datetime | None
    lines: list[ParcelLineOut] = []


class PackIn(Schema):
    """`carrier` is the code of `GET /stores/{id}/carriers`, or any name where that is empty. No `lines` = all of it."""

    carrier: str = Field(default="", max_length=80)
    tracking_number: str = Field(default="", max_length=60)
    lines: dict[int, int] | None = Field(default=None, description="How much of each line, by line id.")


class NumberIn(Schema):
    carrier: str = Field(default="", max_length=80)
    tracking_number: str = Field(min_length=1, max_length=60)


class ReceivedIn(Schema):
    line_id: int
    restocked: int = Field(default=0, ge=0, le=1_000_000)
    scrapped: int = Field(default=0, ge=0, le=1_000_000)


class ReturnIn(Schema):
    """What came back, line by line; a line that is not named stays with the buyer."""

    lines: list[ReceivedIn] = Field(min_length=1)
    reason: str = Field(default="", max_length=300)
