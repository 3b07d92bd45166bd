"""The tutorial's steps as it tells them, each in the words that are on the screen."""

import re
from dataclasses import dataclass

from django.utils.translation import get_language, gettext
from playwright.sync_api import BrowserContext, Error, Locator, Page, expect

from tests.browser.pictures.camera import Camera, shows

PATIENCE = 60_000
TAKEN = ("start", "stores", "buy", "arrived", "released", "packed", "label", "told", "both", "why")


SAID: set[str] = set()
"""The words of the screen that the reader has looked for, in each language."""


def say(word: str) -> str:
    """What the page says in the reader's language."""
    spoken = gettext(word)
    SAID.add(spoken)
    return spoken


@dataclass
class Reader:
    """Who follows the tutorial: a browser with the desk in it, and the demo's addresses."""

    context: BrowserContext
    desk: Page
    camera: Camera
    link: str
    shop: str
    mall: str
    number: str = ""

    def picture(self, step: str, page: Page, *around: Locator, **words: object) -> None:
        folder = "ko/tutorial" if get_language() == "ko" else "tutorial"
        self.camera.take(f"{folder}/{step}", page, *around, **words)  # type: ignore[arg-type]

    def screen(self, step: str, page: Page, **words: object) -> None:
        folder = "ko/tutorial" if get_language() == "ko" else "tutorial"
        self.camera.screen(f"{folder}/{step}", page, **words)  # type: ignore[arg-type]

    def press(self, word: str, place: Page | Locator | None = None) -> None:
        (place or self.desk).get_by_role("button", name=say(word), exact=True).first.click()

    def follow(self, word: str, place: Page | Locator | None = None) -> None:
        (place or self.desk).get_by_role("link", name=say(word), exact=True).first.click()

    def mark(self, word: str) -> None:
        """The order's status on the screen, in its own time and without a reload."""
        expect(self.desk.locator("#order-mark")).to_contain_text(say(word), timeout=PATIENCE)

    def menu(self, word: str) -> None:
        self.follow(word, self.desk.locator("#side-menu"))


@shows(*(f"{folder}/{step}" for folder in ("tutorial", "ko/tutorial") for step in TAKEN))
def the_whole_tutorial(reader: Reader) -> None:
    start(reader)
    look_at_the_stores(reader)
    buy_in_the_shop(reader)
    release(reader)
    pack_and_hand_over(reader)
    the_store_is_told(reader)
    ask_why(reader)
    cancel_another(reader)
    look_where_trouble_stands(reader)
    see_how_a_shop_is_connected(reader)


def start(reader: Reader) -> None:
    """1. The printed link, one button, and the language at the top right."""
    desk = reader.desk
    if reader.link:
        desk.goto(reader.link)
        desk.get_by_role("button", name="한국어" if get_language() == "ko" else "English").click()
        reader.press("Sign in")
        expect(desk.locator("#side-menu")).to_be_visible()
    desk.goto("/")
    choose_language(desk, "한국어" if get_language() == "ko" else "English")
    expect(desk.get_by_role("heading", name=say("Dashboard"), exact=True)).to_be_visible()
    reader.screen("start", desk, height=560)


def choose_language(desk: Page, word: str) -> None:
    chosen = desk.locator("summary", has_text=re.compile("English|한국어")).first
    if word not in chosen.inner_text():
        chosen.click()
        desk.get_by_role("button", name=word).click()
        expect(desk.locator("summary", has_text=word).first).to_be_visible()


def look_at_the_stores(reader: Reader) -> None:
    """2. Both are there and live; what the shop's page has."""
    desk = reader.desk
    reader.menu("Ecommerce Sales Channels")
    expect(desk.get_by_role("link", name="Demo shop", exact=True)).to_be_visible(timeout=60_000)
    expect(desk.get_by_role("row").filter(has_text="Demo mall")).to_contain_text(say("Live"), timeout=60_000)
    reader.picture("stores", desk, desk.locator(".page-head"), desk.locator("main table").first)
    desk.get_by_role("link", name="Demo shop", exact=True).click()
    expect(desk.locator(f'main a[href^="{reader.shop.rstrip("/")}"]').first).to_be_visible()
    expect(desk.get_by_role("button", name=say("Sync orders"))).to_be_visible()
    expect(desk.get_by_role("heading", name=say("First import"))).to_be_visible()
    expect(desk.get_by_role("heading", name=say("What this channel can do"))).to_be_visible()
    reader.follow("SKU doctor", desk.locator("main .tabs"))
    expect(desk.locator("main")).to_contain_text(say("SKU doctor"))
    reader.follow("Status map")
    confirm = desk.get_by_role("button", name=say("Confirm these meanings"))
    expect(confirm).to_be_visible()
    confirm.click()
    expect(desk.get_by_role("status").first).to_be_visible()


