"""What staff switch off is not sent: on the page, in the plan, and at the last look."""

from datetime import datetime

import pytest
from django.db import IntegrityError
from django.test import Client

from accounts.models import User
from briefings.planning import plan_notices
from common.models import Event
from mentoring.models import VisitPlan
from programs.models import Cohort
from reminders.actions import choose_notices
from reminders.models import Message, Preference
from reminders.states import NOTICES_OF, Kind
from tests import factories
from tests.briefings.worlds import local, notices, only, verdict

PAGE = "/account/messages/"
FRIDAY, EVENING = local("2026-10-02 12:00"), local("2026-10-03 17:00")
MADE = "made@example.org"


def test_switching_off_withdraws_at_once_and_on_again_brings_back(plan: VisitPlan, made: User) -> None:
    plan_notices(at=FRIDAY)
    choose_notices(made, wanted=["visit_missing"], by=made, at=FRIDAY)
    assert notices(Kind.VISIT_TOMORROW) == [(MADE, "superseded", "unwanted")]
    plan_notices(at=FRIDAY)
    assert notices(Kind.VISIT_TOMORROW) == [(MADE, "superseded", "unwanted")]
    choose_notices(made, wanted=["visit_missing", "visit_tomorrow", "action_due", "action_overdue"], by=made, at=FRIDAY)
    assert notices(Kind.VISIT_TOMORROW) == [(MADE, "planned", "")]
    assert [event.facts for event in Event.objects.filter(verb="notices_chosen").order_by("pk")] == [
        {"was": [], "off": ["action_due", "action_overdue", "visit_tomorrow"]},
        {"was": ["action_due", "action_overdue", "visit_tomorrow"], "off": []},
    ]


def test_last_look_sees_the_choice(plan: VisitPlan, made: User) -> None:
    plan_notices(at=FRIDAY)
    Preference.objects.create(user=made, kind="visit_tomorrow")
    assert verdict(only(Kind.VISIT_TOMORROW), EVENING) == ("superseded", "unwanted")


def test_choosing_the_same_again_records_nothing(made: User, at: datetime) -> None:
    for _ in range(2):
        choose_notices(made, wanted=["visit_tomorrow"], by=made, at=at)
    assert Event.objects.filter(verb="notices_chosen").count() == 1


def test_one_digest_less_is_nobody_elses_business(cohort: Cohort, sari: User) -> None:
    second = factories.UserFactory.create()
    cohort.program.coordinators.add(second)
    choose_notices(sari, wanted=["sheet_missing"], by=sari, at=FRIDAY)
    plan_notices(at=local("2026-10-02 00:05"))
    assert [number for number, _state, _note in notices(Kind.DIGEST)] == [second.email]


def test_returned_log_cannot_be_switched_off(made: User) -> None:
    assert Kind.VISIT_RETURNED not in {kind for kinds in NOTICES_OF.values() for kind in kinds}
    with pytest.raises(IntegrityError, match="preference_may_be_switched_off"):
        Preference.objects.create(user=made, kind=Kind.VISIT_RETURNED)


def test_page_shows_and_keeps_the_choice(reader: Client, made: User) -> None:
    reader.force_login(made)
    shown = reader.get(PAGE).content.decode()
    assert shown.count("checked") == 4
    assert "the answer to your own work" in shown
    answers = [reader.post(PAGE, {"wanted": ["visit_tomorrow"]}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert sorted(made.switched_off.values_list("kind", flat=True)) == ["action_due", "action_overdue", "visit_missing"]
    assert reader.get(PAGE).content.decode().count("checked") == 1
    assert PAGE in reader.get("/account/").content.decode()


def test_page_offers_what_a_role_gets_and_says_so_when_it_is_nothing(
    reader: Client, sari: User, observer: User
) -> None:
    reader.force_login(sari)
    assert "At 06.30" in reader.get(PAGE).content.decode()
    assert reader.post(PAGE, {"wanted": ["visit_tomorrow"]}).status_code == 400
    assert not Preference.objects.exists()
    reader.force_login(observer)
    assert "Nothing is sent to your role" in reader.get(PAGE).content.decode()


def test_page_asks_to_sign_in(reader: Client, db: None) -> None:
    assert "/accounts/login/" in reader.get(PAGE)["Location"]


def test_outbox_names_who_a_notice_is_for(reader: Client, plan: VisitPlan, made: User) -> None:
    plan_notices(at=FRIDAY)
    reader.force_login(made)
    assert f'<a href="/messages/{only(Kind.VISIT_TOMORROW).pk}/">Made</a>' in reader.get("/messages/").content.decode()
    shown = reader.get(f"/messages/{only(Kind.VISIT_TOMORROW).pk}/").content.decode()
    assert "Parengan" in shown
    assert Message.objects.visible_to(made).count() == 1
