"""One-time links: the first owner's, an invitation, a way back in. Made, looked at, accepted exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from entrepot.accounts.errors import AlreadyAMember, AlreadyOwned, LinkNotValid, SignInFirst
from entrepot.accounts.models import Membership, Role, Seller, SignInLink, User
from entrepot.accounts.services.audit import audit
from entrepot.accounts.services.people import check_password_rules, may_still_invite, refuse_above_own_role
from entrepot.accounts.services.tokens import new_token, token_hash
from entrepot.kernel.actor import SYSTEM, Actor
from entrepot.kernel.errors import Invalid, NotFound

FIRST_OWNER_LOCK = 7_305_001
FIRST_OWNER_LASTS = timedelta(hours=24)
INVITATION_LASTS = timedelta(days=7)
SIGN_IN_LASTS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What the accept page shows. `asks` = the fields it must ask for (`email`, `seller_name`, `password`)."""

    purpose: str
    email: str
    role: str
    seller_name: str
    asks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who came in. `membership` is None after a plain sign-in link."""

    user: User
    membership: Membership | None


@transaction.atomic
def first_owner_link(
    *,
    actor: Actor = SYSTEM,  # noqa: ARG001 - every verb takes one; there is no seller yet whose log could name it
    now: datetime | None = None,
) -> str | None:
    """The token of a link that makes the first owner, or None once there is anybody. An older one stops working."""
    _one_first_owner_at_a_time()
    if User.objects.exists():
        return None
    SignInLink.objects.filter(purpose=SignInLink.Purpose.FIRST_OWNER, used_at=None).delete()
    token = new_token()
    SignInLink.objects.create(
        purpose=SignInLink.Purpose.FIRST_OWNER,
        token_hash=token_hash(token),
        role=Role.OWNER,
        expires_at=(now or timezone.now()) + FIRST_OWNER_LASTS,
    )
    return token


@transaction.atomic
def invite(*, seller_id: int, email: str, role: str, actor: Actor, now: datetime | None = None) -> str:
    """The token of a link by which `email` joins the seller. An open invitation of the same address is replaced.

    It lives only as long as its inviter may give that role: whoever is removed or demoted leaves none behind.
    For the people page. Entrepot sends no mail by itself: the inviter hands the link over.

    Raises:
        Invalid: No e-mail address, or no such role.
        AboveYourRole: The role stands above the inviter's own.
        AlreadyAMember: They work here already.
    """
    email = _clean_email(email)
    if role not in Role.values:
        raise Invalid(field="role", reason="Choose one of the roles.")
    refuse_above_own_role(seller_id=seller_id, role=role, actor=actor)
    if Membership.objects.filter(seller_id=seller_id, user__email=email).exists():
        raise AlreadyAMember(email=email)
    SignInLink.objects.filter(
        seller_id=seller_id, email=email, purpose=SignInLink.Purpose.INVITATION, used_at=None
    ).delete()
    token = new_token()
    SignInLink.objects.create(
        purpose=SignInLink.Purpose.INVITATION,
        token_hash=token_hash(token),
        seller_id=seller_id,
        email=email,
        role=role,
        invited_by_id=actor.user_id,
        expires_at=(now or timezone.now()) + INVITATION_LASTS,
    )
    audit(seller_id=seller_id, actor=actor, verb="users.invite", facts={"email": email, "role": role})
    return token


@transaction.atomic
def withdraw_invitation(*, seller_id: int, link_id: int, actor: Actor) -> None:
    """Take an open invitation back.

    Raises:
        NotFound: There is none (any more), or it is another seller's.
    """
    link = SignInLink.objects.filter(
        seller_id=seller_id, id=link_id, purpose=SignInLink.Purpose.INVITATION, used_at=None
    ).first()
    if link is None:
        raise NotFound
    refuse_above_own_role(seller_id=seller_id, role=link.role, actor=actor)
    link.delete()
    audit(seller_id=seller_id, actor=actor, verb="users.withdraw_invitation", facts={"email": link.email})


@transaction.atomic
def sign_in_link(*, email: str, actor: Actor, now: datetime | None = None) -> str:
    """The token of a link that signs this person in once: for a forgotten password, made on the server's own terminal.

    Raises:
        NotFound: Nobody active has this address.
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise NotFound
    token = new_token()
    SignInLink.objects.create(
        purpose=SignInLink.Purpose.SIGN_IN,
        token_hash=token_hash(token),
        email=user.email,
        expires_at=(now or timezone.now()) + SIGN_IN_LASTS,
    )
    for seller_id in Membership.objects.filter(user=user).values_list("seller_id", flat=True):
        audit(seller_id=seller_id, actor=actor, verb="users.sign_in_link", facts={"email": user.email})
    return token