def buy_in_the_shop(reader: Reader) -> None:
    """3. Two iPhones in the shop's own page; the order is on the desk by itself, and the mall's number has fallen."""
    before = settled_in_the_mall(reader)
    shop = reader.context.new_page()
    shop.goto(reader.shop)
    shop.get_by_label("Quantity of iPhone").first.fill("2")
    card = shop.locator("article", has=shop.get_by_role("button", name="Buy iPhone", exact=True))
    reader.picture("buy", shop, card, ring=card.get_by_role("button"))
    reader.menu("Orders")
    card.get_by_role("button").click()
    told = shop.get_by_role("status").inner_text()
    found = re.search(r"\d+", told)
    assert found, told
    reader.number = found[0]
    new = reader.desk.get_by_role("link", name=reader.number, exact=True)
    expect(new).to_be_visible(timeout=PATIENCE)
    reader.picture(
        "arrived", reader.desk, reader.desk.locator(".page-head"), reader.desk.locator("#order-table tbody tr").nth(3)
    )
    assert eventually_in_the_mall(reader, before - 2)
    shop.close()


def stock_in_the_mall(reader: Reader) -> int:
    """What the mall shows of the same telephone."""
    page = reader.context.new_page()
    page.goto(reader.mall)
    figure = page.locator("article", has_text="아이폰").first.locator(".stock").inner_text()
    page.close()
    return int(figure)


def settled_in_the_mall(reader: Reader) -> int:
    """The same, once the mall has been told what there is: a demo that has just begun still brings both together."""
    seen = [stock_in_the_mall(reader)]
    while len(seen) < 5 or len(set(seen[-5:])) > 1:
        reader.desk.wait_for_timeout(1500)
        seen.append(stock_in_the_mall(reader))
    return seen[-1]


def eventually_in_the_mall(reader: Reader, wanted: int) -> bool:
    for _turn in range(160):
        if stock_in_the_mall(reader) == wanted:
            return True
        reader.desk.wait_for_timeout(250)
    return False


def release(reader: Reader) -> None:
    """4. What is set aside; release; the picking list."""
    desk = reader.desk
    desk.get_by_role("link", name=reader.number, exact=True).click()
    reader.mark("New")
    expect(desk.get_by_role("columnheader", name=say("Set aside"))).to_be_visible()
    expect(desk.get_by_role("heading", name=say("Time line"))).to_be_visible()
    reader.press("Release to warehouse")
    reader.mark("Ready for packing")
    desk.locator("#order-deeds summary", has_text=say("Print")).click()
    picking = desk.get_by_role("button", name=say("Picking list"))
    reader.picture("released", desk, desk.locator(".page-head"), picking, desk.locator("#order-lines"), ring=picking)
    with reader.context.expect_page() as opened:
        picking.click()
    opened.value.close()


def pack_and_hand_over(reader: Reader) -> None:
    """5. Pack: number and label come by themselves; the label; the carrier takes it."""
    desk = reader.desk
    parcels = desk.locator("#order-parcels")
    expect(parcels.get_by_role("heading", name=say("Parcels"))).to_be_visible()
    reader.press("Pack", parcels)
    reader.mark("Ready to ship")
    expect(parcels).to_contain_text("64000000", timeout=PATIENCE)
    label = parcels.get_by_role("link", name=say("Label"), exact=True)
    reader.picture("packed", desk, parcels, ring=label)
    picture = (label.get_attribute("href") or "").replace(".pdf", ".png")
    paper = reader.context.new_page()
    paper.goto(desk.url.split("/orders/")[0] + picture)
    drawn = paper.locator("img")
    drawn.evaluate("picture => { picture.style.width = '420px'; picture.style.height = 'auto'; }")
    reader.picture("label", paper, drawn, room=0)
    paper.close()
    reader.press("Hand over to carrier")
    reader.mark("In transit")


