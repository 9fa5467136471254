"""Pages that gather rows of many kinds ask the same number of questions for one of each and for many."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.actions.intake import check_import, open_import
from programs.models import Cohort, Trainer, Venue
from tests import factories
from tests.factories import NOW
from tests.programs.intake.lists import HEAD, people, xlsx

MANY = 12
LISTS = ["", "schedule", "sessions", "attendance/absences", "people/duplicates", "sessions/shift", "calendar-blocks"]
LISTS += ["trainers", "venues", "programs", "villages", "progress", "messages", "messages/inbox", "consents"]
LISTS += ["visits", "visits/review", "action-items", "units", "units/uninventoried"]
LISTS += ["reports", "reports/villages", "reports/regions/frozen"]
OF_COHORT = ["", "series/", "enroll/", "certificates/", "import/", "progress/"]
OF_PROGRAM = ["", "import/", "sessions/new/", "letterhead/"]
OF_PAST = [
    "",
    "attendance/",
    "numbers/",
    "photos/",
    "marks/",
    "walk-in/",
    "papers/",
    "papers/attendance-sheet/",
    "minutes/",
]
OF_AHEAD = ["", "reschedule/", "cancel/", "trainers/", "papers/"]


class World:
    """Rows of every kind around one cohort."""

    def __init__(self, cohort: Cohort, trainer: Trainer, venue: Venue, by: User) -> None:
        """Begin with one of each."""
        self.cohort, self.trainer, self.venue, self.by, self.days = cohort, trainer, venue, by, 0
        self.mentor = factories.AssignmentFactory.create(village=cohort.village).mentor
        self.unit = factories.BusinessUnitFactory.create(village=cohort.village)
        self.handover = factories.HandoverFactory.create(village=cohort.village, giver=self.mentor)
        self.grow()

    def grow(self) -> None:
        """Add one of each."""
        self.days += 1
        cohort, day = self.cohort, timedelta(days=self.days)
        given = {"program": cohort.program, "cohorts": [cohort], "trainers": [self.trainer], "venue": self.venue}
        ahead = factories.SessionFactory.create(starts_at=NOW + day, state="scheduled", **given)
        past = factories.SessionFactory.create(starts_at=NOW - day, state="held", **given)
        factories.SessionFactory.create(starts_at=NOW + day + timedelta(hours=5), state="draft", **given)
        for state in ("accepted", "waitlisted"):
            person = factories.reachable_person(cohort.village, name=f"Siti {self.days}", birth_year=1980)
            factories.EnrollmentFactory.create(cohort=cohort, person=person, state=state)
            factories.ReplyFactory.create(contact_point=person.contact_points.get())
        seat = factories.EnrollmentFactory.create(cohort=cohort)
        factories.AttendanceFactory.create(session=ahead, enrollment=seat)
        marked = factories.MarkedSeatFactory.create(session=past, enrollment=seat)
        factories.ActFactory.create(seat=marked)
        date = (NOW + day).date()
        factories.CalendarBlockFactory.create(region_id="35.24", starts_on=date, ends_on=date)
        factories.SheetPhotoFactory.create(session=past)
        visit = factories.VisitFactory.create(cohort=cohort, mentor=self.mentor, state="submitted", submitted_at=NOW)
        factories.ActionItemFactory.create(visit=visit, due_on=date)
        factories.PhotoFactory.create(visit=visit)
        factories.HeldVersionFactory.create(visit=visit)
        lead = factories.BusinessUnitFactory.create(village=cohort.village, inventory_state="lead")
        for unit in (lead, self.unit):
            factories.LicenceFactory.create(business_unit=unit)
            factories.ProductUnitFactory.create(business_unit=unit, name=f"lot {self.days}")
        other = factories.CohortFactory.create(program=cohort.program)
        factories.EnrollmentFactory.create(cohort=other, person__village=other.village)


def imported(cohort: Cohort, count: int, by: User) -> str:
    """Check a list of so many people and give its address."""
    data = xlsx([HEAD, *people(count)])
    batch = open_import(program=cohort.program, cohort=cohort, data=data, file_name="a.xlsx", by=by, at=NOW)
    check_import(batch, by=by, at=NOW)
    return f"/imports/{batch.pk}/"


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return len(found)


@pytest.mark.usefixtures("clock")
def test_pages_ask_the_same_for_one_row_and_for_many(
    client: Client, cohort: Cohort, trainer: Trainer, venue: Venue, sari: User
) -> None:
    world = World(cohort, trainer, venue, sari)
    factories.lay_criteria()
    few, long = (imported(cohort, count, sari) for count in (3, 40))
    first = cohort.bookings.order_by("session__starts_at").select_related("session")
    past, ahead = (first.filter(session__state=state)[0].session_id for state in ("held", "scheduled"))
    person = cohort.people.order_by("pk")[0].pk
    pages = [
        *(f"/{page}/" if page else "/" for page in LISTS),
        *(f"/cohorts/{cohort.pk}/{tail}" for tail in OF_COHORT),
        *(f"/programs/{cohort.program_id}/{tail}" for tail in OF_PROGRAM),
        *(f"/sessions/{past}/{tail}" for tail in OF_PAST),
        *(f"/sessions/{ahead}/{tail}" for tail in OF_AHEAD),
        *(f"/villages/{cohort.village_id}/", f"/villages/{cohort.village_id}/people/"),
        *(f"/villages/{cohort.village_id}/{tail}/" for tail in ("consents", "stage", "units", "units/new")),
        f"/units/{world.unit.pk}/",
        f"/handovers/{world.handover.pk}/",
        f"/reports/mentoring/?mentor={world.mentor.pk}&village={cohort.village_id}&month={NOW:%Y-%m}",
        f"/reports/villages/{cohort.village_id}/",
        f"/reports/regions/?program={cohort.program_id}&month={NOW:%Y-%m}",
        *(f"/people/{person}/", f"/people/{person}/merge/", f"/trainers/{trainer.pk}/", f"/venues/{venue.pk}/"),
    ]
    client.force_login(sari)
    before = {}
    for page in pages:
        asked(client, page)
        before[page] = asked(client, page)
    for _ in range(MANY):
        world.grow()
    for _ in range(MANY):
        seat = factories.EnrollmentFactory.create(cohort=cohort)
        factories.AttendanceFactory.create(session_id=ahead, enrollment=seat)
        marked = factories.MarkedSeatFactory.create(session_id=past, enrollment=seat)
        factories.ActFactory.create(seat=marked)
        factories.SheetPhotoFactory.create(session_id=past)
    after = {page: asked(client, page) for page in pages}
    before["import"], after["import"] = asked(client, few), asked(client, long)
    wrong = {page: (before[page], after[page]) for page in after if after[page] > before[page]}
    assert not wrong, wrong
