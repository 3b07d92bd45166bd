"""Orders of the Offline store from a file: a template, the file, and what would become of it."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from entrepot.catalog.queries import find_items
from entrepot.kernel.errors import EntrepotError
from entrepot.orders import queries
from entrepot.sheets.orders_back import template
from entrepot.sheets.orders_import import plan_import
from entrepot.web.desk import DeskRequest, desk, show
from entrepot.web.forms.orders_excel import OrdersFileForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@desk("orders.place")
def orders_import(request: DeskRequest) -> HttpResponse:
    """The form; a file that came in is looked through and shown before anything is taken in."""
    here = request.desk
    form = OrdersFileForm(request.POST, request.FILES) if request.method == "POST" else OrdersFileForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            bulk = plan_import(
                seller_id=here.seller_id,
                name=file.name,
                content=file.read(),
                facts={"language": here.language, "zone": str(here.zone)},
                actor=here.actor,
                channel_ids=here.store_ids,
            )
        except EntrepotError as error:
            form.refuse(error)
        else:
            return redirect("web:order_deed", bulk.pk)
    return show(request, "web/orders/import.html", {"form": form}, status=422 if form.errors else 200)


@desk("orders.place")
@require_safe
def orders_template(request: DeskRequest) -> HttpResponse:
    """An empty workbook to fill, in the reader's language."""
    here = request.desk
    stores = [row.name for row in queries.offline_channels(seller_id=here.seller_id, channel_ids=here.store_ids)]
    skus = [item.sku for item in find_items(seller_id=here.seller_id, text="", limit=1)]
    answer = HttpResponse(template(stores=stores, skus=skus), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{_("orders-template")}.xlsx"'
    return answer
