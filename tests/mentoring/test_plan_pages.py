"""Pages of planned visits."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from mentoring.models import VisitPlan
from programs.models import Cohort
from tests import factories
from tests.factories import NOW
from tests.mentoring.test_views import page
from villages.models import Village

pytestmark = pytest.mark.usefixtures("clock")
PLANS = "/visits/plans/"


@pytest.fixture
def plan(cohort: Cohort, made: User) -> VisitPlan:
    return factories.VisitPlanFactory.create(mentor=made, village=cohort.village)


def sheet(plan: VisitPlan, **changes: Any) -> dict[str, Any]:
    letter = plan.mentor.assignments.get(village=plan.village)
    return {
        "letter": letter.pk,
        "day": "2026-10-06",
        "clock": "09:00",
        "purpose": "",
        "version": plan.version,
        **changes,
    }


def test_mentor_plans_a_visit_once(reader: Client, cohort: Cohort, made: User) -> None:
    shown = page(reader, made, f"{PLANS}new/")
    letter = made.assignments.get()
    assert f'<option value="{letter.pk}" selected>Parengan, Kec. Maduran, Kab. Lamongan</option>' in shown
    given = {"letter": letter.pk, "day": "6/10/2026", "clock": "9.00", "purpose": "Two kodi"}
    first, again = (reader.post(f"{PLANS}new/", given) for _ in range(2))
    plan = VisitPlan.objects.get()
    assert first["Location"] == f"{PLANS}{plan.pk}/"
    assert again.status_code == 409
    assert "This visit is already planned." in again.content.decode()
    assert (plan.mentor, plan.planned_at.isoformat()) == (made, "2026-10-06T02:00:00+00:00")
    shown = page(reader, made, first["Location"])
    for words in ("Tuesday, 6 October 2026, 09.00 WIB", "Two kodi", "Log a visit", "Move", "Call off"):
        assert words in shown


def test_coordinator_plans_for_a_mentor_of_their_villages(
    reader: Client, cohort: Cohort, made: User, ina: User, sari: User
) -> None:
    shown = page(reader, sari, f"{PLANS}new/?village={cohort.village_id}")
    assert "Parengan · Made</option>" in shown
    assert "Ina" not in shown
    stranger = ina.assignments.get()
    answer = reader.post(f"{PLANS}new/", {"letter": stranger.pk, "day": "2026-10-06", "clock": "09:00"})
    assert answer.status_code == 400
    assert not VisitPlan.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"day": "10/13/2026"}, "Write the date as day, month, year"),
        ({"day": "2026-09-01"}, "A plan lies ahead."),
        ({"day": "2028-09-01"}, "Plan at most one year ahead."),
        ({"clock": "25:00"}, "Write the time as hour and minute"),
        ({"letter": ""}, "This field is required."),
        ({"purpose": "bell \x07"}, "purpose"),
        ({"purpose": "x" * 201}, "200"),
    ],
)
def test_wrong_plan_is_said_in_words_and_nothing_is_lost(
    reader: Client, plan: VisitPlan, wrong: dict[str, str], sentence: str
) -> None:
    reader.force_login(plan.mentor)
    answer = reader.post(f"{PLANS}new/", sheet(plan, **wrong))
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert VisitPlan.objects.count() == 1


def test_plan_is_moved_and_shown_with_its_history(reader: Client, plan: VisitPlan, sari: User) -> None:
    shown = page(reader, sari, f"{PLANS}{plan.pk}/move/")
    assert 'value="2026-10-04"' in shown
    answers = [reader.post(f"{PLANS}{plan.pk}/move/", sheet(plan)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    shown = page(reader, sari, f"{PLANS}{plan.pk}/")
    assert "from Sun, 4 Oct 2026 10.00 WIB to Tue, 6 Oct 2026 09.00 WIB" in shown
    assert shown.count("Moved") == 1
    stale = reader.post(f"{PLANS}{plan.pk}/move/", sheet(plan, day="2026-10-07", version=1))
    assert stale.status_code == 409
    assert "Someone else changed this" in stale.content.decode()


def test_plan_is_called_off_once_with_a_reason(reader: Client, plan: VisitPlan) -> None:
    address = f"{PLANS}{plan.pk}/cancel/"
    page(reader, plan.mentor, address)
    assert reader.post(address, {"reason": ""}).status_code == 400
    answers = [reader.post(address, {"reason": "The road is under water", "version": 1}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    shown = page(reader, plan.mentor, f"{PLANS}{plan.pk}/")
    assert "The road is under water" in shown
    assert "Call off" not in shown
    assert reader.post(f"{PLANS}{plan.pk}/move/", sheet(plan)).status_code == 409


def test_others_do_not_see_it_and_some_may_not_at_all(
    reader: Client, plan: VisitPlan, ina: User, rina: User, joko: User, observer: User
) -> None:
    tails = ("", "move/", "cancel/")
    for user, status in ((ina, 404), (rina, 404), (joko, 403), (observer, 403)):
        for tail in tails:
            page(reader, user, f"{PLANS}{plan.pk}/{tail}", status)
    for user in (ina, rina):
        assert "Parengan" not in page(reader, user, PLANS)
    for user in (joko, observer):
        page(reader, user, PLANS, 403)
        page(reader, user, f"{PLANS}new/", 403)
    page(reader, ina, f"{PLANS}{uuid4()}/", 404)


@pytest.mark.parametrize("address", [PLANS, f"{PLANS}new/", f"{PLANS}018f3a52-0000-7000-8000-000000000001/"])
def test_pages_ask_to_sign_in(reader: Client, db: None, address: str) -> None:
    assert "/accounts/login/" in reader.get(address)["Location"]


def test_plan_that_nobody_logged_is_marked_everywhere(
    reader: Client, plan: VisitPlan, cohort: Cohort, made: User, sari: User
) -> None:
    plan.planned_at = NOW - timedelta(days=4)
    plan.save()
    for user, address in ((made, f"{PLANS}{plan.pk}/"), (sari, f"{PLANS}?late=true"), (sari, PLANS)):
        assert "Not logged" in page(reader, user, address), address
    assert "Not logged" in page(reader, sari, f"/villages/{cohort.village_id}/")
    assert "No planned visit matches" in page(reader, sari, f"{PLANS}?late=false")
    said = "Visit of Made to Parengan, planned for Sun, 27 Sep 2026, is not logged"
    assert said in page(reader, sari, "/")


def test_visit_of_a_planned_village_needs_no_program_in_its_address(
    reader: Client, cohort: Cohort, made: User, parengan: Village
) -> None:
    other = factories.CohortFactory.create(program=cohort.program)
    factories.AssignmentFactory.create(mentor=made, village=other.village)
    assert "What happened" in page(reader, made, f"/visits/new/?village={parengan.pk}")


def test_lists_ask_the_same_for_one_plan_and_for_many(reader: Client, plan: VisitPlan, made: User, sari: User) -> None:
    pages = [(sari, PLANS), (made, PLANS), (sari, f"/villages/{plan.village_id}/"), (sari, "/")]

    def asked() -> list[int]:
        counts = []
        for user, address in pages:
            reader.force_login(user)
            with CaptureQueriesContext(connection) as found:
                assert reader.get(address).status_code == 200
            counts.append(len(found))
        return counts

    asked()
    plan.planned_at = NOW - timedelta(days=5)
    plan.save()
    before = asked()
    for days in range(1, 7):
        for when in (NOW + timedelta(days=days), NOW - timedelta(days=days + 5)):
            factories.VisitPlanFactory.create(mentor=made, village=plan.village, planned_at=when)
    assert asked() == before


def test_pages_speak_indonesian(client: Client, plan: VisitPlan) -> None:
    assert "Kunjungan ke Parengan" in page(client, plan.mentor, f"{PLANS}{plan.pk}/")
