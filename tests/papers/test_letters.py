"""Letterheads, numbers without gaps, and minutes that are closed once."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from time import sleep
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from accounts.models import User
from common.constraints import sentence_of
from common.errors import Refused, RowMoved
from common.models import Event
from mentoring.models import Assignment
from papers.actions import close_minutes, number_assignment, number_paper, save_letterhead, write_minutes
from papers.actions import letter as numbering
from papers.models import Letter, LetterCounter, Letterhead, Minutes
from papers.states import MinutesState, PaperKind
from programs.actions import cancel_session, reschedule_session
from programs.models import Cohort, Program, Session, Trainer, Venue
from tests.factories import NOW, ProgramFactory
from tests.papers.sessions import LATE, held, letterhead, minuted, promised, seated
from tests.programs.plans import draft, history

pytestmark = pytest.mark.django_db
INVITATION = PaperKind.INVITATION


@pytest.fixture
def session(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> Session:
    """Five weavers are promised a session."""
    seated(cohort, 5)
    return promised(cohort, venue, trainer, sari)


def days_later(session: Session, days: int, sari: User) -> None:
    later = timedelta(days=days)
    times = session.starts_at + later, session.ends_at + later
    reschedule_session(session, starts_at=times[0], ends_at=times[1], reason="Hari pasar", by=sari, at=NOW)


# -- The letterhead ---------------------------------------------------------------------------------------------------


def test_letterhead_is_one_row_with_a_history(program: Program, sari: User) -> None:
    letterhead(program, sari)
    kept = letterhead(program, sari, signer="Dra. Kartini")
    assert Letterhead.objects.get().signer == "Dra. Kartini"
    assert history(kept) == ["created", "changed"]
    assert Event.objects.about(kept).first().facts == {"program": program.pk}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "wrong", ["", "005/2026", "{number}/{number}", "{number}/{day}", "{number}/{", "}{number}", "x" * 61 + "{number}"]
)
def test_format_without_one_number_is_refused(program: Program, sari: User, wrong: str) -> None:
    with pytest.raises(ValidationError):
        letterhead(program, sari, invitation_format=wrong)
    assert not Letterhead.objects.exists()


# -- Numbers ----------------------------------------------------------------------------------------------------------


def test_numbers_follow_each_other_per_program_year_and_kind(
    session: Session, cohort: Cohort, venue: Venue, sari: User, program: Program
) -> None:
    letterhead(program, sari)
    second = promised(cohort, venue, session.trainers.get(), sari, starts_at=session.starts_at + timedelta(days=1))
    first = number_paper(session, kind=INVITATION, by=sari, at=NOW)
    given = [
        number_paper(second, kind=INVITATION, by=sari, at=NOW),
        number_paper(session, kind=PaperKind.ASSIGNMENT, by=sari, at=NOW),
    ]
    assert [str(each) for each in (first, *given)] == ["005/1/413.114/2026", "005/2/413.114/2026", "094/1/X/2026"]
    days_later(session, 100, sari)
    assert str(number_paper(session, kind=INVITATION, by=sari, at=NOW + timedelta(days=100))) == "005/1/413.114/2027"
    assert Event.objects.about(first).get().facts["session"] == session.pk


def test_paper_keeps_its_number_and_its_words(session: Session, program: Program, sari: User) -> None:
    first = number_paper(session, kind=INVITATION, by=sari, at=NOW)
    letterhead(program, sari, invitation_format="X-{number}")
    assert number_paper(session, kind=INVITATION, by=sari, at=LATE) == first
    assert (first.reference, Letter.objects.count(), LetterCounter.objects.get().last) == ("005/1/2026", 1, 1)


def test_new_time_asks_for_a_new_number(session: Session, sari: User) -> None:
    number_paper(session, kind=INVITATION, by=sari, at=NOW)
    days_later(session, 1, sari)
    assert number_paper(session, kind=INVITATION, by=sari, at=NOW).number == 2
    assert [letter.revision for letter in session.letters.order_by("number")] == [1, 2]


def test_who_saw_an_older_time_gets_no_number(session: Session, sari: User) -> None:
    seen = Session.objects.get(pk=session.pk)
    days_later(session, 1, sari)
    with pytest.raises(RowMoved):
        number_paper(seen, kind=INVITATION, by=sari, at=NOW)
    assert not Letter.objects.exists()


def test_draft_and_cancelled_sessions_get_no_number(session: Session, cohort: Cohort, venue: Venue, sari: User) -> None:
    early = draft(cohort, venue, by=sari, starts_at=NOW + timedelta(days=20))
    cancel_session(session, reason="Banjir", by=sari, at=NOW)
    for each in (early, session):
        with pytest.raises(Refused, match="get no number"):
            number_paper(each, kind=INVITATION, by=sari, at=NOW)
    assert not LetterCounter.objects.exists()


def test_number_that_is_rolled_back_is_given_again(session: Session, sari: User) -> None:
    with transaction.atomic():
        number_paper(session, kind=INVITATION, by=sari, at=NOW)
        transaction.set_rollback(True)
    assert number_paper(session, kind=INVITATION, by=sari, at=NOW).number == 1


def test_assignment_has_one_number(made: User, program: Program, sari: User) -> None:
    assignment = Assignment.objects.get(mentor=made)
    given = number_assignment(assignment, program=program, by=sari, at=NOW)
    assert number_assignment(assignment, program=ProgramFactory.create(), by=sari, at=NOW) == given
    assert str(given) == "094/1/2026"


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"number": 1}, "Another letter has this number."),
        ({"revision": 1}, "This paper already has a number."),
        ({"number": 0}, "Letters are numbered from one."),
        ({"revision": None}, "A letter is about one session or one assignment."),
    ],
)
def test_what_must_hold_is_held_by_the_database(
    session: Session, sari: User, columns: dict[str, Any], sentence: str
) -> None:
    first = number_paper(session, kind=INVITATION, by=sari, at=NOW)
    named = ("program", "kind", "year", "reference", "dated_on", "session", "issued_at", "issued_by")
    row = {"number": 2, "revision": 2, **{name: getattr(first, name) for name in named}, **columns}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Letter.objects.create(**row)
    assert sentence_of(refused.value) == sentence


# -- Minutes ----------------------------------------------------------------------------------------------------------


def test_minutes_are_written_until_they_are_closed(session: Session, sari: User, made: User) -> None:
    held(session, sari)
    kept = minuted(session, made)
    minuted(session, made)
    assert write_minutes(session, results="Lebih lengkap", version=1, by=sari, at=LATE).version == 2
    with pytest.raises(Refused, match="Close the attendance sheet first"):
        close_minutes(kept, by=sari, at=LATE)
    closed = held_closed(session, sari)
    close_minutes(closed, by=sari, at=LATE)
    assert history(closed) == ["written", "changed", "closed"]
    assert str(session.letters.get(kind=PaperKind.MINUTES)) == "BA/1/2026"
    with pytest.raises(Refused, match="no longer change"):
        minuted(session, made, results="Zu spät")
    with pytest.raises(Refused):
        close_minutes(closed, by=sari, at=LATE)
    assert "Lebih" not in str([event.facts for event in Event.objects.all()])


def held_closed(session: Session, sari: User) -> Minutes:
    session.refresh_from_db()
    held_close(session, sari)
    return Minutes.objects.get(session=session)


def held_close(session: Session, sari: User) -> None:
    Session.objects.move(session, "closed")


def test_second_tab_is_told(session: Session, sari: User) -> None:
    held(session, sari)
    minuted(session, sari, version=0)  # type: ignore[arg-type]
    for version in (0, 2):
        with pytest.raises(RowMoved):
            write_minutes(session, results="Tab kedua", version=version, by=sari, at=LATE)


def test_minutes_without_results_or_too_early_are_refused(session: Session, sari: User) -> None:
    with pytest.raises(Refused, match="once the session was held"):
        minuted(session, sari)
    held(session, sari)
    with pytest.raises(ValidationError):
        minuted(session, sari, results="")
    with pytest.raises(ValidationError):
        minuted(session, sari, witness="x" * 121)
    assert not Minutes.objects.exists()


def test_closed_minutes_say_who_closed_them(session: Session, sari: User) -> None:
    kept = minuted(held(session, sari), sari)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Minutes.objects.filter(pk=kept.pk).update(state=MinutesState.CLOSED)
    assert sentence_of(refused.value) == "Closed minutes say who closed them and when."


def test_closed_minutes_keep_figures(session: Session, sari: User) -> None:
    kept = minuted(held(session, sari, closed=True), sari)
    close_minutes(kept, by=sari, at=LATE)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Minutes.objects.filter(pk=kept.pk).update(figures=None)
    assert sentence_of(refused.value) == "Closed minutes keep the figures they were closed with."


# -- Many hands at once -----------------------------------------------------------------------------------------------


def at_once(acts: list[Callable[[], object]]) -> list[Exception | None]:
    gate = Barrier(len(acts))
    raised: list[Exception | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=10)
            with translation.override("en"):
                act()
        except Exception as error:  # noqa: BLE001  it is what we look at
            raised[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return raised


@pytest.fixture
def slow_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between reading the counter and writing it."""
    read = numbering.counter_of

    def later(*given: Any) -> LetterCounter:
        counter = read(*given)
        sleep(0.05)
        return counter

    monkeypatch.setattr(numbering, "counter_of", later)


