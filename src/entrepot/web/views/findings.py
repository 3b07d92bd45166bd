"""The SKU doctor: what of a store could not be taken as it is, and putting it right from here."""

from django.http import HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from entrepot.accounts.services import look_at
from entrepot.channels.queries import stores as queries
from entrepot.channels.services.fixes import FIXES, apply_fix, fixes_of
from entrepot.kernel.errors import EntrepotError
from entrepot.web.desk import DeskRequest, back, desk, done, number_of, show, warn
from entrepot.web.errors import NothingChosen
from entrepot.web.views.stores import find, frame
from entrepot.web.wording import words


@desk("stores.view")
@require_safe
def store_findings(request: DeskRequest, store_id: int) -> HttpResponse:
    """What was found, what to do, and what can be done from here."""
    found = find(request, store_id)
    seller_id = request.desk.seller_id
    code = request.GET.get("code", "")
    page = queries.findings(seller_id=seller_id, store_id=store_id, code=code, after=request.GET.get("after", ""))
    listings = queries.listings_of_findings(seller_id=seller_id, store_id=store_id, findings=page.rows)
    look_at(seller_id=seller_id, place="findings", actor=request.desk.actor)
    facts = frame(found, "findings") | {
        "counts": queries.finding_counts(seller_id=seller_id, store_id=store_id),
        "code": code,
        "page": page,
        "rows": [(row, listings.get((row.remote_id, row.variation_key)), fixes_of(row)) for row in page.rows],
        "fixes": FIXES.get(code, ()),
    }
    return show(request, "web/stores/findings.html", facts)


@require_POST
@desk("stores.map")
def store_findings_fix(request: DeskRequest, store_id: int) -> HttpResponse:
    """Put one finding right (`fix` = deed:id), or all chosen ones (`fix` = deed). Each stands for itself."""
    found = find(request, store_id)
    here = request.desk
    deed, _colon, one = request.POST.get("fix", "").partition(":")
    chosen = [number for text in ([one] if one else request.POST.getlist("finding")) if (number := number_of(text))]
    mine = queries.own_findings(seller_id=here.seller_id, store_id=found.pk, finding_ids=chosen)
    if not mine:
        raise NothingChosen(field="finding", reason="")
    fixed, refusals = 0, dict[str, int]()
    for finding_id in mine:
        try:
            apply_fix(
                seller_id=here.seller_id,
                finding_id=finding_id,
                fix=deed,
                sku=request.POST.get(f"sku-{finding_id}", ""),
                actor=here.actor,
            )
            fixed += 1
        except EntrepotError as error:
            sentence = words.sentence(error)
            refusals[sentence] = refusals.get(sentence, 0) + 1
    if fixed:
        done(request, ngettext("%(n)s finding put right.", "%(n)s findings put right.", fixed) % {"n": fixed})
    for sentence, count in refusals.items():
        warn(request, f"{count} × {sentence}" if len(mine) > 1 else sentence)
    return back(request, "web:store_findings", store_id)
