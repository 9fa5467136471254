"""Whom to call: who stands on the list and why, what is written down, and the sheet for the village contact."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.models import Attendance, Cohort, Session
from programs.reach import Why
from programs.states import SessionState
from reminders.actions import miss_call, tell_by_hand, tell_people
from reminders.models import ManualContact, Message, MissedCall
from reminders.states import Channel, Kind, MessageState, Reason
from reminders.worklists import Call, rounds_of, sessions_to_call
from reminders.worklists.calls import TO_DO
from tests import factories
from tests.reminders.worlds import cancel, enroll, happened, household, meeting, plan, send
from villages.models import ContactPoint, Person
from villages.states import ContactState, Relation

WEEK = timedelta(days=6)
LIST = "/messages/calls/"


@pytest.fixture
def silent(cohort: Cohort) -> Person:
    """Somebody without a number."""
    person = factories.PersonFactory.create(village=cohort.village, name="Zubaidah", hamlet="Krajan")
    enroll(cohort, person)
    return person


@pytest.fixture
def session(cohort: Cohort, silent: Person, clock: object, at: datetime) -> Session:
    """Next week's session, told to a household of two."""
    household(cohort, "Lidia Wati", "Siti Aminah")
    session = meeting(cohort, at + WEEK, topic="Pewarnaan alam")
    plan(session, at=at)
    send(at)
    return session


@pytest.fixture
def desk(reader: Client, sari: User) -> Client:
    reader.force_login(sari)
    return reader


def calls(user: User, at: datetime) -> list[Call]:
    sessions = list(sessions_to_call(user, at=at).order_by("starts_at", "pk"))
    return [call for each in rounds_of(sessions, user, at=at) for call in each.calls]


def names(user: User, at: datetime) -> list[str]:
    return sorted(person.name for call in calls(user, at) for person in call.people)


def test_who_has_no_number_is_on_the_list_and_who_was_told_is_not(session: Session, sari: User, at: datetime) -> None:
    assert names(sari, at) == ["Zubaidah"]
    (call,) = calls(sari, at)
    assert call.why == Why.NO_NUMBER.label
    assert call.contacts == []


def test_without_any_number_the_mentor_is_named(session: Session, made: User, sari: User, at: datetime) -> None:
    (call,) = calls(sari, at)
    assert call.mentors == [made]


def test_the_village_contact_stands_in_for_who_has_no_number(
    session: Session, cohort: Cohort, sari: User, at: datetime
) -> None:
    other = factories.PersonFactory.create(village=cohort.village)
    contact = factories.PersonContactFactory.create(person=other, relation=Relation.VILLAGE_CONTACT)
    (call,) = calls(sari, at)
    assert [each.contact_point for each in call.contacts] == [contact.contact_point]


def test_who_has_not_agreed_is_not_called_on_their_number(
    session: Session, cohort: Cohort, sari: User, at: datetime
) -> None:
    person = factories.PersonFactory.create(village=cohort.village, name="Suwarti")
    own = factories.PersonContactFactory.create(person=person).contact_point
    enroll(cohort, person)
    factories.AttendanceFactory.create(session=session, enrollment=person.enrollments.get())
    call = next(call for call in calls(sari, at) if call.people == [person])
    assert own not in [each.contact_point for each in call.contacts]
    assert call.advice == TO_DO[Why.NO_CONSENT]


def test_an_e_mail_address_is_not_called(
    session: Session, cohort: Cohort, silent: Person, sari: User, at: datetime
) -> None:
    point = factories.ContactPointFactory.create(number="zubaidah@example.org")
    factories.PersonContactFactory.create(person=silent, contact_point=point)
    assert calls(sari, at)[0].contacts == []


@pytest.mark.parametrize(
    "state", [MessageState.UNKNOWN, MessageState.FAILED, MessageState.BLOCKED, MessageState.EXPIRED]
)
def test_who_was_not_reached_is_on_the_list_as_one_household(
    session: Session, sari: User, at: datetime, state: str
) -> None:
    Message.objects.filter(kind=Kind.INVITATION).update(state=state)
    Message.objects.exclude(kind=Kind.INVITATION).delete()
    assert names(sari, at) == ["Lidia Wati", "Siti Aminah", "Zubaidah"]
    assert len(calls(sari, at)) == 2


def test_doubt_is_called_although_a_reminder_is_still_to_come(session: Session, sari: User, at: datetime) -> None:
    Message.objects.filter(kind=Kind.INVITATION).update(state=MessageState.UNKNOWN)
    assert names(sari, at) == ["Lidia Wati", "Siti Aminah", "Zubaidah"]


