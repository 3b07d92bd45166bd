"""What became of each order of a deed, as a workbook."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from entrepot.orders.models import BulkItem


def results_workbook(*, seller_id: int, bulk_id: int, reason: Callable[[BulkItem], str]) -> bytes:
    """A row for each order: its number, store, result and the reason in words. Written row by row."""
    rows = BulkItem.objects.filter(bulk__seller_id=seller_id, bulk_id=bulk_id).select_related("order__sales_channel")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.xlsx"
        options = {"constant_memory": True, "tmpdir": folder}
        with xlsxwriter.Workbook(str(path), options) as book:
            sheet = book.add_worksheet()
            text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
            headings = [(_("Order"), 18), (_("Store"), 20), (_("Status"), 18), (_("Result"), 12), (_("Reason"), 80)]
            for place, (heading, width) in enumerate(headings):
                sheet.set_column(place, place, width)
                sheet.write_string(0, place, heading, bold)
            sheet.freeze_panes(1, 0)
            for place, item in enumerate(rows.order_by("id").iterator(chunk_size=2000), 1):
                order = item.order
                told = (str(order.get_status_display()), str(item.get_state_display()), reason(item))
                for column, value in enumerate((order.number, order.sales_channel.name, *told)):
                    sheet.write_string(place, column, value, text)
        return path.read_bytes()
