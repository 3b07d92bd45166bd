"""What the database cannot note by itself: changes of lists that hang on a product or an item."""

from collections.abc import Iterable

from django.utils import timezone

from entrepot.catalog.models import Change
from entrepot.catalog.rows import clip
from entrepot.kernel.actor import Actor


def note(
    *,
    seller_id: int,
    object_type: str,
    object_id: int,
    field: str,
    lists: tuple[Iterable[str], Iterable[str]],
    actor: Actor,
) -> None:
    """Note that a list was the first of `lists` and is the second; nothing where both hold the same."""
    before, after = (", ".join(sorted(words)) for words in lists)
    if before != after:
        Change.objects.create(
            seller_id=seller_id,
            object_type=object_type,
            object_id=object_id,
            field=field,
            before=before,
            after=after,
            actor=clip(str(actor), 140),
            at=timezone.now(),
        )
