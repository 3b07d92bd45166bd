"""Questions about people, keys and deeds."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from entrepot.accounts.models import (
    ApiKey,
    AuditEntry,
    FirstPath,
    Membership,
    SavedView,
    ScreenChoice,
    Seller,
    SignInLink,
)
from entrepot.kernel.errors import NotFound
from entrepot.kernel.page import PAGE_SIZE, Page, page_of, read_bookmark


def memberships_of(*, user_id: int) -> Sequence[Membership]:  # house: queries-seller a person asks for their sellers
    """For whom this person works, oldest first."""
    return list(Membership.objects.filter(user_id=user_id).select_related("seller", "user").order_by("id"))


def people(*, seller_id: int) -> Sequence[Membership]:
    """Everybody who works for the seller, owners first."""
    rows = Membership.objects.filter(seller_id=seller_id).select_related("user").order_by("id")
    return sorted(rows, key=lambda row: row.role != "owner")


def membership(*, seller_id: int, membership_id: int) -> Membership:
    """One person's place at the seller.

    Raises:
        NotFound: There is none, or it is at another seller.
    """
    found = Membership.objects.filter(seller_id=seller_id, id=membership_id).select_related("user").first()
    if found is None:
        raise NotFound
    return found


def open_invitations(*, seller_id: int, now: datetime | None = None) -> Sequence[SignInLink]:
    """Invitations that are neither used nor expired."""
    rows = SignInLink.objects.filter(
        seller_id=seller_id,
        purpose=SignInLink.Purpose.INVITATION,
        used_at=None,
        expires_at__gt=now or timezone.now(),
    )
    return list(rows.order_by("-id"))


def api_keys(*, seller_id: int) -> Sequence[ApiKey]:
    """The seller's keys, living ones first."""
    rows = ApiKey.objects.filter(seller_id=seller_id).select_related("created_by").order_by("-id")
    return sorted(rows, key=lambda row: row.revoked_at is not None)


def api_key(*, seller_id: int, key_id: int) -> ApiKey:
    """One key of the seller.

    Raises:
        NotFound: There is none, or it is another seller's.
    """
    found = ApiKey.objects.filter(seller_id=seller_id, id=key_id).first()
    if found is None:
        raise NotFound
    return found


def deeds(
    *,
    seller_id: int,
    verb: str = "",
    who: str = "",
    object_type: str = "",
    object_id: str = "",
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Page[AuditEntry]:
    """The audit log, newest first."""
    rows = AuditEntry.objects.filter(seller_id=seller_id)
    if verb:
        rows = rows.filter(verb__startswith=verb)
    if who:
        rows = rows.filter(actor_label__icontains=who)
    if object_type:
        rows = rows.filter(object_type=object_type)
    if object_id:
        rows = rows.filter(object_id=object_id)
    if key := read_bookmark(after, int):
        rows = rows.filter(id__lt=key[0])
    return page_of(rows.order_by("-id"), limit=limit, key=lambda row: (row.pk,))


def seller(*, seller_id: int) -> Seller:
    """The company as it is kept now."""
    return Seller.objects.get(pk=seller_id)


def place_of(*, seller_id: int, user_id: int) -> Membership:
    """Somebody's place at the seller, with the person as they are kept now."""
    return Membership.objects.select_related("user").get(seller_id=seller_id, user_id=user_id)


def last_deed(*, seller_id: int, object_type: str, object_id: object) -> AuditEntry | None:
    """The last thing that was done with an object."""
    rows = AuditEntry.objects.filter(seller_id=seller_id, object_type=object_type, object_id=str(object_id))
    return rows.order_by("-id").first()


def first_path(*, seller_id: int) -> FirstPath:
    """What was skipped, looked at and hidden of the first steps; an empty one where nothing was."""
    return FirstPath.objects.filter(seller_id=seller_id).first() or FirstPath(seller_id=seller_id)


def facts_were_said(*, seller_id: int) -> bool:
    """Whether somebody has looked through the company's name, language and clock and saved them."""
    rows = AuditEntry.objects.filter(seller_id=seller_id, object_type="seller", object_id=str(seller_id))
    return rows.filter(verb="settings.edit").exists()


def has_colleagues(*, seller_id: int, now: datetime | None = None) -> bool:
    """Whether a second person works here or is invited."""
    if Membership.objects.filter(seller_id=seller_id)[1:2].exists():
        return True
    return bool(open_invitations(seller_id=seller_id, now=now))


def sellers() -> Sequence[Seller]:  # house: queries-seller the installation's owner asks at the machine itself
    """Every tenant of this installation, for commands."""
    return list(Seller.objects.order_by("id"))


def views_of(*, seller_id: int, user_id: int, screen: str) -> Sequence[SavedView]:
    """The views of a list that this person sees, their own before those others share."""
    rows = SavedView.objects.filter(Q(user_id=user_id) | Q(shared=True), seller_id=seller_id, screen=screen)
    found = rows.select_related("user").order_by("position", "id")
    return sorted(found, key=lambda row: row.user_id != user_id)


def screen_choice(*, seller_id: int, user_id: int, screen: str) -> ScreenChoice:
    """How this person has a list; an empty one where they left it as it comes."""
    rows = ScreenChoice.objects.filter(seller_id=seller_id, user_id=user_id, screen=screen)
    found = rows.select_related("first_view").first()
    return found or ScreenChoice(seller_id=seller_id, user_id=user_id, screen=screen)
