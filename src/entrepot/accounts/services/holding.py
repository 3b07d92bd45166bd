"""Holding a row still while what somebody saw of it is compared with what it is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction

from entrepot.accounts.models import Seller, User


@contextmanager
def holding(  # house: verb-signature it changes nothing, it holds still
    row: type[models.Model], *, seller_id: int, pk: int | None = None, of: Mapping[str, int] | None = None
) -> Iterator[None]:
    """A transaction in which nobody else writes this row: look at it, compare, and write in here.

    Without `pk` all rows of the seller are held, by id, as the verbs of a tree or of lists that build on each other
    lock them (docs/locks.md); so a verb in here finds what it needs held already. `of`: those that belong to something
    that is held already (the items of a product: `{"product_id": 7}`).
    """
    rows = row._base_manager.select_for_update(no_key=True, of=("self",)).order_by("pk")  # noqa: SLF001 - documented
    with transaction.atomic():
        list(rows.filter(**_whose(row, seller_id, pk), **(of or {})).values_list("pk", flat=True))
        yield


def _whose(row: type[models.Model], seller_id: int, pk: int | None) -> dict[str, Any]:
    if row is Seller:
        return {"pk": seller_id}
    scope = "memberships__seller_id" if row is User else "seller_id"
    return {scope: seller_id} | ({"pk": pk} if pk is not None else {})
