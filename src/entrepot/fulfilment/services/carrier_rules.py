"""Carrier rules: added, changed, put in order, deleted."""

import re
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from entrepot.accounts.services import audit
from entrepot.fulfilment.errors import CarrierNotFound, RuleInvalid, RuleNotFound
from entrepot.fulfilment.models import Carrier, CarrierRule
from entrepot.kernel.actor import Actor
from entrepot.orders.models import SalesChannel

_COUNTRY = re.compile(r"[A-Z]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_SAID = {
    "countries": "A country has a code of two letters, such as KR.",
    "weight_to": "The lower weight is above the upper one.",
    "value_to": "The lower value is above the upper one.",
    "currency": "A value needs the currency it is in, three letters.",
    "sales_channel_id": "There is no such store.",
}


@transaction.atomic
def keep_rule(
    *,
    seller_id: int,
    carrier_id: int,
    actor: Actor,
    rule_id: int | None = None,
    countries: Sequence[str] = (),
    postcode_from: str = "",
    postcode_to: str = "",
    weight_from: int | None = None,
    weight_to: int | None = None,
    value_from: Decimal | None = None,
    value_to: Decimal | None = None,
    currency: str = "",
    sku: str = "",
    sales_channel_id: int | None = None,
) -> CarrierRule:
    """Add a rule behind the others, or change the one of that id in its place. An empty condition fits everything.

    Raises:
        CarrierNotFound, RuleNotFound: There is no such carrier, or rule, of this seller.
        RuleInvalid: A condition cannot be used.
    """
    if not Carrier.objects.filter(seller_id=seller_id, pk=carrier_id).exists():
        raise CarrierNotFound(carrier_id=carrier_id)
    if rule_id is None:
        last = CarrierRule.objects.filter(seller_id=seller_id).aggregate(last=Max("position"))["last"] or 0
        rule = CarrierRule(seller_id=seller_id, position=last + 1)
    else:
        rule = _rule(seller_id, rule_id)
    rule.carrier_id = carrier_id
    rule.countries = sorted({code.strip().upper() for code in countries if code.strip()})
    rule.postcode_from, rule.postcode_to = postcode_from.strip(), postcode_to.strip()
    rule.weight_from, rule.weight_to = weight_from, weight_to
    rule.value_from, rule.value_to, rule.currency = value_from, value_to, currency.strip().upper()
    rule.sku, rule.sales_channel_id = sku.strip(), sales_channel_id
    _check(rule)
    rule.save()  # house: save-all-fields a new row, or the form of the whole row
    _audit(seller_id, actor, "carrier_rules.keep", rule.pk)
    return rule


def _check(rule: CarrierRule) -> None:
    wrong = ""
    if not all(_COUNTRY.fullmatch(code) for code in rule.countries):
        wrong = "countries"
    elif rule.weight_to is not None and (rule.weight_from or 0) > rule.weight_to:
        wrong = "weight_to"
    elif rule.value_to is not None and (rule.value_from or 0) > rule.value_to:
        wrong = "value_to"
    elif (rule.value_from is not None or rule.value_to is not None) and not _CURRENCY.fullmatch(rule.currency):
        wrong = "currency"
    elif rule.sales_channel_id is not None and not _channel_is_ours(rule):
        wrong = "sales_channel_id"
    if wrong:
        raise RuleInvalid(field=wrong, reason=_SAID[wrong])


def _channel_is_ours(rule: CarrierRule) -> bool:
    return SalesChannel.objects.filter(seller_id=rule.seller_id, pk=rule.sales_channel_id or 0).exists()


@transaction.atomic
def move_rule(*, seller_id: int, rule_id: int, up: bool, actor: Actor) -> bool:
    """Ask a rule earlier, or later, than its neighbour; False when it stands at that end already.

    Raises:
        RuleNotFound: There is no such rule of this seller.
    """
    _rule(seller_id, rule_id)
    rows = CarrierRule.objects.filter(seller_id=seller_id).order_by("position", "id").select_for_update()
    order = list(rows)
    place = [row.pk for row in order].index(rule_id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return False
    order[place], order[other] = order[other], order[place]
    for position, row in enumerate(order, 1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
    _audit(seller_id, actor, "carrier_rules.move", rule_id)
    return True


@transaction.atomic
def delete_rule(*, seller_id: int, rule_id: int, actor: Actor) -> None:
    """Ask a rule no more; the others keep their order.

    Raises:
        RuleNotFound: There is no such rule of this seller.
    """
    _rule(seller_id, rule_id).delete()
    for position, row in enumerate(CarrierRule.objects.filter(seller_id=seller_id).order_by("position", "id"), 1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
    _audit(seller_id, actor, "carrier_rules.delete", rule_id)


def _rule(seller_id: int, rule_id: int) -> CarrierRule:
    found = CarrierRule.objects.filter(seller_id=seller_id, pk=rule_id).first()
    if found is None:
        raise RuleNotFound(rule_id=rule_id)
    return found


def _audit(seller_id: int, actor: Actor, verb: str, rule_id: int) -> None:
    audit(seller_id=seller_id, actor=actor, verb=verb, object_type="carrier_rule", object_id=rule_id)
