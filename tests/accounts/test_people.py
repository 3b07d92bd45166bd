from collections.abc import Callable

import pytest

from entrepot.accounts import services
from entrepot.accounts.access import ACTIONS, ROLES, may
from entrepot.accounts.errors import (
    AboveYourRole,
    KeyNotValid,
    LastOwner,
    LimitedReach,
    LinkNotValid,
    ScopeNotYours,
    WrongPassword,
)
from entrepot.accounts.models import ApiKey, AuditEntry, Membership, Role, Seller, SignInLink
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid, NotFound
from tests.accounts.conftest import acting

TABLE = {
    "orders.view": "owner manager operator picker read_only",
    "orders.edit": "owner manager operator",
    "orders.place": "owner manager operator",
    "orders.release": "owner manager operator",
    "orders.pack": "owner manager operator picker",
    "orders.cancel": "owner manager operator",
    "orders.export": "owner manager operator",
    "catalog.view": "owner manager operator picker read_only",
    "catalog.edit": "owner manager operator",
    "stock.view": "owner manager operator picker read_only",
    "stock.count": "owner manager operator picker",
    "stock.adjust": "owner manager operator",
    "stock.approve": "owner manager",
    "stores.view": "owner manager operator read_only",
    "stores.sync": "owner manager operator",
    "stores.map": "owner manager operator",
    "stores.pause": "owner manager",
    "stores.connect": "owner manager",
    "problems.view": "owner manager operator read_only",
    "problems.retry": "owner manager operator",
    "journal.view": "owner manager operator",
    "audit.view": "owner manager",
    "users.view": "owner manager",
    "users.manage": "owner manager",
    "keys.manage": "owner manager",
    "settings.edit": "owner manager",
}


def test_the_table_of_roles_and_actions_is_exactly_this() -> None:
    assert {action: {role for role in ROLES if action in ROLES[role]} for action in ACTIONS} == {
        action: set(roles.split()) for action, roles in TABLE.items()
    }


def test_every_role_of_the_model_is_in_the_table() -> None:
    assert set(ROLES) == set(Role.values)


def test_nobody_may_nothing_and_an_unknown_action_is_a_bug() -> None:
    assert not any(may(None, action) for action in ACTIONS)
    with pytest.raises(KeyError):
        may(Membership(role=Role.OWNER), "orders.dance")


def test_a_scope_limits_a_role_to_its_stores_and_warehouses() -> None:
    scoped = Membership(role=Role.OPERATOR, store_ids=[3], warehouse_ids=[])
    assert may(scoped, "orders.view", store_id=3, warehouse_id=9)
    assert not may(scoped, "orders.view", store_id=4)
    assert may(scoped, "orders.view")
    assert not may(scoped, "stores.sync", store_id=4)


def test_the_last_owner_stays(owner: Membership) -> None:
    place = {"seller_id": owner.seller_id, "membership_id": owner.pk, "actor": acting(owner)}
    with pytest.raises(LastOwner):
        services.set_role(role="manager", **place)
    with pytest.raises(LastOwner):
        services.remove_member(**place)
    owner.refresh_from_db()
    assert owner.role == "owner"
    assert not AuditEntry.objects.exists()


def test_a_manager_neither_makes_nor_unmakes_an_owner(owner: Membership, member: Callable[..., Membership]) -> None:
    manager, picker = member(Role.MANAGER), member(Role.PICKER)
    with pytest.raises(AboveYourRole):
        services.set_role(seller_id=owner.seller_id, membership_id=picker.pk, role="owner", actor=acting(manager))
    with pytest.raises(AboveYourRole):
        services.set_role(seller_id=owner.seller_id, membership_id=owner.pk, role="picker", actor=acting(manager))
    with pytest.raises(AboveYourRole):
        services.remove_member(seller_id=owner.seller_id, membership_id=owner.pk, actor=acting(manager))
    roles = dict(Membership.objects.values_list("user__email", "role"))
    assert roles == {
        "owner@socks.example": "owner",
        "manager@socks.example": "manager",
        "picker@socks.example": "picker",
    }


def test_a_new_role_is_written_down_with_who_what_and_from_what(
    owner: Membership, member: Callable[..., Membership]
) -> None:
    picker = member(Role.PICKER)
    services.set_role(seller_id=owner.seller_id, membership_id=picker.pk, role="operator", actor=acting(owner))
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor_label, entry.object_id) == ("users.set_role", owner.user.email, str(picker.user_id))
    assert entry.facts == {"email": "picker@socks.example", "from": "picker", "to": "operator"}


