"""Row numbers and codes of the sheet on paper."""

from datetime import datetime, timedelta
from random import Random

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as some

from accounts.models import User
from attendance.actions import add_walk_in
from attendance.sheet import BASE, LETTERS, session_in, sheet_code, sheet_rows
from programs.actions import enroll_person, withdraw_enrollment
from programs.models import Attendance, Cohort, Enrollment, Session, Venue
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory
from tests.programs.plans import scheduled
from tests.programs.test_races import at_once

KEYS = some.integers(min_value=1, max_value=BASE**7)


def named(session: Session) -> list[tuple[int, str]]:
    return [(number, seat.enrollment.person.name) for number, seat in sheet_rows(session)]


@pytest.fixture
def people(cohort: Cohort) -> list[Enrollment]:
    """Three participants, enrolled in another order than that of their names."""
    return [
        EnrollmentFactory.create(cohort=cohort, person=PersonFactory.create(village=cohort.village, name=name))
        for name in ("Wati", "Aminah", "Siti")
    ]


@pytest.mark.django_db
def test_rows_are_numbered_by_name_and_keep_their_numbers(
    people: list[Enrollment], cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    session = scheduled(cohort, venue, by=sari)
    assert named(session) == [(1, "Aminah"), (2, "Siti"), (3, "Wati")]
    withdraw_enrollment(people[0], reason="Moved", by=sari, at=at)
    enroll_person(cohort, person=PersonFactory.create(village=cohort.village, name="Ani"), by=sari, at=at)
    assert named(session) == [(1, "Aminah"), (2, "Siti"), (4, "Ani")], "3 was printed for Wati and is nobody else's"


@pytest.mark.django_db
def test_walk_in_takes_the_next_row(
    people: list[Enrollment], cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    session = scheduled(cohort, venue, starts_at=at - timedelta(hours=1), by=sari)
    guest = PersonFactory.create(village=cohort.village, name="Tamu")
    seat = add_walk_in(session, cohort=cohort, person=guest, by=sari, at=at)
    assert seat.number == 4
    assert named(session)[-1] == (4, "Tamu")


@pytest.mark.django_db
def test_mentor_reads_the_rows_of_their_village(
    people: list[Enrollment], cohort: Cohort, venue: Venue, sari: User, made: User
) -> None:
    other = CohortFactory.create(program=cohort.program)
    EnrollmentFactory.create(cohort=other, person=PersonFactory.create(village=other.village, name="Budi"))
    session = scheduled(cohort, venue, cohorts=[cohort, other], by=sari)
    assert [number for number, _ in sheet_rows(session)] == [1, 2, 3, 4]
    assert [number for number, _ in sheet_rows(session, to=made)] == [1, 3, 4]


@pytest.mark.django_db
def test_one_row_is_one_persons(people: list[Enrollment], cohort: Cohort, venue: Venue, sari: User) -> None:
    session = scheduled(cohort, venue, by=sari)
    with pytest.raises(IntegrityError, match="one_row_number_per_session"), transaction.atomic():
        session.seats.filter(enrollment=people[0]).update(number=1)


@pytest.mark.django_db(transaction=True)
def test_many_who_come_at_once_get_a_row_each(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    session = scheduled(cohort, venue, starts_at=at - timedelta(hours=1), by=sari)
    others = EnrollmentFactory.create_batch(6, cohort=cohort)
    raised = at_once(
        *(lambda one=one: Attendance.objects.create(session_id=session.pk, enrollment=one) for one in others)
    )
    assert raised == [None] * 6
    assert sorted(session.seats.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


@given(key=KEYS)
def test_code_reads_as_its_session_and_no_other(key: int) -> None:
    code = sheet_code(Session(pk=key))
    assert set(code) <= set(LETTERS)
    assert len(code) >= 6
    assert session_in(code) == session_in(f" {code[:3].lower()}-{code[3:].lower()} ") == key


@given(key=KEYS, place=some.integers(min_value=0, max_value=5), shift=some.integers(min_value=1, max_value=BASE - 1))
def test_one_wrong_letter_reads_as_nothing(key: int, place: int, shift: int) -> None:
    code = sheet_code(Session(pk=key))
    wrong = LETTERS[(LETTERS.index(code[place]) + shift) % BASE]
    assert session_in(code[:place] + wrong + code[place + 1 :]) is None


@given(key=KEYS, place=some.integers(min_value=0, max_value=4))
def test_two_letters_that_changed_places_read_as_nothing(key: int, place: int) -> None:
    code = sheet_code(Session(pk=key))
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert session_in(swapped) == (key if swapped == code else None)


@pytest.mark.parametrize("code", ["", "A", "ABCDEF7", "OOOOOO", "x" * 300, "É" * 6, "١٢٣٤٥٦"])
def test_anything_else_reads_as_nothing(code: str) -> None:
    assert session_in(code) is None


def test_six_letters_are_enough_for_years() -> None:
    keys = [Random(7).randrange(1, BASE**5) for _ in range(2000)]  # noqa: S311  any keys
    codes = {sheet_code(Session(pk=key)) for key in keys}
    assert {len(code) for code in codes} == {6}
    assert len(codes) == len(set(keys))
