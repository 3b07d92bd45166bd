"""The addresses of the floor."""

from django.urls import path

from entrepot.web.views.floor import count, door, home, pack, pick, put, receive, returns

HERE = "floor/<int:warehouse_id>/"
FLOOR = [
    path("floor/", home.floor, name="floor"),
    path(HERE, home.floor_home, name="floor_home"),
    path(f"{HERE}look/", home.floor_look, name="floor_look"),
    path(f"{HERE}receive/", receive.floor_receive, name="floor_receive"),
    path(f"{HERE}receive/<int:receipt_id>/", receive.floor_receipt, name="floor_receipt"),
    path(f"{HERE}put-away/", put.floor_put_away, name="floor_put_away"),
    path(f"{HERE}move/", put.floor_move, name="floor_move"),
    path(f"{HERE}put-back/", put.floor_put_back, name="floor_put_back"),
    path(f"{HERE}pick/", pick.floor_pick, name="floor_pick"),
    path(f"{HERE}pick/<int:list_id>/", pick.floor_pick_list, name="floor_pick_list"),
    path(f"{HERE}pack/", pack.floor_pack, name="floor_pack"),
    path(f"{HERE}pack/<int:work_id>/", pack.floor_pack_work, name="floor_pack_work"),
    path(f"{HERE}pack/<int:work_id>/paper.<slug:form>", pack.floor_label, name="floor_label"),
    path(f"{HERE}hand-over/", door.floor_hand_over, name="floor_hand_over"),
    path(f"{HERE}hand-over/<int:manifest_id>/", door.floor_manifest, name="floor_manifest"),
    path(f"{HERE}hand-over/<int:manifest_id>/manifest.pdf", door.floor_manifest_pdf, name="floor_manifest_pdf"),
    path(f"{HERE}count/", count.floor_counts, name="floor_counts"),
    path(f"{HERE}count/<int:count_id>/", count.floor_count, name="floor_count"),
    path(f"{HERE}returns/", returns.floor_returns, name="floor_returns"),
    path(f"{HERE}returns/<int:return_id>/", returns.floor_return, name="floor_return"),
]