def test_another_seller_s_member_cannot_be_touched(owner: Membership, member: Callable[..., Membership]) -> None:
    stranger = member(Role.PICKER, email="s@bags.example", at=Seller.objects.create(name="Busan Bags"))
    for deed in (
        lambda **place: services.set_role(role="read_only", **place),
        lambda **place: services.set_scope(store_ids=[1], warehouse_ids=[], **place),
        services.remove_member,
    ):
        with pytest.raises(NotFound):
            deed(seller_id=owner.seller_id, membership_id=stranger.pk, actor=acting(owner))
    stranger.refresh_from_db()
    assert (stranger.role, stranger.store_ids) == ("picker", [])


def test_a_password_is_changed_only_with_the_old_one_and_within_the_policy(owner: Membership) -> None:
    change = {"user_id": owner.user_id, "actor": acting(owner)}
    with pytest.raises(WrongPassword):
        services.change_password(old="wrong", new="Kk-9!longenough", **change)
    with pytest.raises(WrongPassword):
        services.change_password(old=None, new="Kk-9!longenough", **change)
    with pytest.raises(Invalid):
        services.change_password(old="correct horse battery", new="12345", **change)
    owner.user.refresh_from_db()
    assert owner.user.check_password("correct horse battery")
    services.change_password(old="correct horse battery", new="Kk-9!longenough", **change)
    owner.user.refresh_from_db()
    assert owner.user.check_password("Kk-9!longenough")


def test_a_profile_takes_a_real_time_zone_and_only_one_s_own(
    owner: Membership, member: Callable[..., Membership]
) -> None:
    own = {"user_id": owner.user_id, "name": "Mina", "language": "ko", "actor": acting(owner)}
    with pytest.raises(Invalid):
        services.set_profile(timezone="Asia/Atlantis", **own)
    assert services.set_profile(timezone="Asia/Seoul", **own).timezone == "Asia/Seoul"
    with pytest.raises(NotFound):
        services.set_profile(timezone="", **(own | {"user_id": member(Role.PICKER).user_id}))


def test_an_api_key_is_shown_once_kept_as_a_hash_and_found_by_its_secret(owner: Membership) -> None:
    made = services.make_api_key(
        seller_id=owner.seller_id, name="ERP", scopes=["orders.view", "stock.view"], actor=acting(owner)
    )
    assert made.secret.startswith("ent_")
    assert made.secret not in str(ApiKey.objects.values().get())
    assert made.secret.startswith(made.key.prefix)
    found = services.find_api_key(secret=made.secret)
    assert (found.pk, found.seller_id, found.scopes) == (made.key.pk, owner.seller_id, ["orders.view", "stock.view"])
    assert ApiKey.objects.get().last_used_at is not None


def test_a_revoked_key_and_a_wrong_one_are_refused_alike(owner: Membership) -> None:
    made = services.make_api_key(seller_id=owner.seller_id, name="ERP", scopes=["orders.view"], actor=acting(owner))
    services.revoke_api_key(seller_id=owner.seller_id, key_id=made.key.pk, actor=acting(owner))
    services.revoke_api_key(seller_id=owner.seller_id, key_id=made.key.pk, actor=acting(owner))
    for secret in (made.secret, "ent_nonsense", ""):
        with pytest.raises(KeyNotValid):
            services.find_api_key(secret=secret)
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == ["keys.make", "keys.revoke"]


def test_a_key_never_may_more_than_its_maker(member: Callable[..., Membership]) -> None:
    operator = member(Role.OPERATOR)
    make = {"seller_id": operator.seller_id, "name": "x", "actor": acting(operator)}
    with pytest.raises(ScopeNotYours, match=r"stores\.connect"):
        services.make_api_key(scopes=["orders.view", "stores.connect"], **make)
    for scopes in ([], ["orders.dance"]):
        with pytest.raises(Invalid):
            services.make_api_key(scopes=scopes, **make)
    assert not ApiKey.objects.exists()


def test_another_seller_s_key_cannot_be_revoked(owner: Membership) -> None:
    made = services.make_api_key(seller_id=owner.seller_id, name="ERP", scopes=["orders.view"], actor=acting(owner))
    with pytest.raises(NotFound):
        services.revoke_api_key(
            seller_id=Seller.objects.create(name="Busan Bags").pk, key_id=made.key.pk, actor=acting(owner)
        )
    assert services.find_api_key(secret=made.secret).pk == made.key.pk


@pytest.fixture
def manager_who_invited(owner: Membership, member: Callable[..., Membership]) -> tuple[Membership, dict[str, str]]:
    """A manager, and the tokens of what they and the owner offered."""
    manager = member(Role.MANAGER)
    seller_id, actor = owner.seller_id, acting(manager)
    return manager, {
        "friend": services.invite(seller_id=seller_id, email="friend@x.example", role=Role.MANAGER, actor=actor),
        "clerk": services.invite(seller_id=seller_id, email="clerk@x.example", role=Role.READ_ONLY, actor=actor),
        "other": services.invite(seller_id=seller_id, email="o@x.example", role=Role.MANAGER, actor=acting(owner)),
    }


