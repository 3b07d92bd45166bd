"""Carriers on the screens: added, numbered, ruled; labels and papers as files; the carrier's visit."""

import io
import re

import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from entrepot.channels.models import RemoteCarrier, Store
from entrepot.channels.problems import open_problem
from entrepot.fulfilment import carriers_port as port
from entrepot.fulfilment import prints
from entrepot.fulfilment.models import Box, Carrier, CarrierRule, Purchase, ShipFrom, Shipment, WaybillRange
from entrepot.inventory.models import Reservation
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from tests.books import MINA
from tests.web.conftest import AtDesk
from tests.web.factories import make_person, sit_down


def post(browser: Client, name: str, /, *ids: object, **form: object):
    return browser.post(reverse(f"web:{name}", args=ids), form)


def page(browser: Client, name: str, *ids: object) -> str:
    answer = browser.get(reverse(f"web:{name}", args=ids))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def ready(at_desk: AtDesk) -> Order:
    """The order is packed: its parcel waits for the carrier."""
    order = at_desk.house.order
    facts = {"seller_id": order.seller_id, "order_id": order.pk, "actor": MINA}
    orders.release_to_warehouse(**facts)
    Shipment.objects.filter(pk=at_desk.house.parcel.pk).delete()
    answer = post(at_desk.browser, "order_pack", order.pk, carrier="", tracking_number="640012345678",
                  version=Order.objects.get(pk=order.pk).version)  # fmt: skip
    assert answer.status_code == 302
    Shipment.objects.filter(order=order).update(carrier_ref=at_desk.house.carrier)
    return Order.objects.get(pk=order.pk)


def test_a_carrier_of_the_list_is_added_with_one_press(at_desk: AtDesk) -> None:
    answer = post(at_desk.browser, "carriers", kind="hanjin", name="")
    made = Carrier.objects.get(seller=at_desk.house.seller, kind="hanjin")
    assert answer.headers["Location"] == reverse("web:carrier", args=[made.pk])
    assert made.name == "한진택배"
    assert "한진택배" in page(at_desk.browser, "carriers")


def test_a_carrier_twice_is_said_on_the_form(at_desk: AtDesk) -> None:
    name = at_desk.house.carrier.name
    answer = post(at_desk.browser, "carriers", kind="", name=name)
    assert answer.status_code == 422
    assert f"You already have a carrier called “{name}”" in answer.content.decode()


def test_a_range_is_added_closed_and_never_overlapped(at_desk: AtDesk) -> None:
    carrier = at_desk.house.carrier
    post(at_desk.browser, "carrier_range", carrier.pk, first="0001", last="0009")
    made = WaybillRange.objects.get(carrier=carrier, digits=4)
    assert "0001 – 0009" in page(at_desk.browser, "carrier", carrier.pk)

    answer = post(at_desk.browser, "carrier_range", carrier.pk, first="0009", last="0020")
    assert answer.status_code == 422
    assert "No number is given out twice" in answer.content.decode()

    post(at_desk.browser, "carrier_range", carrier.pk, close=made.pk)
    made.refresh_from_db()
    assert made.closed


def test_a_new_range_settles_that_numbers_ran_low(at_desk: AtDesk) -> None:
    carrier = at_desk.house.carrier
    open_problem(
        seller_id=carrier.seller_id, store_id=None, code="waybills_low", object_type="carrier", object_id=carrier.pk,
        fields={"carrier": carrier.name, "left": 2},
    )  # fmt: skip
    assert f"{carrier.name} has only 2 free waybill numbers left." in page(at_desk.browser, "problems")

    post(at_desk.browser, "carrier_range", carrier.pk, first="0001", last="0009")

    assert "free waybill numbers left" not in page(at_desk.browser, "problems")


