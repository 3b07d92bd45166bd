"""A host that is not there, not safe, slow or torn: each failure by its own name."""

import contextlib
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import httpx2
import pytest

from entrepot.connectors import http
from entrepot.connectors.contract import Surroundings
from entrepot.connectors.http import HttpClient, HttpRequest
from entrepot.connectors.opencart.client import OpenCartClient
from tests.connectors.opencart.scripted import SECRET, Reply, good, refused


def ask(address, **changes):
    given = {"timeout_seconds": 1.0} | changes
    client = OpenCartClient(address, SECRET, Surroundings(**given))
    with contextlib.closing(client):
        client.get("info")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_a_port_where_nobody_listens_is_a_shop_that_is_down():
    port = free_port()
    assert refused(lambda: ask(f"http://127.0.0.1:{port}"), http.HostNotAnswering) == (
        f"Nothing answers at 127.0.0.1:{port}. Entrepot goes on trying by itself. If this "
        "lasts, check that the shop is "
        "switched on and that the address is right."
    )


def test_a_host_that_does_not_exist_is_a_typing_mistake(monkeypatch):
    def no_such_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    assert refused(lambda: ask("https://shop.exmaple.invalid"), http.HostUnknown) == (
        "There is no computer with the name shop.exmaple.invalid. Check the address for a typing mistake."
    )


def test_a_name_service_that_is_away_says_nothing_about_the_shop(monkeypatch):
    def away(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", away)
    assert refused(lambda: ask("https://shop.example.com"), http.NameLookupDown) == (
        "The name shop.example.com cannot be looked up now. Entrepot goes on trying by "
        "itself. If this lasts, check the "
        "internet connection and name server of the computer Entrepot runs on."
    )


def test_a_shop_that_is_too_slow_is_asked_once_and_named(shop):
    shop.answers(Reply(after=1.0, body=good([]).body))
    assert refused(lambda: shop.client(timeout_seconds=0.3).get("info"), http.HostTooSlow) == (
        f"{shop.host} did not answer within 0.3 seconds. Entrepot goes on trying by "
        "itself. If this lasts, ask the shop's "
        "host why it is slow, or choose a smaller page size in the store's settings."
    )
    assert len(shop.asked) == 1


def test_a_shop_that_drips_its_answer_does_not_hold_us_for_ever(shop):
    shop.answers(Reply(body=good([]).body, drip=0.05))
    refused(lambda: shop.client(timeout_seconds=0.2).get("info"), http.HostTooSlow)


@pytest.mark.parametrize("torn", [Reply(silent=True), Reply(body=b'{"data"', cut=True)])
def test_a_connection_that_is_cut_is_tried_again(shop, torn):
    shop.answers(torn, torn, good([]))
    assert bytes(shop.client().get("info").data) == b"[]"
    assert len(shop.asked) == 3


def test_a_connection_that_is_always_cut_is_told(shop):
    shop.answers(Reply(silent=True))
    assert refused(lambda: shop.client().get("info"), http.ConnectionCut) == (
        f"The connection to {shop.host} was cut before the answer was complete. Entrepot goes on trying by itself. If "
        "this lasts, ask the shop's host whether a firewall or a memory limit ends requests."
    )
    assert [call.status for call in shop.journal.calls] == [None, None, None]
    assert all(isinstance(call.error, http.ConnectionCut) for call in shop.journal.calls)


def test_a_write_over_a_cut_connection_is_not_repeated(shop):
    shop.answers(Reply(silent=True))
    refused(lambda: shop.client().post("stock", {"items": []}), http.ConnectionCut)
    assert len(shop.asked) == 1


def test_a_giant_answer_is_stopped_in_the_middle(shop):
    shop.answers(Reply(body=b"[" + b"0," * (2 * 1024 * 1024)))
    surroundings = shop.surroundings()
    with contextlib.closing(HttpClient(surroundings, max_answer_bytes=1024 * 1024)) as client:
        request = HttpRequest(method="GET", url=shop.address + "?route=x&resource=y")
        sentence = refused(
            lambda: client.exchange(lambda: request, lambda answer: answer, repeatable=True), http.AnswerTooLarge
        )
    assert sentence == (
        f"{shop.host} sent more than 1 MB in one answer, so Entrepot stopped reading. "
        "Choose a smaller page size in the "
        "store's settings, or check that the address is that of the shop."
    )
    assert len(shop.asked) == 1


def test_a_shop_without_https_is_told_to_write_http(shop):
    address = f"https://{shop.host}"
    assert refused(lambda: ask(address), http.NoSecureConnection) == (
        f"{shop.host} does not offer a secure connection (https). If the shop has no "
        "certificate, write the address with "
        "http:// in front; else ask the shop's host to repair https."
    )


def test_a_certificate_nobody_vouches_for_is_named(tmp_path: Path):
    certificate, key = tmp_path / "shop.pem", tmp_path / "shop.key"
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout {key} -out {certificate}".split(),
        check=True,
        capture_output=True,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as server:
        greeter = threading.Thread(target=greet, args=(server, context))
        greeter.start()
        port = server.getsockname()[1]
        sentence = refused(lambda: ask(f"https://127.0.0.1:{port}"), http.CertificateRefused)
        greeter.join()
    assert sentence == (
        f"The security certificate of 127.0.0.1:{port} cannot be trusted: self-signed certificate. Renew or repair the "
        "certificate at the shop's host, or use the name the certificate was made for."
    )


def greet(server: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = server.accept()
    with connection, contextlib.suppress(ssl.SSLError, OSError):
        context.wrap_socket(connection, server_side=True).close()


def test_only_errors_of_the_channel_leave_the_client():
    strange = httpx2.ReadError("odd")
    assert type(http._classified(strange, host="h", seconds=1.0)) is http.ConnectionCut
    assert type(http._classified(ssl.SSLEOFError(8, "eof"), host="h", seconds=1.0)) is http.ConnectionCut
    assert type(http._classified(httpx2.ConnectTimeout("t"), host="h", seconds=1.0)) is http.HostNotAnswering
    assert type(http._classified(httpx2.PoolTimeout("t"), host="h", seconds=1.0)) is http.HostTooSlow
