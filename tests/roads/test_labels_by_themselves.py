"""Ready to Ship is told, and label and number come by themselves: our rules, our ranges, the store's own carrier."""

import pytest

from entrepot.channels.models import Problem, RemoteCarrier, Store
from entrepot.channels.services.lifecycle import change_settings
from entrepot.channels.services.packing import bench_of
from entrepot.channels.services.retry import retry
from entrepot.channels.services.shipping import choose_carrier
from entrepot.channels.services.statuses import push_statuses
from entrepot.channels.words import problem_sentence
from entrepot.connectors.opencart.simulator import Item
from entrepot.fulfilment import carriers_port as port
from entrepot.fulfilment import services as fulfilment
from entrepot.fulfilment.models import Carrier, Shipment, Waybill
from entrepot.fulfilment.services.buying import connect_carrier
from entrepot.fulfilment.services.carrier_rules import keep_rule
from entrepot.fulfilment.services.carriers import add_carrier
from entrepot.fulfilment.services.waybills import add_range
from entrepot.orders import services as orders
from entrepot.orders.models import Order
from tests.roads.mall import CJ, connect_mall, mall_with
from tests.roads.mall import Place as MallPlace
from tests.roads.rig import MINA, Place, Road, small_shop


def carrier_with(road: Road, first: str = "640000000001", last: str = "640000000009", *, low_at: int = 0) -> Carrier:
    made = add_carrier(seller_id=road.seller.pk, kind="cj", low_at=low_at, actor=MINA)
    add_range(seller_id=road.seller.pk, carrier_id=made.pk, first=first, last=last, actor=MINA)
    return made


def ships(store: Store, **changes: object) -> None:
    change_settings(seller_id=store.seller_id, store_id=store.pk, changes=changes, actor=MINA)


def packed(order: Order) -> Shipment:
    facts = {"seller_id": order.seller_id, "order_id": order.pk, "actor": MINA}
    orders.release_to_warehouse(**facts)
    return fulfilment.pack(**facts)


def tell(store: Store) -> None:
    push_statuses(Store.objects.get(pk=store.pk))


@pytest.fixture
def place(road: Road) -> Place:
    return road.connect(small_shop(RED=5))


@pytest.fixture
def mall(road: Road) -> MallPlace:
    return connect_mall(road, mall_with(RED=5))


def bought(place: Place) -> Order:
    order_id = place.shop.place_order([Item(1, 1)])
    place.pull()
    return place.order(order_id)


def test_the_label_is_made_once_the_shop_has_accepted_and_the_shop_hears_the_number(road: Road, place: Place) -> None:
    carrier = carrier_with(road)
    keep_rule(seller_id=road.seller.pk, carrier_id=carrier.pk, actor=MINA)
    ships(place.store, shipping="self")
    order = bought(place)
    parcel = packed(order)
    assert (parcel.tracking_number, parcel.label_made_at) == ("", None)

    tell(place.store)

    parcel.refresh_from_db()
    assert (parcel.tracking_number, parcel.carrier_name) == ("640000000001", "CJ대한통운")
    assert parcel.carrier_ref == carrier
    assert parcel.chosen_because == ["Rule {position} takes every order.", {"position": "1"}, []]
    assert parcel.label_made_at is not None
    assert parcel.tracking_url.endswith("wblNo=640000000001")
    told = place.shop.history_of(int(order.remote_id))
    assert [row["comment"] for row in told if "640000000001" in row["comment"]] != []
    tell(place.store)
    assert (Waybill.objects.count(), place.problems()) == (1, [])


def test_where_nobody_asked_for_it_nothing_is_chosen_and_no_number_is_taken(road: Road, place: Place) -> None:
    carrier = carrier_with(road)
    keep_rule(seller_id=road.seller.pk, carrier_id=carrier.pk, actor=MINA)
    parcel = packed(bought(place))

    tell(place.store)

    parcel.refresh_from_db()
    assert (parcel.tracking_number, parcel.label_made_at, Waybill.objects.count()) == ("", None, 0)