def the_store_is_told(reader: Reader) -> None:
    """6. The shop shows it as sent; the time line says when it was told."""
    desk = reader.desk
    expect(desk.locator("#order-story")).to_contain_text("64000000", timeout=PATIENCE)
    shop = reader.context.new_page()
    row = shop.locator("tbody tr", has=shop.get_by_role("cell", name=reader.number, exact=True))
    for _turn in range(60):
        shop.goto(reader.shop)
        if "Shipped" in row.inner_text():
            break
        shop.wait_for_timeout(250)
    expect(row).to_contain_text("Shipped")
    reader.picture("told", shop, shop.get_by_role("heading", name="Latest orders"), row)
    shop.close()


def ask_why(reader: Reader) -> None:
    """7. The item's figures, its listings in both stores, and the answer to why."""
    desk = reader.desk
    desk.locator("#order-lines a.mono").first.click()
    figures = desk.locator("#item-figures")
    for word in ("On hand", "Reserved", "Available"):
        expect(figures).to_contain_text(say(word))
    reader.picture("both", desk, desk.locator(".page-head"), figures)
    why = re.compile(say("Why is it %(n)s?").replace("?", r"\?") % {"n": r"[\d,]+"})
    desk.get_by_role("link", name=why).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(why)
    expect(desk.get_by_label(say("Moment"))).to_be_visible()
    for store in ("Demo shop", "Demo mall"):
        expect(desk.locator("main")).to_contain_text(store)
    steps = desk.locator("main tbody").last.locator("tr")
    reader.picture("why", desk, desk.locator(".page-head"), steps.first, steps.nth(5))


def cancel_another(reader: Reader) -> None:
    """8. One bought in the mall, and canceled before it is packed."""
    mall = reader.context.new_page()
    mall.goto(reader.mall)
    card = mall.locator("article", has_text="아이폰").first
    card.get_by_role("button").click()
    expect(mall.get_by_role("status")).to_be_visible()
    mall.close()
    reader.menu("Orders")
    desk = reader.desk
    row = desk.locator("tbody tr", has_text="Demo mall").filter(has_text=say("New")).first
    wait_or_sync(reader, row, "Demo mall")
    row.get_by_role("link").first.click()
    reader.press("Cancel order")
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label(say("Reason")).fill("Out of paper")
    reader.press("Cancel order", dialog)
    said = re.compile(f"{re.escape(say('Cancelled by seller in process'))}|{re.escape(say('Cancelled by seller'))}")
    expect(desk.locator("#order-mark")).to_have_text(said, timeout=PATIENCE)
    reader.mark("Cancelled by seller")


def wait_or_sync(reader: Reader, row: Locator, store: str) -> None:
    """An order that is not announced is read at once with the button that the tutorial names."""
    try:
        row.wait_for(timeout=PATIENCE / 4)
    except Error:
        reader.menu("Ecommerce Sales Channels")
        reader.desk.get_by_role("link", name=store, exact=True).click()
        reader.press("Sync orders")
        reader.menu("Orders")
        expect(row).to_be_visible(timeout=PATIENCE)


def look_where_trouble_stands(reader: Reader) -> None:
    """9. Problems, and every call in the journal."""
    reader.menu("Problems")
    expect(reader.desk.get_by_role("heading", level=1)).to_contain_text(say("Problems"))
    reader.menu("Payload journal")
    expect(reader.desk.locator("main")).to_contain_text("Demo shop")


def see_how_a_shop_is_connected(reader: Reader) -> None:
    """10. Your own shop: as far as a reader without one can go."""
    desk = reader.desk
    reader.menu("Ecommerce Sales Channels")
    reader.follow("Connect a store")
    desk.get_by_role("link", name=re.compile("OpenCart")).click()
    for word in ("Extension for OpenCart 4", "Extension for OpenCart 3"):
        expect(desk.get_by_role("link", name=say(word))).to_be_visible()
    for word in ("Domain URL", "Secret Key"):
        expect(desk.get_by_label(say(word), exact=True)).to_be_visible()
    for word in ("Test connection", "Connect the store"):
        expect(desk.get_by_role("button", name=say(word), exact=True)).to_be_visible()
    reader.menu("People")
    expect(desk.get_by_role("heading", level=1)).to_contain_text(say("People"))
