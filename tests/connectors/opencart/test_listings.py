"""Products made in the shop: pictures, attributes, choices of one axis, combinations, many at once, and begun ones."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from entrepot.connectors.contract import Connector, ListingDraft, Making, VariationDraft
from entrepot.connectors.opencart import errors
from entrepot.connectors.opencart.simulator import Item, Shop, SimulatorServer
from entrepot.connectors.opencart.simulator.stage import SimulatorStage
from entrepot.connectors.opencart.simulator.wire import resources
from entrepot.connectors.opencart.simulator.wire.answers import WireError
from entrepot.connectors.opencart.type import OPENCART
from entrepot.connectors.pictures import square
from entrepot.kernel.errors import ChannelDown

LINES = ["4.1", "4.0", "3.0"]


def data(raw: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64," + base64.b64encode(raw).decode()


def place_of(raw: bytes, ending: str = "png") -> str:
    digest = hashlib.sha256(raw).hexdigest()[:40]
    return f"catalog/entrepot/{digest[:2]}/{digest}.{ending}"


@pytest.fixture
def server(request) -> Iterator[SimulatorServer]:
    with SimulatorServer(Shop.demo(line=getattr(request, "param", "4.1"))) as running:
        yield running


@pytest.fixture
def connector(server) -> Iterator[Connector]:
    opened = SimulatorStage(server, OPENCART).open()
    yield opened
    opened.close()


every_line = pytest.mark.parametrize("server", LINES, indirect=True)


def mug(**changes):
    given = {"key": "mug", "name": "Mug", "model": "MUG", "sku": "MUG", "price": Decimal(9), "quantity": 7}
    return ListingDraft(**(given | {"active": True} | changes))


def variation(sku, quantity, price=20, barcode="", **options):
    return VariationDraft(
        options=list(options.items()), sku=sku, price=Decimal(price), quantity=quantity, barcode=barcode
    )


def shirt(**changes):
    """Two colours in two sizes, of which one combination does not exist."""
    variations = [
        variation("S-R-M", 3, Colour="Red", Size="M"),
        variation("S-R-L", 1, Colour="Red", Size="L", barcode="8801234567893"),
        variation("S-B-M", 2, Colour="Blue", Size="M"),
    ]
    given = {"key": "shirt", "name": "Shirt", "model": "S", "active": True, "variations": variations}
    return ListingDraft(**(given | changes))


def count(server) -> int:
    return len(server.shop.tables.products)


# --------------------------------------------------------------------------- pictures


@every_line
def test_pictures_at_addresses_and_in_texts_are_brought_into_the_shop(server, connector):
    address = f"{server.url}/image/elsewhere.jpg"
    # The shop's own address would be taken as it is; another name of this computer is another place.
    elsewhere = address.replace("127.0.0.1", "localhost")
    made = connector.listings.create(mug(images=[elsewhere, data(square("b"))]))
    fetched, pasted = place_of(square("/image/elsewhere.jpg")), place_of(square("b"))
    assert made.images == (f"{server.url}/image/{fetched}", f"{server.url}/image/{pasted}")
    assert set(server.shop.tables.images) == {fetched, pasted}


def test_a_picture_of_the_shop_is_named_and_not_sent_again(server, connector):
    before = connector.products.fetch(["28"]).products[0].images
    made = connector.listings.create(mug(images=[*before, "catalog/b & c.png"]))
    assert made.images[:-1] == before
    assert connector.listings.update(made.remote_id, ListingDraft(key="k", images=made.images)).images == made.images
    assert server.shop.tables.images == {}


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (data(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "It is no JPEG, PNG, GIF or WebP."),
        (data(b"<?php echo 1; ?>"), "It is no image."),
        (data(square("a") + bytes(4 * 1024 * 1024)), "It is larger than 3 MB."),
        ("http://127.0.0.1:9/a.png", "Nothing answers at 127.0.0.1:9."),
        ("catalog/../../index.php", "It is no address of an image"),
    ],
)
def test_a_picture_that_cannot_be_used_stops_its_product_before_anything_is_made(server, connector, image, words):
    before = count(server)
    [refused, made] = connector.listings.create_many([mug(images=[image]), mug(key="cup", sku="CUP", model="CUP")])
    assert isinstance(refused.error, errors.ImageUnusable)
    assert words in str(refused.error.fields["reason"])
    assert (made.error, [one.sku for one in made.products]) == (None, ["CUP"])
    assert (count(server), server.shop.tables.images) == (before + 1, {})


def test_pictures_the_shop_has_taken_are_not_sent_again_by_the_next_try(server, connector):
    kept: list[dict[str, str]] = []
    before = count(server)
    making = Making(keep=lambda state: kept.append(dict(state.images)))
    draft = mug(images=[data(square("a")), data(square("b"))])
    server.faults.add("crash", resource="image", skip=1)
    with pytest.raises(ChannelDown):
        connector.listings.create_many([draft], [making])
    assert (len(kept), count(server)) == (1, before)
    server.counters.reset()
    fresh = SimulatorStage(server, OPENCART).open()
    [made] = fresh.listings.create_many([draft], [Making(images=kept[0])])
    fresh.close()
    assert [image.rpartition("/")[2] for image in made.products[0].images] == [
        place_of(square(name)).rpartition("/")[2] for name in "ab"
    ]
    assert server.counters.snapshot()["requests"]["image"] == 1


# --------------------------------------------------------------------------- made once


@every_line
def test_an_answer_that_was_lost_makes_no_second_product_and_its_stock_stays_the_shops(server, connector):
    before = count(server)
    server.faults.add("lost", resource="products_create")
    with pytest.raises(ChannelDown):
        connector.listings.create_many([mug()])
    [made] = connector.listings.create_many([mug(quantity=4, price=Decimal(8))])
    assert (count(server), made.products[0].quantity, made.products[0].price) == (before + 1, 7, Decimal(8))


def test_a_product_deleted_between_two_tries_is_made_anew(server, connector):
    first = connector.listings.create(mug())
    server.shop.delete_product(int(first.remote_id))
    again = connector.listings.create(mug())
    assert again.remote_id != first.remote_id
    assert again.sku == "MUG"


def test_the_shop_says_of_each_what_became_of_it(server, connector):
    drafts = [mug(), mug(key="b", name="x" * 300), mug(key="c", model="C", sku="C")]
    first, second, third = connector.listings.create_many(drafts)
    assert [first.products[0].sku, third.products[0].sku] == ["MUG", "C"]
    assert (second.error.fields["field"], second.error.fields["reason"]) == (
        "“names”",
        "The text is longer than the shop keeps.",
    )
    assert [call for call in server.counters.snapshot()["requests"] if "create" in call] == ["products_create"]


def test_a_bridge_before_1_2_is_told_one_product_after_the_other(server, connector):
    server.shop.products_at_once = 0
    made = connector.listings.create_many([mug(), mug(key="b", model="B", sku="B")])
    assert [one.products[0].sku for one in made] == ["MUG", "B"]
    [refused] = connector.listings.create_many([shirt()])
    assert isinstance(refused.error, errors.OldBridge)


# --------------------------------------------------------------------------- attributes


@every_line
def test_attributes_are_found_by_name_or_made_and_replaced_whole(server, connector):
    made = connector.listings.create(mug(attributes=[("Clockspeed", "100mhz"), ("소재", "면 & 마")]))
    assert set(made.attributes) == {("Clockspeed", "100mhz"), ("소재", "면 & 마")}
    assert "소재" in {one.name for one in connector.products.attributes()}
    changed = connector.listings.update(made.remote_id, ListingDraft(key="k", attributes=[("소재", "울")]))
    assert changed.attributes == (("소재", "울"),)
    assert len([row for row in server.shop.tables.attributes if row["name"] == "소재"]) == 1


def test_a_description_is_written_as_it_is_read(connector):
    text = "<p>Salt &amp; pepper, 소금</p>"
    made = connector.listings.create(mug(description=text))
    assert made.description == text


# --------------------------------------------------------------------------- choices


@every_line
def test_choices_of_one_axis_become_an_option_that_is_counted_by_value(server, connector):
    variations = [variation("T-RED", 3, Colour="Red"), variation("T-SKY", 2, 22, Colour="Sky")]
    made = connector.listings.create(mug(sku=None, quantity=None, price=None, variations=variations))
    assert [(one.options, one.price, one.quantity) for one in made.variations] == [
        ((("Colour", "Red"),), Decimal(20), 3),
        ((("Colour", "Sky"),), Decimal(22), 2),
    ]
    assert (made.price, made.quantity) == (Decimal(20), 5)


@pytest.mark.parametrize("server", ["4.1", "4.0"], indirect=True)
def test_combinations_become_variants_each_with_its_own_sku_and_figure(server, connector):
    [made] = connector.listings.create_many([shirt()])
    master, *variants = made.products
    assert (master.is_parent, master.variations, master.quantity) == (True, (), 6)
    assert [(one.parent_id, one.sku, one.barcode, one.quantity, one.options) for one in variants] == [
        (master.remote_id, "S-R-M", "", 3, (("Colour", "Red"), ("Size", "M"))),
        (master.remote_id, "S-R-L", "8801234567893", 1, (("Colour", "Red"), ("Size", "L"))),
        (master.remote_id, "S-B-M", "", 2, (("Colour", "Blue"), ("Size", "M"))),
    ]
    options = server.shop.tables.products[int(master.remote_id)].options
    assert [[value.quantity for value in option.values] for option in options] == [[4, 2], [5, 1]]


def test_a_variant_is_bought_and_takes_its_own_stock(server, connector):
    [made] = connector.listings.create_many([shirt()])
    number = int(made.products[1].remote_id)
    server.shop.place_order([Item(number, 2)])
    assert server.shop.tables.products[number].quantity == 1


def test_a_second_try_makes_no_variants_anew_and_leaves_their_figures(server, connector):
    [first] = connector.listings.create_many([shirt()])
    before = count(server)
    fewer = [replace(row, quantity=row.quantity - 1) for row in shirt().variations]
    [again] = connector.listings.create_many([shirt(variations=fewer)])
    assert [one.remote_id for one in again.products] == [one.remote_id for one in first.products]
    assert ([one.quantity for one in again.products], count(server)) == ([6, 3, 1, 2], before)


@pytest.mark.parametrize("server", ["3.0"], indirect=True)
def test_combinations_are_refused_where_a_shop_counts_none(server, connector):
    before = count(server)
    [refused] = connector.listings.create_many([shirt()])
    assert isinstance(refused.error, errors.CombinationsImpossible)
    assert count(server) == before


@pytest.mark.parametrize("server", ["4.0"], indirect=True)
def test_combinations_of_different_prices_are_refused_where_the_storefront_charges_one(server, connector):
    before = count(server)
    dearer = [*shirt().variations, variation("S-B-L", 1, 25, Colour="Blue", Size="L")]
    [refused] = connector.listings.create_many([shirt(variations=dearer)])
    assert isinstance(refused.error, errors.VariantPrices)
    assert count(server) == before


def test_a_picture_the_shop_does_not_take_is_told_with_its_reason(server, connector, monkeypatch):
    def refuse(_shop, _call):
        raise WireError(422, "invalid", "The shop may not write there.", field="path", reason="folder")

    monkeypatch.setitem(resources.WRITES, "image", refuse)
    [refused] = connector.listings.create_many([mug(images=[data(square("a"))])])
    assert isinstance(refused.error, errors.ImageRefused)
    assert refused.error.fields["reason"] == "The shop may not write to its image folder."
