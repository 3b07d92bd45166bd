"""`entrepot up`: everything on this machine with one command, and everything stopped with one Ctrl-C.

This process stays small: it never loads Django. What needs the books is done by children.
"""

import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from entrepot.project import postgres
from entrepot.project.children import die_with_parent
from entrepot.project.environment import home_folder
from entrepot.project.supervisor import Part, Supervisor, entrepot, need_ports, only_one

LIVE_OFFSET = 1
SHOP_OFFSET = 2
MALL_OFFSET = 3
PAGES_FIRST_SECONDS = 15.0


@click.command()
@click.option("--demo", is_flag=True, help="Also run a simulated OpenCart shop and a Cafe24 mall, connected and live.")
@click.option("--port", default=8000, show_default=True, help="Of the pages; live updates take the next one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes that serve pages.")
@click.option("--concurrency", default=8, show_default=True, help="Jobs that run at once.")
def up(*, demo: bool, port: int, host: str, workers: int, concurrency: int) -> None:
    """Run all of Entrepot on this machine: database, pages, work and live updates. Ctrl-C stops everything."""
    home = home_folder(os.environ)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with only_one(home):
        need_ports(host, port, 4 if demo else 2)
        _set_environment(host, port, demo=demo)
        database = None if os.environ.get("DATABASE_URL") else postgres.start(home)
        supervisor = Supervisor(home / "run", database, lambda: postgres.start(home), _say)
        try:
            _run(supervisor, _parts(host, port, workers, concurrency), home, host, port, demo=demo)
        except KeyboardInterrupt:
            _say("stopping")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            supervisor.stop()
            _say("everything has stopped")


def _run(supervisor: Supervisor, parts: list[Part], home: Path, host: str, port: int, *, demo: bool) -> None:
    """The pages come first, since a person waits for them; but work does not wait for pages that do not come up."""
    facts = _prepare(demo=demo)
    stores, errands = _stores(home, port) if demo else ([], [])
    first, rest = [*stores, *parts[:1]], [*parts[1:], *errands]
    for part in first:
        supervisor.add(part)
    latest = time.monotonic() + PAGES_FIRST_SECONDS
    supervisor.watch(until=lambda: _answers(host, port) or time.monotonic() > latest)
    for part in rest:
        supervisor.add(part)
    supervisor.watch(until=lambda: _answers(host, port))
    _greet(facts.get("link"), port if demo else None)
    supervisor.watch()


def _set_environment(host: str, port: int, *, demo: bool) -> None:
    """What the children must know and nobody said."""
    named = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    os.environ.setdefault("ENTREPOT_PUBLIC_URL", f"http://{named}:{port}")
    os.environ.setdefault("ENTREPOT_LIVE_PORT", str(port + LIVE_OFFSET))
    if demo:
        os.environ["ENTREPOT_DEMO"] = "1"
        os.environ["ENTREPOT_CAFE24_API_BASE"] = f"http://127.0.0.1:{port + MALL_OFFSET}"


def _parts(host: str, port: int, workers: int, concurrency: int) -> list[Part]:
    served = ["--host", host, "--port"]
    return [
        Part("web", entrepot("web", *served, str(port), "--workers", str(workers))),
        Part("worker", entrepot("worker", "--concurrency", str(concurrency))),
        Part("live", entrepot("live", *served, str(port + LIVE_OFFSET))),
    ]


def _stores(home: Path, port: int) -> tuple[list[Part], list[Part]]:
    """The simulated shop and mall, and the errand that connects them. They share one secret."""
    folder = home / "demo"
    folder.mkdir(exist_ok=True, mode=0o700)
    key = folder / "shop_secret"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(32))
    secret = key.read_text()
    shop = [sys.executable, "-m", "entrepot.connectors.opencart.simulator", "--port", str(port + SHOP_OFFSET)]
    shop += ["--secret", secret, "--state", str(folder / "shop.state")]
    mall = [sys.executable, "-m", "entrepot.connectors.cafe24.simulator", "--port", str(port + MALL_OFFSET)]
    mall += ["--client-id", "EntrepotDemoApp", "--client-secret", secret, "--state", str(folder / "mall.state")]
    environment = {
        "ENTREPOT_DEMO_SHOP": f"http://127.0.0.1:{port + SHOP_OFFSET}/",
        "ENTREPOT_DEMO_SECRET": secret,
    }
    return [Part("shop", shop, quiet=True), Part("mall", mall, quiet=True)], [
        Part("demo-stores", entrepot("demo-stores"), environment, once=True),
    ]


def _prepare(*, demo: bool) -> dict[str, str | None]:
    """Let a child bring the tables to this version and make the link; what it answers."""
    done = subprocess.run(  # noqa: S603 - our own command
        entrepot("prepare", *(["--demo"] if demo else [])),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=False,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    if done.returncode:
        sys.exit(done.returncode)
    facts: dict[str, str | None] = json.loads(done.stdout)
    return facts


def _answers(host: str, port: int) -> bool:
    """Whether the pages are served yet."""
    named = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    asking = http.client.HTTPConnection(named, port, timeout=2)
    try:
        asking.request("GET", "/healthz", headers={"Host": "localhost"})
        return asking.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def _greet(link: str | None, demo_port: int | None) -> None:
    click.echo("")
    click.secho("  Entrepot is running.", bold=True)
    click.echo(f"  Open      {os.environ['ENTREPOT_PUBLIC_URL']}")
    if link:
        click.echo(f"  Sign in   {link}   (works once)")
    else:
        click.echo("  Sign in   with your password; `entrepot sign-in-link EMAIL` makes a one-time link")
    if demo_port is not None:
        shop, mall = (f"http://127.0.0.1:{demo_port + offset}/" for offset in (SHOP_OFFSET, MALL_OFFSET))
        click.echo(f"  Shop      {shop}   a simulated OpenCart shop")
        click.echo(f"  Mall      {mall}   a simulated Cafe24 mall; both are being connected, see the page of stores")
        click.echo("  Tour      “Take the tour” on the first page: what is where, in five minutes")
        click.echo("  Try       buy something in one of them, and watch its number fall in the other and on the desk")
    click.echo("  Stop      Ctrl-C")
    click.echo("", nl=True)
    sys.stdout.flush()


def _say(words: str) -> None:
    click.echo(f"entrepot: {words}", err=True)
