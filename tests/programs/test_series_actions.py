"""A whole series at once, or nothing of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from almanac.states import Effect
from common.errors import Refused
from common.models import Event
from programs.actions import plan_series
from programs.cautions import Warned
from programs.models import Booking, Cohort, Session, Trainer, Venue
from programs.series import MOST, Span
from programs.states import ModuleCode, SessionMode
from reminders.models import Message
from tests.factories import NOW, CalendarBlockFactory, CohortFactory, EnrollmentFactory, module, reachable_person
from tests.programs.plans import START, TWO_HOURS, draft, history

pytestmark = pytest.mark.django_db


def weekly(times: int) -> list[Span]:
    return [
        Span(START + timedelta(days=7 * week), START + timedelta(days=7 * week) + TWO_HOURS) for week in range(times)
    ]


def plan(cohort: Cohort, venue: Venue | None, by: User, **other: Any) -> list[Session]:
    given: dict[str, Any] = {
        "spans": weekly(3),
        "program": cohort.program,
        "module": module(ModuleCode.DESIGN),
        "cohorts": [cohort],
        "trainers": [],
        "venue": venue,
        "mode": SessionMode.IN_PERSON,
        "by": by,
        "at": NOW,
    }
    return plan_series(**{**given, **other})


def test_series_is_written_as_drafts(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> None:
    other = CohortFactory.create(program=cohort.program)
    found = plan(cohort, venue, sari, trainers=[trainer], cohorts=[cohort, other], topic="Natural dyes", capacity=20)
    assert [session.starts_at for session in found] == [span.starts_at for span in weekly(3)]
    assert {(row.state, row.topic, row.capacity, row.zone) for row in Session.objects.all()} == {
        ("draft", "Natural dyes", 20, "Asia/Jakarta")
    }
    assert Booking.objects.count() == 3 * 4
    assert history(found[0]) == ["planned"]


def test_series_is_promised_at_once_when_asked(cohort: Cohort, venue: Venue, sari: User) -> None:
    EnrollmentFactory.create(cohort=cohort, person=reachable_person(cohort.village))
    found = plan(cohort, venue, sari, schedule=True)
    assert {(row.state, row.seats.count(), row.revisions.count()) for row in Session.objects.all()} == {
        ("scheduled", 1, 1)
    }
    assert {history(session)[-1] for session in found} == {"scheduled"}
    assert Message.objects.filter(kind="invitation").count() == 3


def test_one_clash_refuses_all_and_every_clash_is_named(cohort: Cohort, venue: Venue, sari: User) -> None:
    other = CohortFactory.create(program=cohort.program)
    for week, topic in ((0, "Natural dyes"), (2, "Loom care")):
        draft(other, venue, topic=topic, starts_at=START + timedelta(days=7 * week, hours=1), by=sari)
    with pytest.raises(Refused) as refusal:
        plan(cohort, venue, sari, schedule=True)
    assert "“Natural dyes” on Thursday, 8 October 2026, 11.00–13.00 WIB" in str(refusal.value)
    assert "“Loom care” on Thursday, 22 October 2026, 11.00–13.00 WIB" in str(refusal.value)
    assert not cohort.sessions.exists()


def test_warnings_are_asked_once_and_the_reason_is_kept(cohort: Cohort, venue: Venue, sari: User) -> None:
    CalendarBlockFactory.create(name="Libur", starts_on=weekly(2)[1].starts_at.date())
    with pytest.raises(Warned, match="Libur"):
        plan(cohort, venue, sari, override="  ")
    assert not Session.objects.exists()
    found = plan(cohort, venue, sari, override="The village asked for it", schedule=True)
    assert [session.override_reason for session in found] == ["", "The village asked for it", ""]
    kept = Event.objects.about(found[1]).get(verb="scheduled").facts
    assert [row["kind"] for row in kept["passed"]] == ["public_holiday"]


def test_what_blocks_is_refused_whatever_the_reason(cohort: Cohort, venue: Venue, sari: User) -> None:
    CalendarBlockFactory.create(name="Sedekah bumi", starts_on=START.date(), effect=Effect.BLOCK)
    with pytest.raises(Refused, match="Sedekah bumi: nothing is planned then"):
        plan(cohort, venue, sari, override="We want to")
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"spans": []}, "spans"),
        ({"spans": weekly(MOST + 1)}, "spans"),
        ({"spans": [*weekly(2), Span(START + timedelta(hours=1), START + timedelta(hours=3))]}, "spans"),
        ({"cohorts": []}, "cohorts"),
        ({"venue": None}, "venue"),
        ({"spans": [Span(START, START)]}, "ends_at"),
    ],
)
def test_series_that_makes_no_sense_is_refused(
    cohort: Cohort, venue: Venue, sari: User, wrong: dict[str, Any], code: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        plan(cohort, wrong.pop("venue", venue), sari, **wrong)
    assert refusal.value.code == code
    assert not Session.objects.exists()
