"""Action items that fall due: one message per mentor, village and day, with how many there are."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from briefings.planning import plan_notices
from mentoring.actions import carry_over_action, end_assignment, finish_action
from mentoring.models import ActionItem, Visit
from programs.models import Cohort
from reminders.models import Message
from reminders.states import Kind
from tests import factories
from tests.briefings.worlds import WITA, local, looked, notices, only, queries, rows, says, verdict
from tests.reminders.worlds import send, texts

MADE = "made@example.org"
EVE = local("2026-10-07 07:00")
DUE = date(2026, 10, 8)


@pytest.fixture
def visit(cohort: Cohort, made: User) -> Visit:
    return factories.VisitFactory.create(cohort=cohort, mentor=made)


@pytest.fixture
def items(visit: Visit) -> list[ActionItem]:
    return factories.ActionItemFactory.create_batch(3, visit=visit, due_on=DUE)


def test_one_message_a_day_for_all_that_is_due(items: list[ActionItem]) -> None:
    factories.ActionItemFactory.create(visit=items[0].visit, due_on=DUE + timedelta(days=1))
    factories.ActionItemFactory.create(visit=items[0].visit, due_on=None)
    plan_notices(at=EVE)
    days = Message.objects.filter(kind=Kind.ACTION_DUE).values_list("subject_revision", "due_at", "expires_at")
    assert list(days.order_by("pk")) == [
        ("2026-10-08", local("2026-10-07 09:00"), local("2026-10-08 20:00")),
        ("2026-10-09", local("2026-10-08 09:00"), local("2026-10-09 20:00")),
    ]
    before = rows()
    for minute in range(100):
        plan_notices(at=EVE + timedelta(minutes=minute))
    assert rows() == before


def test_it_says_how_many_are_open_when_it_leaves_and_not_what(items: list[ActionItem], made: User) -> None:
    plan_notices(at=EVE)
    message = only(Kind.ACTION_DUE)
    finish_action(items[0], by=made, at=EVE)
    assert says(message, EVE) == {
        "hello": "Made",
        "count": "2",
        "village": "Parengan",
        "due": "Thursday, 8 October 2026",
        "link": "m/",
    }
    send(local("2026-10-07 09:00"))
    assert notices(Kind.ACTION_DUE) == [(MADE, "sent", "")]
    assert not [text for text in texts() if "Dye" in text]


def test_it_is_withdrawn_with_the_last_of_them(items: list[ActionItem], made: User) -> None:
    plan_notices(at=EVE)
    message = only(Kind.ACTION_DUE)
    for item in items[:2]:
        finish_action(item, by=made, at=EVE)
    assert notices(Kind.ACTION_DUE) == [(MADE, "planned", "")]
    carry_over_action(items[2], due_on=date(2026, 11, 1), by=made, at=EVE)
    assert notices(Kind.ACTION_DUE) == [(MADE, "superseded", "done")]
    assert verdict(message, EVE) == ("superseded", "done")


def test_every_mentor_of_the_village_is_told_and_nobody_else(items: list[ActionItem], made: User, ina: User) -> None:
    second = factories.AssignmentFactory.create(village=items[0].village).mentor
    plan_notices(at=EVE)
    assert {number for number, _state, _note in notices(Kind.ACTION_DUE)} == {MADE, second.email}
    end_assignment(made.assignments.get(), ends_on=date(2026, 10, 6), by=made, at=EVE)
    assert ("made@example.org", "superseded", "done") in notices(Kind.ACTION_DUE)
    message = Message.objects.get(user=made)
    assert verdict(message, EVE) == ("superseded", "done")


def test_drafts_and_the_day_itself_plan_nothing_new(items: list[ActionItem], visit: Visit) -> None:
    plan_notices(at=local("2026-10-08 07:00"))
    assert notices(Kind.ACTION_DUE) == []
    Visit.objects.update(state="draft", submitted_at=None)
    plan_notices(at=EVE)
    assert notices(Kind.ACTION_DUE) == []


def test_what_was_held_up_overnight_is_still_of_use(items: list[ActionItem]) -> None:
    plan_notices(at=EVE)
    later = local("2026-10-08 07:00")
    plan_notices(at=later)
    assert verdict(only(Kind.ACTION_DUE), later) == ("claimed", "")
    assert verdict(only(Kind.ACTION_DUE), local("2026-10-08 20:00")) == ("expired", "too_late")


def test_nine_is_nine_at_the_village(ina: User, elsewhere: object) -> None:
    cohort = factories.CohortFactory.create(village=elsewhere)
    visit = factories.VisitFactory.create(cohort=cohort, mentor=ina)
    factories.ActionItemFactory.create(visit=visit, due_on=DUE)
    plan_notices(at=EVE)
    message = only(Kind.ACTION_DUE)
    assert message.due_at == local("2026-10-07 09:00", WITA)
    assert message.expires_at == local("2026-10-08 20:00", WITA)


def test_repair_and_last_look_ask_the_same_for_one_and_for_seven(items: list[ActionItem], made: User) -> None:
    plan_notices(at=EVE)
    counts, looks = [queries(EVE)], [looked([only(Kind.ACTION_DUE).pk], EVE)]
    for _ in range(6):
        cohort = factories.CohortFactory.create()
        factories.AssignmentFactory.create(village=cohort.village, mentor=made)
        factories.ActionItemFactory.create(visit=factories.VisitFactory.create(cohort=cohort), due_on=DUE)
    plan_notices(at=EVE)
    counts.append(queries(EVE))
    ids = list(Message.objects.filter(kind=Kind.ACTION_DUE).values_list("pk", flat=True))
    looks.append(looked(ids, EVE))
    assert len(ids) == 7
    assert (counts[0], looks[0]) == (counts[1], looks[1])


MORNING = local("2026-10-09 07:30")


def test_overdue_is_told_the_morning_after_once(items: list[ActionItem]) -> None:
    plan_notices(at=MORNING)
    message = only(Kind.ACTION_OVERDUE)
    assert (message.due_at, message.expires_at) == (local("2026-10-09 08:00"), local("2026-10-11 20:00"))
    before = rows()
    for minute in range(100):
        plan_notices(at=MORNING + timedelta(minutes=minute))
    assert rows() == before
    assert says(message, MORNING) == {
        "hello": "Made",
        "count": "3",
        "village": "Parengan",
        "due": "Thursday, 8 October 2026",
        "link": "action-items/",
    }
    send(local("2026-10-09 08:00"))
    assert notices(Kind.ACTION_OVERDUE) == [(MADE, "sent", "")]
    plan_notices(at=local("2026-10-10 08:00"))
    send(local("2026-10-10 08:00"))
    assert notices(Kind.ACTION_OVERDUE) == [(MADE, "sent", "")]


def test_overdue_is_withdrawn_when_settled_and_not_told_of_old_ones(items: list[ActionItem], made: User) -> None:
    plan_notices(at=MORNING)
    message = only(Kind.ACTION_OVERDUE)
    for item in items:
        finish_action(item, by=made, at=MORNING)
    assert notices(Kind.ACTION_OVERDUE) == [(MADE, "superseded", "done")]
    assert verdict(message, MORNING) == ("superseded", "done")
    Message.objects.all().delete()
    ActionItem.objects.update(state="open", settled_at=None, settled_by=None, due_on=date(2026, 9, 1))
    plan_notices(at=MORNING)
    assert notices(Kind.ACTION_OVERDUE) == []


def test_overdue_is_told_to_who_holds_the_village_and_not_of_drafts(
    items: list[ActionItem], visit: Visit, made: User
) -> None:
    factories.AssignmentFactory.create(village=visit.village, mentor__email="agus@example.org")
    end_assignment(made.assignments.get(), ends_on=date(2026, 10, 8), by=made, at=MORNING)
    plan_notices(at=MORNING)
    assert notices(Kind.ACTION_OVERDUE) == [("agus@example.org", "planned", "")]
    Message.objects.all().delete()
    Visit.objects.update(state="draft", submitted_at=None)
    plan_notices(at=MORNING)
    assert notices(Kind.ACTION_OVERDUE) == []


def test_overdue_morning_is_the_villages_own(ina: User, elsewhere: object) -> None:
    cohort = factories.CohortFactory.create(village=elsewhere)
    factories.ActionItemFactory.create(visit=factories.VisitFactory.create(cohort=cohort, mentor=ina), due_on=DUE)
    plan_notices(at=local("2026-10-08 21:00"))
    assert only(Kind.ACTION_OVERDUE).due_at == local("2026-10-09 08:00", WITA)
