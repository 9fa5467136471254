"""R14B: the real app in a real Chromium, offline for days, over a bad link, while browser and server are killed."""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from accounts.models import User
from accounts.states import Role
from common.dates import local_date
from mentoring.models import Photo, Visit
from tests import factories
from tests.hard.crew import Hand, fork
from tests.hard.days import go_ahead
from tests.hard.handset import FORGETFUL, Handset, Look
from tests.hard.held_to import photos_of, visits_of
from tests.hard.link import Link
from tests.hard.notebook import Note, notes
from tests.hard.proxy import Carried
from tests.hard.stage import Stage
from tests.hard.taken import Taken
from tests.hard.verdict import Verdict
from tests.hard.weather import BAD_LINK
from tests.hard.web import serve, warm

DAYS = 7
A_DAY = 86_400_000  # ms
ON_SIGNAL = (1, 3, 5, 6)  # on the other days there is none; on the last all is sent
SHARE = 0.5  # of what waits, on a day of signal
SERVER_ERROR = 500
MOST_BYTES = 1.3  # of photos over the wire, for one of theirs
ENOUGH = 100  # photos of which the bytes on the wire tell something: of fewer a single cut decides
KILO = 1024
ROUNDS = 40  # for each visit, before it is given up
LOOKS, PAUSE = 400, 0.05  # in 20 s the page shows what is so
PEOPLE = ("Ani", "Budi", "Cik Lidia", "D\u00e9wi")


