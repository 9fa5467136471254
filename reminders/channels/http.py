"""Connections to gateways that speak HTTP: kept open, shared by threads, and exact about what has left.

What was refused before the last byte left was not taken; what got no answer after that may have arrived. The plain
client of the standard library knows that moment and costs a tenth of the processor time of a richer one at 64 letters
side by side.
"""

import os
import re
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from select import POLLIN, poll
from typing import Final, TypeVar
from urllib.parse import urlsplit

import httpx

from reminders.channels.gateway import WIDEST, Fault, Outcome
from reminders.states import MessageState, Reason

PROMPT: Final = 5.0  # seconds after its beginning in which a letter may still leave; later the process stood still
CONNECT: Final = 4.0  # seconds
SILENCE: Final = 6.0  # seconds without a word
PATIENCE: Final = CONNECT + SILENCE  # seconds for one letter in all
IDLE: Final = 4.0  # seconds; below the shortest wait of a server, so that it does not hang up while we write
LONGEST: Final = 64 * 1024  # bytes of an answer
WORDS: Final = 160

Key = TypeVar("Key")
LATER = Outcome(MessageState.FAILED, Reason.LATER, fault=Fault.LATER)
STOOD_STILL = Outcome(MessageState.FAILED, Reason.STOOD_STILL, fault=Fault.LATER)
UNANSWERED = Outcome(MessageState.UNKNOWN, Reason.NO_ANSWER)
_OF_STATUS = {
    HTTPStatus.UNAUTHORIZED: Fault.STOP,
    HTTPStatus.PAYMENT_REQUIRED: Fault.STOP,
    HTTPStatus.FORBIDDEN: Fault.STOP,
    HTTPStatus.NOT_FOUND: Fault.STOP,
    HTTPStatus.METHOD_NOT_ALLOWED: Fault.STOP,
    HTTPStatus.REQUEST_TIMEOUT: Fault.LATER,
    HTTPStatus.TOO_EARLY: Fault.LATER,
    HTTPStatus.TOO_MANY_REQUESTS: Fault.LATER,
}
_PRIVATE = re.compile(r"\+?\d[\d\s.-]{6,}\d|\S+@\S+")


@dataclass(frozen=True)
class Call:
    """One request, whole."""

    target: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True)
class Answer:
    """What a gateway answered."""

    status: int
    body: bytes

    @property
    def is_taken(self) -> bool:
        """Tell a yes from everything else."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class Trouble(Exception):
    """There is no answer; the outcome tells whether the letter can have arrived."""

    def __init__(self, outcome: Outcome) -> None:
        """Keep what follows from it."""
        super().__init__(outcome.note)
        self.outcome = outcome


def monotonic() -> float:
    """Read a clock that also runs while the machine sleeps, in seconds."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Line:
    """The connections of this process to one gateway; each is used by one thread at a time."""

    def __init__(self, url: str) -> None:
        """Remember where it leads; nothing is opened yet."""
        self._where = urlsplit(url)
        self._idle: deque[tuple[float, HTTPConnection]] = deque()
        self._busy: dict[int, tuple[float, HTTPConnection]] = {}

    def ask(self, call: Call, *, since: float, leaving: Callable[[], None]) -> Answer:
        """Send one request and read its answer; a Trouble tells whether it can have arrived."""
        line = self._line()
        self._busy[id(line)] = since, line
        try:
            self._send(line, call, since, leaving)
            return self._answer(line)
        finally:
            del self._busy[id(line)]

    def hang_up(self) -> None:
        """End what has waited for too long; its threads go on with no answer."""
        long_ago = monotonic() - PATIENCE
        for since, line in list(self._busy.values()):
            if since <= long_ago and line.sock is not None:
                with suppress(OSError):
                    line.sock.shutdown(socket.SHUT_RDWR)

    def _line(self) -> HTTPConnection:
        while self._idle:
            try:
                since, line = self._idle.pop()
            except IndexError:
                break
            if monotonic() - since < IDLE and not _has_news(line.sock):
                return line
            line.close()
        return self._new()

    def _new(self) -> HTTPConnection:
        host, port = self._where.hostname or "", self._where.port
        if self._where.scheme == "https":
            return HTTPSConnection(host, port, timeout=CONNECT, context=_certificates())
        return HTTPConnection(host, port, timeout=CONNECT)

    def _send(self, line: HTTPConnection, call: Call, since: float, leaving: Callable[[], None]) -> None:
        try:
            if line.sock is None:
                line.connect()  # the standard library switches TCP_NODELAY on
            line.sock.settimeout(SILENCE)
            leaving()
            _refuse_late(since)
            line.request(call.method, call.target, call.body or None, dict(call.headers))
        except Trouble:
            line.close()
            raise
        except (OSError, HTTPException, ValueError) as error:
            line.close()
            raise Trouble(LATER) from error

    def _answer(self, line: HTTPConnection) -> Answer:
        try:
            answer = line.getresponse()
            body = answer.read(LONGEST)
            if answer.will_close or not answer.isclosed():
                line.close()
            else:
                self._idle.append((monotonic(), line))
        except (OSError, HTTPException, ValueError) as error:
            line.close()
            raise Trouble(UNANSWERED) from error
        return Answer(answer.status, body)


def _has_news(line: socket.socket) -> bool:
    """Tell whether an idle connection was closed or disturbed from the other side."""
    ear = poll()
    ear.register(line, POLLIN)
    return bool(ear.poll(0))


def _refuse_late(since: float) -> None:
    if monotonic() - since > PROMPT:
        raise Trouble(STOOD_STILL)


def ask_all(url: str, calls: Mapping[Key, Call], *, since: float) -> dict[Key, Answer | Outcome]:
    """Send many requests side by side; each has an answer, or the outcome of its trouble, in about ten seconds."""
    line, left = line_to(url), set[Key]()
    asked = {key: _threads().submit(_ask, line, call, since, partial(left.add, key)) for key, call in calls.items()}
    if wait(asked.values(), timeout=PATIENCE).not_done:
        line.hang_up()
        wait(asked.values(), timeout=1)
    return {key: each.result() if each.done() else _given_up(each, left=key in left) for key, each in asked.items()}


def _ask(line: Line, call: Call, since: float, leaving: Callable[[], None]) -> Answer | Outcome:
    try:
        return line.ask(call, since=since, leaving=leaving)
    except Trouble as trouble:
        return trouble.outcome


def _given_up(asked: Future[Answer | Outcome], *, left: bool) -> Outcome:
    """Judge what is still under way: a letter that has not begun by now never will."""
    asked.cancel()
    return UNANSWERED if left else LATER


def outcome_of_status(answer: Answer, words: str = "", code: str = "") -> Outcome:
    """Judge an answer that says nothing we know: only its status speaks."""
    if answer.is_taken or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return UNANSWERED
    status = HTTPStatus(answer.status) if answer.status in _OF_STATUS else None
    fault = _OF_STATUS[status] if status else Fault.LETTER if answer.status >= HTTPStatus.BAD_REQUEST else Fault.STOP
    return Outcome(MessageState.FAILED, harmless(words), code=code or str(answer.status), fault=fault)


def harmless(words: str) -> str:
    """Keep a gateway's words without a number or an address in them."""
    return _PRIVATE.sub("…", " ".join(words.split()))[:WORDS]


@cache
def line_to(url: str) -> Line:
    """Return this process's line to a gateway."""
    return Line(url)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(WIDEST, thread_name_prefix="gateway")


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _forget() -> None:
    """Leave a parent's connections and threads to the parent."""
    line_to.cache_clear()
    _threads.cache_clear()


os.register_at_fork(after_in_child=_forget)
