"""One walk: a deed, the books again, and whether they are what the model says. A break tells its seed and its way."""

import random
from collections import Counter, deque
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import connection

from benchmarks.flow.checks import asked, broken
from benchmarks.flow.model import BY_THEMSELVES, DEEDS, LEFT, OVER, REVIVES, Book, Broken, Seen, Whole
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Refused

MINA = Actor("user", "Mina")
SHOP = Actor("store", "A shop")
LOOK = """
SELECT id, status, held_from, hold_code, coalesce(split_from_id, id) FROM orders_order
WHERE seller_id = %(seller)s AND (id = ANY(%(known)s) OR id > %(newest)s)
"""
STOCK = "SELECT item_id, sum(on_hand) FROM inventory_stock WHERE seller_id = %(seller)s GROUP BY 1"
GOODS = """
SELECT l.order_id, coalesce(k.item_id, l.item_id), sum((l.quantity - l.canceled) * coalesce(k.quantity, 1))
FROM orders_orderline l LEFT JOIN catalog_kitpart k ON k.kit_id = l.item_id
WHERE l.order_id = ANY(%(orders)s) GROUP BY 1, 2
"""
MONEY = """
SELECT coalesce(o.split_from_id, o.id), sum(o.total) FROM orders_order o
WHERE coalesce(o.split_from_id, o.id) = ANY(%(roots)s) GROUP BY 1
"""
ROWS = """
SELECT coalesce(o.split_from_id, o.id), t.code, sum(t.amount) FROM orders_order o
JOIN orders_ordertotal t ON t.order_id = o.id WHERE coalesce(o.split_from_id, o.id) = ANY(%(roots)s) GROUP BY 1, 2
"""
PIECES = """
SELECT coalesce(o.split_from_id, o.id), l.remote_id, sum(l.quantity) FROM orders_order o
JOIN orders_orderline l ON l.order_id = o.id WHERE coalesce(o.split_from_id, o.id) = ANY(%(roots)s) GROUP BY 1, 2
"""
ENDED = (
    "UPDATE warehouse_workorder SET state = 'handed_over' WHERE seller_id = %s AND state <> 'recalled'",
    "UPDATE orders_order SET status = 'complete' WHERE seller_id = %s AND status = 'rfp'",
)
EVERY = 50
"""Steps between two looks at everything."""
REMEMBERED = 40
MOST_OVER = 40
"""Orders that are over and still looked at; older ones are let go."""


