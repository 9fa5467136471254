"""Pages of what phones said: the history of the session and of a seat, and the decision on what came too late."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from attendance.actions import take_act
from attendance.models import Act
from programs.models import Attendance, Cohort, Enrollment, Session
from tests.attendance.phones import came, minutes, send, tap
from tests.factories import NOW, EnrollmentFactory
from tests.programs.browsing import read
from villages.models import Village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def waiting(closed: Session, enrolled: Enrollment, made: User) -> Act:
    """Made's phone says that Bu Lidia came, six hours after the sheet was closed."""
    send([tap(closed, enrolled, made=-28)], by=made, at=minutes(6 * 60))
    return Act.objects.get()


def decide(client: Client, session: Session, typed: dict[str, Any]) -> Any:
    return client.post(reverse("session-marks", args=[session.pk]), typed)


def answer(client: Client, session: Session, act: Act, do: str = "take", reason: str = "She signed") -> str:
    page = decide(client, session, {"acts": [str(act.pk)], "reason": reason, do: "yes"})
    return str(page.status_code)


def test_it_says_when_it_was_made_and_when_it_arrived(desk: Client, closed: Session, waiting: Act) -> None:
    page = read(desk, "session-marks", closed.pk)
    assert "from a phone, made at 09.32 WIB, arrived at 16.00 WIB" in page
    assert "The sheet was closed before it arrived." in page
    assert "On the sheet: Absent." in page
    with time_machine.travel(NOW, tick=False):
        assert "1 mark came from a phone when the sheet could not take it." in read(desk, "session-detail", closed.pk)
        assert "1 mark from a phone waits" in read(desk, "home")


def test_taking_corrects_the_sheet_and_dismissing_leaves_it(
    desk: Client, closed: Session, waiting: Act, made: User, enrolled: Enrollment, seat: Attendance
) -> None:
    page = decide(desk, closed, {"acts": [waiting.pk], "reason": "She signed", "take": "yes"})
    assert page.status_code == 302
    seat.refresh_from_db()
    assert (seat.state, seat.source) == ("present", "phone")
    send([tap(closed, enrolled, "late", made=-20)], by=made, at=minutes(6 * 60))
    act = Act.objects.waiting().get()
    assert answer(desk, closed, act, "dismiss", "No") == "302"
    seat.refresh_from_db()
    assert seat.state == "present"
    history = read(desk, "seat-detail", seat.pk)
    for words in ("She signed", "from a phone, made at 09.32 WIB", "Not taken", "Said on phones, and not written"):
        assert words in history
    assert "Mark from a phone not taken" in read(desk, "session-detail", closed.pk)


def test_marks_of_an_open_sheet_are_told_on_the_sheet_and_in_the_history(
    desk: Client, running: Session, enrolled: Enrollment, seat: Attendance, made: User
) -> None:
    send([tap(running, enrolled, made=-58), tap(running, enrolled, "late", made=-28)], by=made, sent_at=minutes(-20))
    assert "Made 09.52 WIB · On a phone" in read(desk, "session-attendance", running.pk)
    assert "Marks from phones" in read(desk, "session-attendance", running.pk)
    assert "from a phone, made at 09.52 WIB, arrived at 10.00 WIB" in read(desk, "session-detail", running.pk)
    page = read(desk, "session-marks", running.pk)
    assert "A later mark stands" in page
    assert "The phone&#x27;s clock was 20 minutes behind." in page
    assert "Waiting for a decision" not in page
    assert "from a phone, made at 09.52 WIB" in read(desk, "seat-detail", seat.pk)


def test_a_sheet_without_phones_says_what_would_stand_here(desk: Client, running: Session) -> None:
    assert "No phone has said anything yet" in read(desk, "session-marks", running.pk)
    assert "Marks from phones" not in read(desk, "session-attendance", running.pk)


