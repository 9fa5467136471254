"""A mentor's phone as R14 has it: a diary that is written offline, and an app that sends it and is killed over it.

What the phone stores is a file that only grows: a line for each word of the server. An app that starts again knows
that and nothing else.
"""

import http.client
import json
import os
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

PART = 65_536
TIMEOUT = 20.0
SHORTEST_REST, LONGEST_REST = 0.02, 0.3
BATCH = 5
JPEG = "image/jpeg"
LOST = (OSError, http.client.HTTPException)
COMMENT = b"\xff\xfe"  # begins a comment in a JPEG
SERVER_ERROR = 500


@dataclass(frozen=True)
class Snap:
    """One photo: a picture of the stock that its own key makes another file."""

    id: UUID
    stock: bytes

    @cached_property
    def jpeg(self) -> bytes:
        mark = self.id.bytes
        return self.stock[:2] + COMMENT + (len(mark) + 2).to_bytes(2) + mark + self.stock[2:]

    @cached_property
    def sha256(self) -> str:
        return sha256(self.jpeg).hexdigest()

    @property
    def parts(self) -> list[bytes]:
        return [self.jpeg[first : first + PART] for first in range(0, len(self.jpeg), PART)]


@dataclass(frozen=True)
class Version:
    """One visit as it was written down once: the first time, put right later, or on a second phone."""

    id: UUID
    day: int
    words: str
    body: Mapping[str, Any]
    snaps: Sequence[Snap] = ()
    follows: "Version | None" = None  # what this was made on


@dataclass(frozen=True)
class Owner:
    """Whose phone it is, and what they log visits of."""

    number: int
    token: str
    village: int
    program: int


@dataclass(frozen=True)
class Diary:
    """What one mentor writes in seven days: every third visit is put right once, every tenth is on two phones."""

    owner: Owner
    seed: int
    visits: int
    began: datetime
    stock: Sequence[bytes]
    days: int = 7
    photos: int = 2

    @cached_property
    def versions(self) -> list[Version]:
        """Write all of it; the same every time."""
        dice = random.Random(f"{self.seed} {self.owner.number}")  # noqa: S311  a test is repeatable
        return [version for n in range(self.visits) for version in self._visit(n, dice)]

    def _visit(self, n: int, dice: random.Random) -> Iterator[Version]:
        day, key = n * self.days // self.visits, key_of(dice)
        snaps = [Snap(key_of(dice), dice.choice(self.stock)) for _ in range(self.photos)]
        at = self.began + timedelta(days=day, minutes=dice.randrange(600))
        words, later = f"Kunjungan {self.owner.number}-{n}", n % 3 == 0
        body = {
            "id": str(key),
            "village": self.owner.village,
            "program": self.owner.program,
            "visited_at": at.isoformat(),
            "summary": words,
            "attendees": [{"name": "Bu Tenun"}],
            "action_items": [{"id": str(key_of(dice)), "what": "Benang dibeli", "owner": "Ketua"}],
            "photos": [{"id": str(snap.id), "sha256": snap.sha256, "taken_at": at.isoformat()} for snap in snaps],
            "state": "draft" if later else "submitted",
        }
        first = Version(key, day, words, body, snaps)
        yield first
        if later:
            right = f"{words}, dibetulkan"
            yield Version(key, day, right, {**body, "summary": right, "state": "submitted"}, follows=first)
        elif n % 10 == 1:
            other = f"{words}, dari HP lain"
            yield Version(key, day, other, {**body, "summary": other})


@dataclass
class Answer:
    """A whole answer."""

    status: int
    said: Any


class Lost(Exception):
    """No whole answer came, or none that says anything."""


@dataclass
class Line:
    """The way to the server: one connection that is opened again after each break."""

    port: int
    token: str
    _open: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "application/json", **more: str) -> Answer:
        """Have a whole answer, or Lost."""
        headers = {"Authorization": f"Token {self.token}", **more, **({"Content-Type": kind} if body else {})}
        try:
            self._open = self._open or http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
            self._open.request(method, f"/api/v1/visits/{path}", body or None, headers)
            answer = self._open.getresponse()
            said = answer.read()
        except LOST as trouble:
            self.close()
            raise Lost from trouble
        if answer.status >= SERVER_ERROR:
            raise Lost
        return Answer(answer.status, json.loads(said) if said else None)

    def close(self) -> None:
        """Give the connection up."""
        if self._open:
            self._open.close()
        self._open = None


