"""What the environment says: where the database is and which keys encrypt. Plain functions, no Django."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from entrepot.project.postgres.places import layout

SHORTEST_KEY = 24


def home_folder(environ: Mapping[str, str]) -> Path:
    """Where the embedded database, the keys, logs and demo shops live: `ENTREPOT_HOME`, else `~/.entrepot`."""
    given = environ.get("ENTREPOT_HOME")
    return Path(given).expanduser().absolute() if given else Path.home() / ".entrepot"


def origin(url: str) -> str:
    """Scheme, host and port of an address, as browsers send it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def words(text: str | None) -> list[str]:
    """The parts of a list with commas."""
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def host_of(url: str) -> str:
    """The host of an address, without its port."""
    return urlsplit(url).hostname or "localhost"


def live_sources(live_url: str, public_url: str) -> list[str]:
    """Where a page may listen, as the content security policy names it."""
    hosts = dict.fromkeys(["localhost", "127.0.0.1", host_of(public_url)])
    return list(dict.fromkeys(origin(live_url.replace("{host}", host)) for host in hosts))


def database_settings(environ: Mapping[str, str], home: Path) -> dict[str, Any]:
    """Django's database settings: `DATABASE_URL` when given, else the embedded cluster's socket under `home`.

    Raises:
        ValueError: DATABASE_URL is no `postgresql://` address.
    """
    url = environ.get("DATABASE_URL", "")
    common = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    if not url:
        places = layout(home, environ)
        return common | {
            "NAME": "entrepot",
            "USER": "entrepot",
            "PASSWORD": places.password.read_text().strip() if places.password.exists() else "",
            "HOST": str(places.socket),
            "PORT": "",
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ValueError("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    options = dict(parse_qsl(parts.query))
    return common | {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def key_ring(environ: Mapping[str, str], home: Path) -> list[str]:
    """The keys for signing and encryption, newest first: `ENTREPOT_SECRET_KEYS` (comma), else a file made once.

    The file is `home/secret_keys`, mode 0600, one key a line. Losing it makes stored credentials unreadable.

    Raises:
        ValueError: A given key is too short to be a secret.
    """
    given = [key.strip() for key in environ.get("ENTREPOT_SECRET_KEYS", "").split(",") if key.strip()]
    if any(len(key) < SHORTEST_KEY for key in given):
        raise ValueError(f"each key of ENTREPOT_SECRET_KEYS must be at least {SHORTEST_KEY} characters long")
    if given:
        return given
    path = home / "secret_keys"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        making = home / f"secret_keys.{os.getpid()}"
        making.touch(mode=0o600)
        making.write_text(secrets.token_urlsafe(48) + "\n")
        with suppress(FileExistsError):  # another process was first; its key stands
            os.link(making, path)
        making.unlink()
    return [line for line in path.read_text().splitlines() if line.strip()]
