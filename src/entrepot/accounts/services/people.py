"""Roles, scopes, passwords and profiles of those who work for a seller."""

import zoneinfo
from collections.abc import Sequence

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from entrepot.accounts.access import may_grant
from entrepot.accounts.errors import AboveYourRole, LastOwner, LimitedReach, WrongPassword
from entrepot.accounts.models import Membership, Role, SavedView, Seller, SignInLink, User
from entrepot.accounts.services.audit import audit
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid, NotFound


@transaction.atomic
def set_role(*, seller_id: int, membership_id: int, role: str, actor: Actor) -> Membership:
    """Give a member another role; open invitations of theirs that it could not give are withdrawn. For the people page.

    Raises:
        NotFound: No such member at this seller.
        Invalid: No such role.
        AboveYourRole: The old or the new role stands above the actor's own.
        LastOwner: Nobody would own the seller any more.
    """
    if role not in Role.values:
        raise Invalid(field="role", reason="Choose one of the roles.")
    member = _member(seller_id, membership_id)
    for concerned in (member.role, role):
        refuse_above_own_role(seller_id=seller_id, role=concerned, actor=actor)
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    _refuse_without_owner(seller_id)
    _withdraw_invitations(seller_id, member.user_id, actor)
    facts = {"email": member.user.email, "from": before, "to": role}
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="users.set_role",
        object_type="user",
        object_id=member.user_id,
        facts=facts,
    )
    return member


@transaction.atomic
def set_scope(
    *, seller_id: int, membership_id: int, store_ids: Sequence[int], warehouse_ids: Sequence[int], actor: Actor
) -> Membership:
    """Limit a member to these stores and warehouses; empty = all of them. For the people page.

    The limited invite nobody, so their open invitations are withdrawn.

    Raises:
        NotFound: No such member at this seller.
        AboveYourRole: The member stands above the actor.
    """
    member = _member(seller_id, membership_id)
    refuse_above_own_role(seller_id=seller_id, role=member.role, actor=actor)
    member.store_ids, member.warehouse_ids = sorted(set(store_ids)), sorted(set(warehouse_ids))
    member.save(update_fields=["store_ids", "warehouse_ids"])
    _withdraw_invitations(seller_id, member.user_id, actor)
    facts = {"email": member.user.email, "stores": member.store_ids, "warehouses": member.warehouse_ids}
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="users.set_scope",
        object_type="user",
        object_id=member.user_id,
        facts=facts,
    )
    return member


@transaction.atomic
def remove_member(*, seller_id: int, membership_id: int, actor: Actor) -> None:
    """End somebody's work for the seller, their open invitations and saved views; their account and deeds stay.

    For the people page.

    Raises:
        NotFound: No such member at this seller.
        AboveYourRole: The member stands above the actor.
        LastOwner: Nobody would own the seller any more.
    """
    member = _member(seller_id, membership_id)
    refuse_above_own_role(seller_id=seller_id, role=member.role, actor=actor)
    member.delete()
    SavedView.objects.filter(seller_id=seller_id, user_id=member.user_id).delete()
    _refuse_without_owner(seller_id)
    _withdraw_invitations(seller_id, member.user_id, actor)
    facts = {"email": member.user.email, "role": member.role}
    audit(
        seller_id=seller_id, actor=actor, verb="users.remove", object_type="user", object_id=member.user_id, facts=facts
    )


@transaction.atomic
def change_password(*, user_id: int, old: str | None, new: str, actor: Actor) -> User:
    """Set a new password; every other session of the person ends. For the password page: afterwards call Django's
    `update_session_auth_hash(request, user)` so that this session stays.

    `old` None is allowed only to somebody who has no usable password or acts at the server's terminal (`cli`).

    Raises:
        WrongPassword: The old one is not right.
        Invalid: The new one breaks the policy.
    """  # noqa: D205 - the promise is one sentence too long for a line
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound
    if user.has_usable_password() and actor.kind != "cli" and not (old and user.check_password(old)):
        raise WrongPassword
    check_password_rules(new, user=user)
    user.set_password(new)
    user.save(update_fields=["password"])
    for seller_id in Membership.objects.filter(user=user).values_list("seller_id", flat=True):
        audit(seller_id=seller_id, actor=actor, verb="users.change_password", object_type="user", object_id=user.pk)
    return user


