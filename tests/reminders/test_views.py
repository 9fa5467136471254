"""Pages of messages: the list, one message, trying again, telling by hand; and who is told on a session's page."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.models import Cohort, Session
from reminders.models import ManualContact, Message
from reminders.states import Kind, MessageState, Reason
from tests import factories
from tests.reminders.worlds import happened, household, meeting, plan, reschedule, send
from villages.links import token_of
from villages.models import Village

WEEK = timedelta(days=7)


@pytest.fixture
def session(cohort: Cohort, clock: object, at: datetime) -> Session:
    """Next week's session, whose invitation has left."""
    household(cohort, "Lidia Wati", "Siti Aminah")
    session = meeting(cohort, at + WEEK, topic="Pewarnaan alam")
    plan(session, at=at)
    send(at)
    return session


@pytest.fixture
def desk(reader: Client, sari: User) -> Client:
    """Sari at her desk."""
    reader.force_login(sari)
    return reader


def test_list_shows_who_was_told_and_hides_the_number(desk: Client, session: Session) -> None:
    page = desk.get("/messages/").content.decode()
    assert "Lidia Wati, Siti Aminah" in page
    assert "Pewarnaan alam" in page
    number = Message.objects.first().contact_point.number  # type: ignore[union-attr]
    assert number not in page
    assert f"••••-{number[-3:]}" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=sent", 1),
        ("state=planned", 3),
        ("kind=h1", 1),
        ("session={session}", 4),
        ("program={program}", 4),
        ("village={village}", 4),
        ("from=2/10/2026", 3),
        ("to=1/10/2026", 1),
    ],
)
def test_list_is_narrowed(desk: Client, session: Session, query: str, shown: int) -> None:
    village = session.cohorts.get().village_id
    address = query.format(session=session.pk, program=session.program_id, village=village)
    assert desk.get(f"/messages/?{address}").content.decode().count('<th scope="row">') == shown


@pytest.mark.parametrize("query", ["state=x", "session=x", "session=99999999999999999999", "program=x", "from=x"])
def test_list_says_what_is_wrong_with_a_filter(desk: Client, session: Session, query: str) -> None:
    assert desk.get(f"/messages/?{query}").status_code == 400


def test_list_takes_the_same_number_of_queries_for_one_and_seven_rows(
    desk: Client, cohort: Cohort, at: datetime
) -> None:
    counts: list[int] = []
    for more in (1, 6):
        for n in range(more):
            household(cohort, f"Lidia {n}", f"Siti {n}")
        plan(meeting(cohort, at + WEEK * (1 + len(counts))), at=at)
        with CaptureQueriesContext(connection) as queries:
            desk.get("/messages/?kind=invitation")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_detail_shows_the_words_and_the_way_to_the_household(desk: Client, session: Session) -> None:
    message = Message.objects.get(kind=Kind.INVITATION)
    page = desk.get(f"/messages/{message.pk}/").content.decode()
    assert "Pewarnaan alam" in page
    assert f"/s/{token_of(message.contact_point)}" in page
    assert "Sent" in page


def test_detail_shows_what_will_be_said(desk: Client, session: Session) -> None:
    message = Message.objects.get(kind=Kind.H1)
    page = desk.get(f"/messages/{message.pk}/").content.decode()
    assert "Kamis, 8 Oktober 2026" in page
    assert token_of(message.contact_point) not in page.split("</blockquote>")[0].split("<blockquote")[1]


def test_detail_says_when_the_session_has_moved_since(desk: Client, session: Session, at: datetime) -> None:
    reschedule(session, session.starts_at + timedelta(days=1), at=at)
    message = Message.objects.get(kind=Kind.INVITATION)
    assert "earlier time of the session" in desk.get(f"/messages/{message.pk}/").content.decode()


def test_failed_message_is_tried_again(desk: Client, session: Session) -> None:
    message = Message.objects.get(kind=Kind.INVITATION)
    Message.objects.filter(pk=message.pk).update(state=MessageState.FAILED)
    assert "Try again" in desk.get(f"/messages/{message.pk}/").content.decode()
    assert desk.post(f"/messages/{message.pk}/retry/").status_code == 302
    message.refresh_from_db()
    assert (message.state, message.note) == (MessageState.PLANNED, Reason.BY_HAND)
    assert happened(message) == ["retried"]


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.UNKNOWN, MessageState.PLANNED])
def test_what_may_have_arrived_is_not_tried_again(desk: Client, session: Session, state: str) -> None:
    message = Message.objects.get(kind=Kind.INVITATION)
    Message.objects.filter(pk=message.pk).update(state=state)
    assert desk.post(f"/messages/{message.pk}/retry/").status_code == 409


@pytest.mark.parametrize(
    "address", ["/messages/{message}/", "/messages/{message}/retry/", "/sessions/{session}/told/{person}/"]
)
def test_another_coordinator_sees_nothing(reader: Client, rina: User, session: Session, address: str) -> None:
    reader.force_login(rina)
    message = Message.objects.get(kind=Kind.INVITATION)
    person = message.people.all()[0]
    path = address.format(message=message.pk, session=session.pk, person=person.pk)
    assert (reader.get if path.endswith(f"messages/{message.pk}/") else reader.post)(path).status_code == 404
    assert "Lidia" not in reader.get("/messages/").content.decode()