def test_failed_is_called_unless_another_text_leaves_within_a_day(session: Session, sari: User, at: datetime) -> None:
    Message.objects.filter(kind=Kind.INVITATION).update(state=MessageState.FAILED)
    assert "Lidia Wati" in names(sari, at)
    Message.objects.filter(kind=Kind.H3).update(due_at=at + timedelta(hours=1))
    assert "Lidia Wati" not in names(sari, at)


def test_who_answered_knows(session: Session, silent: Person, sari: User, at: datetime) -> None:
    Attendance.objects.filter(enrollment__person=silent).update(rsvp="yes", rsvp_at=at)
    assert names(sari, at) == []


def test_only_the_coming_week_is_called_about_the_soonest_first(
    cohort: Cohort, session: Session, sari: User, at: datetime
) -> None:
    meeting(cohort, at + timedelta(days=8))
    sooner = meeting(cohort, at + timedelta(days=2))
    assert list(sessions_to_call(sari, at=at).order_by("starts_at", "pk")) == [sooner, session]


def test_who_was_told_by_hand_is_told_again_when_it_is_cancelled(
    session: Session, silent: Person, sari: User, at: datetime
) -> None:
    tell_by_hand(session, person=silent, by=sari, at=at)
    assert names(sari, at) == []
    cancel(session, at=at)
    assert names(sari, at) == ["Zubaidah"]  # the household's notice is on its way
    tell_by_hand(session, person=silent, by=sari, at=at)
    assert names(sari, at) == []
    assert ManualContact.objects.filter(person=silent).count() == 2


def test_who_had_never_heard_of_it_is_not_called_when_it_is_cancelled(
    session: Session, sari: User, at: datetime
) -> None:
    cancel(session, at=at)
    assert names(sari, at) == []


def test_a_mentor_calls_their_own_village(session: Session, made: User, ina: User, rina: User, at: datetime) -> None:
    assert names(made, at) == ["Zubaidah"]
    assert names(ina, at) == names(rina, at) == []


# -- pages ------------------------------------------------------------------------------------------------------------


def test_page_says_whom_why_and_what_to_do(desk: Client, session: Session) -> None:
    page = desk.get(LIST).content.decode()
    assert "Zubaidah" in page
    assert "No number of their own" in page
    assert "Lidia" not in page


def test_page_is_narrowed(desk: Client, cohort: Cohort, session: Session) -> None:
    assert "Zubaidah" in desk.get(f"{LIST}?village={cohort.village_id}&program={cohort.program_id}").content.decode()
    other = factories.CohortFactory.create(program=cohort.program)
    assert "Nobody fits" in desk.get(f"{LIST}?village={other.village_id}").content.decode()
    assert desk.get(f"{LIST}?program=x").status_code == 400


def test_page_asks_the_same_for_one_and_seven_people(desk: Client, cohort: Cohort, at: datetime, clock: object) -> None:
    counts: list[int] = []
    for more in (1, 6):
        for n in range(more):
            person = factories.reachable_person(cohort.village, name=f"Siti {more}{n}")
            enroll(cohort, person)
        day = meeting(cohort, at + timedelta(days=1 + len(counts)))
        plan(day, at=at)
        Message.objects.update(state=MessageState.UNKNOWN, channel=Channel.SMS, begun_at=at, settled_at=at)
        miss_call(day, people=[Person.objects.order_by("-pk")[0]], by=cohort.program.coordinators.get(), at=at)
        desk.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            desk.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_household_is_told_in_one_press(desk: Client, session: Session, sari: User, at: datetime) -> None:
    Message.objects.update(state=MessageState.FAILED)
    people = list(Person.objects.filter(name__in=["Lidia Wati", "Siti Aminah"]).order_by("name"))
    answer = desk.post(f"{LIST}{session.pk}/told/", {"person": [person.pk for person in people]}, follow=True)
    assert "Lidia Wati, Siti Aminah was told" in answer.content.decode()
    desk.post(f"{LIST}{session.pk}/told/", {"person": [person.pk for person in people]})
    assert ManualContact.objects.filter(session=session, by=sari).count() == 2
    assert names(sari, at) == ["Zubaidah"]


