"""Words about parcels."""

from django import template

from entrepot.fulfilment.models import Shipment
from entrepot.web.order_page import parcels

register = template.Library()


@register.filter
def odd_number(parcel: Shipment) -> str:
    """What looks wrong about its number; "" = nothing."""
    return parcels.odd_number(parcel)
