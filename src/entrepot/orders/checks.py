"""What cannot be an order is refused by name, before the database refuses a whole page without one."""

from collections.abc import Iterable
from decimal import Decimal

from entrepot.catalog.models import Item
from entrepot.kernel.reasons import marked
from entrepot.orders.drafts import OrderDraft
from entrepot.orders.errors import LineItemNotFound, OrderInvalid
from entrepot.orders.flow import ENTERED_AS

LARGEST = Decimal(10) ** 15
MOST = 2**31 - 1
NO_BEGINNING = marked("It cannot begin as “{status}”.")
NO_QUANTITY = marked("The quantity {quantity} of {sku} is not possible.")


def check_items(seller_id: int, item_ids: Iterable[int | None]) -> None:
    """Refuse items that are not this seller's.

    Raises:
        LineItemNotFound: At least one is not.
    """
    wanted = {item_id for item_id in item_ids if item_id is not None}
    if wanted:
        known = set(Item.everything.filter(seller_id=seller_id, pk__in=wanted).values_list("pk", flat=True))
        if missing := wanted - known:
            raise LineItemNotFound(item_id=min(missing))


def check_draft(draft: OrderDraft) -> None:
    """Refuse what no column could hold.

    Raises:
        OrderInvalid: Naming the order and the reason.
    """
    for reason in _faults(draft):
        number = draft.number or draft.remote_id
        raise OrderInvalid(field="order", number=number, reason=reason, remote_id=draft.remote_id)


def _faults(draft: OrderDraft) -> Iterable[str]:
    if not 0 < len(draft.remote_id) <= 80:
        yield marked("Its id in the store is empty or too long.")
    if len(draft.base_currency) != 3 or len(draft.currency) != 3:
        yield marked("Its currency is not a three-letter code.")
    if draft.placed_at.tzinfo is None:
        yield marked("Its time has no time zone.")
    if draft.entered_as and draft.entered_as not in ENTERED_AS:
        yield NO_BEGINNING.format(status=draft.entered_as)
    amounts = [draft.total, draft.rate * 10_000, *(total.amount for total in draft.totals)]
    for line in draft.lines:
        amounts += [line.unit_price, line.line_total, line.unit_tax]
        if not 0 <= line.quantity <= MOST:
            what = line.sku or line.name
            yield NO_QUANTITY.format(quantity=line.quantity, sku=what)
    if not all(amount.is_finite() and abs(amount) < LARGEST for amount in amounts):
        yield marked("An amount is not a number that can be kept.")
