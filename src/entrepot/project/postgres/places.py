"""Where the embedded cluster keeps its things; pure arithmetic on the home folder, so settings can ask too."""

import hashlib
import os
import pwd
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"
POINTER = "place"
ROOTS_PLACE = Path("/var/lib/entrepot")


@dataclass(frozen=True, slots=True)
class Layout:
    """Secrets, locks and the log are ours (`own`); data and socket belong to the user the database runs as.

    `run_as` None = the database runs as ourselves.
    """

    own: Path
    place: Path
    socket: Path
    run_as: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        """The cluster's data folder."""
        return self.place / "data"

    @property
    def password(self) -> Path:
        """The application's password, mode 0600."""
        return self.own / "password"

    @property
    def superuser_password(self) -> Path:
        """The password of the cluster's superuser, used by the launcher alone, mode 0600."""
        return self.own / "superuser_password"

    @property
    def log(self) -> Path:
        """What the database says; statements and values are kept out of it."""
        return self.own / "log"


def layout(home: Path, environ: Mapping[str, str]) -> Layout:
    """The layout for `home`.

    As an ordinary user all of it stands in `home/postgres`. PostgreSQL refuses to run as root, so as root the data goes
    where an unprivileged user can reach it without any parent folder's mode being touched: below /var/lib/entrepot, in
    the folder that the home's file `postgres/place` names. `ENTREPOT_POSTGRES_FOLDER` names another place for the data.
    """
    home = home.absolute()
    own = home / "postgres"
    as_root = os.geteuid() == 0
    pointer = own / POINTER
    if given := environ.get("ENTREPOT_POSTGRES_FOLDER"):
        place = Path(given).absolute()
    elif as_root and pointer.exists():
        place = Path(pointer.read_text().strip())
    else:
        place = own
    socket = place / "socket"
    if len(os.fsencode(socket / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
        socket = Path(f"/tmp/entrepot-{os.geteuid()}-{digest}")  # noqa: S108 - 0700 and its owner is checked before use
    return Layout(own, place, socket, _unprivileged(environ) if as_root else None)


def settle(home: Path, environ: Mapping[str, str]) -> None:
    """Before the first start as root: choose a place that nobody has, and remember it in the home.

    The place belongs to the home, not to its path: a home that is moved keeps its data, and a new one where another was
    deleted does not fall heir to data it has no password for.
    """
    pointer = home.absolute() / "postgres" / POINTER
    if os.geteuid() != 0 or environ.get("ENTREPOT_POSTGRES_FOLDER") or pointer.exists():
        return
    making = pointer.with_suffix(".making")
    making.write_text(f"{ROOTS_PLACE / secrets.token_hex(6)}\n")
    making.rename(pointer)


def _unprivileged(environ: Mapping[str, str]) -> pwd.struct_passwd:
    """The user the database runs as when we are root: `ENTREPOT_POSTGRES_USER`, `postgres` or `nobody`; never made."""
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    names = [environ.get("ENTREPOT_POSTGRES_USER", ""), "postgres", "nobody"]
    return next(known[name] for name in names if name in known)
