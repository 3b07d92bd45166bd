"""How people have the lists of the desk: saved views, chosen columns, and the view a list begins with."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction

from entrepot.accounts.errors import TooManyViews, ViewNameTaken, ViewNotFound, ViewNotYours
from entrepot.accounts.models import SavedView, ScreenChoice
from entrepot.accounts.services.audit import audit
from entrepot.kernel.actor import Actor
from entrepot.kernel.errors import Invalid

MOST: Final = 40
LONGEST_QUERY: Final = 2000


@transaction.atomic
def save_view(
    *,
    seller_id: int,
    user_id: int,
    screen: str,
    name: str,
    query: str,
    actor: Actor,
    columns: Sequence[str] = (),
    shared: bool = False,
) -> SavedView:
    """Keep a list under a name, after the person's other views.

    Raises:
        Invalid: It has no name, or its filters are too long to keep.
        ViewNameTaken: The person has one of that name.
        TooManyViews: They have forty.
    """
    checked = _checked_name(name)
    if len(query) > LONGEST_QUERY:
        raise Invalid(field="query", reason="These filters are too long to keep. Choose fewer of them.")
    mine = SavedView.objects.filter(seller_id=seller_id, user_id=user_id, screen=screen)
    if mine.filter(name=checked).exists():
        raise ViewNameTaken(field="name", reason="", name=checked)
    last = mine.order_by("-position").values_list("position", flat=True).first()
    if mine.count() >= MOST:
        raise TooManyViews(most=MOST)
    view = SavedView.objects.create(
        seller_id=seller_id,
        user_id=user_id,
        screen=screen,
        name=checked,
        query=query,
        columns=list(columns),
        shared=shared,
        position=(last or 0) + 1,
    )
    _noted(view, "views.save", actor)
    return view


@transaction.atomic
def change_view(*, seller_id: int, user_id: int, view_id: int, actor: Actor, **words: Any) -> SavedView:  # noqa: ANN401 - any of its words
    """Change `name`, `query`, `columns` or `shared` of one's own view.

    Raises:
        ViewNotFound: There is none this person sees.
        ViewNotYours: It is somebody else's.
        Invalid: The name is empty.
        ViewNameTaken: The person has another of that name.
    """
    view = _mine(seller_id, user_id, view_id)
    if "name" in words:
        words["name"] = _checked_name(words["name"])
    for word, value in words.items():
        setattr(view, word, value)
    try:
        with transaction.atomic():
            view.save(update_fields=sorted(words))
    except IntegrityError:
        raise ViewNameTaken(field="name", reason="", name=view.name) from None
    _noted(view, "views.change", actor)
    return view


@transaction.atomic
def delete_view(*, seller_id: int, user_id: int, view_id: int, actor: Actor) -> str:
    """Delete one's own view, and tell of which screen it was; lists that began with it begin as they come.

    Raises:
        ViewNotFound: There is none this person sees.
        ViewNotYours: It is somebody else's.
    """
    view = _mine(seller_id, user_id, view_id)
    _noted(view, "views.delete", actor)
    view.delete()
    return view.screen


def choose_columns(
    *, seller_id: int, user_id: int, screen: str, columns: Sequence[str], page_size: int | None, actor: Actor
) -> None:
    """Which columns this person sees of a list, and how many rows a page has."""
    del actor  # a choice about oneself is no deed to look up later
    ScreenChoice.objects.update_or_create(
        seller_id=seller_id,
        user_id=user_id,
        screen=screen,
        defaults={"columns": list(columns), "page_size": page_size},
    )


@transaction.atomic
def begin_with_view(*, seller_id: int, user_id: int, screen: str, view_id: int | None, actor: Actor) -> None:
    """Which view this person's list begins with; None = as it comes.

    Raises:
        ViewNotFound: There is none this person sees.
    """
    del actor
    if view_id is not None and _seen(seller_id, user_id, view_id).screen != screen:
        raise ViewNotFound
    ScreenChoice.objects.update_or_create(
        seller_id=seller_id, user_id=user_id, screen=screen, defaults={"first_view_id": view_id}
    )


def _seen(seller_id: int, user_id: int, view_id: int) -> SavedView:
    view = SavedView.objects.filter(seller_id=seller_id, pk=view_id).select_related("user").first()
    if view is None or (view.user_id != user_id and not view.shared):
        raise ViewNotFound
    return view


def _mine(seller_id: int, user_id: int, view_id: int) -> SavedView:
    view = _seen(seller_id, user_id, view_id)
    if view.user_id != user_id:
        raise ViewNotYours(owner=view.user.name or view.user.email)
    return view


def _checked_name(name: str) -> str:
    checked = " ".join(name.split())[:60]
    if not checked:
        raise Invalid(field="name", reason="Give the view a name.")
    return checked


def _noted(view: SavedView, verb: str, actor: Actor) -> None:
    facts = {"screen": view.screen, "name": view.name, "shared": view.shared}  # a query may name a buyer
    audit(seller_id=view.seller_id, actor=actor, verb=verb, object_type="view", object_id=view.pk, facts=facts)
