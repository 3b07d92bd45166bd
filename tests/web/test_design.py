"""The gallery of components stands where Entrepot is developed, and nowhere else."""

import re
from pathlib import Path

from entrepot.web.views.design import tokens
from entrepot.web.wording import marks
from tests.web.conftest import AtDesk


def test_nobody_meets_the_gallery_where_people_work(at_desk: AtDesk) -> None:
    assert at_desk.browser.get("/design/").status_code == 404


def test_the_gallery_shows_every_token_and_every_state(at_desk: AtDesk, settings) -> None:
    settings.DEBUG = True

    page = at_desk.browser.get("/design/").content.decode()

    names = [token.name for kind in tokens().values() for token in kind]
    assert len(names) > 50
    assert [name for name in names if f">{name}<" not in page] == []
    states = [state for table in marks.TABLES.values() for state in table]
    assert page.count('class="mark ') >= len(states)


def test_a_token_of_a_kind_the_gallery_does_not_know_would_be_noticed() -> None:
    light = Path("src/entrepot/web/static/web/tokens.css").read_text().split('[data-bs-theme="dark"] {')[0]
    made = set(re.findall(r"(--(?!tblr)[a-z][a-z0-9-]*)\s*:", light))

    assert made == {token.name for kind in tokens().values() for token in kind}