def many(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> list[Callable[[], object]]:
    starts = [NOW + timedelta(days=day) for day in range(10, 18)]
    sessions = [promised(cohort, venue, trainer, sari, starts_at=start) for start in starts]
    return [lambda session=each: number_paper(session, kind=INVITATION, by=sari, at=NOW) for each in sessions]  # type: ignore[misc]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_counter")
def test_eight_hands_at_once_get_eight_numbers_without_a_gap(
    cohort: Cohort, venue: Venue, trainer: Trainer, sari: User
) -> None:
    assert at_once(many(cohort, venue, trainer, sari)) == [None] * 8
    assert sorted(Letter.objects.values_list("number", flat=True)) == [*range(1, 9)]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_race_shows_and_the_constraint_still_refuses(
    cohort: Cohort, venue: Venue, trainer: Trainer, sari: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked(program: Program, kind: str, year: int) -> LetterCounter:
        counter, _new = LetterCounter.objects.get_or_create(program=program, kind=kind, year=year)
        sleep(0.2)
        return counter

    LetterCounter.objects.create(program=cohort.program, kind=INVITATION, year=2026)
    monkeypatch.setattr(numbering, "counter_of", unlocked)
    raised = [error for error in at_once(many(cohort, venue, trainer, sari)) if error]
    assert raised
    assert all(isinstance(error, IntegrityError) for error in raised)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_counter")
def test_one_paper_pressed_twice_has_one_number(session: Session, sari: User) -> None:
    acts: list[Callable[[], object]] = [lambda: number_paper(session, kind=INVITATION, by=sari, at=NOW)] * 4
    assert at_once(acts) == [None] * 4
    assert (Letter.objects.count(), LetterCounter.objects.get().last) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_letterheads_saved_at_once_are_one(program: Program, sari: User) -> None:
    acts: list[Callable[[], object]] = [lambda: save_letterhead(program, organiser="Dinas", by=sari, at=NOW)] * 4
    assert at_once(acts) == [None] * 4
    assert Letterhead.objects.count() == 1
