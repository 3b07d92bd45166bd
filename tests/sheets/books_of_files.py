"""Small files of every kind, and the errand of one upload from its file to its end."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from entrepot.accounts.models import Seller
from entrepot.channels.models import Listing, Store
from entrepot.sheets import services
from entrepot.sheets.kinds import kind_of
from entrepot.sheets.kinds.kind import Here
from entrepot.sheets.models import Upload, UploadFile, UploadRow
from entrepot.sheets.templates import write_template
from tests.books import MINA, make_channel, make_items

Rows = Sequence[Sequence[Any]]


def xlsx(rows: Rows, name: str = "Sheet1") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(name)
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(place, column, value)
    return file.getvalue()


def csv(rows: Rows, encoding: str = "utf-8", separator: str = ",") -> bytes:
    return "\r\n".join(separator.join("" if v is None else str(v) for v in row) for row in rows).encode(encoding)


def take(seller: Seller, kind: str, content: bytes, name: str = "file.xlsx", **more: Any) -> Upload:
    """Upload a file and let the worker check it."""
    upload = services.take_upload(
        seller_id=seller.pk, kind=kind, name=name, content=content, actor=MINA,
        store_id=more.pop("store_id", None), facts=more or None,
    )  # fmt: skip
    services.work_upload(upload.pk)
    return Upload.objects.get(pk=upload.pk)


def done(upload: Upload, *, approved: bool = False) -> Upload:
    """Apply it and let the worker do it."""
    services.apply_upload(seller_id=upload.seller_id, upload_id=upload.pk, actor=MINA, approved=approved)
    services.work_upload(upload.pk)
    return Upload.objects.get(pk=upload.pk)


def counts(upload: Upload) -> tuple[int, int, int, int]:
    """Good, same, bad, done."""
    return tuple(upload.counts.get(state, 0) for state in ("good", "same", "bad", "done"))  # type: ignore[return-value]


def wrong(upload: Upload) -> list[tuple[int, str, str]]:
    """What is wrong: (row, column, the sentence's first words)."""
    rows = UploadRow.objects.filter(upload=upload, state="bad").order_by("number")
    return [(row.number, code, sentence) for row in rows for code, sentence, _fields in row.errors]


def result(upload: Upload) -> dict[str, list[list[Any]]]:
    """The workbook that came back: {sheet: rows}."""
    kept = UploadFile.objects.get(upload=upload, role="result")
    return sheets(bytes(kept.content))


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def template(seller: Seller, kind: str, *, store: Store | None = None, filled: bool = False) -> bytes:
    file = io.BytesIO()
    write_template(file, kind=kind_of(kind), here=Here(seller.pk, MINA, 0, store), filled=filled)
    return file.getvalue()


def shop(seller: Seller, name: str = "Sock shop", **prices: str) -> Store:
    """A live shop that lists items of the seller: `shop(seller, RED="12900")`."""
    channel = make_channel(seller, name)
    store = Store.objects.create(
        sales_channel=channel, seller=seller, connector="opencart", identity=name, state="live"
    )
    ids = dict(_items(seller))
    missing = [sku for sku in prices if sku not in ids]
    ids |= make_items(seller, **dict.fromkeys(missing, 5)) if missing else {}
    for number, (sku, price) in enumerate(prices.items(), 1):
        Listing.objects.create(
            seller=seller, store=store, item_id=ids[sku], remote_id=str(number), title=f"{sku} sock", price=price,
            currency="KRW", remote_sku=sku,
        )  # fmt: skip
    return store


def _items(seller: Seller) -> list[tuple[str, int]]:
    from entrepot.catalog.models import Item  # noqa: PLC0415 - only here

    return list(Item.objects.filter(seller=seller).values_list("sku", "pk"))


def facts(row: UploadRow) -> Mapping[str, Any]:
    return {"values": row.values, "before": row.before}


HERE = Path(__file__).parent
