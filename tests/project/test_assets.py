"""What pages load is named by its content, compressed once, and kept for ever."""

import gzip
import os
import re
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from entrepot.project import assets
from entrepot.project.middleware import Packed, Timed

STYLE = b"body { color: #123456; background: url('dot.svg') } " * 200
DOT = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>' * 10


@pytest.fixture
def laid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A style and a picture it names as the only sources, and a home of their own; the folder of the sources."""
    lies = tmp_path / "sources"
    lies.mkdir()
    (lies / "look.css").write_bytes(STYLE)
    (lies / "dot.svg").write_bytes(DOT)
    monkeypatch.setattr(settings, "HOME", tmp_path / "home")
    monkeypatch.setattr(assets, "sources", lambda: {path.name: path for path in lies.iterdir()})
    assets.folder.cache_clear()
    yield lies
    assets.folder.cache_clear()


def served(address: str, *, accepts: str = "") -> FileResponse:
    """What the middleware answers; 404 is what stands behind it."""
    behind = assets.AssetsMiddleware(lambda _request: FileResponse(status=404))
    behind.get_static_url = assets.Assets().url  # the running process knows one storage
    if assets.is_prepared(assets.folder()):
        behind.add_files(str(assets.folder()), prefix="/static/")
    found = behind(RequestFactory().get(address, headers={"accept-encoding": accepts}))
    assert isinstance(found, FileResponse)
    return found


def body(answer: FileResponse) -> bytes:
    with answer.file_to_stream:
        return b"".join(answer)


def test_a_prepared_file_is_kept_for_ever_and_comes_compressed(laid: Path) -> None:
    assets.prepare()
    address = assets.Assets().url("dot.svg")

    small, smaller = served(address, accepts="gzip"), served(address, accepts="gzip, br")

    assert re.fullmatch(r"/static/dot\.[0-9a-f]{12}\.svg", address)
    assert small["Cache-Control"] == smaller["Cache-Control"] == "max-age=315360000, public, immutable"
    assert (small["Content-Encoding"], gzip.decompress(body(small))) == ("gzip", DOT)
    assert (smaller["Content-Encoding"], brotli.decompress(body(smaller))) == ("br", DOT)


def test_a_style_names_what_it_loads_by_content_too(laid: Path) -> None:
    assets.prepare()

    style = body(served(assets.Assets().url("look.css")))

    assert f'url("{Path(assets.Assets().url("dot.svg")).name}")'.encode() in style


def test_changed_content_is_another_address_and_the_old_files_stay_for_those_who_still_serve_them(laid: Path) -> None:
    assets.prepare()
    before, old = assets.Assets().url("look.css"), assets.folder()
    (laid / "look.css").write_bytes(STYLE + b"p { margin: 0 }")
    assets.folder.cache_clear()

    assets.prepare()

    assert assets.Assets().url("look.css") != before
    assert assets.is_prepared(old)
    assert assets.folder() != old


def test_unchanged_content_is_not_prepared_again(laid: Path) -> None:
    assets.prepare()
    made = {path: path.stat().st_mtime_ns for path in assets.folder().iterdir()}
    assets.folder.cache_clear()

    assets.prepare()

    assert {path: path.stat().st_mtime_ns for path in assets.folder().iterdir()} == made


def test_of_several_that_start_at_once_one_prepares_and_nobody_sees_half(
    laid: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []
    make = assets._make
    monkeypatch.setattr(assets, "_make", lambda place: (made.append(place), make(place)))

    with ThreadPoolExecutor(8) as several:
        list(several.map(lambda _number: assets.prepare(), range(8)))

    assert made == [assets.folder()]
    assert sorted(path.name for path in assets.shelf().iterdir()) == sorted([assets.folder().name, "lock"])


def test_a_version_nobody_used_for_a_month_is_removed(laid: Path) -> None:
    assets.prepare()
    for name, age in (("0123456789abcdef", 31), ("fedcba9876543210", 29), ("making-x", 31)):
        (assets.shelf() / name).mkdir()
        moment = assets.folder().stat().st_mtime - age * 86_400
        os.utime(assets.shelf() / name, (moment, moment))

    assets.prepare()

    assert {path.name for path in assets.shelf().iterdir()} == {"lock", "fedcba9876543210", assets.folder().name}


def test_a_home_that_cannot_be_written_to_serves_the_sources(laid: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_place: Path) -> None:
        raise PermissionError(stat.S_IRUSR, "read-only")

    monkeypatch.setattr(assets, "_make", refuse)

    assets.prepare()

    assert assets.Assets().url("look.css") == "/static/look.css"


def test_a_page_of_another_version_gets_todays_file_and_not_for_ever() -> None:
    answer = served("/static/web/desk.0123456789ab.js")

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "max-age=60, public"
    assert body(answer) == (settings.PACKAGE / "web/static/web/desk.js").read_bytes()
    assert served("/static/web/nothing.0123456789ab.js").status_code == 404


def test_while_people_develop_nothing_is_prepared(laid: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEBUG", True)

    assets.prepare()

    assert not assets.shelf().exists()


def test_the_page_for_the_worst_case_needs_nothing_prepared(laid: Path) -> None:
    assert assets.Assets().url("web/tokens.css") == "/static/web/tokens.css"
    assert 'href="/static/web/tokens.css"' in render_to_string("500.html")


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json", "text/csv"])
def test_words_leave_compressed_and_of_no_certain_length(kind: str) -> None:
    words = b"<p>Ready to Ship</p>" * 500
    pack = Packed(lambda _request: HttpResponse(words, content_type=kind))
    asked = RequestFactory().get("/", headers={"accept-encoding": "gzip, br"})

    answers = [pack(asked) for _ in range(40)]

    assert {answer["Content-Encoding"] for answer in answers} == {"gzip"}
    assert gzip.decompress(answers[0].content) == words
    assert len({len(answer.content) for answer in answers}) > 5


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "text/event-stream", "application/zip"])
def test_papers_pictures_and_live_updates_leave_as_they_are(kind: str) -> None:
    pack = Packed(lambda _request: StreamingHttpResponse([b"x" * 900], content_type=kind))

    answer = pack(RequestFactory().get("/", headers={"accept-encoding": "gzip"}))

    assert "Content-Encoding" not in answer
    assert b"".join(answer) == b"x" * 900


def test_a_file_that_is_written_as_it_is_sent_leaves_compressed_piece_by_piece() -> None:
    rows = [b"sku,quantity\n" * 100, b"RED,1\n" * 100]
    pack = Packed(lambda _request: StreamingHttpResponse(rows, content_type="text/csv"))

    answer = pack(RequestFactory().get("/", headers={"accept-encoding": "gzip"}))

    assert answer.streaming
    assert gzip.decompress(b"".join(answer)) == b"".join(rows)


def test_a_page_says_what_it_took_only_where_people_develop(db: None) -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return Client().get("/healthz") and HttpResponse(request.path)

    assert re.fullmatch(
        r'app;dur=[\d.]+, db;dur=[\d.]+;desc="\d+ questions"', Timed(page)(RequestFactory().get("/"))["Server-Timing"]
    )
    assert "Server-Timing" not in Client().get("/sign-in/")
