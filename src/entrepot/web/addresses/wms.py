"""The addresses of the warehouse manager's pages."""

from typing import Final

from django.urls import URLPattern, path

from entrepot.web.views.warehouse import bins, counts, houses, leaving, overview, receipts, shelves, work

WMS: Final[list[URLPattern]] = [
    path("warehouse/", overview.wms, name="wms"),
    path("warehouse/agreement/", overview.wms_agreement, name="wms_agreement"),
    path("warehouse/houses/", houses.wms_houses, name="wms_houses"),
    path("warehouse/houses/<int:warehouse_id>/", houses.wms_house, name="wms_house"),
    path("warehouse/houses/<int:warehouse_id>/bins/labels/", bins.wms_bin_labels, name="wms_bin_labels"),
    path("warehouse/houses/<int:warehouse_id>/totes/labels/", bins.wms_tote_labels, name="wms_tote_labels"),
    path("warehouse/houses/<int:warehouse_id>/<slug:deed>/", houses.wms_house_deed, name="wms_house_deed"),
    path("warehouse/bins/", bins.wms_bins, name="wms_bins"),
    path("warehouse/bins/<int:bin_id>/", bins.wms_bin, name="wms_bin"),
    path("warehouse/bins/<int:bin_id>/<slug:deed>/", bins.wms_bin_deed, name="wms_bin_deed"),
    path("warehouse/stock/", shelves.wms_stock, name="wms_stock"),
    path("warehouse/put-away/", shelves.wms_put_away, name="wms_put_away"),
    path("warehouse/put-away/do/", shelves.wms_put_away_do, name="wms_put_away_do"),
    path("warehouse/receipts/", receipts.wms_receipts, name="wms_receipts"),
    path("warehouse/receipts/new/", receipts.wms_receipt_new, name="wms_receipt_new"),
    path("warehouse/receipts/send/", receipts.wms_transfer_new, name="wms_transfer_new"),
    path("warehouse/receipts/<int:receipt_id>/", receipts.wms_receipt, name="wms_receipt"),
    path("warehouse/receipts/<int:receipt_id>/<slug:deed>/", receipts.wms_receipt_deed, name="wms_receipt_deed"),
    path("warehouse/counts/", counts.wms_counts, name="wms_counts"),
    path("warehouse/counts/new/", counts.wms_count_new, name="wms_count_new"),
    path("warehouse/counts/<int:count_id>/", counts.wms_count, name="wms_count"),
    path("warehouse/counts/<int:count_id>/<slug:deed>/", counts.wms_count_deed, name="wms_count_deed"),
    path("warehouse/work/", work.wms_work, name="wms_work"),
    path("warehouse/work/do/", work.wms_work_do, name="wms_work_do"),
    path("warehouse/waves/", work.wms_waves, name="wms_waves"),
    path("warehouse/waves/new/", work.wms_wave_new, name="wms_wave_new"),
    path("warehouse/waves/<int:wave_id>/", work.wms_wave, name="wms_wave"),
    path("warehouse/waves/<int:wave_id>/lists.pdf", work.wms_wave_lists, name="wms_wave_lists"),
    path("warehouse/waves/<int:wave_id>/<slug:deed>/", work.wms_wave_deed, name="wms_wave_deed"),
    path("warehouse/shorts/", work.wms_shorts, name="wms_shorts"),
    path("warehouse/put-backs/", work.wms_put_backs, name="wms_put_backs"),
    path("warehouse/put-backs/do/", work.wms_put_back_do, name="wms_put_back_do"),
    path("warehouse/packs/", leaving.wms_packs, name="wms_packs"),
    path("warehouse/manifests/", leaving.wms_manifests, name="wms_manifests"),
    path("warehouse/manifests/<int:manifest_id>/", leaving.wms_manifest, name="wms_manifest"),
    path("warehouse/manifests/<int:manifest_id>/paper.pdf", leaving.wms_manifest_paper, name="wms_manifest_paper"),
    path("warehouse/manifests/<int:manifest_id>/<slug:deed>/", leaving.wms_manifest_deed, name="wms_manifest_deed"),
    path("warehouse/returns/", leaving.wms_returns, name="wms_returns"),
    path("warehouse/returns/new/", leaving.wms_return_new, name="wms_return_new"),
    path("warehouse/returns/<int:return_id>/", leaving.wms_return, name="wms_return"),
    path("warehouse/returns/<int:return_id>/<slug:deed>/", leaving.wms_return_deed, name="wms_return_deed"),
]