def test_a_number_that_somebody_typed_in_stays_and_no_other_is_taken(road: Road, place: Place) -> None:
    carrier = carrier_with(road)
    ships(place.store, shipping="self")
    keep_rule(seller_id=road.seller.pk, carrier_id=carrier.pk, actor=MINA)
    order = bought(place)
    orders.release_to_warehouse(seller_id=order.seller_id, order_id=order.pk, actor=MINA)
    parcel = fulfilment.pack(
        seller_id=order.seller_id, order_id=order.pk, carrier="Gaon", tracking_number="77", actor=MINA
    )

    tell(place.store)

    parcel.refresh_from_db()
    assert (parcel.tracking_number, parcel.carrier, Waybill.objects.count()) == ("77", "Gaon", 0)
    assert parcel.label_made_at is not None


def test_numbers_that_are_over_are_a_problem_and_the_parcel_goes_on_with_the_next_range(
    road: Road, place: Place
) -> None:
    carrier = carrier_with(road, "10", "11", low_at=1)
    keep_rule(seller_id=road.seller.pk, carrier_id=carrier.pk, actor=MINA)
    ships(place.store, shipping="self")
    parcels = [packed(bought(place)) for _ in range(3)]

    tell(place.store)

    assert [Shipment.objects.get(pk=one.pk).tracking_number for one in parcels] == ["10", "11", ""]
    open_ones = Problem.objects.filter(seller=road.seller, resolved_at=None)
    assert list(open_ones.values_list("code", "fields__carrier")) == [("waybills_empty", "CJ대한통운")]

    add_range(seller_id=road.seller.pk, carrier_id=carrier.pk, first="20", last="29", actor=MINA)
    tell(place.store)

    last = Shipment.objects.get(pk=parcels[2].pk)
    assert (last.tracking_number, last.label_made_at is not None) == ("20", True)
    assert not open_ones.exists()


def test_an_order_no_rule_fits_is_a_problem_until_one_does(road: Road, place: Place) -> None:
    carrier = carrier_with(road)
    ships(place.store, shipping="self")
    parcel = packed(bought(place))

    tell(place.store)
    assert (place.problems(), Shipment.objects.get(pk=parcel.pk).label_made_at) == (["no_carrier"], None)

    keep_rule(seller_id=road.seller.pk, carrier_id=carrier.pk, actor=MINA)
    tell(place.store)
    assert (place.problems(), Shipment.objects.get(pk=parcel.pk).tracking_number) == ([], "640000000001")


def test_a_mall_that_wants_a_number_gets_it_before_it_is_told(road: Road, mall: MallPlace) -> None:
    carrier_with(road)
    RemoteCarrier.objects.filter(store=mall.store).update(is_default=False)
    RemoteCarrier.objects.update_or_create(
        store=mall.store, remote_id=CJ, defaults={"name": "CJ대한통운", "is_default": True}
    )
    ships(mall.store, shipping="by_channel")
    order_id = mall.buy(("RED", 1))
    mall.read(order_id)
    order = mall.order(order_id)
    assert not bench_of(order).needs_number
    choice = choose_carrier(mall.fresh(), order=order)
    assert (choice.because, choice.remote) == ("{carrier} is the usual carrier of {store}.", CJ)
    parcel = packed(order)

    mall.tell()

    parcel.refresh_from_db()
    assert (parcel.carrier, parcel.tracking_number) == (CJ, "640000000001")
    assert parcel.label_made_at is not None
    assert mall.states(order_id) == ["N21"]
    assert mall.problems() == []


def test_a_mall_with_no_usual_carrier_makes_the_order_a_problem(road: Road, mall: MallPlace) -> None:
    carrier_with(road)
    RemoteCarrier.objects.filter(store=mall.store).update(is_default=False)
    ships(mall.store, shipping="by_channel")
    order_id = mall.buy(("RED", 1))
    mall.read(order_id)
    packed(mall.order(order_id))

    mall.tell()

    assert mall.problems() == ["no_carrier", "tracking_missing"]
    assert mall.states(order_id) == ["N20"]


