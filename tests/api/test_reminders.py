"""Messages through the API."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from accounts.models import User
from programs.models import Cohort
from reminders.models import ManualContact, Message
from tests.api.conftest import Caller
from tests.factories import NOW, EnrollmentFactory, MessageFactory, PersonFactory, SessionFactory, reachable_person

MESSAGES = "/api/v1/messages/"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def message(cohort: Cohort) -> Message:
    person = reachable_person(cohort.village, name="Ani")
    EnrollmentFactory.create(cohort=cohort, person=person)
    session = SessionFactory.create(program=cohort.program, cohorts=[cohort])
    row = MessageFactory.create(session=session, contact_point=person.contact_points.get(), state="failed")
    row.people.add(person)
    return row


def test_message_names_people_and_no_number(ask: Caller, sari: User, message: Message) -> None:
    [row] = ask(sari).get(MESSAGES).data["results"]
    assert row["people"] == [{"id": message.people.get().pk, "name": "Ani"}]
    assert (row["revision"], row["state"], row["due_at"]) == (1, "failed", "2026-10-01T03:00:00Z")
    assert message.contact_point.number not in str(row)


def test_failed_message_is_tried_again_and_no_other(ask: Caller, sari: User, made: User, message: Message) -> None:
    assert ask(made).post(f"{MESSAGES}{message.pk}/retry/").status_code == 403
    assert ask(sari).post(f"{MESSAGES}{message.pk}/retry/").data["state"] == "planned"
    again = ask(sari).post(f"{MESSAGES}{message.pk}/retry/")
    assert (again.status_code, again.data["detail"]) == (409, "Only a message that failed is tried again.")


def test_told_by_hand_is_kept_once(ask: Caller, made: User, message: Message) -> None:
    client = ask(made)
    for _ in range(2):
        assert client.post(f"{MESSAGES}{message.pk}/told/").status_code == 200
    assert ManualContact.objects.get().by == made
    stranger = PersonFactory.create(village=message.people.get().village)
    assert client.post(f"{MESSAGES}{message.pk}/told/", {"person": stranger.pk}).status_code == 409
    elsewhere = PersonFactory.create()
    assert client.post(f"{MESSAGES}{message.pk}/told/", {"person": elsewhere.pk}).status_code == 400


def test_messages_are_narrowed_by_the_names_of_the_contract(
    ask: Caller, sari: User, made: User, cohort: Cohort, message: Message
) -> None:
    client = ask(sari)
    day, after = NOW.date().isoformat(), (NOW + timedelta(days=1)).date().isoformat()
    there = [
        {"state": "failed"},
        {"kind": "invitation"},
        {"from": day, "to": day},
        {"village": str(cohort.village_id)},
        {"program": str(cohort.program_id)},
        {"cohort": str(cohort.pk)},
        {"mentor": str(made.pk)},
        {"module": "design"},
        {"region": "35.24.10"},
        {"session": str(message.session_id)},
    ]
    for asked in there:
        assert [row["id"] for row in client.get(MESSAGES, asked).data["results"]] == [message.pk], asked
    for asked in ({"state": "sent"}, {"from": after}, {"region": "52"}, {"module": "branding"}, {"mentor": "1000000"}):
        assert client.get(MESSAGES, asked).data["results"] == [], asked
