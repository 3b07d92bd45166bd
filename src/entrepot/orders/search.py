"""What an order is looked up by: its words as one text, and a person's words as what to look for in it.

The text is in lower case, each word behind a space. Words of three letters are found anywhere by their trigrams,
shorter ones only where a word begins. So that 민준 finds 김민준, the pairs inside words of Hangul, kana and hanja
follow as words of their own; and so that 01012345678 finds 010-1234-5678, the digits of such words do.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from entrepot.catalog.rows import clip
from entrepot.orders.drafts import OrderDraft

MOST_WORDS: Final = 6
KEY_LENGTH: Final = 7
FIELDS: Final = ("number", "buyer", "phone", "email", "sku", "product", "tracking")
"""Words that may stand before a colon: `sku:A-1`."""
_NUMBER = re.compile(r"[+#]?[\d().\-]{5,}")
_KOREA = "+82"
_PIECE = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Sought:
    """One word a person looks for, as it stands in the text, and as it was typed; `field` "" = anywhere."""

    word: str
    field: str = ""
    typed: str = ""

    @property
    def needle(self) -> str:
        """How it stands in the text: two letters have no trigram, but where a word begins they have."""
        return self.word if len(self.word) > 2 else f" {self.word}"

    @property
    def key(self) -> str:
        """The piece of the needle that an index is asked for: a few trigrams that few texts have.

        An index reads the list of every trigram it is given, and those of a mail's domain are in half of all texts.
        Numbers and names differ at their end, so of equally rich pieces it is the last.
        """
        account, at, _domain = self.needle.partition("@")
        pieces: list[str] = [piece for piece in _PIECE.findall(account if at else self.needle) if len(piece) > 2]
        if not pieces or not self.needle.isascii():
            return self.needle
        longest = max(pieces, key=len)
        last = max(0, len(longest) - KEY_LENGTH)
        return max((longest[start : start + KEY_LENGTH] for start in range(last, -1, -1)), key=_trigrams)


def search_text(draft: OrderDraft) -> str:
    """Everything a person may look an order up by."""
    addresses = [address for address in (draft.shipping, draft.billing) if address]
    words = [draft.number, draft.remote_id, draft.follows, draft.origin]
    words += [draft.buyer_name, draft.buyer_email]
    words += [str(address.get(key, "")) for address in addresses for key in ("name", "postcode", "city")]
    phones = [draft.buyer_phone, *(str(address.get("phone", "")) for address in addresses)]
    words += [form for phone in phones for form in (phone, "".join(phone.split()))]
    words += [word for line in draft.lines for word in (line.sku, line.name)]
    return text_of(words)


def text_of(texts: Iterable[str]) -> str:
    """These texts as one that is searched."""
    known = dict.fromkeys(word for text in texts for word in text.lower().split())
    more = dict.fromkeys(inner for word in known for inner in _inner(word))
    return clip(" " + " ".join([*known, *(word for word in more if word not in known)]), 4000)


def _inner(word: str) -> Iterable[str]:
    """Further words by which a word is found."""
    if word.isascii():
        digits = digits_of(word)
        return (digits,) if digits else ()
    return (word[at : at + 2] for at in range(1, len(word) - 1) if word[at] >= "\u1100" and word[at + 1] >= "\u1100")


def digits_of(word: str) -> str:
    """The digits of a number written with signs between; "" for any other word. Korea's +82 10 is its 010."""
    if not _NUMBER.fullmatch(word):
        return ""
    digits = re.sub(r"\D", "", word)
    return f"0{digits[2:]}" if word.startswith(_KOREA) else digits


def _trigrams(word: str) -> int:
    return len({word[at : at + 3] for at in range(len(word) - 2)})


def sought(text: str) -> Sequence[Sought]:
    """A person's words, at most six of them. Every one must be found."""
    return [one for part in text.lower().split()[:MOST_WORDS] if (one := _sought(part)).word]


def _sought(part: str) -> Sought:
    field, colon, word = part.partition(":")
    if colon and field in FIELDS:
        return Sought(digits_of(word) or word, field, word)
    return Sought(digits_of(part) or part, "", part)
