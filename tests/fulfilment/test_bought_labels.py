"""A carrier that sells labels over an interface of its own: one label for a parcel, whatever breaks in between."""

from collections.abc import Mapping

import pytest

from entrepot.accounts.models import AuditEntry
from entrepot.fulfilment import carriers_port as port
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.errors import AccountIncomplete, LabelInDoubt, PluginMissing
from entrepot.fulfilment.models import Carrier, Purchase, Shipment
from entrepot.fulfilment.services.buying import ask_again, buy_label, connect_carrier, give_back_unused
from entrepot.fulfilment.services.carriers import add_carrier
from entrepot.orders import services as orders
from tests.books import MINA, draft, line, make_channel, make_items, make_seller, place_one


class Parrot:
    """A carrier that says what it is told to, and remembers what it was asked."""

    title = "Parrot Express"
    fields = (
        port.AccountField(name="number", label="Account number"),
        port.AccountField(name="key", label="Key", secret=True),
    )

    def __init__(self) -> None:
        self.asked: list[port.LabelAsk] = []
        self.accounts: list[Mapping[str, str]] = []
        self.given_back: list[str] = []
        self.trouble: Exception | None = None

    def buy(self, ask: port.LabelAsk, account: Mapping[str, str]) -> port.LabelBought:
        self.asked.append(ask)
        self.accounts.append(account)
        if self.trouble is not None:
            raise self.trouble
        number = f"PX{len(self.asked):09d}"
        return port.LabelBought(tracking_number=number, label=b"^XA^XZ", form="zpl", remote_id=f"r-{number}")

    def cancel(self, remote_id: str, _account: Mapping[str, str]) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.given_back.append(remote_id)


@pytest.fixture
def parrot(monkeypatch) -> Parrot:
    made = Parrot()
    monkeypatch.setattr(port, "installed", lambda: port.Plugins({"parrot": made}))
    return made


@pytest.fixture
def carrier(db: None, parrot: Parrot) -> Carrier:
    made = add_carrier(
        seller_id=make_seller().pk, name="Parrot", tracking_url="https://parrot.example/{number}", actor=MINA
    )
    account = {"number": "77", "key": "a very secret key"}
    return connect_carrier(seller_id=made.seller_id, carrier_id=made.pk, plugin="parrot", account=account, actor=MINA)


@pytest.fixture
def parcel(carrier: Carrier) -> Shipment:
    channel = make_channel(carrier.seller)
    items = make_items(carrier.seller, RED=5)
    address = {"name": "김서연", "line1": "세종대로 110", "city": "서울", "postcode": "04524", "country_code": "kr"}
    order = place_one(channel, draft("1", line(items["RED"], 2, sku="RED"), shipping=address))
    facts = {"seller_id": carrier.seller_id, "order_id": order.pk, "actor": MINA}
    orders.release_to_warehouse(**facts)
    made = fulfilment.pack(carrier_name="Parrot", **facts)
    Shipment.objects.filter(pk=made.pk).update(carrier_ref=carrier, weight_grams=420)
    return Shipment.objects.get(pk=made.pk)


def buy(parcel: Shipment) -> Purchase | None:
    return buy_label(seller_id=parcel.seller_id, shipment_id=parcel.pk, actor=MINA)


def test_the_carrier_hears_who_sends_what_to_whom_and_the_parcel_gets_its_number(parcel, parrot) -> None:
    bought = buy(parcel)

    (ask,) = parrot.asked
    assert (ask.receiver.name, ask.receiver.city, ask.receiver.country) == ("김서연", "서울", "KR")
    assert (ask.weight_grams, [(one.sku, one.quantity) for one in ask.goods]) == (420, [("RED", 2)])
    assert parrot.accounts == [{"number": "77", "key": "a very secret key"}]
    parcel.refresh_from_db()
    assert (parcel.tracking_number, parcel.tracking_url) == ("PX000000001", "https://parrot.example/PX000000001")
    assert (bought.state, bytes(bought.label), bought.form, bought.reference) == (
        "bought",
        b"^XA^XZ",
        "zpl",
        ask.reference,
    )


def test_asked_twice_one_label_is_bought(parcel, parrot) -> None:
    assert buy(parcel) == buy(parcel)
    assert (len(parrot.asked), Purchase.objects.count()) == (1, 1)


