"""What a store and Entrepot said to each other, without secrets and without telling who a buyer is.

Masking comes before cutting: a body is understood whole, and only what is already masked is written, up to the limit.
A body that cannot be understood (cut off, HTML) is masked by patterns and kept much shorter.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import msgspec

MASK = "•••"
BODY_LIMIT = 16 * 1024
UNREADABLE_LIMIT = 2 * 1024
REFERENCES = 100

_PERSONAL = re.compile(
    r"(^|_)(e?_?mail|(tele)?phone|mobile|cellphone|tel|fax|(first|last|middle|full|sur|given|family)_?names?"
    r"|(buyer|customer|recipient|receiver|orderer|contact|cardholder|user)_?name|address(es)?(_?\d)?|street|addr\d?"
    r"|post_?code|postal_?code|zip(_?code)?|city|birth\w*|ip|forwarded_ip|user_agent|custom_field|comment"
    r"|(shipping|payment|billing)_(company|zone|region))$"
)
_SECRET = re.compile(r"(^|_)(secret(_key)?|password|passwd|(access_|refresh_|api_|id_)?token|api_?key|signature"
                     r"|x_oms_signature|authorization|cookie|credentials?)$")  # fmt: skip
_EMAIL = re.compile(r"[\w.+%-]+(@|%40)[\w-]+(\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w/.:-])(\+\d|0\d|\(0?\d)[\d\s().-]{6,}\d(?!\w)")
_PAIR = re.compile(r'"([\w.-]{1,60})"\s*:\s*("(?:[^"\\]|\\.)*"?|-?[\d.]+)')
_REFERENCE = re.compile(rb'"(order|product)_(?:id|no)"\s*:\s*"?(\d[\d-]{0,29})\b')
_IN_PATH = re.compile(r"/(order|product)s/(\d[\d-]{0,29})(?=/|$)")
_FREE_OPTIONS = frozenset({"text", "textarea", "file", "date", "time", "datetime"})
"""Types of an option whose value a buyer typed or uploaded: a name to engrave, a birthday, a picture."""
_KINDS = (("order", "order"), ("shipment", "order"), ("product", "product"), ("stock", "product"), ("price", "product"))


@dataclass(frozen=True)
class Masking:
    """What to hide: keys by name (lower case), and the secret texts themselves wherever they turn up."""

    personal_keys: frozenset[str] = frozenset()
    secret_keys: frozenset[str] = frozenset()
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    def hides(self, key: str) -> bool:
        """Whether the value under this key is never kept."""
        name = key.lower().replace("-", "_")
        if name in self.personal_keys or name in self.secret_keys or key.lower() in self.secret_keys:
            return True
        return _PERSONAL.search(name) is not None or _SECRET.search(name) is not None

    def text(self, plain: str) -> str:
        """Free text with addresses, numbers and our own secrets taken out."""
        for secret in self.secrets:
            plain = plain.replace(secret, MASK)
        if "@" in plain or "%40" in plain:
            plain = _EMAIL.sub(MASK, plain)
        return _PHONE.sub(MASK, plain) if len(plain) > 8 and not plain.isdigit() else plain

    def target(self, url: str) -> str:
        """Path and query of an address, its parameters masked by name."""
        parts = urlsplit(url)
        if not parts.query:
            return self.text(parts.path)[:1000]
        pairs = [
            f"{quote(name)}={MASK if self.hides(name) and value else quote(self.text(value), safe='/,:')}"
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
        ]
        return f"{self.text(parts.path)}?{'&'.join(pairs)}".replace(quote(MASK), MASK)[:1000]

    def body(self, raw: bytes) -> str:
        """A body as the journal keeps it, at most `BODY_LIMIT` characters and a word on what was left out."""
        if not raw.strip():
            return ""
        before, content = _readable(raw)
        if content is _NOTHING:
            return self._unreadable(raw)
        written = _Writer(self, BODY_LIMIT)
        written.add(content)
        kept = written.text()
        if before:
            kept = f"{self._unreadable(before)}\n{kept}"
        if written.full:
            kept += f"… ({len(raw)} bytes in all)"
        return kept

    def _unreadable(self, raw: bytes) -> str:
        text = raw.decode("utf-8", "replace")
        text = _PAIR.sub(lambda pair: f'"{pair[1]}":"{MASK}"' if self._hides_in_ruins(pair[1]) else pair[0], text)
        kept = self.text(text)[:UNREADABLE_LIMIT]
        return kept if len(text) <= UNREADABLE_LIMIT else f"{kept}… ({len(raw)} bytes in all)"

    def _hides_in_ruins(self, key: str) -> bool:
        """In a body cut off nobody knows whose `value` it is: it may be what a buyer typed."""
        return key == "value" or self.hides(key)


class _Nothing:
    """No content could be read."""


_NOTHING = _Nothing()


def _readable(raw: bytes) -> tuple[bytes, Any]:
    """What stands before the JSON (a shop's PHP warnings), and the JSON; `_NOTHING` where there is none."""
    try:
        return b"", msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    for start in _openings(raw):
        try:
            return raw[:start], msgspec.json.decode(raw[start:])
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return b"", _NOTHING


def _openings(raw: bytes) -> Iterator[int]:
    for found, match in enumerate(re.finditer(rb"[{\[]", raw[:65536])):
        if found == 20:
            return
        if match.start():
            yield match.start()


class _Writer:
    """Writes masked JSON until the limit is reached, and visits no more of it than that."""

    def __init__(self, masking: Masking, limit: int) -> None:
        self._masking = masking
        self._left = limit
        self._parts: list[str] = []
        self.full = False

    def text(self) -> str:
        """What was written."""
        return "".join(self._parts)

    def add(self, node: object) -> None:
        """Write a node, or as much of it as still fits."""
        match node:
            case dict():
                self._put("{")
                typed = str(node.get("type", "")).lower() in _FREE_OPTIONS
                for position, (key, value) in enumerate(node.items()):
                    if self.full:
                        return
                    self._put(("," if position else "") + json.dumps(self._masking.text(key), ensure_ascii=False) + ":")
                    if value and (self._masking.hides(key) or (typed and key == "value")):
                        self._put(f'"{MASK}"')
                    else:
                        self.add(value)
                self._put("}")
            case list():
                self._put("[")
                for position, value in enumerate(node):
                    if self.full:
                        return
                    self._put("," if position else "")
                    self.add(value)
                self._put("]")
            case str():
                self._put(json.dumps(self._masking.text(node), ensure_ascii=False))
            case _:
                self._put(json.dumps(node))

    def _put(self, text: str) -> None:
        if self.full:
            return
        if len(text) > self._left:
            text, self.full = text[: self._left], True
        self._left -= len(text)
        self._parts.append(text)


def references(url: str, *bodies: bytes) -> list[str]:
    """What a call was about: `order:12`, `product:40`, each once, orders first, at most `REFERENCES`."""
    found: dict[str, None] = {}
    query = dict(parse_qsl(urlsplit(url).query))
    subject = query.get("resource") or urlsplit(url).path.rsplit("/", 1)[-1]
    found.update(dict.fromkeys(f"{match[1]}:{match[2]}" for match in _IN_PATH.finditer(urlsplit(url).path)))
    kind = next((kind for word, kind in _KINDS if word in subject), None)
    if kind is not None:
        found.update(dict.fromkeys(f"{kind}:{part}" for part in query.get("ids", "").split(",") if part.isalnum()))
    for name in ("order_id", "product_id", "product_no"):
        parts = [part for part in query.get(name, "").split(",") if part.replace("-", "").isalnum()]
        found.update(dict.fromkeys(f"{name.rpartition('_')[0]}:{part}" for part in parts))
    for body in bodies:
        for match in _REFERENCE.finditer(body):
            found[f"{match[1].decode()}:{match[2].decode()}"] = None
    return sorted(found, key=lambda reference: not reference.startswith("order:"))[:REFERENCES]
