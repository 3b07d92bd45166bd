"""The columns of an order in a workbook: the same words go out and come in, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

Kind = Literal["text", "whole", "amount", "moment"]


@dataclass(frozen=True, slots=True)
class Column:
    """`of_line`: different in every line of an order. `taken`: understood when it comes in, `needed` then.

    `also`: other headings people write. `hint` stands on the help sheet.
    """

    key: str
    heading: str
    kind: Kind = "text"
    of_line: bool = False
    taken: bool = False
    needed: bool = False
    also: tuple[str, ...] = ()
    hint: str = ""
    width: int = 14


_ALL: Final = (
    Column(
        "number", _("Order number"), taken=True, needed=True, also=("order no", "order", "주문 번호", "주문번호"),
        hint=_("Your own number. Rows with the same number are lines of one order; a number that is there already is"
               " left as it is."),
    ),
    Column("store", _("Store"), taken=True, also=("sales channel", "스토어", "쇼핑몰", "판매처"), width=18,
           hint=_("The Offline store that the order belongs to. Empty: your first one.")),
    Column("origin", _("Market")),
    Column("status", _("Status")),
    Column("hold", _("On hold because of"), width=20),
    Column("placed_at", _("Placed"), "moment", taken=True, also=("date", "order date", "주문 일시", "주문일시"),
           width=18, hint=_("Date, or date and time, as 2026-11-22 14:30. Empty: now.")),
    Column("buyer_name", _("Buyer"), taken=True, needed=True, also=("customer", "구매자", "주문자"), width=18),
    Column("buyer_email", _("E-mail address"), taken=True, also=("email", "e-mail", "이메일"), width=24),
    Column("buyer_phone", _("Phone"), taken=True, also=("tel", "전화번호", "연락처"), width=16),
    Column("receiver", _("Receiver"), taken=True, also=("recipient", "받는 분", "수령인", "수취인"), width=18,
           hint=_("Who gets the parcel. Empty: the buyer.")),
    Column("receiver_phone", _("Receiver's phone"), taken=True, also=("수령인 전화번호", "수취인 연락처"), width=16),
    Column("country", _("Country"), taken=True, also=("국가",), hint=_("Two letters, such as KR or US."), width=10),
    Column("postcode", _("Postcode"), taken=True, also=("zip", "zip code", "우편번호"), width=10),
    Column("region", _("Region"), taken=True, also=("state", "province", "시/도"), width=12),
    Column("city", _("City"), taken=True, also=("시/군/구",), width=12),
    Column("line1", _("Street"), taken=True, also=("address", "주소"), width=30),
    Column("line2", _("Street, second line"), taken=True, also=("address 2", "상세 주소", "상세주소"), width=20),
    Column("payment_method", _("Payment"), taken=True, also=("payment method", "결제 수단", "결제수단")),
    Column("shipping_method", _("Shipping"), taken=True, also=("shipping method", "배송 방법", "배송방법")),
    Column("shipping_cost", _("Shipping cost"), "amount", taken=True, also=("배송비",), width=12,
           hint=_("Once per order, in any of its rows.")),
    Column("comment", _("The buyer's comment"), taken=True, width=24,
           also=("comment", "delivery message", "배송 메시지", "배송메시지")),
    Column("tags", _("Tags"), taken=True, also=("tag", "태그"), hint=_("Several, divided by commas."), width=14),
    Column("note", _("Note"), taken=True, also=("memo", "메모"), width=24,
           hint=_("For your own people; the buyer never sees it.")),
    Column("currency", _("Currency"), taken=True, also=("통화",), hint=_("Empty: that of the store."), width=9),
    Column("total", _("Total"), "amount", width=12),
    Column("carrier", _("Carrier"), width=14),
    Column("tracking", _("Tracking number"), width=18),
    Column("sku", "SKU", of_line=True, taken=True, needed=True, also=("item", "품목 코드", "상품코드"), width=18,
           hint=_("An item or a kit of your catalogue.")),
    Column("name", _("Product"), of_line=True, width=30),
    Column("options", _("Options"), of_line=True, width=18),
    Column("quantity", _("Quantity"), "whole", of_line=True, taken=True, needed=True, also=("qty", "수량"), width=9),
    Column("canceled", _("Canceled"), "whole", of_line=True, width=9),
    Column("shipped", _("Shipped"), "whole", of_line=True, width=9),
    Column("unit_price", _("Unit price"), "amount", of_line=True, taken=True, needed=True, also=("price", "단가"),
           width=12),
    Column("unit_tax", _("Unit tax"), "amount", of_line=True, taken=True, also=("tax", "단위 세금"), width=10),
    Column("line_total", _("Line total"), "amount", of_line=True, width=12),
)  # fmt: skip
COLUMNS: Final[Mapping[str, Column]] = {column.key: column for column in _ALL}
TAKEN: Final = tuple(column for column in _ALL if column.taken)
USUAL: Final = (
    "number", "store", "status", "placed_at", "buyer_name", "buyer_phone", "country", "postcode", "city", "line1",
    "line2", "currency", "total", "carrier", "tracking", "sku", "name", "options", "quantity", "unit_price",
)  # fmt: skip
"""What goes out where nobody has chosen yet."""
LANGUAGES: Final = ("en", "ko")
EXAMPLES: Final = ("EXAMPLE-1", "예시-1")
"""The number of the template's example; such rows are passed over."""


def heading(column: Column) -> str:
    """The column's name in the reader's language."""
    return gettext(column.heading)


def by_heading() -> dict[str, str]:
    """Every heading that is understood, plain and in both languages, with the column it means."""
    known: dict[str, str] = {}
    for column in TAKEN:
        for language in LANGUAGES:
            with override(language):
                known[plain(gettext(column.heading))] = column.key
    for column in TAKEN:
        for word in (column.heading, column.key, *column.also):
            known.setdefault(plain(word), column.key)
    return known


def plain(word: str) -> str:
    """A heading without case, blanks and the mark of what is required."""
    return "".join(word.casefold().replace("*", "").split())
