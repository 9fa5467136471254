"""Take the README's pictures of a running demo: python .ci/pictures.py http://127.0.0.1:8000 docs/pictures."""

import re
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PASSWORD = "desa-devisa"  # noqa: S105, the demo's
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


def main(address: str, folder: Path) -> None:
    """Take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        desk = signed_in(browser, address, "sari@demo.test", DESK)
        for name, path in {"schedule": "/schedule/", "progress": "/progress/"}.items():
            desk.goto(path)
            desk.screenshot(path=folder / f"{name}.png")
        look_at_series(desk)
        desk.screenshot(path=folder / "series.png")
        desk.goto("/reports/villages/")
        desk.get_by_role("link", name="Parengan", exact=True).first.click()
        desk.screenshot(path=folder / "card.png")
        payer = signed_in(browser, address, "joko@demo.test", DESK)
        payer.goto("/claims/waiting/")
        payer.goto(first_link(payer, r"/claims/\d+/"))
        payer.screenshot(path=folder / "claim.png")
        sheet = signed_in(browser, address, "sari@demo.test", PHONE)
        sheet.goto("/")
        sheet.goto(first_link(sheet, r"/sessions/\d+/attendance/"))
        sheet.screenshot(path=folder / "sheet.png")
        mentor = signed_in(browser, address, "made@demo.test", PHONE)
        mentor.goto("/m/")
        mentor.locator("[data-view] .button-main").first.wait_for()  # the app shows what it has fetched
        mentor.screenshot(path=folder / "mentor.png")
        weaver = opened(browser, address, PHONE)
        weaver.goto(board_of_a_village(desk))
        weaver.screenshot(path=folder / "weaver.png")
        browser.close()
    for picture in folder.glob("*.png"):
        shrink(picture)


def shrink(picture: Path) -> None:
    """Keep 128 colours: the page has fewer, and the file stays under 150 KB."""
    with Image.open(picture) as full:
        full.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(picture, optimize=True)


def first_link(page: Page, pattern: str) -> str:
    """Return the first address on the page that looks so."""
    found = re.search(f'href="({pattern})', page.content())
    if found:
        return found[1]
    raise SystemExit(f"{page.url} leads to no {pattern}.")


def look_at_series(page: Page) -> None:
    """Look at eight weeks of a series before anything is saved."""
    page.goto("/programs/")
    page.goto(first_link(page, r"/programs/\d+/"))
    page.goto(first_link(page, r"/cohorts/\d+/") + "series/")
    page.locator("[name=module]").select_option("marketing")
    page.locator("[name=topic]").fill("Menawarkan kain")
    for day in ("1", "5"):
        page.locator(f"[name=weekdays][value='{day}']").check(force=True)
    page.locator("[name=count]").fill("8")
    page.locator("button[name=do][value=look]").click()
    page.locator("main .sheet").wait_for()


def board_of_a_village(page: Page) -> str:
    """Return the address on the poster of the first village that has one."""
    page.goto("/villages/")
    villages = set(re.findall(r'href="(/villages/\d+/)', page.content()))
    for village in sorted(villages):
        page.goto(f"{village}poster/")
        found = re.search(r"/d/[-\w]+", page.content())
        if found:
            return found[0]
    raise SystemExit("No village's poster shows the address of its board.")


def opened(browser: Browser, address: str, size: dict[str, int]) -> Page:
    """Return an empty page of this size."""
    context = browser.new_context(base_url=address, viewport=size, device_scale_factor=1.5, locale="id-ID")
    return context.new_page()


def signed_in(browser: Browser, address: str, login: str, size: dict[str, int]) -> Page:
    """Return a page after signing in."""
    page = opened(browser, address, size)
    page.goto("/accounts/login/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
