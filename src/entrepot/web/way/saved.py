"""Lists that are kept under a name: which have such views, and what a list shows of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Final, ParamSpec, cast

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entrepot.accounts.models import SavedView, ScreenChoice
from entrepot.accounts.queries import screen_choice, views_of
from entrepot.web.desk import DeskRequest, number_of

Rest = ParamSpec("Rest")
ListView = Callable[Concatenate[DeskRequest, Rest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Screen:
    """A list that has views: where it is, what it asks of a role, and what it is called unfiltered."""

    address: str
    needs: str
    whole: str | Promise


SCREENS: Final[Mapping[str, Screen]] = {
    "orders": Screen("web:orders", "orders.view", _("All orders")),
    "products": Screen("web:products", "catalog.view", _("All products")),
    "listings": Screen("web:listings", "catalog.view", _("All listings")),
    "listing_changes": Screen("web:listing_changes", "catalog.view", _("All changes")),
    "stock": Screen("web:stock", "stock.view", _("All items")),
    "problems": Screen("web:problems", "problems.view", _("All problems")),
}


@dataclass(frozen=True, slots=True)
class Saved:
    """The views of a list that a person sees, the one that is open, and what would be kept now."""

    screen: str
    views: Sequence[SavedView]
    choice: ScreenChoice
    view: SavedView | None
    query: str

    @property
    def whole(self) -> str:
        """The list without a view."""
        return str(SCREENS[self.screen].whole)

    @property
    def changed(self) -> bool:
        """Whether the list is filtered otherwise than the open view."""
        return self.view is not None and self.query != kept_query(QueryDict(self.view.query))


def address_of(view: SavedView) -> str:
    """Where a view leads."""
    return f"{reverse(SCREENS[view.screen].address)}?{view.query}{'&' if view.query else ''}view={view.pk}"


def kept_query(words: QueryDict) -> str:
    """The address of a list as a view keeps it: without the page one was on."""
    query = words.copy()
    for name in ("after", "view", "more"):
        query.pop(name, None)
    return QueryDict("&".join(part for part in query.urlencode().split("&") if not part.endswith("="))).urlencode()


def with_views(screen: str) -> Callable[[ListView[Rest]], ListView[Rest]]:
    """Make a list one that has views, as `request.saved`; without any words it begins as the person chose."""

    def wrap(view: ListView[Rest]) -> ListView[Rest]:
        @wraps(view)
        def page(request: DeskRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
            said = {"seller_id": request.desk.seller_id, "user_id": request.desk.user.pk}
            choice, views = screen_choice(screen=screen, **said), views_of(screen=screen, **said)
            first = next((row for row in views if row.pk == choice.first_view_id), None)  # none: no longer shared
            if not request.GET and first:
                return redirect(address_of(first))
            wanted = number_of(request.GET.get("view", ""))
            open_one = next((row for row in views if row.pk == wanted), None)
            request.saved = Saved(screen, views, choice, open_one, kept_query(request.GET))  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return cast("ListView[Rest]", page)

    return wrap
