"""The life of an order item: every code and every move, in one table (reference §5.6 and §10.1).

A move not listed here is refused with 422 `You cannot change to that order state.`
"""

from collections.abc import Mapping
from dataclasses import dataclass

from entrepot.connectors.cafe24.simulator.answers import Refusal, unprocessable

NAMES: Mapping[str, str] = {
    "N00": "입금전",
    "N01": "교환접수-교환상품",
    "N02": "입금전-카드결제대기",
    "N03": "교환접수-카드결제대기",
    "N10": "상품준비중",
    "N20": "배송준비중",
    "N21": "배송대기",
    "N22": "배송보류",
    "N30": "배송중",
    "N40": "배송완료",
    "N50": "구매확정",
    "C00": "취소신청",
    "C10": "취소접수-관리자",
    "C11": "취소접수거부-관리자",
    "C34": "취소처리중-환불전",
    "C35": "취소처리중-환불완료",
    "C36": "취소처리중-환불보류",
    "C40": "취소완료",
    "C41": "취소완료-환불전",
    "C42": "취소완료-환불요청중",
    "C43": "취소완료-환불보류",
    "C47": "입금전취소-구매자",
    "C48": "입금전취소-자동취소",
    "C49": "입금전취소-관리자",
    "R00": "반품신청",
    "R10": "반품접수",
    "R11": "반품접수거부",
    "R12": "반품보류",
    "R13": "반품접수-수거완료(자동)",
    "R20": "반품수거완료",
    "R30": "반품처리중-수거전",
    "R31": "반품처리중-수거완료",
    "R34": "반품처리중-환불전",
    "R36": "반품처리중-환불보류",
    "R40": "반품완료-환불완료",
    "R41": "반품완료-환불전",
    "R42": "반품완료-환불요청중",
    "R43": "반품완료-환불보류",
    "E00": "교환신청",
    "E10": "교환접수",
    "E11": "교환접수거부",
    "E12": "교환보류",
    "E13": "교환접수-수거완료(자동)",
    "E20": "교환준비",
    "E30": "교환처리중-수거전",
    "E31": "교환처리중-수거완료",
    "E32": "교환처리중-입금전",
    "E33": "교환처리중-입금완료",
    "E34": "교환처리중-환불전",
    "E35": "교환처리중-환불완료",
    "E36": "교환처리중-환불보류",
    "E40": "교환완료",
    "E41": "교환완료-교환철회",
    "E50": "교환철회-판매자",
    "E51": "교환철회-구매자",
}

BEFORE_CLAIM, BEFORE_HOLD, PAID = "(order_status_before_cs)", "(before hold)", "(N10 or N20)"
REFUSED = frozenset({"C11", "R11", "E11"})
UNPAID_CANCELED = frozenset({"C47", "C48", "C49"})
CANCELED = frozenset({"C40", "C41", "C42", "C43"}) | UNPAID_CANCELED
RETURNED = frozenset({"R40", "R41", "R42", "R43"})
GONE = CANCELED | RETURNED
STATE_REFUSED = "You cannot change to that order state."

_OPEN = "N10 N20 N21 N22"
_SENT = "N30 N40"
_CANCELING = f"{_OPEN} C00 C10"
_RETURNING = f"{_SENT} R00 R10 R12 R13 R20 R30 R31 R34"
_EXCHANGING = "N20 N21 N30 N40 E00 E10 E12 E13 E20 E30 E31"


@dataclass(frozen=True, slots=True)
class Move:
    """A trigger, the codes it may meet, and where it leads."""

    trigger: str
    sources: str
    to: str


