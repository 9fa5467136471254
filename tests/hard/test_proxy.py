"""The bad link does exactly what it was told and says exactly what it did, to a program and to a Chromium."""

import hashlib
import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.hard.link import Link
from tests.hard.proxy import Carried
from tests.hard.weather import BAD_LINK, DRAWN, Fate, Lot, Weather

BODY = bytes(range(256)) * 256  # 64 KiB
ANSWER = b"taken " * 2000
WORKER = b"""
self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", (event) => event.waitUntil(clients.claim()))
self.addEventListener("fetch", (event) => {
    const {mode} = event.request
    if (mode === "navigate") event.respondWith(fetch(event.request).catch(() => new Response("kept")))
})
"""


class House(ThreadingHTTPServer):
    """A server that remembers what reached it: whole bodies by method, target and digest, and halves by length."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Room)
        self.whole: list[tuple[str, str, str]] = []
        self.halves: list[int] = []
        self.pause = threading.Event()
        self.pause.set()

    def handle_error(self, *_trouble: object) -> None:
        """Say nothing of connections that broke."""


class Room(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: House

    def answer(self) -> None:
        """Take what comes."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            self.server.halves.append(len(body))
            self.close_connection = True
            return
        self.server.whole.append((self.command, self.path, hashlib.sha256(body).hexdigest()))
        self.server.pause.wait(10)
        self.say({"/worker.js": WORKER, "/": b"<p>fresh</p>"}.get(self.path, ANSWER))

    def say(self, body: bytes) -> None:
        """Answer, in pieces where the path asks for them."""
        kind = "text/javascript" if self.path == "/worker.js" else "text/html"
        self.send_response(204 if self.path == "/none" else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", self.headers["Connection"])
        pieces = self.path == "/pieces"
        if self.path != "/none":
            self.send_header(*(("Transfer-Encoding", "chunked") if pieces else ("Content-Length", str(len(body)))))
        self.end_headers()
        if pieces:
            body = b"".join(b"%x\r\n%s\r\n" % (len(body[n : n + 999]), body[n : n + 999]) for n in range(0, 12000, 999))
            body += b"0\r\n\r\n"
        self.wfile.write(b"" if self.path == "/none" or self.command == "HEAD" else body)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = answer  # noqa: N815

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def house() -> Iterator[House]:
    with House() as house:
        thread = threading.Thread(target=house.serve_forever, args=(0.01,))
        thread.start()
        yield house
        house.pause.set()
        house.shutdown()
        thread.join()


@pytest.fixture
def link(house: House, tmp_path: Path) -> Iterator[Link]:
    with Link(house.server_port, tmp_path / "ledger", seed=7) as link:
        yield link


def send(link: Link, method: str = "PUT", target: str = "/thing", body: bytes = BODY) -> tuple[int, bytes] | None:
    """Send one request; returns nothing when no whole answer came."""
    line = http.client.HTTPConnection("127.0.0.1", link.port, timeout=10)
    try:
        line.request(method, target, body or None)
        answer = line.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()


def come(house: House, halves: int) -> list[int]:
    """Wait until so many halves came to their end at the server."""
    end = time.monotonic() + 10
    while len(house.halves) < halves and time.monotonic() < end:
        time.sleep(0.01)
    return house.halves


def digest(body: bytes = BODY) -> str:
    return hashlib.sha256(body).hexdigest()


def test_good_link_changes_nothing(house: House, link: Link) -> None:
    assert send(link) == (200, ANSWER)
    assert send(link, "GET", "/pieces", b"") == (200, ANSWER)
    assert send(link, "GET", "/none", b"") == (204, b"")
    assert send(link, "HEAD", "/thing", b"") == (200, b"")
    assert house.whole[0] == ("PUT", "/thing", digest())
    first, *_rest = link.ledger()
    facts: dict[str, Any] = {"nth": 1, "status": 200, "digest": digest(), "reached": True, "told": True, "at": first.at}
    assert replace(first, up=0, down=0, body=0) == Carried("PUT", "/thing", "pass", **facts)
    assert len(BODY) < first.up < len(BODY) + 200
    assert len(ANSWER) < first.down < len(ANSWER) + 200


def test_connection_stays_open_for_many_requests(house: House, link: Link) -> None:
    line = http.client.HTTPConnection("127.0.0.1", link.port, timeout=10)
    for n in range(5):
        line.request("PUT", f"/{n}", BODY, {"Expect": "100-continue"} if n == 3 else {})
        assert line.getresponse().read() == ANSWER
    assert link.counts() == {"fates": {"pass": 5}, "waiting": 0, "open": 1}
    line.close()


@pytest.mark.parametrize(
    ("fate", "reached", "status"),
    [("drop", False, 0), ("silent", False, 0), ("cut_after", True, 200), ("cut_down", True, 200)],
)
def test_broken_request_reached_the_server_or_did_not(
    house: House, link: Link, fate: str, status: int, *, reached: bool
) -> None:
    link.faults(next=[fate], silence=50)
    assert send(link) is None
    assert house.whole == ([("PUT", "/thing", digest())] if reached else [])
    (entry,) = link.ledger()
    assert (entry.fate, entry.reached, entry.told, entry.status) == (fate, reached, False, status)
    assert entry.up > len(BODY)
    assert (0 < entry.down < len(ANSWER)) == (fate == "cut_down")
    assert send(link) == (200, ANSWER)


def test_request_cut_in_its_body_reaches_the_server_in_part(house: House, link: Link) -> None:
    link.faults(next=["cut_up"])
    assert send(link) is None
    assert send(link) == (200, ANSWER)
    (half,) = come(house, 1)
    assert 0 < half < len(BODY)
    assert len(house.whole) == 1
    cut, passed = link.ledger()
    assert (cut.fate, cut.reached, cut.told, cut.digest) == ("cut_up", False, False, "")
    assert passed.up - cut.up == len(BODY) - half


def test_request_without_a_body_is_dropped_where_its_body_would_be_cut(house: House, link: Link) -> None:
    link.faults(next=["cut_up"])
    assert send(link, "GET", body=b"") is None
    assert (house.whole, house.halves) == ([], [])


def test_answer_without_a_body_is_cut_before_it(house: House, link: Link) -> None:
    link.faults(next=["cut_down"])
    assert send(link, "GET", "/none", b"") is None
    assert len(house.whole) == 1


def test_replay_reaches_the_server_a_second_time_and_the_client_once(house: House, link: Link) -> None:
    link.faults(replay=1, replay_after=200)
    assert send(link) == (200, ANSWER)
    assert send(link, "GET", body=b"") == (200, ANSWER)
    link.settle()
    assert Counter(method for method, _target, _digest in house.whole) == {"PUT": 2, "GET": 1}
    assert {entry for entry in house.whole if entry[0] == "PUT"} == {("PUT", "/thing", digest())}
    (replay,) = (entry for entry in link.ledger() if entry.what == "replay")
    assert (replay.nth, replay.status, replay.up, replay.told) == (1, 200, 0, False)


def test_request_that_was_dropped_may_arrive_late(house: House, link: Link) -> None:
    link.faults(replay=1, replay_after=300, next=["drop"])
    assert send(link) is None
    assert house.whole == []
    link.settle()
    assert house.whole == [("PUT", "/thing", digest())]


def test_replay_waits_for_a_server_that_is_away(tmp_path: Path) -> None:
    house = House()
    house.server_close()
    with Link(house.server_port, tmp_path / "ledger", replay=1, replay_after=1) as link:
        answers = [send(link, target=f"/{n}") for n in range(8)]
        assert Counter(answer[0] if answer else 0 for answer in answers).keys() == {0, 502}
        assert {(entry.fate, entry.reached, entry.told) for entry in link.ledger()} == {("down", False, False)}
        again = House.__new__(House)
        ThreadingHTTPServer.__init__(again, ("127.0.0.1", link.server), Room)
        again.whole, again.halves, again.pause = [], [], threading.Event()
        again.pause.set()
        thread = threading.Thread(target=again.serve_forever, args=(0.01,))
        thread.start()
        link.settle()
        again.shutdown()
        again.server_close()
        thread.join()
    assert Counter(again.whole) == Counter(("PUT", f"/{n}", digest()) for n in range(8))


def test_server_that_dies_over_a_request_tells_nothing(tmp_path: Path) -> None:
    class Dying(Room):
        def say(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:-1])

    with House() as house, Link(house.server_port, tmp_path / "ledger") as link:
        house.RequestHandlerClass = Dying
        thread = threading.Thread(target=house.serve_forever, args=(0.01,))
        thread.start()
        came = send(link)
        house.shutdown()
        thread.join()
        assert came is None or came[0] == 502
        assert [(entry.fate, entry.status, entry.told) for entry in link.ledger()] == [("down", 0, False)]


