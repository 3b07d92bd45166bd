"""Of many who open one link at the same moment, one gets in. The twin shows that the test can see the race."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone

from entrepot.accounts import services
from entrepot.accounts.errors import LinkNotValid
from entrepot.accounts.models import Seller, SignInLink, User
from entrepot.accounts.services.tokens import token_hash
from entrepot.kernel.actor import Actor

CALLERS = 8
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def at_once(deed: Callable[[int], None]) -> list[type[Exception] | None]:
    """Run `deed` in eight threads from one starting line; what each of them ended with."""
    line = threading.Barrier(CALLERS)
    ends: list[type[Exception] | None] = [None] * CALLERS

    def run(number: int) -> None:
        connection.ensure_connection()
        line.wait()
        try:
            deed(number)
        except Exception as refusal:  # noqa: BLE001 - the end is what we ask for
            ends[number] = type(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


@pytest.mark.django_db(transaction=True)
def test_of_eight_people_with_the_same_owner_link_one_becomes_the_owner() -> None:
    token = services.first_owner_link()
    assert token is not None

    def accept(number: int) -> None:
        services.accept_link(
            token=token,
            actor=Actor("user", "stranger"),
            email=f"p{number}@socks.example",
            password="Kk-9!longenough",
            seller_name="Seoul Socks",
        )

    ends = at_once(accept)
    assert sorted(ends, key=str) == sorted([None] + [LinkNotValid] * (CALLERS - 1), key=str)
    assert (User.objects.count(), Seller.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_twin_reading_first_and_writing_after_lets_several_in() -> None:
    token = services.first_owner_link()
    assert token is not None
    met = threading.Barrier(CALLERS)

    def accept_carelessly(number: int) -> None:
        with transaction.atomic():
            link = SignInLink.objects.get(token_hash=token_hash(token), used_at=None)
            met.wait()
            link.used_at = timezone.now()
            link.save(update_fields=["used_at"])
            User.objects.create_user(f"p{number}@socks.example")

    at_once(accept_carelessly)
    assert User.objects.count() == CALLERS


@pytest.mark.django_db(transaction=True)
def test_eight_processes_starting_for_the_first_time_leave_one_working_link() -> None:
    tokens: list[str | None] = [None] * CALLERS

    def begin(number: int) -> None:
        tokens[number] = services.first_owner_link(now=NOW)

    assert at_once(begin) == [None] * CALLERS
    assert SignInLink.objects.count() == 1
    alive = [token for token in tokens if token and SignInLink.objects.filter(token_hash=token_hash(token)).exists()]
    assert len(alive) == 1
