"""The morning's list: what waits, most urgent first, each line at the page where it is settled."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from programs.models import Cohort, Session
from progress.morning import SHOWN, morning_of
from reminders.worklists import unreached_soon
from tests import factories
from villages.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "english")]


@pytest.fixture
def english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def mentored(cohort: Cohort, made: User) -> Cohort:
    """A cohort in which nothing waits."""
    return cohort


def session(cohort: Cohort, **columns: Any) -> Session:
    trainers = columns.pop("trainers", [factories.TrainerFactory.create()])
    return factories.SessionFactory.create(
        program=cohort.program, cohorts=[cohort], trainers=trainers, topic="Dyes", **columns
    )


def lines(user: User, at: datetime) -> dict[str, str]:
    return {line.text: line.url for line in morning_of(user, at=at)}


def test_nothing_waits_where_all_is_done(mentored: Cohort, sari: User, at: datetime) -> None:
    session(mentored)
    session(mentored, state="draft", starts_at=at + timedelta(days=8))
    session(mentored, state="held", starts_at=at - timedelta(hours=3))
    session(mentored, state="closed", starts_at=at - timedelta(days=3))
    assert lines(sari, at) == {}


def test_sessions_of_the_week_that_are_not_ready_lead_to_what_they_lack(
    mentored: Cohort, sari: User, at: datetime
) -> None:
    draft = session(mentored, state="draft", starts_at=at + timedelta(days=2))
    loose = session(mentored, trainers=[], starts_at=at + timedelta(days=3))
    session(mentored, trainers=[], starts_at=at + timedelta(days=9))
    assert lines(sari, at) == {
        "Dyes, Sat, 3 Oct 2026: still a draft, nobody has been told": reverse("session-schedule", args=[draft.pk]),
        "Dyes, Sun, 4 Oct 2026: nobody teaches yet": reverse("session-trainers", args=[loose.pk]),
    }


def test_sheets_that_are_missing_or_open_are_named(mentored: Cohort, sari: User, at: datetime) -> None:
    fresh = session(mentored, starts_at=at - timedelta(hours=5))
    late = session(mentored, starts_at=at - timedelta(days=2))
    held = session(mentored, state="held", starts_at=at - timedelta(days=4))
    assert lines(sari, at) == {
        "Dyes, Tue, 29 Sep 2026: attendance is missing, for more than a day": reverse(
            "session-attendance", args=[late.pk]
        ),
        "Dyes, Thu, 1 Oct 2026: attendance is missing": reverse("session-attendance", args=[fresh.pk]),
        "Dyes, Sun, 27 Sep 2026: the sheet is not closed": reverse("session-close", args=[held.pk]),
    }


def test_a_long_kind_is_cut_and_counted_whole(mentored: Cohort, sari: User, at: datetime) -> None:
    for days in range(2, SHOWN + 4):
        session(mentored, starts_at=at - timedelta(days=days))
    found = lines(sari, at)
    assert len(found) == SHOWN + 1
    assert found["All 7 sessions without attendance"] == "/schedule/?state=scheduled"


def test_promised_sessions_on_days_kept_free_are_named_until_a_reason_is_given(
    mentored: Cohort, sari: User, at: datetime
) -> None:
    fair = {"name": "Harvest feast", "kind": "village_event", "effect": "warn", "region": mentored.village.region}
    factories.CalendarBlockFactory.create(starts_on=at.date() + timedelta(days=5), **fair)
    meant = {"override_reason": "The feast is our theme"}
    coming = session(mentored, starts_at=at + timedelta(days=5))
    session(mentored, starts_at=at + timedelta(days=5, hours=4), venue=coming.venue, **meant)
    session(mentored, starts_at=at + timedelta(days=6))
    session(mentored, state="draft", starts_at=at + timedelta(days=12))
    assert lines(sari, at) == {
        "Dyes, Tue, 6 Oct 2026: Harvest feast": reverse("session-reschedule", args=[coming.pk]),
    }


def test_people_who_keep_away_are_named_with_the_page_to_note_it(mentored: Cohort, sari: User, at: datetime) -> None:
    enrollment = factories.EnrollmentFactory.create(cohort=mentored)
    seats = [
        factories.AttendanceFactory.create(
            session=session(mentored, state="closed", starts_at=at - timedelta(days=days)),
            enrollment=enrollment,
            state="absent",
            marked_at=at,
            marked_by=sari,
        )
        for days in (9, 2)
    ]
    name = enrollment.person.name
    assert lines(sari, at) == {
        f"{name}, Parengan: absent 2 times in a row": reverse("absence-note", args=[seats[-1].pk]),
    }


def test_people_who_wait_for_a_place_are_counted(mentored: Cohort, sari: User, at: datetime) -> None:
    factories.EnrollmentFactory.create_batch(2, cohort=mentored, state="waitlisted")
    factories.EnrollmentFactory.create(cohort=mentored)
    assert lines(sari, at) == {
        "2 people wait for a place in Angkatan 1, Parengan": f"/cohorts/{mentored.pk}/#waiting",
    }


def test_nothing_of_another_program_waits_for_me(mentored: Cohort, rina: User, at: datetime) -> None:
    session(mentored, starts_at=at - timedelta(days=2))
    factories.EnrollmentFactory.create(cohort=mentored, state="waitlisted")
    assert lines(rina, at) == {}


def test_people_not_reached_are_those_without_message_and_without_a_word(
    mentored: Cohort, lidia: Person, sari: User, rina: User, at: datetime
) -> None:
    coming = session(mentored)
    revision = coming.revisions.get()
    told, by_hand, _alone, gone = (
        factories.EnrollmentFactory.create(cohort=mentored, **given)
        for given in ({"person": lidia}, {}, {}, {"state": "withdrawn", "reason": "Moved"})
    )
    for enrollment in mentored.enrollments.all():
        factories.AttendanceFactory.create(session=coming, enrollment=enrollment)
    message = factories.MessageFactory.create(session=coming, revision=revision, state="sent", settled_at=at)
    message.people.set([lidia])
    coming.told_by_hand.create(revision=revision, person=by_hand.person, by=sari, at=at)
    assert [(row.pk, people) for row, people in unreached_soon(sari, at=at)] == [(coming.pk, 1)]
    assert unreached_soon(rina, at=at) == []
    message.state = "failed"
    message.save()
    assert [people for _row, people in unreached_soon(sari, at=at)] == [2]
    assert told.pk != gone.pk