def look_at_link(*, token: str, now: datetime | None = None) -> LinkFacts:
    """What the link is for, without using it: mail scanners and browsers open links ahead of people.

    Raises:
        LinkNotValid: Unknown, used or expired.
    """
    link = _living(token, now).select_related("seller").first()
    if link is None:
        raise LinkNotValid
    known = bool(link.email) and User.objects.filter(email=link.email).exists()
    asks: list[str] = []
    if link.purpose == SignInLink.Purpose.FIRST_OWNER:
        asks = ["email", "name", "password", "seller_name"]
    elif link.purpose == SignInLink.Purpose.INVITATION and not known:
        asks = ["name", "password"]
    return LinkFacts(link.purpose, link.email, link.role, link.seller.name if link.seller else "", asks)


@transaction.atomic
def accept_link(
    *,
    token: str,
    actor: Actor,
    email: str = "",
    name: str = "",
    password: str | None = None,
    seller_name: str = "",
    language: str = "",
    now: datetime | None = None,
) -> Accepted:
    """Use the link; of any number of callers exactly one succeeds, and a refusal leaves the link unused.

    For the accept page, on POST; then sign `user` in with `accounts.sessions.sign_in_user`. A signed-in person is the
    `actor`; a stranger is `Actor("user", <address>)`. `password` None (command line only) leaves an account that is
    entered by links.

    Raises:
        LinkNotValid: Unknown, used or expired, or the inviter may no longer give that role.
        AlreadyOwned: A first-owner link, and somebody was first.
        SignInFirst: The invited address has an account and its owner is not signed in.
        Invalid: A field cannot be used.
    """
    now = now or timezone.now()
    if not _living(token, now).update(used_at=now):
        raise LinkNotValid
    link = SignInLink.objects.get(token_hash=token_hash(token))
    match link.purpose:
        case SignInLink.Purpose.FIRST_OWNER:
            seller = _first_seller(seller_name, language)
            user = _new_user(email, name, password, language)
        case SignInLink.Purpose.INVITATION:
            seller = _inviting_seller(link)
            user = _invited_user(link.email, actor) or _new_user(link.email, name, password, language)
        case _:
            return Accepted(_returning_user(link.email), None)
    membership, made = Membership.objects.get_or_create(seller=seller, user=user, defaults={"role": link.role})
    if not made:
        raise AlreadyAMember(email=user.email)
    audit(
        seller_id=membership.seller_id,
        actor=Actor(actor.kind, user.email, user.pk),
        verb="users.join",
        object_type="user",
        object_id=user.pk,
        facts={"email": user.email, "role": link.role},
    )
    return Accepted(user, membership)


def _living(token: str, now: datetime | None) -> QuerySet[SignInLink]:
    """Links of this token that can still be used."""
    return SignInLink.objects.filter(token_hash=token_hash(token), used_at=None, expires_at__gt=now or timezone.now())


def _one_first_owner_at_a_time() -> None:
    """Held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_OWNER_LOCK])


def _first_seller(name: str, language: str) -> Seller:
    _one_first_owner_at_a_time()
    if User.objects.exists():
        raise AlreadyOwned
    if not name.strip():
        raise Invalid(field="seller_name", reason="Give your business a name.")
    return Seller.objects.create(name=name.strip()[:120], language=language or "en")


def _invited_user(email: str, actor: Actor) -> User | None:
    """The invited address's own account when it is the one signed in; None when there is no account yet."""
    user = User.objects.filter(email=email).first()
    if user is not None and actor.user_id != user.pk:
        raise SignInFirst(email=email)
    return user


def _inviting_seller(link: SignInLink) -> Seller:
    if link.seller is None:
        raise LinkNotValid
    if link.invited_by_id and not may_still_invite(
        seller_id=link.seller.pk, user_id=link.invited_by_id, role=link.role
    ):
        raise LinkNotValid
    return link.seller


def _returning_user(email: str) -> User:
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        raise LinkNotValid
    return user


def _new_user(email: str, name: str, password: str | None, language: str) -> User:
    email = _clean_email(email)
    if User.objects.filter(email=email).exists():
        raise SignInFirst(email=email)
    if password is not None:
        check_password_rules(password, user=User(email=email, name=name))
    return User.objects.create_user(email, password, name=name.strip()[:120], language=language)


def _clean_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as refusal:
        raise Invalid(field="email", reason=" ".join(refusal.messages)) from None
    return email
