"""What a browser must fetch to show a screen for the first time stays within 300 KB, and no script holds it up."""

import gzip
import re
from pathlib import Path

import pytest

from entrepot.project import assets
from tests.web.factories import full_house, sit_down
from tests.web.pages import address, screens

LIMIT = 300_000
LOADED = re.compile(r'(?:href|src)="/static/([^"#?]+)')
NAMED = re.compile(r'url\("?([\w./-]+\.woff2)"?\)')


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What each file weighs on its way to a browser, by its plain name."""
    made = tmp_path_factory.mktemp("assets") / "made"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assets, "shelf", lambda: made.parent)
        assets._make(made)
    shelf = assets.Assets(str(made))
    return {name: _least(made / hashed) for name, hashed in shelf.hashed_files.items()}


def _least(path: Path) -> int:
    return min(found.stat().st_size for found in path.parent.glob(f"{path.name}*"))


def _loaded(page: str) -> set[str]:
    """Every file of ours that a page names, and those that its styles name."""
    names = set(LOADED.findall(page))
    styles = [name for name in names if name.endswith(".css")]
    for name in styles:
        here = assets.sources()[name]
        root = Path(str(here).removesuffix(name))
        found = NAMED.findall(here.read_text())
        names |= {str((here.parent / one).resolve().relative_to(root.resolve())) for one in found}
    return names


def test_every_screen_is_light_enough_on_first_sight(db: None, weights: dict[str, int]) -> None:
    house = full_house()
    browser = sit_down(house.owner)
    found = {}
    for name in screens():
        packed = browser.get(address(name, house), headers={"accept-encoding": "gzip"}).content
        page = gzip.decompress(packed).decode()
        found[name] = len(packed) + sum(weights[one] for one in _loaded(page))

    heavy = {name: weight for name, weight in found.items() if weight > LIMIT}

    assert not heavy
    assert min(found.values()) > 50_000, "the files were not found"


def test_no_script_holds_up_a_page_but_the_few_bytes_that_choose_its_colours(db: None, weights: dict[str, int]) -> None:
    house = full_house()
    browser = sit_down(house.owner)

    for name in ("dashboard", "orders", "floor_home"):
        page = browser.get(address(name, house)).content.decode()
        blocking = re.findall(r'<script src="/static/([^"]+)"></script>', page)
        assert sum(weights[one] for one in blocking) < 1_000, name
