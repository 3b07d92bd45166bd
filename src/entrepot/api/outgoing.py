"""Addresses of other systems that are told what happens, and the messages they were sent."""

from datetime import datetime
from typing import Any

from ninja import Field, Router, Schema

from entrepot.api.door import CalledRequest, needs
from entrepot.api.words import REFUSALS, Listed
from entrepot.kernel.page import Page
from entrepot.outgoing import queries
from entrepot.outgoing.models import Attempt, Endpoint, Notice
from entrepot.outgoing.notices import shown
from entrepot.outgoing.services import endpoints as verbs
from entrepot.outgoing.services.deliver import send_again

router = Router()


class EndpointOut(Schema):
    """An address. `warehouse_id`: the system that works there; else `kinds` is what it has asked for."""

    id: int
    name: str
    url: str
    warehouse_id: int | None
    kinds: list[str]
    label: str
    state: str
    waiting: int
    failures: int
    failing_since: datetime | None
    rests_until: datetime | None
    last_taken_at: datetime | None
    previous_secret_until: datetime | None = Field(None, alias="previous_until")


class EndpointIn(Schema):
    """`warehouse_id` or `kinds`. `label`: link, pdf or zpl, for a warehouse."""

    name: str = Field(max_length=80)
    url: str = Field(max_length=500)
    kinds: list[str] = Field(default_factory=list, max_length=40)
    warehouse_id: int | None = None
    label: str = "link"


class EndpointChange(Schema):
    """What is given is changed."""

    name: str | None = Field(None, max_length=80)
    url: str | None = Field(None, max_length=500)
    kinds: list[str] | None = Field(None, max_length=40)
    label: str | None = None


class SecretOut(Schema):
    """The signing secret, which is told this once."""

    id: int
    secret: str


class AttemptOut(Schema):
    at: datetime
    milliseconds: int
    status: int | None
    error_code: str
    answer: str


class NoticeOut(Schema):
    """A message. Its `uid` is the header `webhook-id`, the same at every try."""

    id: int
    uid: str
    kind: str
    made_at: datetime
    taken_at: datetime | None
    attempts: int
    next_try_at: datetime | None
    error_code: str


class NoticeDetailOut(NoticeOut):
    """With its body, personal data masked, and the last tries."""

    body: str
    tries: list[AttemptOut]

    @staticmethod
    def resolve_body(notice: Notice) -> str:
        """What was sent, without telling who the buyer is."""
        return shown(notice)

    @staticmethod
    def resolve_tries(notice: Notice) -> list[Attempt]:
        """The newest first."""
        return list(queries.attempts(seller_id=notice.seller_id, notice_id=notice.pk))


@router.get("", response={200: list[EndpointOut], **REFUSALS})
@needs("settings.edit")
def list_endpoints(request: CalledRequest) -> list[Any]:
    """The addresses other systems are told at."""
    return list(queries.endpoints(seller_id=request.auth.seller_id))


@router.post("", response={200: SecretOut, **REFUSALS})
@needs("settings.edit")
def add_endpoint(request: CalledRequest, facts: EndpointIn) -> SecretOut:
    """Tell an address what happens from now on. The answer's secret is shown this once."""
    caller = request.auth
    made = verbs.add_endpoint(seller_id=caller.seller_id, actor=caller.actor, **facts.dict())
    return SecretOut(id=made.endpoint.pk, secret=made.secret)


@router.get("/{int:endpoint_id}", response={200: EndpointOut, **REFUSALS})
@needs("settings.edit")
def one_endpoint(request: CalledRequest, endpoint_id: int) -> Endpoint:
    """One address, and how it does."""
    return queries.endpoint(seller_id=request.auth.seller_id, endpoint_id=endpoint_id)


