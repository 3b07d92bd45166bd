"""The `entrepot` command put together: the installation's own commands, then the nouns."""

from importlib.metadata import version

import click

from entrepot.cli.main import NOUNS, Entry, LazyGroup

COMMANDS = "entrepot.project.commands"
SYSTEM = {
    "up": Entry(f"{COMMANDS}.up:up", "Run all of Entrepot on this machine.", books=False),
    "web": Entry(f"{COMMANDS}.web:web", "Serve pages and API.", books=False),
    "worker": Entry(f"{COMMANDS}.serve:worker", "Do the work: imports, orders, stock pushes."),
    "live": Entry(f"{COMMANDS}.serve:live", "Serve live updates to open pages."),
    "migrate": Entry(f"{COMMANDS}.care:migrate", "Bring the database to this version."),
    "doctor": Entry(f"{COMMANDS}.care:doctor", "Check that everything is well, in plain words."),
    "backup": Entry(f"{COMMANDS}.care:backup", "Write everything to one file."),
    "restore": Entry(f"{COMMANDS}.care:restore", "Bring a backup back."),
    "sign-in-link": Entry(f"{COMMANDS}.care:sign_in_link", "Make a link that signs somebody in once."),
    "rotate-keys": Entry(f"{COMMANDS}.care:rotate_keys", "Seal all stored secrets with the newest key."),
    "opencart-bridge": Entry(f"{COMMANDS}.shops:opencart_bridge", "Build the OpenCart extension.", books=False),
    "simulator": Entry(f"{COMMANDS}.shops:simulator", "Run a simulated shop.", books=False),
    "conformance": Entry(f"{COMMANDS}.shops:conformance", "Check a connector against a shop.", books=False),
    "prepare": Entry(f"{COMMANDS}.inner:prepare", "What `up` does before it starts the rest.", hidden=True),
    "demo-stores": Entry(f"{COMMANDS}.inner:demo_stores", "Connect the demo's shop and mall.", hidden=True),
}


@click.group(cls=LazyGroup, entries=SYSTEM | NOUNS, open_books="entrepot.project.books:open_books")
@click.version_option(version("entrepot"), prog_name="entrepot")
def entrepot() -> None:
    """Entrepot: one order desk and one stock figure for all your stores."""


def main() -> None:
    """The console script."""
    entrepot(prog_name="entrepot")
