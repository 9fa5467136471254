"""Pages of programs, cohorts, trainers and venues."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from programs.models import Cohort, Program, Requirement, Trainer, Venue
from tests.programs.browsing import press, read
from tests.programs.plans import history
from villages.models import Person, Region, Village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# -- Programs and cohorts ---------------------------------------------------------------------------------------------

PROGRAM: dict[str, Any] = {
    "name": "Desa Devisa 2027",
    "organiser": "LPEI",
    "fiscal_year": "2027",
    "starts_on": "1/1/2027",
    "ends_on": "31 Desember 2027",
    "subsidy_ceiling": "0",
    "sends_h1": "on",
}


def test_program_is_opened_and_its_reminders_switched(desk: Client, sari: User) -> None:
    press(desk, "program-new", **PROGRAM)
    program = Program.objects.get(name="Desa Devisa 2027")
    assert [*program.coordinators.all()] == [sari]
    assert (program.sends_invitation, program.sends_h1, program.ends_on.isoformat()) == (False, True, "2027-12-31")
    press(desk, "program-edit", program.pk, **{**PROGRAM, "sends_invitation": "on"})
    program.refresh_from_db()
    assert program.sends_invitation
    assert history(program) == ["created", "changed"]


def test_program_that_ends_before_it_starts_is_shown_again(desk: Client) -> None:
    page = press(desk, "program-new", status=400, **{**PROGRAM, "ends_on": "1/1/2020"})
    assert "ends after it starts" in page
    assert not Program.objects.filter(name="Desa Devisa 2027").exists()


def test_cohort_is_opened_required_filled_and_left(
    desk: Client, cohort: Cohort, program: Program, parengan: Village, lidia: Person
) -> None:
    days = {"starts_on": "1/2/2026", "ends_on": "30/11/2026"}
    press(desk, "cohort-new", program.pk, village=parengan.pk, name="Angkatan 2", **days)
    press(desk, "cohort-new", program.pk, village=parengan.pk, name="Angkatan 2", status=400, **days)
    second = Cohort.objects.get(name="Angkatan 2")
    press(desk, "cohort-requirements", second.pk, **{"design": "360", "design-attendance": "75", "handholding": "2"})
    owed = Requirement.objects.filter(cohort=second).order_by("module__position")
    assert [*owed.values_list("module", "required", "minimum_attendance")] == [
        ("handholding", 2, 80),
        ("design", 360, 75),
    ]
    press(desk, "cohort-enroll", second.pk, people=[lidia.pk])
    enrollment = second.enrollments.get()
    press(desk, "cohort-enroll", second.pk, people=[lidia.pk], status=400)
    press(desk, "enrollment-withdraw", enrollment.pk, reason=" ", status=400)
    press(desk, "enrollment-withdraw", enrollment.pk, reason="Moved to Surabaya")
    press(desk, "enrollment-withdraw", enrollment.pk, reason="Again", status=409)
    page = read(desk, "cohort-detail", second.pk)
    assert "Lidia Wati" in page
    assert "Moved to Surabaya" in page
    assert "360 minutes" in page


def test_trainer_and_venue_are_added_where_they_are_missed(desk: Client, program: Program, venue: Venue) -> None:
    back = reverse("session-new", args=[program.pk])
    answer = desk.post(reverse("trainer-new"), {"name": "Bu Komang", "phone": "0812 3456 7890", "next": back})
    assert answer["Location"] == back
    assert Trainer.objects.get(name="Bu Komang").phone == "+6281234567890"
    away = desk.post(reverse("venue-new"), {"name": "Sanggar", "region": "35.24.10.2009", "next": "//evil.example/"})
    assert away["Location"] == reverse("schedule")
    assert "No place has this code" in press(desk, "venue-new", name="Sanggar", region="99.99", status=400)
    assert "phone number" in press(desk, "trainer-new", name="Bu Ayu", phone="12", status=400)


@pytest.mark.parametrize("back", ["-1", "1e999", "a\0b", "9999-12-31T23:59"])
def test_way_back_that_is_no_address_breaks_nothing(desk: Client, region: Region, back: str) -> None:
    answer = desk.post(reverse("venue-new"), {"name": "Sanggar", "region": region.pk, "next": back})
    assert (answer.status_code, answer["Location"]) == (302, reverse("schedule"))
    assert Venue.objects.count() == 1
