"""`entrepot problems …` and `entrepot journal …`."""

import click

from entrepot.channels.queries import desk
from entrepot.channels.services.retry import dismiss, retry
from entrepot.channels.words import call_purpose, problem_remedy, problem_sentence, spoken
from entrepot.cli.shown import json_option, person, said, seller_option, show_rows


@click.group()
def problems() -> None:
    """What a person should look at."""


@problems.command("list")
@seller_option
@click.option("--resolved", is_flag=True, help="Those already settled.")
@json_option
def list_problems(seller_id: int, *, resolved: bool, as_json: bool) -> None:
    """Problems, newest first, and what to do."""
    page = desk.problems(seller_id=seller_id, resolved=resolved, limit=200)
    show_rows(
        (
            {
                "id": row.pk,
                "code": row.code,
                "what": problem_sentence(row.code, row.fields),
                "do": problem_remedy(row.code, row.fields),
                "times": row.occurrences,
                "last_at": row.last_at,
            }
            for row in page.rows
        ),
        as_json=as_json,
        empty="No problems.",
    )


@problems.command("retry")
@seller_option
@click.argument("problem_id", type=int)
def retry_problem(seller_id: int, problem_id: int) -> None:
    """Try again what the problem stands on."""
    retry(seller_id=seller_id, problem_id=problem_id, actor=person())
    said("Under way. The problem goes away by itself when it works.")


@problems.command("resolve")
@seller_option
@click.argument("problem_id", type=int)
def resolve_problem(seller_id: int, problem_id: int) -> None:
    """Say that it is settled."""
    dismiss(seller_id=seller_id, problem_id=problem_id, actor=person())
    said("Settled.")


@click.group()
def journal() -> None:
    """What was said between Entrepot and the stores."""


@journal.command("list")
@seller_option
@click.option("--store", "store_id", type=int, default=None, help="Only this store.")
@click.option("--about", default="", help="An object, such as order:12.")
@click.option("--failed", is_flag=True, help="Only calls that failed.")
@json_option
def list_journal(seller_id: int, store_id: int | None, about: str, *, failed: bool, as_json: bool) -> None:
    """Calls, newest first."""
    page = desk.journal(seller_id=seller_id, store_id=store_id, about=about, outcome="failed" if failed else "")
    show_rows(
        (
            {
                "id": row.pk,
                "at": row.at,
                "store": row.store.sales_channel.name,
                "for": call_purpose(row),
                "call": f"{row.method} {row.target}",
                "status": row.status,
                "ms": row.milliseconds,
                "error": row.error_code,
                "why": spoken(row.error_reason),
            }
            for row in page.rows
        ),
        as_json=as_json,
    )


@journal.command("show")
@seller_option
@click.argument("entry_id", type=int)
def show_call(seller_id: int, entry_id: int) -> None:
    """One call with its bodies, secrets and personal data masked."""
    row = desk.journal_entry(seller_id=seller_id, entry_id=entry_id)
    said(f"{row.at.isoformat()} {row.method} {row.target} -> {row.status} in {row.milliseconds} ms {row.error_code}")
    said(" · ".join(filter(None, (call_purpose(row), spoken(row.error_reason)))))
    said(row.request)
    said(row.answer)
