"""What a phone keeps, put into it by hand: a pack told around a moment, and the way it gets into a browser."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

Row = dict[str, Any]
Carry = Callable[..., None]
ZONE = "Asia/Jakarta"

_KEEP = """async ([user, seal, rows]) => {
  localStorage.setItem("phone.user", JSON.stringify({ user: String(user), seal }));
  const base = await new Promise((resolve, reject) => {
    const opening = indexedDB.open(`desa-devisa-${user}`, 1);
    opening.onupgradeneeded = () => {
      const keys = { visits: "id", blobs: "id", acts: "id", kept: "name" };
      for (const [name, keyPath] of Object.entries(keys)) opening.result.createObjectStore(name, { keyPath });
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const change = base.transaction([...base.objectStoreNames], "readwrite");
  for (const [shelf, row] of rows) change.objectStore(shelf).put(row);
  await new Promise((resolve) => { change.oncomplete = resolve; });
  base.close();
}"""

_READ = """([user, shelf]) => new Promise((resolve) => {
  const opening = indexedDB.open(`desa-devisa-${user}`);
  opening.onsuccess = () => {
    const asked = opening.result.transaction(shelf).objectStore(shelf).getAll();
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
  };
})"""


def sign_in(page: Page, client: Client, url: str, user: User) -> None:
    """Give the browser a session of this user."""
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": url}])


def keep(page: Page, user: User, rows: list[tuple[str, Row]]) -> None:
    """Put rows on the shelves of the phone of this user, who is known to be signed in."""
    seal = next((cookie["value"] for cookie in page.context.cookies() if "csrf" in cookie["name"]), "")
    page.evaluate(_KEEP, [user.pk, seal, rows])


def kept(page: Page, user: User, shelf: str) -> list[Row]:
    """Read a shelf of the phone."""
    rows: list[Row] = page.evaluate(_READ, [user.pk, shelf])
    return rows


@pytest.fixture
def carry(client: Client, live_server: LiveServer, made: User, at: datetime) -> Carry:
    """Return a function that gives a page what Made's phone has fetched, reads English and has no network."""

    def carried(page: Page, pack: Row, *rows: tuple[str, Row], language: str = "en") -> None:
        sign_in(page, client, live_server.url, made)
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
        page.clock.set_fixed_time(at)
        give(page, made, pack, *rows)

    return carried


def give(page: Page, user: User, pack: Row, *rows: tuple[str, Row]) -> None:
    """Open the app as if the phone had fetched this pack a moment ago, then cut the network and open it again."""
    page.goto("/health/live")
    page.context.request.get(urljoin(page.url, "/m/"))  # brings the seal of the sign-in
    fresh = {"at": page.evaluate("Date.now()"), "made_at": pack["made_at"], "etag": '"it"', "bytes": 1}
    keep(page, user, [("kept", {"name": "pack", "value": pack}), ("kept", {"name": "fresh", "value": fresh})])
    page.goto("/m/")
    page.locator("[data-view] > *").first.wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    keep(page, user, list(rows))
    page.reload()
    page.locator("[data-view] > *").first.wait_for()


def pack_of(user: User, at: datetime, **parts: Any) -> Row:
    """Tell a whole pack around `at`: a village with something of everything; `parts` replace parts of it."""
    villages = [village(1, "Parengan"), village(2, "Pangean", works="")]
    return {
        "made_at": iso(at),
        "user": {"id": user.pk, "name": user.name},
        "modules": [{"code": "handholding", "label": "Pendampingan"}, {"code": "finance", "label": "Keuangan"}],
        "criteria": [{"code": "finance", "label": "Kemampuan keuangan"}],
        "villages": villages,
        "people": [person(100 + number, name) for number, name in enumerate(NAMES)],
        "items": items(at),
        "visits": [visit(user, at - timedelta(days=6)), returned(user, at - timedelta(days=3))],
        "plans": plans(at),
        "sessions": [session(7, at - timedelta(minutes=30)), session(8, at + timedelta(days=2), title="Foto kain")],
        "held": [],
        "acts": [],
        "handovers": [{"id": "h1", "village": 9, "name": "Gedangan", "url": "/handovers/1/"}],
    } | parts


NAMES = ("Lidia Wati", "Sumiati", "Tutik", "Wahyu Ningsih", "Endang", "Kusnan")


def iso(at: datetime) -> str:
    """Write a moment as the wire does."""
    return at.isoformat()


def village(key: int, name: str, *, works: str = "Pagi hari, sebelum ke sawah.") -> Row:
    """Tell one village."""
    place = f"{name}, Kec. Maduran, Kab. Lamongan"
    programs = [{"id": 1, "name": "Desa Devisa 2026"}]
    told = {"id": key, "name": name, "place": place, "zone": ZONE, "commodity": "Tenun ikat"}
    return told | {"works": works, "programs": programs}


def person(key: int, name: str, *, at: int = 1) -> Row:
    """Tell one person of a village."""
    return {"id": key, "village": at, "name": name, "hamlet": "Dusun Krajan"}


def items(at: datetime) -> list[Row]:
    """Tell what is open: something overdue, something due today, something later, something without a day."""
    days = (("Menimbang benang", -3), ("Membuat lembar periksa", 0), ("Mengulang delapan lembar", 5))
    rows: list[Row] = [
        {"id": f"i{day}", "village": 1, "visit": "v1", "what": what, "owner": "Bu Siti", "due_on": due(at, day)}
        for what, day in days
    ]
    undated = {"id": "i", "village": 2, "visit": "v1", "what": "Mencari ruang", "owner": "", "due_on": None}
    return [*rows, undated]


def due(at: datetime, days: int) -> str:
    """Name a day in the zone of the village."""
    return (at + timedelta(days=days, hours=7)).date().isoformat()


def plans(at: datetime) -> list[Row]:
    """Tell what was planned: too long ago, two days ago, and in three days."""
    return [
        {
            "id": f"p{days}", "village": 1, "planned_at": iso(at + timedelta(days=days)), "purpose": "Memeriksa sarung",
            "version": 1, "late": days < -3,
        }
        for days in (-5, -2, 3)
    ]  # fmt: skip


def visit(user: User, at: datetime, *, key: str = "v1", state: str = "approved", mentor: int = 0) -> Row:
    """Tell one visit, written down by somebody else."""
    return {
        "id": key, "village": 1, "program": 1, "mentor": {"id": mentor, "name": "Agus Salim"}, "visited_at": iso(at),
        "mode": "on_site", "modules": ["handholding", "finance"], "purpose": "Memeriksa dua kodi",
        "summary": "Delapan lembar perlu diulang.\nWarnanya rata.",
        "attendees": [{"person": {"id": 100, "name": "Lidia Wati"}, "name": ""}, {"person": None, "name": "Pak RT"}],
        "findings": [{"module": "", "criterion": "finance", "text": "Catatan belum lengkap."}],
        "action_items": [{"id": "i9", "what": "Menimbang", "owner": "Bu Siti", "due_on": due(at, 5), "state": "open"}],
        "photos": [{"id": "f1", "sha256": "", "taken_at": None, "arrived": False}], "location": None, "state": state,
        "version": 1, "comment": "", "corrects": None,
    }  # fmt: skip


def returned(user: User, at: datetime) -> Row:
    """Tell a visit of one's own that the coordinator gave back."""
    mine = visit(user, at, key="v2", state="returned", mentor=user.pk)
    return mine | {"mentor": {"id": user.pk, "name": user.name}, "comment": "Tuliskan siapa yang hadir."}


def session(key: int, starts_at: datetime, *, title: str = "Memeriksa satu kodi", seats: int = 6, **parts: Any) -> Row:
    """Tell a session of two hours with nobody marked."""
    names = [NAMES[number] if number < len(NAMES) else f"Perajin {number + 1}" for number in range(seats)]
    return {
        "id": key, "villages": [1], "module": "quality-assurance", "title": title, "starts_at": iso(starts_at),
        "ends_at": iso(starts_at + timedelta(hours=2)), "zone": ZONE, "place": "Balai Desa Parengan",
        "state": "scheduled", "cohorts": [{"id": 1, "name": "Angkatan 1"}],
        "seats": [seat(1000 + number, 100 + number, name) for number, name in enumerate(names)],
    } | parts  # fmt: skip


def seat(enrollment: int, person: int, name: str, **parts: Any) -> Row:
    """Tell one seat."""
    marks = {"state": "expected", "minutes": 0, "excuse": "", "version": 0}
    return {"enrollment": enrollment, "person": person, "name": name} | marks | parts