def test_rules_are_shown_in_words_changed_and_put_in_order(at_desk: AtDesk) -> None:
    carrier, browser = at_desk.house.carrier, at_desk.browser
    post(browser, "carrier_rules", carrier_id=carrier.pk, countries="jp, us", sku="BULKY-*", weight_to=5000)
    assert "to JP, US, 0 – 5000 g, with a SKU like BULKY-*" in page(browser, "carrier_rules")
    second = CarrierRule.objects.get(position=2)

    post(browser, "carrier_rule_deed", second.pk, "up")
    second.refresh_from_db()
    assert second.position == 1
    post(browser, "carrier_rule", second.pk, carrier_id=carrier.pk, countries="DE")
    second.refresh_from_db()
    assert (second.countries, second.sku, second.weight_to) == (["DE"], "", None)
    post(browser, "carrier_rule_deed", second.pk, "delete")
    assert list(CarrierRule.objects.values_list("position", flat=True)) == [1]


def test_a_wrong_condition_is_said_at_its_field(at_desk: AtDesk) -> None:
    answer = post(at_desk.browser, "carrier_rules", carrier_id=at_desk.house.carrier.pk, countries="Korea")
    assert answer.status_code == 422
    assert "A country has a code of two letters, such as KR." in answer.content.decode()
    assert CarrierRule.objects.count() == 1


def test_how_a_store_ships_and_what_it_calls_the_carrier_is_kept(at_desk: AtDesk) -> None:
    house = at_desk.house
    RemoteCarrier.objects.create(store=house.mall, remote_id="0006", name="CJ")
    post(at_desk.browser, "shipping_modes", **{f"mode-{house.mall.pk}": "by_channel",
         f"usual-{house.mall.pk}": house.carrier.pk, f"mode-{house.store.pk}": ""})  # fmt: skip
    post(at_desk.browser, "carrier_codes", house.carrier.pk, **{f"store-{house.mall.pk}": "0006"})

    mall = Store.objects.get(pk=house.mall.pk)
    assert (mall.settings["shipping"], mall.settings["default_carrier"]) == ("by_channel", house.carrier.pk)
    assert mall.settings["carrier_codes"] == {str(house.carrier.pk): "0006"}
    assert "shipping" not in Store.objects.get(pk=house.store.pk).settings

    post(at_desk.browser, "carrier_codes", house.carrier.pk, **{f"store-{house.mall.pk}": ""})
    assert "carrier_codes" not in Store.objects.get(pk=house.mall.pk).settings


def test_sender_and_boxes_are_kept(at_desk: AtDesk) -> None:
    post(at_desk.browser, "senders", what="sender", name="한빛상회", address="서울 마포구\n\n3층", country="kr")
    post(at_desk.browser, "senders", what="box", name="B2", length_mm=1, width_mm=2, height_mm=3, weight_grams=4)
    sender = ShipFrom.objects.get(seller=at_desk.house.seller)
    assert (sender.name, sender.address, sender.country) == ("한빛상회", "서울 마포구\n3층", "KR")
    made = Box.objects.get(name="B2")
    post(at_desk.browser, "box_use", made.pk)
    made.refresh_from_db()
    assert (made.length_mm, made.weight_grams, made.active) == (1, 4, False)


def test_the_label_of_a_parcel_can_be_read_by_a_scanner(at_desk: AtDesk, ready: Order) -> None:
    parcel = Shipment.objects.get(order=ready)
    answer = at_desk.browser.get(reverse("web:order_label", args=[ready.pk, parcel.pk, "png"]))
    read = {code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.content)))}
    assert "640012345678" in read
    assert at_desk.browser.get(reverse("web:order_label", args=[ready.pk, parcel.pk, "pdf"])).content[:5] == b"%PDF-"
    zpl = at_desk.browser.get(reverse("web:order_label", args=[ready.pk, parcel.pk, "zpl"])).content.decode()
    assert zpl.startswith("^XA")
    assert at_desk.browser.get(reverse("web:order_label", args=[ready.pk, parcel.pk, "exe"])).status_code == 404


def test_a_label_is_looked_at_on_the_order_before_it_is_printed(at_desk: AtDesk, ready: Order) -> None:
    parcel = Shipment.objects.get(order=ready)
    shown = page(at_desk.browser, "order", ready.pk)
    picture = reverse("web:order_label", args=[ready.pk, parcel.pk, "png"])
    assert f'loading="lazy" width="800" height="1200" src="{picture}"' in shown
    assert f'alt="The label of order {ready.number}: {parcel.carrier} 640012345678"' in shown

    looking = sit_down(make_person(at_desk.house.seller, "read_only", "eyes@example.com"))
    assert picture not in page(looking, "order", ready.pk)
    assert looking.get(picture).status_code == 403