def test_a_lost_answer_is_in_doubt_and_nothing_more_is_bought_until_a_person_has_looked(parcel, parrot) -> None:
    parrot.trouble = TimeoutError("no answer")
    with pytest.raises(LabelInDoubt):
        buy(parcel)
    parrot.trouble = None
    with pytest.raises(LabelInDoubt):
        buy(parcel)
    assert (len(parrot.asked), Purchase.objects.get().state) == (1, "asked")

    assert ask_again(seller_id=parcel.seller_id, shipment_id=parcel.pk, actor=MINA) == 1
    bought = buy(parcel)

    assert len({ask.reference for ask in parrot.asked}) == 2
    assert [row.state for row in Purchase.objects.order_by("pk")] == ["canceled", "bought"]
    assert bought.reference == parrot.asked[1].reference


def test_a_worker_killed_after_the_carrier_was_asked_leaves_it_in_doubt(parcel, parrot) -> None:
    class Killed(BaseException):
        pass

    parrot.trouble = Killed()
    with pytest.raises(Killed):
        buy(parcel)
    parrot.trouble = None

    with pytest.raises(LabelInDoubt):
        buy(parcel)
    assert len(parrot.asked) == 1


def test_a_refused_parcel_rests_and_is_asked_for_again_when_somebody_presses_retry(parcel, parrot) -> None:
    parrot.trouble = port.LabelRefused(carrier="Parrot", said="no such postcode")
    with pytest.raises(port.LabelRefused):
        buy(parcel)
    parrot.trouble = None

    assert (buy(parcel), len(parrot.asked)) == (None, 1)
    ask_again(seller_id=parcel.seller_id, shipment_id=parcel.pk, actor=MINA)
    assert buy(parcel).state == "bought"


def test_the_label_of_a_void_parcel_is_given_back_once(parcel, parrot) -> None:
    buy(parcel)
    fulfilment.unpack(seller_id=parcel.seller_id, order_id=parcel.order_id, actor=MINA)

    assert give_back_unused(seller_id=parcel.seller_id, actor=MINA) == []
    assert give_back_unused(seller_id=parcel.seller_id, actor=MINA) == []

    assert (parrot.given_back, Purchase.objects.get().state) == (["r-PX000000001"], "canceled")


def test_a_label_that_cannot_be_given_back_is_told_once(parcel, parrot) -> None:
    buy(parcel)
    fulfilment.unpack(seller_id=parcel.seller_id, order_id=parcel.order_id, actor=MINA)
    parrot.trouble = port.LabelRefused(carrier="Parrot", said="too late")

    assert [error.code for _, error in give_back_unused(seller_id=parcel.seller_id, actor=MINA)] == ["label_refused"]
    assert give_back_unused(seller_id=parcel.seller_id, actor=MINA) == []


def test_an_account_is_sealed_complete_and_a_secret_left_empty_stays(carrier, parrot) -> None:
    who = {"seller_id": carrier.seller_id, "carrier_id": carrier.pk, "actor": MINA}
    assert b"a very secret key" not in bytes(carrier.account)
    with pytest.raises(AccountIncomplete):
        connect_carrier(plugin="parrot", account={"number": ""}, **who | {"carrier_id": other(carrier).pk})
    with pytest.raises(PluginMissing):
        connect_carrier(plugin="owl", account={}, **who)

    connect_carrier(plugin="parrot", account={"number": "78", "key": ""}, **who)

    carrier.refresh_from_db()
    assert (carrier.plugin, AuditEntry.objects.filter(verb="carriers.connect").count()) == ("parrot", 2)
    connect_carrier(plugin="", account={}, **who)
    carrier.refresh_from_db()
    assert (carrier.plugin, carrier.account) == ("", None)


def other(carrier: Carrier) -> Carrier:
    return add_carrier(seller_id=carrier.seller_id, name="Another", actor=MINA)


def test_a_plug_in_that_does_not_load_stops_no_other(monkeypatch) -> None:
    class Entry:
        def __init__(self, name: str, value: object) -> None:
            self.name, self._value = name, value

        def load(self) -> object:
            if isinstance(self._value, Exception):
                raise self._value
            return self._value

    entries = [Entry("parrot", Parrot()), Entry("owl", ModuleNotFoundError("No module named 'owl'"))]
    monkeypatch.setattr(port, "entry_points", lambda group: entries if group == "entrepot.carriers" else [])

    found = port.installed()

    assert list(found.sellers) == ["parrot"]
    assert found.broken == {"owl": "ModuleNotFoundError: No module named 'owl'"}
