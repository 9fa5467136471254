"""Senders and people at the same moment, over real connections; each guard has a twin without it that must fail."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from programs.actions import cancel_session, reschedule_session
from programs.models import Cohort, Session
from reminders import claims
from reminders.channels.gateway import Guarantee, Letter, Outcome
from reminders.claims import begin, database_clock, free_lapsed, record_answers
from reminders.models import Message
from reminders.sender import delivery
from reminders.sender.packing import claim
from reminders.states import Kind, MessageState
from tests import factories
from tests.reminders.postmen import SILENT, TAKEN, Postman, tick
from tests.reminders.worlds import household, meeting, plan
from villages.actions import opt_out, withdraw_consent
from villages.models import ContactPoint, Person
from villages.states import Purpose

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = timedelta(days=7)
PATIENCE = 20


@pytest.fixture
def session(cohort: Cohort, at: datetime) -> Session:
    """Next week's session, planned for four numbers."""
    for name in ("Lidia Wati", "Rini", "Siti Aminah", "Wati"):
        household(cohort, name)
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    return session


@contextmanager
def beside(work: Callable[[], object]) -> Iterator[None]:
    """Have another hand work over a connection of its own, and see that it ends well."""

    def alone() -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(alone)
        yield
        done.result(PATIENCE)


class Slow(Postman):
    """Takes one letter at a time, and lets something happen between the first and the second."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__(width=1)
        self.meanwhile = meanwhile

    def deliver(self, letters: Any, *, at: datetime) -> Any:
        said = super().deliver(letters, at=at)
        if len(self.letters) == 1:
            with beside(self.meanwhile):
                pass
        return said


def later(session: Session, at: datetime) -> Callable[[], object]:
    """Move a session by a day."""
    sari, start = factories.UserFactory.create(), session.starts_at + timedelta(days=1)
    return lambda: reschedule_session(
        session, starts_at=start, ends_at=start + timedelta(hours=2), reason="Pasar", by=sari, at=at
    )


def stale(postman: Postman) -> int:
    """Count letters that know the old day only and began after the first one."""
    texts = [letter.wording.text for letter in postman.letters[1:]]
    return sum("8 Okt" in text and "9 Okt" not in text for text in texts)


@pytest.fixture
def without_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the statement that looks whether a letter may still begin."""
    monkeypatch.setattr(claims, "begin", lambda letters, **_: {each.carrier for each in letters})


# -- Nothing begins after a change was confirmed -----------------------------------------------------------------------


def test_nothing_with_the_old_time_begins_after_a_reschedule(session: Session, at: datetime) -> None:
    postman = Slow(later(session, at))
    tick(at, postman)
    assert stale(postman) == 0
    assert Counter(letter.address for letter in postman.letters).most_common(1)[0][1] == 2  # told, and corrected
    assert len({letter.address for letter in postman.letters}) == 4


def test_old_times_leave_after_a_reschedule_without_beginning(
    session: Session, at: datetime, without_begin: None
) -> None:
    postman = Slow(later(session, at))
    tick(at, postman)
    assert stale(postman) == 3


def test_nothing_begins_after_a_cancellation(session: Session, at: datetime) -> None:
    sari = factories.UserFactory.create()
    postman = Slow(lambda: cancel_session(session, reason="Banjir", by=sari, at=at))
    tick(at, postman)
    assert len(postman.letters) == 2  # the invitation that had begun, and that it is cancelled
    assert "Banjir" in postman.letters[1].wording.text


def test_nothing_begins_after_everybody_asked_for_silence(session: Session, at: datetime) -> None:
    postman = Slow(lambda: [opt_out(point, by=None, at=at) for point in ContactPoint.objects.order_by("pk")])
    tick(at, postman)
    assert len(postman.letters) == 1


def test_nothing_begins_after_consent_was_taken_back(session: Session, at: datetime) -> None:
    sari = factories.UserFactory.create()

    def all_withdraw() -> None:
        for person in Person.objects.order_by("pk"):
            withdraw_consent(person, purpose=Purpose.MESSAGES, by=sari, at=at)

    postman = Slow(all_withdraw)
    tick(at, postman)
    assert len(postman.letters) == 1


def test_silence_is_not_kept_without_beginning(session: Session, at: datetime, without_begin: None) -> None:
    postman = Slow(lambda: [opt_out(point, by=None, at=at) for point in ContactPoint.objects.order_by("pk")])
    tick(at, postman)
    assert len(postman.letters) == 4


