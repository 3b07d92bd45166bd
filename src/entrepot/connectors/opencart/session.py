"""One opened shop: its client, the settings of the store, and what is asked once and then remembered."""

from collections.abc import Iterator, Sequence
from threading import Lock
from typing import TypeVar

import msgspec

from entrepot.connectors.contract import BadItem, Surroundings
from entrepot.connectors.http import AnswerTooLarge
from entrepot.connectors.opencart import mapping_shop, wire
from entrepot.connectors.opencart.client import OpenCartClient
from entrepot.connectors.opencart.mapping_shop import ShopFacts, Words
from entrepot.connectors.opencart.mapping_values import ShopClock, shop_clock
from entrepot.connectors.opencart.mapping_variants import Variants, variants
from entrepot.connectors.opencart.rows import Kind, decoded_rows, mismatch_path

Row = TypeVar("Row")

LIST_PAGE = 500
STOCK_PAGE = 5000
IDS_AT_ONCE = 400
"""Ids in one address; 400 of seven digits stay far below the 8 KB a web server takes."""


class ShopSession:
    """The shop as the parts of the connector see it. Any number of threads may use it."""

    def __init__(self, client: OpenCartClient, surroundings: Surroundings) -> None:
        self.client = client
        self.surroundings = surroundings
        self._lock = Lock()
        self._facts: ShopFacts | None = None
        self._words: Words | None = None
        self._variants: Variants | None = None

    def setting(self, name: str, default: int, *, at_most: int) -> int:
        """A positive whole number out of the store's settings."""
        stated = self.surroundings.settings.get(name, default)
        number = int(stated) if str(stated).isdigit() else default
        return max(1, min(number, at_most))

    def keeps_combinations_apart(self) -> bool:
        """Setting `combination_stock`: `separate` makes a variation of each combination of counted options."""
        return self.surroundings.settings.get("combination_stock") == "separate"

    # ----------------------------------------------------------------- remembered

    def info(self) -> wire.Info:
        """Ask the shop who it is, now."""
        answer = self.client.get("info")
        info = self.decode(answer, wire.Info, "info")
        self._facts = mapping_shop.shop_facts(info)
        return info

    def forget(self) -> None:
        """Ask again for what is remembered: a whole reading of the catalogue begins."""
        with self._lock:
            self._words, self._variants = None, None

    def facts(self) -> ShopFacts:
        """What the shop said of itself, asked once."""
        if self._facts is None:
            self.info()
        if self._facts is None:
            raise self.client.shape_error("info", "$.data.shop")
        return self._facts

    def words(self, *, fresh: bool = False) -> Words:
        """Names of options, values and attributes, asked once, or `fresh` when an id is unknown."""
        with self._lock:
            if self._words is None or fresh:
                options = list(self.rows("options", wire.OptionNames, LIST_PAGE))
                attributes = list(self.rows("attributes", wire.AttributeRow, LIST_PAGE))
                self._words = mapping_shop.words(options, attributes, self.facts().language_id)
            return self._words

    def variants(self) -> Variants:
        """Which product rows are variants of which master (4.x), asked once; none at all on 3.0."""
        with self._lock:
            if self._variants is None:
                has_variants = self.facts().has_variants
                rows = self.rows("stock", wire.StockRow, STOCK_PAGE) if has_variants else ()
                self._variants = variants(row for row in rows if row.master_id)
            return self._variants

    # ----------------------------------------------------------------- reading

    def clock(self, answer: wire.Answer, resource: str) -> ShopClock:
        """The shop's clock when it gave this answer."""
        clock = answer.meta.clock if answer.meta else None
        if clock is None:
            raise self.client.shape_error(resource, "$.meta.clock")
        try:
            return shop_clock(clock)
        except ValueError as problem:
            raise self.client.shape_error(resource, "$.meta.clock", str(problem)) from problem

    def decode(self, answer: wire.Answer, kind: type[Row], resource: str) -> Row:
        """The data of an answer as a `kind`, or WrongShape naming the path."""
        try:
            return msgspec.json.decode(answer.data, type=kind, strict=False)
        except msgspec.DecodeError as mismatch:
            path = mismatch_path(mismatch).replace("$", "$.data", 1)
            raise self.client.shape_error(resource, path, str(mismatch)) from mismatch

    def raw_rows(self, answer: wire.Answer, resource: str) -> list[msgspec.Raw]:
        """The rows of an answer, each still undecoded."""
        return self.decode(answer, list[msgspec.Raw], resource)

    def answers(self, resource: str, limit: int, after_id: int | str = 0, **more: str) -> Iterator[wire.Answer]:
        """All pages of a resource by keyset. A page above the size cap is asked again at half the size."""
        while True:
            try:
                answer = self.client.get(resource, after_id=after_id, limit=limit, **more)
            except AnswerTooLarge:
                if limit == 1:
                    raise
                limit //= 2
                continue
            yield answer
            if answer.next is None:
                return
            if str(answer.next) == str(after_id):
                raise self.client.shape_error(resource, "$.next", "the cursor does not move")
            after_id = answer.next

    def rows(self, resource: str, kind: type[Row], limit: int) -> Iterator[Row]:
        """All good rows of a resource."""
        for answer in self.answers(resource, limit):
            yield from decoded_rows(self.raw_rows(answer, resource), kind)[0]

    def rows_or_bad(self, resource: str, kind: type[Row], bad_kind: Kind) -> Iterator[tuple[list[Row], list[BadItem]]]:
        """Pages of a resource: the good rows, and the bad as reports."""
        for answer in self.answers(resource, LIST_PAGE):
            rows, malformed = decoded_rows(self.raw_rows(answer, resource), kind)
            yield rows, [bad.report(bad_kind) for bad in malformed]


def batches(items: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    """The items, `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
