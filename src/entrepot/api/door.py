"""Who calls the API, and what their key allows. `Authorization: Bearer ent_…`; scopes are `accounts.access.ACTIONS`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest
from ninja.security import HttpBearer

from entrepot.accounts.errors import KeyNotValid
from entrepot.accounts.services import find_api_key
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Forbidden

Rest = ParamSpec("Rest")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Caller:
    """The program that calls: its seller, its scopes, and its name in the audit log."""

    seller_id: int
    scopes: frozenset[str]
    actor: Actor


class ApiKeyBearer(HttpBearer):
    """Reads the bearer token; an unknown or revoked one is 401."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:  # noqa: ARG002 - ninja's signature
        """The caller behind `token`, or None."""
        try:
            key = find_api_key(secret=token)
        except KeyNotValid:
            return None
        return Caller(key.seller_id, frozenset(key.scopes), Actor("api_key", key.name, key.created_by_id))


class CalledRequest(HttpRequest):
    """A request that came through the door."""

    auth: Caller


def needs(
    scope: str,
) -> Callable[[Callable[Concatenate[CalledRequest, Rest], Answer]], Callable[Concatenate[CalledRequest, Rest], Answer]]:
    """Let an endpoint be called only by keys with `scope`.

    Raises:
        Forbidden: The key does not have it; the answer names the scope.
    """

    def guard(
        endpoint: Callable[Concatenate[CalledRequest, Rest], Answer],
    ) -> Callable[Concatenate[CalledRequest, Rest], Answer]:
        @wraps(endpoint)
        def checked(request: CalledRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> Answer:
            if scope not in request.auth.scopes:
                raise ScopeMissing(scope=scope)
            return endpoint(request, *args, **kwargs)

        checked.needs_scope = scope  # type: ignore[attr-defined] # read by the tests and the documentation
        return checked

    return guard


class ScopeMissing(Forbidden):
    """The key is good, but was not made for this."""

    code = "scope_missing"
    message = "This API key does not have the scope “{scope}”. Make a key that has it on the API keys page."
