"""The desk from a shell."""

import json

import pytest
from click.testing import CliRunner

from entrepot.accounts.models import AuditEntry
from entrepot.catalog.models import Product
from entrepot.channels.models import Problem, Store
from entrepot.cli import labels, offers, orders, stock, stores, trouble
from entrepot.fulfilment.models import Shipment
from entrepot.fulfilment.services.carriers import add_carrier
from entrepot.inventory.models import Movement
from entrepot.orders.models import Order
from tests import books
from tests.one_of_everything import World, make_world

GROUPS = {
    "stores": stores.stores,
    "products": offers.products,
    "listings": offers.listings,
    "stock": stock.stock,
    "orders": orders.orders,
    "labels": labels.labels,
    "problems": trouble.problems,
    "journal": trouble.journal,
}


@pytest.fixture
def world(db: None) -> World:
    return make_world("Seoul Socks")


def run(*words, expect=0):
    done = CliRunner().invoke(GROUPS[words[0]], [str(word) for word in words[1:]], env={"COLUMNS": "200"})
    assert done.exit_code == expect, (done.output, done.exception)
    return done.output


def rows(*words):
    return [json.loads(row) for row in run(*words, "--json").splitlines()]


def test_stock_is_listed_by_sku(world):
    assert rows("stock", "list") == [{"sku": "RED", "name": "RED sock", "on_hand": 5, "reserved": 2, "available": 3}]


def test_stock_is_corrected_with_a_reason(world):
    assert run("stock", "adjust", "RED", "--reason", "moths", "--", "-1") == "RED: 4 on hand now.\n"
    assert Movement.objects.order_by("-id")[0].reason == "moths"


def test_a_correction_needs_a_reason(world):
    assert "Missing option '--reason'" in run("stock", "adjust", "RED", "1", expect=2)
    assert books.figure(world.item.pk) == (5, 2)


def test_why_tells_each_step_and_its_order(world):
    steps = rows("stock", "why", "RED")
    assert [(step["what"], step["on_hand"], step["reserved"]) for step in steps] == [
        ("reservation", 0, 2),
        ("opening", 5, 0),
    ]
    assert steps[0]["cause"] == "order #7"


def test_an_unknown_sku_is_named(world):
    done = CliRunner().invoke(stock.stock, ["why", "BLUE"])
    assert (done.exit_code, done.exception.code, done.exception.fields) == (1, "no_such_sku", {"sku": "BLUE"})


def test_an_order_walks_by_moves(world):
    assert run("orders", "move", "release", world.order.pk) == "Order #7 is Ready for packing now.\n"
    assert Order.objects.get(pk=world.order.pk).status == "rfp"
    assert rows("orders", "counts") == [{"status": "rfp", "quantity": 1}]


def test_an_order_is_shown_with_what_may_be_done_next(world):
    shown = rows("orders", "show", world.order.pk)[0]
    assert shown["lines"] == [
        {"sku": f"sku-{world.item.pk}", "name": f"Sock {world.item.pk}", "quantity": 2, "total": "5"}
    ]
    assert "release" in shown["moves"]
    assert "#7" in run("orders", "show", world.order.pk)


def test_stores_are_listed_and_resumed(world):
    assert [(row["name"], row["state"]) for row in rows("stores", "list")] == [("Seoul Socks shop", "paused")]
    Store.objects.update(resume_state="shadow")
    assert run("stores", "resume", world.store.pk) == "Seoul Socks shop is shadow (read only) now.\n"
    assert AuditEntry.objects.filter(verb__startswith="stores.resume", actor_kind="cli").count() == 1


def test_the_sku_doctor_reports(world):
    assert [row["code"] for row in rows("stores", "findings", world.store.pk)] == ["missing_sku"]


def test_problems_are_told_with_their_remedy_and_settled(world):
    row = rows("problems", "list")[0]
    assert row["do"] == "Correct the product in the store, then press Retry."
    run("problems", "resolve", row["id"])
    assert Problem.objects.get(pk=row["id"]).resolved_at is not None
    assert run("problems", "list") == "No problems.\n"


def test_the_journal_shows_a_call(world):
    entry = rows("journal", "list")[0]
    assert (entry["call"], entry["status"]) == ("GET /index.php", 200)
    assert (entry["for"], entry["why"]) == ("", "")
    assert "-> 200 in 3 ms" in run("journal", "show", entry["id"])


