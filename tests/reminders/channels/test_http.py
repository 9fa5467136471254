"""Connections to gateways: kept open, shared, safe after a fork, and exact about what can have arrived."""

import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from reminders.channels import http
from reminders.channels.gateway import Outcome
from reminders.channels.http import LATER, PROMPT, STOOD_STILL, UNANSWERED, Answer, Call, ask_all, harmless, monotonic
from reminders.channels.http import outcome_of_status as judged
from tests.provider.process import TOKEN, Provider
from tests.reminders.channels.letters import fresh

HEADERS = {"Authorization": TOKEN, "Content-Type": "application/json"}
CALL = Call("/send", b'{"to": "+6281234567890", "text": "Halo"}', HEADERS)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with Provider("sms", tmp_path_factory.mktemp("sms") / "ledger") as provider:
        yield provider


@pytest.fixture
def sms(house: Provider) -> Provider:
    return fresh(house)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PATIENCE", 1.0)
    monkeypatch.setattr(http, "CONNECT", 0.5)
    monkeypatch.setattr(http, "SILENCE", 0.5)


def ask(url: str, *calls: Call, since: float | None = None) -> list[Answer | Outcome]:
    answers = ask_all(url, dict(enumerate(calls)), since=monotonic() if since is None else since)
    return [answers[at] for at in range(len(calls))]


def statuses(answers: list[Answer | Outcome]) -> list[int]:
    return [each.status for each in answers if isinstance(each, Answer)]


def test_many_letters_leave_side_by_side_over_few_connections(sms: Provider) -> None:
    sms.faults(latency=200)
    began = time.monotonic()
    assert statuses(ask(sms.url, *[CALL] * 64)) == [200] * 64
    assert time.monotonic() - began < 3
    idle = set(http.line_to(sms.url)._idle)  # noqa: SLF001
    assert statuses(ask(sms.url, *[CALL] * 64)) == [200] * 64
    assert {line for _since, line in http.line_to(sms.url)._idle} == {line for _since, line in idle}  # noqa: SLF001
    assert len(sms.ledger()) == 128


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("fate", "taken"), [("cut_before", 0), ("deaf", 0), ("cut_after", 1), ("hang", 1)])
def test_letter_that_left_and_is_not_answered_may_have_arrived(sms: Provider, fate: str, taken: int) -> None:
    sms.faults(next=[fate])
    assert ask(sms.url, CALL) == [UNANSWERED]
    assert len(sms.ledger()) == taken
    assert statuses(ask(sms.url, CALL)) == [200]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://no-such-host.invalid", "https://127.0.0.1:1"])
def test_letter_that_finds_no_gateway_never_left(url: str) -> None:
    assert ask(url, CALL) == [LATER]


@pytest.mark.usefixtures("impatient")
def test_letter_to_a_gateway_that_never_lets_in_never_left() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        full = [socket.socket() for _ in range(4)]
        for each in full:
            each.setblocking(False)  # noqa: FBT003
            each.connect_ex(("127.0.0.1", port))
        assert ask(f"http://127.0.0.1:{port}", CALL) == [LATER]
        for each in full:
            each.close()


@pytest.mark.usefixtures("impatient")
def test_gateway_that_answers_drop_by_drop_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as slow:
        drops = threading.Thread(target=drip, args=(slow,))
        drops.start()
        began = time.monotonic()
        assert ask(f"http://127.0.0.1:{slow.getsockname()[1]}", CALL) == [UNANSWERED]
        assert time.monotonic() - began < 2.5
        drops.join()


