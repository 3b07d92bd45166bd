"""The SKU doctor's fixes over the API and from a shell."""

import json

from click.testing import CliRunner

from entrepot.channels.models import Finding, Listing
from entrepot.cli.stores import stores


def make_unlisted(world) -> Listing:
    Finding.objects.filter(pk=world.ids["finding_id"]).update(blocking=True)
    return Listing.objects.create(
        seller=world.seller, store=world.store, remote_id="9", title="Odd sock", currency="USD", seen_quantity=4
    )


def test_a_finding_says_how_it_is_put_right_and_is(world):
    listing, program = make_unlisted(world), world.program()
    place = f"/stores/{world.store.pk}/findings"
    assert program.get(place).json()["rows"][0]["fixes"] == ["own"]
    wrong = program.post(f"{place}/{world.ids['finding_id']}/fix", {"fix": "take"})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (409, "fix_impossible")
    assert program.post(f"{place}/{world.ids['finding_id']}/fix", {"fix": "own", "sku": "ODD"}).status_code == 204
    listing.refresh_from_db()
    assert listing.item.sku == "ODD"
    assert program.get(place).json()["rows"] == []


def test_the_same_from_a_shell(world):
    listing = make_unlisted(world)

    def run(*words):
        done = CliRunner().invoke(stores, [str(word) for word in words], env={"COLUMNS": "200"})
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    found = json.loads(run("findings", world.store.pk, "--json"))
    assert (found["id"], found["fixes"]) == (world.ids["finding_id"], "own")
    assert run("fix", found["id"], "own", "--sku", "ODD") == "Put right.\n"
    listing.refresh_from_db()
    assert listing.item.sku == "ODD"
