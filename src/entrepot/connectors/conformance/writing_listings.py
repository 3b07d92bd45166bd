"""Promises about products that are made, on a stage: whole, each for itself, and never twice."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

from entrepot.connectors.conformance.bench import Bench
from entrepot.connectors.conformance.model import Register, expect, expect_equal
from entrepot.connectors.contract import (
    ChannelProduct,
    Created,
    ListingDraft,
    Making,
    VariationDraft,
)
from entrepot.connectors.pictures import square
from entrepot.kernel.errors import ChannelError, ChannelRejected

REGISTER = Register()
check = REGISTER.check
NEEDS = ("products", "listings")


def _draft(**changes: object) -> ListingDraft:
    given: dict[str, object] = {
        "key": f"conformance-{uuid4()}",
        "name": "Conformance 시험",
        "model": f"CONF-{uuid4().hex[:8]}",
        "price": Decimal("12.50"),
        "active": True,
    }
    return ListingDraft(**(given | changes))  # type: ignore[arg-type]


def _made(answers: Sequence[Created]) -> list[ChannelProduct]:
    for answer in answers:
        if answer.error is not None:
            raise answer.error
    return [answer.products[0] for answer in answers]


def _forget(bench: Bench, answers: Sequence[Created]) -> None:
    bench.listings.delete([product.remote_id for answer in answers for product in answer.products])


@check(
    "listings.words",
    "A product is made with its description, its pictures in order and its attributes, and a change replaces them.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def listings_words(bench: Bench) -> None:
    """An attribute the store already knows, so that this holds also where none can be made."""
    name = next(iter(bench.products.attributes())).name
    pictures = ["data:image/png;base64," + base64.b64encode(square(colour)).decode() for colour in ("front", "back")]
    text = "<p>Salt &amp; pepper, <b>소금</b></p>"
    draft = _draft(sku="", description=text, images=pictures, attributes=[(name, "면 & 마")], quantity=1)
    answers = bench.listings.create_many([draft])
    try:
        [made] = _made(answers)
        shown = bench.product(made.remote_id)
        expect_equal(shown.description, text, "the description made")
        expect_equal(len(set(shown.images)), 2, "the pictures made")
        expect_equal(shown.image_url, shown.images[0], "the main picture, which is the first")
        expect_equal(dict(shown.attributes).get(name), "면 & 마", "the attribute made")
        words = ListingDraft(key="k", description="<p>Less</p>", images=shown.images[:1], attributes=[(name, "wool")])
        changed = bench.listings.update(made.remote_id, words)
        expect_equal((changed.description, len(changed.images)), ("<p>Less</p>", 1), "the words changed")
        expect_equal(dict(changed.attributes).get(name), "wool", "the attribute changed")
    finally:
        _forget(bench, answers)


@check(
    "listings.combinations",
    "Combinations of two choices are made with the SKU, the price and the quantity of each, or refused whole.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def listings_combinations(bench: Bench) -> None:
    """As variations of the product, or as products of their own below it."""
    stem, wanted = f"CONF-{uuid4().hex[:8]}", []
    for number, (colour, size) in enumerate([("Red", "M"), ("Red", "L"), ("Blue", "M")]):
        options = [("Conformance colour", colour), ("Conformance size", size)]
        sku = f"{stem}-{number}"
        wanted.append(VariationDraft(options=options, sku=sku, price=Decimal("12.50"), quantity=number + 1))
    before = [product.remote_id for page in bench.products.pages() for product in page.products]
    answers = bench.listings.create_many([_draft(price=None, variations=wanted)])
    try:
        if answers[0].error is not None:
            expect(isinstance(answers[0].error, ChannelRejected), f"the refusal is {answers[0].error!r}")
            after = [product.remote_id for page in bench.products.pages() for product in page.products]
            expect_equal(after, before, "products after a refused one")
            return
        product, *below = answers[0].products
        things = [(row.sku, tuple(row.options), row.price, row.quantity) for row in product.variations]
        things += [(row.sku, tuple(row.options), row.price, row.quantity) for row in below]
        expected = [(row.sku, tuple(row.options), row.price, row.quantity) for row in wanted]
        expect_equal(sorted(things, key=str), sorted(expected, key=str), "the combinations made")
        expect_equal({row.parent_id for row in below} - {product.remote_id}, set(), "what the variants lie below")
    finally:
        _forget(bench, answers)


@check(
    "listings.many",
    "Of several products a bad one is refused by itself, and each answer stands in its draft's place.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def listings_many(bench: Bench) -> None:
    """The bad one has a name no store keeps."""
    drafts = [_draft(name="First"), _draft(name="x" * 400), _draft(name="Third")]
    answers = bench.listings.create_many(drafts)
    try:
        expect_equal(len(answers), 3, "answers to three drafts")
        expect(isinstance(answers[1].error, ChannelRejected), f"the bad draft's answer is {answers[1].error!r}")
        expect_equal([row.name for row in _made([answers[0], answers[2]])], ["First", "Third"], "the good ones made")
    finally:
        _forget(bench, answers)


@check(
    "listings.lost_answer",
    "A product whose answer was lost is gone on with under its key, also with other figures, and no second is made.",
    parts=NEEDS,
    writes=True,
    stage=True,
)
def listings_lost_answer(bench: Bench) -> None:
    """The store made it, and we never heard."""
    draft = _draft(quantity=5)
    before = {product.remote_id for page in bench.products.pages() for product in page.products}
    making = Making()
    bench.stage.trouble("lost", writes=True)
    try:
        bench.listings.create_many([draft], [making])
    except ChannelError:
        pass
    else:
        expect(False, "a lost answer was no trouble")
    bench.stage.heal()
    answers = bench.listings.create_many([replace(draft, quantity=4)], [making])
    try:
        [made] = _made(answers)
        after = {product.remote_id for page in bench.products.pages() for product in page.products}
        expect_equal(after - before, {made.remote_id}, "products made by two tries")
        expect(made.quantity in {4, 5}, f"a figure nobody told: {made.quantity}")  # figures are told as stock is
    finally:
        _forget(bench, answers)
