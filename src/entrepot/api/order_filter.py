"""What the list of orders is narrowed by over the API: for the list, its counts, and deeds for all that fit."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from ninja import Field, Schema

from entrepot.fulfilment.finding import with_parcels
from entrepot.kernel.page import PAGE_SIZE
from entrepot.orders.queries import OrderFilter

Id = Field(default=None, ge=1, lt=2**63)
Word = Field(default="", max_length=200, pattern="^[^\\x00]*$")
SEARCH = (
    "Words of which all are found: order number, buyer, phone, e-mail, SKU, product, tracking number. A word looks in "
    "one place only behind number: buyer: phone: email: sku: product: or tracking:"
)


class OrderFilterIn(Schema):
    """Every word narrows the list further. `note`: own (somebody here wrote one) or buyer; `label`: missing or made."""

    search: str = Field(default="", max_length=200, pattern="^[^\\x00]*$", description=SEARCH)
    status: str = Word
    store_id: int | None = Id
    hold_code: str = Word
    tag: str = Word
    placed_from: datetime | None = None
    placed_before: datetime | None = None
    country: str = Field(default="", max_length=2, pattern="^[A-Za-z]*$", description="Of the address: KR")
    payment: str = Word
    origin: str = Word
    pickup: bool = False
    carrier_id: int | None = Id
    tracking: Literal["", "yes", "no"] = Field(default="", description="Whether a parcel has a number")
    label: Literal["", "missing", "made"] = ""
    warehouse_id: int | None = Field(default=None, ge=1, lt=2**63, description="Where its goods are set aside")
    note: Literal["", "own", "buyer"] = ""
    total_from: Decimal | None = Field(default=None, ge=0, lt=10**15)
    total_to: Decimal | None = Field(default=None, ge=0, lt=10**15)

    def narrowed(self, seller_id: int, *, oldest_first: bool = False) -> OrderFilter:
        """As the queries take it."""
        by = OrderFilter(
            search=self.search,
            status=self.status,
            hold_code=self.hold_code,
            channel_id=self.store_id,
            tag=self.tag,
            placed_from=self.placed_from,
            placed_before=self.placed_before,
            country=self.country,
            payment=self.payment,
            origin=self.origin,
            pickup=self.pickup,
            note=self.note,
            total_from=self.total_from,
            total_to=self.total_to,
            warehouse_id=self.warehouse_id,
            oldest_first=oldest_first,
        )
        return with_parcels(
            seller_id=seller_id, by=by, carrier_id=self.carrier_id, label=self.label, number=self.tracking
        )


class OrderListIn(OrderFilterIn):
    """The filters, and which page."""

    sort: Literal["newest", "oldest"] = "newest"
    limit: int = Field(default=PAGE_SIZE, ge=1, le=200)
    after: str = Field(default="", description="`next` of the page before")
