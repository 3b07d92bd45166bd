from collections.abc import Callable

import pytest

from entrepot.accounts.models import Membership, Role, Seller, User
from entrepot.kernel.actor import Actor


@pytest.fixture
def seller(db: None) -> Seller:
    return Seller.objects.create(name="Seoul Socks")


@pytest.fixture
def member(seller: Seller) -> Callable[..., Membership]:
    def make(role: str, *, email: str = "", at: Seller | None = None) -> Membership:
        email = email or f"{role}@socks.example"
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, "correct horse battery")
        return Membership.objects.create(seller=at or seller, user=user, role=role)

    return make


@pytest.fixture
def owner(member: Callable[..., Membership]) -> Membership:
    return member(Role.OWNER)


def acting(membership: Membership) -> Actor:
    return Actor("user", membership.user.email, membership.user_id)
