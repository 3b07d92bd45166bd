"""The manual as a folder of files: whole, and readable without a server."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from entrepot.web.help import contents, pages, site
from tools import manual_site

TITLE = re.compile(r"<title>(?P<title>[^<]+)</title>")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("manual") / "site"
    site.write(folder)
    return folder


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.inline: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.links += [address for name in ("href", "src", "action") if (address := told.get(name))]
        self.anchors.add(told.get("id") or "")
        self.inline += [name for name in told if name.startswith("on") or name == "style"]


def read(path: Path) -> Seen:
    seen = Seen()
    seen.feed(path.read_text(encoding="utf-8"))
    return seen


def test_every_page_is_there_in_both_languages_and_has_a_title(built: Path) -> None:
    names = [*contents.reading_order(), "index", "search", "terms"]

    assert [name for name in names for code in pages.LANGUAGES if not (built / code / f"{name}.html").is_file()] == []
    for path in built.rglob("*.html"):
        assert TITLE.search(path.read_text(encoding="utf-8")), path


def test_every_address_leads_to_a_file_of_the_folder(built: Path) -> None:
    known = {path.resolve(): read(path) for path in built.rglob("*.html")}

    assert sorted(set(_dead(built, known))) == []


def _dead(built: Path, known: dict[Path, Seen]) -> Iterator[str]:
    for path, seen in known.items():
        for link in seen.links:
            parts = urlsplit(link)
            if parts.scheme in {"http", "https", "mailto"}:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            gone = not target.is_relative_to(built.resolve()) or not target.is_file()
            if gone or (parts.fragment and target in known and parts.fragment not in known[target].anchors):
                yield f"{path.relative_to(built)} -> {link}"


def test_a_page_loads_nothing_from_a_server_and_runs_nothing_within_itself(built: Path) -> None:
    for path in built.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert '="/static/' not in text, path
        assert not re.search(r'(?:src|<link[^>]*href)="(?:https?:)?//', text), path
        assert read(path).inline == []


def test_the_index_of_the_search_leads_to_pages(built: Path) -> None:
    text = (built / "ko" / "search-index.js").read_text(encoding="utf-8")
    rows = json.loads(text.removeprefix("window.manual = ").removesuffix(";\n"))

    assert any("송장" in row[3] for row in rows)
    assert all((built / "ko" / urlsplit(row[2]).path).is_file() for row in rows)


def test_a_folder_with_other_files_is_not_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(SystemExit, match="Name another folder"):
        manual_site.main(tmp_path)

    assert (tmp_path / "mine.txt").read_text() == "mine"
