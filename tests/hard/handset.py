"""A mentor's phone as R14B has it: a real Chromium with the real app, which is closed, killed and opened again.

Its clock is that of the day: a script tells every page so before its own begin. Sending is begun by the app, or by its
own button; what is kept is read beside the app, from IndexedDB itself.
"""

import os
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Playwright

from tests.hard.notebook import Note
from tests.plumbing.browser import PHONE, PROGRAMS

PATIENCE = 30_000  # ms
# What a bad link makes a browser say: also of a manifest that is a gateway's page, or half of one.
NETWORKS = ("net::ERR_", "502 (Bad Gateway)", "fetching the script", "Manifest: ")
CLOCK = """(() => {
  const Real = Date;
  const ahead = %d;
  globalThis.Date = class Date extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + ahead); }
    static now() { return Real.now() + ahead; }
  };
})()"""
# The guard off: an app that forgets the key of a visit whose answer did not come, and asks with a new one.
FORGETFUL = """(() => {
  const ask = globalThis.fetch;
  const known = () => JSON.parse(localStorage.getItem("known") || "{}");
  globalThis.fetch = async (path, given = {}) => {
    const visit = /visits\\/([0-9a-f-]{36})\\//.exec(path)?.[1];
    if (visit) path = path.replace(visit, known()[visit] ?? visit);
    if (!String(path).endsWith("visits/sync/")) return ask(path, given);
    const told = JSON.parse(given.body);
    const keys = {};
    for (const item of told.items) {
      const key = crypto.randomUUID();
      keys[key] = item.id;
      Object.assign(item, { id: key, action_items: [], photos: [] });
    }
    const answer = await ask(path, { ...given, body: JSON.stringify(told) });
    const said = await answer.json();
    for (const item of said.items || []) {
      localStorage.setItem("known", JSON.stringify({ ...known(), [keys[item.id]]: item.id }));
      item.id = keys[item.id];
    }
    return new Response(JSON.stringify(said), answer);
  };
})()"""
KEPT = """async () => {
  await navigator.serviceWorker.ready;
  for (let turn = 0; turn < 400 && !navigator.serviceWorker.controller; turn += 1) {
    await new Promise((go) => setTimeout(go, 50));
  }
}"""
OPEN = """const opened = () => new Promise((go, no) => {
  const { user } = JSON.parse(localStorage.getItem("phone.user"));
  const opening = indexedDB.open(`desa-devisa-${user}`);
  [opening.onsuccess, opening.onerror] = [() => go(opening.result), () => no(opening.error)];
});
const all = (base, shelf) => new Promise((go) => {
  const asking = base.transaction(shelf).objectStore(shelf).getAll();
  asking.onsuccess = () => go(asking.result);
});"""
LOOK = f"""async () => {{
  {OPEN}
  const base = await opened();
  const [visits, blobs] = [await all(base, "visits"), await all(base, "blobs")];
  base.close();
  return {{
    shown: [...document.querySelectorAll(".queue-count strong")].map((count) => Number(count.textContent)),
    line: document.querySelector("[data-line] [data-fill=said]").textContent,
    busy: document.querySelector("[data-view] [data-send]")?.disabled ?? true,
    states: Object.fromEntries(visits.map((row) => [row.id, row.state])),
    blobs: blobs.map((row) => row.id),
  }};
}}"""
DIGESTS = f"""async (visit) => {{
  {OPEN}
  const base = await opened();
  const [visits, blobs] = [await all(base, "visits"), await all(base, "blobs")];
  base.close();
  const found = {{}};
  for (const {{ id }} of visits.find((row) => row.id === visit).photos) {{
    const digest = await crypto.subtle.digest("SHA-256", await blobs.find((row) => row.id === id).blob.arrayBuffer());
    found[id] = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }}
  return found;
}}"""
WRITE = """(note) => {
  const at = (step, what) => document.querySelector(`[data-visit] [data-step="${step}"] ${what}`);
  const all = (step, what) => [...document.querySelectorAll(`[data-visit] [data-step="${step}"] ${what}`)];
  const named = (place) => place.querySelector("strong").textContent;
  const type = (place, text, kind = "input") => {
    place.value = text;
    place.dispatchEvent(new Event(kind, { bubbles: true }));
  };
  all(1, "[data-villages] button").find((button) => named(button) === note.village).click();
  for (const label of all(2, "[data-people] label")) if (note.people.includes(named(label))) label.click();
  if (note.walk_in) {
    at(2, "[data-walk-in]").click();
    type(at(2, "[data-walk-ins] li:last-child input"), note.walk_in);
  }
  at(4, `[data-modules] input[value="${note.module}"]`).click();
  type(at(4, "[data-field=summary]"), note.words);
  type(at(4, "[data-field=purpose]"), note.purpose);
  if (note.finding) {
    at(4, "[data-finding]").click();
    type(at(4, "[data-about]"), "criterion:quality", "change");
    type(at(4, "[data-text]"), note.finding);
  }
  if (note.item) {
    at(5, "[data-item]").click();
    type(at(5, "[data-what]"), note.item);
    type(at(5, "[data-owner]"), "Ketua");
  }
}"""
PUSH = """() => { document.querySelector("[data-view] [data-send]")?.click(); }"""


