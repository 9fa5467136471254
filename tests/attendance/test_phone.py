"""What phones say about sheets: each act once, the latest wins, and what loses or comes too late is kept."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from attendance.actions import Mark, close_session, hold_session, keep_acts, mark_attendance
from attendance.content import PhoneClock
from attendance.models import Act, AttendanceMark
from attendance.states import ActOutcome
from common.models import Event
from programs.actions import cancel_session, reschedule_session
from programs.models import Cohort, Enrollment, Session, Venue
from programs.states import AttendanceState, EnrollmentState, Excuse
from tests.attendance.phones import minutes, seat_of, send, tap, verdicts
from tests.factories import CohortFactory, EnrollmentFactory
from tests.programs.plans import TWO_HOURS, history, scheduled

pytestmark = pytest.mark.django_db

PRESENT, LATE, ABSENT, EXCUSED = (
    AttendanceState.PRESENT,
    AttendanceState.LATE,
    AttendanceState.ABSENT,
    AttendanceState.EXCUSED,
)


@pytest.fixture(autouse=True)
def english(english: None) -> None:
    """Sentences are compared."""


@pytest.fixture
def people(cohort: Cohort) -> list[Enrollment]:
    """Three participants."""
    return EnrollmentFactory.create_batch(3, cohort=cohort)


@pytest.fixture
def running(people: list[Enrollment], cohort: Cohort, venue: Venue, sari: User, at: datetime) -> Session:
    """A session that began an hour ago, and whose state nobody changed."""
    return scheduled(cohort, venue, starts_at=at - timedelta(hours=1), by=sari)


@pytest.fixture
def closed(running: Session, people: list[Enrollment], sari: User, at: datetime) -> Session:
    """The same, closed: the first was present, who had no mark was absent."""
    mark_attendance(running, marks=[Mark(people[0].pk, PRESENT)], by=sari, at=at)
    hold_session(running, by=sari, at=at)
    close_session(running, by=sari, at=at)
    return running


def outcomes() -> list[str]:
    return [*Act.objects.order_by("acted_at", "id").values_list("outcome", flat=True)]


# -- Once -------------------------------------------------------------------------------------------------------------


def test_acts_mark_the_sheet_with_the_time_that_they_were_made(
    running: Session, people: list[Enrollment], made: User, at: datetime
) -> None:
    acts = [
        tap(running, people[0], made=-50),
        tap(running, people[1], LATE, made=-40, minutes=75),
        tap(running, people[2], EXCUSED, made=-30, excuse=Excuse.SICK),
    ]
    kept = send(acts, by=made)
    assert verdicts(kept) == ["stored"] * 3
    assert [each.detail for each in kept] == [""] * 3
    seats = running.seats.order_by("enrollment_id")
    assert [*seats.values_list("state", "minutes", "excuse", "source", "version")] == [
        ("present", 120, "", "phone", 1),
        ("late", 75, "", "phone", 1),
        ("excused", 0, "sick", "phone", 1),
    ]
    assert [seat.marked_at for seat in seats] == [minutes(-50), minutes(-40), minutes(-30)]
    act = Act.objects.get(mark__seat=seats[1])
    assert (act.made_at, act.received_at, act.by) == (minutes(-40), at, made)
    assert {each.seat.version for each in kept if each.seat} == {1}


def test_it_is_told_once_in_the_history_of_the_session(running: Session, people: list[Enrollment], made: User) -> None:
    send([tap(running, people[0], made=-50), tap(running, people[1], ABSENT, made=-40)], by=made)
    event = Event.objects.about(running).latest("pk")
    assert history(running)[-1:] == ["attendance_marked"]
    assert event.facts["source"] == "phone"
    assert event.facts["counts"] == {"present": 1, "absent": 1}
    assert event.facts["made_at"] == minutes(-40).isoformat()


def test_who_came_is_an_active_participant(running: Session, people: list[Enrollment], made: User) -> None:
    send([tap(running, people[0]), tap(running, people[1], ABSENT)], by=made)
    states = [*Enrollment.objects.order_by("pk").values_list("state", flat=True)]
    assert states == [EnrollmentState.ACTIVE, EnrollmentState.ACCEPTED, EnrollmentState.ACCEPTED]


def test_the_same_act_again_is_had(running: Session, people: list[Enrollment], made: User) -> None:
    act = tap(running, people[0])
    (first, second) = send([act, act], by=made)
    (third,) = send([act], by=made, at=minutes(60))
    assert [each.verdict for each in (first, second, third)] == ["stored", "had_it", "had_it"]
    assert third.seat is not None
    assert (third.seat.state, third.seat.version) == (PRESENT, 1)
    assert Act.objects.count() == AttendanceMark.objects.count() == 1


def test_other_content_under_a_known_key_is_refused_and_kept(
    running: Session, people: list[Enrollment], made: User
) -> None:
    act = tap(running, people[0])
    other = tap(running, people[0], ABSENT, made=-5, id=act.id)
    send([act], by=made)
    for _again in range(2):
        (kept,) = send([other], by=made)
        assert kept.verdict == "refused"
        assert "has this key already" in kept.detail
    assert seat_of(running, people[0]).state == PRESENT
    assert sorted(outcomes()) == ["key_taken", "stored"]
    assert Act.objects.get(outcome=ActOutcome.KEY_TAKEN).state == ABSENT


def test_the_key_of_somebody_else_is_refused(
    running: Session, people: list[Enrollment], made: User, sari: User
) -> None:
    act = tap(running, people[0])
    send([act], by=made)
    assert verdicts(send([act], by=sari)) == ["refused"]
    assert set(Act.objects.values_list("by__name", "outcome")) == {("Made", "stored"), ("Sari", "key_taken")}


def test_a_bad_act_blocks_no_other(
    running: Session, people: list[Enrollment], made: User, elsewhere: Any, venue: Venue, sari: User
) -> None:
    foreign = CohortFactory.create(program=running.program, village=elsewhere)
    stranger = EnrollmentFactory.create(cohort=foreign)
    theirs = scheduled(foreign, None, starts_at=minutes(-60), by=sari, mode="online")
    joint = scheduled(foreign, venue, starts_at=minutes(-60) - TWO_HOURS, by=sari, cohorts=[foreign, people[0].cohort])
    acts = [
        tap(running, people[0], LATE, minutes=121),
        tap(running, people[0], AttendanceState.EXPECTED),
        tap(running, people[0], "dancing"),
        tap(running, people[0], ABSENT, minutes=5),
        tap(running, people[0], PRESENT, excuse="sick"),
        tap(theirs, stranger),
        tap(joint, stranger),
        tap(Session(pk=10**9), people[0]),
        tap(running, people[1]),
    ]
    kept = send(acts, by=made)
    assert verdicts(kept) == ["refused"] * 8 + ["stored"]
    assert kept[5].detail == kept[7].detail == "There is no such session for you."
    assert kept[6].detail == "This person has no seat in this session."
    assert all(each.detail and each.seat is None for each in kept[:8])
    assert Act.objects.count() == 1


# -- The latest wins --------------------------------------------------------------------------------------------------


def test_an_earlier_act_that_arrives_later_is_overtaken_and_kept(
    running: Session, people: list[Enrollment], made: User
) -> None:
    send([tap(running, people[0], PRESENT, made=-10)], by=made)
    (kept,) = send([tap(running, people[0], ABSENT, made=-20)], by=made)
    assert (kept.verdict, kept.detail) == ("overtaken", "A later mark stands. Yours is kept in the history.")
    assert kept.seat is not None
    assert kept.seat.state == seat_of(running, people[0]).state == PRESENT
    assert outcomes() == ["overtaken", "stored"]


def test_of_several_taps_in_one_sending_the_last_is_written(
    running: Session, people: list[Enrollment], made: User
) -> None:
    acts = [tap(running, people[0], state, made=time) for state, time in ((LATE, -9), (ABSENT, -20), (PRESENT, -15))]
    assert verdicts(send(acts, by=made)) == ["stored", "overtaken", "overtaken"]
    assert seat_of(running, people[0]).version == 1


def test_a_later_tap_that_says_the_same_still_counts_as_the_latest(
    running: Session, people: list[Enrollment], made: User, sari: User
) -> None:
    send([tap(running, people[0], PRESENT, made=-30)], by=made)
    send([tap(running, people[0], PRESENT, made=-10)], by=made)
    assert verdicts(send([tap(running, people[0], ABSENT, made=-20)], by=sari)) == ["overtaken"]


def test_a_phone_that_comes_days_later_does_not_undo_the_desk(
    running: Session, people: list[Enrollment], made: User, sari: User, at: datetime
) -> None:
    mark_attendance(running, marks=[Mark(people[0].pk, ABSENT)], by=sari, at=minutes(-15))
    days = minutes(3 * 24 * 60)
    early, late = tap(running, people[0], made=-20), tap(running, people[0], LATE, made=-14)
    assert verdicts(send([early], by=made, at=days)) == ["overtaken"]
    assert verdicts(send([late], by=made, at=days)) == ["stored"]
    assert seat_of(running, people[0]).state == LATE


def test_at_the_same_moment_the_desk_stands_and_of_two_phones_the_greater_key(
    running: Session, people: list[Enrollment], made: User, sari: User
) -> None:
    mark_attendance(running, marks=[Mark(people[0].pk, ABSENT)], by=sari, at=minutes(-15))
    assert verdicts(send([tap(running, people[0], made=-15)], by=made)) == ["overtaken"]
    small, great = sorted((tap(running, people[1]), tap(running, people[1])), key=lambda act: act.id)
    assert verdicts(send([great], by=made) + send([small], by=sari)) == ["stored", "overtaken"]


def test_the_desk_page_and_a_phone_cross_by_what_was_seen(
    running: Session, people: list[Enrollment], made: User, sari: User, at: datetime
) -> None:
    send([tap(running, people[0], LATE)], by=made)
    (crossed,) = mark_attendance(running, marks=[Mark(people[0].pk, ABSENT, seen=0)], by=sari, at=at)
    assert (crossed.seat.state, crossed.seat.marked_by) == (LATE, made)
    assert not mark_attendance(running, marks=[Mark(people[0].pk, ABSENT, seen=1)], by=sari, at=at)
    assert verdicts(send([tap(running, people[0], PRESENT, made=-1)], by=made, at=minutes(5))) == ["overtaken"]
    assert seat_of(running, people[0]).version == 2


# -- The phone's clock ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "made_at", "true"),
    [
        (0, -10, -10),
        (-60, -70, -10),  # the phone is an hour behind
        (60, 50, -10),  # and an hour ahead
        (-1, -10, -10),  # a minute is the way
        (0, 30, 0),  # nobody marks tomorrow
        (None, -10, -10),
        (None, 10, 0),
    ],
)
def test_the_time_is_put_right_by_the_skew(at: datetime, sent: float | None, made_at: float, true: float) -> None:
    clock = PhoneClock(at, None if sent is None else minutes(sent))
    assert clock.true(minutes(made_at)) == minutes(true)
    assert clock.skew == (None if sent is None else round(-sent * 60))


def test_a_wrong_clock_wins_nothing_and_is_noted(
    running: Session, people: list[Enrollment], made: User, sari: User
) -> None:
    send([tap(running, people[0], PRESENT, made=-10)], by=sari)
    ahead = tap(running, people[0], ABSENT, made=60 - 20)
    assert verdicts(send([ahead], by=made, sent_at=minutes(60))) == ["overtaken"]
    act = Act.objects.get(pk=ahead.id)
    assert (act.made_at, act.skew, act.acted_at) == (minutes(40), -3600, minutes(-20))


def test_who_comes_a_little_early_is_marked_at_the_beginning(
    running: Session, people: list[Enrollment], made: User
) -> None:
    send([tap(running, people[0], ABSENT, made=-70), tap(running, people[1], ABSENT, made=-80)], by=made)
    send([tap(running, people[0], PRESENT, made=-65), tap(running, people[1], PRESENT, made=-85)], by=made)
    assert [seat_of(running, person).state for person in people] == [PRESENT, ABSENT, "expected"]
    assert seat_of(running, people[0]).marked_at == running.starts_at


# -- Sheets that cannot take it ---------------------------------------------------------------------------------------


def test_a_session_that_has_not_begun_says_so(running: Session, people: list[Enrollment], made: User) -> None:
    (kept,) = send([tap(running, people[0], made=-90)], by=made, at=minutes(-75))
    assert (kept.verdict, kept.detail) == ("refused", "This session has not begun yet.")
    assert not Act.objects.exists()


def test_what_comes_after_the_sheet_was_closed_waits(closed: Session, people: list[Enrollment], made: User) -> None:
    act = tap(closed, people[1], PRESENT)
    (kept,) = send([act], by=made)
    assert kept.verdict == "held"
    assert kept.detail == "The sheet was closed before it arrived. It waits for the coordinator."
    assert seat_of(closed, people[1]).state == ABSENT
    (again,) = send([act], by=made)
    assert (again.verdict, again.detail) == ("had_it", kept.detail)
    assert (history(closed)[-1], Event.objects.about(closed).latest("pk").facts["count"]) == ("marks_wait", 1)


def test_what_the_closed_sheet_says_already_waits_for_nobody(
    closed: Session, people: list[Enrollment], made: User
) -> None:
    assert verdicts(send([tap(closed, people[0], PRESENT)], by=made)) == ["stored"]
    assert outcomes() == ["agreed"]
    assert verdicts(send([tap(closed, people[0], LATE, made=-12)], by=made)) == ["overtaken"], "a later act agrees"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_of_several_that_come_too_late_only_the_last_waits(
    closed: Session, people: list[Enrollment], made: User, sari: User, order: tuple[int, ...]
) -> None:
    acts = [tap(closed, people[1], state, made=time) for state, time in ((PRESENT, -30), (EXCUSED, -20), (LATE, -10))]
    for place in order:
        send([acts[place]], by=made)
    assert outcomes() == ["overtaken", "overtaken", "waiting"]


def test_a_cancelled_session_keeps_it_waiting(
    running: Session, people: list[Enrollment], made: User, sari: User, at: datetime
) -> None:
    cancel_session(running, reason="Flood", by=sari, at=at)
    (kept,) = send([tap(running, people[0])], by=made)
    assert (kept.verdict, kept.detail) == ("held", "The session was cancelled. It waits for the coordinator.")
    assert seat_of(running, people[0]).state == "expected"


def test_a_session_that_was_moved_keeps_it_waiting_and_takes_the_new_time(
    running: Session, people: list[Enrollment], made: User, sari: User, at: datetime
) -> None:
    act, start = tap(running, people[0]), minutes(7 * 24 * 60)
    reschedule_session(running, starts_at=start, ends_at=start + TWO_HOURS, reason="Rain", by=sari, at=at)
    (kept,) = send([act], by=made)
    assert (kept.verdict, kept.detail) == (
        "held",
        "The session was moved to a later time. It waits for the coordinator.",
    )
    later = tap(running, people[0], ABSENT, made=7 * 24 * 60 + 5)
    assert verdicts(send([later], by=made, at=start + TWO_HOURS)) == ["stored"]
    assert outcomes() == ["overtaken", "stored"], "a later act was written"


def test_what_contradicts_that_nobody_came_waits(
    running: Session, people: list[Enrollment], made: User, sari: User, at: datetime
) -> None:
    hold_session(running, by=sari, at=at, nobody_came=True)
    kept = send([tap(running, people[0]), tap(running, people[1], ABSENT)], by=made, at=minutes(60))
    assert verdicts(kept) == ["held", "stored"]
    assert sorted(outcomes()) == ["agreed", "waiting"]


def test_an_act_of_long_before_waits(running: Session, people: list[Enrollment], made: User) -> None:
    (kept,) = send([tap(running, people[0], made=-24 * 60)], by=made)
    assert (kept.verdict, kept.detail) == (
        "held",
        "It was made before the session began. It waits for the coordinator.",
    )


def test_a_draft_takes_none(running: Session, people: list[Enrollment], made: User) -> None:
    Session.objects.filter(pk=running.pk).update(state="draft")
    assert send([tap(running, people[0])], by=made)[0].detail == "This session is still a draft."


# -- Who brings it ----------------------------------------------------------------------------------------------------


def test_a_file_brings_acts_of_a_mentor_who_has_gone(
    running: Session, people: list[Enrollment], ina: User, sari: User, at: datetime
) -> None:
    act = tap(running, people[0])
    assert verdicts(send([act], by=ina)) == ["refused"]
    (kept,) = keep_acts([act], by=ina, brought_by=sari, at=at)
    assert kept.verdict == "stored"
    stored = Act.objects.get()
    assert (stored.by, stored.brought_by, stored.skew) == (ina, sari, None)
    assert verdicts(send([act], by=ina)) == ["had_it"], "the phone hears it, though the village is hers no more"


def test_what_a_phone_said_is_never_changed(closed: Session, people: list[Enrollment], made: User) -> None:
    send([tap(closed, people[0]), tap(closed, people[1])], by=made)
    settled, waiting = Act.objects.filter(outcome="agreed"), Act.objects.filter(outcome="waiting")
    for change in (
        lambda: waiting.update(state=LATE),
        lambda: waiting.update(acted_at=minutes(-1)),
        lambda: waiting.update(name="Somebody"),
        lambda: settled.update(outcome="waiting"),
        waiting.delete,
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change()


def test_any_number_of_acts_costs_the_same(cohort: Cohort, venue: Venue, sari: User, made: User, at: datetime) -> None:
    costs = []
    for size in (1, 20):
        EnrollmentFactory.create_batch(size, cohort=cohort)
        session = scheduled(cohort, venue, starts_at=at - timedelta(days=size), by=sari)
        acts = [
            tap(session, seat.enrollment, made=60 - size * 24 * 60)
            for seat in session.seats.select_related("enrollment")
        ]
        with CaptureQueriesContext(connection) as queries:
            assert set(verdicts(send(acts, by=made))) == {"stored"}
        costs.append([each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]])
    assert len(costs[0]) == len(costs[1]) <= 8, "\n".join(costs[1])
