"""The pages of sending by hand: the list, opening, reading the text, saying how it went; and settling by a human."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.models import Event
from programs.models import Cohort, Session
from reminders.actions import settle_message
from reminders.models import DeliveryEvent, ManualContact, Message
from reminders.states import Channel, Kind, MessageState, Reason
from tests import factories
from tests.reminders.test_opening import by_hand
from tests.reminders.worlds import happened, household, meeting, plan
from villages.links import token_of
from villages.models import ContactPoint

WEEK = timedelta(days=7)
LIST = "/messages/by-hand/"


@pytest.fixture(autouse=True)
def ladder(settings: Any) -> None:
    """Let people be the last rung."""
    settings.MESSAGE_CHANNELS = ["whatsapp", "manual"]


@pytest.fixture
def number(cohort: Cohort, clock: object) -> ContactPoint:
    return household(cohort, "Lidia Wati", "Siti Aminah")


@pytest.fixture
def session(cohort: Cohort, number: ContactPoint, at: datetime) -> Session:
    session = meeting(cohort, at + WEEK, topic="Pewarnaan alam")
    plan(session, at=at)
    by_hand()
    return session


@pytest.fixture
def desk(reader: Client, sari: User) -> Client:
    reader.force_login(sari)
    return reader


def invitation() -> Message:
    return Message.objects.get(kind=Kind.INVITATION)


def test_list_has_one_row_per_number_and_hides_it(desk: Client, session: Session, number: ContactPoint) -> None:
    answer = desk.get(LIST)
    page = answer.content.decode()
    assert page.count("errand-who") == 1
    assert "Lidia Wati, Siti Aminah" in page
    assert "Pewarnaan alam" in page
    assert "10.00 WIB" in page
    assert number.number not in page
    assert "form-action 'self' https://wa.me" in answer["Content-Security-Policy"]


def test_only_what_is_due_stands_there(desk: Client, session: Session) -> None:
    Message.objects.filter(kind=Kind.INVITATION).delete()
    page = desk.get(LIST).content.decode()
    assert "Nothing waits to be sent by hand" in page


def test_list_is_narrowed_by_village_and_program(desk: Client, session: Session, cohort: Cohort) -> None:
    for query in (f"village={cohort.village_id}", f"program={cohort.program_id}"):
        assert "Lidia Wati" in desk.get(f"{LIST}?{query}").content.decode()
    other = factories.CohortFactory.create(program=cohort.program)
    assert "Nothing fits" in desk.get(f"{LIST}?village={other.village_id}").content.decode()
    assert desk.get(f"{LIST}?village=x").status_code == 400


def test_list_asks_the_same_for_one_and_seven_numbers(
    desk: Client, cohort: Cohort, at: datetime, clock: object
) -> None:
    counts: list[int] = []
    for more in (1, 6):
        for n in range(more):
            household(cohort, f"Lidia {more}{n}", f"Siti {more}{n}")
        plan(meeting(cohort, at + WEEK * (1 + len(counts))), at=at)
        by_hand()
        desk.post(f"/messages/by-hand/{ContactPoint.objects.order_by('pk')[0].pk}/open/", {"way": "text"})
        desk.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            desk.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pressing_leads_to_whatsapp_with_the_text(desk: Client, session: Session, number: ContactPoint) -> None:
    answer = desk.post(f"{LIST}{number.pk}/open/", {"way": "whatsapp"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"https://wa.me/{number.number[1:]}?text=")
    text = unquote(answer["Location"].split("text=")[1])
    assert "Bu Lidia" in text
    assert f"/s/{token_of(number)}" in text
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "no-store")
    assert invitation().state == MessageState.ACCEPTED
    page = desk.get(LIST).content.decode()
    assert "Opened by Sari" in page
    assert "They know" in page


def test_number_and_text_are_never_logged(
    desk: Client, session: Session, number: ContactPoint, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        desk.post(f"{LIST}{number.pk}/open/", {"way": "whatsapp"})
    assert number.number[3:] not in caplog.text
    assert "Pewarnaan alam" not in "".join(record.getMessage() for record in caplog.records if "sql" not in record.name)
    facts = Event.objects.filter(verb="opened_by_hand").values_list("facts", flat=True)
    assert list(facts) == [{"contact_point": number.pk}]


def test_who_has_no_whatsapp_is_called_or_gets_the_text(desk: Client, session: Session, number: ContactPoint) -> None:
    answer = desk.post(f"{LIST}{number.pk}/open/", {"way": "text"})
    page = answer.content.decode()
    assert f'href="tel:{number.number}"' in page
    assert "Bu Lidia" in page
    assert answer["Cache-Control"] == "no-store"


def test_second_hand_is_told_in_a_sentence(desk: Client, session: Session, number: ContactPoint) -> None:
    desk.post(f"{LIST}{number.pk}/open/", {"way": "whatsapp"})
    again = desk.post(f"{LIST}{number.pk}/open/", {"way": "whatsapp"})
    assert again.status_code == 409
    assert "Somebody else opened this a moment ago" in again.content.decode()
    assert desk.get(f"{LIST}{number.pk}/open/").status_code == 302


def test_what_no_longer_holds_is_said(desk: Client, session: Session, number: ContactPoint) -> None:
    Session.objects.filter(pk=session.pk).update(revision=2)
    page = desk.post(f"{LIST}{number.pk}/open/", {"way": "whatsapp"}, follow=True).content.decode()
    assert "it was taken off the list" in page
    assert "The schedule changed" in page


def test_what_has_to_wait_for_the_morning_is_said(
    desk: Client, session: Session, number: ContactPoint, clock: object, at: datetime
) -> None:
    clock.move_to(at + timedelta(hours=11))  # type: ignore[attr-defined]
    page = desk.post(f"{LIST}{number.pk}/open/", {"way": "whatsapp"}, follow=True).content.decode()
    assert "it waits until 06.00 WIB" in page


def test_text_is_shown_again_without_the_number_until_it_is_asked_for(
    desk: Client, session: Session, number: ContactPoint
) -> None:
    desk.post(f"{LIST}{number.pk}/open/", {"way": "whatsapp"})
    address = f"{LIST}text/{invitation().pk}/"
    hidden = desk.get(address).content.decode()
    assert number.number not in hidden
    assert token_of(number) not in hidden
    shown = desk.post(address)
    assert f"tel:{number.number}" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert happened(number) == ["read_numbers"]


def test_text_that_nobody_opened_is_not_there(desk: Client, session: Session) -> None:
    assert desk.get(f"{LIST}text/{invitation().pk}/").status_code == 404


@pytest.mark.parametrize(
    ("said", "state", "told"), [("yes", MessageState.DELIVERED, 2), ("no", MessageState.FAILED, 0)]
)
def test_saying_how_it_went(
    desk: Client, session: Session, number: ContactPoint, said: str, state: str, told: int
) -> None:
    desk.post(f"{LIST}{number.pk}/open/", {"way": "whatsapp"})
    address = f"{LIST}text/{invitation().pk}/said/"
    assert desk.post(address, {"reached": "perhaps"}).status_code == 409
    assert desk.post(address, {"reached": said}).status_code == 302
    assert invitation().state == state
    assert ManualContact.objects.count() == told
    assert desk.post(address, {"reached": said}).status_code == 409
    assert desk.get(address).status_code == 302
    assert "Lidia" not in desk.get(LIST).content.decode()


def test_who_was_not_reached_stands_on_the_list_of_calls(desk: Client, session: Session, number: ContactPoint) -> None:
    Message.objects.exclude(kind=Kind.INVITATION).delete()
    desk.post(f"{LIST}{number.pk}/open/", {"way": "whatsapp"})
    desk.post(f"{LIST}text/{invitation().pk}/said/", {"reached": "no"})
    assert "Lidia Wati" in desk.get("/messages/calls/").content.decode()


@pytest.mark.parametrize("name", ["joko", "observer"])
def test_who_does_not_work_with_people_is_refused(
    reader: Client, request: pytest.FixtureRequest, session: Session, number: ContactPoint, name: str
) -> None:
    reader.force_login(request.getfixturevalue(name))
    assert reader.get(LIST).status_code == 403
    assert reader.post(f"{LIST}{number.pk}/open/").status_code == 403


def test_another_coordinator_sees_nothing(reader: Client, rina: User, session: Session, number: ContactPoint) -> None:
    reader.force_login(rina)
    assert "Lidia" not in reader.get(LIST).content.decode()
    for address in (f"{number.pk}/open/", f"text/{invitation().pk}/", f"text/{invitation().pk}/said/"):
        assert reader.post(LIST + address).status_code == 404


def test_mentor_of_the_village_sends_by_hand(
    reader: Client, made: User, session: Session, number: ContactPoint
) -> None:
    reader.force_login(made)
    assert "Lidia" in reader.get(LIST).content.decode()
    assert reader.post(f"{LIST}{number.pk}/open/", {"way": "whatsapp"}).status_code == 302


def test_pages_speak_indonesian(client: Client, sari: User, session: Session) -> None:
    client.force_login(sari)
    assert "Kirim sendiri" in client.get(LIST).content.decode()
    assert "Siapa yang perlu ditelepon" in client.get("/messages/calls/").content.decode()


# -- what no gateway answered for -------------------------------------------------------------------------------------


@pytest.fixture
def doubtful(session: Session, at: datetime) -> Message:
    columns = {"channel": Channel.WHATSAPP, "note": Reason.NO_ANSWER, "begun_at": at, "settled_at": at}
    columns |= {"failed_channels": ["manual"]}
    Message.objects.filter(kind=Kind.INVITATION).update(state=MessageState.UNKNOWN, **columns)
    return invitation()


@pytest.mark.parametrize(("said", "state"), [("yes", MessageState.DELIVERED), ("no", MessageState.FAILED)])
def test_a_human_settles_what_was_not_answered_for(desk: Client, doubtful: Message, said: str, state: str) -> None:
    assert "Did it arrive?" in desk.get(f"/messages/{doubtful.pk}/").content.decode()
    address = f"/messages/{doubtful.pk}/settle/"
    assert desk.post(address, {}).status_code == 409
    assert desk.post(address, {"arrived": said, "next": "/messages/calls/"})["Location"] == "/messages/calls/"
    doubtful.refresh_from_db()
    assert (doubtful.state, doubtful.note) == (state, Reason.SAID)
    assert DeliveryEvent.objects.get(message=doubtful).state == state
    assert desk.post(address, {"arrived": said}).status_code == 409
    assert desk.get(address).status_code == 302


def test_what_left_with_it_shares_its_fate(doubtful: Message, sari: User, at: datetime) -> None:
    Message.objects.filter(kind=Kind.H3).update(state=MessageState.UNKNOWN, joined_to=doubtful)
    settle_message(doubtful, arrived=False, by=sari, at=at)
    assert Message.objects.get(kind=Kind.H3).state == MessageState.FAILED


def test_what_did_not_arrive_takes_its_next_rung(doubtful: Message, sari: User, at: datetime, settings: Any) -> None:
    settings.MESSAGE_CHANNELS = ["whatsapp", "sms", "manual"]
    Message.objects.filter(kind=Kind.H3).update(state=MessageState.UNKNOWN, joined_to=doubtful, channel="whatsapp")
    later = at + timedelta(hours=2)
    settle_message(doubtful, arrived=False, by=sari, at=later)
    for kind in (Kind.INVITATION, Kind.H3):
        message = Message.objects.get(kind=kind)
        assert (message.state, message.channel, message.begun_at) == (MessageState.PLANNED, "", None)
        assert (message.due_at, message.joined_to) == (later, None)
        assert Channel.WHATSAPP in message.failed_channels


def test_what_is_of_no_use_any_more_has_failed(doubtful: Message, sari: User, settings: Any) -> None:
    settings.MESSAGE_CHANNELS = ["whatsapp", "sms"]
    settle_message(doubtful, arrived=False, by=sari, at=doubtful.expires_at)
    assert doubtful.state == MessageState.FAILED


def test_no_doubt_is_unlisted(desk: Client, doubtful: Message) -> None:
    page = desk.get("/messages/calls/").content.decode()
    assert "Did these arrive?" in page
    assert f"/messages/{doubtful.pk}/settle/" in page
    assert "/messages/?look=unknown" not in page
    assert desk.get("/messages/?look=unknown").content.decode().count('<th scope="row">') == 1


def test_only_who_sees_it_settles_it(reader: Client, rina: User, joko: User, doubtful: Message) -> None:
    for user, status in ((rina, 404), (joko, 403)):
        reader.force_login(user)
        assert reader.post(f"/messages/{doubtful.pk}/settle/", {"arrived": "yes"}).status_code == status