def test_aeroplane_mode_breaks_what_is_open_and_what_comes(house: House, link: Link) -> None:
    house.pause.clear()
    with ThreadPoolExecutor(1) as pool:
        flying = pool.submit(send, link)
        while not house.whole:
            pass
        link.off()
        assert flying.result(10) is None
    house.pause.set()
    assert send(link) is None
    link.on()
    assert send(link) == (200, ANSWER)
    assert Counter((entry.fate, entry.reached, entry.told) for entry in link.ledger()) == {
        ("gone", True, False): 1,
        ("pass", True, True): 1,
    }


def test_only_what_was_named_meets_the_weather(house: House, link: Link) -> None:
    link.faults(drop=1, only=["/api/"])
    assert send(link, target="/m/") == (200, ANSWER)
    assert send(link, target="/api/v1/visits/") is None


def test_unknown_wish_is_refused(link: Link) -> None:
    with pytest.raises(OSError, match="400"):
        link.faults(storm=1)


def test_same_seed_does_the_same_to_parallel_clients(house: House, tmp_path: Path) -> None:
    wishes = {**BAD_LINK, "delay": 3, "replay_after": 50}
    targets = [f"/{n}" for n in range(60)]
    done: list[Counter[Any]] = []
    for turn in (1, 2):
        with Link(house.server_port, tmp_path / f"{turn}", seed=11, **wishes) as link, ThreadPoolExecutor(6) as pool:
            told = list(pool.map(lambda target, link=link: send(link, target=target), targets))
            link.settle()
            ledger = link.ledger()
        done.append(Counter((entry.what, entry.target, entry.fate) for entry in ledger))
        passed = {entry.target for entry in ledger if entry.told}
        assert passed == {target for target, answer in zip(targets, told, strict=True) if answer}
    assert done[0] == done[1]
    weather = Weather(seed=11, **wishes)
    lots = {target: weather.draw("PUT", target) for target in targets}
    assert {(entry[1], entry[2]) for entry in done[0]} == {(target, lot.fate) for target, lot in lots.items()}
    assert {entry[1] for entry in done[0] if entry[0] == "replay"} == expected_replays(lots)


