"""Cafe24's codes for the state of an order's item, in one table: facts of the channel, the same in every mall."""

from collections.abc import Mapping
from dataclasses import dataclass

from entrepot.connectors.contract import RemoteStatus


@dataclass(frozen=True, slots=True)
class Code:
    """`takes_stock`: the mall has taken the goods off its counter. `meaning` None: never the state of a whole order."""

    korean: str
    english: str
    takes_stock: bool
    meaning: str | None


CODES: Mapping[str, Code] = {
    "N00": Code("입금전", "Awaiting payment", True, "unpaid"),
    "N02": Code("주문접수중", "Order being received", True, "unpaid"),
    "N10": Code("상품준비중", "Preparing product", True, "new"),
    "N20": Code("배송준비중", "Preparing for shipment", True, "new"),
    "N21": Code("배송대기", "Awaiting shipment", True, "processed"),
    "N22": Code("배송보류", "Shipment on hold", True, "held"),
    "N30": Code("배송중", "In transit", True, "in_transit"),
    "N40": Code("배송완료", "Delivered", True, "complete"),
    "N50": Code("구매확정", "Purchase confirmed", True, "complete"),
    "C00": Code("취소신청", "Cancellation requested", True, "cancel_asked"),
    "C10": Code("취소접수", "Cancellation accepted", True, "cancel_asked"),
    "C34": Code("취소처리중-환불전", "Cancelling, before refund", True, "cancel_asked"),
    "C35": Code("취소처리중-환불완료", "Cancelling, refunded", True, "cancel_asked"),
    "C36": Code("취소처리중-환불보류", "Cancelling, refund on hold", True, "cancel_asked"),
    "C40": Code("취소완료", "Canceled", False, "canceled"),
    "C41": Code("취소완료-환불전", "Canceled, before refund", False, "canceled"),
    "C42": Code("취소완료-환불요청중", "Canceled, refund requested", False, "canceled"),
    "C43": Code("취소완료-환불보류", "Canceled, refund on hold", False, "canceled"),
    "C47": Code("입금전취소-구매자", "Canceled before payment by the buyer", False, "unpaid_canceled"),
    "C48": Code("입금전취소-자동취소", "Canceled before payment automatically", False, "unpaid_canceled"),
    "C49": Code("입금전취소-관리자", "Canceled before payment by the seller", False, "unpaid_canceled"),
    "R00": Code("반품신청", "Return requested", True, "return_asked"),
    "R10": Code("반품접수", "Return accepted", True, "return_asked"),
    "R12": Code("반품보류", "Return on hold", True, "return_asked"),
    "R13": Code("반품접수-수거완료", "Return accepted, collected", True, "return_asked"),
    "R20": Code("반품수거완료", "Return collected", True, "return_asked"),
    "R30": Code("반품처리중-수거전", "Return in process, before pickup", True, "return_asked"),
    "R31": Code("반품처리중-수거완료", "Return in process, picked up", True, "return_asked"),
    "R34": Code("반품처리중-환불전", "Return in process, before refund", True, "return_asked"),
    "R36": Code("반품처리중-환불보류", "Return in process, refund on hold", True, "return_asked"),
    "R40": Code("반품완료", "Return complete", False, "returned"),
    "R41": Code("반품완료-환불전", "Return complete, before refund", False, "returned"),
    "R42": Code("반품완료-환불요청중", "Return complete, refund requested", False, "returned"),
    "R43": Code("반품완료-환불보류", "Return complete, refund on hold", False, "returned"),
    # Never the state of a whole order: a refused claim falls back, an exchange replaces one line by another.
    "N01": Code("교환접수-교환상품", "Exchange accepted, replacement item", True, None),
    "N03": Code("교환접수-카드결제대기", "Replacement item, awaiting card payment", True, None),
    "C11": Code("취소접수거부", "Cancellation refused", True, None),
    "R11": Code("반품접수거부", "Return refused", True, None),
    "E00": Code("교환신청", "Exchange requested", True, None),
    "E10": Code("교환접수", "Exchange accepted", True, None),
    "E11": Code("교환접수거부", "Exchange refused", True, None),
    "E12": Code("교환보류", "Exchange on hold", True, None),
    "E13": Code("교환접수-수거완료", "Exchange accepted, collected", True, None),
    "E20": Code("교환준비", "Exchange in preparation", True, None),
    "E30": Code("교환처리중-수거전", "Exchange in process, before pickup", True, None),
    "E31": Code("교환처리중-수거완료", "Exchange in process, picked up", True, None),
    "E32": Code("교환처리중-입금전", "Exchange in process, before payment", True, None),
    "E33": Code("교환처리중-입금완료", "Exchange in process, paid", True, None),
    "E34": Code("교환처리중-환불전", "Exchange in process, before refund", True, None),
    "E35": Code("교환처리중-환불완료", "Exchange in process, refunded", True, None),
    "E36": Code("교환처리중-환불보류", "Exchange in process, refund on hold", True, None),
    "E40": Code("교환완료", "Exchanged", False, None),
    "E41": Code("교환완료-교환철회", "Exchanged, withdrawn", True, None),
    "E50": Code("교환철회-판매자", "Exchange withdrawn by the seller", True, None),
    "E51": Code("교환철회-구매자", "Exchange withdrawn by the buyer", True, None),
}


def statuses() -> tuple[RemoteStatus, ...]:
    """The codes an order as a whole can have, with their names and their fixed meaning."""
    return tuple(
        RemoteStatus(
            remote_id=code,
            names={"en": row.english, "ko": row.korean},
            takes_stock=row.takes_stock,
            suggested=row.meaning,
            fixed=True,
        )
        for code, row in CODES.items()
        if row.meaning is not None
    )