class Walk:
    """A seller, a die, the model, and the deeds of subclasses. `deeds`: each with how often it is chosen."""

    by_themselves = BY_THEMSELVES

    def __init__(self, seller_id: int, seed: str) -> None:
        self.seller_id, self.seed = seller_id, seed
        self.dice = random.Random(seed)
        self.book = Book()
        self.way: deque[str] = deque(maxlen=REMEMBERED)
        self.steps = 0
        self.made: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.newest = 0

    @property
    def who(self) -> dict[str, Any]:
        return {"seller_id": self.seller_id, "actor": MINA}

    def deeds(self) -> list[tuple[Callable[[], str | None], int]]:
        raise NotImplementedError

    # ------------------------------------------------------------------ one step

    def step(self) -> None:
        """Do one deed, look, and compare."""
        acts, weights = zip(*self.deeds(), strict=True)
        [act] = self.dice.choices(acts, weights)
        self.touched: dict[int, set[str] | None] = {}
        self.delta: Counter[int] = Counter()
        self.count = 1
        try:
            told = act()
        except Refused as refusal:
            self.refused[refusal.code] += 1
            told = f"refused: {refusal.code}"
            self.touched = dict.fromkeys(self.touched)
            self.delta.clear()
        if told is None:
            return
        self.steps += self.count
        self.made[act.__name__] += self.count
        self.way.append(f"{self.steps} {act.__name__} {sorted(self.touched)} {told}")
        self.look()
        if self.steps % EVERY < self.count:
            self.look_at_everything()

    def deed(self, name: str, order_id: int, act: Callable[[], object]) -> str:
        """A deed upon an order: the model says what becomes of it, and that it is done where it can be."""
        before = self.book.orders[order_id].standing
        expected = DEEDS[name].get(before)
        if expected is not None and name in REVIVES and self.book.orders[order_id].hold_code:
            expected = {"on_hold"}
        self.touched[order_id] = expected
        try:
            act()
        except Refused as refusal:
            if expected is not None and self.must(name, order_id):
                raise Broken(f"{name} of order {order_id}, which is {before}, was refused: {refusal.code}") from refusal
            raise
        return f"{before} {name}"

    def must(self, name: str, order_id: int) -> bool:
        """Whether nothing can stand in the way of a deed that its status allows."""
        del order_id
        return name in {"hold", "ask_cancel", "cancel_by_seller", "cancel_by_buyer", "confirm_seller_cancel", "deliver"}

    # ------------------------------------------------------------------ looking

    def look(self) -> None:
        """Compare every order that is not let go, and every figure, with what was before and what was done."""
        known = list(self.book.orders)
        now = {row[0]: Seen(*row[1:]) for row in asked(LOOK, seller=self.seller_id, known=known, newest=self.newest)}
        gone = {
            order_id
            for order_id, seen in now.items()
            if seen.status in LEFT and order_id in self.book.orders and self.book.orders[order_id].status not in LEFT
        }
        for order_id, item_id, pieces in asked(GOODS, orders=list(gone)) if gone else ():
            del order_id
            self.delta[item_id] -= int(pieces)
        for order_id, seen in now.items():
            if order_id in self.book.orders:
                self._compare(order_id, self.book.orders[order_id], seen)
        if missing := set(known) - set(now):
            raise Broken(f"orders are gone: {sorted(missing)}")
        self.book.on_hand.update(self.delta)
        figures = Counter({item_id: int(on_hand) for item_id, on_hand in asked(STOCK, seller=self.seller_id)})
        if +figures != +self.book.on_hand:
            raise Broken(f"on hand is {dict(figures)} instead of {dict(self.book.on_hand)}")
        self.book.orders = now
        self.newest = max(now, default=self.newest)
        self._let_go()

    def _compare(self, order_id: int, before: Seen, after: Seen) -> None:
        if order_id in self.touched:
            expected = self.touched[order_id]
            wanted = {before.standing} if expected is None else expected
            more = {to for one in wanted for start, to in BY_THEMSELVES if start == one} if expected else set()
            if after.standing in wanted | more or (expected is None and self._by_itself(before, after)):
                return
            raise Broken(f"order {order_id} went from {before.standing} to {after.standing} instead of {wanted}")
        if after.standing != before.standing and not self._by_itself(before, after):
            raise Broken(f"order {order_id}, which nobody touched, went from {before.standing} to {after.standing}")

    def _by_itself(self, before: Seen, after: Seen) -> bool:
        return before.status == after.status or (before.status, after.status) in self.by_themselves

    def _let_go(self) -> None:
        """Orders that are over for long are not looked at any more, once their whole family is."""
        over = [order_id for order_id, seen in self.book.orders.items() if seen.status in OVER]
        for order_id in over[: max(0, len(over) - MOST_OVER)]:
            if order_id not in self.book.orders:
                continue
            root = self.book.orders[order_id].root
            family = [one for one, seen in self.book.orders.items() if seen.root == root]
            if all(self.book.orders[one].status in OVER for one in family):
                self.look_at_money([root])
                for one in family:
                    del self.book.orders[one]
                self.book.wholes.pop(root, None)

    def look_at_everything(self, *, thorough: bool = False) -> None:
        """All that must always be true.

        Raises:
            Broken: It is not.
        """
        if found := list(broken(self.seller_id, thorough=thorough)):
            raise Broken("; ".join(found))
        self.look_at_money(list(self.book.wholes))

    def end(self) -> None:
        """Nothing of a walk that is over waits for the engine's tick, which asks all sellers of a database."""
        with connection.cursor() as cursor:
            for query in ENDED:
                cursor.execute(query, [self.seller_id])

    def look_at_money(self, roots: list[int]) -> None:
        """Every order and its parts together are what was bought, to the last unit and piece."""
        totals = dict(asked(MONEY, roots=roots))
        rows: dict[int, dict[str, Decimal]] = {}
        for root, code, amount in asked(ROWS, roots=roots):
            rows.setdefault(root, {})[code] = amount
        pieces: dict[int, Counter[str]] = {}
        for root, remote_id, quantity in asked(PIECES, roots=roots):
            pieces.setdefault(root, Counter())[remote_id] = int(quantity)
        for root in roots:
            whole = self.book.wholes.get(root)
            there = Whole(pieces.get(root, Counter()), totals.get(root, Decimal(0)), rows.get(root, {}))
            if whole is not None and whole != there:
                raise Broken(f"order {root} was bought as {whole} and is now {there}")

    # ------------------------------------------------------------------ choosing

    def one(self, *standings: str) -> int | None:
        """An order that stands so; one time in ten any order, so that refusals are seen too."""
        fitting = self.book.among(*standings)
        if not fitting or self.dice.random() < 0.1:
            fitting = list(self.book.orders)
        return self.dice.choice(fitting) if fitting else None
