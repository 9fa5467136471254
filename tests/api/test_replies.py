"""Replies through the API."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from accounts.models import User
from programs.models import Cohort
from reminders.models import Message
from replies.models import Reply
from tests.api.conftest import Caller
from tests.factories import NOW, ReplyFactory, reachable_person
from villages.models import Village

REPLIES = "/api/v1/replies/"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def reply(cohort: Cohort) -> Reply:
    person = reachable_person(cohort.village, name="Ani")
    row: Reply = ReplyFactory.create(contact_point=person.contact_points.get())
    return row


def test_a_reply_names_people_and_no_number(ask: Caller, sari: User, reply: Reply, elsewhere: Village) -> None:
    reachable_person(elsewhere, number=reply.contact_point, name="Orang lain")
    [row] = ask(sari).get(REPLIES).data["results"]
    assert [person["name"] for person in row["people"]] == ["Ani"]
    assert (row["state"], row["intent"], row["text"]) == ("open", "free", "Apakah boleh membawa anak?")
    assert reply.contact_point is not None
    assert reply.contact_point.number not in str(row)
    assert "sender" not in row


def test_a_reply_is_answered_and_closed(ask: Caller, sari: User, made: User, reply: Reply) -> None:
    assert ask(made).post(f"{REPLIES}{reply.pk}/answer/", {"text": "Boleh"}).status_code == 403
    answered = ask(sari).post(f"{REPLIES}{reply.pk}/answer/", {"text": "Boleh, Bu.", "close": True})
    assert answered.data["answers"][0]["text"] == "Boleh, Bu."
    assert answered.data["answers"][0]["by"]["name"] == "Sari"
    assert answered.data["state"] == "closed"
    assert Message.objects.filter(subject_type="replies.answer").count() == 1
    assert ask(sari).post(f"{REPLIES}{reply.pk}/close/").status_code == 409
    assert ask(sari).post(f"{REPLIES}{reply.pk}/reopen/").data["state"] == "open"
    assert ask(sari).post(f"{REPLIES}{reply.pk}/close/").data["state"] == "closed"


@pytest.mark.parametrize("given", [{}, {"text": ""}, {"text": "x" * 1001}, {"text": 7}, {"text": "a", "close": "x"}])
def test_a_bad_answer_is_said(ask: Caller, sari: User, reply: Reply, given: dict[str, object]) -> None:
    assert ask(sari).post(f"{REPLIES}{reply.pk}/answer/", given).status_code == 400


def test_after_a_day_nothing_is_written_back(ask: Caller, sari: User, reply: Reply) -> None:
    Reply.objects.filter(pk=reply.pk).update(at=NOW - timedelta(days=1))
    answer = ask(sari).post(f"{REPLIES}{reply.pk}/answer/", {"text": "Boleh"})
    assert answer.status_code == 409
    assert "24 hours" in answer.data["detail"]


def test_replies_are_narrowed(ask: Caller, sari: User, cohort: Cohort, reply: Reply) -> None:
    day = NOW.date().isoformat()
    found = {
        query: len(ask(sari).get(f"{REPLIES}?{query}").data["results"])
        for query in (
            *("state=open", "state=closed", "intent=free", "channel=log", f"village={cohort.village_id}"),
            *(f"from={day}&to={day}", f"contact_point={reply.contact_point_id}", "session=1"),
        )
    }
    assert [*found.values()] == [1, 0, 1, 1, 1, 1, 1, 0]
    assert ask(sari).get(f"{REPLIES}?state=x").status_code == 400


@pytest.mark.parametrize(("who", "status"), [("sari", 200), ("made", 200), ("rina", 404), ("ina", 404), ("joko", 403)])
def test_a_reply_is_seen_with_its_people(
    ask: Caller, reply: Reply, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    assert ask(request.getfixturevalue(who)).get(f"{REPLIES}{reply.pk}/").status_code == status
