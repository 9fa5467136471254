"""The past of a program is closed through a day, and opened again."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from common.models import Event
from programs.actions import close_period, reopen_period
from programs.models import Program

pytestmark = pytest.mark.usefixtures("clock")
SEPTEMBER = date(2026, 9, 30)


def verbs(program: Program) -> list[str]:
    return [event.verb for event in Event.objects.about(program).order_by("pk")]


def test_period_is_closed_once_and_later(program: Program, sari: User, at: datetime) -> None:
    for day in (date(2026, 8, 31), SEPTEMBER, SEPTEMBER):
        close_period(program, through=day, by=sari, at=at)
    program.refresh_from_db()
    assert program.closed_through == SEPTEMBER
    assert verbs(program) == ["period_closed", "period_closed"]


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2027, 1, 1), date(2025, 12, 31), date(2026, 7, 31)])
def test_only_days_that_are_over_and_not_closed_are_closed(
    program: Program, sari: User, at: datetime, day: date
) -> None:
    close_period(program, through=date(2026, 8, 31), by=sari, at=at)
    with pytest.raises(ValidationError) as refused:
        close_period(program, through=day, by=sari, at=at)
    assert list(refused.value.message_dict) == ["through"]
    assert verbs(program) == ["period_closed"]


def test_period_is_opened_again_once(program: Program, sari: User, at: datetime) -> None:
    close_period(program, through=SEPTEMBER, by=sari, at=at)
    for _ in range(2):
        reopen_period(program, by=sari, at=at)
    program.refresh_from_db()
    assert program.closed_through is None
    assert verbs(program) == ["period_closed", "period_reopened"]
    close_period(program, through=date(2026, 7, 31), by=sari, at=at)


def test_closed_day_lies_in_the_program(program: Program) -> None:
    with pytest.raises(IntegrityError, match="program_is_closed_after_it_starts"), transaction.atomic():
        Program.objects.filter(pk=program.pk).update(closed_through=date(2020, 1, 1))


def test_page_closes_and_opens(reader: Client, program: Program, sari: User) -> None:
    reader.force_login(sari)
    address = f"/programs/{program.pk}/period/"
    assert "Close a period" in reader.get(f"/programs/{program.pk}/").content.decode()
    wrong = reader.post(address, {"through": "1/10/2026"})
    assert wrong.status_code == 400
    assert "Only days that are over are closed." in wrong.content.decode()
    shown = reader.post(address, {"through": "30/9/2026"}, follow=True).content.decode()
    assert "through Wed, 30 Sep 2026" in shown
    assert "Closed through Wednesday, 30 September 2026." in reader.get(address).content.decode()
    for _ in range(2):
        assert reader.post(f"{address}reopen/").status_code == 302
    program.refresh_from_db()
    assert program.closed_through is None


def test_page_is_for_those_who_run_the_program(
    reader: Client, program: Program, made: User, rina: User, joko: User, observer: User
) -> None:
    for user, status in ((made, 403), (joko, 403), (observer, 403), (rina, 404)):
        reader.force_login(user)
        for tail in ("", "reopen/"):
            assert reader.post(f"/programs/{program.pk}/period/{tail}", {"through": "1/9/2026"}).status_code == status
    program.refresh_from_db()
    assert program.closed_through is None
