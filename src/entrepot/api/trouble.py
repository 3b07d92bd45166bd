"""Problems and the payload journal over the API."""

from ninja import Router

from entrepot.api.door import CalledRequest, needs
from entrepot.api.words import REFUSALS, JournalDetailOut, JournalOut, Listed, ProblemOut
from entrepot.channels.models import JournalEntry, Problem
from entrepot.channels.queries import desk
from entrepot.channels.services import retry as again
from entrepot.kernel.page import Page

router = Router()


@router.get("/problems", response={200: Listed[ProblemOut], **REFUSALS})
@needs("problems.view")
def list_problems(
    request: CalledRequest, code: str = "", store_id: int | None = None, *, resolved: bool = False, after: str = ""
) -> Page[Problem]:
    """What a person should look at, newest first, with what to do in the caller's language."""
    return desk.problems(seller_id=request.auth.seller_id, code=code, store_id=store_id, resolved=resolved, after=after)


@router.get("/problems/{int:problem_id}", response={200: ProblemOut, **REFUSALS})
@needs("problems.view")
def one_problem(request: CalledRequest, problem_id: int) -> Problem:
    """One problem."""
    return desk.problem(seller_id=request.auth.seller_id, problem_id=problem_id)


@router.post("/problems/{int:problem_id}/retry", response={200: ProblemOut, **REFUSALS})
@needs("problems.retry")
def retry(request: CalledRequest, problem_id: int) -> Problem:
    """Try again what the problem stands on; it resolves itself when that works."""
    caller = request.auth
    again.retry(seller_id=caller.seller_id, problem_id=problem_id, actor=caller.actor)
    return desk.problem(seller_id=caller.seller_id, problem_id=problem_id)


@router.post("/problems/{int:problem_id}/resolve", response={200: ProblemOut, **REFUSALS})
@needs("problems.retry")
def resolve(request: CalledRequest, problem_id: int) -> Problem:
    """Say that it is settled."""
    caller = request.auth
    again.dismiss(seller_id=caller.seller_id, problem_id=problem_id, actor=caller.actor)
    return desk.problem(seller_id=caller.seller_id, problem_id=problem_id)


@router.get("/journal", response={200: Listed[JournalOut], **REFUSALS})
@needs("journal.view")
def list_journal(
    request: CalledRequest, store_id: int | None = None, about: str = "", outcome: str = "", after: str = ""
) -> Page[JournalEntry]:
    """Calls to and from the stores, newest first. `about`: an object such as order:12; `outcome`: ok, failed."""
    return desk.journal(seller_id=request.auth.seller_id, store_id=store_id, about=about, outcome=outcome, after=after)


@router.get("/journal/{int:entry_id}", response={200: JournalDetailOut, **REFUSALS})
@needs("journal.view")
def one_call(request: CalledRequest, entry_id: int) -> JournalEntry:
    """One call with its bodies; secrets and personal data are masked."""
    return desk.journal_entry(seller_id=request.auth.seller_id, entry_id=entry_id)
