"""A worker may die at any moment: what was checked or applied stays, and nothing is done twice."""

import pytest
from django.db import transaction

from entrepot.inventory.models import Movement
from entrepot.sheets import services, staging
from entrepot.sheets.models import Upload
from entrepot.sheets.services import work
from tests.books import MINA, assert_books_add_up, make_items, make_seller
from tests.sheets.books_of_files import counts, csv

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The machine went dark."""


@pytest.fixture
def upload(monkeypatch):
    monkeypatch.setattr(staging, "CHUNK", 10)
    seller = make_seller()
    make_items(seller, **{f"S{n}": 5 for n in range(35)})
    rows = [["SKU", "Change"], *[[f"S{n}", 1] for n in range(35)], ["S3", 1]]
    return services.take_upload(seller_id=seller.pk, kind="stock", name="a.csv", content=csv(rows), actor=MINA)


def dies(monkeypatch, where, name, *, at):
    real, calls = getattr(where, name), []

    def counted(*arguments, **words):
        calls.append(1)
        if len(calls) == at:
            raise Killed
        return real(*arguments, **words)

    monkeypatch.setattr(where, name, counted)


def test_checking_goes_on_at_the_chunk_it_had_reached(upload, monkeypatch):
    dies(monkeypatch, work, "_progress", at=3)
    with pytest.raises(Killed):
        services.work_upload(upload.pk)
    half = Upload.objects.get()
    assert (half.state, half.done, half.rows.count()) == ("checking", 20, 20)
    services.work_upload(upload.pk)
    whole = Upload.objects.get()
    assert (whole.state, counts(whole), whole.rows.count()) == ("ready", (34, 0, 2, 0), 36)


def test_applying_goes_on_and_does_no_row_twice(upload, monkeypatch):
    services.work_upload(upload.pk)
    services.apply_upload(seller_id=upload.seller_id, upload_id=upload.pk, actor=MINA)
    with monkeypatch.context() as patch:
        dies(patch, staging, "write_outcomes", at=3)
        with pytest.raises(Killed):
            services.work_upload(upload.pk)
    assert Movement.objects.filter(kind="adjustment").count() == 20
    services.work_upload(upload.pk)
    assert (counts(Upload.objects.get()), Movement.objects.filter(kind="adjustment").count()) == ((0, 0, 2, 34), 34)
    assert_books_add_up([upload.seller_id])


def test_a_cancel_in_the_middle_keeps_what_is_done_and_does_no_more(upload, monkeypatch):
    services.work_upload(upload.pk)
    services.apply_upload(seller_id=upload.seller_id, upload_id=upload.pk, actor=MINA)
    real, calls = work._progress, []

    def canceled_meanwhile(*arguments):
        real(*arguments)
        calls.append(1)
        if len(calls) == 2:
            transaction.on_commit(
                lambda: services.cancel_upload(seller_id=upload.seller_id, upload_id=upload.pk, actor=MINA)
            )

    monkeypatch.setattr(work, "_progress", canceled_meanwhile)
    services.work_upload(upload.pk)
    assert (Upload.objects.get().state, Upload.objects.get().done) == ("canceled", 20)
    assert Movement.objects.filter(kind="adjustment").count() == 20
