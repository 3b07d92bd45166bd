from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from entrepot.accounts import services
from entrepot.accounts.errors import AboveYourRole, AlreadyAMember, AlreadyOwned, LinkNotValid, SignInFirst
from entrepot.accounts.models import AuditEntry, Membership, Role, Seller, SignInLink, User
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid, NotFound
from tests.accounts.conftest import acting

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
STRANGER = Actor("user", "stranger")
GOOD = {"email": "Mina@Socks.example ", "name": "Mina", "password": "Kk-9!longenough", "seller_name": "Seoul Socks"}


def first_link() -> str:
    token = services.first_owner_link(now=NOW)
    assert token is not None
    return token


@pytest.mark.django_db
def test_the_first_owner_s_link_makes_a_person_a_seller_and_an_owner() -> None:
    accepted = services.accept_link(token=first_link(), actor=STRANGER, now=NOW, language="ko", **GOOD)
    assert accepted.user.email == "mina@socks.example"
    assert accepted.user.check_password("Kk-9!longenough")
    assert accepted.membership is not None
    assert (accepted.membership.role, accepted.membership.seller.name) == (Role.OWNER, "Seoul Socks")
    assert accepted.membership.seller.language == "ko"
    assert not accepted.user.is_superuser
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["users.join"]


@pytest.mark.django_db
def test_once_there_is_anybody_no_first_owner_link_is_made() -> None:
    services.accept_link(token=first_link(), actor=STRANGER, now=NOW, **GOOD)
    assert services.first_owner_link(now=NOW) is None


@pytest.mark.django_db
def test_a_new_first_owner_link_puts_the_older_one_out_of_use() -> None:
    older, newer = first_link(), first_link()
    with pytest.raises(LinkNotValid):
        services.accept_link(token=older, actor=STRANGER, now=NOW, **GOOD)
    assert services.accept_link(token=newer, actor=STRANGER, now=NOW, **GOOD).user.name == "Mina"


@pytest.mark.django_db
def test_only_the_hash_of_a_link_is_kept() -> None:
    token = first_link()
    row = SignInLink.objects.values().get()
    assert token not in str(row)


@pytest.mark.django_db
def test_a_link_works_until_its_last_moment_and_not_at_it() -> None:
    token = first_link()
    with pytest.raises(LinkNotValid):
        services.accept_link(token=token, actor=STRANGER, now=NOW + timedelta(hours=24), **GOOD)
    services.accept_link(token=token, actor=STRANGER, now=NOW + timedelta(hours=23, minutes=59), **GOOD)
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_used_link_is_refused_and_changes_nothing() -> None:
    token = first_link()
    services.accept_link(token=token, actor=STRANGER, now=NOW, **GOOD)
    with pytest.raises(LinkNotValid):
        services.accept_link(token=token, actor=STRANGER, now=NOW, **(GOOD | {"email": "b@socks.example"}))
    assert list(User.objects.values_list("email", flat=True)) == ["mina@socks.example"]
    assert Seller.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "password1234"}, "password"),
        ({"email": "no-address"}, "email"),
        ({"seller_name": " "}, "seller_name"),
    ],
)
def test_a_refused_form_leaves_the_link_unused(wrong: dict[str, str], field: str) -> None:
    token = first_link()
    with pytest.raises(Invalid) as refusal:
        services.accept_link(token=token, actor=STRANGER, now=NOW, **(GOOD | wrong))
    assert refusal.value.fields["field"] == field
    assert (User.objects.count(), Seller.objects.count()) == (0, 0)
    services.accept_link(token=token, actor=STRANGER, now=NOW, **GOOD)


@pytest.mark.django_db
def test_two_first_owner_links_from_a_race_still_make_one_owner() -> None:
    token = first_link()
    other = SignInLink.objects.get()
    SignInLink.objects.create(
        purpose="first_owner", role="owner", token_hash=services.tokens.token_hash("other"), expires_at=other.expires_at
    )
    services.accept_link(token=token, actor=STRANGER, now=NOW, **GOOD)
    with pytest.raises(AlreadyOwned):
        services.accept_link(token="other", actor=STRANGER, now=NOW, **(GOOD | {"email": "b@socks.example"}))
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_looking_at_a_link_does_not_use_it() -> None:
    token = first_link()
    facts = services.look_at_link(token=token, now=NOW)
    assert (facts.purpose, list(facts.asks)) == ("first_owner", ["email", "name", "password", "seller_name"])
    services.accept_link(token=token, actor=STRANGER, now=NOW, **GOOD)
    with pytest.raises(LinkNotValid):
        services.look_at_link(token=token, now=NOW)


