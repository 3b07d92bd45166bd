"""Builds the bridge's two installer archives from `bridge/`.

Both shops' installers take only names ending in `.ocmod.zip`, and OpenCart 4 derives folder and namespace from the
name, so it is the same for both lines and each stands in a folder of its own. Equal sources give equal bytes: times
are made of the contents and nothing is compressed, since compressors differ between machines.
"""

from __future__ import annotations

import hashlib
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

Line = Literal["oc4", "oc3"]

SOURCE = Path(__file__).parent / "bridge"
ARCHIVE = "oms_bridge.ocmod.zip"
LANGUAGES = ("en-gb", "ko-kr")
FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)
TWENTY_YEARS = 20 * 365 * 24 * 3600


def stamp(data: bytes) -> tuple[int, int, int, int, int, int]:
    """A file's time, made of its contents.

    OpenCart 3 unpacks with the archive's times, and PHP's opcode cache takes a file for unchanged while its time is:
    with one time for all, an updated shop would run the old code.
    """
    seconds = int.from_bytes(hashlib.sha256(data).digest()[:8], "big") % TWENTY_YEARS
    moment = FIRST_DAY + timedelta(seconds=seconds)
    return moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second - moment.second % 2


def contents(line: Line) -> dict[str, bytes]:
    """Every file of one line's archive by its path in it, the shared code put where that line can load it."""
    top = "" if line == "oc4" else "upload/"
    files = {
        f"{top}system/library/oms_bridge/{path.relative_to(SOURCE / 'common').as_posix()}": path.read_bytes()
        for path in (SOURCE / "common").rglob("*.php")
    }
    kind = "other" if line == "oc4" else "extension/module"
    files[f"{top}admin/view/template/{kind}/oms_bridge.twig"] = (SOURCE / "common/view/page.twig").read_bytes()
    for language in LANGUAGES:
        source = SOURCE / "common/language" / f"{language}.php"
        files[f"{top}admin/language/{language}/{kind}/oms_bridge.php"] = source.read_bytes()
    for path in (SOURCE / line).rglob("*"):
        if path.is_file():
            files[path.relative_to(SOURCE / line).as_posix()] = path.read_bytes()
    return files


def build(line: Line, out_dir: Path) -> Path:
    """Write `<out_dir>/<line>/oms_bridge.ocmod.zip` and return its path."""
    target = out_dir / line / ARCHIVE
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in sorted(contents(line).items()):
            entry = zipfile.ZipInfo(name, stamp(data))
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, data)
    return target
