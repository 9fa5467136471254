"""R14: phones that were offline for days send everything over a bad link, while apps and the server are killed."""

import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from io import BytesIO

from django.db import connections
from django.utils import timezone
from knox.models import AuthToken
from PIL import Image

from accounts.states import Role
from mentoring.models import HeldVersion, Photo, Visit
from tests import factories
from tests.hard.crew import Hand, fork
from tests.hard.link import Link
from tests.hard.phone import Diary, Owner, Phone, Snap, Version, read
from tests.hard.proxy import Carried
from tests.hard.stage import Stage
from tests.hard.verdict import Verdict
from tests.hard.weather import BAD_LINK
from tests.hard.web import serve, warm

DAYS = 7
SIZES = ((200, 150), (420, 380), (560, 440), (640, 520))  # pixels of noise: 15 to 250 kB
TAKEN = ("stored", "had_it", "conflict")
SERVER_ERROR = 500
MOST_BYTES = 1.3  # of photos over the wire, for one of theirs


def offline_week(stage: Stage) -> Verdict:
    """R14: each visit and photo once, nothing written over, hardly a byte for nothing."""
    diaries = settle(stage, phones=stage.size(20, least=3), visits=stage.size(200, least=12))
    phones = [
        Phone(each, 0, stage.folder / f"phone-{each.owner.number}", fresh_keys=not stage.guard) for each in diaries
    ]
    weather = {**BAD_LINK, "replay": 1.0}
    with Link(stage.web_port, stage.folder / "link", seed=stage.seed, **weather) as link:
        week = Week(stage, [replace(phone, port=link.port) for phone in phones])
        for day in range(DAYS):
            week.live(day, kills=stage.size(50, least=7) // DAYS)
        week.end(link)
        return judged(diaries, phones, link.ledger(), week)


def settle(stage: Stage, *, phones: int, visits: int) -> list[Diary]:
    """Have a mentor with a village of their own for each phone; returns what they will write."""
    factories.lay_modules()
    region, program, stock = factories.lay_region(), factories.ProgramFactory.create(), list(pictures(stage.chance()))
    began = timezone.now() - timedelta(days=DAYS)
    diaries = []
    for number in range(phones):
        village = factories.VillageFactory.create(name=f"Desa {number}", code=f"desa-{number}", region=region)
        factories.CohortFactory.create(program=program, village=village)
        mentor = factories.UserFactory.create(role=Role.MENTOR, email=f"mentor{number}@example.org")
        factories.AssignmentFactory.create(mentor=mentor, village=village)
        _row, token = AuthToken.objects.create(user=mentor)
        owner = Owner(number, token, village.pk, program.pk)
        diaries.append(Diary(owner, stage.seed, visits, began, stock, DAYS))
    return diaries


def pictures(chance: random.Random) -> Iterable[bytes]:
    """Draw pictures of noise: small ones that go whole and large ones that go in parts."""
    for width, height in SIZES:
        noise, file = Image.frombytes("L", (width, height), chance.randbytes(width * height)), BytesIO()
        noise.save(file, "JPEG", quality=85)
        yield file.getvalue()


@dataclass
class Week:
    """The server, and an app on each phone; they are killed again and again."""

    stage: Stage
    phones: list[Phone]
    apps_killed: int = 0
    server_killed: int = 0

    def __post_init__(self) -> None:
        warm()
        self._dice = self.stage.chance()
        self._web = self._serve()

    def live(self, day: int, *, kills: int) -> None:
        """Let every phone send what it has until that day, and kill so many apps, and the server as often."""
        apps = [self._start(phone, day) for phone in self.phones]
        for n in range(2 * kills):
            time.sleep(self._dice.uniform(0.1, 0.5))
            if n % 2:
                self._web.kill()
                self.server_killed += 1
                time.sleep(self._dice.uniform(0.0, 0.2))
                self._web = self._serve()
            else:
                which = self._dice.randrange(len(apps))
                self.apps_killed += apps[which].ended is None and apps[which].kill()
                apps[which] = self._start(self.phones[which], day)
        if any(app.wait() for app in apps):
            raise RuntimeError("An app failed.")

    def end(self, link: Link) -> None:
        """Wait until the last replay has come, and stop."""
        link.settle()
        self._web.kill()

    def _start(self, phone: Phone, day: int) -> Hand:
        return fork(partial(phone.live, day))

    def _serve(self) -> Hand:
        return fork(partial(serve, self.stage.web_port))


def judged(diaries: list[Diary], phones: list[Phone], ledger: list[Carried], week: Week) -> Verdict:
    """Hold what the server has against what the phones wrote and were told."""
    connections.close_all()
    versions = [version for diary in diaries for version in diary.versions]
    told = {line["what"]: line["word"] for phone in phones for line in read(phone.file)}
    requests = [entry for entry in ledger if entry.what == "request"]
    counts = {**visits_of(versions), **photos_of(versions)}
    facts = {
        "visits": len({version.id for version in versions}),
        "photos": sum(len(version.snaps) for version in versions),
        "apps killed": week.apps_killed,
        "server killed": week.server_killed,
        "requests": len(requests),
        "broken %": round(100 * sum(not entry.told for entry in requests) / len(requests)),
        "repeated later": len(ledger) - len(requests),
        **counts,
        "not taken": sum(word not in TAKEN for word in told.values()),
        "errors": sum(entry.status >= SERVER_ERROR for entry in ledger),
        "photo bytes for one": photo_bytes(requests, versions),
    }
    if not week.stage.guard:
        return Verdict(facts, {"visits doubled": 0})
    limits = dict.fromkeys((*counts, "not taken", "errors"), 0)
    return Verdict(facts, {**limits, "photo bytes for one": MOST_BYTES})


def visits_of(versions: list[Version]) -> dict[str, float]:
    """Count visits that are missing or there twice, words that were written over, and what waits for no reason."""
    first = {version.words.partition(",")[0] for version in versions}
    stored = Counter(words.partition(",")[0] for words in Visit.objects.values_list("summary", flat=True))
    standing = set(Visit.objects.values_list("summary", flat=True))
    held = {content["summary"] for content in HeldVersion.objects.values_list("content", flat=True)}
    replaced = {version.follows.words for version in versions if version.follows}
    doubles = Counter(version.id for version in versions if not version.follows)
    rivals = {version.words for version in versions if doubles[version.id] > 1}
    return {
        "visits lost": len(first - stored.keys()),
        "visits doubled": sum(stored.values()) - len(stored),
        "words lost": len({version.words for version in versions} - replaced - standing - held),
        "held for nothing": len(held - rivals),
    }


def photos_of(versions: list[Version]) -> dict[str, float]:
    """Count photos that are missing, there twice, at another visit, or no picture."""
    due: dict[str, tuple[Version, Snap]] = {snap.sha256: (each, snap) for each in versions for snap in each.snaps}
    arrived = list(Photo.objects.arrived())
    digests = Counter(photo.sha256 for photo in arrived)
    return {
        "photos lost": len(due.keys() - digests.keys()),
        "photos doubled": sum(digests.values()) - len(digests),
        "photos astray": sum(photo.visit_id != due[photo.sha256][0].id for photo in arrived),
        "photos spoiled": sum(not whole(photo) for photo in arrived),
    }


def whole(photo: Photo) -> bool:
    """Say whether both kept files can be drawn."""
    for small in (False, True):
        with photo.opened(small=small) as file:
            Image.open(file).load()
    return True


def photo_bytes(requests: list[Carried], versions: list[Version]) -> float:
    """Return how many bytes left the phones for each byte of their photos."""
    sent = sum(entry.up for entry in requests if "/photos/" in entry.target)
    return round(sent / sum(len(snap.jpeg) for version in versions for snap in version.snaps), 3)
