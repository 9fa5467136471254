"""Visit tomorrow, visit not logged, visit log returned."""

from datetime import timedelta

import pytest

from accounts.models import User
from briefings.planning import plan_notices
from common.zones import tz
from mentoring.actions import approve_visit, cancel_visit_plan, move_visit, plan_visit, return_visit, submit_visit
from mentoring.models import Visit, VisitPlan
from programs.models import Cohort
from reminders.models import Message
from reminders.states import Kind, MessageState
from tests import factories
from tests.briefings.worlds import WIB, WIT, WITA, local, looked, notices, only, queries, rows, says, verdict
from tests.reminders.worlds import send, texts
from villages.models import Village

DAY = timedelta(days=1)
FRIDAY, SATURDAY = local("2026-10-02 12:00"), local("2026-10-03 12:00")
MADE = "made@example.org"


def test_visit_tomorrow_is_planned_once_for_17_the_day_before(plan: VisitPlan) -> None:
    plan_notices(at=FRIDAY)
    message = only(Kind.VISIT_TOMORROW)
    assert (message.due_at, message.expires_at) == (local("2026-10-03 17:00"), local("2026-10-04 00:00"))
    assert (message.user, message.contact_point.number, message.state) == (plan.mentor, MADE, "planned")
    before = rows()
    for minute in range(100):
        plan_notices(at=FRIDAY + timedelta(minutes=minute))
    assert rows() == before


@pytest.mark.parametrize(
    ("region", "zone"),
    [("35.24.10.2009", WIB), ("52.02.02.2004", WITA), ("94.01.01.2001", WIT)],
    ids=["WIB", "WITA", "WIT"],
)
def test_17_is_17_at_the_village(modules: None, region: str, zone: str) -> None:
    village = factories.VillageFactory.create(region=factories.lay_region(region))
    factories.VisitPlanFactory.create(village=village, planned_at=local("2026-10-04 08:00", zone))
    plan_notices(at=FRIDAY)
    message = only(Kind.VISIT_TOMORROW)
    assert message.due_at == local("2026-10-03 17:00", zone)
    assert message.due_at.astimezone(tz(zone)).hour == 17


def test_visit_tomorrow_says_where_when_and_nothing_that_was_written(plan: VisitPlan) -> None:
    plan.purpose = "Bu Lidia is ill"
    plan.save()
    plan_notices(at=FRIDAY)
    assert says(only(Kind.VISIT_TOMORROW), SATURDAY) == {
        "hello": "Made",
        "village": "Parengan",
        "day": "Sunday, 4 October 2026",
        "time": "10.00 WIB",
        "link": f"visits/plans/{plan.pk}/",
    }


def test_mentor_is_spoken_to_in_their_language(plan: VisitPlan) -> None:
    User.objects.filter(pk=plan.mentor_id).update(language="id")
    plan_notices(at=FRIDAY)
    assert says(only(Kind.VISIT_TOMORROW), SATURDAY)["day"] == "Minggu, 4 Oktober 2026"


def test_it_leaves_at_its_moment_and_once(plan: VisitPlan) -> None:
    plan_notices(at=FRIDAY)
    assert send(local("2026-10-03 16:59")) == 0
    assert [send(local("2026-10-03 17:00")) for _ in range(2)] == [1, 0]
    plan_notices(at=local("2026-10-03 17:05"))
    assert notices(Kind.VISIT_TOMORROW) == [(MADE, "sent", "")]
    assert "Parengan" in texts()[0]


def test_moving_withdraws_at_once_and_tells_the_new_day(plan: VisitPlan, sari: User) -> None:
    plan_notices(at=FRIDAY)
    move_visit(plan, planned_at=plan.planned_at + DAY, by=sari, at=SATURDAY)
    assert notices(Kind.VISIT_TOMORROW) == [(MADE, "superseded", "done"), (MADE, "planned", "")]
    assert Message.objects.get(state="planned").due_at == local("2026-10-04 17:00")
    move_visit(plan, planned_at=plan.planned_at - DAY, by=sari, at=SATURDAY)
    assert [state for _number, state, _note in notices(Kind.VISIT_TOMORROW)] == ["planned", "superseded"]


