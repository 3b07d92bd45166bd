"""A product in its stores over the API."""

import pytest

from entrepot.channels.models import Listing, Run, Store, StoreProduct


@pytest.fixture
def address(world) -> str:
    return f"/products/{world.item.product_id}/stores"


@pytest.fixture
def row(world) -> StoreProduct:
    return StoreProduct.objects.create(
        seller=world.seller,
        store=world.store,
        product=world.item.product,
        remote_id="1",
        wanted={"name": "Warm sock"},
        sent={"name": "Warm sock"},
        answered={"name": "Warm sock"},
        seen={"name": "Ruby sock", "category_ids": ["7"]},
    )


def test_a_product_is_told_store_by_store_with_what_we_want_sent_and_see(world, address, row):
    [place] = world.program().get(address).json()
    assert (place["store_id"], place["remote_id"], place["state"], place["draft"]) == (
        world.store.pk,
        "1",
        "failed",
        None,
    )
    words = {word["name"]: (word["wanted"], word["sent"], word["seen"], word["way"]) for word in place["words"]}
    assert words["name"] == ("Warm sock", "Warm sock", "Ruby sock", "changed")
    assert words["category_ids"] == (None, None, ["7"], "none")
    assert [(one["listing_id"], one["way"]) for one in place["prices"]] == [(world.listing.pk, "refused")]


def test_a_draft_is_kept_read_and_thrown_away(world, address):
    Listing.objects.filter(pk=world.listing.pk).delete()
    program = world.program()
    kept = program.put(f"{address}/{world.store.pk}/draft", {"name": "Wool sock", "price": "12.50", "active": False})
    assert kept.status_code == 200
    assert (kept.json()["state"], kept.json()["draft"]) == (
        "draft",
        {"name": "Wool sock", "price": "12.5", "active": False},
    )
    assert program.delete(f"{address}/{world.store.pk}/draft").status_code == 204
    assert [place["state"] for place in program.get(address).json()] == ["unlisted"]
    answer = program.delete(f"{address}/{world.store.pk}/draft")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "draft_not_found")


def test_of_a_product_that_the_store_has_no_draft_is_kept(world, address):
    answer = world.program().put(f"{address}/{world.store.pk}/draft", {"name": "Wool sock"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "listed_already")
    assert not StoreProduct.objects.exists()


def test_the_stores_word_is_taken(world, address, row):
    answer = world.program().post(f"{address}/{world.store.pk}/settle", {"names": ["name"], "theirs": True})
    assert answer.status_code == 200
    row.refresh_from_db()
    assert (row.wanted, row.sent) == ({}, {"name": "Ruby sock"})


def test_a_change_in_a_paused_store_is_refused_and_nothing_is_wanted(world, address, row):
    wish = {"words": {"name": "Silk sock"}, "prices": []}
    answer = world.program().post(f"{address}/{world.store.pk}/change", wish)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "store_state_forbids")
    row.refresh_from_db()
    assert row.wanted == {"name": "Warm sock"}


def test_a_product_and_chosen_listings_are_read_again(world):
    program = world.program()
    address = f"/products/{world.item.product_id}/pull"
    assert program.post(address).json()["error"]["code"] == "nothing_to_pull"
    Store.objects.filter(pk=world.store.pk).update(state="shadow")
    answer = program.post(address)
    assert (answer.status_code, [run["kind"] for run in answer.json()]) == (202, ["products"])
    again = program.post("/listings/pull", {"listing_ids": [world.listing.pk]})
    assert [run["id"] for run in again.json()] == [run["id"] for run in answer.json()]
    assert Run.objects.get(state="running").counts["_remote_ids"] == ["1"]
