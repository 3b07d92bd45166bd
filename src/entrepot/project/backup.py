"""Everything in one file and back: a tar with pg_dump's archive, a description, and the keys when asked for."""

import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection

from entrepot.accounts.models import Seller
from entrepot.kernel.crypto import key_mark
from entrepot.project.books import connection_facts
from entrepot.project.errors import BackupFailed, DatabaseNotEmpty, HomeInUse, NoPostgres, NotABackup
from entrepot.project.postgres.binaries import Binaries, candidates
from entrepot.project.supervisor import running_pid

DUMP, MANIFEST, KEYS = "database.dump", "manifest.json", "secret_keys"
LIBPQ = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
LIBPQ |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "options": "PGOPTIONS"}
WIPE = Path(__file__).with_name("wipe.sql")


def write_backup(target: Path, *, with_keys: bool = False) -> None:
    """Write a backup to `target` (mode 0600, whole or not at all). Entrepot may go on working meanwhile.

    Without the keys, the stores' credentials in it open only where the same keys are.

    Raises:
        BackupFailed: pg_dump said no.
        NoPostgres: No fitting pg_dump was found.
    """
    manifest = {
        "entrepot": version("entrepot"),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "key_marks": [key_mark(key) for key in settings.SECRET_KEYS],
    }
    making = target.with_name(f".{target.name}.{os.getpid()}")
    with TemporaryDirectory(dir=target.absolute().parent, prefix=".entrepot-") as folder:
        dump = Path(folder) / DUMP
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
        making.touch(mode=0o600)
        with tarfile.open(making, "w") as bundle:
            _put(bundle, MANIFEST, json.dumps(manifest, indent=1).encode())
            if with_keys:
                _put(bundle, KEYS, "\n".join(settings.SECRET_KEYS).encode() + b"\n")
            bundle.add(dump, DUMP)
    making.replace(target)


def read_backup(source: Path, *, force: bool = False) -> list[str]:
    """Replace everything in the database by the backup, in one transaction: whole or not at all.

    Keys that came along are added behind the ones that are there. Answers what the person should know.

    Raises:
        HomeInUse: Entrepot runs on this home.
        DatabaseNotEmpty: There are books already and `force` was not given.
        NotABackup: The file is no backup of Entrepot.
        BackupFailed: pg_restore or psql said no; nothing has changed.
    """
    if (pid := running_pid(settings.HOME)) is not None:
        raise HomeInUse(home=settings.HOME, pid=pid)
    sellers = Seller.objects.count() if "accounts_seller" in connection.introspection.table_names() else 0
    if sellers and not force:
        raise DatabaseNotEmpty(sellers=sellers)
    connection.close()
    with TemporaryDirectory(prefix="entrepot-") as folder:
        manifest, keys = _unpack(source, Path(folder))
        script = Path(folder) / "script.sql"
        no = ["--no-owner", "--no-privileges", "--no-comments"]
        _run("pg_restore", *no, f"--file={script}", str(Path(folder) / DUMP))
        strict = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        _run("psql", *strict, "--output=/dev/null", f"--file={WIPE}", f"--file={script}")
    return _keep_keys(keys, manifest)


def _keep_keys(keys: list[str], manifest: Mapping[str, list[str]]) -> list[str]:
    """Add the backup's keys to the ring; words about those that are missing."""
    ring = list(settings.SECRET_KEYS)
    missing = [key for key in keys if key not in ring]
    if missing and os.environ.get("ENTREPOT_SECRET_KEYS"):
        return [
            "Add the keys of the backup behind yours in ENTREPOT_SECRET_KEYS, or stores need their credentials again."
        ]
    if missing:
        path = settings.HOME / "secret_keys"
        making = path.with_suffix(".making")
        making.touch(mode=0o600)
        making.write_text("\n".join([*ring, *missing]) + "\n")
        making.replace(path)
        return [
            "The keys of the backup were added behind the ones here; `entrepot rotate-keys` seals all with the newest."
        ]
    known = {key_mark(key) for key in ring}
    if not known.intersection(manifest.get("key_marks", [])):
        return ["The keys of the backup are not here, so stores need their credentials again."]
    return []


def _unpack(source: Path, folder: Path) -> tuple[dict[str, list[str]], list[str]]:
    try:
        with tarfile.open(source) as bundle:
            manifest: dict[str, list[str]] = json.loads(_get(bundle, MANIFEST))
            names = bundle.getnames()
            keys = _get(bundle, KEYS).decode().split() if KEYS in names else []
            with (folder / DUMP).open("wb") as dump, _open(bundle, DUMP) as packed:
                shutil.copyfileobj(packed, dump)
    except (tarfile.TarError, OSError, KeyError, ValueError) as error:
        raise NotABackup(str(error), file=source) from None
    return manifest, keys


def _open(bundle: tarfile.TarFile, name: str) -> io.BufferedReader:
    member = bundle.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member  # type: ignore[return-value] # a regular member's reader is buffered


def _get(bundle: tarfile.TarFile, name: str) -> bytes:
    with _open(bundle, name) as member:
        return member.read()


def _put(bundle: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    bundle.addfile(info, io.BytesIO(content))


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on our database; the password goes by the environment."""
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    environment |= {LIBPQ[name]: value for name, value in connection_facts().items() if name in LIBPQ}
    command = [_fitting(program).program(program), *arguments]
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        command, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise BackupFailed(program=program, words=" / ".join(lines[-3:]) or f"exit code {done.returncode}")


def _fitting(program: str) -> Binaries:
    """Programs that are not older than the server."""
    connection.ensure_connection()
    major = connection.connection.info.server_version // 10_000
    connection.close()
    for binaries in candidates(os.environ):
        if binaries.major >= major and (binaries.folder / program).is_file():
            return binaries
    raise NoPostgres(f"{program} of PostgreSQL {major} or newer")
