"""What a person at the desk waits for in Chromium: bytes of a first visit, and from a deed to the next picture.

The browser's own event timing is read (`PerformanceObserver`, entries of interactions): from the key or click until the
next frame is painted. What takes less than 16 ms is not told by the browser and counts as 16.
"""

import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from shutil import which
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from benchmarks._rig import must, wait_until

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync",
    "--window-size=1440,990",
]  # fmt: skip
"""The window itself has the size, not a viewport put into a smaller one: what is drawn below a window's edge is never
painted, and a key whose only effect stands there counts until something else is."""
SLOWER = (1, 4)
"""How much slower than this machine's a processor is: as it is, and like a telephone's or an old desk's."""
SHORTEST = 16
LISTEN = """
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.interactionId) continue;
    const before = Number(sessionStorage.getItem("felt") || 0);
    sessionStorage.setItem("felt", String(Math.max(before, entry.duration)));
  }
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""
Deed = Callable[[Page], None]


def _open_first(page: Page) -> None:
    page.locator("[data-rows] tbody a").first.click()


def _type_filter(page: Page) -> None:
    page.locator("#id_q").focus()
    page.keyboard.type("wool", delay=60)


def _row_keys(page: Page) -> None:
    for key in "jjkj":
        page.keyboard.press(key, delay=20)


def _palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.wait_for_timeout(150)
    page.keyboard.type("wool", delay=60)


def _scan(page: Page) -> None:
    page.locator("#scan").focus()
    page.keyboard.type("RED", delay=10)
    page.keyboard.press("Enter")


def _save(page: Page) -> None:
    page.locator("form[action$='/note/'] textarea").fill("Wrap it as a gift.")
    page.locator("form[action$='/note/'] button").first.click()


DEEDS: dict[str, tuple[str, Deed]] = {
    "open an order from the list": ("orders", _open_first),
    "tick a row": ("orders", lambda page: page.locator("input[data-row]").first.click()),
    "tick all": ("orders", lambda page: page.locator("[data-select-all]").first.click()),
    "another status": ("orders", lambda page: page.locator("#order-tabs a").nth(2).click()),
    "type into the filter": ("orders", _type_filter),
    "more filters": ("orders", lambda page: page.locator("form.filters a[aria-expanded]").first.click()),
    "next and previous row by key": ("orders", _row_keys),
    "light or dark": ("orders", lambda page: page.locator("[data-theme-switch]").first.click()),
    "find by Ctrl-K": ("orders", _palette),
    "open a dialog": ("order", lambda page: page.locator("button[data-dialog]:visible").first.click()),
    "save a form": ("order", _save),
    "scan on the floor": ("floor_look", _scan),
}
FIRST = ("dashboard", "orders", "floor_home")


@dataclass(frozen=True)
class Visitor:
    """A Chromium in which the owner is signed in, as often as is asked with nothing kept from before."""

    chromium: Browser
    base: str
    browser: Client

    def sit(self) -> BrowserContext:
        """A new one."""
        context = self.chromium.new_context(base_url=self.base, no_viewport=True)
        cookie = self.browser.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.base}])
        return context


def feel(base: str, browser: Client, addresses: dict[str, str], *, times: int) -> dict[str, Any]:
    """Bytes and milliseconds of first and second visits, and of each deed on each processor."""
    with _chromium() as chromium:
        visitor = Visitor(chromium, base, browser)
        first = {name: _visits(visitor, addresses[name]) for name in FIRST}
        deeds = {
            name: {f"{rate}x_ms": _felt(visitor, addresses[where], deed, rate, times) for rate in SLOWER}
            for name, (where, deed) in DEEDS.items()
        }
    return {
        "first_load": first,
        "heaviest_kb": max(one["first_kb"] for one in first.values()),
        "deeds": deeds,
        **{f"slowest_deed_{rate}x_ms": max(one[f"{rate}x_ms"] for one in deeds.values()) for rate in SLOWER},
    }


@contextmanager
def _chromium() -> Iterator[Browser]:
    path = which("chromium") or which("chromium-browser") or "chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def _visits(visitor: Visitor, where: str) -> dict[str, float]:
    """A first visit with an empty cache, and a second: what came over the wire, and until when something was seen."""
    context = visitor.sit()
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda said: sizes.append(said["encodedDataLength"]))
    found = {}
    for name in ("first", "second"):
        sizes.clear()
        answer = page.goto(where, wait_until="load")
        must(answer and answer.ok, where)
        page.wait_for_timeout(500)
        seen = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
        whole = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        found |= {
            f"{name}_kb": round(sum(sizes) / 1000, 1), f"{name}_requests": len(sizes),
            f"{name}_seen_ms": round(seen), f"{name}_loaded_ms": round(whole),
        }  # fmt: skip
    context.close()
    return found


def _felt(visitor: Visitor, where: str, deed: Deed, rate: int, times: int) -> float:
    """The longest of several tries, in milliseconds: what the browser says of the slowest key or click of the deed."""
    context = visitor.sit()
    context.add_init_script(LISTEN)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
    longest = float(SHORTEST)
    for _ in range(times):
        page.goto(where, wait_until="load")
        page.wait_for_timeout(100 + 200 * rate)
        page.evaluate("sessionStorage.removeItem('felt')")
        deed(page)
        page.wait_for_timeout(400 + 150 * rate)
        longest = max(longest, _read(page))
    context.close()
    return longest


def _read(page: Page) -> float:
    """What was felt; a deed that leads to another page may still be leaving this one."""
    for _ in range(20):
        with suppress(PlaywrightError):
            page.wait_for_load_state("load")
            return float(page.evaluate("Number(sessionStorage.getItem('felt') || 0)"))
        page.wait_for_timeout(100)
    raise TimeoutError(page.url)


def wait_for(base: str) -> None:
    """Until the server answers."""
    wait_until(lambda: _answers(base), seconds=60)


def _answers(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/healthz", timeout=5) as answer:  # noqa: S310 - loopback
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False
