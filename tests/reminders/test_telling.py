"""The session's page: who knows and how, what was read and answered, which way comes next; true for everybody."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.models import Attendance, Cohort, Session
from programs.states import SessionMode, SessionState
from reminders.actions import tell_by_hand
from reminders.models import Message, Refusal
from reminders.reading import Telling, next_way, telling_of, ways_of
from reminders.states import Channel, Kind, MessageState
from tests import factories
from tests.programs.plans import draft
from tests.reminders.worlds import cancel, enroll, household, meeting, plan, send
from villages.models import Person

WEEK = timedelta(days=7)


@pytest.fixture
def session(cohort: Cohort, clock: object, at: datetime) -> Session:
    """Next week's session, told to a household of two; a third person has no number."""
    household(cohort, "Lidia Wati", "Siti Aminah")
    enroll(cohort, factories.PersonFactory.create(village=cohort.village, name="Zubaidah"))
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    send(at)
    return session


def shown(session: Session, user: User) -> str:
    request = RequestFactory().get("/")
    request.user = user
    return Template("{% load told %}{% session_messages session %}").render(
        Context({"session": session, "request": request})
    )


def line(telling: Telling, name: str) -> Any:
    return next(each for each in telling.lines if each.person.name.startswith(name))


def test_counts_stand_on_top(session: Session, sari: User, at: datetime) -> None:
    invitation = Message.objects.get(kind=Kind.INVITATION)
    factories.DeliveryEventFactory.create(message=invitation, state=MessageState.READ, at=at + timedelta(minutes=9))
    lidia = Attendance.objects.filter(enrollment__person__name="Lidia Wati")
    lidia.update(rsvp="yes", rsvp_at=at + timedelta(minutes=12))
    telling = telling_of(session, reader=sari)
    assert (telling.people, telling.told, telling.read, telling.answered, telling.unreached) == (3, 2, 2, 1, 1)
    assert line(telling, "Lidia").read_at == at + timedelta(minutes=9)
    assert line(telling, "Lidia").coming
    page = shown(session, sari)
    assert page.index("Zubaidah") < page.index("Lidia Wati")
    assert "tell them yourself" in page or "kabari langsung" in page


def test_earliest_word_of_arrival_counts(session: Session, sari: User, at: datetime) -> None:
    invitation = Message.objects.get(kind=Kind.INVITATION)
    for state, minutes in ((MessageState.READ, 9), (MessageState.DELIVERED, 2)):
        factories.DeliveryEventFactory.create(message=invitation, state=state, at=at + timedelta(minutes=minutes))
    assert line(telling_of(session, reader=sari), "Lidia").arrived_at == at + timedelta(minutes=2)


def test_who_answered_is_told_whatever_became_of_the_text(session: Session, sari: User, at: datetime) -> None:
    Message.objects.filter(kind=Kind.INVITATION).update(state=MessageState.FAILED)
    Attendance.objects.filter(enrollment__person__name="Zubaidah").update(rsvp="no", rsvp_at=at)
    telling = telling_of(session, reader=sari)
    assert line(telling, "Zubaidah").told
    assert not line(telling, "Zubaidah").coming


def test_joined_text_shares_the_fate_of_its_carrier(session: Session, sari: User, at: datetime) -> None:
    carrier = factories.MessageFactory.create(state=MessageState.FAILED, kind=Kind.H1)
    Message.objects.exclude(pk=carrier.pk).exclude(kind=Kind.INVITATION).update(state=MessageState.SUPERSEDED)
    Message.objects.filter(kind=Kind.INVITATION, session=session).update(state=MessageState.JOINED, joined_to=carrier)
    telling = telling_of(session, reader=sari)
    assert not line(telling, "Lidia").told
    Message.objects.filter(pk=carrier.pk).update(state=MessageState.READ)
    assert line(telling_of(session, reader=sari), "Lidia").told


@pytest.mark.parametrize("state", [MessageState.CLAIMED, MessageState.UNKNOWN])
def test_what_is_in_flight_is_shown_as_such(session: Session, sari: User, at: datetime, state: str) -> None:
    Message.objects.exclude(kind=Kind.INVITATION).update(state=MessageState.SUPERSEDED)
    Message.objects.filter(kind=Kind.INVITATION).update(state=state, lease_until=at, begun_at=at)
    assert line(telling_of(session, reader=sari), "Lidia").in_flight
    assert str(MessageState(state).label) in shown(session, sari)


