"""API keys: shown once, kept as a hash, never more powerful than their maker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from entrepot.accounts.access import ACTIONS, ROLES, unknown_actions
from entrepot.accounts.errors import KeyNotValid, ScopeNotYours
from entrepot.accounts.models import ApiKey, Membership
from entrepot.accounts.services.audit import audit
from entrepot.accounts.services.people import own_membership, refuse_limited
from entrepot.accounts.services.tokens import new_token, token_hash
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid, NotFound

PREFIX_LENGTH = 12
USE_IS_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MadeKey:
    """The row, and the `secret` to show once."""

    key: ApiKey
    secret: str


@transaction.atomic
def make_api_key(*, seller_id: int, name: str, scopes: Sequence[str], actor: Actor) -> MadeKey:
    """Make a key with these scopes (words of `access.ACTIONS`). For the API keys page: show `secret` once.

    Raises:
        Invalid: No name, no scope, or an unknown one.
        ScopeNotYours: The maker's own role does not include a scope.
        LimitedReach: The maker works for some stores or warehouses only; a key reaches all of them.
    """
    if not name.strip():
        raise Invalid(field="name", reason="Give the key a name.")
    if not scopes:
        raise Invalid(field="scopes", reason="Choose at least one thing the key may do.")
    if strange := unknown_actions(scopes):
        raise Invalid(field="scopes", reason="These are not known here: {strange}.", strange=", ".join(strange))
    if lacking := sorted(set(scopes) - _allowed(seller_id, actor)):
        raise ScopeNotYours(scopes=", ".join(lacking))
    secret = f"ent_{new_token()}"
    key = ApiKey.objects.create(
        seller_id=seller_id,
        name=name.strip()[:80],
        prefix=secret[:PREFIX_LENGTH],
        key_hash=token_hash(secret),
        scopes=sorted(set(scopes)),
        created_by_id=actor.user_id,
    )
    facts = {"name": key.name, "scopes": key.scopes}
    audit(seller_id=seller_id, actor=actor, verb="keys.make", object_type="api_key", object_id=key.pk, facts=facts)
    return MadeKey(key, secret)


@transaction.atomic
def revoke_api_key(*, seller_id: int, key_id: int, actor: Actor, now: datetime | None = None) -> None:
    """Stop a key at once; a repeat is harmless. For the API keys page.

    Raises:
        NotFound: No such key of this seller.
    """
    key = ApiKey.objects.select_for_update().filter(seller_id=seller_id, id=key_id).first()
    if key is None:
        raise NotFound
    if key.revoked_at is not None:
        return
    key.revoked_at = now or timezone.now()
    key.save(update_fields=["revoked_at"])
    audit(
        seller_id=seller_id,
        actor=actor,
        verb="keys.revoke",
        object_type="api_key",
        object_id=key.pk,
        facts={"name": key.name},
    )


def find_api_key(  # house: verb-signature the key itself is who asks
    *, secret: str, now: datetime | None = None
) -> ApiKey:
    """The living key behind `secret`, its seller loaded; its use is noted at most once a minute.

    `scopes` are what its maker may do today: a key outlives neither its maker's membership nor their role.

    Raises:
        KeyNotValid: Unknown or revoked, or its maker no longer works there (or no longer for all of it).
    """
    now = now or timezone.now()
    key = ApiKey.objects.select_related("seller").filter(key_hash=token_hash(secret), revoked_at=None).first()
    if key is None:
        raise KeyNotValid
    if key.created_by_id is not None:
        key.scopes = sorted(set(key.scopes) & _still_allowed(key.seller_id, key.created_by_id))
    unnoted = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_IS_NOTED_EVERY)
    ApiKey.objects.filter(unnoted, pk=key.pk).update(last_used_at=now)
    return key


def _allowed(seller_id: int, actor: Actor) -> frozenset[str]:
    """What the maker may hand on."""
    if actor.kind in {"cli", "system"}:
        return frozenset(ACTIONS)
    own = own_membership(seller_id=seller_id, actor=actor)
    if own is None:
        return frozenset()
    refuse_limited(own)
    return ROLES[own.role]


def _still_allowed(seller_id: int, maker_id: int) -> frozenset[str]:
    maker = Membership.objects.filter(seller_id=seller_id, user_id=maker_id, user__is_active=True).first()
    if maker is None or maker.store_ids or maker.warehouse_ids:
        raise KeyNotValid
    return ROLES[maker.role]
