"""A bad link to a server: an HTTP proxy that drops, delays, cuts and repeats requests, and writes down what it did.

    python -m tests.hard.proxy --server PORT --ledger FILE [--port 0] [--seed 1] [--with '{"drop": 0.1}']

prints its port and that of its back door, and lives as long as its parent. From Python it is one block
(tests/hard/link.py):

    with Link(server_port, folder / "ledger", seed=7, **BAD_LINK, only=["/api/"]) as link:
        link.url                       what a browser or a phone opens
        link.faults(cut_after=0.5)     other wishes (the fields of Weather); what is not named stays
        link.faults(next=["cut_up"])   the fates of the next requests, in order
        link.off(), link.on()          aeroplane mode: every connection breaks, and new ones at once
        link.counts()                  {"fates": {...}, "waiting": replays to come, "open": connections}
        link.settle()                  returns when every replay was brought
        link.ledger()                  what it did: a list of Carried, in the order it was finished

The back door takes POST /faults (JSON), /off, /on and /counts. Hosts, cookies and bodies go through unchanged;
connections to the client stay open, each request has one of its own to the server, and answers are kept until they are
whole. A server that is away is told as a 502 page or by a cut, half and half. A browser repeats by itself what broke
before its answer on a connection that was open already: the ledger has both.
"""

import argparse
import asyncio
import hashlib
import json
import os
import socket
import struct
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.hard.weather import Fate, Lot, Weather
from tests.provider.__main__ import end_with
from tests.provider.server import Answer, Connection, Request

LIFE = 7200.0
LARGEST_HEAD = 1 << 20
HEAD_ENDS = b"\r\n\r\n"
PATIENCE = 60.0  # seconds in which a replay waits for a server that is away
LOOK_EVERY = 0.2
BREAKS = struct.pack("ii", 1, 0)  # a socket that lingers for no time resets its connection
OWN_HOP = ("connection", "keep-alive", "proxy-connection", "expect", "upgrade", "te")
BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<h1>Bad gateway</h1>"
BODILESS = (204, 304)


class Malformed(Exception):
    """Something that is not the HTTP this proxy speaks."""


@dataclass(frozen=True)
class Head:
    """The first lines of a request or of an answer."""

    first: str
    lines: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, written: bytes) -> "Head":
        """Read it."""
        first, *lines = written.removesuffix(HEAD_ENDS).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return cls(first, tuple((name.strip(), value.strip()) for name, _, value in pairs))

    def get(self, name: str) -> str:
        """Return the value of one line."""
        return next((value for each, value in self.lines if each.lower() == name), "")

    @property
    def method(self) -> str:
        return self.first.split(" ")[0]

    @property
    def target(self) -> str:
        return self.first.split(" ")[1]

    @property
    def status(self) -> int:
        return int(self.first.split(" ")[1])

    def written(self, without: tuple[str, ...], *more: str) -> bytes:
        """Write it without some lines and with others."""
        kept = (f"{name}: {value}" for name, value in self.lines if name.lower() not in without)
        return "\r\n".join([self.first, *kept, *more, "", ""]).encode("latin-1")


@dataclass(frozen=True)
class Carried:
    """One request and what became of it; one line of the ledger, written before its answer leaves."""

    method: str
    target: str
    fate: str
    what: str = "request"  # or "replay": the server got it once more, and its answer was thrown away
    nth: int = 0  # of all requests, in the order they came; a replay bears the number of what it repeats
    status: int = 0  # what the server answered; 0 is nothing whole
    up: int = 0  # bytes that left the client, with the head
    down: int = 0  # bytes that were sent to the client, with the head
    body: int = 0  # of these, bytes of the body
    delay: float = 0.0
    digest: str = ""  # SHA-256 of a body that came whole
    reached: bool = False  # the server got all of it
    told: bool = False  # the client got the whole answer
    at: float = field(default_factory=time.time)


