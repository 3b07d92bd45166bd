"""Showing stock in the mall by absolute quantities, and reading back what it shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from entrepot.connectors.cafe24 import wire
from entrepot.connectors.cafe24.errors import CutAnswer, GoneFromMall, MallFailed, MallTooSlow, SameAlready
from entrepot.connectors.cafe24.mapping_products import choices, seen_levels, single_variant, stock_of
from entrepot.connectors.cafe24.mapping_writes import (
    BELOW_ZERO,
    HAS_OPTIONS,
    NOT_A_PRODUCT,
    Body,
    accepted,
    changed,
    missing,
    refused,
    rejected,
    stock_body,
)
from entrepot.connectors.cafe24.products import STOCK_EMBED, Cafe24Products
from entrepot.connectors.cafe24.rows import decoded_rows
from entrepot.connectors.cafe24.session import AT_ONCE, MallSession, batches
from entrepot.connectors.contract import LevelAnswer, SeenLevel, StockLevel
from entrepot.connectors.http import ConnectionCut, HostTooSlow
from entrepot.kernel.errors import ChannelDown, ChannelRejected

BATCH = 20
"""Products of a batch cost a call each, two a second: so an urgent figure waits ten seconds at most behind others."""
LOST = (MallFailed, MallTooSlow, CutAnswer, ConnectionCut, HostTooSlow)
"""After these nobody knows whether a write was done."""


@dataclass(frozen=True, slots=True)
class Target:
    """A level and the variant it is about. `checked` False: the code is remembered, not just read."""

    place: int
    level: StockLevel
    code: str
    checked: bool = True


Answers = dict[int, LevelAnswer]


class Cafe24Stock:
    """Stock of variants: one call for a product, whatever the number of its variants up to 100."""

    batch_size = BATCH
    compares = False

    def __init__(self, session: MallSession, products: Cafe24Products) -> None:
        self._session = session
        self._products = products

    def push(self, levels: Sequence[StockLevel]) -> Sequence[LevelAnswer]:
        """Show these quantities. What the mall was seen to show already is not written again."""
        answers: Answers = {}
        plan: dict[str, list[tuple[int, StockLevel]]] = {}
        for place, level in enumerate(levels):
            if not (level.remote_id.isascii() and level.remote_id.isdigit()):
                answers[place] = refused(level, NOT_A_PRODUCT)
            elif level.quantity < 0:
                answers[place] = refused(level, BELOW_ZERO)
            else:
                plan.setdefault(level.remote_id, []).append((place, level))
        unknown = [number for number, wanted in plan.items() if self._needs_code(number, wanted)]
        rows = self._rows(unknown)
        for number, wanted in plan.items():
            targets = self._targets(number, wanted, rows.get(number) if number in unknown else None, answers)
            for some in batches(targets, AT_ONCE):
                answers |= self._write(number, some)
        return [answers[place] for place in range(len(levels))]

    def seen(self, remote_ids: Sequence[str] | None = None) -> Iterator[SeenLevel]:
        """What the mall shows now, 100 products a call. Rows that cannot be read are left out."""
        for rows in self._pages(remote_ids):
            for row in rows:
                try:
                    variants = self._products.variants(row)
                except GoneFromMall:
                    continue
                yield from seen_levels(row, variants)

    def _pages(self, remote_ids: Sequence[str] | None) -> Iterator[list[wire.Product]]:
        if remote_ids is None:
            for rows, _, _ in self._products.walk(STOCK_EMBED, None):
                yield rows
            return
        known = [number for number in dict.fromkeys(remote_ids) if number.isascii() and number.isdigit()]
        for some in batches(known, AT_ONCE):
            yield self._products.some(some, STOCK_EMBED)[0]

    # ----------------------------------------------------------------- which variant is meant

    def _needs_code(self, number: str, wanted: Sequence[tuple[int, StockLevel]]) -> bool:
        single = any(not level.variation_key for _, level in wanted)
        return single and self._session.singles.get(self._session.client.mall_id, number) is None

    def _rows(self, numbers: Sequence[str]) -> Mapping[str, Sequence[wire.Variant]]:
        found: dict[str, Sequence[wire.Variant]] = {}
        for row in self._products.some(numbers, STOCK_EMBED)[0]:
            try:
                variants = self._products.variants(row)
            except GoneFromMall:
                continue
            found[str(row.product_no)] = variants
        return found

    def _targets(
        self,
        number: str,
        wanted: Sequence[tuple[int, StockLevel]],
        variants: Sequence[wire.Variant] | None,
        answers: Answers,
    ) -> list[Target]:
        """The variants to write; levels that need no call or cannot have one are answered. `variants`: just read."""
        remembered = self._session.singles.get(self._session.client.mall_id, number)
        single = single_variant(variants) if variants else None
        targets: list[Target] = []
        for place, level in wanted:
            if level.variation_key:
                targets.append(Target(place, level, level.variation_key))
            elif single is not None:
                if stock_of(single).quantity == level.quantity:
                    answers[place] = accepted(level, seen=level.quantity)
                else:
                    targets.append(Target(place, level, single.variant_code))
            elif variants:
                answers[place] = refused(level, HAS_OPTIONS)
            elif remembered is not None:
                targets.append(Target(place, level, remembered, checked=False))
            else:
                answers[place] = missing(level)
        return targets

    # ----------------------------------------------------------------- writing one product

    def _write(self, number: str, targets: Sequence[Target]) -> Answers:
        if len({target.code for target in targets}) < len(targets):  # the same figure twice: the later one counts
            return {place: answer for target in targets for place, answer in self._write(number, [target]).items()}
        try:
            return self._send(number, targets)
        except LOST as lost:
            return self._look(number, targets, otherwise=lost)
        except SameAlready:
            return self._look(number, targets)
        except ChannelRejected as error:
            if len(targets) > 1:
                return self._apart(number, targets)
            return self._alone(number, targets[0], error)

    def _send(self, number: str, targets: Sequence[Target]) -> Answers:
        client = self._session.client
        first, path = targets[0], f"products/{number}/variants"
        if len(targets) > 1:
            requests = [{"variant_code": target.code} | self._body(target.level) for target in targets]
            answer = client.put(path, requests)
        elif first.level.variation_key:
            answer = client.put(f"{path}/{first.code}/inventories", self._body(first.level))
            shown = answer.read(wire.Inventory, "inventory", "inventories") if answer.members else wire.Inventory()
            quantity = stock_of(wire.Variant(variant_code=first.code, inventories=shown)).quantity
            return {first.place: accepted(first.level, seen=quantity)}
        else:
            answer = client.put(f"{path}/{first.code}", self._body(first.level))
        if not answer.members:  # taken, and nothing said
            return {target.place: accepted(target.level) for target in targets}
        variants = {row.variant_code: row for row in decoded_rows(answer.rows("variants", "variant"), wire.Variant)[0]}
        done = [target for target in targets if target.code in variants]
        answers = {target.place: self._shown(target, variants[target.code]) for target in done}
        rest = [target for target in targets if target.code not in variants]
        return answers | self._apart(number, rest) if rest else answers

    def _body(self, level: StockLevel) -> Body:
        return stock_body(level, sold_out=self._session.sells_out_at_zero())

    def _shown(self, target: Target, variant: wire.Variant) -> LevelAnswer:
        if not target.level.variation_key and choices(variant):
            self._session.singles.drop(self._session.client.mall_id, target.level.remote_id)
            return refused(target.level, HAS_OPTIONS)
        return accepted(target.level, seen=stock_of(variant).quantity)

    def _alone(self, number: str, target: Target, error: ChannelRejected) -> Answers:
        """One level was refused. A remembered code is read anew first: the product may have another by now."""
        if target.checked:
            return {target.place: rejected(target.level, error)}
        self._session.singles.drop(self._session.client.mall_id, number)
        answers: Answers = {}
        variants = self._rows([number]).get(number)
        targets = self._targets(number, [(target.place, target.level)], variants, answers)
        return answers | self._write(number, targets) if targets else answers

    def _apart(self, number: str, targets: Sequence[Target]) -> Answers:
        """A bulk write was refused, as a whole or in part: the mall is read, and the rest is written one by one."""
        answers = self._look(number, targets)
        for target in targets:
            if answers[target.place].outcome == "changed":
                answers |= self._write(number, [target])
        return answers

    def _look(self, number: str, targets: Sequence[Target], otherwise: ChannelDown | None = None) -> Answers:
        """What the mall shows now: accepted where it is what was wanted, else changed (or `otherwise` is raised)."""
        try:
            variants = {row.variant_code: row for row in self._products.variants_of(number)}
        except GoneFromMall:
            return {target.place: missing(target.level) for target in targets}
        answers: Answers = {}
        for target in targets:
            variant = variants.get(target.code)
            shown = None if variant is None else stock_of(variant).quantity
            if variant is None:
                answers[target.place] = missing(target.level)
            elif shown == target.level.quantity:
                answers[target.place] = accepted(target.level, seen=shown)
            elif otherwise is not None:
                raise otherwise
            else:
                answers[target.place] = changed(target.level, seen=shown)
        return answers
