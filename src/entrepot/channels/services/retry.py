"""The Retry button: by a problem's code, the one thing that makes the work due again. The work itself decides anew."""

from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone

from entrepot.accounts.services import audit
from entrepot.channels import engine
from entrepot.channels.errors import ProblemNotFound
from entrepot.channels.models import IncomingOrder, Listing, ListingChange, Problem, Run, StatusDebt, Store
from entrepot.channels.problems import problem_kind
from entrepot.channels.services.offers import ask_again
from entrepot.channels.services.runs import resume_run
from entrepot.channels.services.sync import sync_products
from entrepot.fulfilment.services.buying import ask_again as ask_for_label_again
from entrepot.kernel.actor import Actor


@transaction.atomic
def retry(*, seller_id: int, problem_id: int, actor: Actor) -> Problem:
    """Try again what a problem stands on. The problem goes when the work succeeds, and counts once more when not.

    Raises:
        ProblemNotFound: There is none, or it is another seller's.
    """
    problem = Problem.objects.filter(seller_id=seller_id, pk=problem_id).first()
    if problem is None:
        raise ProblemNotFound(problem_id=problem_id)
    if problem.resolved_at is None:
        _WAYS[problem_kind(problem.code).retry](problem, actor)
        audit(
            seller_id=seller_id,
            actor=actor,
            verb="problems.retry",
            object_type=problem.object_type,
            object_id=problem.object_id,
            facts={"code": problem.code},
        )
    return problem


@transaction.atomic
def dismiss(*, seller_id: int, problem_id: int, actor: Actor) -> Problem:
    """A person has settled it by hand. It opens again by itself if its cause comes back.

    Raises:
        ProblemNotFound: There is none, or it is another seller's.
    """
    problem = Problem.objects.select_for_update().filter(seller_id=seller_id, pk=problem_id).first()
    if problem is None:
        raise ProblemNotFound(problem_id=problem_id)
    if problem.resolved_at is None:
        problem.resolved_at, problem.resolved_by = timezone.now(), str(actor)[:120]
        problem.save(update_fields=["resolved_at", "resolved_by"])
    return problem


def _check_connection(problem: Problem, _actor: Actor) -> None:
    _wake("check_connection", problem)


def _register_webhook(problem: Problem, _actor: Actor) -> None:
    _wake("register_webhook", problem)


def _resume_run(problem: Problem, actor: Actor) -> None:
    run = Run.objects.filter(seller_id=problem.seller_id, pk=problem.object_id).first()
    if run is not None:
        resume_run(run=run, actor=actor)


def _wake_errand(problem: Problem, _actor: Actor) -> None:
    task = str(problem.fields.get("errand", ""))
    _wake(task if task in engine.ERRANDS else "check_connection", problem)


def _push_listing(problem: Problem, _actor: Actor) -> None:
    """Due again as it stands; only one that was thought missing is believed to be there once more."""
    rows = Listing.objects.filter(seller_id=problem.seller_id, pk=problem.object_id)
    rows.update(force_push=True, next_try_at=None)
    rows.filter(state=Listing.State.MISSING).update(state=Listing.State.ACTIVE)
    _wake("push_stock", problem)


def _sync_listing(problem: Problem, actor: Actor) -> None:
    """Read it from the store again: back to life if it is there, missing as before if not."""
    if problem.store_id:
        sync_products(
            seller_id=problem.seller_id,
            store_id=problem.store_id,
            listing_ids=[int(problem.object_id)],
            actor=actor,
        )


def _take_in_again(problem: Problem, _actor: Actor) -> None:
    rows = IncomingOrder.objects.filter(seller_id=problem.seller_id)
    rows = (
        rows.filter(pk=problem.object_id)
        if problem.object_type == "incoming_order"
        else rows.filter(order_id=problem.object_id)
    )
    rows.update(state=IncomingOrder.State.WAITING)
    if problem.store_id:
        Store.objects.filter(pk=problem.store_id, seller_id=problem.seller_id).update(orders_due_at=timezone.now())
    _wake("pull_orders", problem)


def _tell_status(problem: Problem, _actor: Actor) -> None:
    debts = StatusDebt.objects.filter(seller_id=problem.seller_id, sent_at=None, store_id=problem.store_id)
    if problem.object_type == "order":
        debts = debts.filter(order_id=problem.object_id)
    debts.update(next_try_at=None)
    _wake("push_statuses", problem)


def _buy_again(problem: Problem, actor: Actor) -> None:
    ask_for_label_again(seller_id=problem.seller_id, shipment_id=int(problem.fields.get("parcel", 0)), actor=actor)
    _wake("push_statuses", problem)


def _nothing(_problem: Problem, _actor: Actor) -> None:
    """The remedy is elsewhere; the sentence says where."""


def _wake(task: str, problem: Problem) -> None:
    if problem.store_id:
        engine.wake(task, problem.store_id)


def _change_again(problem: Problem, actor: Actor) -> None:
    rows = ListingChange.objects.filter(seller_id=problem.seller_id, pk=problem.object_id)
    if rows.filter(state=ListingChange.State.FAILED).exists():
        ask_again(seller_id=problem.seller_id, change_id=int(problem.object_id), actor=actor)


_WAYS: Mapping[str, Callable[[Problem, Actor], None]] = {
    "": _nothing,
    "check_connection": _check_connection,
    "register_webhook": _register_webhook,
    "resume_run": _resume_run,
    "wake_errand": _wake_errand,
    "push_listing": _push_listing,
    "ask_again": _change_again,
    "sync_listing": _sync_listing,
    "take_in_again": _take_in_again,
    "tell_status": _tell_status,
    "buy_again": _buy_again,
}
