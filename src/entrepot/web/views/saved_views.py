"""Saved views of any list: kept, changed, shared, deleted, and chosen to begin with."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from entrepot.accounts import services
from entrepot.kernel.errors import NotFound
from entrepot.web.desk import DeskRequest, back, desk, done
from entrepot.web.way.saved import SCREENS, address_of


@require_POST
@desk()
def view_save(request: DeskRequest) -> HttpResponse:
    """Keep the list as it is under a name."""
    here = request.desk
    screen = _screen(request)
    here.must(SCREENS[screen].needs)
    view = services.save_view(
        seller_id=here.seller_id,
        user_id=here.user.pk,
        screen=screen,
        name=request.POST.get("name", ""),
        query=request.POST.get("query", ""),
        columns=request.POST.getlist("column")[:30],
        shared=bool(request.POST.get("shared")),
        actor=here.actor,
    )
    done(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(address_of(view))


@require_POST
@desk()
def view_deed(request: DeskRequest, view_id: int, deed: str) -> HttpResponse:
    """Rename, share or not, keep the filters as they are now, delete, begin with it or not."""
    here = request.desk
    said: dict[str, Any] = {"seller_id": here.seller_id, "user_id": here.user.pk, "actor": here.actor}
    if deed in {"first", "not_first"}:
        screen, chosen = _screen(request), view_id if deed == "first" else None
        services.begin_with_view(screen=screen, view_id=chosen, **said)
        return back(request, SCREENS[screen].address)
    if deed == "delete":
        screen = services.delete_view(view_id=view_id, **said)
        done(request, _("The view is deleted."))
        return redirect(reverse(SCREENS[screen].address) + "?view=all")
    changes: dict[str, dict[str, Any]] = {
        "rename": {"name": request.POST.get("name", ""), "shared": bool(request.POST.get("shared"))},
        "update": {"query": request.POST.get("query", "")[:2000], "columns": request.POST.getlist("column")[:30]},
    }
    if deed not in changes:
        raise NotFound
    view = services.change_view(view_id=view_id, **said, **changes[deed])
    done(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(address_of(view))


def _screen(request: DeskRequest) -> str:
    screen = request.POST.get("screen", "")
    if screen not in SCREENS:
        raise NotFound
    return screen
