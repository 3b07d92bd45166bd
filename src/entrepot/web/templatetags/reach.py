"""For which stores and in which warehouses a person works, in words."""

from collections.abc import Collection, Sequence

from django import template
from django.utils.translation import gettext

from entrepot.accounts.models import Membership
from entrepot.channels.models import Store
from entrepot.inventory.models import Warehouse

register = template.Library()


@register.filter
def is_in(pk: int, chosen: Collection[object] | None) -> bool:
    """Whether it is among what a form has chosen, as ids or as texts."""
    return any(str(pk) == str(one) for one in chosen or ())


@register.simple_tag
def reach_words(person: Membership, stores: Sequence[Store], warehouses: Sequence[Warehouse]) -> str:
    """`all stores · only Busan`."""
    shops = [store.sales_channel.name for store in stores if store.pk in person.store_ids]
    houses = [house.name for house in warehouses if house.pk in person.warehouse_ids]
    return " · ".join(
        (
            gettext("only %(names)s") % {"names": ", ".join(shops) or "–"}
            if person.store_ids
            else gettext("all stores"),
            gettext("only %(names)s") % {"names": ", ".join(houses) or "–"}
            if person.warehouse_ids
            else gettext("all warehouses"),
        )
    )
