"""Messages through the API."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from accounts.models import User
from programs.models import Cohort
from reminders.models import ManualContact, Message
from tests.api.conftest import Caller
from tests.factories import (
    NOW,
    EnrollmentFactory,
    MessageFactory,
    PersonFactory,
    PriceFactory,
    SessionFactory,
    reachable_person,
)

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


def test_message_tells_the_way_it_took(ask: Caller, sari: User, message: Message) -> None:
    columns = {"channel": "sms", "failed_channels": ["whatsapp"], "code": "131026", "tries": 2, "begun_at": NOW}
    Message.objects.filter(pk=message.pk).update(**columns)
    row = ask(sari).get(f"{MESSAGES}{message.pk}/").data
    assert {name: row[name] for name in ("channel", "failed_channels", "code", "tries")} == {
        "channel": "sms",
        "failed_channels": ["whatsapp"],
        "code": "131026",
        "tries": 2,
    }
    assert (row["begun_at"], row["user"], row["subject_type"]) == ("2026-10-01T03:00:00Z", None, "")


def test_notice_to_staff_names_its_subject_and_reader(ask: Caller, made: User, rina: User, message: Message) -> None:
    about = {"subject_type": "mentoring.visit", "subject_id": "17", "subject_revision": "2"}
    notice = MessageFactory.create(
        session=None, revision=None, **about, kind="visit_tomorrow", user=made, expires_at=NOW + timedelta(days=1)
    )
    row = ask(made).get(f"{MESSAGES}{notice.pk}/").data
    assert (row["user"]["name"], row["session"], row["revision"]) == ("Made", None, None)
    assert {name: row[name] for name in about} == about
    assert ask(rina).get(f"{MESSAGES}{notice.pk}/").status_code == 404
    assert ask(made).post(f"{MESSAGES}{notice.pk}/told/").status_code == 409


def test_message_without_an_answer_is_settled_once(
    ask: Caller, made: User, joko: User, rina: User, message: Message
) -> None:
    Message.objects.filter(pk=message.pk).update(state="unknown", begun_at=NOW, channel="whatsapp")
    address = f"{MESSAGES}{message.pk}/settle/"
    assert ask(joko).post(address, {"arrived": True}).status_code == 403
    assert ask(rina).post(address, {"arrived": True}).status_code == 404
    assert ask(made).post(address, {}).status_code == 400
    assert ask(made).post(address, {"arrived": "perhaps"}).status_code == 400
    assert ask(made).post(address, {"arrived": True}).data["state"] == "delivered"
    again = ask(made).post(address, {"arrived": False})
    assert (again.status_code, again.data["detail"]) == (409, "Only a message without an answer is settled by hand.")


def test_told_without_a_name_tells_only_whom_the_caller_sees(ask: Caller, made: User, message: Message) -> None:
    message.people.add(PersonFactory.create())  # of another village, on the same number
    assert ask(made).post(f"{MESSAGES}{message.pk}/told/").status_code == 200
    assert ManualContact.objects.get().person.name == "Ani"


def test_costs_are_counted_by_month_and_channel(
    ask: Caller, sari: User, made: User, rina: User, message: Message
) -> None:
    sent = {"state": "sent", "channel": "sms", "units": 2, "begun_at": NOW, "settled_at": NOW}
    Message.objects.filter(pk=message.pk).update(**sent)
    address = f"{MESSAGES}costs/"
    [line] = ask(sari).get(address).data
    assert line["rupiah"] is None
    PriceFactory.create()
    [line] = ask(sari).get(address, {"year": 2026}).data
    assert dict(line) == {
        "program": message.promise()[0].program_id,
        "account": "Desa Devisa 2026",
        "month": "2026-10",
        "channel": "sms",
        "category": "",
        "texts": 1,
        "units": 2,
        "rupiah": "700.00",
    }
    assert ask(sari).get(address, {"year": 2025}).data == []
    assert ask(rina).get(address).data == []
    assert ask(made).get(address).status_code == 403
    assert ask(sari).get(address, {"year": "x"}).status_code == 400


def test_messages_are_narrowed_by_channel_and_look(ask: Caller, sari: User, message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(state="planned", channel="manual")
    client = ask(sari)
    for asked in ({"channel": "manual"}, {"look": "hand"}):
        assert [row["id"] for row in client.get(MESSAGES, asked).data["results"]] == [message.pk], asked
    for asked in ({"channel": "sms"}, {"look": "unknown"}, {"look": "trouble"}):
        assert client.get(MESSAGES, asked).data["results"] == [], asked