def test_who_marks_reads_and_only_who_corrects_decides(
    reader: Client, closed: Session, waiting: Act, made: User
) -> None:
    reader.force_login(made)
    page = read(reader, "session-marks", closed.pk)
    assert "A coordinator decides on these." in page
    assert 'name="take"' not in page
    assert answer(reader, closed, waiting) == "403"
    assert Act.objects.waiting().exists()


def test_wrong_roles_and_strangers_read_nothing(
    reader: Client, closed: Session, waiting: Act, ina: User, rina: User, joko: User, observer: User
) -> None:
    for user, status in ((ina, 404), (rina, 404), (joko, 403), (observer, 403)):
        reader.force_login(user)
        assert reader.get(reverse("session-marks", args=[closed.pk])).status_code == status
        assert answer(reader, closed, waiting) == str(status)


def test_a_decision_needs_a_choice_and_a_reason_and_is_made_once(
    desk: Client, closed: Session, waiting: Act, sari: User
) -> None:
    assert answer(desk, closed, waiting, reason=" ") == "400"
    empty = decide(desk, closed, {"reason": "Typed", "take": "yes"})
    assert "Choose at least one." in empty.content.decode()
    assert "Typed" in empty.content.decode()
    take_act(waiting, reason="Another hand", by=sari, at=NOW)
    late = decide(desk, closed, {"acts": [waiting.pk], "reason": "x", "take": "yes"})
    assert late.status_code == 400
    for key in ("x", uuid4(), "\0"):
        assert decide(desk, closed, {"acts": [key], "reason": "x"}).status_code == 400


def test_what_cannot_be_taken_is_told_with_the_name_and_the_rest_is_done(
    desk: Client, closed: Session, cohort: Cohort, waiting: Act, made: User, elsewhere: Village
) -> None:
    send([came(closed, cohort, name="Rukmini", sex="")], by=made)
    chosen = {"acts": [each.pk for each in Act.objects.waiting()], "reason": "x", "take": "yes"}
    page = decide(desk, closed, chosen)
    assert page.status_code == 409
    assert "Rukmini: Say whether it is a woman or a man." in page.content.decode()
    assert Act.objects.waiting().get().name == "Rukmini"


def test_of_a_joint_session_a_mentor_reads_their_villages(
    reader: Client, closed: Session, waiting: Act, cohort: Cohort, made: User, elsewhere: Village
) -> None:
    foreign = EnrollmentFactory.create(cohort__program=cohort.program, cohort__village=elsewhere)
    seat = closed.seats.create(enrollment=foreign)
    Act.objects.create(
        id=uuid4(),
        kind="mark",
        session=closed,
        seat=seat,
        state="present",
        digest="x",
        by=made,
        outcome="waiting",
        wait="closed",
        made_at=NOW,
        acted_at=NOW,
        received_at=NOW,
    )
    reader.force_login(made)
    page = read(reader, "session-marks", closed.pk)
    assert "Lidia Wati" in page
    assert foreign.person.name not in page


def test_it_speaks_indonesian(client: Client, closed: Session, waiting: Act, sari: User) -> None:
    client.force_login(sari)
    page = client.get(reverse("session-marks", args=[closed.pk])).content.decode()
    assert "dari HP, dicatat pukul 09.32 WIB, tiba pukul 16.00 WIB" in page


def test_any_number_of_acts_costs_the_same(
    desk: Client, closed: Session, waiting: Act, cohort: Cohort, made: User, at: datetime
) -> None:
    costs = []
    for count in (1, 7):
        for place in range(count - 1):
            send([came(closed, cohort, name=f"Tamu {place}", sex="male")], by=made, at=at + timedelta(hours=1))
        for name in ("session-marks", "session-detail", "home"):
            with CaptureQueriesContext(connection) as queries:
                read(desk, name, *([closed.pk] if name != "home" else []))
            costs.append(len(queries))
    assert costs[:3] == costs[3:]
    assert len(Act.objects.waiting()) == 7