def real_week(stage: Stage) -> Verdict:
    """R14B: each visit and photo once, the counts true at every look, hardly a byte for nothing."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop shares the thread with our queries
    mentor, book = settle(stage, visits=stage.size(200, least=10))
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["drf_spectacular_sidecar"])
    with (
        Link(stage.web_port, stage.folder / "link", seed=stage.seed) as link,
        sync_playwright() as playwright,
    ):
        phone = Handset(playwright, link.url, stage.folder / "phone", "" if stage.guard else FORGETFUL)
        try:
            week = Week(stage, link, phone, book)
            shell = week.begin(mentor)
            for day in range(DAYS):
                week.live(day)
            week.end()
            return judged(week, shell)
        finally:
            phone.kill()


def settle(stage: Stage, *, visits: int) -> tuple[User, list[Note]]:
    """Have a mentor of two villages; returns what they will write."""
    factories.lay_modules()
    region, today = factories.lay_region(), local_date(stage.database.now(), "Asia/Jakarta")
    frame = {"starts_on": today - timedelta(days=90), "ends_on": today + timedelta(days=90)}
    program = factories.ProgramFactory.create(**frame)
    mentor = factories.UserFactory.create(role=Role.MENTOR, language="id")
    people = {}
    for name in ("Parengan", "Sukarara"):
        village = factories.VillageFactory.create(name=name, code=name.lower(), region=region)
        factories.CohortFactory.create(program=program, village=village, **frame)
        factories.AssignmentFactory.create(mentor=mentor, village=village, starts_on=today - timedelta(days=30))
        people[name] = [f"{each} {name}" for each in PEOPLE]
        for each in people[name]:
            factories.PersonFactory.create(village=village, name=each)
    return mentor, list(notes(stage.chance(), visits=visits, days=DAYS, people=people))


@dataclass
class Week:
    """The server, the link and the phone, and what is known beside them."""

    stage: Stage
    link: Link
    phone: Handset
    book: Sequence[Note]
    written: list[Note] = field(default_factory=list)
    drafts: list[Note] = field(default_factory=list)  # left unfinished over night
    facts: Counter[str] = field(default_factory=Counter)
    fair: int = 0  # requests before the weather turned bad

    def __post_init__(self) -> None:
        self.dice, self.taken, self.day = self.stage.chance(), Taken(), 0
        self.sure = True  # nothing was cut off since the phone last said all that it had heard
        self.unheard: set[str] = set()  # what the server said and a killed browser may not have written down
        warm()
        self._web = self._serve()

    # -- the days ------------------------------------------------------------------------------------------------------

    def begin(self, mentor: User) -> dict[str, float]:
        """Open the app for the first time, on a good signal; returns the KB of all answers but the pack."""
        client = Client()
        client.force_login(mentor)
        self.phone.start()
        session = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
        self.phone.take(session, until=time.time() + 90 * 86_400)
        self.phone.open()
        self.phone.keep()
        self.phone.page.wait_for_load_state("networkidle")
        self.phone.close()
        self.link.faults(**BAD_LINK)
        first = self.link.ledger()
        self.fair = len(first)
        shell = [each for each in first if "/me/pack/" not in each.target]
        heads = sum(each.down - each.body for each in shell)
        return {"shell KB": round(sum(each.body for each in shell) / KILO, 1), "heads KB": round(heads / KILO, 1)}

    def live(self, day: int) -> None:
        """Be a day: the server is another one, the phone starts without a network, then there may be some signal."""
        self.day = day
        self._web.kill()
        self.stage.skip(days=1 if day else 0)
        self._web = self._serve()
        self._wake()
        self._write([note for note in self.book if note.day == day], crash=day % 3 == 1)
        self.check()
        if day in ON_SIGNAL:
            self._send(last=day == ON_SIGNAL[-1])
        self.phone.close()

    def end(self) -> None:
        """Wait until the last replay has come, look once more without a network, and stop."""
        self.link.settle()
        self._wake()
        self.check()
        self.final = self.phone.look()
        self.phone.close()
        self._web.kill()

    def _wake(self) -> None:
        self.link.off()
        self.phone.start(ahead=self.day * A_DAY, offline=True)
        self.phone.open("#/queue")
        self.phone.queue()

    def _write(self, planned: Sequence[Note], *, crash: bool) -> None:
        """Write a day's visits without a network; the last one stays a draft until the next day."""
        for n, note in enumerate(planned):
            self.phone.write(note)
            self.written.append(note)
            self.drafts.append(note)
            if crash and not n:
                self._crash()
                self.check()
            last = n == len(planned) - 1 and self.day < DAYS - 1
            while len(self.drafts) > last:
                self.phone.finish(self.drafts[0])
                self.drafts.pop(0)
        self.phone.queue()

    def _crash(self) -> None:
        """Kill the browser over a draft."""
        self.phone.kill()
        self.facts["browsers killed"] += 1
        self.phone.start(ahead=self.day * A_DAY, offline=True)
        self.phone.open("#/queue")

    # -- sending -------------------------------------------------------------------------------------------------------

    def _send(self, *, last: bool) -> None:
        """Have the phone send, killing all the while; until half of it is there, on the last day all."""
        self.link.on()
        self.link.faults(next=["cut_after"])  # the first answer is lost, whatever else is
        self.phone.network(there=True)
        goal = self._waiting() * (0 if last else 1 - SHARE)
        kills = [*self._kills("server", 40, least=2), *self._kills("browser", 16, least=2)]
        other = self.phone.tab() if self.day % 2 else None
        if other:
            self.phone.open("#/queue", other)
        for turn in range(ROUNDS * len(self.book)):
            if self._waiting() <= goal and not kills:
                break
            self.phone.push(other if other and turn % 2 else None)
            if kills and turn % 2:
                time.sleep(self.dice.uniform(0, 0.25))
                other = self._kill(kills.pop(self.dice.randrange(len(kills))), other)
            else:
                self.check(other)
            if self._waiting() == 0 or (not self.stage.guard and Visit.objects.count() > len(self.written)):
                break

    def _kills(self, what: str, whole: int, *, least: int) -> list[str]:
        days = ON_SIGNAL[:-1]
        share, more = divmod(self.stage.size(whole, least=least), len(days))
        return [what] * (share + (self.day in days[:more])) if self.day in days else []

    def _kill(self, what: str, other: Page | None) -> Page | None:
        """Kill one of them in the middle of its work; returns the second tab, if it is still there."""
        self.facts[f"{what}s killed"] += 1
        if what == "server":
            self._web.kill()
            time.sleep(self.dice.uniform(0, 0.4))
            self._web = self._serve()
            return other
        self.sure = False
        self.phone.kill()
        self.phone.start(ahead=self.day * A_DAY)
        self.phone.open("#/queue")
        return None

    def _serve(self) -> Hand:
        return fork(partial(self._as_server, timedelta(days=self.day)))

    def _as_server(self, ahead: timedelta) -> None:
        go_ahead(ahead)
        serve(self.stage.web_port)

    def _waiting(self) -> int:
        return sum(state == "waiting" for state in self.phone.look().states.values())

    # -- what the phone says -------------------------------------------------------------------------------------------

    def check(self, *pages: Page | None) -> None:
        """Hold what is shown against what is known, in every window, as soon as the phone is at rest."""
        if not self.stage.guard:
            return time.sleep(4 * PAUSE)
        for page in (None, *filter(None, pages)):
            self.facts["looks"] += 1
            self.facts["counts untrue"] += not self._soon_true(page)
        return None

    def _soon_true(self, page: Page | None) -> bool:
        """Give the page a while to show what is so."""
        for _ in range(LOOKS):
            if self._true(page):
                return True
            time.sleep(PAUSE)
        return False

    def _true(self, page: Page | None) -> bool:
        """Compare once; a phone that sends on meanwhile is looked at again."""
        before = self.phone.look(page)
        heard = self.taken.heard(self.link.ledger(), self.written)
        after = self.phone.look(page)
        if before.busy or before.states != after.states:
            return False
        sent = {key for key, state in after.states.items() if state == "sent"}
        if not self.sure:
            self.unheard, self.sure = heard - sent, True
        self.unheard &= heard - sent
        if not sent <= arrived(self.written):
            self.facts["sent and not there"] += 1
        return sent == heard - self.unheard and after.shown == self._known(sent) and self._keeps(after)

    def _known(self, sent: set[str]) -> list[int]:
        """Count what must be shown: Draf, Menunggu, Terkirim, Gagal."""
        return [len(self.drafts), len(self.written) - len(self.drafts) - len(sent), len(sent), 0]

    def _keeps(self, look: Look) -> bool:
        """Say whether every byte that has not arrived is still in the phone."""
        unsent = [note for note in self.written if look.states.get(note.key) != "sent"]
        return {key for note in unsent for key in note.digests} <= {*look.blobs, *self.taken.photos}


