"""`entrepot endpoints …`: other systems that are told what happens."""

import click

from entrepot.cli.shown import json_option, person, said, seller_option, show_rows
from entrepot.outgoing import queries
from entrepot.outgoing.kinds import CHOICES
from entrepot.outgoing.notices import shown
from entrepot.outgoing.services import endpoints as verbs
from entrepot.outgoing.services.deliver import send_again


@click.group()
def endpoints() -> None:
    """Other systems that are told what happens."""


@endpoints.command("list")
@seller_option
@json_option
def list_endpoints(seller_id: int, *, as_json: bool) -> None:
    """The addresses, how they do, and how much waits."""
    show_rows(
        (
            {
                "id": row.pk,
                "name": row.name,
                "told": row.warehouse.name if row.warehouse else ", ".join(row.kinds),
                "state": row.state,
                "waiting": getattr(row, "waiting", 0),
                "failing_since": row.failing_since,
                "last_taken": row.last_taken_at,
            }
            for row in queries.endpoints(seller_id=seller_id)
        ),
        as_json=as_json,
    )


@endpoints.command("add")
@seller_option
@click.argument("name")
@click.argument("url")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(list(CHOICES)), help="What it asks for; several.")
@click.option("--warehouse", "warehouse_id", type=int, default=None, help="The system that works in this warehouse.")
@click.option("--label", type=click.Choice(["link", "pdf", "zpl"]), default="link", help="How it gets labels.")
def add(*, seller_id: int, name: str, url: str, kinds: tuple[str, ...], warehouse_id: int | None, label: str) -> None:
    """Tell an address what happens from now on; its signing secret is shown this once."""
    made = verbs.add_endpoint(
        seller_id=seller_id,
        name=name,
        url=url,
        kinds=kinds,
        warehouse_id=warehouse_id,
        label=label,
        actor=person(),
    )
    said(f"Address {made.endpoint.pk} is told from now on. Its secret, shown this once: {made.secret}")


@endpoints.command("change")
@seller_option
@click.argument("endpoint_id", type=int)
@click.option("--name", default=None)
@click.option("--url", default=None)
@click.option("--kind", "kinds", multiple=True, type=click.Choice(list(CHOICES)), help="Instead of those before.")
@click.option("--label", type=click.Choice(["link", "pdf", "zpl"]), default=None)
def change(
    *, seller_id: int, endpoint_id: int, name: str | None, url: str | None, kinds: tuple[str, ...], label: str | None
) -> None:
    """Change what is given; what waits is sent to the new address."""
    verbs.change_endpoint(
        seller_id=seller_id,
        endpoint_id=endpoint_id,
        name=name,
        url=url,
        kinds=kinds or None,
        label=label,
        actor=person(),
    )
    said("Changed.")


@endpoints.command("new-secret")
@seller_option
@click.argument("endpoint_id", type=int)
def new_secret(seller_id: int, endpoint_id: int) -> None:
    """Make the signing secret anew; for 24 hours messages are signed with both."""
    made = verbs.new_secret(seller_id=seller_id, endpoint_id=endpoint_id, actor=person())
    said(f"The new secret, shown this once: {made.secret}")


@endpoints.command("pause")
@seller_option
@click.argument("endpoint_id", type=int)
def pause(seller_id: int, endpoint_id: int) -> None:
    """Send nothing until it is resumed."""
    verbs.pause_endpoint(seller_id=seller_id, endpoint_id=endpoint_id, actor=person())
    said("Paused.")


@endpoints.command("resume")
@seller_option
@click.argument("endpoint_id", type=int)
def resume(seller_id: int, endpoint_id: int) -> None:
    """Send again; also tries at once what waits."""
    verbs.resume_endpoint(seller_id=seller_id, endpoint_id=endpoint_id, actor=person())
    said("What waits is sent now.")


@endpoints.command("ping")
@seller_option
@click.argument("endpoint_id", type=int)
def ping(seller_id: int, endpoint_id: int) -> None:
    """Send a message that says nothing, to see that it is taken."""
    notice = verbs.ping(seller_id=seller_id, endpoint_id=endpoint_id, actor=person())
    said(f"Message {notice.pk} is on its way.")


@endpoints.command("delete")
@seller_option
@click.argument("endpoint_id", type=int)
@click.confirmation_option(prompt="Forget this address and what waits for it?")
def delete(seller_id: int, endpoint_id: int) -> None:
    """Forget an address, its secret and its messages."""
    verbs.delete_endpoint(seller_id=seller_id, endpoint_id=endpoint_id, actor=person())
    said("Deleted.")


@endpoints.command("messages")
@seller_option
@click.argument("endpoint_id", type=int)
@click.option("--waiting", is_flag=True, help="Only those that were not taken yet.")
@click.option("--after", default="", help="The bookmark of the next page.")
@json_option
def messages(seller_id: int, endpoint_id: int, after: str, *, waiting: bool, as_json: bool) -> None:
    """Messages to an address, the newest first."""
    queries.endpoint(seller_id=seller_id, endpoint_id=endpoint_id)
    page = queries.notices(seller_id=seller_id, endpoint_id=endpoint_id, waiting=waiting, after=after)
    show_rows(
        (
            {
                "id": row.pk,
                "kind": row.kind,
                "made": row.made_at,
                "taken": row.taken_at,
                "tries": row.attempts,
                "trouble": row.error_code,
            }
            for row in page.rows
        ),
        as_json=as_json,
    )
    if page.next and not as_json:
        said(f"More: --after {page.next}")


@endpoints.command("message")
@seller_option
@click.argument("notice_id", type=int)
def message(seller_id: int, notice_id: int) -> None:
    """One message with its body and tries; personal data is masked."""
    found = queries.notice(seller_id=seller_id, notice_id=notice_id)
    said(f"{found.kind} {found.uid}\n{shown(found)}")
    for row in queries.attempts(seller_id=seller_id, notice_id=notice_id):
        said(f"{row.at:%Y-%m-%d %H:%M:%S} {row.status or '–'} {row.error_code} {row.milliseconds} ms {row.answer}")


@endpoints.command("again")
@seller_option
@click.argument("notice_id", type=int)
def again(seller_id: int, notice_id: int) -> None:
    """Send a message that was taken once more, the same under the same id."""
    send_again(seller_id=seller_id, notice_id=notice_id, actor=person())
    said("It is on its way once more.")
