"""A label with made-up goods and a made-up receiver: how a carrier's labels will look, before there is a parcel."""

from typing import Final

from entrepot.accounts.models import Seller
from entrepot.fulfilment.documents import Freight, LabelFacts, Language, PackedLine, Party
from entrepot.fulfilment.models import Carrier
from entrepot.fulfilment.prints import sender_of

RECEIVERS: Final = {
    "ko": Party(
        name="홍길동",
        address=["서울특별시 중구 세종대로 110", "101동 1203호"],
        postcode="04524",
        phone="01000000000",
        code="KR",
    ),
    "en": Party(
        name="Jane Sample",
        address=["1 Sample Street", "Sampleton, SA"],
        postcode="00000",
        phone="+1 555 0100",
        code="US",
    ),
}
GOODS: Final = {
    "ko": ("견본 품목", "부재 시 경비실에 맡겨 주세요"),
    "en": ("A sample item", "Please leave with a neighbour"),
}


def sample_label(*, seller: Seller, carrier: Carrier, language: Language) -> LabelFacts:
    """What a label of this carrier says, from the seller's own sender to nobody."""
    goods, message = GOODS[language]
    return LabelFacts(
        sender=sender_of(seller=seller),
        receiver=RECEIVERS[language],
        order_number="00000000-0000001",
        carrier=carrier.name,
        service=carrier.service,
        tracking_number="000000000000",
        lines=[PackedLine(sku="SAMPLE-1", name=goods, quantity=2)],
        weight=1250,
        message=message,
        freight=Freight(carrier.freight),
    )