def test_a_label_that_a_carrier_sold_as_a_file_has_no_picture_to_look_at(at_desk: AtDesk, ready: Order) -> None:
    parcel = Shipment.objects.get(order=ready)
    Carrier.objects.filter(pk=at_desk.house.carrier.pk).update(plugin="parrot")
    facts = {"seller": at_desk.house.seller, "shipment": parcel, "carrier": at_desk.house.carrier, "state": "bought"}
    Purchase.objects.create(**facts, reference="R-1", form="pdf", label=b"%PDF-1", asked_at=timezone.now())
    shown = page(at_desk.browser, "order", ready.pk)
    assert reverse("web:order_label", args=[ready.pk, parcel.pk, "png"]) not in shown
    assert reverse("web:order_label", args=[ready.pk, parcel.pk, "pdf"]) in shown


def test_a_carrier_s_label_can_be_seen_before_there_is_a_parcel(at_desk: AtDesk) -> None:
    carrier = at_desk.house.carrier
    picture = reverse("web:carrier_sample", args=[carrier.pk])
    assert picture in page(at_desk.browser, "carrier", carrier.pk)
    answer = at_desk.browser.get(picture)
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("image/png", "no-store, private")
    assert Image.open(io.BytesIO(answer.content)).size == (800, 1200)


@pytest.mark.parametrize("paper", ["labels", "zpl", "slips", "invoices"])
def test_chosen_orders_are_printed_as_one_file(at_desk: AtDesk, ready: Order, paper: str) -> None:
    answer = post(at_desk.browser, "orders_print", order=[ready.pk], paper=paper)
    assert answer.status_code == 200
    assert answer.content[:3] == (b"^XA" if paper == "zpl" else b"%PD")


def test_an_orders_papers_are_offered_on_its_page_as_far_as_the_role_goes(at_desk: AtDesk, ready: Order) -> None:
    picker = sit_down(make_person(at_desk.house.seller, "picker", "them@example.com"))
    reader = sit_down(make_person(at_desk.house.seller, "read_only", "eyes@example.com"))

    def offered(browser: Client, order: Order) -> list[str]:
        text = browser.get(reverse("web:order", args=[order.pk])).content.decode()
        return re.findall(r'name="paper" value="(\w+)"', text)

    assert offered(at_desk.browser, ready) == ["labels", "slips", "picking", "invoices"]
    assert offered(at_desk.browser, at_desk.house.held) == ["picking", "invoices"]
    assert offered(picker, ready) == ["labels", "slips", "picking"]
    assert offered(reader, ready) == []


def test_a_picking_list_is_printed_of_what_is_set_aside(at_desk: AtDesk) -> None:
    answer = post(at_desk.browser, "orders_print", order=[at_desk.house.order.pk], paper="picking")
    assert answer.content[:5] == b"%PDF-"


def test_orders_without_a_parcel_have_no_labels_and_that_is_said(at_desk: AtDesk) -> None:
    answer = post(at_desk.browser, "orders_print", order=[at_desk.house.held.pk], paper="labels")
    assert answer.status_code == 302


def test_the_carriers_visit_prints_a_manifest_and_hands_everything_over(at_desk: AtDesk, ready: Order) -> None:
    carrier = at_desk.house.carrier
    assert at_desk.browser.get(reverse("web:carrier_manifest", args=[carrier.pk])).content[:5] == b"%PDF-"

    post(at_desk.browser, "carrier_visit", carrier.pk)

    assert Order.objects.get(pk=ready.pk).status == "in_transit"
    assert Shipment.objects.get(order=ready).state == "handed_over"
    assert at_desk.browser.get(reverse("web:carrier_manifest", args=[carrier.pk])).content[:5] == b"%PDF-"


def test_a_packer_hands_over_and_prints_but_changes_no_settings(at_desk: AtDesk, ready: Order) -> None:
    house = at_desk.house
    picker = sit_down(make_person(house.seller, "picker", "them@example.com"))

    text = page(picker, "carriers")

    assert house.carrier.name in text
    assert reverse("web:shipping_modes") not in text
    assert post(picker, "carriers", kind="hanjin").status_code == 403
    for name in ("carrier_rules", "senders"):
        assert picker.get(reverse(f"web:{name}")).status_code == 403
    assert post(picker, "orders_print", order=[ready.pk], paper="invoices").status_code == 403
    assert post(picker, "orders_print", order=[ready.pk], paper="labels").status_code == 200


