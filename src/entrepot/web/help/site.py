"""The manual as a folder of files: the same pages in the same look, readable without a server and without a network."""

import json
import posixpath
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from entrepot.web.help import book, contents, pages
from entrepot.web.help.addresses import ENDINGS, PICTURES, InFiles
from entrepot.web.help.search import entries
from entrepot.web.wording.terms import GROUPS

ASSETS = "assets"
ASSET = re.compile(r'(?P<before>(?:href|src)=")/static/(?P<name>[^"#]+)')
ICON = re.compile(r'<use href="[^"]*sprite[^"]*#(?P<name>[a-z0-9-]+)">')
SYMBOL = re.compile(r'<symbol id="(?P<name>[a-z0-9-]+)".*?</symbol>', re.DOTALL)
IN_STYLE = re.compile(r'url\("?(?P<name>[^"):]+)"?\)')
CONTENT_IN_NAME = re.compile(r"\.[0-9a-f]{12}(?=\.)")
ENTRANCE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Entrepot</title><meta http-equiv="refresh" content="0; url=en/index.html"></head>
<body><p><a href="en/index.html">English</a> · <a href="ko/index.html" lang="ko">한국어</a></p></body>
</html>
"""


class Site:
    """One writing of the site into `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._assets: set[str] = set()
        sprite = _source("vendor/icons/sprite.svg").read_text(encoding="utf-8")
        self._icons = {found["name"]: found[0] for found in SYMBOL.finditer(sprite)}

    def write(self) -> int:
        """Write everything; the number of pages."""
        count = 0
        for language in pages.LANGUAGES:
            with translation.override(language):
                for name, template, facts in _pages(language):
                    here = f"{language}/{name}.html"
                    self._put(here, self._made(here, template, {"frame": "web/help/outside.html", **facts}))
                    count += 1
                self._put(f"{language}/search-index.js", _index(language))
        self._put("index.html", ENTRANCE)
        self._copy()
        return count

    def _put(self, name: str, text: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _made(self, here: str, template: str, facts: Mapping[str, Any]) -> str:
        """The page with relative addresses, and its icons within: a browser loads no icon out of another local file."""
        html = ASSET.sub(lambda found: found["before"] + self._asset(here, found["name"]), _rendered(template, facts))
        used = sorted({found["name"] for found in ICON.finditer(html)})
        symbols = "".join(self._icons[name] for name in used)
        html = ICON.sub(r'<use href="#icon-\g<name>">', html)
        symbols = symbols.replace('<symbol id="', '<symbol id="icon-')
        return html.replace(
            '<a href="#content"', f'<svg width="0" height="0" hidden>{symbols}</svg><a href="#content"', 1
        )

    def _asset(self, here: str, name: str) -> str:
        plain = name if finders.find(name) else CONTENT_IN_NAME.sub("", name)
        self._assets.add(plain)
        return posixpath.relpath(f"{ASSETS}/{plain}", posixpath.dirname(here))

    def _copy(self) -> None:
        """What the pages use: styles with what these use, scripts, and every picture."""
        waiting = sorted(self._assets)
        for name in waiting:
            source = _source(name)
            target = self._folder / ASSETS / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            if source.suffix == ".css":
                used = {
                    posixpath.normpath(posixpath.join(posixpath.dirname(name), found["name"]))
                    for found in IN_STYLE.finditer(source.read_text(encoding="utf-8"))
                }
                waiting += sorted(one for one in used - set(waiting) if finders.find(one))
        root = pages.folder() / PICTURES
        for path in sorted(root.rglob("*")):
            if path.suffix in ENDINGS:
                target = self._folder / PICTURES / path.relative_to(root)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)


def _source(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)


def _rendered(template: str, facts: Mapping[str, Any]) -> str:
    return render_to_string(f"web/help/{template}.html", dict(facts))


def _pages(language: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, template and facts of every page in a language."""
    for path in contents.reading_order():
        here = InFiles(f"{language}/{path}.html")
        if found := pages.best(path, language):
            yield path, "page", book.facts(found, language, here)
    for name, template in (("index", "contents"), ("search", "search"), ("terms", "glossary")):
        here = InFiles(f"{language}/{name}.html")
        others = [(code, word, f"../{code}/{name}.html") for code, word in settings.LANGUAGES]
        facts = {**book.around(language, here), "languages_of_page": others, "term_groups": GROUPS}
        searching = name == "search"
        own = {"all_of_it": name == "index", "searching": searching, "index_address": searching and "search-index.js"}
        yield name, template, {**facts, **own}


def _index(language: str) -> str:
    """Every section as the script of the search reads it. A script and no JSON: a local page may load no other file."""
    here = InFiles(f"{language}/search.html")
    rows = [
        [
            entry.title,
            entry.heading,
            here.page(entry.path, language, entry.anchor),
            entry.text,
            entry.language,
            int(entry.developers),
        ]
        for entry in entries(language)
    ]
    return f"window.manual = {json.dumps(rows, ensure_ascii=False, separators=(',', ':'))};\n"


def write(folder: Path) -> int:
    """Write the site into a folder that is made anew; the number of its pages."""
    if folder.exists():
        shutil.rmtree(folder)
    return Site(folder).write()
