"""Live updates: a small ASGI application beside the pages. It says that something moved; the page then asks again."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections, connection
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from entrepot.accounts.sessions import current_membership
from entrepot.project.books import connect_for_listening
from entrepot.project.environment import origin
from entrepot.project.live_hub import Client, Hub, Visitor, listen

BEAT_SECONDS = 20.0
LOOK_AGAIN_AFTER_BEATS = 3
MOST_PAGES = 2_000


def visitor_of(session_key: str | None) -> Visitor | None:
    """Whom a session cookie belongs to, and for which seller the session works; None for a stranger."""
    if not session_key:
        return None
    request = HttpRequest()
    request.session = SessionStore(session_key)
    request.user = get_user(request)
    membership = current_membership(request)
    return Visitor(membership.seller_id, tuple(membership.store_ids)) if membership else None


def allowed_origin(given: str | None, host: str) -> bool:
    """Whether a page of `given` may listen here: ours, one of the trusted ones, or the same host on another port."""
    if given is None:
        return True
    ours = {origin(settings.PUBLIC_URL), *settings.CSRF_TRUSTED_ORIGINS}
    return given in ours or urlsplit(given).hostname == split_domain_port(host)[0].strip("[]")


async def stream(hub: Hub, client: Client, session_key: str | None) -> AsyncIterator[str]:
    """The lines of one page's stream: a topic as it moves, a beat when it is quiet, an end when the session ends."""
    beats = 0
    try:
        yield "retry: 2000\n\n: hello\n\n"
        while not hub.closing:
            topics = await client.take(BEAT_SECONDS)
            for topic in topics:
                yield f"data: {json.dumps({'topic': topic})}\n\n"
            if topics:
                continue
            beats += 1
            if beats % LOOK_AGAIN_AFTER_BEATS == 0 and await _visitor(session_key) != client.visitor:
                return
            yield ": beat\n\n"
    finally:
        hub.leave(client)


def _moment(told: str) -> float | None:
    """Milliseconds since 1970 as a page says them, in seconds; None for anything else."""
    return int(told) / 1000 if told.isascii() and told.isdigit() and len(told) < 16 else None


def _ask(session_key: str | None) -> Visitor | None:
    """`visitor_of` over a connection that is fresh enough, in the one thread that asks."""
    close_old_connections()
    return visitor_of(session_key)


_visitor = sync_to_async(_ask, thread_sensitive=True)


def application(hub: Hub) -> Starlette:
    """The ASGI application around a hub."""

    async def updates(request: Request) -> Response:
        host, given = request.headers.get("host", ""), request.headers.get("origin")
        if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS) or not allowed_origin(given, host):
            return PlainTextResponse("not from here", HTTPStatus.FORBIDDEN)
        session_key = request.cookies.get(settings.SESSION_COOKIE_NAME)
        visitor = await _visitor(session_key)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Vary": "Origin, Cookie"}
        if given:
            headers |= {"Access-Control-Allow-Origin": given, "Access-Control-Allow-Credentials": "true"}
        if visitor is None:
            return PlainTextResponse("sign in first", HTTPStatus.UNAUTHORIZED, headers)
        if hub.size >= MOST_PAGES:
            return PlainTextResponse("too many pages", HTTPStatus.SERVICE_UNAVAILABLE, headers | {"Retry-After": "30"})
        lines = stream(hub, hub.join(visitor, since=_moment(request.query_params.get("since", ""))), session_key)
        return StreamingResponse(lines, media_type="text/event-stream", headers=headers)

    async def health(_request: Request) -> Response:
        return PlainTextResponse("ok")

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        listening = asyncio.create_task(listen(hub, connect_for_listening))
        yield
        listening.cancel()
        await sync_to_async(lambda: connection.close(), thread_sensitive=True)()  # noqa: PLW0108 - that thread's own

    return Starlette(routes=[Route("/live", updates), Route("/healthz", health)], lifespan=lifespan)


class _Server(uvicorn.Server):
    """Lets the streams end by themselves when it is told to stop."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self.hub = hub

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.hub.close()
        super().handle_exit(sig, frame)


def serve(host: str, port: int) -> None:
    """Serve until told to stop."""
    hub = Hub()
    options: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False}
    config = uvicorn.Config(application(hub), host=host, port=port, timeout_graceful_shutdown=3, **options)
    _Server(config, hub).run()