def drip(slow: socket.socket) -> None:
    client, _where = slow.accept()
    with client:
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * 100:
            try:
                client.sendall(bytes([byte]))
            except OSError:
                return
            time.sleep(0.1)


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{}"])
def test_broken_answer_is_no_answer_or_cannot_be_read(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as broken:
        thread = threading.Thread(target=answer_once, args=(broken, answer))
        thread.start()
        (said,) = ask(f"http://127.0.0.1:{broken.getsockname()[1]}", CALL)
        thread.join()
    assert judged(said) == UNANSWERED if isinstance(said, Answer) else said == UNANSWERED


def answer_once(server: socket.socket, answer: bytes) -> None:
    client, _where = server.accept()
    with client:
        client.recv(4096)
        client.sendall(answer)


def test_connection_that_the_gateway_closed_meanwhile_costs_no_letter(sms: Provider) -> None:
    assert statuses(ask(sms.url, CALL)) == [200]
    line = http.line_to(sms.url)._idle[-1][1]  # noqa: SLF001
    line.sock.shutdown(socket.SHUT_RDWR)
    assert statuses(ask(sms.url, CALL)) == [200]


def test_process_with_many_open_files_keeps_its_connections(sms: Provider) -> None:
    many = [os.open("/dev/null", os.O_RDONLY) for _ in range(1100)]
    try:
        for _ in range(2):
            assert statuses(ask(sms.url, *[CALL] * 64)) == [200] * 64
    finally:
        for each in many:
            os.close(each)


def test_process_that_stood_still_does_not_send(sms: Provider) -> None:
    assert ask(sms.url, CALL, since=monotonic() - PROMPT - 0.1) == [STOOD_STILL]
    assert sms.ledger() == []


def test_process_that_was_really_stopped_does_not_send(sms: Provider) -> None:
    context = multiprocessing.get_context("fork")
    told: multiprocessing.SimpleQueue[object] = context.SimpleQueue()
    child = context.Process(target=stop_and_ask, args=(sms.url, told))
    child.start()
    assert child.pid
    os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)
    time.sleep(PROMPT + 0.2)
    os.kill(child.pid, signal.SIGCONT)
    assert told.get() == str(STOOD_STILL.note)
    child.join()
    assert sms.ledger() == []


def stop_and_ask(url: str, told: "multiprocessing.SimpleQueue[object]") -> None:
    since = monotonic()
    os.kill(os.getpid(), signal.SIGSTOP)
    (said,) = ask(url, CALL, since=since)
    told.put(said.note if isinstance(said, Outcome) else said.status)


def test_child_of_a_fork_has_connections_of_its_own(sms: Provider) -> None:
    assert statuses(ask(sms.url, *[CALL] * 8)) == [200] * 8
    context = multiprocessing.get_context("fork")
    told: multiprocessing.SimpleQueue[object] = context.SimpleQueue()
    child = context.Process(target=ask_as_child, args=(sms.url, told))
    child.start()
    assert told.get() == ([], [200] * 8)
    child.join()
    assert statuses(ask(sms.url, *[CALL] * 8)) == [200] * 8
    assert len(sms.ledger()) == 24


def ask_as_child(url: str, told: "multiprocessing.SimpleQueue[object]") -> None:
    inherited = list(http.line_to(url)._idle)  # noqa: SLF001
    told.put((inherited, statuses(ask(url, *[CALL] * 8))))


@pytest.mark.parametrize(
    ("status", "fault"),
    [(429, "later"), (408, "later"), (401, "stop"), (403, "stop"), (404, "stop"), (302, "stop"), (400, "letter")],
)
def test_status_alone_says_what_follows(status: int, fault: str) -> None:
    outcome = judged(Answer(status, b"?"))
    assert (outcome.state, outcome.fault, outcome.code) == ("failed", fault, str(status))


@pytest.mark.parametrize("status", [200, 204, 500, 502, 503, 599])
def test_status_that_leaves_open_whether_it_was_taken_is_no_answer(status: int) -> None:
    assert judged(Answer(status, b"?")) == UNANSWERED


def test_words_of_a_gateway_are_kept_without_numbers_and_addresses() -> None:
    words = harmless("(#131026) No way\nto +62 812-3456-7890 or ibu@example.org, " + "x" * 300)
    assert words.startswith("(#131026) No way to … or … x")
    assert len(words) == 160
