"""Every answer that is no success, over real HTTP: its class and its sentence."""

import json

import pytest

from entrepot.connectors.opencart import errors
from entrepot.kernel.errors import ChannelDown, ChannelError, ChannelMisconfigured, ChannelRejected, ChannelThrottled
from tests.connectors.opencart.scripted import CLOCK, JSON, META, NOW, Reply, good, page, refusal, refused

THEME_404 = "<!DOCTYPE html><html><head><title>The page you requested cannot be found!</title></head></html>"
BRIDGE_SAYS = [
    (
        refusal(400, "bad_request", "limit is no number", field="limit"),
        errors.NotUnderstood,
        (
            "The extension at {address} did not understand “limit”. It said: “limit is no number.” "
            "Install the extension that belongs "
            "to this Entrepot."
        ),
    ),
    (
        refusal(401, "unsigned"),
        errors.SignatureLost,
        (
            "The headers X-Oms-Timestamp, X-Oms-Nonce and X-Oms-Signature do not reach the shop at {address}. Ask its "
            "host to let them pass the proxy or firewall."
        ),
    ),
    (
        refusal(401, "bad_signature"),
        errors.WrongSecret,
        (
            "The shop at {address} does not accept the Secret Key. Copy it again from the shop's admin (Extensions › "
            "Extensions › Entrepot bridge) and save it here."
        ),
    ),
    (
        refusal(401, "bad_signature", target="/index.php?resource=info&utm=1"),
        errors.AddressRewritten,
        (
            "Entrepot asked for /index.php?route=extension/oms_bridge/api&resource=info, but the shop saw "
            "/index.php?resource=info&utm=1. A rewrite rule or proxy in front of {address} changes requests: let "
            "addresses with route=extension/oms_bridge/api pass unchanged."
        ),
    ),
    (
        refusal(401, "clock_skew", shop_time=int(NOW) + 1234),
        errors.ClockSkew,
        (
            "The clocks are 1234 seconds apart and at most 300 are allowed: the shop's shows 2026-11-22 02:50:34, "
            "Entrepot's 2026-11-22 02:30:00 (UTC). Set the clock that is wrong, usually that of the shop's server, to "
            "network time (NTP)."
        ),
    ),
    (
        refusal(401, "replayed"),
        errors.Replayed,
        (
            "The shop at {address} had received this request already: a proxy repeats requests. Entrepot sends it anew "
            "by itself."
        ),
    ),
    (
        refusal(403, "disabled"),
        errors.BridgeDisabled,
        (
            "The Entrepot extension at {address} is installed but switched off. Enable it in "
            "the shop's admin: Extensions "
            "› Extensions › Entrepot bridge."
        ),
    ),
    (
        refusal(404, "unknown_resource"),
        errors.BridgeOutdated,
        (
            "The extension at {address} does not know “info”. Download the present one from "
            "the connect page and install "
            "it in the shop."
        ),
    ),
    (
        refusal(404, "not_found", order_id=12),
        errors.GoneFromShop,
        "The shop no longer has order 12. It was deleted there: unlink it here, or sync the store.",
    ),
    (
        refusal(405, "method_not_allowed"),
        errors.MethodLost,
        (
            "The shop at {address} does not receive POST requests as they are sent. Enter "
            "the final address of the shop "
            "(https, with or without www) as Domain URL, or ask its host to allow POST."
        ),
    ),
    (
        refusal(409, "conflict", "The order is in status 5."),
        errors.Conflict,
        (
            "The shop did not do this, because its state has changed. It said: “The order is in status 5.” "
            "Sync the order and try again."
        ),
    ),
    (
        refusal(413, "too_large"),
        errors.TooLarge,
        (
            "This is more than the shop at {address} accepts at once. Send less at once, or raise "
            "post_max_size and client_max_body_size at the shop's host."
        ),
    ),
    (
        refusal(422, "invalid", field="quantity", reason="below zero"),
        errors.RefusedByShop,
        "The shop refused “quantity”. It said: “No.” Correct it and try again.",
    ),
    (
        refusal(500, "internal", reference="a1b2c3"),
        errors.ShopFailed,
        (
            "The shop at {address} met an error. Entrepot goes on trying by itself. If this lasts, look in the shop's "
            "error log (System › Maintenance › Error Logs) for a1b2c3."
        ),
    ),
    (
        refusal(503, "maintenance"),
        errors.Maintenance,
        (
            "The shop at {address} is in maintenance mode or overloaded. Entrepot goes on by itself when it is back; "
            "nothing is lost meanwhile."
        ),
    ),
]
HOSTS_SAY = [
    # case 15: a wrong route, or an extension that is not enabled, is the theme's own 404 page
    (page(404, THEME_404), errors.NoBridge),
    (page(200, "<!DOCTYPE html><html><body>Welcome to my shop</body></html>"), errors.NoBridge),
    (page(401, "<h1>Authorization Required</h1>"), errors.HostRefuses),
    (page(403, "<title>Just a moment...</title>"), errors.HostRefuses),
    (page(405, "<h1>Not Allowed</h1>"), errors.MethodLost),
    (page(413, "<h1>Request Entity Too Large</h1>"), errors.TooLarge),
    (page(500, "<h1>Internal Server Error</h1>"), errors.HostFailed),
    (page(502, "<h1>Bad Gateway</h1>"), errors.HostFailed),
    # case 13: maintenance mode is a 503 page, and neither a wrong key nor a lost shop
    (page(503, "<h1>We are currently performing some scheduled maintenance.</h1>"), errors.Maintenance),
]


