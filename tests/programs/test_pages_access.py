"""Who may open which page of programs, and what each costs."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from programs.models import Attendance, Cohort, Session
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory, VenueFactory, reachable_person
from tests.programs.plans import START, draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# -- Who may ----------------------------------------------------------------------------------------------------------

OF_SESSION = [
    "session-detail",
    "session-edit",
    "session-schedule",
    "session-reschedule",
    "session-cancel",
    "session-discard",
    "session-attendance",
    "session-walk-in",
    "session-hold",
    "session-close",
    "session-numbers",
    "session-photos",
    "session-door",
]
OF_SEAT = ["seat-detail", "absence-note"]
OF_PROGRAM = ["program-edit", "cohort-new", "session-new"]
OF_COHORT = ["cohort-detail", "cohort-requirements", "cohort-enroll", "cohort-series"]
OF_NOTHING = ["schedule", "session-find", "absence-list", "session-choose", "session-shift"]
OF_NOTHING += ["program-new", "trainer-new", "venue-new"]
EVERY = [*OF_SESSION, *OF_SEAT, *OF_PROGRAM, *OF_COHORT, *OF_NOTHING, "enrollment-withdraw"]
OPEN_TO_ALL = {"schedule", "session-detail", "cohort-detail"}
OPEN_TO_MENTORS = OPEN_TO_ALL | {
    *("session-attendance", "session-walk-in", "session-numbers", "session-photos", "session-door"),
    *("session-find", "absence-list", "seat-detail", "absence-note"),
}


def address(name: str, session: Session) -> str:
    if name in OF_NOTHING:
        return reverse(name)
    cohort = session.cohorts.get()
    if name in OF_SEAT:
        return reverse(name, args=[session.seats.earliest("pk").pk])
    rows = {**dict.fromkeys(OF_SESSION, session), **dict.fromkeys(OF_PROGRAM, session.program)}
    rows |= {**dict.fromkeys(OF_COHORT, cohort), "enrollment-withdraw": cohort.enrollments.get()}
    return reverse(name, args=[rows[name].pk])


@pytest.mark.parametrize("name", EVERY)
def test_page_opens_for_its_coordinator_in_both_languages(desk: Client, session: Session, name: str) -> None:
    for language in ("en", "id"):
        desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = desk.get(address(name, session), follow=True)
        assert answer.status_code == 200
        assert answer["Content-Language"] == language
        assert answer.content.count(b"<h1") == 1


@pytest.mark.parametrize("name", EVERY)
def test_page_asks_a_stranger_to_sign_in(client: Client, session: Session, name: str) -> None:
    for answer in (client.get(address(name, session)), client.post(address(name, session))):
        assert answer.status_code == 302
        assert reverse("account_login") in answer["Location"]


@pytest.mark.parametrize("name", EVERY)
def test_page_is_closed_to_the_wrong_role(client: Client, session: Session, observer: User, name: str) -> None:
    client.force_login(observer)
    allowed = name in OPEN_TO_ALL
    assert client.get(address(name, session)).status_code == (200 if allowed else 403)
    assert client.post(address(name, session)).status_code == (405 if allowed else 403)


@pytest.mark.parametrize("name", EVERY)
def test_page_lets_a_mentor_do_what_a_mentor_does(client: Client, session: Session, made: User, name: str) -> None:
    client.force_login(made)
    assert client.get(address(name, session)).status_code == (200 if name in OPEN_TO_MENTORS else 403)


@pytest.mark.parametrize("name", [name for name in EVERY if name not in OF_NOTHING])
def test_page_does_not_exist_for_another_program(client: Client, session: Session, rina: User, name: str) -> None:
    client.force_login(rina)
    assert client.get(address(name, session)).status_code == 404
    assert client.post(address(name, session)).status_code == (405 if name in OPEN_TO_ALL | {"seat-detail"} else 404)


@pytest.mark.parametrize("name", ["session-detail", "session-attendance", "cohort-detail"])
def test_page_does_not_exist_for_a_mentor_elsewhere(client: Client, session: Session, ina: User, name: str) -> None:
    client.force_login(ina)
    assert client.get(address(name, session)).status_code == 404


# -- Cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("schedule", 11),
        ("session-detail", 26),
        ("session-attendance", 12),
        ("session-schedule", 22),
        ("session-reschedule", 32),
        ("session-cancel", 25),
        ("session-discard", 12),
        ("session-shift", 10),
        ("cohort-series", 14),
        ("session-edit", 24),
        ("session-walk-in", 15),
        ("session-numbers", 12),
        ("session-door", 13),
        ("session-photos", 12),
        ("absence-list", 10),
        ("cohort-detail", 12),
        ("cohort-enroll", 12),
        ("program-edit", 8),
        ("session-new", 14),
    ],
)
def test_page_costs_the_same_for_one_and_seven_rows(
    desk: Client, session: Session, cohort: Cohort, sari: User, name: str, most: int
) -> None:
    if name in ("session-schedule", "session-edit"):
        Session.objects.filter(pk=session.pk).update(state="draft")
    if name in ("session-attendance", "session-walk-in", "session-numbers"):
        Session.objects.filter(pk=session.pk).update(
            starts_at=START - timedelta(days=8), ends_at=START - timedelta(days=7, hours=22)
        )
    PersonFactory.create(village=cohort.village)
    target = address(name, session)
    desk.get(target)
    with CaptureQueriesContext(connection) as few:
        assert desk.get(target).status_code == 200
    for place in range(6):
        person = reachable_person(cohort.village)
        enrollment = EnrollmentFactory.create(cohort=cohort, person=person)
        Attendance.objects.create(session=session, enrollment=enrollment)
        PersonFactory.create(village=cohort.village)
        another = CohortFactory.create(program=cohort.program)
        start = START + timedelta(days=place + 1)
        draft(another, VenueFactory.create(), cohorts=[another, cohort], starts_at=start, by=sari)
    with CaptureQueriesContext(connection) as many:
        assert desk.get(target).status_code == 200
    assert len(many) == len(few) <= most, f"{len(few)} for one, {len(many)} for seven"
