"""What happens to a parcel in the seconds while its carrier sells its label: no money is lost, no label forgotten."""

from collections.abc import Callable, Mapping

import pytest

from entrepot.fulfilment import carriers_port as port
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.errors import LabelInDoubt
from entrepot.fulfilment.models import Purchase, Shipment
from entrepot.fulfilment.services.buying import ask_again, give_back_unused
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from tests.books import MINA, draft, line, make_channel, make_items, place_one
from tests.fulfilment.test_bought_labels import Parrot, buy, carrier, parcel, parrot

FIXTURES = (carrier, parcel, parrot)


def meanwhile(monkeypatch: pytest.MonkeyPatch, parrot: Parrot, deed: Callable[[], object]) -> None:
    """`deed` is done after the carrier has sold, before its answer is here."""
    real = parrot.buy

    def buy_slowly(ask: port.LabelAsk, account: Mapping[str, str]) -> port.LabelBought:
        sold = real(ask, account)
        deed()
        return sold

    monkeypatch.setattr(parrot, "buy", buy_slowly)


def test_a_label_of_a_parcel_that_was_unpacked_while_it_was_bought_is_given_back(parcel, parrot, monkeypatch) -> None:
    who = {"seller_id": parcel.seller_id, "actor": MINA}
    meanwhile(monkeypatch, parrot, lambda: fulfilment.unpack(order_id=parcel.order_id, **who))

    bought = buy(parcel)

    assert (bought.state, bought.remote_id, Shipment.objects.get().tracking_number) == ("bought", "r-PX000000001", "")
    assert give_back_unused(**who) == []
    assert (parrot.given_back, Purchase.objects.get().state) == (["r-PX000000001"], "canceled")


def test_retry_pressed_while_the_carrier_is_asked_buys_no_second_label(parcel, parrot, monkeypatch) -> None:
    pressed: list[int] = []
    meanwhile(
        monkeypatch,
        parrot,
        lambda: pressed.append(ask_again(seller_id=parcel.seller_id, shipment_id=parcel.pk, actor=MINA)),
    )

    buy(parcel)
    buy(parcel)

    assert (pressed, len(parrot.asked), Purchase.objects.get().state) == ([0], 1, "bought")


def test_a_number_with_blanks_and_dots_is_kept_without_them(parcel, parrot, monkeypatch) -> None:
    sold = port.LabelBought(tracking_number="1Z 999.AA1", label=b"^XA^XZ", form="zpl")
    monkeypatch.setattr(parrot, "buy", lambda *_: sold)

    assert buy(parcel).state == "bought"
    assert Shipment.objects.get().tracking_number == "1Z999AA1"


def test_a_box_of_two_orders_has_one_label_also_while_it_is_in_doubt(carrier, parrot) -> None:
    channel = make_channel(carrier.seller)
    items = make_items(carrier.seller, RED=5)
    words = {"shipping": {"name": "김서연", "line1": "세종대로 110", "city": "서울", "country_code": "kr"}}
    made = [place_one(channel, draft(name, line(items["RED"], 1, sku="RED"), **words)) for name in "12"]
    who = {"seller_id": carrier.seller_id, "actor": MINA}
    for one in made:
        orders.release_to_warehouse(order_id=one.pk, **who)
    Order.objects.filter(pk__in=[one.pk for one in made]).update(buyer_phone="0101", buyer_name="김서연")
    orders.merge_orders(order_ids=[one.pk for one in made], **who)
    boxed = [fulfilment.pack(order_id=one.pk, carrier_name="Parrot", **who) for one in made]
    Shipment.objects.update(carrier_ref=carrier, weight_grams=420)
    parrot.trouble = TimeoutError("no answer")
    with pytest.raises(LabelInDoubt):
        buy(boxed[0])
    parrot.trouble = None

    assert (buy(boxed[1]), len(parrot.asked)) == (None, 1)
    ask_again(shipment_id=boxed[0].pk, **who)
    assert (buy(boxed[0]).state, buy(boxed[1]), len(parrot.asked)) == ("bought", None, 2)
