"""Stock by file, from the workbook to the ledger and back."""

import pytest

from entrepot.inventory.models import Movement, Warehouse
from entrepot.inventory.services.warehouses import add_warehouse
from entrepot.sheets import services
from entrepot.sheets.errors import NothingToApply, UploadNeedsApproval, UploadNotFound
from entrepot.sheets.models import Upload
from tests.books import MINA, assert_books_add_up, figure, make_items, make_kit, make_seller
from tests.sheets.books_of_files import counts, csv, done, result, take, wrong, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_seller()


def test_good_rows_reach_the_ledger_and_bad_ones_come_back_with_their_reasons(seller):
    ids = make_items(seller, RED=5, BLUE=7, GREEN=1)
    rows = [["SKU", "On hand", "Reason"], ["RED", 9, "Counted"], ["GREY", 3, ""], ["BLUE", 7, ""], ["GREEN", -1, ""]]
    upload = take(seller, "stock", xlsx(rows), "may.xlsx")
    assert (upload.state, counts(upload)) == ("ready", (1, 1, 2, 0))
    assert wrong(upload) == [
        (3, "sku", "No item has the SKU “{sku}”. Check the spelling, or create it first."),
        (5, "on_hand", "It must be {least} or more."),
    ]
    assert figure(ids["RED"]) == (5, 0)
    upload = done(upload)
    assert (upload.state, counts(upload)) == ("done", (0, 1, 2, 1))
    assert figure(ids["RED"]) == (9, 0)
    step = Movement.objects.get(item_id=ids["RED"], kind="adjustment")
    assert (step.on_hand_delta, step.reason, step.reference, step.actor_label) == (
        4, "Counted", f"upload:{upload.pk}", "Mina",
    )  # fmt: skip
    back = result(upload)
    assert [row[1:] for row in back["To correct"]] == [
        ["SKU", "On hand", "Reason"], ["GREY", 3.0, ""], ["GREEN", "-1", ""],
    ]  # fmt: skip
    assert back["To correct"][1][0] == "SKU: No item has the SKU “GREY”. Check the spelling, or create it first."
    assert [row[0] for row in back["All rows"]] == [
        "Result",
        "Done",
        "To be corrected",
        "Nothing to change",
        "To be corrected",
    ]
    assert_books_add_up([seller.pk])


def test_the_workbook_that_comes_back_is_corrected_and_uploaded_again(seller):
    ids = make_items(seller, RED=5, BLUE=7)
    first = done(take(seller, "stock", xlsx([["SKU", "On hand"], ["RED", 1], ["BLU", 2]])))
    back = result(first)["To correct"]
    back[1][1] = "BLUE"
    again = done(take(seller, "stock", xlsx(back)))
    assert counts(again) == (0, 0, 0, 1)
    assert (figure(ids["RED"]), figure(ids["BLUE"])) == ((1, 0), (2, 0))


def test_a_difference_is_added_and_taken_back_by_the_way_back(seller):
    ids = make_items(seller, RED=5, BLUE=7)
    upload = done(
        take(seller, "stock", csv([["sku", "증감"], ["RED", "-2"], ["BLUE", "+3"]]), "차이.csv", reason="Fair")
    )
    assert [figure(pk) for pk in ids.values()] == [(3, 0), (10, 0)]
    back = services.take_back(seller_id=seller.pk, upload_id=upload.pk, actor=MINA)
    services.work_upload(back.pk)
    back = done(Upload.objects.get(pk=back.pk))
    assert (counts(back), [figure(pk) for pk in ids.values()]) == ((0, 0, 0, 2), [(5, 0), (7, 0)])
    assert_books_add_up([seller.pk])


def test_more_than_a_tenth_of_the_stocked_skus_to_zero_stops_for_approval(seller):
    ids = make_items(seller, **{f"S{n}": 5 for n in range(20)})
    upload = take(seller, "stock", xlsx([["SKU", "On hand"], *[[f"S{n}", 0] for n in range(3)]]))
    assert upload.alarms == [
        {"code": "to_zero", "sentence": "More than 10 % of the SKUs in stock go to zero", "count": 3, "of": 20}
    ]
    with pytest.raises(UploadNeedsApproval):
        services.apply_upload(seller_id=seller.pk, upload_id=upload.pk, actor=MINA)
    assert (figure(ids["S0"]), Upload.objects.get().state) == ((5, 0), "ready")
    upload = done(upload, approved=True)
    assert (figure(ids["S0"]), upload.approved_by) == ((0, 0), "user:Mina")


def test_two_of_twenty_skus_to_zero_need_nobodys_approval(seller):
    make_items(seller, **{f"S{n}": 5 for n in range(20)})
    upload = take(seller, "stock", xlsx([["SKU", "On hand"], ["S0", 0], ["S1", 0]]), apply=True)
    assert (upload.state, counts(upload)) == ("done", (0, 0, 0, 2))


def test_a_warehouse_outside_the_persons_reach_is_refused(seller):
    make_items(seller, RED=5)
    far = add_warehouse(seller_id=seller.pk, code="BUSAN", name="Busan", actor=MINA)
    main = Warehouse.objects.get(seller=seller, is_default=True)
    rows = xlsx([["SKU", "Warehouse", "On hand"], ["RED", "BUSAN", 4], ["RED", "", 6], ["RED", "MOON", 1]])
    upload = take(seller, "stock", rows, warehouse_ids=[main.pk])
    assert wrong(upload) == [
        (2, "warehouse", "You do not work in the warehouse {warehouse}."),
        (4, "warehouse", "There is no such warehouse, or it is closed. Choose another one."),
    ]
    assert counts(take(seller, "stock", rows, warehouse_ids=[main.pk, far.pk])) == (2, 0, 1, 0)


def test_a_kit_a_figure_below_what_is_set_aside_and_doubled_rows_are_refused(seller):
    ids = make_items(seller, RED=5, BLUE=2)
    make_kit(seller, "PACK", {ids["RED"]: 2})
    rows = [
        ["SKU", "On hand", "Change"],
        ["PACK", 1, None],
        ["RED", 3, None],
        ["RED", None, 1],
        ["BLUE", 1, 1],
        ["BLUE", None, None],
    ]
    upload = take(seller, "stock", xlsx(rows))
    assert wrong(upload) == [
        (2, "sku", "{sku} is a kit; its stock follows from its parts. Change the stock of the parts."),
        (3, "sku", "The same thing stands in the rows {first} and {last}. Keep one of them."),
        (4, "sku", "The same thing stands in the rows {first} and {last}. Keep one of them."),
        (5, "on_hand", "Give either the new figure on hand or a change of it, not both."),
        (6, "on_hand", "Give the new figure on hand, or a change of it."),
    ]
    with pytest.raises(NothingToApply):
        services.apply_upload(seller_id=seller.pk, upload_id=upload.pk, actor=MINA)


def test_a_canceled_upload_changes_nothing_and_another_sellers_is_not_found(seller):
    ids = make_items(seller, RED=5)
    upload = take(seller, "stock", xlsx([["SKU", "On hand"], ["RED", 9]]))
    with pytest.raises(UploadNotFound):
        services.cancel_upload(seller_id=make_seller("Other").pk, upload_id=upload.pk, actor=MINA)
    services.cancel_upload(seller_id=seller.pk, upload_id=upload.pk, actor=MINA)
    services.work_upload(upload.pk)
    assert (Upload.objects.get().state, figure(ids["RED"])) == ("canceled", (5, 0))
