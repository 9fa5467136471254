"""The digest of the morning: counts of this very moment and one link, at 06.30, and nothing when nothing waits."""

from datetime import date, datetime, timedelta

import pytest

from accounts.models import User
from briefings.planning import plan_notices
from mentoring.models import Visit
from programs.models import Cohort, Enrollment
from reminders.models import Message
from reminders.planning import plan_sessions
from reminders.states import Kind
from reminders.worklists import unreached_soon
from tests import factories
from tests.briefings.worlds import WITA, local, looked, notices, only, queries, rows, says, verdict
from tests.reminders.worlds import meeting, send
from villages.models import Person

SARI = "sari@example.org"
NIGHT, MORNING = local("2026-10-02 00:05"), local("2026-10-02 06:30")
DAY = timedelta(days=1)


@pytest.fixture
def waiting(cohort: Cohort, made: User) -> Visit:
    """One visit waits for Sari."""
    return factories.VisitFactory.create(cohort=cohort, mentor=made)


def test_one_digest_a_day_at_half_past_six(waiting: Visit) -> None:
    plan_notices(at=NIGHT)
    message = only(Kind.DIGEST)
    assert (message.due_at, message.expires_at) == (MORNING, local("2026-10-02 11:00"))
    assert message.contact_point.number == SARI
    before = rows()
    for minute in range(100):
        plan_notices(at=NIGHT + timedelta(minutes=minute))
    assert rows() == before
    plan_notices(at=NIGHT + DAY)
    assert [row.subject_revision for row in Message.objects.order_by("pk")] == ["2026-10-02", "2026-10-03"]


def test_it_counts_when_it_leaves(waiting: Visit, cohort: Cohort, made: User) -> None:
    plan_notices(at=NIGHT)
    factories.VisitFactory.create(cohort=cohort, mentor=made)
    factories.ActionItemFactory.create(visit=waiting, due_on=date(2026, 9, 1))
    factories.VisitPlanFactory.create(mentor=made, village=cohort.village, planned_at=MORNING - 5 * DAY)
    assert says(only(Kind.DIGEST), MORNING) == {
        "hello": "Sari",
        "count": "4",
        "what": "2 visits to approve, 1 planned visit not logged, 1 action item overdue",
        "link": "",
    }


def test_sessions_whose_people_nobody_reaches_come_first(
    waiting: Visit, cohort: Cohort, sari: User, lidia: Person
) -> None:
    coming = [meeting(cohort, MORNING + days * DAY, trainers=[factories.TrainerFactory.create()]) for days in (2, 3, 9)]
    for session in coming:
        for person in (lidia, factories.PersonFactory.create(village=cohort.village)):
            enrollment, _new = Enrollment.objects.get_or_create(
                cohort=cohort, person=person, defaults={"state": "accepted", "enrolled_at": MORNING}
            )
            factories.AttendanceFactory.create(session=session, enrollment=enrollment)
    plan_sessions([session.pk for session in coming], at=NIGHT)
    plan_notices(at=NIGHT)
    digest = only(Kind.DIGEST)
    assert says(digest, MORNING)["what"] == "2 sessions with people not reached, 1 visit to approve"
    assert [session.pk for session, _people in unreached_soon(sari, at=MORNING)] == [coming[0].pk, coming[1].pk]
    for session in coming[:2]:
        for seat in session.seats.exclude(enrollment__person=lidia):
            revision = session.revisions.get()
            session.told_by_hand.create(revision=revision, person=seat.enrollment.person, by=sari, at=MORNING)
    assert says(digest, MORNING)["what"] == "1 visit to approve"


def test_indonesian_counts_in_indonesian(waiting: Visit, sari: User) -> None:
    User.objects.filter(pk=sari.pk).update(language="id")
    plan_notices(at=NIGHT)
    assert says(only(Kind.DIGEST), MORNING)["what"] == "1 kunjungan menunggu persetujuan"


def test_nothing_waits_nothing_leaves_and_nothing_is_planned_again(cohort: Cohort) -> None:
    plan_notices(at=NIGHT)
    assert send(MORNING) == 0
    assert notices(Kind.DIGEST) == [(SARI, "superseded", "nothing")]
    cohort_visit = factories.VisitFactory.create(cohort=cohort)
    plan_notices(at=MORNING + timedelta(minutes=5))
    assert send(MORNING + timedelta(minutes=10)) == 0
    assert cohort_visit.state == "submitted"


def test_half_past_six_of_most_of_their_villages(waiting: Visit, elsewhere: object) -> None:
    for _ in range(2):
        village = factories.VillageFactory.create(region=factories.lay_region(f"52.02.02.{2010 + _}"))
        factories.CohortFactory.create(program=waiting.program, village=village)
    plan_notices(at=NIGHT)
    message = only(Kind.DIGEST)
    assert message.due_at == local("2026-10-02 06:30", WITA)
    assert verdict(message, local("2026-10-02 05:59", WITA)) == ("planned", "quiet")
    assert verdict(message, local("2026-10-02 06:30", WITA)) == ("claimed", "")


def test_late_morning_is_too_late(waiting: Visit) -> None:
    plan_notices(at=NIGHT)
    assert verdict(only(Kind.DIGEST), local("2026-10-02 11:00")) == ("expired", "too_late")
    plan_notices(at=local("2026-10-02 10:59"))
    assert notices(Kind.DIGEST) == [(SARI, "planned", "")]
    Message.objects.all().delete()
    plan_notices(at=local("2026-10-02 09:00"))
    assert notices(Kind.DIGEST) == []


@pytest.mark.parametrize("over", [date(2026, 9, 30)])
def test_only_coordinators_of_running_programs_get_one(
    waiting: Visit, made: User, joko: User, admin: User, over: date
) -> None:
    waiting.program.coordinators.add(admin)
    plan_notices(at=NIGHT)
    assert [number for number, _state, _note in notices(Kind.DIGEST)] == [SARI]
    Message.objects.all().delete()
    type(waiting.program).objects.update(ends_on=over)
    plan_notices(at=NIGHT)
    assert notices(Kind.DIGEST) == []


def test_repair_and_last_look_ask_the_same_for_one_and_for_seven(waiting: Visit) -> None:
    plan_notices(at=NIGHT)
    counts, looks = [queries(NIGHT)], [looked([only(Kind.DIGEST).pk], MORNING)]
    for _ in range(6):
        program = factories.ProgramFactory.create(coordinators=[factories.UserFactory.create()])
        factories.VisitFactory.create(cohort=factories.CohortFactory.create(program=program))
    plan_notices(at=NIGHT)
    counts.append(queries(NIGHT))
    ids = list(Message.objects.filter(kind=Kind.DIGEST).values_list("pk", flat=True))
    looks.append(looked(ids, MORNING))
    assert len(ids) == 7
    assert (counts[0], looks[0]) == (counts[1], looks[1])


def test_three_days_of_downtime_leave_one_digest(waiting: Visit) -> None:
    moments: list[datetime] = [NIGHT, MORNING + 3 * DAY]
    for moment in moments:
        plan_notices(at=moment)
    assert send(MORNING + 3 * DAY) == 1
    assert sorted(state for _number, state, _note in notices(Kind.DIGEST)) == ["expired", "sent"]
