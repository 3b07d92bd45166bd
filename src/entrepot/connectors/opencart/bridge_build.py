"""Builds the bridge's two installer archives from `bridge/`.

Both shops' installers take only names ending in `.ocmod.zip`, and OpenCart 4 derives folder and namespace from the
name, so it is the same for both lines and each stands in a folder of its own. Equal sources give equal bytes: times
are fixed and nothing is compressed, since compressors differ between machines.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

Line = Literal["oc4", "oc3"]

SOURCE = Path(__file__).parent / "bridge"
ARCHIVE = "oms_bridge.ocmod.zip"
LANGUAGES = ("en-gb", "ko-kr")
# The oldest time a zip entry can carry: the archive depends on nothing but its contents.
EPOCH = (1980, 1, 1, 0, 0, 0)


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
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, data)
    return target