def test_products_and_listings_are_listed(world):
    assert [(row["name"], row["first_sku"]) for row in rows("products", "list")] == [("RED sock", "RED")]
    assert [(row["sku"], row["available"]) for row in rows("listings", "list")] == [("RED", 3)]


def test_a_product_is_shown_with_what_it_says_of_itself(world):
    Product.objects.filter(pk=world.item.product_id).update(description="Warm.", attributes=[["Fabric", "Wool"]])
    [row] = rows("products", "show", "RED")
    assert (row["name"], row["items"], row["description"], row["attributes"], row["images"]) == (
        "RED sock", ["RED"], "Warm.", [["Fabric", "Wool"]], [],
    )  # fmt: skip
    assert "attributes: Fabric: Wool\ndescription: Warm.\n" in run("products", "show", "RED")
    assert CliRunner().invoke(offers.products, ["show", "NOBODY"]).exception.code == "no_such_sku"


def test_a_listing_is_matched_by_sku(world):
    world.listing.item = None
    world.listing.save(update_fields=["item"])
    assert run("listings", "map", world.listing.pk, "RED") == f"Listing {world.listing.pk} is RED now.\n"


def test_with_several_sellers_one_must_be_named(world):
    second = make_world("Busan Boots")
    done = CliRunner().invoke(orders.orders, ["list"])
    assert done.exception.code == "which_seller"
    assert [row["id"] for row in rows("orders", "list", "--seller", second.seller.pk)] == [second.order.pk]


def test_another_sellers_order_does_not_exist(world):
    second = make_world("Busan Boots")
    done = CliRunner().invoke(
        orders.orders, ["move", "release", str(second.order.pk), "--seller", str(world.seller.pk)]
    )
    assert done.exception.code.endswith("not_found")
    assert Order.objects.get(pk=second.order.pk).status == "new"


def test_changes_and_differences_of_listings_are_listed_and_decided(world):
    [row] = rows("listings", "changes")
    assert (row["what"], row["state"], row["fields"]) == ("price", "failed", "price=12")
    assert rows("listings", "differences") == [
        {
            "id": world.ids["difference_id"],
            "listing": world.listing.pk,
            "title": "Red sock",
            "field": "price",
            "ours": "10",
            "theirs": "8",
        }
    ]
    run("listings", "decide", world.ids["difference_id"], "theirs")
    assert rows("listings", "differences") == []


def test_labels_are_written_to_a_file_and_the_carriers_visit_takes_the_orders_along(world, tmp_path):
    for step in ("release", "pack"):
        run("orders", *(["move", step] if step == "release" else ["pack"]), world.order.pk)
    carrier = add_carrier(seller_id=world.seller.pk, kind="cj", actor=books.MINA)
    Shipment.objects.filter(order=world.order).update(carrier_ref=carrier)
    run("labels", "print", world.order.pk, "--to", tmp_path / "labels.pdf")
    run("labels", "print", world.order.pk, "--to", tmp_path / "labels.zpl")
    run("labels", "manifest", carrier.pk, "--to", tmp_path / "manifest.pdf")
    assert (tmp_path / "labels.pdf").read_bytes()[:5] == b"%PDF-"
    assert (tmp_path / "labels.zpl").read_text()[:3] == "^XA"
    assert (tmp_path / "manifest.pdf").read_bytes()[:5] == b"%PDF-"
    assert rows("labels", "carriers") == [{"id": carrier.pk, "name": "CJ대한통운", "free_numbers": None, "waiting": 2}]

    assert "1 orders are on their way." in run("labels", "hand-over", carrier.pk)

    assert Order.objects.get(pk=world.order.pk).status == "in_transit"


def test_orders_are_narrowed_by_the_words_of_the_desk(world):
    channel = world.store.sales_channel
    home = {"name": "Ada", "country_code": "GB"}
    wool = books.line(None, 4, name="Wool sock")
    books.place_one(channel, books.draft("8", wool, minute=1, shipping=home, payment_method="Card"))

    def numbers(*options):
        return [row["number"] for row in rows("orders", "list", *options)]

    assert numbers() == ["#8", "#7"]
    assert numbers("--oldest-first") == ["#7", "#8"]
    assert numbers("--country", "GB", "--payment", "Card") == ["#8"]
    assert numbers("--held-for", "unmapped_sku", "--search", "product:wool") == ["#8"]
    assert numbers("--total-from", "10") == ["#8"]
    assert numbers("--before", "2026-11-22T12:01") == ["#7"]
    assert numbers("--limit", "1") == ["#8"]
    assert "write an amount" in run("orders", "list", "--total-to", "much", expect=2)
