"""Merging while other hands write: each on a connection of its own, with a forced pause between look and write."""

from datetime import datetime
from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.models import User
from attendance.actions import Mark, mark_attendance
from attendance.actions import marking as attending
from common.errors import Refused
from common.models import Event
from programs.actions import enroll_person
from programs.models import Attendance, Cohort, Enrollment, Session
from tests import factories
from tests.programs.test_races import PAUSE, Act, at_once
from tests.villages.merging_cases import begun, seated
from villages.actions import merge as acting
from villages.actions import merge_people
from villages.merging import carry_out
from villages.models import FormerId, Person, Village

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("modules")]


@pytest.fixture
def pair(parengan: Village) -> tuple[Person, Person]:
    keep, gone = (factories.PersonFactory.create(village=parengan, name=name) for name in ("Sumi", "Bu Sumi"))
    return keep, gone


@pytest.fixture
def slow_merge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between planning what moves and moving it."""

    def later(*given: Any) -> Any:
        sleep(PAUSE)
        return carry_out(*given)

    monkeypatch.setattr(acting, "carry_out", later)


@pytest.fixture
def slow_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between reading a seat and writing its mark."""
    write = vars(attending)["write_marks"]

    def later(*given: Any, **named: Any) -> Any:
        sleep(2 * PAUSE)
        return write(*given, **named)

    monkeypatch.setattr(attending, "write_marks", later)


def merging(pair: tuple[Person, Person], by: User, at: datetime) -> Act:
    keep, gone = pair
    return lambda: merge_people(Person.objects.get(pk=keep.pk), gone=gone, by=by, at=at)


@pytest.mark.usefixtures("slow_merge")
def test_two_hands_merge_one_pair_once(pair: tuple[Person, Person], sari: User, at: datetime) -> None:
    factories.PersonContactFactory.create(person=pair[1])
    raised = at_once(merging(pair, sari, at), merging(pair, sari, at))
    (refusal,) = [error for error in raised if error]
    assert isinstance(refusal, Refused)
    assert "a moment ago" in str(refusal)
    assert (FormerId.objects.count(), Event.objects.filter(verb="merged").count()) == (1, 1)


@pytest.mark.usefixtures("slow_merge")
def test_two_hands_that_merge_both_ways_keep_one(pair: tuple[Person, Person], sari: User, at: datetime) -> None:
    keep, gone = pair
    raised = at_once(merging((keep, gone), sari, at), merging((gone, keep), sari, at))
    assert len([error for error in raised if isinstance(error, Refused)]) == 1
    assert Person.objects.count() == 1


@pytest.mark.usefixtures("slow_merge")
def test_without_the_locks_the_old_id_is_still_given_once(
    pair: tuple[Person, Person], sari: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "_hold_both", lambda keep, gone: (keep, gone))
    raised = at_once(merging(pair, sari, at), merging(pair, sari, at))
    assert [type(error) for error in raised if error] == [IntegrityError]
    assert FormerId.objects.count() == 1


@pytest.mark.usefixtures("slow_merge")
def test_enrollment_of_the_one_that_goes_is_refused_or_moved(
    pair: tuple[Person, Person], cohort: Cohort, sari: User, at: datetime
) -> None:
    keep, gone = pair
    raised = at_once(merging(pair, sari, at), lambda: enroll_person(cohort, person=gone, by=sari, at=at))
    assert raised[0] is None
    assert isinstance(raised[1], IntegrityError) is not Enrollment.objects.exists()
    assert not Enrollment.objects.exclude(person=keep).exists()


def seats_of_both(pair: tuple[Person, Person]) -> tuple[Session, Attendance]:
    session = begun(pair[0])
    seated(pair[0], session)
    return session, seated(pair[1], session)


def race_of_mark_and_merge(pair: tuple[Person, Person], by: User, at: datetime) -> list[Exception | None]:
    session, seat = seats_of_both(pair)
    mark = Mark(seat.enrollment_id, "present")

    def a_little_later() -> None:
        sleep(PAUSE)
        merging(pair, by, at)()

    return at_once(lambda: mark_attendance(session, marks=[mark], by=by, at=at), a_little_later)


@pytest.mark.usefixtures("slow_mark")
def test_merge_waits_for_the_hand_that_marks(pair: tuple[Person, Person], sari: User, at: datetime) -> None:
    assert race_of_mark_and_merge(pair, sari, at) == [None, None]
    assert Attendance.objects.get().state == "present"


@pytest.mark.usefixtures("slow_mark")
def test_without_waiting_the_mark_is_lost(
    pair: tuple[Person, Person], sari: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "hold", lambda _steps: None)
    race_of_mark_and_merge(pair, sari, at)
    assert Attendance.objects.get().state == "expected"
