"""The manual: for whoever reads, signed in or not. It says how Entrepot works and nothing of anybody's business."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_safe

from entrepot.web.desk import DeskRequest, desk, seat, show
from entrepot.web.help import book, pages, search
from entrepot.web.help.addresses import ENDINGS, InApplication, picture_file

A_YEAR = 365 * 24 * 3600
HERE = InApplication()


def _language(request: HttpRequest) -> str:
    """The reader's language: the person's own, else what the browser asks for."""
    found = seat(request)
    wanted = found.language if found else translation.get_language() or ""
    return wanted if wanted in pages.LANGUAGES else pages.LANGUAGES[0]


@require_safe
def help_home(request: HttpRequest) -> HttpResponse:
    """To the contents in the reader's language."""
    return redirect("web:help_contents", _language(request))


@require_safe
def help_short(request: HttpRequest, page: str) -> HttpResponse:
    """To the page in the reader's language: the address that sentences and other pages name."""
    if pages.page(page, pages.LANGUAGES[0]) is None:
        raise Http404
    return redirect("web:help_page", _language(request), page)


@require_safe
def help_contents(request: HttpRequest, language: str) -> HttpResponse:
    """Every page of the manual, by errand."""
    with translation.override(language):
        facts = {
            **book.around(language, HERE),
            "all_of_it": True,
            "languages_of_page": [(code, name, HERE.contents(code)) for code, name in settings.LANGUAGES],
        }
    return _answer(request, "contents", facts)


@require_safe
def help_page(request: HttpRequest, language: str, page: str) -> HttpResponse:
    """One page, in English where this language has none."""
    found = pages.best(page, language)
    if found is None:
        raise Http404
    with translation.override(language):
        facts = book.facts(found, language, HERE)
    return _answer(request, "page", facts)


@require_safe
def help_search(request: HttpRequest, language: str) -> HttpResponse:
    """Where the manual has these words."""
    words = request.GET.get("q", "").strip()[:200]
    with translation.override(language):
        hits = [(hit, HERE.page(hit.path, language, hit.anchor)) for hit in search(words, language)]
        facts = {
            **book.around(language, HERE),
            "searching": True,
            "words": words,
            "hits": hits,
            "languages_of_page": [
                (code, name, f"{HERE.search(code)}?{request.GET.urlencode()}") for code, name in settings.LANGUAGES
            ],
        }
    return _answer(request, "search", facts)


@require_safe
def help_picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture of the manual. Its address has a print of its content, so it may be kept."""
    path = picture_file(name)
    if path is None:
        raise Http404
    answer = FileResponse(path.open("rb"), content_type=ENDINGS[path.suffix])
    age = f"max-age={A_YEAR}, immutable" if request.GET.get("v") else "no-cache"
    answer.headers["Cache-Control"] = f"public, {age}"
    if path.suffix == ".svg":
        answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer


def _answer(request: HttpRequest, name: str, facts: Mapping[str, Any]) -> HttpResponse:
    """In the desk for who sits there, else in a frame of its own."""
    if seat(request):
        return _inside(request, f"web/help/{name}.html", {**facts, "frame": "web/help/inside.html"})
    with translation.override(facts["language"]):
        answer = render(request, f"web/help/{name}.html", {**facts, "frame": "web/help/outside.html"})
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@desk()
def _inside(request: DeskRequest, template: str, facts: Mapping[str, Any]) -> HttpResponse:
    return show(request, template, facts)