def test_an_invited_stranger_joins_with_the_role_of_the_invitation(owner: Membership) -> None:
    token = services.invite(seller_id=owner.seller_id, email="Jun@x.example", role=Role.OPERATOR, actor=acting(owner))
    assert list(services.look_at_link(token=token).asks) == ["name", "password"]
    accepted = services.accept_link(token=token, actor=STRANGER, email="other@x.example", password="Kk-9!longenough")
    assert accepted.user.email == "jun@x.example"
    assert accepted.membership is not None
    assert (accepted.membership.seller_id, accepted.membership.role) == (owner.seller_id, "operator")


def test_an_invitation_cannot_take_over_an_account_that_exists(
    owner: Membership, member: Callable[..., Membership]
) -> None:
    elsewhere = member(Role.OWNER, email="jun@x.example", at=Seller.objects.create(name="Busan Bags"))
    token = services.invite(seller_id=owner.seller_id, email="jun@x.example", role="manager", actor=acting(owner))
    with pytest.raises(SignInFirst):
        services.accept_link(token=token, actor=STRANGER, password="attacker-chosen-1")
    elsewhere.user.refresh_from_db()
    assert elsewhere.user.check_password("correct horse battery")
    assert Membership.objects.filter(seller_id=owner.seller_id).count() == 1
    joined = services.accept_link(token=token, actor=acting(elsewhere)).membership
    assert joined is not None
    assert (joined.user_id, joined.seller_id, joined.role) == (elsewhere.user_id, owner.seller_id, "manager")


def test_a_manager_cannot_invite_an_owner(member: Callable[..., Membership]) -> None:
    manager = member(Role.MANAGER)
    with pytest.raises(AboveYourRole):
        services.invite(seller_id=manager.seller_id, email="x@x.example", role="owner", actor=acting(manager))
    assert not SignInLink.objects.exists()


def test_an_owner_of_one_seller_cannot_invite_to_another(owner: Membership) -> None:
    other = Seller.objects.create(name="Busan Bags")
    with pytest.raises(AboveYourRole):
        services.invite(seller_id=other.pk, email="x@x.example", role="read_only", actor=acting(owner))
    assert not SignInLink.objects.exists()


def test_a_member_is_not_invited_twice_and_a_second_invitation_replaces_the_first(owner: Membership) -> None:
    actor = acting(owner)
    with pytest.raises(AlreadyAMember):
        services.invite(seller_id=owner.seller_id, email=owner.user.email, role="picker", actor=actor)
    first, second = (
        services.invite(seller_id=owner.seller_id, email="x@x.example", role="picker", actor=actor) for _ in range(2)
    )
    with pytest.raises(LinkNotValid):
        services.look_at_link(token=first)
    assert services.look_at_link(token=second).role == "picker"


def test_a_withdrawn_invitation_is_dead_and_another_seller_s_cannot_be_withdrawn(owner: Membership) -> None:
    token = services.invite(seller_id=owner.seller_id, email="x@x.example", role="picker", actor=acting(owner))
    link = SignInLink.objects.get()
    other = Seller.objects.create(name="Busan Bags")
    with pytest.raises(NotFound):
        services.withdraw_invitation(seller_id=other.pk, link_id=link.pk, actor=acting(owner))
    assert services.look_at_link(token=token).role == "picker"
    services.withdraw_invitation(seller_id=owner.seller_id, link_id=link.pk, actor=acting(owner))
    with pytest.raises(LinkNotValid):
        services.look_at_link(token=token)


def test_a_sign_in_link_signs_in_once_and_never_a_person_switched_off(owner: Membership) -> None:
    cli = Actor("cli", "server")
    token = services.sign_in_link(email=" OWNER@socks.example", actor=cli)
    accepted = services.accept_link(token=token, actor=STRANGER)
    assert (accepted.user, accepted.membership) == (owner.user, None)
    with pytest.raises(LinkNotValid):
        services.accept_link(token=token, actor=STRANGER)
    later = services.sign_in_link(email="owner@socks.example", actor=cli)
    User.objects.filter(pk=owner.user_id).update(is_active=False)
    with pytest.raises(LinkNotValid):
        services.accept_link(token=later, actor=STRANGER)
    with pytest.raises(NotFound):
        services.sign_in_link(email="owner@socks.example", actor=cli)


@pytest.mark.django_db
def test_what_is_past_its_time_is_forgotten_and_nothing_else() -> None:
    first_link()
    kept = SessionStore()
    kept["who"] = "here"
    kept.set_expiry(3600)
    kept.save()
    ended = SessionStore()
    ended.set_expiry(60)
    ended.save()
    assert services.forget_expired(actor=Actor("system", "test"), now=timezone.now() + timedelta(minutes=30)) == 1
    assert SessionStore(kept.session_key).get("who") == "here"
    assert SignInLink.objects.count() == 1
    assert services.forget_expired(actor=Actor("system", "test"), now=NOW + timedelta(days=32)) == 2
    assert SignInLink.objects.count() == 0
