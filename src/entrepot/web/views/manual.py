"""An order typed in by a person: telephone, counter, market."""

import secrets
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entrepot.catalog.queries import item_by_sku, nearest_skus
from entrepot.kernel.errors import EntrepotError
from entrepot.orders import queries, services
from entrepot.orders.drafts import ManualLine, ManualOrder
from entrepot.orders.errors import NoOfflineStore
from entrepot.web.desk import DeskRequest, desk, done, show
from entrepot.web.forms.orders import ManualLines, ManualLineSet, ManualOrderForm
from entrepot.web.holding.after import orders_moved


@desk("orders.place")
def order_new(request: DeskRequest) -> HttpResponse:
    """The form, and the order it makes."""
    here = request.desk
    bound = request.POST if request.method == "POST" else None
    channels = queries.offline_channels(seller_id=here.seller_id, channel_ids=here.store_ids)
    if not channels and here.store_ids is not None:
        raise NoOfflineStore
    currency = channels[0].currency if channels else ("KRW" if here.language == "ko" else "USD")
    form = ManualOrderForm(bound, initial={"key": f"manual-{secrets.token_hex(8)}", "currency": currency})
    form.offer([(row.pk, row.name) for row in channels])
    lines = ManualLines(bound, prefix="line")
    if bound is not None:
        fine = form.is_valid()
        if lines.is_valid() and fine and (order_id := _placed(request, form, lines)):
            return redirect("web:order", order_id)
    facts = {"form": form, "lines": lines}
    return show(request, "web/orders/new.html", facts, status=422 if bound is not None else 200)


def _placed(request: DeskRequest, form: ManualOrderForm, lines: ManualLineSet) -> int | None:
    here = request.desk
    wanted = _lines(here.seller_id, lines)
    if wanted is None:
        return None
    facts = form.cleaned_data
    words = {name: facts[name] for name in ("buyer_name", "buyer_email", "buyer_phone", "payment_method", "comment")}
    order = ManualOrder(
        key=facts["key"],
        currency=facts["currency"],
        lines=wanted,
        shipping=form.address(),
        billing=form.address(),
        shipping_method=facts["shipping_method"],
        shipping_cost=facts["shipping_cost"] or Decimal(0),
        tags=[tag for word in facts["tags"].split(",") if (tag := word.strip()[:40])],
        note=facts["note"],
        **words,
    )
    try:
        placed = services.place_manual(
            seller_id=here.seller_id,
            order=order,
            actor=here.actor,
            sales_channel_id=facts.get("channel"),
            channel_ids=here.store_ids,
        )
    except EntrepotError as error:
        form.refuse(error)
        return None
    orders_moved(here, [queries.order(seller_id=here.seller_id, order_id=placed.order_id)])
    done(request, _("The order is on the desk."))
    return placed.order_id


def _unknown(seller_id: int, sku: str) -> str:
    """What to write instead, where something looks alike."""
    near = nearest_skus(seller_id=seller_id, skus=[sku])[sku]
    if not near:
        return _("You have no item with this SKU.")
    return _("You have no item with this SKU. Did you mean %(near)s?") % {"near": ", ".join(near)}


def _lines(seller_id: int, lines: ManualLineSet) -> list[ManualLine] | None:
    """The lines with their items; None when a SKU is nobody's, said at its field."""
    wanted = []
    for form in lines:
        item = item_by_sku(seller_id=seller_id, sku=form.cleaned_data["sku"].strip())
        if item is None:
            form.add_error("sku", _unknown(seller_id, form.cleaned_data["sku"].strip()))
            continue
        facts = form.cleaned_data
        wanted.append(
            ManualLine(
                item_id=item.pk,
                quantity=facts["quantity"],
                unit_price=facts["unit_price"],
                unit_tax=facts["unit_tax"] or Decimal(0),
            )
        )
    return wanted if len(wanted) == len(lines.forms) else None