def arrived(written: Iterable[Note]) -> set[str]:
    """Name the visits that the server has with all their photos."""
    photos = {str(key) for key in Photo.objects.arrived().values_list("pk", flat=True)}
    visits = {str(key) for key in Visit.objects.values_list("pk", flat=True)}
    return {note.key for note in written if note.key in visits and note.digests.keys() <= photos}


def judged(week: Week, shell: Mapping[str, float]) -> Verdict:
    """Hold what the server has against what was written."""
    connections.close_all()
    ledger = week.link.ledger()[week.fair :]
    requests = [entry for entry in ledger if entry.what == "request"]
    wrong = {**visits_of(week.written), **photos_of(week.written), **phone_of(week)}
    facts: dict[str, float] = {
        "visits": len(week.written),
        "photos": sum(len(note.digests) for note in week.written),
        "days": DAYS,
        **{name: week.facts[name] for name in ("servers killed", "browsers killed", "looks")},
        "requests": len(requests),
        "broken %": round(100 * sum(not entry.told for entry in requests) / len(requests)),
        "repeated later": len(ledger) - len(requests),
        **shell,
        **wrong,
        "errors": sum(entry.status >= SERVER_ERROR for entry in ledger),
        "photo bytes for one": photo_bytes(requests),
    }
    if not week.stage.guard:
        return Verdict(facts, {"visits doubled": 0})
    for words in week.phone.complaints:
        print(words, file=sys.stderr)  # noqa: T201
    limits: dict[str, float] = {**dict.fromkeys((*wrong, "errors"), 0)}
    if facts["photos"] >= ENOUGH:
        limits["photo bytes for one"] = MOST_BYTES
    return Verdict(facts, limits)


def phone_of(week: Week) -> dict[str, float]:
    """Count what the phone said wrongly, and what stays in it that should not."""
    return {
        **{name: week.facts[name] for name in ("counts untrue", "sent and not there")},
        "left unsent": sum(state != "sent" for state in week.final.states.values()),
        "left bytes": len(week.final.blobs),
        "complaints": len(week.phone.complaints),
    }


def photo_bytes(requests: Sequence[Carried]) -> float:
    """Return how many bytes left the phone for each byte of its photos."""
    sent = sum(entry.up for entry in requests if "/photos/" in entry.target)
    return round(sent / max(1, sum(Photo.objects.values_list("size", flat=True))), 3)
