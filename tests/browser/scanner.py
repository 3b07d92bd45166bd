"""A person with a telephone and a scanner that types: quickly, and Enter at the end."""

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from entrepot.accounts.models import Membership
from tests.browser.world import sit

SCREEN = {"width": 390, "height": 844}
HEAR = "document.addEventListener('floor:sound', (event) => document.body.dataset.heard ??= event.detail.tone)"
QUIET = "delete document.body.dataset.heard"


class Scanner:
    """Who scans here, and what they hear."""

    def __init__(self, browser: Browser, member: Membership, base: str, **words: object) -> None:
        shape = {"viewport": SCREEN, "has_touch": True, **words}
        self.context: BrowserContext = sit(browser, member, base, **shape)  # type: ignore[arg-type]
        self.context.add_init_script(HEAR)
        self.page: Page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def scan(self, code: str, tone: str = "good") -> Locator:
        """Scan a code, wait for its answer, and hear whether it was right; what the screen says of it."""
        self.page.evaluate(QUIET)
        self.page.keyboard.type(code)
        self.page.keyboard.press("Enter")
        return self.answered(tone)

    def press(self, name: str, tone: str = "good") -> Locator:
        """Press a button, wait for the answer, and hear it."""
        self.page.evaluate(QUIET)
        self.page.get_by_role("button", name=name).first.click()
        return self.answered(tone)

    def answered(self, tone: str) -> Locator:
        expect(self.page.locator("body")).to_have_attribute("data-heard", tone, timeout=15_000)
        expect(self.page.locator("#floor[data-waiting]")).to_have_count(0)
        assert self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        return self.page.locator("#floor-said")

    def go(self, name: str) -> None:
        """Follow a big button to its screen."""
        self.page.get_by_role("link", name=name).first.click()
        expect(self.page.locator("#floor")).to_be_visible()
