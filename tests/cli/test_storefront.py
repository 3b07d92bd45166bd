"""A product in its stores from a shell."""

import json

import pytest
from click.testing import CliRunner

from entrepot.channels.models import Listing, Run, Store, StoreProduct
from entrepot.cli import storefront
from tests.one_of_everything import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world("Seoul Socks")


def run(*words, group=storefront.products, expect=0):
    done = CliRunner().invoke(group, [str(word) for word in words], env={"COLUMNS": "200"})
    assert done.exit_code == expect, (done.output, done.exception)
    return done


def test_a_product_is_shown_field_by_field_in_every_store(world):
    StoreProduct.objects.create(
        seller=world.seller, store=world.store, product=world.item.product, remote_id="1", seen={"name": "Ruby sock"}
    )
    [row] = [json.loads(line) for line in run("stores", world.item.product_id, "--json").output.splitlines()]
    assert (row["field"], row["wanted"], row["seen"], row["way"]) == ("name", None, "Ruby sock", "none")


def test_a_draft_is_kept_refused_without_a_price_and_thrown_away(world):
    Listing.objects.filter(pk=world.listing.pk).delete()
    place = (world.item.product_id, world.store.pk)
    run("draft", *place, "--name", "Wool sock")
    assert StoreProduct.objects.get().wanted == {"name": "Wool sock"}
    assert run("list-drafts", *place, expect=1).exception.code == "draft_incomplete"
    run("draft", *place, "--discard")
    assert not StoreProduct.objects.exists()


def test_the_stores_word_is_taken(world):
    StoreProduct.objects.create(
        seller=world.seller, store=world.store, product=world.item.product, remote_id="1",
        wanted={"name": "Warm"}, sent={"name": "Warm"}, answered={"name": "Warm"}, seen={"name": "Ruby"},
    )  # fmt: skip
    assert run("settle", world.item.product_id, world.store.pk, "name", "--theirs").output == (
        "The store's was taken.\n"
    )
    assert StoreProduct.objects.get().sent == {"name": "Ruby"}


def test_a_product_and_chosen_listings_are_read_again(world):
    Store.objects.filter(pk=world.store.pk).update(state="shadow")
    assert run("pull", world.item.product_id).output == "It is read from 1 store(s).\n"
    assert run("pull", world.listing.pk, group=storefront.listings).output == "Read again from 1 store(s).\n"
    assert Run.objects.get(state="running").counts["_remote_ids"] == ["1"]