def test_what_is_claimed_and_has_not_begun_is_withdrawn_too(plan: VisitPlan, sari: User) -> None:
    plan_notices(at=FRIDAY)
    claimed = {"state": MessageState.CLAIMED, "lease_until": SATURDAY + DAY}
    Message.objects.update(**claimed)
    cancel_visit_plan(plan, reason="Ill", by=sari, at=SATURDAY)
    assert notices(Kind.VISIT_TOMORROW) == [(MADE, "superseded", "done")]
    Message.objects.update(**claimed, begun_at=SATURDAY)
    plan_notices(at=SATURDAY)
    assert only(Kind.VISIT_TOMORROW).state == "claimed"


def test_what_moves_back_is_not_told_twice(plan: VisitPlan, sari: User) -> None:
    at = local("2026-10-03 17:00")
    plan_notices(at=FRIDAY)
    send(at)
    was = plan.planned_at
    move_visit(plan, planned_at=was + 2 * DAY, by=sari, at=at)
    move_visit(plan, planned_at=was, by=sari, at=at)
    plan_notices(at=at)
    assert [state for _number, state, _note in notices(Kind.VISIT_TOMORROW)].count("planned") == 0
    assert send(at + timedelta(hours=1)) == 0


def test_visit_of_today_is_not_announced_as_tomorrow(cohort: Cohort, made: User) -> None:
    at = local("2026-10-03 08:00")
    plan_visit(mentor=made, village=cohort.village, planned_at=at + timedelta(hours=3), by=made, at=at)
    plan_notices(at=at)
    assert notices(Kind.VISIT_TOMORROW) == []


def test_last_look_sees_what_no_event_told(plan: VisitPlan) -> None:
    plan_notices(at=FRIDAY)
    message, at = only(Kind.VISIT_TOMORROW), local("2026-10-03 17:00")
    assert verdict(message, at) == ("claimed", "")
    VisitPlan.objects.update(planned_at=plan.planned_at + DAY)
    assert verdict(message, at) == ("superseded", "changed")
    VisitPlan.objects.update(planned_at=plan.planned_at, state="cancelled", reason="Ill")
    assert verdict(message, at) == ("superseded", "done")
    VisitPlan.objects.update(state="planned", reason="")
    User.objects.filter(pk=plan.mentor_id).update(is_active=False)
    assert verdict(message, at) == ("superseded", "done")
    User.objects.filter(pk=plan.mentor_id).update(is_active=True)
    for late in ("2026-10-03 20:30", "2026-10-04 06:00"):  # the night is quiet, and in the morning it is today
        assert verdict(message, local(late)) == ("expired", "too_late")


def test_visit_that_nobody_logged_is_told_on_the_fourth_morning_for_two_days(plan: VisitPlan) -> None:
    for moment in ("2026-10-07 23:55", "2026-10-09 20:01"):
        plan_notices(at=local(moment))
        assert notices(Kind.VISIT_MISSING) == []
    plan_notices(at=local("2026-10-08 00:05"))
    message = only(Kind.VISIT_MISSING)
    assert (message.due_at, message.expires_at) == (local("2026-10-08 08:00"), local("2026-10-09 20:00"))
    assert says(message, message.due_at)["day"] == "Sunday, 4 October 2026"
    cancel_visit_plan(plan, reason="The road was closed", by=plan.mentor, at=local("2026-10-08 07:00"))
    assert notices(Kind.VISIT_MISSING) == [(MADE, "superseded", "done")]


def test_visit_that_is_logged_late_settles_it_in_the_same_transaction(plan: VisitPlan, cohort: Cohort) -> None:
    at = local("2026-10-08 07:00")
    plan_notices(at=at)
    visit = factories.VisitFactory.create(
        cohort=cohort, mentor=plan.mentor, state="draft", visited_at=plan.planned_at + DAY
    )
    submit_visit(visit, by=plan.mentor, at=at)
    assert notices(Kind.VISIT_MISSING) == [(MADE, "superseded", "done")]


