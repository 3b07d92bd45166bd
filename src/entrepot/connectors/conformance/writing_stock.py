"""Promises about showing stock and prices. They write, and put back what they changed."""

from decimal import Decimal

from entrepot.connectors.conformance.bench import Bench
from entrepot.connectors.conformance.catalogue import UNKNOWN_ID
from entrepot.connectors.conformance.model import Broken, NotApplicable, Register, expect, expect_equal
from entrepot.connectors.contract import ChannelProduct, LevelAnswer, PriceLevel, StockLevel
from entrepot.kernel.errors import ChannelDown

REGISTER = Register()
check = REGISTER.check
NEEDS = ("products", "stock")


def _level(product: ChannelProduct, quantity: int, expected: int | None = None) -> StockLevel:
    return StockLevel(remote_id=product.remote_id, variation_key="", quantity=quantity, expected=expected)


def _was(product: ChannelProduct) -> int:
    if product.quantity is None:
        raise NotApplicable("the store does not count this product")
    return product.quantity


@check("stock.absolute", "A pushed quantity is the one the store then shows.", parts=NEEDS, writes=True)
def stock_absolute(bench: Bench) -> None:
    """In the answer, in `seen` and in the catalogue."""
    product = bench.single()
    was = _was(product)
    with bench.put_back(_level(product, was)):
        [answer] = bench.push(_level(product, was + 3))
        expect_equal((answer.outcome, answer.seen), ("accepted", was + 3), "answer of push")
        expect_equal(bench.shown(product.remote_id)[""], was + 3, "what the store shows after push")
        expect_equal(bench.product(product.remote_id).quantity, was + 3, "what the catalogue shows after push")


@check("stock.twice", "Pushing twice is pushing once.", parts=NEEDS, writes=True)
def stock_twice(bench: Bench) -> None:
    """Quantities are absolute, never added."""
    product = bench.single()
    was = _was(product)
    with bench.put_back(_level(product, was)):
        for _ in range(2):
            bench.push(_level(product, was + 2))
        expect_equal(bench.shown(product.remote_id)[""], was + 2, "what the store shows after two pushes")


@check("stock.zero", "Nothing can be shown as nothing.", parts=NEEDS, writes=True)
def stock_zero(bench: Bench) -> None:
    """0 is a quantity like any other."""
    product = bench.single()
    with bench.put_back(_level(product, _was(product))):
        [answer] = bench.push(_level(product, 0))
        expect_equal((answer.outcome, answer.seen), ("accepted", 0), "answer of push")
        expect_equal(bench.shown(product.remote_id)[""], 0, "what the store shows")


@check("stock.expected", "A figure that is not the expected one is told and not overwritten.", parts=NEEDS, writes=True)
def stock_expected(bench: Bench) -> None:
    """Check and write are one; the right expectation is written."""
    if not bench.stock.compares:
        raise NotApplicable("the store judges no expectation")
    product = bench.single()
    was = _was(product)
    with bench.put_back(_level(product, was)):
        [answer] = bench.push(_level(product, was + 5, expected=was + 1))
        expect_equal((answer.outcome, answer.seen), ("changed", was), "answer to a wrong expectation")
        expect_equal(bench.shown(product.remote_id)[""], was, "what the store shows after a wrong expectation")
        [answer] = bench.push(_level(product, was + 5, expected=was))
        expect_equal((answer.outcome, answer.seen), ("accepted", was + 5), "answer to the right expectation")


@check(
    "stock.bad_item", "One bad level does not sink the good ones; answers keep their order.", parts=NEEDS, writes=True
)
def stock_bad_item(bench: Bench) -> None:
    """Unknown, good, impossible."""
    product = bench.single()
    was = _was(product)
    unknown = StockLevel(remote_id=UNKNOWN_ID, variation_key="", quantity=1)
    with bench.put_back(_level(product, was)):
        answers = bench.push(unknown, _level(product, was + 1), _level(product, -1))
        expect_equal([row.outcome for row in answers], ["missing", "accepted", "refused"], "outcomes")
        expect(answers[2].reason, "the refusal has no reason")
        expect_equal(bench.shown(product.remote_id)[""], was + 1, "what the store shows")


@check("stock.empty", "Pushing nothing is nothing.", parts=("stock",), writes=True)
def stock_empty(bench: Bench) -> None:
    """No levels, no answers."""
    expect_equal(list(bench.stock.push([])), [], "answers to no levels")


