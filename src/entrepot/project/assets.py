"""What pages load besides themselves (style, script, icons, type): named by content, compressed once, kept for ever.

A web process prepares them before it serves: one folder of the home for each content of the sources, so nothing is
done where it is there already. Until then, and while developing, the sources are served as they lie.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import brotli
import structlog
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

log = structlog.get_logger(__name__)
WAY = "1"
"""How they are prepared; another way is another folder."""
QUALITY = 10
"""Of brotli: 11 takes three times as long for 3 % less."""
UNUSED_SECONDS = 30 * 24 * 3600
MAKING = "making-"


def shelf() -> Path:
    """Where all that was prepared lies, one folder for each content."""
    return Path(settings.HOME) / "assets"


@cache
def sources() -> dict[str, Path]:
    """Each file of ours by its name; what other packages bring along is on no page."""
    found: dict[str, Path] = {}
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            if path.is_relative_to(settings.PACKAGE):
                found.setdefault(name, path)
    return found


@cache
def folder() -> Path:
    """Where these sources lie once they are prepared: named by all their content."""
    whole = hashlib.sha256(WAY.encode())
    for name, path in sorted(sources().items()):
        whole.update(f"\0{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
    return shelf() / whole.hexdigest()[:16]


class _Compressor(Compressor):
    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        packed: bytes = brotli.compress(data, quality=QUALITY)
        return packed


class Assets(CompressedManifestStaticFilesStorage):
    """Addresses of the prepared files; of the sources themselves where none are prepared."""

    keep_only_hashed_files = True

    def __init__(self, location: str | None = None) -> None:
        super().__init__(location=location or str(folder()))

    def stored_name(self, name: str) -> str:
        """The name with the hash in it, or as it is: a page is shown even where a name is unknown."""
        stored: str = self.hashed_files.get(self.hash_key(self.clean_name(name)), name)
        return stored

    def create_compressor(self, **options: Any) -> Compressor:  # noqa: ANN401 - whitenoise's own
        return _Compressor(**options)


class AssetsMiddleware(WhiteNoiseMiddleware):
    """Serves the prepared files for ever, and the sources under their plain names for a minute."""

    def __init__(self, get_response: Any) -> None:  # noqa: ANN401 - whitenoise's own
        super().__init__(get_response)
        if not self.autorefresh and is_prepared(folder()):
            self.add_files(str(folder()), prefix=self.static_prefix)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the file; with today's where the hash is of another version, as while machines are renewed."""
        path = request.path_info
        if path not in self.files and path.startswith(self.static_prefix):
            plain = self.files.get(self.get_name_without_hash(path))
            if plain is not None:
                return self.serve(plain, request)
        return super().__call__(request)


def is_prepared(place: Path) -> bool:
    """Whether a folder holds all: it gets its name when it is whole."""
    return (Path(place) / str(Assets.manifest_name)).exists()


def prepare() -> None:
    """See that the files are prepared. Of several processes that start at once one does it, the others wait.

    A home that cannot be written to is no reason not to serve, nor a style that names what is not there: the sources
    are served then.
    """
    if settings.DEBUG:
        return
    try:
        if not is_prepared(folder()):
            with _alone():
                if not is_prepared(folder()):
                    _make(folder())
        os.utime(folder())
        _tidy()
    except (OSError, ValueError) as trouble:  # a style may name a file that is not there
        log.warning("assets_not_prepared", why=str(trouble))


@contextmanager
def _alone() -> Iterator[None]:
    shelf().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (shelf() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(place: Path) -> None:
    """Hash and compress into a folder beside, and put it in its place when it is whole."""
    making = Path(tempfile.mkdtemp(dir=shelf(), prefix=MAKING))
    try:
        names = {}
        storage = Assets(str(making))
        for name, path in sources().items():
            (making / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, making / name)
            names[name] = (storage, name)
        for _name, _hashed, outcome in storage.post_process(names, dry_run=False):
            if isinstance(outcome, Exception):
                raise outcome
        making.rename(place)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _tidy() -> None:
    """Remove what nobody has used for a month: other versions, and what was never finished."""
    for place in shelf().iterdir():
        with suppress(FileNotFoundError):
            if place.is_dir() and place != folder() and place.stat().st_mtime < time.time() - UNUSED_SECONDS:
                shutil.rmtree(place, ignore_errors=True)
