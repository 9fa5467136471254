"""Pages of the schedule, of sessions and of their sheets."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from programs.actions import cancel_session, reschedule_session
from programs.models import Cohort, Program, Session, Trainer, Venue
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory, VenueFactory, reachable_person
from tests.programs.browsing import TYPED, press, read
from tests.programs.plans import START, TWO_HOURS, draft, history
from villages.models import Person, Village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# -- The schedule -----------------------------------------------------------------------------------------------------


def test_schedule_places_a_session_on_the_day_of_its_place(
    desk: Client, cohort: Cohort, venue: Venue, sari: User
) -> None:
    late = START.replace(hour=16, minute=30)  # 23.30 WIB on Thursday, already Friday further east
    draft(cohort, venue, topic="Night dyes", starts_at=late, by=sari)
    page = read(desk, "schedule")
    assert "Schedule, October 2026" in page
    assert "Night dyes" in page
    found = Session.objects.get(topic="Night dyes")
    assert page.count(f'href="/sessions/{found.pk}/"') == 2, "once in the grid and once in the list"
    day = page.index("Thursday, 8 October 2026")
    assert "Night dyes" in page[day:]
    assert "Friday, 9 October 2026" not in page


def test_schedule_goes_from_month_to_month_and_keeps_its_filters(desk: Client, session: Session) -> None:
    page = read(desk, "schedule", month="2026-11", module="design")
    assert "Natural dyes" not in page
    assert "month=2026-10&amp;module=design" in page
    assert "month=2026-12&amp;module=design" in page
    assert "Natural dyes" in read(desk, "schedule", month="2026-10", module="design")


@pytest.mark.parametrize("month", ["", "2026-13", "0000-01", "9999-99", "x", "2026-10-01"])
def test_schedule_reads_a_wrong_month_as_this_one(desk: Client, month: str) -> None:
    assert "October 2026" in read(desk, "schedule", month=month)


def test_schedule_is_narrowed_by_the_address(desk: Client, session: Session, parengan: Village) -> None:
    for right in ({"village": str(parengan.pk)}, {"program": str(session.program_id)}, {"state": "scheduled"}):
        assert "Natural dyes" in read(desk, "schedule", **right)
    for other in ({"module": "branding"}, {"state": "closed"}):
        assert "Natural dyes" not in read(desk, "schedule", **other)


@pytest.mark.parametrize("wrong", [{"village": "999999"}, {"program": "x"}, {"module": "sewing"}, {"state": "lost"}])
def test_schedule_says_a_wrong_filter_beside_its_field(desk: Client, session: Session, wrong: dict[str, str]) -> None:
    page = read(desk, "schedule", status=400, **wrong)
    assert "Natural dyes" not in page
    assert "field-error" in page


def test_schedule_shows_only_what_one_may_see(client: Client, session: Session, rina: User, ina: User) -> None:
    for stranger in (rina, ina):
        client.force_login(stranger)
        assert "Natural dyes" not in read(client, "schedule")


# -- Planning ---------------------------------------------------------------------------------------------------------


def plan_of(cohort: Cohort, venue: Venue, /, *trainers: Trainer, **other: Any) -> dict[str, Any]:
    return {
        "module": "design",
        "cohorts": [cohort.pk],
        "trainers": [trainer.pk for trainer in trainers],
        "venue": venue.pk,
        "mode": "in_person",
        **TYPED,
        **other,
    }


def test_session_is_planned_in_the_time_of_its_venue(
    desk: Client, program: Program, cohort: Cohort, venue: Venue, trainer: Trainer
) -> None:
    press(desk, "session-new", program.pk, **plan_of(cohort, venue, trainer, topic="Markets", capacity=20))
    session = Session.objects.get()
    assert session.starts_at.isoformat() == "2026-10-09T02:00:00+00:00"
    assert (session.state, session.minutes, session.capacity, session.topic) == ("draft", 150, 20, "Markets")
    assert [*session.trainers.all()] == [trainer]


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"day": "10/13/2026"}, "day, month, year"),
        ({"day": ""}, "required"),
        ({"starts": "25.00"}, "hour and minute"),
        ({"ends": "08.00"}, "ends after it starts"),
        ({"cohorts": []}, "required"),
        ({"venue": ""}, "has a venue"),
        ({"module": "sewing"}, "valid choice"),
        ({"capacity": "0"}, "greater than or equal"),
    ],
)
def test_session_that_is_typed_wrong_is_shown_again(
    desk: Client, program: Program, cohort: Cohort, venue: Venue, wrong: dict[str, Any], word: str
) -> None:
    page = press(desk, "session-new", program.pk, status=400, **plan_of(cohort, venue, topic="Kept words", **wrong))
    assert word in page
    assert "Kept words" in page
    assert not Session.objects.exists()


def test_session_that_overlaps_is_refused_with_the_name_of_the_other(
    desk: Client, program: Program, session: Session, cohort: Cohort, venue: Venue
) -> None:
    typed = plan_of(cohort, venue, day="8 Oktober 2026", starts="11.00", ends="12.00")
    page = press(desk, "session-new", program.pk, status=409, **typed)
    assert "already has “Natural dyes” on Thursday, 8 October 2026, 10.00–12.00 WIB" in page
    assert Session.objects.count() == 1


def test_session_of_another_programs_cohort_cannot_be_planned(
    desk: Client, program: Program, venue: Venue, rina: User
) -> None:
    foreign = CohortFactory.create(program=rina.coordinated_programs.get())
    assert "valid choice" in press(desk, "session-new", program.pk, status=400, **plan_of(foreign, venue))


def test_the_one_program_is_chosen_by_itself(desk: Client, program: Program, sari: User) -> None:
    answer = desk.get(reverse("session-choose"))
    assert answer["Location"] == reverse("session-new", args=[program.pk])


def test_draft_is_changed_until_it_is_promised(desk: Client, planned: Session, cohort: Cohort, venue: Venue) -> None:
    page = read(desk, "session-edit", planned.pk)
    assert 'value="2026-10-08"' in page
    assert 'value="10:00"' in page
    press(desk, "session-edit", planned.pk, **plan_of(cohort, venue, topic="Other dyes"))
    planned.refresh_from_db()
    assert (planned.topic, planned.starts_at.day) == ("Other dyes", 9)
    press(desk, "session-schedule", planned.pk)
    again = press(desk, "session-edit", planned.pk, status=409, **plan_of(cohort, venue, topic="Too late"))
    assert "no longer a draft" in again


def test_who_will_be_told_is_shown_before_the_press(desk: Client, planned: Session, cohort: Cohort) -> None:
    lidia = Person.objects.get(name="Lidia Wati")
    number = lidia.contact_points.get()
    EnrollmentFactory.create(cohort=cohort, person=reachable_person(cohort.village, number=number, name="Budi Hartono"))
    EnrollmentFactory.create(cohort=cohort, person=PersonFactory.create(village=cohort.village, name="Siti Aminah"))
    page = read(desk, "session-schedule", planned.pk)
    assert "Lidia" in page
    assert "Budi" in page
    assert "Siti Aminah" in page
    assert "No number" in page
    assert number.number not in page


def test_scheduling_twice_promises_once(desk: Client, planned: Session) -> None:
    press(desk, "session-schedule", planned.pk)
    press(desk, "session-schedule", planned.pk, status=409)
    assert history(planned) == ["planned", "scheduled"]
    assert planned.seats.count() == 1


# -- When plans change ------------------------------------------------------------------------------------------------


def move_of(session: Session, **other: Any) -> dict[str, Any]:
    return {**TYPED, "venue": session.venue_id, "reason": "Market day", "revision": session.revision, **other}


def test_session_is_moved_with_a_reason_and_both_times_are_told(desk: Client, session: Session) -> None:
    assert "Lidia" in read(desk, "session-reschedule", session.pk)
    press(desk, "session-reschedule", session.pk, **move_of(session))
    page = read(desk, "session-detail", session.pk)
    assert "Market day" in page
    assert "8 Oct 2026, 10.00–12.00 WIB" in page
    assert "9 Oct 2026, 09.00–11.30 WIB" in page


def test_the_message_can_be_read_before_the_press(desk: Client, session: Session) -> None:
    page = press(desk, "session-reschedule", session.pk, status=200, look="yes", **move_of(session))
    assert "Jumat, 9 Oktober 2026, 09.00–11.30 WIB" in page
    assert "Market day" in page
    page = press(desk, "session-cancel", session.pk, status=200, look="yes", reason="Hall flooded", revision=1)
    assert page.count("Hall flooded") == 2
    press(desk, "session-cancel", session.pk, status=200, look="yes", reason="", revision=1)
    page = press(desk, "session-reschedule", session.pk, status=200, look="yes", **move_of(session, reason=""))
    assert "Jumat, 9 Oktober 2026, 09.00–11.30 WIB" in page
    press(desk, "session-cancel", session.pk, status=400, reason="", revision=1)
    assert history(session) == ["planned", "scheduled"]


def test_a_program_without_invitations_says_so(desk: Client, planned: Session) -> None:
    Program.objects.update(sends_invitation=False)
    assert "sends no invitations" in read(desk, "session-schedule", planned.pk)


def test_session_is_not_moved_twice_by_two_tabs(desk: Client, session: Session) -> None:
    typed = move_of(session)
    press(desk, "session-reschedule", session.pk, **typed)
    assert "Someone else changed this" in press(
        desk, "session-reschedule", session.pk, status=409, **{**typed, "day": "12/10/2026"}
    )
    session.refresh_from_db()
    assert (session.revision, session.starts_at.day) == (2, 9)


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"day": "31/9/2026"}, {"venue": ""}, {"ends": "08.00"}])
def test_session_is_not_moved_by_half_a_form(desk: Client, session: Session, wrong: dict[str, str]) -> None:
    press(desk, "session-reschedule", session.pk, status=400, **move_of(session, **wrong))
    session.refresh_from_db()
    assert session.revision == 1


def test_moving_to_a_venue_in_another_zone_takes_its_time(desk: Client, session: Session, elsewhere: Village) -> None:
    far = VenueFactory.create(region=elsewhere.region)
    press(desk, "session-reschedule", session.pk, **move_of(session, venue=far.pk))
    session.refresh_from_db()
    assert (session.zone, session.starts_at.hour) == ("Asia/Makassar", 1)


def test_session_is_cancelled_once_with_a_reason(desk: Client, session: Session) -> None:
    assert "Lidia" in read(desk, "session-cancel", session.pk)
    press(desk, "session-cancel", session.pk, reason="", revision=1, status=400)
    press(desk, "session-cancel", session.pk, reason="Hall flooded", revision=1)
    press(desk, "session-cancel", session.pk, reason="Again", revision=1, status=409)
    page = read(desk, "session-detail", session.pk)
    assert "Cancelled: Hall flooded" in page
    assert history(session) == ["planned", "scheduled", "cancelled"]


def test_history_tells_who_did_what(desk: Client, session: Session, sari: User, at: datetime) -> None:
    later = START + timedelta(days=1)
    reschedule_session(session, starts_at=later, ends_at=later + TWO_HOURS, reason="Rain", by=sari, at=at)
    cancel_session(session, reason="Flood", by=sari, at=at)
    page = read(desk, "session-detail", session.pk)
    told = [page.index(word) for word in ("Cancelled</div>", "Rescheduled</div>", "Scheduled</div>", "Planned</div>")]
    assert told == sorted(told)
    assert page.count("· Sari") >= 4


@pytest.mark.parametrize("role", ["observer", "joko"])
def test_names_of_participants_are_for_those_who_work_with_them(
    client: Client, session: Session, cohort: Cohort, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    for name, row in (("session-detail", session), ("cohort-detail", cohort)):
        assert "Lidia" not in read(client, name, row.pk)
