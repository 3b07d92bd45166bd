"""The problem inbox: what, where, what to do, and Retry on the thing itself."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from entrepot.channels.queries import desk as queries
from entrepot.channels.queries.stores import stores
from entrepot.channels.services.retry import dismiss, retry
from entrepot.web.desk import DeskRequest, back, desk, done, show
from entrepot.web.forms.filters import ProblemFilters
from entrepot.web.forms.look import with_all
from entrepot.web.way.saved import with_views
from entrepot.web.wording import words


@desk("problems.view")
@require_safe
@with_views("problems")
def problems(request: DeskRequest) -> HttpResponse:
    """Open problems, or settled ones."""
    here = request.desk
    filters = ProblemFilters(request.GET)
    choices = [(row.pk, row.sales_channel.name) for row in stores(seller_id=here.seller_id, store_ids=here.store_ids)]
    counts = queries.problem_counts(seller_id=here.seller_id, store_ids=here.store_ids)
    asked = request.GET.get("code", "")
    codes = [*counts, asked] if asked and asked not in counts else list(counts)
    kinds = [(code, f"{words.label(code)} ({counts.get(code, 0)})") for code in codes]
    filters.fields["store"].choices = with_all(_("All stores"), choices)  # type: ignore[attr-defined]
    filters.fields["code"].choices = with_all(_("All kinds"), kinds)  # type: ignore[attr-defined]
    settled = request.GET.get("settled") == "1"
    page = queries.problems(
        seller_id=here.seller_id,
        code=filters.value("code"),
        store_id=filters.value("store"),
        resolved=settled,
        store_ids=here.store_ids,
        after=request.GET.get("after", ""),
    )
    return show(request, "web/problems/list.html", {"page": page, "filters": filters, "settled": settled})


@require_POST
@desk("problems.retry")
def problem_retry(request: DeskRequest, problem_id: int) -> HttpResponse:
    """Try again what the problem stands on."""
    here = request.desk
    queries.problem(seller_id=here.seller_id, problem_id=problem_id, store_ids=here.store_ids)
    retry(seller_id=here.seller_id, problem_id=problem_id, actor=here.actor)
    done(request, _("It is being tried again. The problem goes away by itself when it works."))
    return back(request, "web:problems")


@require_POST
@desk("problems.retry")
def problem_resolve(request: DeskRequest, problem_id: int) -> HttpResponse:
    """Settled by hand."""
    here = request.desk
    queries.problem(seller_id=here.seller_id, problem_id=problem_id, store_ids=here.store_ids)
    dismiss(seller_id=here.seller_id, problem_id=problem_id, actor=here.actor)
    done(request, _("Settled. It comes back by itself if its cause does."))
    return back(request, "web:problems")