def expected_replays(lots: dict[str, Lot]) -> set[str]:
    """A request that was cut in its body is never whole."""
    return {target for target, lot in lots.items() if lot.replay is not None and lot.fate is not Fate.CUT_UP}


def test_everything_that_reached_the_server_is_in_the_ledger(house: House, tmp_path: Path) -> None:
    with Link(house.server_port, tmp_path / "ledger", seed=3, **{**BAD_LINK, "replay_after": 50}) as link:
        for n in range(120):
            send(link, target=f"/{n % 9}")
        link.settle()
        reached = Counter((entry.method, entry.target, entry.digest) for entry in link.ledger() if entry.reached)
        fates = link.counts()["fates"]
    assert Counter(house.whole) == reached
    assert len(come(house, fates["cut_up"])) == fates["cut_up"]
    assert 25 <= sum(fates.get(fate, 0) for fate in DRAWN) <= 50


def test_shares_are_what_was_asked_for() -> None:
    weather = Weather(seed=5, **BAD_LINK)
    lots = [weather.draw("PUT", f"/{n}") for n in range(10_000)]
    counts = Counter(lot.fate for lot in lots)
    for fate in (Fate.DROP, Fate.CUT_UP, Fate.CUT_AFTER, Fate.CUT_DOWN):
        assert counts[fate] / 10_000 == pytest.approx(BAD_LINK[fate], abs=0.01)
    assert sum(lot.replay is not None for lot in lots) / 10_000 == pytest.approx(0.2, abs=0.015)
    assert sum(lot.delay > 0 for lot in lots) / 10_000 == pytest.approx(0.3, abs=0.015)
    assert {weather.draw("GET", f"/{n}").replay for n in range(100)} == {None}
    assert weather.draw("PUT", "/1") != lots[1]  # the second time has a lot of its own


def test_chromium_works_through_it_and_keeps_its_page_in_aeroplane_mode(
    browser: Browser, house: House, link: Link
) -> None:
    context = browser.new_context(base_url=link.url)
    page = context.new_page()
    page.goto("/")
    ready = "navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready).then(() => 1)"
    assert page.evaluate(ready) == 1
    put = "n => fetch('/photo/' + n, {method: 'PUT', body: new Uint8Array(70000)}).then(a => a.status, () => 0)"
    many = f"() => Promise.all([...Array(12).keys()].map({put}))"
    assert page.evaluate(many) == [200] * 12
    link.faults(cut_after=1, only=["/photo/"])
    assert set(page.evaluate(many)) == {0}
    link.off()
    assert page.evaluate(many) == [0] * 12
    page.goto("/")
    assert page.text_content("body") == "kept"
    link.on()
    link.faults(cut_after=0)
    page.goto("/")
    assert page.text_content("body") == "fresh"
    assert page.evaluate(many) == [200] * 12
    context.close()
