"""The page on which the mall's operator allows or denies the app, and what a browser gets back from it."""

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING

from entrepot.connectors.cafe24.simulator.oauth import AuthorizeRefusal, OAuth

if TYPE_CHECKING:
    from entrepot.connectors.cafe24.simulator.mall import Mall

HTML = "text/html; charset=utf-8"
Page = tuple[int, str, bytes, dict[str, str]]
_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,"Noto Sans KR",sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}
ul{padding-left:1.2rem}form{display:flex;gap:.6rem;margin-top:1.5rem}
button{font:inherit;padding:.5rem 1.2rem;border-radius:.4rem;border:1px solid #8886;cursor:pointer}
button[value=allow]{background:#1c5fd1;color:#fff;border-color:#1c5fd1}
"""


def show(oauth: OAuth, asked: Mapping[str, str]) -> Page:
    """Answer GET authorize: the page, or at once what the operator is set to do."""
    try:
        scopes = oauth.check_authorize(asked)
    except AuthorizeRefusal as refusal:
        return _refuse(oauth, asked, refusal)
    decide = asked.get("_decide") or oauth.decide
    if decide in {"allow", "deny"}:
        return _go(oauth.decision(asked, allow=decide == "allow"))
    return 200, HTML, _page(oauth.mall, asked, scopes), {}


def decide(oauth: OAuth, asked: Mapping[str, str]) -> Page:
    """Answer the page's form."""
    try:
        oauth.check_authorize(asked)
    except AuthorizeRefusal as refusal:
        return _refuse(oauth, asked, refusal)
    return _go(oauth.decision(asked, allow=asked.get("decision") == "allow"))


def _refuse(oauth: OAuth, asked: Mapping[str, str], refusal: AuthorizeRefusal) -> Page:
    if refusal.error:
        return _go(oauth.refused(asked, refusal.error))
    said = f"<!DOCTYPE html><meta charset=utf-8><title>400</title><h1>invalid_request</h1><p>{refusal.why}</p>"
    return 400, HTML, said.encode(), {}


def _go(address: str) -> Page:
    return 302, HTML, b"", {"Location": address, "Cache-Control": "no-store"}


def _page(mall: "Mall", asked: Mapping[str, str], scopes: tuple[str, ...]) -> bytes:
    hidden = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(text)}">'
        for name, text in asked.items()
        if not name.startswith("_")
    )
    asks = "".join(f"<li>{html.escape(scope)}</li>" for scope in scopes)
    return (
        '<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><title>앱 권한 동의</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{html.escape(mall.name)}</h1>"
        f"<p>App <b>{html.escape(asked['client_id'])}</b> asks for access to <b>{html.escape(mall.mall_id)}</b>:</p>"
        f"<ul>{asks}</ul>"
        f'<form method="post" action="/api/v2/oauth/authorize">{hidden}'
        '<button name="decision" value="allow">동의함 · Allow</button>'
        '<button name="decision" value="deny">동의 안 함 · Deny</button></form></main></body></html>'
    ).encode()
