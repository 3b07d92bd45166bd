"""The words printed on documents, in the language of their reader (who seldom is the person at the screen)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_TABLE: dict[str, tuple[str, str]] = {
    "account": ("Freight on account", "신용"),
    "amount": ("Amount", "금액"),
    "and_more": ("and {count} more", "외 {count}건"),
    "buyer": ("Bill to", "공급받는 자"),
    "carrier": ("Carrier", "택배사"),
    "cash_on_delivery": ("Cash on delivery", "대금상환"),
    "collect": ("Freight collect", "착불"),
    "currency": ("Currency", "통화"),
    "date": ("Date", "날짜"),
    "date_time": ("Date, time", "일시"),
    "discount": ("Discount", "할인"),
    "due": ("Amount due", "받을 금액"),
    "from": ("From", "보내는 분"),
    "handed_over_by": ("Handed over by", "인계자"),
    "in_parcel": ("Packed", "포장"),
    "invoice": ("Invoice", "거래명세서"),
    "item": ("Item", "품목"),
    "items": ("Items: {count}", "품목 {count}건"),
    "line": ("No.", "번호"),
    "lines": ("Lines", "품목 수"),
    "manifest": ("Hand-over manifest", "인계 목록"),
    "message": ("Message", "배송 메시지"),
    "name": ("Name", "성명"),
    "net": ("Net", "공급가액"),
    "no_zone": ("No zone", "구역 없음"),
    "note": ("Note", "비고"),
    "order": ("Order", "주문번호"),
    "order_date": ("Order date", "주문일"),
    "ordered": ("Ordered", "주문"),
    "orders": ("Orders", "주문"),
    "packing_slip": ("Packing slip", "포장 명세서"),
    "page": ("Page {page} of {pages}", "{page} / {pages} 쪽"),
    "paid": ("Paid", "결제 금액"),
    "parcel": ("Parcel", "상자"),
    "parcels": ("Parcels", "상자 수"),
    "payment": ("Payment", "결제 수단"),
    "picker": ("Picker", "피킹 담당"),
    "picking_list": ("Picking list", "피킹 리스트"),
    "place": ("Place", "위치"),
    "prepaid": ("Freight prepaid", "선불"),
    "quantity": ("Qty", "수량"),
    "receiver": ("Receiver", "받는 분"),
    "representative": ("Represented by", "대표자"),
    "seller": ("Seller", "공급자"),
    "ship_to": ("Ship to", "배송지"),
    "signature": ("Signature", "서명"),
    "sku": ("SKU", "SKU"),
    "store": ("Store", "쇼핑몰"),
    "taken_over_by": ("Taken over by", "인수자"),
    "tax": ("Tax", "세액"),
    "tax_at": ("Tax {rate} on {net}", "세액 {rate} (과세표준 {net})"),
    "tax_id": ("Tax ID", "사업자등록번호"),
    "tel": ("Tel", "전화"),
    "to": ("To", "받는 분"),
    "to_follow": ("To follow", "추후 발송"),
    "total": ("Total", "합계"),
    "tracking": ("Tracking number", "송장번호"),
    "unit_price": ("Unit price", "단가"),
    "units": ("Units", "총수량"),
    "units_packed": ("Units in this parcel", "포장 수량 합계"),
    "warehouse": ("Warehouse", "창고"),
    "weight": ("Weight", "무게"),
    "zone": ("Zone", "구역"),
}

WORDS: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        language: MappingProxyType({key: words[number] for key, words in _TABLE.items()})
        for number, language in enumerate(LANGUAGES)
    }
)
