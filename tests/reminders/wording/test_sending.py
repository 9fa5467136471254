"""What leaves by each way: the words in force, the payloads of buttons, the session for the calendar."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.models import Cohort, Session
from reminders.channels.gateway import Fault, Guarantee, Letter, Outcome
from reminders.models import Message, Template
from reminders.rewording import change_template, hear_template
from reminders.sender import send_due
from reminders.states import Channel, Form, Kind, MessageState, Script, TemplateState
from reminders.wording.defaults import Words, words_given
from tests import factories
from tests.reminders.worlds import household, meeting, plan

WEEK = timedelta(days=7)
UNKNOWN_TEMPLATE = Outcome(MessageState.FAILED, code="132001", fault=Fault.LETTER)


class Postman:
    """A gateway of one channel that answers every letter the same."""

    guarantee: ClassVar[Guarantee] = Guarantee.NONE
    width: ClassVar[int] = 64
    channel: Any

    def __init__(self, channel: Channel, said: Outcome | None = None) -> None:
        self.channel, self.said = channel, said or Outcome(MessageState.ACCEPTED)
        self.letters: list[Letter] = []

    def deliver(self, letters: Sequence[Letter], *, at: datetime) -> Mapping[UUID, Outcome]:  # noqa: ARG002
        self.letters += letters
        return {letter.key: self.said for letter in letters}

    def look_up(self, keys: Sequence[UUID]) -> Mapping[UUID, Outcome]:  # noqa: ARG002
        return {}


@pytest.fixture
def session(cohort: Cohort, at: datetime) -> Session:
    """Next week's session of a household, planned."""
    household(cohort, "Lidia Wati", "Siti Aminah")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    return session


def posted(at: datetime, *postmen: Postman) -> None:
    gateways: list[Any] = list(postmen)
    send_due(clock=lambda: at, gateways=gateways)


def test_buttons_send_back_the_key_of_their_message(session: Session, at: datetime) -> None:
    whatsapp = Postman(Channel.WHATSAPP)
    posted(at, whatsapp)
    key = Message.objects.get(kind=Kind.INVITATION).key
    (letter,) = whatsapp.letters
    assert letter.wording.template == "undangan_sesi"
    assert letter.wording.buttons == (f"rsvp:{key}:yes", f"rsvp:{key}:no")


def test_template_that_is_held_back_goes_by_the_next_way_in_its_words(session: Session, at: datetime) -> None:
    hear_template("undangan_sesi", "id", state="PAUSED", at=at)
    whatsapp, sms = Postman(Channel.WHATSAPP), Postman(Channel.SMS)
    posted(at, whatsapp, sms)
    assert whatsapp.letters == []
    assert sms.letters[0].wording.text.startswith("Undangan utk Bu Lidia dan Bu Siti:")
    message = Message.objects.get(kind=Kind.INVITATION)
    assert (message.channel, message.units, message.text) == ("sms", 1, sms.letters[0].wording.text)


def test_template_that_whatsapp_does_not_know_is_asked_for_once(cohort: Cohort, session: Session, at: datetime) -> None:
    household(cohort, "Rini")
    plan(meeting(cohort, at + WEEK * 2), at=at)
    whatsapp, sms = Postman(Channel.WHATSAPP, UNKNOWN_TEMPLATE), Postman(Channel.SMS)
    posted(at, whatsapp, sms)
    assert Template.objects.filter(provider_state=TemplateState.PENDING).exists()
    asked = len(whatsapp.letters)
    posted(at + timedelta(hours=2), whatsapp, sms)
    told = {letter.address for letter in sms.letters}
    assert (len(told), len(whatsapp.letters)) == (2, asked)


def test_changed_words_leave_from_the_next_batch_on(session: Session, admin: User, at: datetime) -> None:
    given = words_given(Script.INVITATION, Form.SHORT, "id")
    words = Words(given.body.replace("Undangan utk", "Mari ikut,"))
    change_template(Script.INVITATION, Form.SHORT, "id", words=words, edition=0, by=admin, at=at)
    sms = Postman(Channel.SMS)
    posted(at, sms)
    assert sms.letters[0].wording.text.startswith("Mari ikut, Bu Lidia")


def test_mail_brings_the_session_for_the_calendar(cohort: Cohort, at: datetime) -> None:
    address = factories.ContactPointFactory.create(number="lidia@example.org")
    person = factories.reachable_person(cohort.village, number=address, name="Lidia Wati")
    factories.EnrollmentFactory.create(cohort=cohort, person=person)
    plan(meeting(cohort, at + WEEK, topic="Pewarnaan alam"), at=at)
    mail = Postman(Channel.EMAIL)
    posted(at, mail)
    (letter,) = mail.letters
    assert letter.wording.subject == "Undangan: Pewarnaan alam — Kamis, 8 Oktober 2026, 10.00 WIB"
    assert b"SUMMARY:Pewarnaan alam" in letter.wording.calendar


def test_batch_reads_the_words_once(cohort: Cohort, at: datetime) -> None:
    counts: list[int] = []
    for more in (1, 6):
        for n in range(more):
            household(cohort, f"Lidia {n}")
        plan(meeting(cohort, at + WEEK + timedelta(hours=4 * len(counts))), at=at)
        with CaptureQueriesContext(connection) as queries:
            posted(at + timedelta(hours=2 * len(counts)), Postman(Channel.WHATSAPP))
        counts.append(sum("reminders_template" in query["sql"] for query in queries))
    assert counts[0] == counts[1]