def test_change_that_is_not_confirmed_yet_stops_only_what_it_holds(session: Session, at: datetime) -> None:
    postman, held, over = Postman(), threading.Event(), threading.Event()
    change = later(session, at)

    def slowly() -> None:
        with transaction.atomic():
            change()
            held.set()
            over.wait(PATIENCE)

    batch = claim(["sms"], at=at, size=50)
    with beside(slowly):
        held.wait(PATIENCE)
        letters = [each for parcel in batch.parcels for each in delivery.sealed(parcel)]
        assert begin(letters, at=at) == set()  # it does not wait for the other hand either
        over.set()
    tick(at, postman)
    assert stale(postman) == 0
    assert len(postman.letters) == 4


# -- One letter, one sender --------------------------------------------------------------------------------------------


def test_claim_that_was_taken_over_never_begins(session: Session, at: datetime, monkeypatch: Any) -> None:
    slow, quick = Postman(), Postman()
    one_after_another(at, slow, quick, monkeypatch)
    assert (len(slow.letters), len(quick.letters)) == (0, 4)


def test_claim_that_was_taken_over_doubles_without_its_fence(
    session: Session, at: datetime, monkeypatch: Any, without_begin: None
) -> None:
    slow, quick = Postman(), Postman()
    one_after_another(at, slow, quick, monkeypatch)
    assert len(slow.letters) + len(quick.letters) == 8


def one_after_another(at: datetime, slow: Postman, quick: Postman, monkeypatch: Any) -> None:
    """Have a slow sender claim, a quick one take over and send, and the slow one go on."""
    with monkeypatch.context() as patch:
        patch.setattr(claims, "LEASE", timedelta(seconds=-1))
        batch = claim(["sms"], at=at, size=50)
    free_lapsed()
    tick(at, quick)
    with delivery.Desk(slow, lambda: at, lambda: True) as desk:  # type: ignore[arg-type]
        desk.hand_over(batch.parcels)


def test_answer_of_a_claim_that_was_taken_over_is_not_written(session: Session, at: datetime) -> None:
    tick(at, Postman(SILENT, guarantee=Guarantee.IDEMPOTENT))
    old = Message.objects.filter(kind=Kind.INVITATION)[0]
    Message.objects.update(attempt=old.attempt + 1)
    assert record_answers([claims.Answer(old.pk, old.attempt, MessageState.FAILED)], at=at) == []


def test_senders_side_by_side_begin_each_letter_once(cohort: Cohort, at: datetime) -> None:
    for n in range(60):
        household(cohort, f"Penenun {n}")
    plan(meeting(cohort, at + WEEK), at=at)
    postman = Postman(width=7)

    def one(_: int) -> None:
        try:
            tick(at, postman)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(4)))
    assert Counter(postman.addresses).most_common(1)[0][1] == 1
    assert len(postman.letters) == 60


# -- No answer is no refusal -------------------------------------------------------------------------------------------


def test_letter_without_an_answer_is_never_handed_over_twice(session: Session, at: datetime) -> None:
    postman = Postman(SILENT)
    for _ in range(3):
        tick(at, postman)
    assert len(postman.letters) == 4


def test_letters_double_when_no_answer_is_taken_for_a_refusal(
    session: Session, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blindly(parcel: Any, _outcome: Outcome, *, at: datetime, **_: object) -> list[claims.Answer]:
        return [claims.Answer(each.pk, each.attempt, MessageState.PLANNED, due_at=at) for each in parcel.messages]

    postman = Postman(SILENT)
    monkeypatch.setattr(delivery, "answers_of", blindly)
    rounds = iter(range(6))
    tick(at, postman, going=lambda: next(rounds, None) is not None)
    assert Counter(postman.addresses).most_common(1)[0][1] > 1


# -- A database that restarts ------------------------------------------------------------------------------------------


def test_answers_are_kept_while_the_database_restarts(session: Session, at: datetime) -> None:
    lost = iter([True])

    def cut(_letter: Letter) -> Outcome:
        if next(lost, False):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                ours = cursor.fetchone()[0]
            with beside(lambda: _end(ours)):
                pass
        return TAKEN

    tick(at, Postman(cut))
    assert set(Message.objects.filter(kind=Kind.INVITATION).values_list("state", flat=True)) == {MessageState.ACCEPTED}


def _end(backend: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])


def test_database_that_stays_away_leaves_whole_rows(
    session: Session, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(answers: list[object], **_: object) -> None:
        if answers:
            raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "PATIENT", 0.0)
        patch.setattr(claims, "record_answers", away)
        with pytest.raises(OperationalError):
            tick(at, Postman())
    rows = Message.objects.filter(kind=Kind.INVITATION)
    assert {row.state for row in rows} == {MessageState.CLAIMED}
    now = database_clock()
    assert all(row.begun_at and row.lease_until and row.lease_until > now for row in rows)