class Proxy:
    """Carries requests to one server through the weather."""

    def __init__(self, server: int, ledger: Path, weather: Weather) -> None:
        self.server, self.weather, self.open = server, weather, True
        self.counts: Counter[str] = Counter()
        self.clients: set[asyncio.StreamWriter] = set()
        self.replays: set[asyncio.Task[None]] = set()
        self._came = 0
        self._ledger = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client for as long as it stays."""
        if not self.open:
            cut(writer)
            return
        self.clients.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError, Malformed):
            while await self.carry(reader, writer):
                await writer.drain()
        self.clients.discard(writer)
        writer.close()

    def switch(self, *, on: bool) -> None:
        """Turn aeroplane mode off or on; whatever is open breaks."""
        self.open = on
        for writer in () if on else tuple(self.clients):
            cut(writer)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Take one request to the server and its answer back, as its lot has it; says whether the client may stay."""
        head = Head.of(written := await reader.readuntil(HEAD_ENDS))
        lot, length = self.weather.draw(head.method, head.target), length_of(head)
        broken = lot.fate is Fate.CUT_UP and length > 1
        body = await self.body(reader, writer, head, max(1, int(length * lot.point)) if broken else length)
        self._came += 1
        up = len(written) + len(body)
        entry = Carried(head.method, head.target, lot.fate, nth=self._came, up=up, delay=round(lot.delay, 3))
        await asyncio.sleep(lot.delay)
        if broken:
            await self.half(head, body)
            return self.leave(writer, entry)
        entry = replace(entry, digest=hashlib.sha256(body).hexdigest())
        if lot.replay is not None:
            self.again(head, body, entry, lot.replay)
        if lot.fate in (Fate.DROP, Fate.SILENT, Fate.CUT_UP):
            await asyncio.sleep(self.weather.silence / 1000 if lot.fate is Fate.SILENT else 0)
            return self.leave(writer, entry)
        return self.bring(reader, writer, entry, lot, await self.ask(head, body), stays(head))

    async def body(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: Head, length: int) -> bytes:
        """Read so much of a body, which some clients send only when they are asked to."""
        if head.get("expect"):
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return await reader.readexactly(length)

    async def ask(self, head: Head, body: bytes) -> tuple[int, bytes, bytes] | None:
        """Have the server's whole answer: its status, head and body; None when it is away or dies over it."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.server)
        except OSError:
            return None
        try:
            writer.write(head.written(OWN_HOP, "Connection: close") + body)
            return whole(await reader.read(), bodiless=head.method == "HEAD")
        except OSError:
            return None
        finally:
            writer.close()

    async def half(self, head: Head, body: bytes) -> None:
        """Let the server have the beginning of a request, and break."""
        with suppress(OSError):
            _reader, writer = await asyncio.open_connection("127.0.0.1", self.server)
            writer.write(head.written(OWN_HOP, "Connection: close") + body)
            await writer.drain()
            writer.close()

    def bring(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        entry: Carried,
        lot: Lot,
        answer: tuple[int, bytes, bytes] | None,
        stay: bool,  # noqa: FBT001
    ) -> bool:
        """Bring an answer to the client, or part of it; says whether the client may stay."""
        if answer is None:
            said = BAD_GATEWAY if lot.point < 0.5 else b""
            return self.leave(writer, replace(entry, fate=Fate.DOWN), said)
        status, head, body = answer
        entry = replace(entry, status=status, reached=True)
        if writer.is_closing() or reader.at_eof():
            return self.leave(writer, replace(entry, fate=Fate.GONE))
        if lot.fate is Fate.CUT_AFTER:
            return self.leave(writer, entry)
        if lot.fate is Fate.CUT_DOWN:
            said = head + body[: int(len(body) * lot.point)] if body else b""
            return self.leave(writer, entry, said)
        self.note(replace(entry, told=True, down=len(head) + len(body), body=len(body)))
        writer.write(head + body)
        return stay

    def leave(self, writer: asyncio.StreamWriter, entry: Carried, said: bytes = b"") -> bool:
        """Write it down, and break off after what is still said; the client may not stay."""
        self.note(replace(entry, down=len(said)))
        if said:
            writer.write(said)
            writer.close()
        else:
            cut(writer)
        return False

    def again(self, head: Head, body: bytes, entry: Carried, after: float) -> None:
        """Have the server get a request once more, later."""
        task = asyncio.get_running_loop().create_task(self.replay(head, body, entry, after))
        self.replays.add(task)
        task.add_done_callback(self.replays.discard)

    async def replay(self, head: Head, body: bytes, entry: Carried, after: float) -> None:
        """Bring it once more as soon as the server is there, and throw the answer away."""
        await asyncio.sleep(after)
        for _ in range(int(PATIENCE / LOOK_EVERY)):
            if answer := await self.ask(head, body):
                self.note(replace(entry, what="replay", status=answer[0], reached=True, up=0, at=time.time()))
                return
            await asyncio.sleep(LOOK_EVERY)
        self.note(replace(entry, what="replay", up=0, at=time.time()))

    def note(self, entry: Carried) -> None:
        """Write one line."""
        self.counts[entry.fate if entry.what == "request" else entry.what] += 1
        os.write(self._ledger, json.dumps(vars(entry), separators=(",", ":")).encode() + b"\n")

    def told(self, request: Request) -> Answer:
        """Do what is asked at the back door, and say how things stand."""
        if request.path == "/faults":
            try:
                self.weather.change(request.fields)
            except KeyError as unknown:
                return Answer(400, {"unknown": str(unknown)})
        elif request.path in ("/on", "/off"):
            self.switch(on=request.path == "/on")
        elif request.path != "/counts":
            return Answer(404)
        return Answer(200, {"fates": self.counts, "waiting": len(self.replays), "open": len(self.clients)})


def length_of(head: Head) -> int:
    """Return how long a request's body is."""
    if head.get("transfer-encoding"):
        raise Malformed
    return int(head.get("content-length") or 0)