@dataclass
class Look:
    """What the phone shows and keeps at one moment."""

    shown: list[int]  # Draf, Menunggu, Terkirim, Gagal
    line: str
    busy: bool
    states: Mapping[str, str]
    blobs: list[str]


@dataclass
class Handset:
    """One phone; its things lie in a folder that outlives every browser."""

    playwright: Playwright
    address: str
    place: Path
    script: str = ""  # runs before the app's own, in every page
    complaints: list[str] = field(default_factory=list)

    def start(self, *, ahead: int = 0, offline: bool = False) -> None:
        """Start the browser cold on a day, in ms from now."""
        self._context: BrowserContext = self.playwright.chromium.launch_persistent_context(
            self.place,
            executable_path=next(filter(None, map(shutil.which, PROGRAMS))),
            chromium_sandbox=False,
            args=["--disable-dev-shm-usage", "--disable-gpu", "--disable-component-update", "--disable-sync"],
            viewport={"width": PHONE[0], "height": PHONE[1]},
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            offline=offline,
        )
        self._context.add_init_script(CLOCK % ahead)
        if self.script:
            self._context.add_init_script(self.script)
        self.page = self._hearing(self._context.pages[0])

    def tab(self) -> Page:
        """Open one more page."""
        return self._hearing(self._context.new_page())

    def _hearing(self, page: Page) -> Page:
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("console", self._hear)
        return page

    def take(self, cookies: Mapping[str, str], *, until: float) -> None:
        """Be given what a sign-in gives a browser."""
        self._context.add_cookies(
            [{"name": name, "value": value, "url": self.address, "expires": until} for name, value in cookies.items()]
        )

    def open(self, view: str = "", page: Page | None = None) -> None:
        """Open the app at one of its views."""
        (page or self.page).goto(f"{self.address}/m/{view}")
        (page or self.page).locator("[data-view] h1").first.wait_for()

    def keep(self) -> None:
        """Wait until the phone keeps the whole app."""
        self.page.evaluate(KEPT)

    def network(self, *, there: bool) -> None:
        """Tell the browser whether there is one."""
        self._context.set_offline(not there)

    def close(self) -> None:
        """Close the browser as its owner does."""
        self._context.close()

    def kill(self) -> None:
        """End it where it stands, with all it did not write down."""
        for pid in processes(self.place):
            os.kill(pid, signal.SIGKILL)
        with suppress(Error):
            self._context.close()
        while processes(self.place):
            time.sleep(0.02)

    def write(self, note: Note) -> None:
        """Walk through the five steps, until the page says that all of it is on the disk."""
        self.go("#/visit/new")
        self.page.locator("[data-visit] [data-villages] button").first.wait_for(state="attached")
        self.page.evaluate(WRITE, {**asdict(note), "pictures": []})
        files: list[Any] = [
            {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": each} for n, each in enumerate(note.pictures)
        ]
        for file in files:
            self.page.locator("[data-camera]").set_input_files(file)
        self.page.locator("[data-photos] canvas").nth(len(files) - 1).wait_for(state="attached")
        self.page.locator(".visit-saved.is-saved").wait_for(state="attached")
        note.key = self.page.url.split("/visit/")[1].split("/")[0]
        note.digests = self.page.evaluate(DIGESTS, note.key)

    def finish(self, note: Note) -> None:
        """Hand it over to the sender, from wherever it was left."""
        if f"#/visit/{note.key}" not in self.page.url:
            self.queue()
            self.page.locator("[data-visit]").wait_for(state="detached")
            self.go(f"#/visit/{note.key}/5")
            self.page.locator("[data-visit]").wait_for()
        self.page.evaluate(PUSH)
        self.page.locator("[data-visit]").wait_for(state="detached")

    def go(self, view: str) -> None:
        """Go to another view of the app that is open."""
        self.page.evaluate("(view) => { location.hash = view; }", view)

    def queue(self) -> None:
        """Go to where the counts are."""
        self.go("#/queue")
        self.page.locator(".queue-count").first.wait_for()

    def look(self, page: Page | None = None) -> Look:
        """See what is shown and kept."""
        return Look(**(page or self.page).evaluate(LOOK))

    def push(self, page: Page | None = None) -> None:
        """Press the button that sends."""
        (page or self.page).evaluate(PUSH)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in NETWORKS):
            self.complaints.append(f"console: {message.text}")


def processes(place: Path) -> list[int]:
    """Find the browser whose things lie there."""
    return list(_found(f"--user-data-dir={place}".encode()))


def _found(told: bytes) -> Iterator[int]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if told in words and not any(word.startswith(b"--type=") for word in words):
                    yield int(folder.name)
