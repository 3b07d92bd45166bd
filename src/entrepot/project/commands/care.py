"""Looking after an installation."""

import sys
from pathlib import Path

import click

from entrepot.accounts import services
from entrepot.kernel.actor import Actor
from entrepot.project import backup as backups
from entrepot.project.doctor import examine
from entrepot.project.keys import reseal_stores
from entrepot.project.prepare import link_address
from entrepot.project.prepare import migrate as bring_up_to_date

TERMINAL = Actor("cli", "terminal")
MARKS = {"good": ("ok  ", "green"), "warning": ("look", "yellow"), "bad": ("BAD ", "red")}


@click.command()
def migrate() -> None:
    """Bring the database to this version. Safe to run from several machines at once."""
    done = bring_up_to_date()
    click.echo(f"{len(done)} migrations applied." if done else "Nothing to do.")


@click.command()
def doctor() -> None:
    """Check that everything is well, in plain words. Exit code 1 when something is bad."""
    findings = list(examine())
    for finding in findings:
        mark, colour = MARKS[finding.health]
        click.echo(f"{click.style(mark, fg=colour)}  {finding.check:<11} {finding.words}")
    sys.exit(any(finding.health == "bad" for finding in findings))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-keys", is_flag=True, help="Put the secret keys in too. Whoever has the file has everything.")
def backup(*, file: Path, with_keys: bool) -> None:
    """Write everything to FILE. Entrepot may go on working meanwhile."""
    backups.write_backup(file, with_keys=with_keys)
    click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB")
    if with_keys:
        click.secho("The secret keys are in this file: keep it as you keep passwords.", fg="yellow", err=True)
    else:
        click.echo("Without the secret keys; keep those of ENTREPOT_HOME/secret_keys elsewhere.", err=True)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace books that are already there.")
def restore(*, file: Path, force: bool) -> None:
    """Replace everything in the database by the backup in FILE: whole, or not at all."""
    for words in backups.read_backup(file, force=force):
        click.secho(words, fg="yellow", err=True)
    bring_up_to_date()
    click.echo("Restored.")


@click.command()
@click.argument("email")
def sign_in_link(*, email: str) -> None:
    """Make a link that signs EMAIL in once, within half an hour: for a forgotten password."""
    click.echo(link_address(services.sign_in_link(email=email, actor=TERMINAL)))


@click.command()
def rotate_keys() -> None:
    """Seal all stored secrets with the newest key; after this the older keys may be taken away."""
    click.echo(f"{reseal_stores(actor=TERMINAL)} stores sealed anew.")
