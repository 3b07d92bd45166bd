"""A program that calls the API for one seller, and the rows it may or may not see."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from entrepot.accounts.access import ACTIONS
from entrepot.accounts.services import make_api_key
from entrepot.kernel.actor import Actor
from tests.one_of_everything import World, make_world

SHELL = Actor("cli", "tests")


@dataclass
class Program:
    """A caller with a key."""

    client: Client
    secret: str

    def get(self, path: str, **query: Any):
        return self.client.get(f"/api/v1{path}", query, headers=self._headers())

    def post(self, path: str, body: Any = None, **headers: str):
        return self.client.post(
            f"/api/v1{path}", body or {}, content_type="application/json", headers=self._headers() | headers
        )

    def put(self, path: str, body: Any = None, **headers: str):
        return self.client.put(
            f"/api/v1{path}", body or {}, content_type="application/json", headers=self._headers() | headers
        )

    def delete(self, path: str, body: Any = None):  # noqa: ARG002 - asked like the others
        return self.client.delete(f"/api/v1{path}", headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.secret}"}


class CalledWorld(World):
    """A world whose seller has keys."""

    def program(self, *scopes: str) -> Program:
        made = make_api_key(
            seller_id=self.seller.pk, name="warehouse robot", scopes=scopes or list(ACTIONS), actor=SHELL
        )
        return Program(Client(), made.secret)


@pytest.fixture
def world(db: None) -> CalledWorld:
    return CalledWorld(**vars(make_world("Seoul Socks")))


@pytest.fixture
def other(db: None) -> CalledWorld:
    return CalledWorld(**vars(make_world("Busan Boots")))