@pytest.fixture
def submitted(cohort: Cohort, made: User) -> Visit:
    return factories.VisitFactory.create(cohort=cohort, mentor=made, visited_at=local("2026-10-01 09:00"))


def test_returned_log_is_told_at_once_with_where_to_open_it(submitted: Visit, sari: User) -> None:
    return_visit(submitted, comment="Bu Lidia was not there!", by=sari, at=FRIDAY)
    message = only(Kind.VISIT_RETURNED)
    assert (message.due_at, message.subject_revision, message.contact_point.number) == (FRIDAY, "2", MADE)
    said = says(message, FRIDAY)
    assert said["link"] == f"visits/{submitted.pk}/"
    assert (said["village"], said["day"]) == ("Parengan", "Thursday, 1 October 2026")
    assert send(FRIDAY) == 1
    assert "Lidia" not in texts()[0]


def test_returned_log_waits_for_the_morning(submitted: Visit, sari: User) -> None:
    return_visit(submitted, comment="Who came?", by=sari, at=local("2026-10-02 21:00"))
    assert only(Kind.VISIT_RETURNED).due_at == local("2026-10-03 06:00")


def test_resubmitting_withdraws_and_each_return_is_told_once(submitted: Visit, made: User, sari: User) -> None:
    return_visit(submitted, comment="Who came?", by=sari, at=local("2026-10-02 21:00"))
    submit_visit(submitted, by=made, at=local("2026-10-02 21:30"))
    assert notices(Kind.VISIT_RETURNED) == [(MADE, "superseded", "done")]
    return_visit(submitted, comment="And how many?", by=sari, at=SATURDAY)
    plan_notices(at=SATURDAY)
    assert [state for _number, state, _note in notices(Kind.VISIT_RETURNED)] == ["superseded", "planned"]
    message = Message.objects.get(state="planned")
    submit_visit(submitted, by=made, at=SATURDAY)
    approve_visit(submitted, by=sari, at=SATURDAY)
    assert verdict(message, SATURDAY) == ("superseded", "done")


def test_return_of_weeks_ago_is_not_told_now(submitted: Visit, sari: User) -> None:
    return_visit(submitted, comment="Who came?", by=sari, at=FRIDAY)
    Message.objects.all().delete()
    plan_notices(at=FRIDAY + 8 * DAY)
    assert notices(Kind.VISIT_RETURNED) == []
    plan_notices(at=FRIDAY + 6 * DAY)
    assert only(Kind.VISIT_RETURNED).due_at == FRIDAY


def test_repair_asks_the_same_for_one_and_for_seven(plan: VisitPlan, submitted: Visit, sari: User) -> None:
    return_visit(submitted, comment="Who came?", by=sari, at=FRIDAY)
    plan_notices(at=FRIDAY)
    counts = [queries(FRIDAY)]
    for minute in range(6):
        cohort = factories.CohortFactory.create(program=submitted.program)
        village: Village = cohort.village
        factories.VisitPlanFactory.create(village=village, planned_at=plan.planned_at + timedelta(minutes=minute))
        factories.VisitPlanFactory.create(village=village, planned_at=FRIDAY - 4 * DAY)
        other = factories.VisitFactory.create(cohort=cohort, mentor=factories.UserFactory.create(role="mentor"))
        return_visit(other, comment="Who came?", by=sari, at=FRIDAY)
    plan_notices(at=FRIDAY)
    counts.append(queries(FRIDAY))
    assert counts[0] == counts[1] <= 24
    assert Message.objects.filter(state=MessageState.PLANNED, note="").count() == 2 + 6 * 3


def test_last_look_asks_the_same_for_one_and_for_seven(plan: VisitPlan) -> None:
    for hour in range(1, 7):
        factories.VisitPlanFactory.create(village=plan.village, planned_at=plan.planned_at + timedelta(hours=hour))
    plan_notices(at=FRIDAY)
    counts: list[int] = []
    for size in (1, 7):
        ids = list(Message.objects.order_by("pk").values_list("pk", flat=True)[:size])
        counts.append(looked(ids, SATURDAY))
    assert counts[0] == counts[1]
