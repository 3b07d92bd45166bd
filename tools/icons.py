"""Make the icon sprite from the icons our templates name. Run: `python -m tools.icons FOLDER_OF_TABLER_ICONS`.

FOLDER is the unpacked npm package `@tabler/icons`. A test compares the sprite with what the templates use.
"""

import re
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "src" / "entrepot" / "web"
SPRITE = WEB / "static" / "vendor" / "icons" / "sprite.svg"
IN_TEMPLATE = re.compile(r"""\{%\s*icon\s+"([a-z0-9-]+)\"""")
IN_BADGE = re.compile(r"""\{%\s*badge\s+"[a-z]+"\s+"([a-z0-9-]+)\"""")
IN_INCLUDE = re.compile(r"""\bicon="([a-z0-9-]+)\"""")
IN_PYTHON = re.compile(r"""\bicon="([a-z0-9-]+)\"""")


def named_icons() -> set[str]:
    """Every icon that a template or a table of marks names."""
    names: set[str] = set()
    for path in WEB.rglob("*.html"):
        text = path.read_text()
        names |= set(IN_TEMPLATE.findall(text)) | set(IN_BADGE.findall(text)) | set(IN_INCLUDE.findall(text))
    for path in WEB.rglob("*.py"):
        names |= set(IN_PYTHON.findall(path.read_text()))
    return names


def sprite_icons() -> set[str]:
    """Every icon in the sprite."""
    return set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text()))


def main(folder: Path) -> None:
    """Write the sprite anew."""
    symbols = []
    for name in sorted(named_icons()):
        text = (folder / "icons" / "outline" / f"{name}.svg").read_text()
        drawing = text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]
        inner = re.sub(r"<!--.*?-->", "", drawing, flags=re.DOTALL)
        shapes = [line.strip() for line in inner.splitlines() if line.strip() and 'd="M0 0h24v24H0z"' not in line]
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>')
    SPRITE.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n")
    print(f"{len(symbols)} icons in {SPRITE.relative_to(WEB)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
