"""The answers that ordered faults give instead of, or in place of, the proper one."""

from collections.abc import Mapping

from entrepot.connectors.cafe24.simulator import versions
from entrepot.connectors.cafe24.simulator.answers import Refusal
from entrepot.connectors.cafe24.simulator.faults import Fault
from entrepot.connectors.cafe24.simulator.gate import Reply, refuse
from entrepot.connectors.cafe24.simulator.mall import Mall
from entrepot.connectors.cafe24.simulator.tokens import Tokens

HTML = "text/html; charset=utf-8"
GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
PAGE = b"<!DOCTYPE html><html><head><title>Notice</title></head><body><p>Please come back later.</p></body></html>"
QUOTA_USAGE = "102.50"


PLAIN = {
    "crash": Reply(500, HTML),
    "gateway": Reply(502, HTML, GATEWAY),
    "html": Reply(200, HTML, PAGE),
    "shape": Reply(200, content=b'{"result":[1,2,3]}'),
    "empty": Reply(200),
    "redirect": Reply(302, HTML, b"", {"Location": "http://127.0.0.1:9/elsewhere"}),
}
REFUSED = {
    "error": Refusal(500, "Internal Server Error"),
    "unavailable": Refusal(503, "Service Unavailable"),
    "throttle": Refusal(429, "Too Many Requests", headers={"X-Api-Call-Limit": "40/40"}),
    "unauthorized": Refusal(401, "Invalid access_token"),
    "expired": Refusal(401, "access_token time expired. (invalid_token)"),
    "scope": Refusal(403, "insufficient_scope: this token does not cover what was asked."),
}


def met(fault: Fault, mall: Mall, tokens: Tokens, headers: Mapping[str, str]) -> Reply:
    """What a request meets that does no work."""
    if fault.kind in PLAIN:
        return PLAIN[fault.kind]
    if fault.kind == "expired":
        _end(tokens, mall, headers)
    if fault.kind == "quota":
        remain = {"X-Cafe24-Call-Remain": str(round(fault.seconds)), "X-Cafe24-Time-Usage": "80.00"}
        return refuse(Refusal(429, "Too Many Requests", headers={"X-Cafe24-Call-Usage": QUOTA_USAGE, **remain}))
    if fault.kind == "ended_version":
        asked = headers.get(versions.HEADER, mall.settings.app_default_version)
        return refuse(Refusal(400, fault.text) if fault.text else versions.ended(mall.settings, asked))
    return refuse(REFUSED[fault.kind])


def late() -> Reply:
    """504 although the work was done."""
    return refuse(Refusal(504, "Gateway Timeout"))


def _end(tokens: Tokens, mall: Mall, headers: Mapping[str, str]) -> None:
    """The token that was used is really over."""
    with mall.lock:
        pair = tokens.by_access(headers.get("Authorization", "").partition(" ")[2].strip())
        if pair:
            pair.access_ends_at = min(pair.access_ends_at, mall.clock.now())