def test_next_rung_is_named(session: Session, sari: User, settings: Any) -> None:
    settings.MESSAGE_CHANNELS = ["whatsapp", "sms", "manual"]
    Message.objects.exclude(kind=Kind.INVITATION).update(state=MessageState.SUPERSEDED)
    invitation = Message.objects.filter(kind=Kind.INVITATION)
    invitation.update(state=MessageState.PLANNED, channel="", failed_channels=["whatsapp"])
    assert line(telling_of(session, reader=sari), "Lidia").next_way == Channel.SMS
    Refusal.objects.create(contact_point=invitation.get().contact_point, channel=Channel.SMS, at=session.starts_at)
    assert line(telling_of(session, reader=sari), "Lidia").next_way == Channel.MANUAL
    assert [way.channel for way in ways_of(invitation.get())] == [Channel.WHATSAPP, Channel.MANUAL]


def test_an_e_mail_address_takes_e_mail_only(session: Session, settings: Any) -> None:
    settings.MESSAGE_CHANNELS = ["whatsapp", "sms", "email", "manual"]
    message = Message.objects.filter(kind=Kind.H1).get()
    message.contact_point.number = "lidia@example.org"
    assert next_way(message) == Channel.EMAIL
    message.failed_channels = [Channel.EMAIL]
    assert next_way(message) is None
    assert [way.channel for way in ways_of(message)] == [Channel.EMAIL]


def test_cancelled_session_asks_who_knows_that_it_is_off(session: Session, sari: User, at: datetime) -> None:
    tell_by_hand(session, person=Person.objects.get(name="Zubaidah"), by=sari, at=at)
    enroll(
        session.cohorts.get(),
        late := factories.PersonFactory.create(village=session.cohorts.get().village, name="Yati"),
    )
    factories.AttendanceFactory.create(session=session, enrollment=late.enrollments.get())
    cancel(session, at=at)
    telling = telling_of(session, reader=sari)
    assert line(telling, "Lidia").message.kind == Kind.CANCELLATION
    assert not line(telling, "Zubaidah").told  # she knew of it, and not yet that it is off
    assert line(telling, "Yati").spared
    assert (telling.people, telling.told, telling.unreached) == (3, 0, 1)
    assert "answered" not in shown(session, sari)


@pytest.mark.parametrize("state", [SessionState.CLOSED, SessionState.HELD])
def test_nobody_is_asked_to_tell_of_what_took_place(session: Session, sari: User, state: str) -> None:
    assert "/told/" in shown(session, sari)
    session.state = state
    assert "/told/" not in shown(session, sari)


def test_page_asks_the_same_for_1_and_50_people(cohort: Cohort, sari: User, at: datetime) -> None:
    counts: list[int] = []
    for more in (1, 49):
        for n in range(more):
            household(cohort, f"Lidia {more}{n}")
        session = meeting(cohort, at + WEEK * (1 + len(counts)))
        plan(session, at=at)
        for message in Message.objects.filter(session=session, kind=Kind.INVITATION):
            factories.DeliveryEventFactory.create(message=message)
        Attendance.objects.filter(session=session).update(rsvp="yes", rsvp_at=at)
        with CaptureQueriesContext(connection) as queries:
            shown(session, sari)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# -- what the acts say ------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(reader: Client, sari: User) -> Client:
    reader.force_login(sari)
    return reader


def scheduled(desk: Client, cohort: Cohort, at: datetime) -> str:
    session = draft(cohort, None, by=cohort.program.coordinators.get(), starts_at=at + WEEK, mode=SessionMode.ONLINE)
    return desk.post(f"/sessions/{session.pk}/schedule/", {"override": "perlu"}, follow=True).content.decode()


def test_scheduling_says_that_everybody_is_told(desk: Client, cohort: Cohort, at: datetime, clock: object) -> None:
    household(cohort, "Lidia Wati")
    assert "Scheduled. Whoever has to know is told." in scheduled(desk, cohort, at)


def test_scheduling_says_whom_no_message_reaches(desk: Client, cohort: Cohort, at: datetime, clock: object) -> None:
    household(cohort, "Lidia Wati")
    enroll(cohort, factories.PersonFactory.create(village=cohort.village))
    page = scheduled(desk, cohort, at)
    assert "1 person cannot be reached by message" in page
    assert "Whoever has to know is told" not in page


def test_scheduling_says_when_nobody_can_be_reached(desk: Client, cohort: Cohort, at: datetime, clock: object) -> None:
    assert "Nobody is expected yet" in scheduled(desk, cohort, at)
    enroll(cohort, factories.PersonFactory.create(village=cohort.village))
    assert "Nobody can be reached by message" in scheduled(desk, cohort, at + WEEK)
