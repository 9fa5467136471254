"""Planning, promising, moving and calling off."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from attendance.actions import Mark, mark_attendance
from common.errors import MoveRefused, Refused, RowMoved
from common.models import Event
from programs.actions import (
    answer_session,
    cancel_session,
    change_session,
    plan_session,
    reschedule_session,
    schedule_session,
)
from programs.models import Booking, Cohort, Program, Session, SessionRevision, Trainer, Venue
from programs.states import AttendanceState, ModuleCode, Rsvp, SessionMode, SessionState
from programs.taken import taken_by
from tests.factories import CohortFactory, EnrollmentFactory, VenueFactory, lay_region, module
from tests.programs.plans import START, TWO_HOURS, draft, history, scheduled

pytestmark = pytest.mark.django_db


def test_plan_writes_a_draft_that_takes_its_things(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> None:
    session = draft(cohort, venue, trainers=[trainer], by=sari)
    assert (session.state, session.revision, session.zone) == (SessionState.DRAFT, 1, "Asia/Jakarta")
    taken = Booking.objects.filter(session=session, live=True, starts_at=START, ends_at=START + TWO_HOURS)
    assert {(row.cohort, row.trainer, row.venue) for row in taken} == {
        (cohort, None, None),
        (None, trainer, None),
        (None, None, venue),
    }
    assert history(session) == ["planned"]
    assert not session.seats.exists()


def test_plan_takes_the_zone_of_its_venue_else_of_the_village(cohort: Cohort, sari: User) -> None:
    far = VenueFactory.create(region=lay_region("81.01.01.2001"))
    assert draft(cohort, far, by=sari).zone == "Asia/Jayapura"
    later = START + timedelta(days=1)
    assert draft(cohort, None, mode=SessionMode.ONLINE, starts_at=later, by=sari).zone == "Asia/Jakarta"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"cohorts": []}, "cohorts"),
        ({"venue": None}, "venue"),
        ({"ends_at": START}, "ends_at"),
        ({"ends_at": START + timedelta(hours=24, minutes=1)}, "ends_at"),
    ],
)
def test_plan_refuses_wrong_input(
    cohort: Cohort, venue: Venue, sari: User, at: datetime, wrong: dict[str, object], code: str
) -> None:
    given: dict[str, object] = {
        "program": cohort.program,
        "module": module(ModuleCode.DESIGN),
        "cohorts": [cohort],
        "trainers": [],
        "venue": venue,
        "mode": SessionMode.IN_PERSON,
        "starts_at": START,
        "ends_at": START + TWO_HOURS,
    }
    with pytest.raises(ValidationError) as refusal:
        plan_session(**{**given, **wrong}, by=sari, at=at)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert not Session.objects.exists()


def test_plan_refuses_a_cohort_of_another_program(cohort: Cohort, venue: Venue, sari: User) -> None:
    with pytest.raises(ValidationError, match="belong to its program"):
        draft(cohort, venue, cohorts=[cohort, CohortFactory.create()], by=sari)


@pytest.mark.parametrize("taken", ["trainer", "venue", "cohort"])
def test_overlap_is_refused_and_names_the_other(
    program: Program, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User, taken: str
) -> None:
    other = CohortFactory.create(program=program)
    draft(cohort, venue, trainers=[trainer], topic="Natural dyes", by=sari)
    second = {
        "trainer": (other, VenueFactory.create(), [trainer]),
        "venue": (other, venue, []),
        "cohort": (cohort, VenueFactory.create(), []),
    }
    group, place, trainers = second[taken]
    with pytest.raises(Refused) as refusal:
        draft(group, place, trainers=trainers, starts_at=START + timedelta(minutes=119), by=sari)
    sentence = str(refusal.value)
    assert "Natural dyes" in sentence
    assert "10.00–12.00 WIB" in sentence
    assert venue.name in sentence
    assert str({"trainer": trainer, "venue": venue, "cohort": cohort}[taken]) in sentence
    assert Session.objects.count() == 1


def test_overlap_with_a_session_one_may_not_see_tells_nothing_of_it(
    cohort: Cohort, venue: Venue, sari: User, rina: User
) -> None:
    foreign = CohortFactory.create(program=rina.coordinated_programs.get())
    draft(foreign, venue, topic="Secret plans", by=rina)
    with pytest.raises(Refused) as refusal:
        draft(cohort, venue, by=sari)
    assert "Secret plans" not in str(refusal.value)
    assert venue.name in str(refusal.value)


def test_back_to_back_is_allowed(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> None:
    draft(cohort, venue, trainers=[trainer], by=sari)
    draft(cohort, venue, trainers=[trainer], starts_at=START + TWO_HOURS, by=sari)
    draft(cohort, venue, trainers=[trainer], starts_at=START - TWO_HOURS, by=sari)
    assert Session.objects.count() == 3


def test_cancelling_frees_the_time(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    cancel_session(scheduled(cohort, venue, by=sari), reason="Hall flooded", by=sari, at=at)
    assert scheduled(cohort, venue, by=sari).state == SessionState.SCHEDULED


def test_change_rewrites_a_draft(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User, at: datetime) -> None:
    session = draft(cohort, venue, by=sari)
    change_session(
        session,
        module=module(ModuleCode.MARKETING),
        cohorts=[cohort],
        trainers=[trainer],
        venue=venue,
        mode=SessionMode.HYBRID,
        starts_at=START + timedelta(hours=1),
        ends_at=START + timedelta(hours=4),
        topic="Markets",
        by=sari,
        at=at,
    )
    session.refresh_from_db()
    assert (session.module_id, session.mode, session.topic, session.minutes) == ("marketing", "hybrid", "Markets", 180)
    assert set(session.bookings.values_list("starts_at", flat=True)) == {START + timedelta(hours=1)}
    assert [*session.trainers.all()] == [trainer]
    assert history(session) == ["planned", "changed"]


def test_change_is_refused_once_promised(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    session = scheduled(cohort, venue, by=sari)
    with pytest.raises(Refused, match="no longer a draft"):
        change_session(
            session,
            module=session.module,
            cohorts=[cohort],
            trainers=[],
            venue=venue,
            mode=session.mode,
            starts_at=START,
            ends_at=START + timedelta(hours=1),
            by=sari,
            at=at,
        )


def test_schedule_seats_everyone_who_takes_part(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    accepted, active = (EnrollmentFactory.create(cohort=cohort, state=state) for state in ("accepted", "active"))
    EnrollmentFactory.create(cohort=cohort, state="waitlisted")
    EnrollmentFactory.create(cohort=cohort, state="withdrawn", reason="Moved")
    session = scheduled(cohort, venue, by=sari)
    assert set(session.seats.values_list("enrollment_id", flat=True)) == {accepted.pk, active.pk}
    (revision,) = session.revisions.all()
    assert (revision.number, revision.starts_at, revision.venue, revision.by) == (1, START, venue, sari)
    event = Event.objects.about(session).get(verb="scheduled")
    assert (event.origin, event.goal, event.facts["seats"]) == ("draft", "scheduled", 2)


def test_schedule_twice_is_one_schedule(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    session = draft(cohort, venue, by=sari)
    stale = Session.objects.get(pk=session.pk)
    schedule_session(session, by=sari, at=at)
    with pytest.raises(RowMoved):
        schedule_session(stale, by=sari, at=at)
    with pytest.raises(MoveRefused):
        schedule_session(session, by=sari, at=at)
    assert history(session).count("scheduled") == 1
    assert session.revisions.count() == 1


def test_reschedule_adds_a_revision_and_moves_what_is_taken(
    cohort: Cohort, venue: Venue, trainer: Trainer, sari: User, at: datetime
) -> None:
    session, place = scheduled(cohort, venue, trainers=[trainer], by=sari), VenueFactory.create()
    later = START + timedelta(days=1)
    reschedule_session(
        session, starts_at=later, ends_at=later + TWO_HOURS, venue=place, reason=" Market day ", by=sari, at=at
    )
    assert (session.state, session.revision, session.starts_at, session.venue) == ("scheduled", 2, later, place)
    assert [(row.number, row.starts_at, row.reason) for row in session.revisions.order_by("number")] == [
        (1, START, ""),
        (2, later, "Market day"),
    ]
    assert set(session.bookings.values_list("starts_at", flat=True)) == {later}
    assert session.bookings.filter(venue=place).count() == 1
    event = Event.objects.about(session).get(verb="rescheduled")
    assert event.facts["before"]["starts_at"] == START.isoformat()
    assert event.facts["reason"] == "Market day"


def test_reschedule_keeps_the_venue_unless_told(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    session = scheduled(cohort, venue, by=sari)
    reschedule_session(
        session, starts_at=START + TWO_HOURS, ends_at=START + 2 * TWO_HOURS, reason="Rain", by=sari, at=at
    )
    assert session.venue == venue


def test_reschedule_may_overlap_its_own_old_time(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    session = scheduled(cohort, venue, by=sari)
    half = timedelta(minutes=30)
    reschedule_session(session, starts_at=START + half, ends_at=START + TWO_HOURS, reason="Bus", by=sari, at=at)
    assert session.revision == 2


def test_reschedule_into_another_session_is_refused_whole(
    cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    later = START + timedelta(days=1)
    first, second = scheduled(cohort, venue, by=sari), scheduled(cohort, venue, starts_at=later, by=sari)
    with pytest.raises(Refused, match="already has"):
        reschedule_session(second, starts_at=START, ends_at=START + TWO_HOURS, reason="Bus", by=sari, at=at)
    second.refresh_from_db()
    assert (second.starts_at, second.revision, second.revisions.count()) == (later, 1, 1)
    assert first.bookings.filter(live=True).count() == 2


def test_reschedule_says_why_and_changes_something(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    session = scheduled(cohort, venue, by=sari)
    with pytest.raises(ValidationError, match="Say why"):
        reschedule_session(
            session, starts_at=START + TWO_HOURS, ends_at=START + 2 * TWO_HOURS, reason=" ", by=sari, at=at
        )
    with pytest.raises(ValidationError, match="same as before"):
        reschedule_session(session, starts_at=START, ends_at=START + TWO_HOURS, reason="Rain", by=sari, at=at)


def test_reschedule_from_an_old_look_is_refused(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    session = scheduled(cohort, venue, by=sari)
    stale = Session.objects.get(pk=session.pk)
    later = START + timedelta(days=1)
    reschedule_session(session, starts_at=later, ends_at=later + TWO_HOURS, reason="Rain", by=sari, at=at)
    with pytest.raises(RowMoved):
        reschedule_session(stale, starts_at=START + TWO_HOURS, ends_at=later, reason="Bus", by=sari, at=at)
    stale = Session.objects.get(pk=session.pk)
    stale.revision = 1
    with pytest.raises(RowMoved):
        cancel_session(stale, reason="Rain", by=sari, at=at)
    session.refresh_from_db()
    assert (session.state, session.revision) == ("scheduled", 2)


@pytest.mark.parametrize("state", ["draft", "held", "closed", "cancelled"])
def test_only_a_scheduled_session_is_moved_or_cancelled(
    cohort: Cohort, venue: Venue, sari: User, at: datetime, state: str
) -> None:
    session = draft(cohort, venue, by=sari)
    session.state, session.reason = state, "Hall flooded" if state == "cancelled" else ""
    session.save()
    with pytest.raises(MoveRefused):
        reschedule_session(session, starts_at=START, ends_at=START + TWO_HOURS, reason="Rain", by=sari, at=at)
    with pytest.raises(MoveRefused):
        cancel_session(session, reason="Rain", by=sari, at=at)


def test_cancel_says_why_and_keeps_the_seats(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    EnrollmentFactory.create(cohort=cohort)
    session = scheduled(cohort, venue, by=sari)
    with pytest.raises(ValidationError, match="Say why"):
        cancel_session(session, reason="  ", by=sari, at=at)
    cancel_session(session, reason="Hall flooded", by=sari, at=at)
    session.refresh_from_db()
    assert (session.state, session.reason) == ("cancelled", "Hall flooded")
    assert session.seats.count() == 1
    assert not session.bookings.filter(live=True).exists()
    assert history(session)[-1] == "cancelled"


def test_what_people_attended_is_neither_moved_nor_cancelled(
    cohort: Cohort, venue: Venue, sari: User, at: datetime
) -> None:
    someone = EnrollmentFactory.create(cohort=cohort)
    session = scheduled(cohort, venue, starts_at=at - timedelta(hours=1), by=sari)
    mark_attendance(session, marks=[Mark(someone.pk, AttendanceState.PRESENT)], by=sari, at=at)
    later = START + timedelta(days=1)
    with pytest.raises(Refused, match="took place"):
        reschedule_session(session, starts_at=later, ends_at=later + TWO_HOURS, reason="Rain", by=sari, at=at)
    with pytest.raises(Refused, match="took place"):
        cancel_session(Session.objects.get(pk=session.pk), reason="Rain", by=sari, at=at)


def test_revision_is_never_changed(cohort: Cohort, venue: Venue, sari: User) -> None:
    session = scheduled(cohort, venue, by=sari)
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionRevision.objects.filter(session=session).update(reason="Another story")
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionRevision.objects.filter(session=session).delete()


def test_answer_falls_with_the_time_it_was_given_for(cohort: Cohort, venue: Venue, sari: User, at: datetime) -> None:
    EnrollmentFactory.create(cohort=cohort)
    session = scheduled(cohort, venue, by=sari)
    seat = session.seats.get()
    answer_session(seat, rsvp=Rsvp.YES, at=at)
    later = START + timedelta(days=1)
    reschedule_session(session, starts_at=later, ends_at=later + TWO_HOURS, reason="Harvest", by=sari, at=at)
    seat.refresh_from_db()
    assert (seat.rsvp, seat.rsvp_at) == (Rsvp.NONE, None)


def test_schedule_of_a_draft_that_another_hand_changed_is_refused(
    cohort: Cohort, venue: Venue, sari: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = draft(cohort, venue, by=sari)
    other = CohortFactory.create(program=cohort.program)
    read = [taken_by(session)]
    session.bookings.filter(cohort=cohort).update(cohort=other)
    monkeypatch.setattr("programs.actions.session.taken_by", lambda row: read.pop() if read else taken_by(row))
    with pytest.raises(RowMoved):
        schedule_session(session, by=sari, at=at)
    session.refresh_from_db()
    assert session.state == SessionState.DRAFT