@router.put("/{int:endpoint_id}", response={200: EndpointOut, **REFUSALS})
@needs("settings.edit")
def change_endpoint(request: CalledRequest, endpoint_id: int, facts: EndpointChange) -> Endpoint:
    """Change what is given; what waits is sent to the new address."""
    caller = request.auth
    words = facts.dict(exclude_none=True)
    verbs.change_endpoint(seller_id=caller.seller_id, endpoint_id=endpoint_id, actor=caller.actor, **words)
    return queries.endpoint(seller_id=caller.seller_id, endpoint_id=endpoint_id)


@router.post("/{int:endpoint_id}/secret", response={200: SecretOut, **REFUSALS})
@needs("settings.edit")
def new_secret(request: CalledRequest, endpoint_id: int) -> SecretOut:
    """Make the secret anew. For 24 hours messages are signed with both."""
    caller = request.auth
    made = verbs.new_secret(seller_id=caller.seller_id, endpoint_id=endpoint_id, actor=caller.actor)
    return SecretOut(id=made.endpoint.pk, secret=made.secret)


@router.post("/{int:endpoint_id}/pause", response={200: EndpointOut, **REFUSALS})
@needs("settings.edit")
def pause(request: CalledRequest, endpoint_id: int) -> Endpoint:
    """Send nothing until it is resumed."""
    caller = request.auth
    verbs.pause_endpoint(seller_id=caller.seller_id, endpoint_id=endpoint_id, actor=caller.actor)
    return queries.endpoint(seller_id=caller.seller_id, endpoint_id=endpoint_id)


@router.post("/{int:endpoint_id}/resume", response={200: EndpointOut, **REFUSALS})
@needs("settings.edit")
def resume(request: CalledRequest, endpoint_id: int) -> Endpoint:
    """Send again; also tries at once what waits."""
    caller = request.auth
    verbs.resume_endpoint(seller_id=caller.seller_id, endpoint_id=endpoint_id, actor=caller.actor)
    return queries.endpoint(seller_id=caller.seller_id, endpoint_id=endpoint_id)


@router.post("/{int:endpoint_id}/ping", response={200: NoticeOut, **REFUSALS})
@needs("settings.edit")
def ping(request: CalledRequest, endpoint_id: int) -> Notice:
    """Send a message that says nothing, to see that it is taken."""
    caller = request.auth
    return verbs.ping(seller_id=caller.seller_id, endpoint_id=endpoint_id, actor=caller.actor)


@router.post("/{int:endpoint_id}/delete", response={200: dict[str, bool], **REFUSALS})
@needs("settings.edit")
def delete(request: CalledRequest, endpoint_id: int) -> dict[str, bool]:
    """Forget the address, its secret and its messages."""
    caller = request.auth
    verbs.delete_endpoint(seller_id=caller.seller_id, endpoint_id=endpoint_id, actor=caller.actor)
    return {"deleted": True}


@router.get("/{int:endpoint_id}/messages", response={200: Listed[NoticeOut], **REFUSALS})
@needs("settings.edit")
def list_messages(request: CalledRequest, endpoint_id: int, *, waiting: bool = False, after: str = "") -> Page[Notice]:
    """Messages to this address, the newest first; `waiting`: only those that were not taken yet."""
    seller_id = request.auth.seller_id
    queries.endpoint(seller_id=seller_id, endpoint_id=endpoint_id)
    return queries.notices(seller_id=seller_id, endpoint_id=endpoint_id, waiting=waiting, after=after)


@router.get("/messages/{int:notice_id}", response={200: NoticeDetailOut, **REFUSALS})
@needs("settings.edit")
def one_message(request: CalledRequest, notice_id: int) -> Notice:
    """One message with its body and its tries; personal data is masked."""
    return queries.notice(seller_id=request.auth.seller_id, notice_id=notice_id)


@router.post("/messages/{int:notice_id}/again", response={200: NoticeOut, **REFUSALS})
@needs("settings.edit")
def again(request: CalledRequest, notice_id: int) -> Notice:
    """Send a message that was taken once more, the same under the same id."""
    caller = request.auth
    return send_again(seller_id=caller.seller_id, notice_id=notice_id, actor=caller.actor)
