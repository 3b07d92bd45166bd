"""A cell of an Excel file names a picture as any form does."""

import pytest

from entrepot.sheets import cells
from entrepot.sheets.cells import CellWrong

KEPT = "/pictures/0b7e2c1c-94d4-4e0c-8d5e-3a2f6c1b9e77.jpg"


@pytest.mark.parametrize("text", [KEPT, f" {KEPT} ", "https://example.com/sock.jpg"])
def test_a_cell_names_a_kept_picture_or_one_on_the_web(text: str):
    assert cells.address(text) == text.strip()


@pytest.mark.parametrize("text", ["sock.jpg", "/pictures/1.jpg", f"{KEPT}/../x", "javascript:alert(1)", "https://a b"])
def test_what_names_no_picture_is_refused(text: str):
    with pytest.raises(CellWrong):
        cells.address(text)