@pytest.mark.parametrize(("reply", "kind", "sentence"), BRIDGE_SAYS, ids=lambda value: getattr(value, "code", ""))
def test_each_refusal_of_the_bridge_is_told_with_its_remedy(shop, reply, kind, sentence):
    shop.answers(reply)
    assert refused(lambda: shop.client().get("info"), kind) == sentence.format(address=shop.address)


@pytest.mark.parametrize(("reply", "kind"), HOSTS_SAY, ids=lambda value: getattr(value, "code", ""))
def test_pages_of_hosts_and_themes_are_told_apart(shop, reply, kind):
    shop.answers(reply)
    refused(lambda: shop.client().get("info"), kind)


# case 15
def test_a_web_page_instead_of_the_extension_says_to_install_and_enable_it(shop):
    shop.answers(page(404, THEME_404))
    assert refused(lambda: shop.client().get("info"), errors.NoBridge) == (
        f"{shop.address} answers with a web page instead of the Entrepot extension. "
        "Install and enable the extension in "
        "the shop's admin (Extensions › Installer, then Extensions › Extensions), and check that the Domain URL is the "
        "address of the shop's front page."
    )


def test_the_class_decides_what_happens_next():
    assert issubclass(errors.WrongSecret, ChannelMisconfigured)
    assert issubclass(errors.Maintenance, ChannelDown)
    assert issubclass(errors.Throttled, ChannelThrottled)
    assert issubclass(errors.GoneFromShop, ChannelRejected)


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [("7", 7), ("Sun, 22 Nov 2026 02:30:09 GMT", 9), ("", 30), ("soon", 30), ("999999", 3600), ("0", 1)],
)
def test_a_shop_that_asks_for_patience_gets_it_from_everybody(shop, stated, seconds):
    asking = refusal(429, "rate_limited")
    shop.answers(Reply(status=429, body=asking.body, headers={"Retry-After": stated}))
    sentence = refused(lambda: shop.client().get("info"), errors.Throttled)
    assert sentence == f"The shop asks Entrepot to slow down. It goes on by itself in {seconds} seconds."
    assert shop.throttle.penalties == [seconds]
    assert len(shop.asked) == 1


# case 14
def test_json_behind_php_warnings_is_read_and_noted(shop):
    warning = b'<b>Warning</b>: Undefined array key ["x"] {a} in <b>/var/www/a.php</b> on line <b>9</b><br />\n'
    shop.answers(Reply(body=b"\xef\xbb\xbf" + warning + good({"a": 1}).body, content_type="text/html"))
    client = shop.client()
    assert bytes(client.get("info").data) == b'{"a": 1}'
    assert list(client.notes) == ["php_output"]


# case 14
def test_a_refusal_that_warnings_turned_into_200_is_still_a_refusal(shop):
    hidden = refusal(401, "bad_signature").body
    shop.answers(Reply(status=200, body=b"<b>Notice</b>: x<br />" + hidden, content_type="text/html"))
    refused(lambda: shop.client().get("info"), errors.WrongSecret)


