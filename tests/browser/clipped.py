"""Text that is cut off or lies on other text, found by what the browser has laid out."""

from playwright.sync_api import Page

_LOOK = """() => {
  const shown = (one) => {
    const box = one.getBoundingClientRect();
    return one.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.height > 1;
  };
  const unseen = "svg, .visually-hidden, dialog:not([open]), details:not([open]) > :not(summary)";
  const reads = (one) => one.innerText?.trim() && !one.closest(unseen) && shown(one);
  const name = (one) => `${one.tagName.toLowerCase()}.${one.className} “${one.innerText.trim().slice(0, 60)}”`;
  const found = [];
  for (const one of document.querySelectorAll("main *, header *, nav *")) {
    if (!reads(one) || one.closest("[title], [aria-label], [data-tip]")) continue;
    const style = getComputedStyle(one);
    const hides = (axis) => ["hidden", "clip"].includes(style[axis]);
    if (hides("overflowX") && one.scrollWidth > one.clientWidth + 1) found.push(`cut off at the side: ${name(one)}`);
    if (hides("overflowY") && one.scrollHeight > one.clientHeight + 2) found.push(`cut off below: ${name(one)}`);
  }
  const kinds = "main .btn, main [class*=mark-], main .tag, main h1, main h2, main .tab, .tabs a";
  const solid = [...document.querySelectorAll(kinds)].filter(reads);
  for (const [place, one] of solid.entries()) {
    const box = one.getBoundingClientRect();
    for (const other of solid.slice(place + 1, place + 6)) {
      if (one.contains(other) || other.contains(one)) continue;
      const next = other.getBoundingClientRect();
      const wide = Math.min(box.right, next.right) - Math.max(box.left, next.left);
      const high = Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top);
      if (wide > 2 && high > 2) found.push(`${name(one)} lies on ${name(other)}`);
    }
  }
  return [...new Set(found)].slice(0, 8);
}"""


def clipped(page: Page) -> list[str]:
    """What cannot be read to its end, one line each; a title or a label that says it whole is enough."""
    found: list[str] = page.evaluate(_LOOK)
    return found