def test_the_sellers_word_for_a_carrier_in_this_store_wins_over_its_name(road: Road, mall: MallPlace) -> None:
    carrier = carrier_with(road)
    RemoteCarrier.objects.update_or_create(store=mall.store, remote_id="0099", defaults={"name": "우리만의 택배"})
    ships(mall.store, shipping="self", carrier_codes={str(carrier.pk): "0099"})
    keep_rule(seller_id=road.seller.pk, carrier_id=carrier.pk, actor=MINA)
    order_id = mall.buy(("RED", 1))
    mall.read(order_id)
    assert choose_carrier(mall.fresh(), order=mall.order(order_id)).remote == "0099"


# --------------------------------------------------------------------------- shipped by the sales channel (R-FUL-3)


def test_the_carrier_a_shop_names_for_the_order_is_taken(road: Road, place: Place) -> None:
    carrier_with(road)
    hanjin = add_carrier(seller_id=road.seller.pk, kind="hanjin", actor=MINA)
    ships(place.store, shipping="by_channel", default_carrier=None)
    order = bought(place)
    Order.objects.filter(pk=order.pk).update(shipping_method="한진 택배")
    order.refresh_from_db()

    choice = choose_carrier(Store.objects.get(pk=place.store.pk), order=order)

    assert (choice.carrier, choice.because) == (hanjin, "{store} names {carrier} for this order.")


def test_a_shop_that_names_none_gets_its_usual_carrier_and_is_told_the_number(road: Road, place: Place) -> None:
    carrier = carrier_with(road)
    add_carrier(seller_id=road.seller.pk, kind="hanjin", actor=MINA)
    ships(place.store, shipping="by_channel", default_carrier=carrier.pk)
    order = bought(place)
    parcel = packed(order)

    tell(place.store)

    parcel.refresh_from_db()
    assert (parcel.carrier_ref, parcel.tracking_number) == (carrier, "640000000001")
    assert parcel.chosen_because[0] == "{carrier} is the usual carrier of {store}."
    assert parcel.label_made_at is not None
    assert any("640000000001" in row["comment"] for row in place.shop.history_of(int(order.remote_id)))


def test_a_shop_with_neither_makes_the_order_a_problem_that_counts_once(road: Road, place: Place) -> None:
    carrier_with(road)
    ships(place.store, shipping="by_channel")
    packed(bought(place))

    for _ in range(3):
        tell(place.store)

    (problem,) = Problem.objects.filter(seller=road.seller, resolved_at=None)
    assert (problem.code, problem.occurrences) == ("no_carrier", 1)


def test_the_carrier_a_mall_names_for_the_order_is_taken(road: Road, mall: MallPlace) -> None:
    carrier = carrier_with(road)
    RemoteCarrier.objects.filter(store=mall.store).update(is_default=False)
    ships(mall.store, shipping="by_channel")
    order_id = mall.buy(("RED", 1))
    mall.read(order_id)
    order = mall.order(order_id)
    Order.objects.filter(pk=order.pk).update(shipping_method="CJ대한통운")
    order.refresh_from_db()

    choice = choose_carrier(mall.fresh(), order=order)

    assert (choice.carrier, choice.because) == (carrier, "{store} names {carrier} for this order.")


def test_numbers_that_run_low_are_one_occurrence_that_says_how_many_are_left(road: Road, place: Place) -> None:
    carrier = carrier_with(road, "10", "19", low_at=9)
    keep_rule(seller_id=road.seller.pk, carrier_id=carrier.pk, actor=MINA)
    ships(place.store, shipping="self")
    for _ in range(3):
        packed(bought(place))
        tell(place.store)

    (problem,) = Problem.objects.filter(seller=road.seller, resolved_at=None)
    assert (problem.code, problem.occurrences, problem.fields["left"]) == ("waybills_low", 1, 7)


# --------------------------------------------------------------------------- bought of a carrier


