"""Saying “I am here” from one's own link, with the code of the room."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from attendance.actions import Mark, close_check_in, mark_attendance, open_check_in
from attendance.door import code_of
from programs.models import Attendance, Session
from programs.states import AttendanceState
from villages.links import token_of
from villages.models import ContactPoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(session: Session, clock: time_machine.Traveller) -> Session:
    """Five minutes after it began."""
    clock.move_to(session.starts_at + timedelta(minutes=5))
    return session


@pytest.fixture
def siti(session: Session) -> Attendance:
    """One of the two who share the number."""
    return Attendance.objects.get(session=session, enrollment__person__name="Siti Aminah")


@pytest.fixture
def code(begun: Session, sari: User) -> str:
    """What stands on the wall."""
    return code_of(open_check_in(begun, by=sari, at=begun.starts_at))


def type_code(client: Client, home: str, seat: Attendance, code: str, status: int = 303) -> str:
    given = {"person": seat.enrollment.person_id, "code": code}
    answer = client.post(f"{home}/here/{seat.session_id}/", given)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def page_of(client: Client, home: str, seat: Attendance) -> str:
    return client.get(home, {"p": seat.enrollment.person_id}).content.decode()


def test_member_types_the_code_and_is_marked_alone(client: Client, home: str, siti: Attendance, code: str) -> None:
    assert "Saya di sini" in page_of(client, home, siti) or "I am here" in page_of(client, home, siti)
    type_code(client, home, siti, f"{code[:3]} {code[3:]}")
    siti.refresh_from_db()
    assert (siti.state, siti.source, siti.marked_by) == ("present", "self", None)
    assert Attendance.objects.filter(state="present").count() == 1
    page = page_of(client, home, siti)
    assert 'name="code"' not in page
    type_code(client, home, siti, code)
    assert siti.marks.count() == 1


def test_code_is_asked_only_while_it_counts(
    client: Client, home: str, siti: Attendance, session: Session, sari: User, clock: time_machine.Traveller
) -> None:
    assert 'name="code"' not in page_of(client, home, siti)
    clock.move_to(session.starts_at - timedelta(minutes=20))
    open_check_in(session, by=sari, at=session.starts_at - timedelta(minutes=20))
    assert 'name="code"' in page_of(client, home, siti)
    close_check_in(session, by=sari, at=session.starts_at)
    assert 'name="code"' not in page_of(client, home, siti)


def test_wrong_code_is_told_and_marks_nobody(client: Client, home: str, siti: Attendance, code: str) -> None:
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert 'role="alert"' in type_code(client, home, siti, wrong, status=409)
    assert not Attendance.objects.exclude(state="expected").exists()


def test_wrong_code_keeps_who_was_chosen_and_is_told_beside_the_field(
    client: Client, home: str, siti: Attendance, code: str
) -> None:
    wrong = f"{(int(code) + 1) % 10**6:06}"
    page = type_code(client, home, siti, wrong, status=409)
    person, field = siti.enrollment.person_id, f"wrong-{siti.session_id}"
    assert f'name="person" value="{person}"' in page
    assert f'aria-describedby="{field}"' in page
    assert page.count('role="alert"') == 1
    assert page.index(f'id="{field}"') < page.index('name="code"')
    assert f'href="{home}?p={person}"' in page, "other names lead to the page, not to where the code was sent"
    assert f'href="{home}?lang=en&amp;p={person}"' in page
    assert type_code(client, home, siti, code) == ""


def test_code_that_no_longer_counts_is_told_above(
    client: Client, home: str, siti: Attendance, code: str, sari: User
) -> None:
    close_check_in(siti.session, by=sari, at=siti.session.starts_at + timedelta(minutes=6))
    page = type_code(client, home, siti, code, status=409)
    assert 'role="alert"' in page
    assert 'name="code"' not in page


def test_trainers_mark_stands(client: Client, home: str, siti: Attendance, code: str, sari: User, at: datetime) -> None:
    later = siti.session.starts_at + timedelta(minutes=1)
    mark_attendance(siti.session, marks=[Mark(siti.enrollment_id, AttendanceState.ABSENT)], by=sari, at=later)
    type_code(client, home, siti, code)
    siti.refresh_from_db()
    assert (siti.state, siti.marked_by) == ("absent", sari)


def test_link_of_another_household_marks_nobody_here(
    client: Client, stranger: ContactPoint, siti: Attendance, code: str
) -> None:
    type_code(client, f"/s/{token_of(stranger)}", siti, code, status=303)  # its one member, never Siti
    siti.refresh_from_db()
    assert siti.state == "expected"
    type_code(client, "/s/1-aaaaaaaaaaaaaaaa", siti, code, status=404)


def test_looking_marks_nobody_and_nothing_is_kept(client: Client, home: str, siti: Attendance, code: str) -> None:
    assert client.get(f"{home}/here/{siti.session_id}/").status_code == 405
    answer = client.get(home)
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_page_still_takes_one_query(client: Client, home: str, siti: Attendance, code: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get(home)
    assert len(queries) == 1


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_code_leads_to_three_steps_and_knows_nobody(client: Client, language: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/s/code{language}")
    assert answer.status_code == 200
    assert not queries
    assert "<form" not in answer.content.decode()
