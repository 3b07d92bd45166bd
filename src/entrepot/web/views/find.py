"""The palette's answers; and the same as a page of its own where a browser runs no scripts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from entrepot.web.desk import DeskRequest, desk, parts_of, show
from entrepot.web.way import finding


@desk()
@require_safe
def find(request: DeskRequest) -> HttpResponse:
    """What is called so: any order, product, listing, store, page or deed that the person may see or do."""
    text = request.GET.get("q", "")
    where = parts_of(request.headers.get("HX-Current-URL", ""))
    back = f"{where.path}?{where.query}" if where.query else where.path
    groups = finding.found(request.desk, text=text, back=back or request.get_full_path())
    facts = {"groups": groups, "q": text, "count": sum(len(group.rows) for group in groups)}
    if request.headers.get("HX-Request"):
        answer = render(request, "web/find/answer.html", facts)
    else:
        answer = show(request, "web/find/page.html", facts)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
