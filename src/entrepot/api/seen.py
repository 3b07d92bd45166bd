"""A program that says which state it read (`If-Match`) changes nothing that is no longer so."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db.models import Model
from django.http import HttpResponse

from entrepot.accounts.services.holding import holding
from entrepot.api.door import CalledRequest
from entrepot.kernel.errors import Refused


class NotAsRead(Refused):
    """`If-Match` names a state that is over."""

    code = "not_as_read"
    message = (
        "This has changed since your program read it, so nothing was changed now. Read it again, then send what you "
        "want with its new ETag."
    )


def tag_of(facts: object) -> str:
    """The ETag of a resource's facts: another one as soon as any of them changes."""
    text = json.dumps(facts, sort_keys=True, default=str)
    return f'"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'


def with_tag(response: HttpResponse, facts: object) -> None:
    """Say the ETag of what is answered."""
    response["ETag"] = tag_of(facts)


@contextmanager
def as_read(
    request: CalledRequest,
    row: type[Model],
    *,
    pk: int | None,
    facts: Callable[[], object],
    also: AbstractContextManager[None] | None = None,
) -> Iterator[None]:
    """Hold the row (without `pk` all rows of the seller), and go on only where it is as the program read it.

    `also`: holds, after it, the rows of other tables that `facts` are made of.

    Raises:
        NotAsRead: `If-Match` is given, and none of its tags is that of `facts` now.
    """
    wanted = [tag.strip().removeprefix("W/") for tag in request.headers.get("If-Match", "").split(",") if tag.strip()]
    with holding(row, seller_id=request.auth.seller_id, pk=pk), also or nullcontext():
        if wanted and "*" not in wanted and tag_of(facts()) not in wanted:
            raise NotAsRead
        yield
