"""Just enough of HTTP/1.1 to play a gateway: many connections that stay open, one answer for each request."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

HEAD_ENDS = b"\r\n\r\n"


class Way(Enum):
    """How an answer leaves."""

    ANSWER = auto()
    CUT = auto()  # the connection breaks instead
    NEVER = auto()


@dataclass(frozen=True)
class Request:
    """One whole request."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Return the path without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """Return the query's fields."""
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def fields(self) -> dict[str, Any]:
        """Return the fields of the body, sent as JSON or as a form; none when it is neither."""
        if "json" not in self.headers.get("content-type", ""):
            return dict(parse_qsl(self.body.decode(errors="replace")))
        try:
            said = json.loads(self.body)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}


@dataclass(frozen=True)
class Answer:
    """What is said, how, and after how many seconds."""

    status: int
    said: Any = None
    way: Way = Way.ANSWER
    after: float = 0.0

    def leaving(self, way: Way, after: float) -> "Answer":
        """Return the same answer that leaves another way, later."""
        return replace(self, way=way, after=after)

    def written(self) -> bytes:
        """Write it as it goes over the wire."""
        body = json.dumps(self.said, separators=(",", ":")).encode()
        reason = HTTPStatus(self.status).phrase
        head = (
            f"HTTP/1.1 {self.status} {reason}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


class Connection(asyncio.Protocol):
    """One client; it may ask again and again."""

    transport: asyncio.Transport

    def __init__(self, answer: Callable[[Request], Answer], way_here: Callable[[], float] = lambda: 0) -> None:
        self._answer, self._way_here, self._buffer = answer, way_here, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while request := self._whole():
            self._later(self._way_here(), self._take, request)

    def _take(self, request: Request) -> None:
        answer = self._answer(request)
        if answer.way is not Way.NEVER:
            self._later(answer.after, self._leave, answer)

    def _later(self, seconds: float, work: Callable[[Any], None], thing: Any) -> None:
        if seconds:
            asyncio.get_running_loop().call_later(seconds, work, thing)
        else:
            work(thing)

    def _whole(self) -> Request | None:
        """Take one request off the buffer as soon as all of it is there."""
        head, found, rest = self._buffer.partition(HEAD_ENDS)
        if not found:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _version = first.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return None
        self._buffer = rest[length:]
        return Request(method, target, headers, rest[:length])

    def _leave(self, answer: Answer) -> None:
        if answer.way is Way.CUT:
            self.transport.abort()
        elif not self.transport.is_closing():
            self.transport.write(answer.written())
