"""What stores and carriers have to do with each other: what each calls the other, and how its parcels are sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from entrepot.channels.models import Store
from entrepot.channels.queries import stores as store_queries
from entrepot.channels.queries.told import carriers as listed_by
from entrepot.channels.services import lifecycle
from entrepot.channels.services.shipping import BY_CHANNEL, SELF_SHIP, remote_code
from entrepot.fulfilment import carrier_queries as queries
from entrepot.web.desk import DeskRequest
from entrepot.web.forms.carriers import CodesForm, ShippingForm
from entrepot.web.holding.sitting import Sitting

CODES, MODES = "carrier_codes", "shipping"
NO_NUMBER = 0
"""The form of how parcels are sent is one for all stores."""


def _stores(request: DeskRequest) -> Sequence[Store]:
    here = request.desk
    return store_queries.stores(seller_id=here.seller_id, store_ids=here.store_ids, with_disconnected=False)


def _store_of(field: str) -> int:
    return int(field.rpartition("-")[2] or 0)


# --------------------------------------------------------------------------- what each store calls a carrier


def codes(request: DeskRequest, carrier_id: int, *, sent: bool = False) -> Sitting | None:
    """The form of what each store calls a carrier; None where no store lists any."""
    now = _codes_now(request, carrier_id)
    if not now:
        return None
    named = [
        (store.pk, store.sales_channel.name, [(row.remote_id, f"{row.name} ({row.remote_id})") for row in rows])
        for store, rows, _code in now
    ]
    started = {f"store-{store.pk}": code for store, _rows, code in now}

    def look() -> Mapping[str, Any]:
        return {f"store-{store.pk}": code for store, _rows, code in _codes_now(request, carrier_id)}

    form = CodesForm(request.POST if sent else None, initial=started, named=named)
    return Sitting(request, form, seat=CODES, pk=carrier_id, look=look, told_of=_store_of)


def _codes_now(request: DeskRequest, carrier_id: int) -> list[tuple[Store, Sequence[Any], str]]:
    here = request.desk
    carrier = queries.carrier(seller_id=here.seller_id, carrier_id=carrier_id)
    named = [(store, listed_by(seller_id=here.seller_id, store_id=store.pk)) for store in _stores(request)]
    return [(store, rows, remote_code(store, carrier=carrier, listed=rows)) for store, rows in named if rows]


def keep_codes(request: DeskRequest, carrier_id: int, codes_sat: Sitting) -> None:
    """What was chosen, where it is not so already; empty = the one of the same name."""
    here, form = request.desk, codes_sat.form
    for store, _rows, now in _codes_now(request, carrier_id):
        said = form.cleaned_data[f"store-{store.pk}"]
        if said == now or f"store-{store.pk}" not in form.data:
            continue
        known = {**store.settings.get("carrier_codes", {}), str(carrier_id): said}
        kept = {key: code for key, code in known.items() if code}
        changes = {"carrier_codes": kept or None}
        lifecycle.change_settings(seller_id=here.seller_id, store_id=store.pk, changes=changes, actor=here.actor)


# --------------------------------------------------------------------------- how its parcels are sent


def shipping(request: DeskRequest, *, sent: bool = False) -> Sitting | None:
    """The form of how each store's parcels are sent; None without a store."""
    stores = _stores(request)
    if not stores:
        return None
    known = queries.carriers(seller_id=request.desk.seller_id, active_only=True)
    form = ShippingForm(
        request.POST if sent else None,
        initial=_shipping_now(stores),
        stores=[(store.pk, store.sales_channel.name) for store in stores],
        modes=[
            ("", _("named by a person at the packing table")),
            (BY_CHANNEL, _("the store's own (shipped by sales channel)")),
            (SELF_SHIP, _("chosen by the rules (self ship)")),
        ],
        carriers=[(row.pk, row.name) for row in known],
    )
    return Sitting(
        request, form, seat=MODES, pk=NO_NUMBER, look=lambda: _shipping_now(_stores(request)), told_of=_store_of
    )


def _shipping_now(stores: Sequence[Store]) -> dict[str, Any]:
    return {
        f"{name}-{store.pk}": store.settings.get(key)
        for store in stores
        for name, key in (("mode", "shipping"), ("usual", "default_carrier"))
    }


def keep_shipping(request: DeskRequest, sending: Sitting) -> None:
    """How each store's parcels are sent, where it is not so already."""
    here, form = request.desk, sending.form
    for store in _stores(request):
        if f"mode-{store.pk}" not in form.data:
            continue
        wished = {
            "shipping": form.cleaned_data[f"mode-{store.pk}"] or None,
            "default_carrier": form.cleaned_data[f"usual-{store.pk}"],
        }
        if changes := {key: value for key, value in wished.items() if store.settings.get(key) != value}:
            lifecycle.change_settings(seller_id=here.seller_id, store_id=store.pk, changes=changes, actor=here.actor)