def _joins(token: str) -> bool:
    try:
        services.accept_link(token=token, actor=Actor("user", "new"), name="New", password="correct horse battery")
    except LinkNotValid:
        return False
    return True


def test_whoever_is_removed_leaves_no_invitation_behind(
    owner: Membership, manager_who_invited: tuple[Membership, dict[str, str]]
) -> None:
    manager, tokens = manager_who_invited
    services.remove_member(seller_id=owner.seller_id, membership_id=manager.pk, actor=acting(owner))

    assert {who: _joins(token) for who, token in tokens.items()} == {"friend": False, "clerk": False, "other": True}
    withdrawn = AuditEntry.objects.filter(verb="users.withdraw_invitation").order_by("id")
    assert [entry.facts["email"] for entry in withdrawn] == ["friend@x.example", "clerk@x.example"]
    assert not SignInLink.objects.filter(invited_by_id=manager.user_id).exists()


@pytest.mark.parametrize("limited", [False, True])
def test_whoever_is_demoted_or_limited_leaves_no_invitation_they_could_not_give(
    owner: Membership, manager_who_invited: tuple[Membership, dict[str, str]], limited: bool
) -> None:
    manager, tokens = manager_who_invited
    facts = {"seller_id": owner.seller_id, "membership_id": manager.pk, "actor": acting(owner)}
    if limited:
        services.set_scope(**facts, store_ids=[3], warehouse_ids=[])
    else:
        services.set_role(**facts, role=Role.OPERATOR)

    assert {who: _joins(token) for who, token in tokens.items()} == {"friend": False, "clerk": False, "other": True}


def test_a_demoted_owner_who_is_a_manager_still_invites_managers_but_no_owners(
    owner: Membership, member: Callable[..., Membership]
) -> None:
    second = member(Role.OWNER, email="second@socks.example")
    high = services.invite(seller_id=owner.seller_id, email="a@x.example", role=Role.OWNER, actor=acting(second))
    low = services.invite(seller_id=owner.seller_id, email="b@x.example", role=Role.MANAGER, actor=acting(second))

    services.set_role(seller_id=owner.seller_id, membership_id=second.pk, role=Role.MANAGER, actor=acting(owner))

    assert (_joins(high), _joins(low)) == (False, True)


def test_an_invitation_sent_in_the_moment_of_ones_removal_opens_nothing(
    owner: Membership, manager_who_invited: tuple[Membership, dict[str, str]]
) -> None:
    manager, tokens = manager_who_invited
    Membership.objects.filter(pk=manager.pk).delete()  # as if the invitation had been committed after it

    assert not _joins(tokens["friend"])
    assert SignInLink.objects.filter(email="friend@x.example", used_at=None).exists()


def test_who_is_limited_to_some_stores_cannot_lift_the_limit_by_any_road(
    owner: Membership, member: Callable[..., Membership]
) -> None:
    seller_id, limited = owner.seller_id, member(Role.MANAGER)
    Membership.objects.filter(pk=limited.pk).update(store_ids=[3])
    actor = acting(limited)
    with pytest.raises(LimitedReach):
        services.set_scope(seller_id=seller_id, membership_id=limited.pk, store_ids=[], warehouse_ids=[], actor=actor)
    with pytest.raises(LimitedReach):
        services.invite(seller_id=seller_id, email="second@me.example", role=Role.MANAGER, actor=actor)
    with pytest.raises(LimitedReach):
        services.make_api_key(seller_id=seller_id, name="all of it", scopes=["orders.view"], actor=actor)
    limited.refresh_from_db()
    assert limited.store_ids == [3]
    assert (SignInLink.objects.count(), ApiKey.objects.count()) == (0, 0)


def test_a_key_ends_with_its_maker_s_place_and_shrinks_with_their_role(
    owner: Membership, member: Callable[..., Membership]
) -> None:
    seller_id, manager = owner.seller_id, member(Role.MANAGER)
    made = services.make_api_key(
        seller_id=seller_id, name="till", scopes=["orders.view", "stores.connect"], actor=acting(manager)
    )
    services.set_role(seller_id=seller_id, membership_id=manager.pk, role=Role.OPERATOR, actor=acting(owner))
    assert services.find_api_key(secret=made.secret).scopes == ["orders.view"]
    services.set_scope(
        seller_id=seller_id, membership_id=manager.pk, store_ids=[3], warehouse_ids=[], actor=acting(owner)
    )
    with pytest.raises(KeyNotValid):
        services.find_api_key(secret=made.secret)
    services.remove_member(seller_id=seller_id, membership_id=manager.pk, actor=acting(owner))
    with pytest.raises(KeyNotValid):
        services.find_api_key(secret=made.secret)
