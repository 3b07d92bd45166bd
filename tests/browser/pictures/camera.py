"""The pictures of the docs, taken by the tests that do the errand.

A test run looks whether each region is there and takes nothing. `make pictures` (DOCS_PICTURES=docs/pictures) writes.
"""

import io
import os
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

PICTURES = Path("docs/pictures")
WRITE_TO = os.environ.get("DOCS_PICTURES", "")
WIDE = {"width": 1440, "height": 900}
TELEPHONE = {"width": 390, "height": 660}
MOST_BYTES = 120_000
LEAST = (100, 30)
MOST_HIGH = 860
ROOM = 14

Errand = Callable[..., None]
SHOWN: dict[str, str] = {}
"""Which errand takes which picture."""

MENU_ENDS = "document.querySelector('nav.side')?.getBoundingClientRect().right % innerWidth || 0"
"""Where the menu ends that stands left of every page (on a telephone it stands above)."""

RING = """(box) => {
  const ring = document.createElement("div");
  ring.id = "picture-ring";
  Object.assign(ring.style, {position: "absolute", zIndex: 99999, pointerEvents: "none", borderRadius: "10px",
    left: `${box.x + scrollX - 5}px`, top: `${box.y + scrollY - 5}px`, width: `${box.width + 4}px`,
    height: `${box.height + 4}px`, border: "3px solid #d9480f"});
  document.body.append(ring);
}"""


def shows(*names: str) -> Callable[[Errand], Errand]:
    """Mark an errand with the pictures it takes; two errands never take one picture."""

    def mark(errand: Errand) -> Errand:
        for name in names:
            assert name not in SHOWN, f"{name} is taken twice"
            SHOWN[name] = errand.__name__
        return errand

    return mark


class Camera:
    """Takes the pictures of one run, and remembers which."""

    def __init__(self, folder: str = WRITE_TO) -> None:
        self.folder = Path(folder) if folder else None
        self.taken: list[str] = []

    def take(self, name: str, page: Page, *around: Locator, ring: Locator | None = None, room: int = ROOM) -> None:
        """A picture of what lies around these, with a little of what is beside it; a ring round what is pressed."""
        assert name in SHOWN, f"no errand says that it shows {name}"
        for one in (*around, *([ring] if ring else [])):
            expect(one.first).to_be_visible()
        page.mouse.move(0, 0)
        boxes = [_on_page(page, one.first) for one in around]
        left = max(min(box["x"] for box in boxes) - room, page.evaluate(MENU_ENDS))
        top = max(min(box["y"] for box in boxes) - room, 0)
        broad, high = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        right = min(max(box["x"] + box["width"] for box in boxes) + room, broad)
        bottom = min(max(box["y"] + box["height"] for box in boxes) + room, high, top + MOST_HIGH)
        assert right - left >= LEAST[0], f"{name} shows next to nothing"
        assert bottom - top >= LEAST[1], f"{name} shows next to nothing"
        self.taken.append(name)
        if self.folder is None:
            return
        clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        if ring:
            page.evaluate(RING, ring.first.bounding_box())
        shot = page.screenshot(clip=clip, full_page=True, animations="disabled", caret="hide")  # type: ignore[arg-type]
        page.evaluate("document.getElementById('picture-ring')?.remove()")
        _write(self.folder / f"{name}.webp", shot)

    def screen(self, name: str, page: Page, *, ring: Locator | None = None, height: int = 0) -> None:
        """The whole screen as it stands in the window, or its upper part."""
        assert name in SHOWN, f"no errand says that it shows {name}"
        expect(page.locator("body")).to_be_visible()
        if ring:
            expect(ring.first).to_be_visible()
        self.taken.append(name)
        if self.folder is None:
            return
        page.mouse.move(0, 0)
        size = page.viewport_size or WIDE
        if ring:
            page.evaluate(RING, ring.first.bounding_box())
        clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"]}
        shot = page.screenshot(clip=clip, animations="disabled", caret="hide")  # type: ignore[arg-type]
        page.evaluate("document.getElementById('picture-ring')?.remove()")
        _write(self.folder / f"{name}.webp", shot)


def _on_page(page: Page, place: Locator) -> dict[str, float]:
    """Where it stands on the whole page."""
    box = place.bounding_box()
    assert box is not None
    across, down = page.evaluate("[scrollX, scrollY]")
    return {"x": box["x"] + across, "y": box["y"] + down, "width": box["width"], "height": box["height"]}


def _write(file: Path, shot: bytes) -> None:
    """As a small WebP: few colours first, which keeps letters sharp; then fewer."""
    file.parent.mkdir(parents=True, exist_ok=True)
    whole = Image.open(io.BytesIO(shot)).convert("RGB")
    for colours in (160, 64, 32):
        held = io.BytesIO()
        few = whole.quantize(colours, dither=Image.Dither.NONE).convert("RGB")
        few.save(held, "WEBP", lossless=True, quality=90, method=4)
        if held.tell() <= MOST_BYTES:
            break
    assert held.tell() <= MOST_BYTES, f"{file.name} has {held.tell()} bytes"
    file.write_bytes(held.getvalue())
