"""On which number staff and trainers are told; the row of a number is made when it is needed."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from briefings.planning import plan_notices
from programs.models import Trainer
from reminders.models import Message
from reminders.recipients import point_for, points_of_trainers, points_of_users
from reminders.states import Kind
from tests import factories
from tests.briefings.worlds import local, notices, only
from tests.reminders.worlds import send
from villages.actions import mark_number, opt_in, opt_out
from villages.models import ContactPoint

PHONE, OTHER = "+6281234500001", "+6281234500002"


def number_of(who: User | Trainer) -> str:
    point = point_for(who)
    assert point is not None
    return point.number


def test_phone_comes_before_e_mail_and_one_address_is_one_row(db: None) -> None:
    both = factories.UserFactory.create(phone=PHONE, email="Both@Example.org")
    mail = factories.UserFactory.create(email="Mail@Example.org")
    assert (number_of(both), number_of(mail)) == (PHONE, "mail@example.org")
    assert [number_of(both), number_of(mail)] == [PHONE, "mail@example.org"]
    assert ContactPoint.objects.count() == 2


def test_number_that_a_villager_has_is_not_made_again(db: None) -> None:
    known = factories.ContactPointFactory.create(number=PHONE)
    assert point_for(factories.UserFactory.create(phone=PHONE)) == known


def test_phone_that_does_not_work_leaves_the_e_mail_but_silence_is_silence(db: None, at: datetime) -> None:
    user = factories.UserFactory.create(phone=PHONE, email="both@example.org")
    phone = point_for(user)
    assert phone is not None
    mark_number(phone, to="unreachable", by=None, at=at)
    assert number_of(user) == "both@example.org"
    mark_number(phone, to="valid", by=None, at=at)
    opt_out(phone, by=None, at=at)
    assert number_of(user) == PHONE


def test_trainer_has_a_number_of_their_own_else_their_accounts(db: None) -> None:
    account = factories.UserFactory.create(phone=OTHER)
    own = factories.TrainerFactory.create(phone=PHONE, user=account)
    assert number_of(own) == PHONE
    Trainer.objects.filter(pk=own.pk).update(phone="")
    assert number_of(own) == OTHER
    assert point_for(factories.TrainerFactory.create()) is None


def test_what_is_no_address_is_passed_by(db: None) -> None:
    odd = factories.TrainerFactory.create(phone="ask Bu Tini")
    assert point_for(odd) is None


@pytest.mark.parametrize("read", [points_of_users, points_of_trainers])
def test_reading_asks_the_same_for_one_and_for_seven(db: None, read: object) -> None:
    make = factories.UserFactory if read is points_of_users else factories.TrainerFactory
    keys = [make.create(phone=f"+628123450001{n}").pk for n in range(7)]
    assert callable(read)
    counts = []
    for some in (keys[:1], keys):
        read(some)
        with CaptureQueriesContext(connection) as asked:
            assert len(read(some)) == len(some)
        counts.append(len(asked))
    assert counts == [2, 2]


FRIDAY, EVENING = local("2026-10-02 12:00"), local("2026-10-03 17:00")


@pytest.fixture
def mentor(made: User) -> User:
    """Made with a phone, who visits on Sunday."""
    made.phone = PHONE
    made.save()
    village = made.assignments.get().village
    factories.VisitPlanFactory.create(mentor=made, village=village, planned_at=local("2026-10-04 10:00"))
    return made


def test_new_phone_moves_what_is_planned(mentor: User) -> None:
    plan_notices(at=FRIDAY)
    mentor.phone = OTHER
    mentor.save()
    plan_notices(at=FRIDAY)
    assert notices(Kind.VISIT_TOMORROW) == [(PHONE, "superseded", "other_number"), (OTHER, "planned", "")]
    assert [send(EVENING), send(EVENING)] == [1, 0]


def test_new_phone_between_repair_and_sending_is_seen_by_the_last_look(mentor: User) -> None:
    plan_notices(at=FRIDAY)
    mentor.phone = OTHER
    mentor.save()
    assert send(EVENING) == 0
    assert notices(Kind.VISIT_TOMORROW) == [(PHONE, "superseded", "other_number")]
    plan_notices(at=EVENING)
    assert send(EVENING) == 1


def test_what_was_told_is_not_told_again_on_a_new_phone(mentor: User) -> None:
    plan_notices(at=FRIDAY)
    send(EVENING)
    mentor.phone = OTHER
    mentor.save()
    plan_notices(at=EVENING)
    assert notices(Kind.VISIT_TOMORROW) == [(PHONE, "sent", "")]


def test_silence_holds_back_in_the_same_transaction_and_ends_with_it(mentor: User) -> None:
    plan_notices(at=FRIDAY)
    Message.objects.update(state="claimed", lease_until=EVENING)
    point = only(Kind.VISIT_TOMORROW).contact_point
    opt_out(point, by=None, at=FRIDAY)
    assert notices(Kind.VISIT_TOMORROW) == [(PHONE, "blocked", "unreachable")]
    plan_notices(at=FRIDAY)
    assert send(EVENING) == 0
    opt_in(point, by=None, at=FRIDAY)
    assert notices(Kind.VISIT_TOMORROW) == [(PHONE, "planned", "")]


def test_phone_that_turns_out_dead_is_followed_by_the_e_mail_at_once(mentor: User) -> None:
    plan_notices(at=FRIDAY)
    mark_number(only(Kind.VISIT_TOMORROW).contact_point, to="unreachable", by=None, at=FRIDAY)
    assert notices(Kind.VISIT_TOMORROW) == [(PHONE, "superseded", "other_number"), ("made@example.org", "planned", "")]
