"""Attendance taken on phones, through the API: a verdict for each act, and never more than is to be seen."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import User
from attendance.actions import Mark, close_session, hold_session, mark_attendance
from attendance.models import Act
from programs.models import Cohort, Enrollment, Session, Venue
from tests.api.conftest import Caller
from tests.factories import NOW, EnrollmentFactory, PersonFactory
from tests.programs.plans import scheduled

SYNC = "/api/v1/attendance/sync/"


@pytest.fixture(autouse=True)
def today() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def people(cohort: Cohort) -> list[Enrollment]:
    return [
        EnrollmentFactory.create(cohort=cohort, person=PersonFactory.create(village=cohort.village, name=name))
        for name in ("Ani", "Budi", "Cici")
    ]


@pytest.fixture
def running(people: list[Enrollment], cohort: Cohort, venue: Venue, sari: User) -> Session:
    return scheduled(cohort, venue, starts_at=NOW - timedelta(hours=1), by=sari)


@pytest.fixture
def phone(ask: Caller, made: User) -> APIClient:
    return ask(made)


def moment(minutes: float) -> str:
    return (NOW + timedelta(minutes=minutes)).isoformat()


def mark(session: Session, person: Enrollment, state: str = "present", **said: Any) -> dict[str, Any]:
    act = {"id": str(uuid4()), "kind": "mark", "session": session.pk, "enrollment": person.pk, "state": state}
    return {**act, "made_at": moment(-10), **said}


def walk_in(session: Session, cohort: Cohort, **said: Any) -> dict[str, Any]:
    act = {"id": str(uuid4()), "kind": "walk_in", "session": session.pk, "cohort": cohort.pk}
    return {**act, "made_at": moment(-10), **said}


def sent(client: APIClient, *acts: Any, at: float = 0) -> list[dict[str, Any]]:
    answer = client.post(SYNC, {"sent_at": moment(at), "acts": [*acts]})
    assert answer.status_code == 200, answer.data
    return list(answer.data["items"])


def test_each_act_gets_its_verdict_and_its_seat(
    phone: APIClient, running: Session, people: list[Enrollment], cohort: Cohort
) -> None:
    act, unasked = mark(running, people[0], "late", minutes=60), walk_in(running, cohort, name="Rukmini", sex="female")
    first, second, third = sent(phone, act, unasked, mark(running, people[0], "absent", made_at=moment(-20)))
    seat = {"enrollment": people[0].pk, "person": people[0].person_id, "name": "Ani", "state": "late"}
    seat |= {"minutes": 60, "excuse": "", "version": 1}
    assert first == {"id": act["id"], "verdict": "stored", "detail": "", "seat": seat}
    assert (second["verdict"], second["seat"]["name"], second["seat"]["state"]) == ("stored", "Rukmini", "present")
    assert (third["verdict"], third["seat"]) == ("overtaken", seat)
    again, same = sent(phone, act, unasked)
    assert (again["verdict"], again["seat"]) == ("had_it", seat)
    assert (same["verdict"], same["seat"]) == ("had_it", second["seat"])


def test_a_phone_with_a_wrong_clock_is_put_right(phone: APIClient, running: Session, people: list[Enrollment]) -> None:
    sent(phone, mark(running, people[0], made_at=moment(-10)))
    (late,) = sent(phone, mark(running, people[0], "absent", made_at=moment(-15 + 90)), at=90)
    assert late["verdict"] == "overtaken"


def test_a_closed_sheet_holds_it(phone: APIClient, running: Session, people: list[Enrollment], sari: User) -> None:
    mark_attendance(running, marks=[Mark(people[0].pk, "present")], by=sari, at=NOW)
    hold_session(running, by=sari, at=NOW)
    close_session(running, by=sari, at=NOW)
    (held,) = sent(phone, mark(running, people[1]))
    assert (held["verdict"], held["seat"]["state"]) == ("held", "absent")


def test_a_strangers_session_is_like_one_that_never_was(
    ask: Caller, ina: User, rina: User, running: Session, people: list[Enrollment], cohort: Cohort
) -> None:
    nowhere = Session(pk=10**9)
    for user in (ina, rina):
        items = sent(
            ask(user),
            mark(running, people[0]),
            mark(nowhere, people[0]),
            walk_in(running, cohort, name="Rukmini", sex="female"),
            walk_in(nowhere, cohort, name="Rukmini", sex="female"),
        )
        assert {(each["verdict"], each["detail"], each["seat"]) for each in items} == {
            ("refused", "There is no such session for you.", None)
        }
    assert not Act.objects.exists()


def test_who_does_not_mark_may_not_send(ask: Caller, joko: User, observer: User) -> None:
    for user in (joko, observer):
        assert ask(user).post(SYNC, {"acts": []}).status_code == 403
    assert ask(None).post(SYNC, {"acts": []}).status_code == 401
    assert ask(joko).get(SYNC).status_code == 405


def test_one_bad_act_blocks_no_other(
    phone: APIClient, running: Session, people: list[Enrollment], cohort: Cohort
) -> None:
    good = mark(running, people[2])
    bad: list[Any] = [
        None,
        7,
        "act",
        [],
        {},
        {"id": "x" * 90, "kind": "mark"},
        {**good, "id": "7"},
        {**good, "id": str(uuid4()), "kind": "dance"},
        {**good, "id": str(uuid4()), "kind": ["mark"]},
        {**good, "id": str(uuid4()), "session": 2**70},
        {**good, "id": str(uuid4()), "enrollment": -1},
        {**good, "id": str(uuid4()), "state": "expected"},
        {**good, "id": str(uuid4()), "minutes": 10**9},
        {**good, "id": str(uuid4()), "minutes": True},
        {**good, "id": str(uuid4()), "made_at": "2026-10-01T09:00:00"},
        {**good, "id": str(uuid4()), "made_at": "9999-12-31T23:59:59Z"},
        {**good, "id": str(uuid4()), "excuse": "sick"},
        walk_in(running, cohort),
        walk_in(running, cohort, name=" ", sex="female"),
        walk_in(running, cohort, name="A\u0007B", sex="female"),
        walk_in(running, cohort, name="Ani", sex="other"),
        walk_in(running, cohort, name="n" * 121, sex="female"),
        walk_in(running, cohort, person={"id": 2**64}),
    ]
    items = sent(phone, *bad, good)
    assert [each for each in items[:-1] if each["verdict"] != "refused" or not each["detail"]] == []
    assert items[-1]["verdict"] == "stored"


def test_the_body_is_bounded(phone: APIClient, running: Session, people: list[Enrollment]) -> None:
    one = mark(running, people[0])
    assert phone.post(SYNC, {"sent_at": moment(0), "acts": [one] * 201}).status_code == 400
    assert phone.post(SYNC, {"sent_at": "yesterday", "acts": [one]}).status_code == 400
    bodies: list[Any] = [{}, {"acts": None}, {"acts": {}}, [], "x", None, 7]
    for body in bodies:
        assert phone.post(SYNC, body, format="json").status_code == 400
    assert phone.post(SYNC, {"acts": []}).data == {"items": []}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WORDS = st.sampled_from(["mark", "walk_in", "present", "late", "excused", "", "sick"]) | JSON


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_hostile_breaks_it(
    phone: APIClient, running: Session, people: list[Enrollment], cohort: Cohort, data: st.DataObject
) -> None:
    base = data.draw(
        st.sampled_from([mark(running, people[0]), walk_in(running, cohort, name="Tini", sex="female")]), label="act"
    )
    for name in data.draw(st.lists(st.sampled_from(sorted([*base, "minutes", "excuse"])), max_size=3)):
        base[name] = data.draw(WORDS, label=name)
    answer = phone.post(SYNC, {"sent_at": moment(0), "acts": [base, mark(running, people[1])]}, format="json")
    assert answer.status_code in {200, 400}, answer.data
    if answer.status_code == 200:
        assert answer.data["items"][1]["verdict"] in {"stored", "overtaken"}


def test_any_number_of_acts_costs_the_same(phone: APIClient, cohort: Cohort, venue: Venue, sari: User) -> None:
    costs = []
    for size in (1, 20):
        EnrollmentFactory.create_batch(size, cohort=cohort)
        session = scheduled(cohort, venue, starts_at=NOW - timedelta(days=size), by=sari)
        made = (NOW - timedelta(days=size) + timedelta(minutes=5)).isoformat()
        seats = session.seats.select_related("enrollment")
        acts = [mark(session, seat.enrollment, made_at=made) for seat in seats]
        with CaptureQueriesContext(connection) as queries:
            assert {each["verdict"] for each in sent(phone, *acts)} == {"stored"}
        costs.append([each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]])
    assert len(costs[0]) == len(costs[1]), "\n".join(costs[1])