@pytest.mark.parametrize("role", ["joko", "observer"])
def test_who_reads_figures_reads_no_messages(reader: Client, request: pytest.FixtureRequest, role: str) -> None:
    reader.force_login(request.getfixturevalue(role))
    assert reader.get("/messages/").status_code == 403


def test_mentor_reads_but_does_not_retry(reader: Client, made: User, session: Session) -> None:
    reader.force_login(made)
    message = Message.objects.get(kind=Kind.INVITATION)
    assert reader.get(f"/messages/{message.pk}/").status_code == 200
    assert reader.post(f"/messages/{message.pk}/retry/").status_code == 403


def test_stranger_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/messages/").status_code == 302


def test_telling_by_hand_is_noted_once(desk: Client, sari: User, session: Session) -> None:
    person = session.cohorts.get().people.order_by("pk")[0]
    for _ in range(2):
        desk.post(f"/sessions/{session.pk}/told/{person.pk}/")
    told = ManualContact.objects.get()
    assert (told.person, told.by, told.revision.number) == (person, sari, 1)
    assert happened(session) == ["told_by_hand"]


def test_who_does_not_take_part_cannot_be_told(desk: Client, session: Session) -> None:
    other = factories.PersonFactory.create(village=session.cohorts.get().village)
    assert desk.post(f"/sessions/{session.pk}/told/{other.pk}/").status_code == 409


def told_of(session: Session, user: User) -> str:
    request = RequestFactory().get("/")
    request.user = user
    return Template("{% load told %}{% session_messages session %}").render(
        Context({"session": session, "request": request})
    )


def test_session_shows_who_is_not_reached_first(session: Session, sari: User, at: datetime) -> None:
    cohort = session.cohorts.get()
    silent = factories.PersonFactory.create(village=cohort.village, name="Zubaidah")
    factories.AttendanceFactory.create(
        session=session, enrollment=factories.EnrollmentFactory.create(cohort=cohort, person=silent)
    )
    page = told_of(session, sari)
    assert page.index("Zubaidah") < page.index("Lidia Wati")
    factories.ManualContactFactory.create(session=session, person=silent, by=sari, at=at)
    assert page != told_of(session, sari)


def test_nobody_is_asked_to_tell_of_a_session_that_is_over(session: Session, sari: User, at: datetime) -> None:
    cohort = session.cohorts.get()
    silent = factories.EnrollmentFactory.create(cohort=cohort)
    factories.AttendanceFactory.create(session=session, enrollment=silent)
    address = f"/sessions/{session.pk}/told/{silent.person_id}/"
    assert address in told_of(session, sari)
    session.starts_at, session.ends_at = at - WEEK, at - timedelta(days=6)
    assert address not in told_of(session, sari)


def test_session_shows_no_messages_to_who_may_not_read_them(session: Session, observer: User) -> None:
    assert told_of(session, observer).strip() == ""


def test_session_reads_the_same_number_of_queries_for_one_and_seven_people(
    cohort: Cohort, sari: User, at: datetime
) -> None:
    counts: list[int] = []
    for more in (1, 6):
        for n in range(more):
            household(cohort, f"Lidia {n}")
        session = meeting(cohort, at + WEEK * (1 + len(counts)))
        plan(session, at=at)
        with CaptureQueriesContext(connection) as queries:
            told_of(session, sari)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_preview_shows_the_words_and_the_count(session: Session) -> None:
    tag = "{% load told %}{% message_preview session 'change' starts_at=later ends_at=end %}"
    later = session.starts_at + timedelta(days=1)
    page = Template(tag).render(Context({"session": session, "later": later, "end": later + timedelta(hours=2)}))
    assert "Kamis, 8 Oktober 2026, 10.00–12.00 WIB" in page
    assert "Jumat, 9 Oktober 2026, 10.00–12.00 WIB" in page
    assert session.starts_at != later


def test_preview_of_a_change_waits_for_the_new_time(session: Session) -> None:
    page = Template("{% load told %}{% message_preview session 'change' %}").render(Context({"session": session}))
    assert page.count("Kamis, 8 Oktober 2026") == 1


def test_detail_of_a_moved_session_still_shows_the_words_that_left(
    desk: Client, session: Session, at: datetime
) -> None:
    reschedule(session, session.starts_at + timedelta(days=1), at=at)
    message = Message.objects.get(kind=Kind.INVITATION)
    assert "Kamis, 8 Oktober 2026" in desk.get(f"/messages/{message.pk}/").content.decode()


def test_messages_of_a_joint_session_show_a_mentor_their_own_villages(
    cohort: Cohort, elsewhere: Village, ina: User, made: User, sari: User, at: datetime
) -> None:
    other = factories.CohortFactory.create(program=cohort.program, village=elsewhere)
    household(cohort, "Lidia Wati")
    household(other, "Siti Aminah")
    session = factories.SessionFactory.create(
        program=cohort.program, cohorts=[cohort, other], starts_at=at + WEEK, ends_at=at + WEEK + timedelta(hours=2)
    )
    for enrollment in (*cohort.enrollments.all(), *other.enrollments.all()):
        factories.AttendanceFactory.create(session=session, enrollment=enrollment)
    plan(session, at=at)
    seen = {
        user.name: {person.name for message in Message.objects.visible_to(user) for person in message.people.all()}
        for user in (ina, made, sari)
    }
    assert seen == {"Ina": {"Siti Aminah"}, "Made": {"Lidia Wati"}, "Sari": {"Lidia Wati", "Siti Aminah"}}
