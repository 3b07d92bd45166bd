"""Files of many changes at the desk, over the API and by command: who may, what is answered, what comes back."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from entrepot.accounts.services import make_api_key
from entrepot.catalog.models import Item
from entrepot.kernel.actor import Actor
from entrepot.sheets import services
from entrepot.sheets.models import Upload
from tests.books import figure
from tests.sheets.books_of_files import sheets
from tests.web.conftest import AtDesk
from tests.web.factories import full_house, make_person, sit_down

CSV = b"SKU,On hand\r\nGREEN,9\r\nNOBODY,1\r\n"


def stock_file(name: str = "a.csv", content: bytes = CSV) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_is_uploaded_looked_at_and_applied(at_desk: AtDesk) -> None:
    answer = at_desk.browser.post(reverse("web:sheet_new", args=["stock"]), {"file": stock_file(), "reason": "Count"})
    upload = Upload.objects.latest("pk")
    assert answer.headers["Location"] == reverse("web:sheet", args=[upload.pk])
    services.work_upload(upload.pk)
    text = at_desk.browser.get(reverse("web:sheet", args=[upload.pk])).content.decode()
    assert "1 row would be applied." in text
    assert "No item has the SKU “NOBODY”." in text
    at_desk.browser.post(reverse("web:sheet_deed", args=[upload.pk, "apply"]))
    services.work_upload(upload.pk)
    assert figure(at_desk.house.items["GREEN"])[0] == 9
    back = at_desk.browser.get(reverse("web:sheet_file", args=[upload.pk, "result"]))
    assert sheets(back.content)["To correct"][1][1:] == ["NOBODY", "1"]


def test_a_file_that_is_not_taken_says_why_beside_the_form(at_desk: AtDesk) -> None:
    before = Upload.objects.count()
    answer = at_desk.browser.post(
        reverse("web:sheet_new", args=["stock"]), {"file": stock_file("a.xls", b"<html><table>SKU")}
    )
    assert (answer.status_code, Upload.objects.count()) == (422, before)
    assert "The file is a web page that is only named like a workbook." in answer.content.decode()


def test_every_kind_has_its_page_and_its_template(at_desk: AtDesk) -> None:
    store = at_desk.house.store.pk
    for kind in ("products-new", "products", "kits", "listings", "prices", "list-prices", "stock"):
        assert at_desk.browser.get(reverse("web:sheet_new", args=[kind])).status_code == 200
        for filled in ("", "1"):
            address = reverse("web:sheet_template", args=[kind])
            answer = at_desk.browser.get(address, {"store": store, "filled": filled})
            assert (answer.status_code, len(sheets(answer.content)) >= 2) == (200, True)


def test_who_may_not_change_stock_neither_uploads_nor_applies_nor_fetches(db: None) -> None:
    house = full_house()
    reader = sit_down(make_person(house.seller, "read_only", "them@example.com"))
    for name, arguments in (
        ("sheet_new", ["stock"]),
        ("sheet_template", ["stock"]),
        ("sheet_file", [house.upload.pk, "source"]),
    ):
        assert reader.get(reverse(f"web:{name}", args=arguments)).status_code == 403
    assert reader.post(reverse("web:sheet_deed", args=[house.upload.pk, "apply"])).status_code == 403
    assert Upload.objects.get(pk=house.upload.pk).state == "ready"


def test_a_store_outside_a_persons_reach_gives_no_template_and_hides_its_files(db: None) -> None:
    house = full_house()
    member = make_person(house.seller, "operator", "far@example.com")
    member.store_ids = [house.mall.pk]
    member.save(update_fields=["store_ids"])
    Upload.objects.filter(pk=house.upload.pk).update(store=house.store, kind="prices")
    browser = sit_down(member)
    template = browser.get(reverse("web:sheet_template", args=["prices"]), {"store": house.store.pk})
    assert template.status_code == 404
    assert browser.get(reverse("web:sheet", args=[house.upload.pk])).status_code == 404


def test_over_the_api_a_file_is_uploaded_applied_and_its_result_fetched(at_desk: AtDesk) -> None:
    house = at_desk.house
    person = Actor("user", "Mina", house.owner.user_id)
    key = make_api_key(
        seller_id=house.seller.pk, name="sync", scopes=["catalog.view", "stock.adjust"], actor=person
    ).secret
    headers = {"authorization": f"Bearer {key}"}
    made = at_desk.browser.post(
        "/api/v1/sheets", {"file": stock_file(), "kind": "stock", "apply": "true"}, headers=headers
    )
    number = made.json()["id"]
    assert (made.status_code, made.json()["state"]) == (202, "waiting")
    services.work_upload(number)
    found = at_desk.browser.get(f"/api/v1/sheets/{number}", headers=headers).json()
    assert (found["state"], found["counts"]["done"], found["counts"]["bad"]) == ("done", 1, 1)
    rows = at_desk.browser.get(f"/api/v1/sheets/{number}/rows", headers=headers).json()["rows"]
    assert [(row["number"], row["wrong"][:20]) for row in rows] == [(3, "SKU: No item has the")]
    book = at_desk.browser.get(f"/api/v1/sheets/{number}/result", headers=headers)
    assert "To correct" in sheets(book.content)
    refused = at_desk.browser.post("/api/v1/sheets", {"file": stock_file(), "kind": "kits"}, headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("name", ["../../x\r\nSet-Cookie: a=b.csv", '재고 "5월".csv'])
def test_a_files_name_does_no_harm(at_desk: AtDesk, name: str) -> None:
    made = services.take_upload(
        seller_id=at_desk.house.seller.pk, kind="stock", name=name, content=io.BytesIO(CSV).read(),
        actor=Actor("user", "Mina"),
    )  # fmt: skip
    header = at_desk.browser.get(reverse("web:sheet_file", args=[made.pk, "source"])).headers["Content-Disposition"]
    assert "\r" not in header
    assert header.startswith('attachment; filename="')
    assert Item.objects.filter(seller=at_desk.house.seller).exists()