def stays(head: Head) -> bool:
    """Say whether the client means to ask again on this connection."""
    return head.first.endswith("/1.1") and head.get("connection").lower() != "close"


def whole(came: bytes, *, bodiless: bool) -> tuple[int, bytes, bytes] | None:
    """Read an answer that the server closed: status, head and body as the client gets them; None unless it is whole."""
    written, found, body = came.partition(HEAD_ENDS)
    if not found:
        return None
    head = Head.of(written)
    if bodiless or head.status in BODILESS:
        return head.status, head.written(OWN_HOP), b""
    length = head.get("content-length")
    if length and len(body) != int(length):
        return None
    if head.get("transfer-encoding"):
        if not body.endswith(b"0\r\n\r\n"):
            return None
        body = unchunked(body)
    frame = ("content-length", "transfer-encoding", *OWN_HOP)
    return head.status, head.written(frame, f"Content-Length: {len(body)}"), body


def unchunked(body: bytes) -> bytes:
    """Put the pieces of a body together."""
    pieces = []
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        pieces.append(body[:length])
        body = body[length + 2 :] if length else b""
    return b"".join(pieces)


def cut(writer: asyncio.StreamWriter) -> None:
    """Break a connection."""
    door = writer.get_extra_info("socket")
    with suppress(OSError):
        door.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, BREAKS)
    writer.transport.abort()


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="tests.hard.proxy")
    parser.add_argument("--server", type=int, required=True, help="its port on this machine")
    parser.add_argument("--ledger", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--with", dest="wishes", type=json.loads, default={})
    return parser.parse_args()


async def serve(told: argparse.Namespace) -> None:
    """Open both doors, say where they are, and stay with the parent."""
    wishes: dict[str, Any] = told.wishes
    proxy = Proxy(told.server, told.ledger, Weather(seed=told.seed, **wishes))
    front = await asyncio.start_server(proxy, "127.0.0.1", told.port, limit=LARGEST_HEAD, backlog=256)
    back = await asyncio.get_running_loop().create_server(lambda: Connection(proxy.told), "127.0.0.1", 0)
    print(*(door.sockets[0].getsockname()[1] for door in (front, back)), flush=True)  # noqa: T201  the parent reads it
    await end_with(os.getppid(), LIFE)


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