@dataclass
class Phone:
    """Sends a diary: text first, then each photo; asks again until the server's word is there."""

    diary: Diary
    port: int
    file: Path
    fresh_keys: bool = False  # the guard off: a try that was not answered is a new visit
    told: dict[str, dict[str, Any]] = field(default_factory=dict)

    def live(self, day: int) -> None:
        """Be the app, from its start until everything of the days so far is sent."""
        self.told = {line["what"]: line for line in read(self.file)}
        self._book = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._line = Line(self.port, self.diary.owner.token)
        self._dice, rest = random.Random(), SHORTEST_REST  # noqa: S311  the order is to be another at each start
        while self._texts(day) or self._photos(day):
            try:
                self._send(day)
                rest = SHORTEST_REST
            except Lost:
                time.sleep(rest * self._dice.random())
                rest = min(LONGEST_REST, 2 * rest)
        self._line.close()

    def _texts(self, day: int) -> list[Version]:
        ready = (each for each in self.diary.versions if each.day <= day and each.words not in self.told)
        return [each for each in ready if each.follows is None or each.follows.words in self.told]

    def _photos(self, day: int) -> list[tuple[Version, Snap]]:
        sent = (each for each in self.diary.versions if each.day <= day and each.words in self.told)
        return [(each, snap) for each in sent for snap in each.snaps if str(snap.id) not in self.told]

    def _send(self, day: int) -> None:
        texts, photos = self._texts(day), self._photos(day)
        if texts and (self._dice.random() < 0.7 or not photos):
            self._dice.shuffle(texts)
            if self._dice.random() < 0.5:
                self._put(texts[0])
            else:
                self._sync(texts[:BATCH])
        elif photos:
            self._photo(*self._dice.choice(photos))

    def _body(self, version: Version) -> dict[str, Any]:
        """Write a visit as it is sent; one that was put right names the version that it was made on."""
        made_on = self.told[version.follows.words] if version.follows else {}
        body = {**version.body, "id": made_on.get("id", version.body["id"]), "base_version": made_on.get("version")}
        if self.fresh_keys:
            items = [{**item, "id": str(key_of(self._dice))} for item in body["action_items"]]
            body |= {"action_items": items, "photos": []}
        if self.fresh_keys and not made_on:
            body["id"] = str(key_of(self._dice))
        return body

    def _put(self, version: Version) -> None:
        body = self._body(version)
        answer = self._line.ask("PUT", f"{body['id']}/", written({**body, "sent_at": now()}))
        word = {200: "had_it", 201: "stored", 202: "conflict", 409: "conflict"}.get(answer.status, "refused")
        self._note(version, body, word, answer.said)

    def _sync(self, versions: list[Version]) -> None:
        bodies = [self._body(version) for version in versions]
        answer = self._line.ask("POST", "sync/", written({"sent_at": now(), "items": bodies}))
        for version, body, judged in zip(versions, bodies, answer.said["items"], strict=True):
            self._note(version, body, judged["verdict"], judged)

    def _note(self, version: Version, body: Mapping[str, Any], word: str, said: Mapping[str, Any]) -> None:
        self._keep(what=version.words, word=word, id=body["id"], version=said.get("version"), said=str(said)[:300])

    def _photo(self, version: Version, snap: Snap) -> None:
        key = key_of(self._dice) if self.fresh_keys else snap.id
        address = f"{self.told[version.words]['id']}/photos/{key}/"
        if len(snap.jpeg) <= PART:
            taken = {"Taken-At": str(version.body["visited_at"])}
            answer = self._line.ask("PUT", address, snap.jpeg, JPEG, **taken)
        else:
            answer = self._in_parts(address, snap, str(version.body["visited_at"]))
        if answer.status == 409 and "missing" in answer.said:
            raise Lost
        word = {200: "had_it", 201: "stored"}.get(answer.status, "refused")
        self._keep(what=str(snap.id), word=word, status=answer.status, said=str(answer.said)[:300])

    def _in_parts(self, address: str, snap: Snap, taken_at: str) -> Answer:
        """Ask what is there, send what is not, and have it put together."""
        there = self._line.ask("GET", f"{address}parts/")
        if there.status != 200 or there.said["done"]:
            return there
        for number, part in enumerate(snap.parts):
            if number not in there.said["parts"]:
                digest = {"X-Sha256": sha256(part).hexdigest()}
                put = self._line.ask("PUT", f"{address}parts/{number}/", part, "application/octet-stream", **digest)
                if put.status not in (200, 201):
                    return put
        facts = {"sha256": snap.sha256, "size": len(snap.jpeg), "parts": len(snap.parts), "taken_at": taken_at}
        return self._line.ask("POST", f"{address}complete/", written(facts))

    def _keep(self, **line: Any) -> None:
        """Store the server's word; only then is it known."""
        os.write(self._book, written(line) + b"\n")
        self.told[line["what"]] = line


def key_of(dice: random.Random) -> UUID:
    """Make a UUID of version 7."""
    moment = 1_790_000_000_000 + dice.getrandbits(20)
    return UUID(int=(moment << 80) | (7 << 76) | (dice.getrandbits(12) << 64) | (2 << 62) | dice.getrandbits(62))


def written(said: Any) -> bytes:
    """Write JSON as short as it can be."""
    return json.dumps(said, separators=(",", ":")).encode()


def now() -> str:
    """Read the phone's clock, which is right."""
    return datetime.now(UTC).isoformat()


def read(file: Path) -> Iterator[dict[str, Any]]:
    """Read every whole line of what a phone stored."""
    if file.exists():
        with file.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.endswith("\n"))
