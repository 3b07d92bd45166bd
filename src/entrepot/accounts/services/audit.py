"""One line for every deed a person should be able to look up later."""

from collections.abc import Mapping

from entrepot.accounts.live import announce
from entrepot.accounts.models import AuditEntry
from entrepot.kernel.actor import Actor


def audit(
    *,
    seller_id: int,
    actor: Actor,
    verb: str,
    object_type: str = "",
    object_id: object = "",
    facts: Mapping[str, object] | None = None,
) -> None:
    """Write one deed (`users.invite`, `stores.connect` …) in the caller's transaction. `facts` holds no secret.

    Open pages about the object hear of it when that commits.
    """
    AuditEntry.objects.create(
        seller_id=seller_id,
        actor_kind=actor.kind,
        actor_label=actor.label[:120],
        user_id=actor.user_id,
        verb=verb,
        object_type=object_type,
        object_id=str(object_id),
        facts=dict(facts or {}),
    )
    announce(seller_id, "audit", *([f"{object_type}:{object_id}"] if object_type else []))
