"""What every screen is held to: no axe violation (WCAG 2.2 AA), and all of it by keyboard with the focus in sight."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"rules": {"target-size": {"enabled": True}}}
"""Axe runs every rule of WCAG 2 A and AA and its best practices by itself, but not that of 2.2 about small targets."""

FOCUS = """() => {
  const wrong = [];
  const shown = (one) => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length > 0;
  const name = (one) => `${one.tagName.toLowerCase()} ${one.outerHTML.slice(0, 90)}`;
  const focusable = 'a[href], button:not([disabled]), input:not([disabled]):not([type=hidden]), '
    + 'select:not([disabled]), textarea:not([disabled]), summary, [tabindex]:not([tabindex="-1"])';
  const before = document.activeElement;
  for (const one of document.querySelectorAll(focusable)) {
    if (!shown(one)) continue;
    one.focus({focusVisible: true, preventScroll: true});
    if (document.activeElement !== one) { wrong.push(`cannot be reached: ${name(one)}`); continue; }
    const look = getComputedStyle(one);
    const seen = (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 1) || look.boxShadow !== 'none';
    if (!seen) wrong.push(`focus is not to be seen: ${name(one)}`);
  }
  const acts = '[data-dialog], [data-dialog-close], [data-toggle], [data-copy], [data-add-row], [data-theme-switch]';
  for (const one of document.querySelectorAll(acts)) {
    if (!one.matches('button, a[href], summary')) wrong.push(`does something but is no button: ${name(one)}`);
  }
  for (const one of document.querySelectorAll('[tabindex]')) {
    if (one.tabIndex > 0) wrong.push(`jumps the order of the keyboard: ${name(one)}`);
  }
  document.activeElement?.blur();
  if (before !== document.body) before?.focus?.({preventScroll: true});
  return wrong;
}"""


OUT_OF_THE_WAY = """() => new Promise((done) => {
  const top = innerWidth <= 720 ? document.documentElement.scrollHeight : 0;
  if (document.querySelector('[data-selected-bar]:not([hidden])')) scrollTo({top, behavior: 'instant'});
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""
"""The bar of what is chosen, and the desk's head that stays, lie over rows that pass them: to where none passes."""


def axe(page: Page) -> list[str]:
    """Every violation that axe finds on the page as it stands."""
    page.evaluate(OUT_OF_THE_WAY)
    floor = page.locator("#floor").count()  # its own test measures every button for a thumb; a bar lies over the rest
    found = Axe().run(page, options=None if floor else RULES)
    return [
        f"{row['id']}: {node['target']} {node['html'][:120]}"
        for row in found.response["violations"]
        for node in row["nodes"]
    ]


def keyboard(page: Page) -> list[str]:
    """What cannot be reached, or of which one cannot see that it has the focus."""
    found: list[str] = page.evaluate(FOCUS)
    return found


def too_wide(page: Page) -> list[str]:
    """Whether the page must be pushed sideways."""
    broad = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"the page is {broad} px too wide"] if broad > 1 else []


def arrived(page: Page) -> None:
    """Wait until a form under way has been answered: before it is sent, the desk asks whether one is signed in."""
    page.wait_for_function("() => !document.querySelector('form[data-sent]') && document.readyState === 'complete'")


def wrong_with(page: Page) -> list[str]:
    """Everything of the above that does not hold on this page, once a form that is under way has arrived."""
    arrived(page)
    return axe(page) + keyboard(page) + too_wide(page)
