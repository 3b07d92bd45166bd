"""The page on which a person buys one and watches the number fall, and the command that serves it."""

import re
import subprocess
import sys
import urllib.parse

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def submit(caller, path, **fields):
    reply = caller.send("POST", path, urllib.parse.urlencode(fields).encode(), FORM)
    assert reply.status == 303
    return urllib.parse.unquote(reply.headers["location"].removeprefix("/?told="))


def test_a_person_buys_one_and_cancels_it(four_one):
    told = submit(four_one, "/buy", product_id=30, quantity=1, **{"option-226": 15})
    order_id = int(re.findall(r"\d+", told)[0])
    bought = (four_one.quantity(30), four_one.quantity(30, 39))
    canceled = submit(four_one, "/cancel", order_id=order_id)

    assert bought == (6, 1)
    assert canceled == f"Order {order_id} is canceled."
    assert (four_one.quantity(30), four_one.quantity(30, 39)) == (7, 2)


def test_a_person_buys_what_wants_every_kind_of_option(four_one):
    fields = {"option-218": 7, "option-223": 8, "option-217": 4}
    assert submit(four_one, "/buy", product_id=42, quantity=2, **fields).endswith("is placed.")


def test_the_shop_says_why_it_refuses(four_one):
    assert submit(four_one, "/buy", product_id=49, quantity=1) == "The shop refuses this: product 49 has 0."
    assert submit(four_one, "/buy", product_id="x") == "The shop does not understand this."


def test_the_page_shows_products_stock_and_orders_and_fetches_nothing_from_outside(four_one):
    page = four_one.send("GET", "/?told=%3Cb%3E").raw.decode()

    assert "Apple Cinema 30&quot;" in page
    assert "애플 시네마" in page
    assert "939 in stock" in page
    assert "O'Brien &amp; Søns" in page
    assert "&lt;b&gt;" in page
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page)


def test_a_picture_is_drawn(four_one):
    reply = four_one.send("GET", "/image/catalog/demo/htc_touch_hd_1.jpg?name=%3CHTC%3E%20Touch")
    assert (reply.status, reply.headers["content-type"]) == (200, "image/svg+xml")
    assert b"&lt;T" in reply.raw


def test_the_command_serves_and_goes_on_from_its_state(tmp_path):
    state = tmp_path / "shop.json"
    command = [sys.executable, "-m", "entrepot.connectors.opencart.simulator", "--port", "0", "--state", str(state)]
    sizes = []
    for arguments in (["--catalogue", "generated:7x2", "--line", "4.0"], ["--catalogue", "demo", "--line", "4.0"]):
        process = subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        process.terminate()
        assert process.wait(10) == 0
        process.stdout.close()
        sizes.append(state.stat().st_size)
    assert sizes[0] == sizes[1]
