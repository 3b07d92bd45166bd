"""The first steps of a seller: what was skipped, what was looked at, and who does not want to see them any more."""

from django.db import transaction

from entrepot.accounts.models import FirstPath
from entrepot.kernel.actor import Actor


def skip_step(*, seller_id: int, step: str, actor: Actor) -> None:
    """Leave a step out; it can be taken up again."""
    del actor  # nothing changes in the books
    _put(seller_id, "skipped", step)


def take_step_up(*, seller_id: int, step: str, actor: Actor) -> None:
    """Walk a step after all."""
    del actor
    _take(seller_id, "skipped", step)


def look_at(*, seller_id: int, place: str, actor: Actor) -> None:
    """Somebody has looked at a place that is part of the first steps: `findings`, `preview`. Free when told again."""
    del actor
    if not FirstPath.objects.filter(seller_id=seller_id, looked__contains=[place]).exists():
        _put(seller_id, "looked", place)


def hide_path(*, seller_id: int, user_id: int, actor: Actor) -> None:
    """This person does not want to be led any more."""
    del actor
    _put(seller_id, "hidden_for", user_id)


def unhide_path(*, seller_id: int, user_id: int, actor: Actor) -> None:
    """This person wants to be led after all."""
    del actor
    _take(seller_id, "hidden_for", user_id)


@transaction.atomic
def _put(seller_id: int, shelf: str, value: str | int) -> None:
    FirstPath.objects.get_or_create(seller_id=seller_id)
    path = FirstPath.objects.select_for_update().get(seller_id=seller_id)
    if value not in getattr(path, shelf):
        getattr(path, shelf).append(value)
        path.save(update_fields=[shelf])


@transaction.atomic
def _take(seller_id: int, shelf: str, value: str | int) -> None:
    path = FirstPath.objects.select_for_update().filter(seller_id=seller_id).first()
    if path is not None and value in getattr(path, shelf):
        getattr(path, shelf).remove(value)
        path.save(update_fields=[shelf])
