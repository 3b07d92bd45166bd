"""Markdown to the HTML of the manual: links become addresses, headings get anchors, tables scroll, code can be copied.

The only module that loads the parser; `shown` in `book.py` asks for it when the first page is read. Raw HTML is not
let through: what looks like a tag is shown as it is written.
"""

import posixpath
import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.html import escape
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from PIL import Image

from entrepot.web.help import pages
from entrepot.web.help.addresses import PICTURES, Addresses, picture_file

Seen = MutableMapping[str, Any]
"""What the parser hands through: our `Work` under `work`."""
SVG_SIZE = re.compile(r"<svg[^>]*?\bviewBox=\"[\d.]+ [\d.]+ (?P<width>[\d.]+) (?P<height>[\d.]+)\"", re.DOTALL)


@dataclass
class Work:
    """What one rendering knows, and what it found broken."""

    page: pages.Page
    addresses: Addresses
    broken: list[str] = field(default_factory=list)
    headings: int = 0
    blocks: int = 0

    @property
    def file(self) -> str:
        """The page's file under `docs/`, which its links are relative to."""
        start = "" if self.page.language == "en" else f"{self.page.language}/"
        return f"{start}{self.page.path}.md"

    def link(self, target: str) -> str:
        """The address a link leads to; one that leads nowhere is noted and stays as it is."""
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            return target
        if not parts.path:
            return self._anchored(self.page, parts.fragment, target)
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.file), unquote(parts.path)))
        language, inside = next(
            ((code, path[len(code) + 1 :]) for code in pages.LANGUAGES if path.startswith(f"{code}/")), ("en", path)
        )
        found = pages.page(inside.removesuffix(".md"), language) if path.endswith(".md") else None
        if found is None:
            self.broken.append(f"no page: {target}")
            return target
        return self._anchored(found, parts.fragment, target)

    def _anchored(self, page: pages.Page, fragment: str, target: str) -> str:
        anchor = page.anchor(unquote(fragment)) if fragment else ""
        if fragment and not anchor:
            self.broken.append(f"no heading: {target}")
        if page is self.page and anchor:
            return f"#{anchor}"
        language = page.language
        if language == "en" and self.page.language != "en" and pages.page(page.path, self.page.language) is None:
            language = self.page.language  # read on in one's own language: the page itself says that it is English
        return self.addresses.page(page.path, language, anchor)

    def picture(self, target: str) -> tuple[str, tuple[int, int] | None]:
        """The address and the size of a picture."""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.file), unquote(target)))
        name = path.removeprefix(f"{PICTURES}/")
        file = picture_file(name) if name != path else None
        if file is None:
            self.broken.append(f"no picture: {target}")
            return target, None
        return self.addresses.picture(name), size_of(file)


def size_of(file: Path) -> tuple[int, int] | None:
    """Width and height, so that the page does not jump when the picture comes."""
    if file.suffix == ".svg":
        found = SVG_SIZE.search(file.read_text(encoding="utf-8"))
        return (round(float(found["width"])), round(float(found["height"]))) if found else None
    with Image.open(file) as picture:
        return picture.size


class Renderer(RendererHTML):
    """The HTML of our pages, where it differs from plain Markdown."""

    def heading_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Seen) -> str:
        work: Work = env["work"]
        section = work.page.sections[work.headings]
        work.headings += 1
        return f'<{tokens[idx].tag} id="{escape(section.anchor)}">'

    def table_open(self, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, env: Seen) -> str:
        return (
            f'<div class="help-table" tabindex="0" role="region" aria-label="{self._named(env, _("Table"))}"><table>\n'
        )

    def table_close(self, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, _env: Seen) -> str:
        return "</table></div>\n"

    def fence(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Seen) -> str:
        named = self._named(env, _("Code"))
        button = f'<button type="button" class="btn btn-sm" data-help-copy hidden>{escape(_("Copy"))}</button>'
        words = f"<code>{escape(tokens[idx].content)}</code>"
        shown = f'<pre tabindex="0" role="region" aria-label="{named}">{words}</pre>'
        return f'<div class="help-code">{button}{shown}</div>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Seen) -> str:
        return self.fence(tokens, idx, options, env)

    @staticmethod
    def _named(env: Seen, word: str) -> str:
        work: Work = env["work"]
        work.blocks += 1
        heading = work.page.sections[max(work.headings - 1, 0)].title
        return escape(f"{word} {work.blocks}: {heading}")

    def link_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Seen) -> str:
        target = str(tokens[idx].attrs["href"])
        address = env["work"].link(target)
        outside = ' rel="noopener noreferrer"' if "://" in address else ""
        return f'<a href="{escape(address)}"{outside}>'

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Seen) -> str:
        token = tokens[idx]
        words = self.renderInlineAsText(token.children or [], options, env)
        if not words.strip():
            env["work"].broken.append(f"a picture without words: {token.attrs['src']}")
        address, size = env["work"].picture(str(token.attrs["src"]))
        measures = f' width="{size[0]}" height="{size[1]}"' if size else ""
        shown = f'<img src="{escape(address)}" alt="{escape(words)}"{measures} loading="lazy" decoding="async">'
        title = str(token.attrs.get("title", ""))
        caption = f'<span class="help-caption">{escape(title)}</span>' if title else ""
        return f'<a class="help-picture" href="{escape(address)}">{shown}</a>{caption}'


PARSER = MarkdownIt("commonmark", {"html": False}, renderer_cls=Renderer).enable(["table", "strikethrough"])


def render(page: pages.Page, addresses: Addresses) -> tuple[str, tuple[str, ...]]:
    """The page under its first heading as HTML, and every link and picture in it that leads nowhere."""
    work = Work(page, addresses)
    tokens = PARSER.parse(page.source)
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        del tokens[:3]
        work.headings = 1
    if sum(token.type == "heading_open" for token in tokens) != len(page.sections) - work.headings:
        work.broken.append("a heading that only one of parser and contents sees")
        return "", tuple(work.broken)
    return PARSER.renderer.render(tokens, PARSER.options, {"work": work}), tuple(work.broken)
