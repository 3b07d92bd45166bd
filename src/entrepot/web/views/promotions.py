"""Prices for a time: planned with a look at every price first, ended by the clock or by hand."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from entrepot.channels.errors import PriceNeedsApproval
from entrepot.channels.models import Promotion, Store
from entrepot.channels.queries import promotions as queries
from entrepot.channels.queries.stores import stores
from entrepot.channels.services.promotions import OPEN, cancel_promotion, plan_promotion
from entrepot.kernel.errors import EntrepotError
from entrepot.web.desk import DeskRequest, desk, done, number_of, show
from entrepot.web.forms.promotions import PromotionForm


@desk("catalog.view")
@require_safe
def promotions(request: DeskRequest) -> HttpResponse:
    """All of them, newest first."""
    here = request.desk
    page = queries.promotions(seller_id=here.seller_id, store_ids=here.store_ids, after=request.GET.get("after", ""))
    return show(request, "web/promotions/list.html", {"page": page})


@desk("catalog.edit")
def promotion_new(request: DeskRequest) -> HttpResponse:
    """Fill it in, look at every price, plan it."""
    here = request.desk
    live = [row for row in stores(seller_id=here.seller_id, store_ids=here.store_ids) if row.state == Store.State.LIVE]
    form = PromotionForm(request.POST if request.method == "POST" else None, initial=_start(request))
    form.offer([(row.pk, row.sales_channel.name) for row in live])
    facts = {"form": form, "stores": live}
    if form.is_bound and form.is_valid():
        store_id = form.cleaned_data["store"]
        skus = sorted(form.cleaned_data["wanted"])
        listings = queries.priced_listings(seller_id=here.seller_id, store_id=store_id, skus=skus)
        prices = form.prices(listings)
        if unknown := form.unknown(listings):
            form.add_error("what", _("This store does not sell: %(skus)s") % {"skus": ", ".join(unknown[:20])})
        elif request.POST.get("deed") == "plan" and (made := _plan(request, form, prices)):
            return redirect("web:promotion", made.pk)
        facts["rows"] = sorted(
            ((row, prices[pk], _fall(row.price, prices[pk])) for pk, row in listings.items() if pk in prices),
            key=lambda row: -row[2],
        )[:200]
        facts["count"] = len(prices)
    return show(request, "web/promotions/new.html", facts, status=422 if form.errors else 200)


def _fall(before: Decimal | None, after: Decimal) -> int:
    """By how many percent it falls."""
    return round(100 * (1 - after / before)) if before else 0


def _start(request: DeskRequest) -> dict[str, object]:
    ids = [number for text in request.GET.getlist("listing") if (number := number_of(text))]
    tomorrow = (timezone.localtime() + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "what": "\n".join(queries.skus_of(seller_id=request.desk.seller_id, listing_ids=ids)),
        "starts_at": tomorrow,
        "ends_at": tomorrow + timedelta(days=7),
        "step": "100" if request.desk.language == "ko" else "0.01",
    }


def _plan(request: DeskRequest, form: PromotionForm, prices: Mapping[int, Decimal]) -> Promotion | None:
    here, facts = request.desk, form.cleaned_data
    try:
        made = plan_promotion(
            seller_id=here.seller_id,
            store_id=facts["store"],
            name=facts["name"],
            starts_at=facts["starts_at"],
            ends_at=facts["ends_at"],
            prices=prices,
            percent=facts["percent"],
            approved=facts["approved"],
            actor=here.actor,
        )
    except PriceNeedsApproval as error:
        form.ask_twice()
        form.refuse(error)
        return None
    except EntrepotError as error:
        form.refuse(error)
        return None
    done(request, _("Planned. It begins and ends by itself."))
    return made


@desk("catalog.view")
@require_safe
def promotion(request: DeskRequest, promotion_id: int) -> HttpResponse:
    """What it changes, and how far it is."""
    here = request.desk
    found = queries.promotion(seller_id=here.seller_id, promotion_id=promotion_id, store_ids=here.store_ids)
    page = queries.lines(seller_id=here.seller_id, promotion=found, after=request.GET.get("after", ""))
    return show(request, "web/promotions/page.html", {"promotion": found, "page": page, "open": found.state in OPEN})


@require_POST
@desk("catalog.edit")
def promotion_cancel(request: DeskRequest, promotion_id: int) -> HttpResponse:
    """Give it up, or end it now."""
    here = request.desk
    found = queries.promotion(seller_id=here.seller_id, promotion_id=promotion_id, store_ids=here.store_ids)
    cancel_promotion(seller_id=here.seller_id, promotion_id=found.pk, actor=here.actor)
    done(request, _("It is over. Prices that it had lowered are told as they were before."))
    return redirect("web:promotion", found.pk)
