"""What is asked and what is answered: `Ask`, `Answer`, `Refusal`, and the words a handler needs for them.

A handler is `def handler(mall: Mall, ask: Ask) -> Answer`. It runs with the mall's lock held, after OAuth, scope,
version, bucket and body were checked; it answers one `Answer`, or raises `Refusal` having changed nothing.

    ask.params["product_no"]            path parameters; `{name:int}` ones are ints
    ask.text("order_id")                one query value, None when absent or empty
    ask.words("product_no")             a comma list (OR, at most 100), [] when absent
    ask.flag("display")                 "T" / "F" / None, 422 otherwise
    ask.page(most=100, offset_most=5000)          (limit, offset), 422 above the maximum
    ask.embeds("items", "receivers")    the set asked for among those allowed
    ask.dates("start_date", "end_date", required=False)   (start, end) aware KST, the end's whole day included, or None
    ask.request                         the body's `request` object; 400 when there is none
    ask.requests(most=100)              the body's `requests`; 400 when there is none, 422 when too many or empty
    ask.shop_no                         from query or body, 1 by default (the server refuses unknown shops)

    raise unprocessable("Invalid value.", "shipping_company_code")     # 422 "… (parameter.shipping_company_code)"
    raise not_found() / bad_request(text) / conflict() / forbidden(text)
    return ok({"orders": rows})  /  created({"shipments": rows})  /  bulk("shipments", ask.requests(100), one_write)
    needs(row, "order_id", "status")    # 422 naming the first missing one

`fields` is cut by the server after the handler: every row under the answer's top key keeps the named keys and the
embedded ones.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

import msgspec

from entrepot.connectors.cafe24.simulator.clock import KST

Row = dict[str, Any]
encode = msgspec.json.Encoder().encode
MOST_WORDS = 100


class Refusal(Exception):
    """The Admin API says no, in its nested shape (reference §7)."""

    def __init__(self, status: int, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, dict(headers or {})

    def row(self) -> Row:
        """The error as one object, also as an entry of a mixed bulk answer."""
        return {"error": {"code": self.status, "message": self.message}}

    def answer(self) -> "Answer":
        """The error as an answer."""
        return Answer(self.status, self.row(), dict(self.headers))


def bad_request(message: str) -> Refusal:
    """400: the request cannot be read."""
    return Refusal(400, message)


def forbidden(message: str) -> Refusal:
    """403: not allowed."""
    return Refusal(403, message)


def not_found(message: str = "No API found.") -> Refusal:
    """404: no such path or id."""
    return Refusal(404, message)


def conflict(message: str = "The same content has already been saved.") -> Refusal:
    """409: what was written is there already, word for word."""
    return Refusal(409, message)


def unprocessable(message: str, parameter: str = "") -> Refusal:
    """422: understood and refused; the parameter is named at the end as live answers do."""
    return Refusal(422, f"{message} (parameter.{parameter})" if parameter else message)


@dataclass(slots=True)
class Answer:
    """A status, a JSON body (None = no body at all) and headers of its own."""

    status: int
    body: Row | None
    headers: dict[str, str] = field(default_factory=dict)


def ok(body: Row) -> Answer:
    """200."""
    return Answer(200, body)


def created(body: Row) -> Answer:
    """201."""
    return Answer(201, body)


@dataclass(slots=True)
class StockWrite:
    """One quantity written through the API; `acknowledged` (unix time) once the answer has left whole."""

    product_no: int
    variant_code: str
    quantity: int
    shop_no: int = 1
    received: float = 0.0
    acknowledged: float | None = None


@dataclass(slots=True)
class Ask:
    """One request behind the gate."""

    method: str
    path: str
    params: Mapping[str, Any]
    query: Mapping[str, Sequence[str]]
    shop_no: int = 1
    body: Row | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    client_id: str = ""
    scopes: frozenset[str] = frozenset()
    embedded: set[str] = field(default_factory=set)
    stock_writes: list[StockWrite] = field(default_factory=list)

    # ------------------------------------------------------------------ the query

    def text(self, name: str) -> str | None:
        """One query value, None when absent or empty."""
        given = self.query.get(name)
        return given[-1] if given and given[-1] != "" else None

    def words(self, name: str) -> list[str]:
        """A comma list, [] when absent.

        Raises:
            Refusal: 422 for more than 100.
        """
        found = [word.strip() for text in self.query.get(name, ()) for word in text.split(",") if word.strip()]
        if len(found) > MOST_WORDS:
            raise unprocessable(f"Up to {MOST_WORDS} values can be searched at once.", name)
        return found

    def numbers(self, name: str) -> list[int]:
        """A comma list of whole numbers.

        Raises:
            Refusal: 422 for anything else.
        """
        words = self.words(name)
        if not all(word.isascii() and word.isdigit() for word in words):
            raise unprocessable("Invalid value.", name)
        return [int(word) for word in words]

    def number(self, name: str, default: int, *, least: int = 0, most: int = 2_147_483_647) -> int:
        """A whole number between two bounds.

        Raises:
            Refusal: 422, it is none.
        """
        given = self.text(name)
        if given is None:
            return default
        if not (given.isascii() and given.isdigit()) or not least <= int(given) <= most:
            raise unprocessable(f"Enter a number from {least} to {most}.", name)
        return int(given)

    def page(self, *, most: int, offset_most: int | None, default: int = 10) -> tuple[int, int]:
        """`limit` and `offset` (reference §2.1).

        Raises:
            Refusal: 422 above the maximum; nothing is cut silently (case 14).
        """
        limit = self.number("limit", default, least=1, most=most)
        return limit, self.number("offset", 0, most=offset_most if offset_most is not None else 2_147_483_647)

    def choice(self, name: str, allowed: Collection[str], default: str | None = None) -> str | None:
        """One of several words.

        Raises:
            Refusal: 422, it is another.
        """
        given = self.text(name)
        if given is None:
            return default
        if given not in allowed:
            raise unprocessable("Invalid value.", name)
        return given

    def flag(self, name: str) -> str | None:
        """T or F, None when absent.

        Raises:
            Refusal: 422, it is neither.
        """
        return self.choice(name, ("T", "F"))

    def embeds(self, *allowed: str) -> set[str]:
        """The embedded resources asked for; unknown ones are passed over."""
        self.embedded |= set(self.words("embed")) & set(allowed)
        return self.embedded

    def dates(self, start: str, end: str, *, required: bool = False) -> tuple[datetime, datetime] | None:
        """A range of two dates or times, Korean when naive; an end date includes its whole day.

        Raises:
            Refusal: 422 when one is missing or cannot be read.
        """
        first, last = self.text(start), self.text(end)
        if first is None and last is None and not required:
            return None
        if first is None or last is None:
            raise unprocessable("This field is required.", start if first is None else end)
        return read_moment(first, start), read_moment(last, end, end_of_day=True)

    # ------------------------------------------------------------------ the body

    @property
    def request(self) -> Row:
        """The body's `request` object.

        Raises:
            Refusal: 400, there is none.
        """
        given = (self.body or {}).get("request")
        if not isinstance(given, dict):
            raise bad_request("Please enter the Request parameter.")
        return given

    def requests(self, most: int) -> list[Row]:
        """The body's `requests`; a lone `request` is taken as one.

        Raises:
            Refusal: 400 when there is none, 422 for more than `most` or none in it.
        """
        body = self.body or {}
        given = body.get("requests", [body["request"]] if "request" in body else None)
        if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
            raise bad_request("Please enter the Request parameter.")
        if not 0 < len(given) <= most:
            raise unprocessable(f"From 1 to {most} requests can be made at once.", "requests")
        return given


Handler = Callable[[Any, Ask], Answer]


def read_moment(text: str, parameter: str, *, end_of_day: bool = False) -> datetime:
    """A date or time of a request, Korean when naive.

    Raises:
        Refusal: 422, it cannot be read.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise unprocessable("Invalid date.", parameter) from None
    if len(text) == len("2026-03-02"):
        day = datetime.combine(moment.date(), time(), KST)
        return day + timedelta(days=1, microseconds=-1) if end_of_day else day
    moment = moment if moment.tzinfo else moment.replace(tzinfo=KST)
    return moment.replace(microsecond=999_999) if end_of_day else moment


def needs(row: Mapping[str, Any], *names: str) -> None:
    """Insist on fields of a write.

    Raises:
        Refusal: 422 naming the first that is missing or empty.
    """
    for name in names:
        if row.get(name) in {None, ""} if not isinstance(row.get(name), list | dict) else not row[name]:
            raise unprocessable("This field is required.", name)


def bulk(key: str, rows: Sequence[Row], write: Callable[[Row], Row], *, status: int = 200) -> Answer:
    """Write each row on its own: all well is `status`, some refused is 207 with their errors in place.

    Raises:
        Refusal: The first one, when every row was refused.
    """
    answers: list[Row] = []
    refused: list[Refusal] = []
    for row in rows:
        try:
            answers.append(write(row))
        except Refusal as refusal:
            refused.append(refusal)
            answers.append(refusal.row())
    if len(refused) == len(rows):
        raise refused[0]
    return Answer(207 if refused else status, {key: answers})
