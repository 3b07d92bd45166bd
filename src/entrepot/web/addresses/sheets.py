"""The addresses of files with many changes."""

from django.urls import path

from entrepot.web.views import sheets

SHEETS = [
    path("sheets/", sheets.sheets, name="sheets"),
    path("sheets/new/<slug:kind>/", sheets.sheet_new, name="sheet_new"),
    path("sheets/templates/<slug:kind>.xlsx", sheets.sheet_template, name="sheet_template"),
    path("sheets/<int:upload_id>/", sheets.sheet, name="sheet"),
    path("sheets/<int:upload_id>/do/<slug:deed>/", sheets.sheet_deed, name="sheet_deed"),
    path("sheets/<int:upload_id>/files/<slug:role>/", sheets.sheet_file, name="sheet_file"),
]
