"""Which carrier an order goes with, and why."""

from decimal import Decimal

import pytest

from entrepot.catalog.models import Item
from entrepot.fulfilment import rules
from entrepot.fulfilment.errors import CarrierNotFound, RuleInvalid, RuleNotFound
from entrepot.fulfilment.models import Carrier, CarrierRule
from entrepot.fulfilment.services.carrier_rules import delete_rule, keep_rule, move_rule
from entrepot.fulfilment.services.carriers import add_carrier, change_carrier
from entrepot.orders.models import Order, SalesChannel
from tests.books import MINA, make_channel, make_seller


@pytest.fixture
def cj(channel: SalesChannel) -> Carrier:
    return add_carrier(seller_id=channel.seller_id, kind="cj", actor=MINA)


@pytest.fixture
def hanjin(channel: SalesChannel) -> Carrier:
    return add_carrier(seller_id=channel.seller_id, kind="hanjin", actor=MINA)


def rule(carrier: Carrier, **conditions: object) -> CarrierRule:
    return keep_rule(seller_id=carrier.seller_id, carrier_id=carrier.pk, actor=MINA, **conditions)


def test_the_first_rule_that_fits_chooses_and_says_why(order, cj, hanjin):
    rule(cj, countries=["JP"])
    rule(hanjin, countries=["kr"], postcode_from="03", sku="red*")
    rule(cj)

    choice = rules.choose(order)

    assert choice.carrier == hanjin
    assert (choice.because, choice.words) == ("Rule {position}: {conditions}.", {"position": "2"})
    assert choice.parts == [
        ("it goes to {country}", {"country": "KR"}),
        ("its postcode {postcode} lies between {first} and {last}", {"postcode": "03172", "first": "03", "last": "03"}),
        ("it holds {sku}", {"sku": "RED"}),
    ]


def test_a_rule_without_conditions_takes_every_order(order, cj):
    rule(cj)
    choice = rules.choose(order)
    assert (choice.carrier, choice.because) == (cj, "Rule {position} takes every order.")


def test_without_a_rule_that_fits_there_is_no_carrier_and_a_reason(order, cj):
    rule(cj, countries=["JP"])
    assert (rules.choose(order).carrier, rules.choose(order).because) == (None, "No carrier rule fits this order.")


def test_a_carrier_that_is_not_in_use_is_passed(order, cj, hanjin):
    rule(cj)
    rule(hanjin)
    change_carrier(seller_id=cj.seller_id, carrier_id=cj.pk, active=False, actor=MINA)
    assert rules.choose(order).carrier == hanjin


@pytest.mark.parametrize(
    ("conditions", "chosen"),
    [
        ({"postcode_from": "03172"}, True),
        ({"postcode_from": "03173"}, False),
        ({"postcode_from": "03000", "postcode_to": "03172"}, True),
        ({"postcode_to": "03171"}, False),
        ({"weight_from": 500, "weight_to": 650}, True),
        ({"weight_from": 651}, False),
        ({"weight_to": 649}, False),
        ({"value_from": Decimal("12.5"), "currency": "USD"}, True),
        ({"value_from": Decimal("12.51"), "currency": "USD"}, False),
        ({"value_to": Decimal(13), "currency": "KRW"}, False),
        ({"sku": "BLU?"}, True),
        ({"sku": "BLU"}, False),
    ],
)
def test_a_condition_fits_to_its_border(order, items, cj, conditions, chosen):
    Item.objects.filter(pk=items["RED"]).update(weight_grams=100)
    Item.objects.filter(pk=items["BLUE"]).update(weight_grams=150)
    rule(cj, **conditions)
    assert (rules.choose(order).carrier is not None) is chosen


def test_an_order_whose_weight_is_not_known_fits_no_weight(order, cj):
    rule(cj, weight_to=100000)
    assert rules.choose(order).carrier is None


def test_a_rule_for_one_store_takes_the_orders_of_that_store_only(order, channel, cj):
    other = make_channel(channel.seller, "Another shop")
    mine = rule(cj, sales_channel_id=other.pk)
    assert rules.choose(order).carrier is None
    rule(cj, rule_id=mine.pk, sales_channel_id=channel.pk)
    assert rules.choose(order).carrier == cj


def test_rules_are_put_in_order_one_step_at_a_time(order, cj, hanjin):
    rule(cj)
    second = rule(hanjin)
    assert move_rule(seller_id=cj.seller_id, rule_id=second.pk, up=True, actor=MINA)
    assert rules.choose(order).carrier == hanjin
    assert not move_rule(seller_id=cj.seller_id, rule_id=second.pk, up=True, actor=MINA)
    delete_rule(seller_id=cj.seller_id, rule_id=second.pk, actor=MINA)
    assert list(CarrierRule.objects.values_list("carrier_id", "position")) == [(cj.pk, 1)]


@pytest.mark.parametrize(
    ("conditions", "field"),
    [
        ({"countries": ["Korea"]}, "countries"),
        ({"weight_from": 2, "weight_to": 1}, "weight_to"),
        ({"value_from": Decimal(2), "value_to": Decimal(1), "currency": "KRW"}, "value_to"),
        ({"value_from": Decimal(2)}, "currency"),
    ],
)
def test_a_condition_that_cannot_be_used_is_refused_at_its_field(cj, conditions, field):
    with pytest.raises(RuleInvalid) as refusal:
        rule(cj, **conditions)
    assert refusal.value.fields["field"] == field
    assert CarrierRule.objects.count() == 0


def test_anothers_carrier_rule_or_store_is_not_there(order, cj):
    stranger = make_seller("Busan Books")
    mine = rule(cj)
    with pytest.raises(CarrierNotFound):
        keep_rule(seller_id=stranger.pk, carrier_id=cj.pk, actor=MINA)
    with pytest.raises(RuleNotFound):
        delete_rule(seller_id=stranger.pk, rule_id=mine.pk, actor=MINA)
    with pytest.raises(RuleInvalid):
        rule(cj, sales_channel_id=make_channel(stranger).pk)
    assert Order.objects.get(pk=order.pk).seller_id == cj.seller_id
    assert CarrierRule.objects.count() == 1