def test_call_without_an_answer_is_counted_and_stays(
    desk: Client, session: Session, silent: Person, clock: object, at: datetime
) -> None:
    for minutes in (0, 0, 30):  # pressed twice is one call
        clock.move_to(at + timedelta(minutes=minutes))  # type: ignore[attr-defined]
        assert desk.post(f"{LIST}{session.pk}/missed/", {"person": silent.pk}).status_code == 302
    assert MissedCall.objects.count() == 2
    page = desk.get(LIST).content.decode()
    assert "Called 2 times without an answer, last Sari" in page
    assert happened(session) == ["call_missed", "call_missed"]


def test_numbers_are_shown_when_asked_for_and_that_is_written_down(
    desk: Client, session: Session, silent: Person
) -> None:
    contact = factories.PersonContactFactory.create(
        person=silent, contact_point__state=ContactState.VALID, relation=Relation.VILLAGE_CONTACT
    )
    number = contact.contact_point.number
    assert number not in desk.get(LIST).content.decode()
    answer = desk.post(f"{LIST}{session.pk}/numbers/", {"person": silent.pk})
    assert f"tel:{number}" in answer.content.decode()
    assert "Pewarnaan alam" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert happened(contact.contact_point) == ["read_numbers"]


def test_numbers_of_who_knows_meanwhile_are_not_shown(
    desk: Client, session: Session, silent: Person, sari: User, at: datetime
) -> None:
    tell_people(session, people=[silent], by=sari, at=at)
    answer = desk.post(f"{LIST}{session.pk}/numbers/", {"person": silent.pk}, follow=True)
    assert "They know meanwhile" in answer.content.decode()


@pytest.mark.parametrize("act", ["told", "missed", "numbers"])
@pytest.mark.parametrize("person", ["", "x", "99999999999999999999", "4000000"])
def test_nobody_is_told_who_is_not_there(desk: Client, session: Session, act: str, person: str) -> None:
    assert desk.post(f"{LIST}{session.pk}/{act}/", {"person": person}).status_code == 404
    assert desk.get(f"{LIST}{session.pk}/{act}/").status_code == 302


def test_sheet_lists_the_village_and_no_number(desk: Client, session: Session, silent: Person) -> None:
    page = desk.get(f"{LIST}{session.pk}/sheet/{silent.village_id}/").content.decode()
    assert happened(session)[-1] == "names_printed"
    assert "Zubaidah" in page
    assert "Krajan" in page
    assert "Daftar yang perlu diberi tahu" in page
    assert "+62" not in page
    assert desk.get(f"{LIST}{session.pk}/sheet/4000000/").status_code == 404


def test_sheet_of_a_cancelled_session_says_so(
    desk: Client, session: Session, silent: Person, sari: User, at: datetime
) -> None:
    tell_by_hand(session, person=silent, by=sari, at=at)
    cancel(session, at=at)
    assert "DIBATALKAN" in desk.get(f"{LIST}{session.pk}/sheet/{silent.village_id}/").content.decode()


def test_sheet_says_when_everybody_knows(
    desk: Client, session: Session, silent: Person, sari: User, at: datetime
) -> None:
    tell_by_hand(session, person=silent, by=sari, at=at)
    page = desk.get(f"{LIST}{session.pk}/sheet/{silent.village_id}/").content.decode()
    assert "Everybody of this village knows" in page


@pytest.mark.parametrize("act", ["told/", "missed/", "numbers/"])
def test_wrong_role_and_other_scope(
    reader: Client, joko: User, rina: User, session: Session, silent: Person, act: str
) -> None:
    for user, status in ((joko, 403), (rina, 404)):
        reader.force_login(user)
        assert reader.post(f"{LIST}{session.pk}/{act}", {"person": silent.pk}).status_code == status
        assert reader.get(f"{LIST}{session.pk}/sheet/{silent.village_id}/").status_code == status


def test_a_session_that_is_over_is_not_told_any_more(desk: Client, session: Session, silent: Person) -> None:
    Session.objects.filter(pk=session.pk).update(state=SessionState.CLOSED)
    assert desk.post(f"{LIST}{session.pk}/told/", {"person": silent.pk}).status_code == 409
    assert desk.post(f"{LIST}{session.pk}/missed/", {"person": silent.pk}).status_code == 409


def test_the_reason_of_the_text_is_the_reason_of_the_call(session: Session, sari: User, at: datetime) -> None:
    Message.objects.filter(kind=Kind.INVITATION).update(state=MessageState.FAILED, note=Reason.NO_WAY)
    call = next(call for call in calls(sari, at) if len(call.people) == 2)
    assert call.why == Reason.NO_WAY.label
    assert ContactPoint.objects.filter(contacts__in=call.contacts).count() == 1