def set_profile(
    *, user_id: int, name: str, language: str, timezone: str, actor: Actor, shortcuts: bool | None = None
) -> User:
    """A person's own name, language and time zone (empty = the seller's), and whether letters are `shortcuts`.

    None leaves the last as it is. For the profile page.

    Raises:
        Invalid: No such time zone.
        NotFound: Not the actor's own profile.
    """
    _check_timezone(timezone)
    user = User.objects.filter(pk=user_id).first()
    if user is None or actor.user_id != user_id:
        raise NotFound
    user.name, user.language, user.timezone = name.strip()[:120], language, timezone
    user.shortcuts = user.shortcuts if shortcuts is None else shortcuts
    user.save(update_fields=["name", "language", "timezone", "shortcuts"])
    return user


@transaction.atomic
def set_seller_facts(*, seller_id: int, name: str, language: str, timezone: str, actor: Actor) -> Seller:
    """The seller's name, language and time zone. For the settings page.

    Raises:
        Invalid: No name, or no such time zone.
        NotFound: No such seller.
    """
    _check_timezone(timezone)
    if not name.strip():
        raise Invalid(field="name", reason="Give your business a name.")
    seller = Seller.objects.filter(pk=seller_id).first()
    if seller is None:
        raise NotFound
    seller.name, seller.language, seller.timezone = name.strip()[:120], language, timezone or "UTC"
    seller.save(update_fields=["name", "language", "timezone"])
    audit(seller_id=seller_id, actor=actor, verb="settings.edit", object_type="seller", object_id=seller_id)
    return seller


def check_password_rules(password: str, *, user: User) -> None:
    """The password policy.

    Raises:
        Invalid: It breaks a rule; the reason says which.
    """
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        raise Invalid(field="password", reason=" ".join(refusal.messages)) from None


def own_membership(*, seller_id: int, actor: Actor) -> Membership | None:
    """The actor's own place at the seller."""
    if actor.user_id is None:
        return None
    return Membership.objects.filter(seller_id=seller_id, user_id=actor.user_id).first()


def refuse_above_own_role(*, seller_id: int, role: str, actor: Actor) -> None:
    """Nobody gives or takes a role above their own, nor a reach beyond it. The server's terminal and Entrepot may.

    Raises:
        AboveYourRole: The actor is no member, may not manage people, or stands lower than `role`.
        LimitedReach: The actor works for some stores or warehouses only.
    """
    if actor.kind in {"cli", "system"}:
        return
    own = own_membership(seller_id=seller_id, actor=actor)
    if own is None or not may_grant(own.role, role):
        raise AboveYourRole
    refuse_limited(own)


def refuse_limited(own: Membership) -> None:
    """Invitations and API keys know no scope, and one's own could be lifted: the limited manage neither.

    Raises:
        LimitedReach: They work for some stores or warehouses only.
    """
    if own.store_ids or own.warehouse_ids:
        raise LimitedReach


def may_still_invite(*, seller_id: int, user_id: int, role: str) -> bool:
    """Whether this person could invite somebody as `role` today."""
    own = Membership.objects.filter(seller_id=seller_id, user_id=user_id, user__is_active=True).first()
    return own is not None and may_grant(own.role, role) and not (own.store_ids or own.warehouse_ids)


def _withdraw_invitations(seller_id: int, user_id: int, actor: Actor) -> None:
    """Take back what this person could not offer any more."""
    standing = SignInLink.objects.filter(
        seller_id=seller_id, invited_by_id=user_id, purpose=SignInLink.Purpose.INVITATION, used_at=None
    )
    for link in standing.order_by("id"):
        if not may_still_invite(seller_id=seller_id, user_id=user_id, role=link.role):
            link.delete()
            audit(seller_id=seller_id, actor=actor, verb="users.withdraw_invitation", facts={"email": link.email})


def _member(seller_id: int, membership_id: int) -> Membership:
    """The member, locked. All owners are locked with them, so two owners cannot unmake each other at once."""
    owners = Membership.objects.select_for_update().filter(seller_id=seller_id, role=Role.OWNER).order_by("id")
    list(owners.values_list("id", flat=True))
    member = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(seller_id=seller_id, id=membership_id)
        .first()
    )
    if member is None:
        raise NotFound
    return member


def _refuse_without_owner(seller_id: int) -> None:
    if not Membership.objects.filter(seller_id=seller_id, role=Role.OWNER).exists():
        raise LastOwner


def _check_timezone(name: str) -> None:
    if name and name not in zoneinfo.available_timezones():
        raise Invalid(field="timezone", reason="Choose a time zone from the list.")
