"""Dividing money and quantities: what the parts have is always, to the last coin, what the whole had."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from entrepot.kernel.money import coin_of

TAX, TOTAL, CANCELED = "tax", "total", "canceled"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a part has of the lines: their totals, their taxes, how many pieces; and the totals of those canceled."""

    goods: Decimal
    taxes: Decimal
    pieces: int
    canceled: Decimal = Decimal(0)


def divide_rows(rows: Sequence[tuple[str, Decimal]], parts: Sequence[Content], *, currency: str) -> list[list[Decimal]]:
    """The rows of an order's totals, `(code, amount)`, divided over its parts: for each part its rows' amounts.

    Taxes follow the taxes, what is off for canceled goods those, all else the goods; where there are none, the pieces.
    A total that is the sum of the other rows is that in each part too.
    """
    weights = _weights(parts)
    own = {
        TAX: [max(part.taxes, Decimal(0)) for part in parts],
        CANCELED: [max(part.canceled, Decimal(0)) for part in parts],
    }
    columns: list[list[Decimal]] = []
    for code, amount in rows:
        fitting = own[code] if any(own.get(code, ())) else weights
        columns.append(divide(amount, fitting, currency=currency))
    _add_up(rows, columns)
    return [[column[part] for column in columns] for part in range(len(parts))]


def divide_total(
    total: Decimal,
    rows: Sequence[tuple[str, Decimal]],
    shares: Sequence[Sequence[Decimal]],
    parts: Sequence[Content],
    *,
    currency: str,
) -> list[Decimal]:
    """What an order is worth, for each part: what the row of its totals says that says the same, else divided alike."""
    at = next((at for at, (code, amount) in enumerate(rows) if code == TOTAL and amount == total), None)
    return divide(total, _weights(parts), currency=currency) if at is None else [share[at] for share in shares]


def _weights(parts: Sequence[Content]) -> list[Decimal]:
    by_goods = [max(part.goods, Decimal(0)) for part in parts]
    return by_goods if any(by_goods) else [Decimal(part.pieces) for part in parts]


def _add_up(rows: Sequence[tuple[str, Decimal]], columns: list[list[Decimal]]) -> None:
    others = [at for at, (code, _) in enumerate(rows) if code != TOTAL]
    sums = [at for at, (code, _) in enumerate(rows) if code == TOTAL]
    if len(sums) == 1 and others and rows[sums[0]][1] == sum(rows[at][1] for at in others):
        columns[sums[0]] = [sum((columns[at][part] for at in others), Decimal(0)) for part in range(len(columns[0]))]
