"""Money divided over parts: to the last coin, whatever the amounts."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from entrepot.kernel.money import coin_of
from entrepot.orders.shares import Content, divide, divide_rows

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
WEIGHTS = st.lists(st.decimals(min_value=0, max_value=10**6, places=4), min_size=1, max_size=6)
CURRENCIES = st.sampled_from(["KRW", "USD", "JOD"])


@given(AMOUNTS, WEIGHTS, CURRENCIES)
def test_shares_add_up_to_the_amount_and_only_one_has_what_no_coin_can_pay(amount, weights, currency):
    shares = divide(amount, weights, currency=currency)
    if sum(weights) == amount:
        assert shares == weights
        return

    assert sum(shares) == amount
    assert [share for share in shares if share * amount < 0] == []
    assert len([share for share in shares if share % coin_of(currency)]) <= 1
    if any(weights):
        assert [share for share, weight in zip(shares, weights, strict=True) if not weight and share] == []


@given(AMOUNTS, WEIGHTS, CURRENCIES)
def test_no_share_is_a_coin_and_a_rest_away_from_what_is_fair(amount, weights, currency):
    whole = sum(weights)
    if not whole or whole == amount:
        return
    for share, weight in zip(divide(amount, weights, currency=currency), weights, strict=True):
        assert abs(share - amount * weight / whole) <= 2 * coin_of(currency)


@given(
    st.lists(st.tuples(st.sampled_from(["sub_total", "shipping", "tax", "coupon"]), AMOUNTS), max_size=6),
    st.lists(st.tuples(AMOUNTS, AMOUNTS, st.integers(1, 50)), min_size=1, max_size=5),
    CURRENCIES,
)
def test_every_row_adds_up_over_the_parts_and_every_part_adds_up_to_its_total(rows, parts, currency):
    rows = [*rows, ("total", sum((amount for _, amount in rows), Decimal(0)))]

    contents = [Content(goods=part[0], taxes=part[1], pieces=part[2]) for part in parts]

    shares = divide_rows(rows, contents, currency=currency)

    assert [sum(column) for column in zip(*shares, strict=True)] == [amount for _, amount in rows]
    for part in shares if len(rows) > 1 else ():
        assert part[-1] == sum(part[:-1])


def test_a_thousand_won_for_three_are_divided_into_whole_won():
    assert divide(Decimal(1000), [Decimal(2), Decimal(1)], currency="KRW") == [Decimal(667), Decimal(333)]
    assert divide(Decimal("-0.05"), [Decimal(1), Decimal(1)], currency="USD") == [Decimal("-0.03"), Decimal("-0.02")]
    assert divide(Decimal("10.0055"), [Decimal(1), Decimal(1)], currency="USD") == [Decimal("5.0055"), Decimal("5.00")]


def test_tax_follows_the_taxed_goods_and_a_total_is_what_its_rows_say():
    rows = [("sub_total", Decimal(300)), ("shipping", Decimal(50)), ("tax", Decimal(20)), ("total", Decimal(370))]

    free = Content(goods=Decimal(100), taxes=Decimal(0), pieces=1)
    taxed = Content(goods=Decimal(200), taxes=Decimal(20), pieces=1)

    first, second = divide_rows(rows, [free, taxed], currency="KRW")

    assert first == [100, 17, 0, 117]
    assert second == [200, 33, 20, 253]