class Parrot:
    """A carrier with an interface of its own."""

    title = "Parrot Express"
    fields = (port.AccountField(name="key", label="Key", secret=True),)

    def __init__(self) -> None:
        self.sold: list[str] = []
        self.trouble: Exception | None = None

    def buy(self, ask: port.LabelAsk, _account: object) -> port.LabelBought:
        self.sold.append(ask.reference)
        if self.trouble is not None:
            raise self.trouble
        return port.LabelBought(tracking_number=f"PX{len(self.sold):09d}", label=b"%PDF-1.4", form="pdf")

    def cancel(self, remote_id: str, account: object) -> None:
        """Nothing is ever given back here."""


@pytest.fixture
def parrot(road: Road, monkeypatch) -> Parrot:
    made = Parrot()
    monkeypatch.setattr(port, "installed", lambda: port.Plugins({"parrot": made}))
    carrier = add_carrier(seller_id=road.seller.pk, name="Parrot Express", actor=MINA)
    connect_carrier(seller_id=road.seller.pk, carrier_id=carrier.pk, plugin="parrot", account={"key": "k"}, actor=MINA)
    keep_rule(seller_id=road.seller.pk, carrier_id=carrier.pk, actor=MINA)
    return made


def test_a_label_is_bought_once_the_shop_has_accepted_and_the_shop_hears_its_number(
    road: Road, place: Place, parrot: Parrot
) -> None:
    ships(place.store, shipping="self")
    order = bought(place)
    parcel = packed(order)
    assert parrot.sold == []

    for _ in range(3):
        tell(place.store)

    parcel.refresh_from_db()
    assert (parcel.tracking_number, parcel.label_made_at is not None) == ("PX000000001", True)
    assert len(parrot.sold) == 1
    assert any("PX000000001" in row["comment"] for row in place.shop.history_of(int(order.remote_id)))
    assert place.problems() == []


def test_a_mall_that_wants_the_number_gets_the_bought_one(road: Road, mall: MallPlace, parrot: Parrot) -> None:
    ships(mall.store, shipping="self", carrier_codes={str(Carrier.objects.get(name="Parrot Express").pk): CJ})
    order_id = mall.buy(("RED", 1))
    mall.read(order_id)
    parcel = packed(mall.order(order_id))

    mall.tell()

    parcel.refresh_from_db()
    assert (parcel.carrier, parcel.tracking_number, len(parrot.sold)) == (CJ, "PX000000001", 1)
    assert mall.states(order_id) == ["N21"]


def test_a_lost_answer_is_a_problem_and_only_retry_buys_again(road: Road, place: Place, parrot: Parrot) -> None:
    ships(place.store, shipping="self")
    parcel = packed(bought(place))
    parrot.trouble = TimeoutError("no answer")
    tell(place.store)
    parrot.trouble = None
    tell(place.store)

    (problem,) = Problem.objects.filter(seller=road.seller, resolved_at=None)
    assert (problem.code, problem.occurrences, problem.fields["reference"]) == ("label_in_doubt", 1, parrot.sold[0])
    parcel.refresh_from_db()
    assert (len(parrot.sold), parcel.label_made_at, parcel.tracking_number) == (1, None, "")

    retry(seller_id=road.seller.pk, problem_id=problem.pk, actor=MINA)
    tell(place.store)

    parcel.refresh_from_db()
    assert (parcel.tracking_number, parcel.label_made_at is not None, place.problems()) == ("PX000000002", True, [])


def test_a_refusal_is_a_problem_with_the_carriers_words(road: Road, place: Place, parrot: Parrot) -> None:
    ships(place.store, shipping="self")
    packed(bought(place))
    parrot.trouble = port.LabelRefused(carrier="Parrot Express", said="no such postcode")
    for _ in range(3):
        tell(place.store)

    (problem,) = Problem.objects.filter(seller=road.seller, resolved_at=None)
    assert (problem.code, problem.occurrences, len(parrot.sold)) == ("label_not_bought", 1, 1)
    assert problem_sentence(problem.code, problem.fields).endswith(
        "Parrot Express sells no label for this parcel. It said: “no such postcode” "
        "Correct that, or choose another carrier."
    )