def test_php_that_stops_is_told_with_its_words(shop):
    fatal = "<br />\n<b>Fatal error</b>:  Allowed memory size of 134217728 bytes exhausted in <b>/a.php</b> on line 3"
    for status in (200, 500):
        shop.answers(page(status, fatal))
        assert refused(lambda: shop.client().get("products"), errors.PhpError) == (
            f"PHP stopped in the shop at {shop.address}: Allowed memory size of 134217728 bytes exhausted in /a.php on "
            "line 3. Entrepot goes on trying by itself. If this lasts, show this to whoever looks after the shop."
        )


@pytest.mark.parametrize("body", [b"", b'{"data": [{"product_id": "3', good([1, 2]).body[:-1]])
def test_an_answer_that_stops_in_the_middle_is_asked_for_again(shop, body):
    shop.answers(Reply(body=body), Reply(body=body), good([]))
    assert bytes(shop.client().get("products").data) == b"[]"
    assert len(shop.asked) == 3


def test_an_answer_that_always_stops_in_the_middle_is_the_shop_being_down(shop):
    shop.answers(Reply(body=good([1]).body[:-5]))
    assert refused(lambda: shop.client().get("products"), errors.CutAnswer) == (
        f"The answer of {shop.address} stopped in the middle. Entrepot goes on trying by itself. If this lasts, choose "
        "a smaller page size in the store's settings, or ask the shop's host for more PHP memory."
    )
    assert len(shop.asked) == 3


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://shop.example.com/index.php?route=x", "https://shop.example.com/"),
        ("https://www.example.com/store/index.php", "https://www.example.com/store/"),
        ("/store/index.php?route=x", "{address}store/"),
    ],
)
def test_a_shop_that_moved_is_named_with_its_right_address(shop, location, target):
    shop.answers(Reply(status=301, headers={"Location": location}, content_type="text/html"))
    right = target.format(address=shop.address)
    assert refused(lambda: shop.client().get("info"), errors.Redirected) == (
        f"The shop sends visitors of {shop.address} on to {right}. Enter {right} as Domain URL."
    )


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "$.meta.protocol"),
        ({"success": True, "data": []}, "$.meta.protocol"),
        ({"meta": {"protocol": 1}}, "$.data"),
        ({"data": [], "meta": {"protocol": "one"}}, "$.meta.protocol"),
        ([], "$"),
    ],
)
def test_json_of_another_shape_names_the_path(shop, body, path):
    shop.answers(Reply(body=json.dumps(body).encode()))
    assert refused(lambda: shop.client().get("info"), errors.WrongShape) == (
        f"{shop.address} answered “info” in a form Entrepot does not know, at {path}. Check that the Domain URL is the "
        "OpenCart shop, and install the present extension from the connect page."
    )


def test_an_extension_of_another_generation_says_which(shop):
    shop.answers(Reply(body=json.dumps({"data": {}, "meta": META | {"protocol": 2}}).encode()))
    assert refused(lambda: shop.client().get("info"), errors.WrongProtocol) == (
        f"The extension at {shop.address} speaks protocol 2, this Entrepot speaks 1. Download the extension from the "
        "connect page and install it in the shop, or update Entrepot."
    )


def test_warnings_the_bridge_swallowed_are_noted(shop):
    shop.answers(good([], warnings=3, clock=CLOCK))
    client = shop.client()
    client.get("info")
    assert list(client.notes) == ["php_warnings"]


def test_a_refused_write_is_not_sent_again(shop):
    shop.answers(Reply(body=b'{"data": ', content_type=JSON))
    refused(lambda: shop.client().post("stock", {"items": []}), errors.CutAnswer)
    assert len(shop.asked) == 1


def test_no_error_tells_who_a_buyer_is(shop):
    torn = good([{"firstname": "Siobhan"}]).body[:-9]
    for reply in (Reply(body=torn), Reply(status=500, body=torn), Reply(status=404, body=b'{"firstname": "Siobhan"}')):
        shop.answers(reply)
        with pytest.raises(ChannelError) as caught:
            shop.client().get("orders")
        assert "Siobhan" not in f"{caught.value} {caught.value!r}"
