"""Writes the manual as a folder of files: `python -m tools.manual_site FOLDER` (`make docs`). See decision 31."""

import importlib
import os
import sys
from pathlib import Path

from django import setup

BUILT = ".manual"
"""In a folder that this wrote: nothing else is ever thrown away."""


def main(folder: Path) -> None:
    """Write the site, in place of an older one."""
    if folder.exists() and any(folder.iterdir()) and not (folder / BUILT).exists():
        sys.exit(f"{folder} has files that are not of the manual. Name another folder.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.project.settings")
    setup()
    count = importlib.import_module("entrepot.web.help.site").write(folder)
    (folder / BUILT).touch()
    print(f"{count} pages in {folder}; open {folder / 'index.html'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