@check("stock.variation", "A variation's quantity is its own.", parts=NEEDS, writes=True)
def stock_variation(bench: Bench) -> None:
    """The other variations of the product keep theirs."""
    product = next((row for row in bench.all_products if _counted(row)), None)
    if product is None:
        raise NotApplicable("no product keeps stock for each variation")
    product = bench.product(product.remote_id)
    figures = {variation.key: variation.quantity or 0 for variation in product.variations}
    first, *others = figures
    levels = [
        StockLevel(remote_id=product.remote_id, variation_key=key, quantity=figure) for key, figure in figures.items()
    ]
    own = [] if product.quantity is None else [_level(product, max(product.quantity, 0))]
    with bench.put_back(*own), bench.put_back(*levels):
        wanted = StockLevel(remote_id=product.remote_id, variation_key=first, quantity=figures[first] + 4)
        [answer] = bench.push(wanted)
        expect_equal((answer.outcome, answer.seen), ("accepted", figures[first] + 4), "answer of push")
        shown = bench.shown(product.remote_id)
        expect_equal(shown[first], figures[first] + 4, "what the store shows of the variation")
        kept = {key: shown[key] for key in others}
        expect_equal(kept, {key: figures[key] for key in others}, "the other variations")


def _counted(product: ChannelProduct) -> bool:
    return (
        bool(product.variations)
        and not product.shared_stock
        and not product.is_parent
        and all(variation.quantity is not None and variation.quantity >= 0 for variation in product.variations)
    )


@check("stock.sold", "What is sold in the store is seen.", parts=("products", "orders", "stock"), stage=True)
def stock_sold(bench: Bench) -> None:
    """The figure falls by what was bought."""
    goods = bench.stage.goods()
    before = bench.shown(goods)[""]
    bench.stage.place_order(2)
    expect(before is not None, f"product {goods} is not counted")
    expect_equal(bench.shown(goods)[""], (before or 0) - 2, "what the store shows after a sale of 2")


@check(
    "stock.lost_answer",
    "When the answer is lost after the work, the store is down, and pushing again is safe.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def stock_lost_answer(bench: Bench) -> None:
    """Nothing is known of any item; the repeat tells."""
    product = bench.single()
    was = _was(product)
    level = _level(product, was + 6)
    with bench.put_back(_level(product, was)):
        answers: list[LevelAnswer] = []
        bench.stage.trouble("lost")
        try:
            answers = list(bench.stock.push([level]))
        except ChannelDown:
            pass
        finally:
            bench.stage.heal()
        for answer in answers:
            expect_equal((answer.outcome, answer.seen), ("accepted", was + 6), "an answer after a silent repeat")
        [again] = bench.push(level)
        expect_equal((again.outcome, again.seen), ("accepted", was + 6), "answer to the repeat")
        expect_equal(bench.shown(product.remote_id)[""], was + 6, "what the store shows")


# --------------------------------------------------------------------------- prices


@check(
    "prices.absolute",
    "A pushed price is the one the buyer then pays, and comes off again.",
    parts=("products", "prices"),
    writes=True,
)
def prices_absolute(bench: Bench) -> None:
    """With and without a regular price above it."""
    product = bench.single()
    back = PriceLevel(
        remote_id=product.remote_id, variation_key="", price=product.price, retail_price=product.retail_price
    )
    regular = max(product.price, product.retail_price or product.price) + Decimal("10.50")
    try:
        for price, retail in ((regular - Decimal("2.25"), regular), (regular, None)):
            level = PriceLevel(remote_id=product.remote_id, variation_key="", price=price, retail_price=retail)
            [answer] = bench.prices.push([level])
            expect_equal(answer.outcome, "accepted", "answer of push")
            expect_equal(answer.seen_price, price, "price in the answer")
            expect_equal(bench.product(product.remote_id).price, price, "price in the catalogue")
            expect_equal(bench.product(product.remote_id).retail_price or price, retail or price, "regular price there")
    finally:
        [restored] = bench.prices.push([back])
    expect_equal(restored.outcome, "accepted", "putting the price back")
    expect_equal(bench.product(product.remote_id).price, product.price, "the price put back")


@check("prices.bad_item", "One bad price does not sink the good ones.", parts=("products", "prices"), writes=True)
def prices_bad_item(bench: Bench) -> None:
    """Unknown is missing, negative is refused, the good one is there."""
    product = bench.single()
    levels = [
        PriceLevel(remote_id=UNKNOWN_ID, variation_key="", price=Decimal(5)),
        PriceLevel(remote_id=product.remote_id, variation_key="", price=Decimal(-1)),
        PriceLevel(
            remote_id=product.remote_id, variation_key="", price=product.price, retail_price=product.retail_price
        ),
    ]
    answers = bench.prices.push(levels)
    expect_equal([row.outcome for row in answers], ["missing", "refused", "accepted"], "outcomes")
    if bench.product(product.remote_id).price != product.price:
        raise Broken("a refused price was written")