def test_why_a_carrier_was_chosen_stands_on_the_order(at_desk: AtDesk, ready: Order) -> None:
    because = ["Rule {position}: {conditions}.", {"position": "2"}, [["it goes to {country}", {"country": "KR"}]]]
    Shipment.objects.filter(order=ready).update(chosen_because=because)
    assert "Rule 2: it goes to KR." in page(at_desk.browser, "order", ready.pk)


def test_a_warehouse_may_have_a_sender_of_its_own_and_give_it_up(at_desk: AtDesk, ready: Order) -> None:
    seller_id = at_desk.house.seller.pk
    place = Reservation.objects.filter(reference=f"line:{ready.lines.order_by('position')[0].pk}").get().warehouse

    def sender() -> str:
        rows = prints.parcels_of(seller_id=seller_id, order_ids=[ready.pk])
        (facts,) = prints.labels(seller=at_desk.house.seller, parcels=rows)
        return facts.sender.name

    post(at_desk.browser, "senders", what="sender", name="한빛상회", address="서울 마포구")
    assert sender() == "한빛상회"
    post(at_desk.browser, "senders", what="sender", warehouse_id=place.pk, name="한빛 김포센터", address="김포시")
    assert sender() == "한빛 김포센터"
    assert "한빛 김포센터" in at_desk.browser.get(reverse("web:senders") + f"?from={place.pk}").content.decode()
    post(at_desk.browser, "senders", what="general", warehouse=place.pk)
    assert (sender(), ShipFrom.objects.filter(seller_id=seller_id).count()) == ("한빛상회", 1)


class Parrot:
    """A carrier with an interface of its own, which is never asked here."""

    title = "Parrot Express"
    fields = (
        port.AccountField(name="number", label="Account"),
        port.AccountField(name="key", label="Key", secret=True),
    )


def test_a_plug_in_is_connected_with_its_account_and_no_secret_is_shown(at_desk: AtDesk, monkeypatch) -> None:
    carrier = at_desk.house.carrier
    assert "Bought labels" not in page(at_desk.browser, "carrier", carrier.pk)
    monkeypatch.setattr(port, "installed", lambda: port.Plugins({"parrot": Parrot()}))

    asked = post(at_desk.browser, "carrier_plugin", carrier.pk, plugin="parrot").content.decode()
    assert 'name="account-key"' in asked
    wrong = post(at_desk.browser, "carrier_plugin", carrier.pk, plugin="parrot", **{"account-number": "7"})
    assert (wrong.status_code, Carrier.objects.get(pk=carrier.pk).plugin) == (422, "")
    post(
        at_desk.browser, "carrier_plugin", carrier.pk, plugin="parrot",
        **{"account-number": "7", "account-key": "a very secret key"},
    )  # fmt: skip

    assert Carrier.objects.get(pk=carrier.pk).plugin == "parrot"
    shown = page(at_desk.browser, "carrier", carrier.pk)
    assert 'value="parrot" selected' in shown
    assert "a very secret key" not in shown
    post(at_desk.browser, "carrier_plugin", carrier.pk, plugin="")
    assert Carrier.objects.get(pk=carrier.pk).account is None


def test_a_bought_label_is_printed_as_its_carrier_sent_it(at_desk: AtDesk, ready: Order) -> None:
    parcel = Shipment.objects.get(order=ready)
    Purchase.objects.create(
        seller=at_desk.house.seller, shipment=parcel, carrier=at_desk.house.carrier, reference="1-1-1",
        state="bought", form="zpl", label=b"^XA^FDParrot^XZ", asked_at=parcel.packed_at,
    )  # fmt: skip
    answer = at_desk.browser.get(reverse("web:order_label", args=[ready.pk, parcel.pk, "pdf"]))
    assert (answer.content, answer.headers["Content-Type"]) == (b"^XA^FDParrot^XZ", "text/plain; charset=utf-8")
