"""Plans from a program and from a shell."""

import json
from decimal import Decimal

import pytest
from click.testing import CliRunner

from entrepot.catalog.models import Product
from entrepot.channels.models import Listing, ListingChange, Plan, Store
from entrepot.cli.plans import plans
from tests.one_of_everything import make_world


@pytest.fixture
def live(world, monkeypatch):
    """The store of the world, live, and able to do what OpenCart can."""
    Store.objects.filter(pk=world.store.pk).update(state="live")
    monkeypatch.setattr("entrepot.channels.services.plans.store_that_can", lambda **_: world.store)
    monkeypatch.setattr("entrepot.channels.services.offers_many.store_that_can", lambda **_: world.store)
    Listing.objects.filter(pk=world.listing.pk).update(price=Decimal(10))
    Plan.objects.filter(seller=world.seller).delete()
    return world


def test_a_program_plans_looks_approves_applies(live):
    program = live.program()
    made = program.post("/plans/prices", {"listing_ids": [live.listing.pk], "percent": "-50", "title": "Sale"}).json()
    assert (made["title"], made["state"], made["total"], made["approved"]) == ("Sale", "draft", 1, False)
    assert [(rail["code"], rail["count"], rail["percent"]) for rail in made["rails"]] == [("price_falls", 1, 50)]
    address = f"/plans/{made['id']}"
    [line] = program.get(f"{address}/lines").json()["rows"]
    assert (line["before"]["price"], line["fields"], line["state"]) == (
        "10",
        {"price": "5", "retail_price": None},
        None,
    )
    refused = program.post(f"{address}/apply")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "plan_needs_approval")
    assert not ListingChange.objects.filter(state="waiting").exists()

    unseen = program.post(f"{address}/approve")
    assert (unseen.status_code, unseen.json()["error"]["code"]) == (409, "plan_looks_otherwise")
    stamp = program.get(address).json()["stamp"]
    assert program.post(f"{address}/approve?seen={stamp}").json()["approved"] is True
    stale = program.post(f"{address}/apply?seen=1")
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "plan_looks_otherwise")
    assert program.post(f"{address}/apply").json()["state"] == "applied"
    assert program.get(address).json()["progress"]["waiting"] == 1
    assert program.get(f"{address}/lines?state=waiting").json()["rows"][0]["state"] == "waiting"
    early = program.post(f"{address}/undo")
    assert (early.status_code, early.json()["error"]["code"]) == (409, "plan_still_going")
    program.post(f"{address}/stop")
    assert program.get(address).json()["progress"]["canceled"] == 1


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/plans/prices", {"percent": "-10"}, "nobody_meant"),
        ("/plans/prices", {"search": "RED"}, "rule_unclear"),
        ("/plans/prices", {"search": "RED", "percent": "-100"}, "invalid"),
        ("/plans/visibility", {"search": "RED", "deed": "burn"}, "invalid"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_planned(live, path, body, code):
    answer = live.program().post(path, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert not Plan.objects.filter(seller=live.seller).exists()


def test_another_sellers_product_is_not_planned_into_a_store(live):
    other = make_world("Stranger")
    body = {"listings": [{"product_id": other.item.product_id, "store_id": live.store.pk, "price": "9"}]}
    answer = live.program().post("/plans/listings", body)
    assert (answer.status_code, Plan.objects.filter(seller=live.seller).count()) == (404, 0)
    own = Product.objects.get(items=live.item)
    again = live.program().post(
        "/plans/listings", {"listings": [{"product_id": own.pk, "store_id": live.store.pk, "price": "9"}]}
    )
    assert (again.status_code, again.json()["error"]["code"]) == (409, "plan_empty")


def test_an_unknown_move_names_the_known_ones(world):
    answer = world.program().post(f"/plans/{world.ids['plan_id']}/burn")
    assert answer.status_code == 422
    assert "apply" in answer.json()["error"]["message"]


def run(*words):
    done = CliRunner().invoke(plans, [str(word) for word in words], env={"COLUMNS": "200"})
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def test_a_shell_plans_shows_applies_and_throws_away(live):
    assert "price_falls: 1" in run("prices", live.listing.pk, "--percent", "-40")
    made = Plan.objects.get(seller=live.seller)
    assert "price=10" in run("show", made.pk)
    assert json.loads(run("list", "--json"))["id"] == made.pk
    stamp = made.lines.get().pk
    assert f"stamp {stamp}" in run("show", made.pk)
    assert run("apply", made.pk, "--yes", stamp) == f"Plan {made.pk}: applied.\n"
    assert "waiting 1" in run("show", made.pk)
    assert run("stop", made.pk) == "1 change(s) given up.\n"
    run("visibility", "hide", live.listing.pk)
    last = Plan.objects.filter(seller=live.seller).latest("pk")
    assert run("discard", last.pk) == f"Plan {last.pk}: thrown away.\n"
    last.refresh_from_db()
    assert last.state == "discarded"
