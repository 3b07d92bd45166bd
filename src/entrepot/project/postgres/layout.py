"""Where the embedded cluster keeps its things; pure arithmetic on the home folder, so settings can ask too."""

import hashlib
import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"
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
    where an unprivileged user can reach it without any parent folder's mode being touched: below /var/lib/entrepot.
    `ENTREPOT_POSTGRES_FOLDER` names another place for the data.
    """
    home = home.absolute()
    own = home / "postgres"
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    as_root = os.geteuid() == 0
    place = ROOTS_PLACE / digest if as_root else own
    if given := environ.get("ENTREPOT_POSTGRES_FOLDER"):
        place = Path(given).absolute()
    socket = place / "socket"
    if len(os.fsencode(socket / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        socket = Path(f"/tmp/entrepot-{os.geteuid()}-{digest}")  # noqa: S108 - 0700 and its owner is checked before use
    return Layout(own, place, socket, _unprivileged(environ) if as_root else None)


def _unprivileged(environ: Mapping[str, str]) -> pwd.struct_passwd:
    """The user the database runs as when we are root: `ENTREPOT_POSTGRES_USER`, `postgres` or `nobody`; never made."""
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    names = [environ.get("ENTREPOT_POSTGRES_USER", ""), "postgres", "nobody"]
    return next(known[name] for name in names if name in known)
