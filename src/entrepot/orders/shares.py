"""Dividing money and quantities: what the parts have is always, to the last coin, what the whole had."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from entrepot.kernel.money import coin_of

TAX, TOTAL, SUBTOTAL = "tax", "total", "sub_total"


def divide(amount: Decimal, weights: Sequence[Decimal], *, currency: str) -> list[Decimal]:
    """Shares of an amount in proportion to weights of zero or more, in whole coins, by largest remainder.

    What is finer than a coin stays with the first share that has any. No weight at all: everything is the first one's.
    Weights that add up to the amount are the shares.
    """
    if sum(weights) == amount:
        return list(weights)
    if not any(weights):
        return [amount, *(Decimal(0) for _ in weights[1:])]
    coin, whole = coin_of(currency), abs(amount)
    coins = int(whole // coin)
    quotas = [Fraction(weight) * coins / Fraction(sum(weights)) for weight in weights]
    counts = [int(quota) for quota in quotas]
    by_rest = sorted(range(len(weights)), key=lambda at: (counts[at] - quotas[at], at))
    for at in by_rest[: coins - sum(counts)]:
        counts[at] += 1
    shares = [coin * count for count in counts]
    shares[next(at for at, weight in enumerate(weights) if weight)] += whole - coin * coins
    return [share if amount >= 0 else -share for share in shares]


def fill(quantity: int, places: Sequence[int]) -> list[int]:
    """Lay a quantity into places, the first one first; what is left over is in none of them."""
    laid = []
    for place in places:
        laid.append(min(place, quantity))
        quantity -= laid[-1]
    return laid


def divide_rows(
    rows: Sequence[tuple[str, Decimal]],
    *,
    goods: Sequence[Decimal],
    taxes: Sequence[Decimal],
    pieces: Sequence[int],
    currency: str,
) -> list[list[Decimal]]:
    """The rows of an order's totals, `(code, amount)`, divided over its parts: for each part its rows' amounts.

    `goods`, `taxes`, `pieces`: what each part has of the lines. Taxes follow the taxes, all else the goods; where
    there are none, the pieces. A total that is the sum of the other rows is that in each part too.
    """
    by_pieces = [Decimal(count) for count in pieces]
    by_goods = [max(share, Decimal(0)) for share in goods]
    weights = by_goods if any(by_goods) else by_pieces
    by_tax = [max(share, Decimal(0)) for share in taxes]
    columns: list[list[Decimal]] = []
    for code, amount in rows:
        fitting = by_tax if code == TAX and any(by_tax) else weights
        columns.append(divide(amount, fitting, currency=currency))
    _add_up(rows, columns)
    return [[column[part] for column in columns] for part in range(len(pieces))]


def _add_up(rows: Sequence[tuple[str, Decimal]], columns: list[list[Decimal]]) -> None:
    others = [at for at, (code, _) in enumerate(rows) if code != TOTAL]
    sums = [at for at, (code, _) in enumerate(rows) if code == TOTAL]
    if len(sums) == 1 and others and rows[sums[0]][1] == sum(rows[at][1] for at in others):
        columns[sums[0]] = [sum((columns[at][part] for at in others), Decimal(0)) for part in range(len(columns[0]))]