MOVES = (
    Move("pay", "N00 N02", PAID),
    Move("unpay", "N10 N20", "N00"),
    Move("buyer_cancels_unpaid", "N00 N02", "C47"),
    Move("timer_cancels_unpaid", "N00 N02", "C48"),
    Move("admin_cancels_unpaid", "N00 N02", "C49"),
    Move("prepare", "N10 N01", "N20"),
    Move("prepareproduct", "N20", "N10"),
    Move("hold", "N10 N20", "N22"),
    Move("unhold", "N22", BEFORE_HOLD),
    # ------------------------------------------------------------------ parcels
    Move("post_standby", "N20 N21", "N21"),
    Move("post_shipping", "N20 N21", "N30"),
    Move("put_standby", "N20 N30", "N21"),
    Move("put_shipping", "N21", "N30"),
    Move("put_shipped", "N30", "N40"),
    Move("delete_shipment", "N21 N30", "N20"),
    Move("confirm", "N40", "N50"),
    Move("unconfirm", "N50", "N40"),
    # ------------------------------------------------------------------ cancelling
    Move("ask_cancel", _OPEN, "C00"),
    Move("refuse_cancel", "C00", "C11"),
    Move("cancel_accepted", f"{_OPEN} C00", "C10"),
    Move("cancel_canceling", _CANCELING, "C34"),
    Move("cancel_canceled", f"{_CANCELING} C34 C35 C36", "C40"),
    Move("undo_cancel", "C10 C34 C35 C36 C40 C41 C42 C43", BEFORE_CLAIM),
    # ------------------------------------------------------------------ sending back
    Move("ask_return", _SENT, "R00"),
    Move("refuse_return", "R00", "R11"),
    Move("return_accepted", f"{_SENT} R00", "R10"),
    Move("return_hold", "R10", "R12"),
    Move("return_collected", "R10 R12", "R20"),
    Move("return_processing", f"{_SENT} R00 R10 R12 R13 R20", "R30"),
    Move("return_processing_collected", f"{_SENT} R00 R10 R12 R13 R20 R30", "R31"),
    Move("return_returned", _RETURNING, "R40"),
    Move("undo_return", "R10 R12 R13 R20 R30 R31 R34 R36 R40 R41 R42 R43", BEFORE_CLAIM),
    # ------------------------------------------------------------------ exchanging
    Move("ask_exchange", "N20 N21 N30 N40", "E00"),
    Move("refuse_exchange", "E00", "E11"),
    Move("exchange_accepted", "N20 N21 N30 N40 E00", "E10"),
    Move("exchange_collected", "E10 E12 E13 E30", "E20"),
    Move("exchange_processing", "E10 E12 E13 E20", "E30"),
    Move("exchange_exchanged", _EXCHANGING, "E40"),
    Move("undo_exchange", "E10 E12 E13 E20 E30 E31 E32 E33 E34 E35 E36 E40", BEFORE_CLAIM),
    Move("withdraw_replacement", "N01 N03 N10 N20", "E50"),
    # ------------------------------------------------------------------ money back
    Move("refund", "C34 C35 C36 C40 C41 C42 C43", "C40"),
    Move("refund", "R34 R36 R40 R41 R42 R43", "R40"),
    Move("refund", "E34 E35 E36 E40", "E40"),
)

_TABLE: Mapping[tuple[str, str], str] = {
    (move.trigger, source): move.to for move in MOVES for source in move.sources.split()
}
_LOOSE_SOURCES = frozenset({"N10", "N22"})


def may(trigger: str, code: str) -> bool:
    """Whether the move is listed."""
    return (trigger, code) in _TABLE


def target(trigger: str, code: str, *, loose: bool = False) -> str:
    """Where `trigger` leads from `code`; a code or one of the words in brackets.

    `loose`: parcels may also be issued for N10 and N22 (reference §11.6, not confirmed).

    Raises:
        Refusal: 422, no such move.
    """
    if loose and trigger in {"post_standby", "post_shipping"} and code in _LOOSE_SOURCES:
        code = "N20"
    if not may(trigger, code):
        raise state_refused()
    return _TABLE[trigger, code]


def state_refused() -> Refusal:
    """The sentence live malls answer with."""
    return unprocessable(STATE_REFUSED)


def text_of(code: str) -> str:
    """The Korean name; an unknown code is its own name."""
    return NAMES.get(code, code)
