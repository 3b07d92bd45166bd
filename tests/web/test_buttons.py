"""Which button of an order invites to be pressed."""

from types import SimpleNamespace

import pytest

from entrepot.orders.models import Status
from entrepot.web.order_page.moves import buttons_for


@pytest.mark.parametrize(
    ("hold_code", "tone"), [("person", "primary"), ("awaiting_payment", ""), ("held_in_store", "")]
)
def test_a_hold_that_ends_by_itself_invites_nobody_to_end_it(hold_code: str, tone: str) -> None:
    order = SimpleNamespace(
        status=Status.ON_HOLD, hold_code=hold_code, sales_channel=SimpleNamespace(kind="cafe24"), held_from=""
    )
    anyone = SimpleNamespace(may=lambda _action: True)

    tones = {button.move: button.tone for button in buttons_for(anyone, order)}  # type: ignore[arg-type]

    assert tones["unhold"] == tone
