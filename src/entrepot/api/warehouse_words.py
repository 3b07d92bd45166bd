"""The words of the warehouse's endpoints."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from entrepot.inventory.models import Warehouse
from entrepot.warehouse.models import Count, CountLine, Receipt, Wave
from entrepot.warehouse.queries import papers, walks


class WarehouseOut(Schema):
    id: int
    code: str
    name: str
    country: str
    mode: str
    is_default: bool
    active: bool


class WarehouseIn(Schema):
    code: str
    name: str
    country: str = ""


class ModeIn(Schema):
    """`oms_only`, `wms` or `external`."""

    mode: Warehouse.Mode


class BinOut(Schema):
    id: int
    code: str
    zone: str = Field(alias="zone.code")
    active: bool


class RowIn(Schema):
    """A row of bins; `last` empty = one bin. The zone is made where there is none of this code."""

    zone: str
    first: str
    last: str = ""


class LyingOut(Schema):
    bin_id: int
    bin: str = Field(alias="bin.code")
    item_id: int
    sku: str = Field(alias="item.sku")
    quantity: int


class PieceIn(Schema):
    item_id: int
    quantity: int = Field(ge=1, le=10_000_000)


class PutAwayIn(PieceIn):
    bin_id: int


class ReceiptIn(Schema):
    """Without lines the goods are received as they come."""

    warehouse_id: int
    lines: list[PieceIn] = Field(default_factory=list, max_length=2000)
    supplier: str = Field("", max_length=200)
    reference: str = Field("", max_length=80)
    expected_on: date | None = None
    note: str = Field("", max_length=300)


class ReceiveIn(PieceIn):
    bin_id: int | None = None


class WhyIn(Schema):
    reason: str = Field("", max_length=300)


class ReceiptLineOut(Schema):
    item_id: int
    sku: str = Field(alias="item.sku")
    expected: int
    received: int


class ReceiptOut(Schema):
    id: int
    number: str
    kind: str
    state: str
    warehouse_id: int
    from_warehouse_id: int | None
    supplier: str
    reference: str
    expected_on: date | None
    created_at: datetime
    closed_at: datetime | None


class ReceiptDetailOut(ReceiptOut):
    lines: list[ReceiptLineOut]

    @staticmethod
    def resolve_lines(receipt: Receipt) -> Any:  # noqa: ANN401 - ninja reads the rows
        """Its lines by SKU."""
        return papers.receipt_lines(seller_id=receipt.seller_id, receipt_id=receipt.pk)


class TransferIn(Schema):
    from_warehouse_id: int
    to_warehouse_id: int
    lines: list[PieceIn] = Field(max_length=2000)
    reference: str = Field("", max_length=80)
    note: str = Field("", max_length=300)


class CountIn(Schema):
    """Bins with all that lies in them, or items wherever they lie: one of the two."""

    warehouse_id: int
    bin_ids: list[int] = Field(default_factory=list, max_length=2000)
    item_ids: list[int] = Field(default_factory=list, max_length=2000)
    note: str = Field("", max_length=300)


class CountedIn(Schema):
    """All that lies in a bin (none = what of the items has no bin), as counted."""

    bin_id: int | None = None
    found: dict[int, int]


class CountLineOut(Schema):
    id: int
    bin_id: int | None
    item_id: int | None
    state: str
    expected: int | None
    counted: int | None
    reason: str


class CountOut(Schema):
    id: int
    number: str
    state: str
    warehouse_id: int
    by_bin: bool
    note: str
    started_at: datetime
    closed_at: datetime | None


class CountDetailOut(CountOut):
    """`lines` are the differences, once everything is counted; who counts does not see the books."""

    lines: list[CountLineOut]

    @staticmethod
    def resolve_lines(count: Count) -> list[CountLine]:
        """Nothing while people count."""
        if count.state == Count.State.COUNTING:
            return []
        return list(papers.differences(seller_id=count.seller_id, count_id=count.pk))


class DecisionIn(Schema):
    """`line_ids` none = all that wait."""

    line_ids: list[int] | None = None
    reason: str = Field("", max_length=300)


class WaveIn(Schema):
    warehouse_id: int
    kind: Wave.Kind
    limit: int = Field(50, ge=1, le=500)
    work_ids: list[int] | None = None


class PickListOut(Schema):
    id: int
    number: str
    state: str
    picker: str
    pieces: int
    through: int


class WaveOut(Schema):
    id: int
    number: str
    kind: str
    state: str
    warehouse_id: int
    created_at: datetime
    done_at: datetime | None


class WaveDetailOut(WaveOut):
    lists: list[PickListOut]

    @staticmethod
    def resolve_lists(wave: Wave) -> Any:  # noqa: ANN401 - ninja reads the rows
        """Its pick lists."""
        return walks.pick_lists_of(seller_id=wave.seller_id, wave_id=wave.pk)


class ReturnIn(Schema):
    warehouse_id: int
    order_id: int
    tracking_number: str = Field("", max_length=60)
    note: str = Field("", max_length=300)
    received: bool = False


class GradeIn(Schema):
    """`grade`: as_new, opened, damaged or wrong."""

    line_id: int
    grade: str
    quantity: int = Field(ge=1)
    bin_code: str = ""
    note: str = Field("", max_length=300)


class GradedIn(Schema):
    lines: list[GradeIn] = Field(max_length=1000)


class ReturnOut(Schema):
    id: int
    number: str
    state: str
    warehouse_id: int
    order_id: int
    tracking_number: str
    created_at: datetime
    done_at: datetime | None
