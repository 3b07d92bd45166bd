"""For which stores and in which warehouses a person works, in words."""

from collections.abc import Collection, Sequence

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from entrepot.accounts.models import Membership, Role
from entrepot.channels.models import Store
from entrepot.inventory.models import Warehouse

register = template.Library()


Place = Store | Warehouse


@register.filter
def role_options(chosen: str) -> SafeString:
    """The roles to choose from. There is a form for each person, so its parts are written by functions."""
    shown = (
        f'<option value="{role.value}"{" selected" if role.value == chosen else ""}>{escape(role.label)}</option>'
        for role in Role
    )
    return mark_safe("".join(shown))  # noqa: S308 - every word is escaped


@register.simple_tag
def reach_boxes(name: str, places: Sequence[Place], chosen: Collection[object] | None) -> SafeString:
    """A box for each store or warehouse; one that is no more in use only where it is chosen."""
    ticked = {str(one) for one in chosen or ()}
    boxes = []
    for place in places:
        mine = str(place.pk) in ticked
        if mine or _in_use(place):
            word = place.sales_channel.name if isinstance(place, Store) else place.name
            boxes.append(
                f'<label class="form-check"><input type="checkbox" class="form-check-input" name="{name}" '
                f'value="{place.pk}"{" checked" if mine else ""}><span>{escape(word)}</span></label>'
            )
    return mark_safe("".join(boxes))  # noqa: S308 - every word is escaped


def _in_use(place: Place) -> bool:
    return place.state != Store.State.DISCONNECTED if isinstance(place, Store) else place.active


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
