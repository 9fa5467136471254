"""What speaks against a time, and how it is answered."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from almanac.states import BlockKind, Effect
from common.errors import Refused
from common.models import Event
from programs.actions import change_session, reschedule_session, schedule_session
from programs.cautions import CAPACITY, TRAVEL, Warned, cautions, cautions_of, surroundings
from programs.models import Cohort, Program, Session, Trainer, Venue
from programs.states import SessionMode, SessionState
from programs.taken import Taken
from tests.factories import (
    CalendarBlockFactory,
    CohortFactory,
    EnrollmentFactory,
    ProgramFactory,
    VenueFactory,
    VillageFactory,
    VillageRegionFactory,
    lay_region,
)
from tests.programs.plans import START, TWO_HOURS, draft, scheduled

pytestmark = pytest.mark.django_db
END = START + TWO_HOURS
LATER = START + timedelta(days=7)


def facts_of(session: Session) -> dict[str, Any]:
    """Read what the last event kept."""
    facts: dict[str, Any] = Event.objects.about(session).order_by("-pk")[0].facts
    return facts


def said(program: Program, taken: Taken, **given: Any) -> list[str]:
    """Read the sentences of next Thursday, ten to twelve."""
    return [caution.sentence for caution in cautions(program, taken, START, END, **given)]


def test_calendar_of_every_village_and_of_the_venue_counts(program: Program, cohort: Cohort) -> None:
    other = CohortFactory.create(program=program, village=VillageFactory.create(region=lay_region("35.24.11.2001")))
    VillageRegionFactory.create(village=other.village, region=lay_region("35.24.12.2001"))
    VillageRegionFactory.create(
        village=other.village, region=lay_region("35.24.13.2001"), left_on=date(2026, 6, 1), joined_on=date(2026, 1, 1)
    )
    venue = VenueFactory.create(region=lay_region("35.24.14.2001"))
    for code in ("35.24.10.2009", "35.24.11.2001", "35.24.12.2001", "35.24.13.2001", "35.24.14.2001"):
        CalendarBlockFactory.create(name=code, region_id=code)
    assert said(program, Taken([cohort, other], [], venue)) == [
        "35.24.10.2009",
        "35.24.11.2001",
        "35.24.12.2001",
        "35.24.14.2001",
    ]


def test_way_from_another_venue_is_warned_of(
    program: Program, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User
) -> None:
    other, far = CohortFactory.create(program=program), VenueFactory.create(name="Far hall")
    draft(other, far, trainers=[trainer], topic="Loom care", starts_at=START - timedelta(minutes=140), by=sari)
    draft(other, far, trainers=[trainer], topic="Ledgers", starts_at=END, by=sari)
    taken = Taken([cohort], [trainer], venue)
    assert said(program, taken, by=sari) == [
        "Pak Wayan has “Loom care” at Far hall until 09.40 WIB. 20 minutes for the way, the program asks for 60.",
        "Pak Wayan has “Ledgers” at Far hall from 12.00 WIB. 0 minutes for the way, the program asks for 60.",
    ]
    program.travel_buffer = 20
    assert len(said(program, taken, by=sari)) == 1
    program.travel_buffer = 0
    assert said(program, taken, by=sari) == []


def test_back_to_back_at_one_venue_and_online_need_no_way(
    program: Program, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User
) -> None:
    other = CohortFactory.create(program=program)
    draft(other, venue, trainers=[trainer], starts_at=START - TWO_HOURS, by=sari)
    draft(other, None, trainers=[trainer], mode=SessionMode.ONLINE, starts_at=END, by=sari)
    assert said(program, Taken([cohort], [trainer], venue), by=sari) == []
    assert said(program, Taken([cohort], [trainer], None), by=sari) == []


def test_another_programs_session_is_not_named(
    program: Program, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User
) -> None:
    hidden = CohortFactory.create(program=ProgramFactory.create())
    draft(hidden, VenueFactory.create(name="Far hall"), trainers=[trainer], topic="Secret", starts_at=END, by=sari)
    taken = Taken([cohort], [trainer], venue)
    for by in (sari, None):
        assert said(program, taken, by=by) == [
            "Pak Wayan is elsewhere from 12.00 WIB. 0 minutes for the way, the program asks for 60."
        ]


def test_more_people_than_places_is_warned_of(program: Program, cohort: Cohort, venue: Venue) -> None:
    EnrollmentFactory.create_batch(3, cohort=cohort)
    venue.capacity = 2
    taken = Taken([cohort], [], venue)
    assert said(program, taken) == ["3 people take part; Balai Desa Parengan holds 2."]
    assert said(program, taken, capacity=1) == ["3 people take part; this session has room for 1."]
    venue.capacity = 3
    assert said(program, taken, capacity=3) == []


def test_person_in_two_cohorts_takes_one_place(program: Program, cohort: Cohort, venue: Venue) -> None:
    person = EnrollmentFactory.create(cohort=cohort).person
    other = CohortFactory.create(program=program, village=cohort.village)
    EnrollmentFactory.create(cohort=other, person=person)
    assert said(program, Taken([cohort, other], [], venue), capacity=1) == []


def test_queries_are_the_same_for_one_and_for_many(
    program: Program, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User, django_assert_num_queries: Any
) -> None:
    venue.capacity = 1
    for step in range(7):
        CalendarBlockFactory.create(region_id="35.24")
        other = CohortFactory.create(program=program, village=cohort.village)
        draft(
            other, VenueFactory.create(), trainers=[trainer], starts_at=START + timedelta(hours=3 + 2 * step), by=sari
        )
    several = [cohort, *CohortFactory.create_batch(6, program=program)]
    for cohorts in ([cohort], several):
        with django_assert_num_queries(4):
            cautions(program, Taken(cohorts, [trainer], venue), START, END, by=sari)
    with django_assert_num_queries(4):
        around = surroundings(program, Taken(several, [trainer], venue), START, START + timedelta(days=30), by=sari)
        assert all(around.cautions(START + timedelta(hours=hour), END + timedelta(hours=hour)) for hour in range(12))


def test_program_that_has_not_looked_goes_on_and_it_is_written_down(cohort: Cohort, venue: Venue, sari: User) -> None:
    block = CalendarBlockFactory.create(kind=BlockKind.RAMADAN)
    session = draft(cohort, venue, by=sari)
    assert session.override_reason == ""
    assert facts_of(session)["passed"] == [{"kind": "ramadan", "block": block.pk}]
    assert facts_of(session)["override_reason"] == ""
    assert [caution.kind for caution in cautions_of(session, by=sari)] == ["ramadan"]


@pytest.mark.parametrize("blank", ["", "  \n"])
def test_person_is_asked_why(cohort: Cohort, venue: Venue, sari: User, blank: str) -> None:
    CalendarBlockFactory.create(name="Holiday")
    with pytest.raises(Warned) as warned:
        draft(cohort, venue, override=blank, by=sari)
    assert [caution.sentence for caution in warned.value.cautions] == ["Holiday"]
    assert str(warned.value) == "Holiday Say why you plan it anyway."
    assert not Session.objects.exists()


def test_reason_is_kept_with_the_session(cohort: Cohort, venue: Venue, sari: User) -> None:
    CalendarBlockFactory.create()
    session = draft(cohort, venue, override=" The weavers asked for it ", by=sari)
    assert session.override_reason == facts_of(session)["override_reason"] == "The weavers asked for it"


def test_reason_without_a_warning_is_not_kept(cohort: Cohort, venue: Venue, sari: User) -> None:
    session = draft(cohort, venue, override="Just in case", by=sari)
    assert session.override_reason == ""
    assert "passed" not in facts_of(session)


def test_reason_beyond_its_column_is_refused_in_words(cohort: Cohort, venue: Venue, sari: User) -> None:
    CalendarBlockFactory.create()
    with pytest.raises(ValidationError, match="at most 300"):
        draft(cohort, venue, override="a" * 301, by=sari)


@pytest.mark.parametrize("override", [None, "", "The weavers asked for it"])
def test_what_blocks_is_overridden_by_nobody(cohort: Cohort, venue: Venue, sari: User, override: str | None) -> None:
    CalendarBlockFactory.create(name="Haul desa", kind=BlockKind.VILLAGE_EVENT, effect=Effect.BLOCK)
    with pytest.raises(Refused, match="Haul desa: nothing is planned then") as refusal:
        draft(cohort, venue, override=override, by=sari)
    assert not isinstance(refusal.value, Warned)
    assert not Session.objects.exists()


def test_changing_a_draft_asks_anew(cohort: Cohort, venue: Venue, sari: User, at: Any) -> None:
    session = draft(cohort, venue, by=sari)
    CalendarBlockFactory.create(starts_on=LATER.date())
    given: dict[str, Any] = {name: getattr(session, name) for name in ("module", "mode", "venue")}
    given |= {"cohorts": [cohort], "trainers": [], "starts_at": LATER, "ends_at": LATER + TWO_HOURS}
    with pytest.raises(Warned):
        change_session(session, **given, override="", by=sari, at=at)
    change_session(session, **given, override="No other week", by=sari, at=at)
    session.refresh_from_db()
    assert (session.starts_at, session.override_reason) == (LATER, "No other week")
    assert facts_of(session)["override_reason"] == "No other week"


def test_scheduling_asks_and_keeps_the_reason_in_the_promise(cohort: Cohort, venue: Venue, sari: User, at: Any) -> None:
    session = draft(cohort, venue, by=sari)
    CalendarBlockFactory.create()
    with pytest.raises(Warned):
        schedule_session(session, override="", by=sari, at=at)
    session.refresh_from_db()
    assert session.state == SessionState.DRAFT
    schedule_session(session, override="They weave at night", by=sari, at=at)
    session.refresh_from_db()
    assert session.override_reason == session.revisions.get().override_reason == "They weave at night"


def test_scheduling_by_a_program_keeps_the_drafts_reason(cohort: Cohort, venue: Venue, sari: User, at: Any) -> None:
    CalendarBlockFactory.create()
    session = draft(cohort, venue, override="They weave at night", by=sari)
    schedule_session(session, by=sari, at=at)
    assert session.revisions.get().override_reason == "They weave at night"


def test_rescheduling_asks_and_forgets_the_old_reason(cohort: Cohort, venue: Venue, sari: User, at: Any) -> None:
    CalendarBlockFactory.create()
    CalendarBlockFactory.create(starts_on=LATER.date())
    session = scheduled(cohort, venue, override="They weave at night", by=sari)
    times = {"starts_at": LATER, "ends_at": LATER + TWO_HOURS, "reason": "Hall flooded", "by": sari, "at": at}
    with pytest.raises(Warned):
        reschedule_session(session, **times, override="")
    session.refresh_from_db()
    assert (session.revision, session.starts_at) == (1, START)
    reschedule_session(session, **times, override="No other hall")
    assert session.override_reason == "No other hall"
    assert [row.override_reason for row in session.revisions.order_by("number")] == [
        "They weave at night",
        "No other hall",
    ]
    free = {**times, "starts_at": LATER + timedelta(days=1), "ends_at": LATER + timedelta(days=1, hours=2)}
    reschedule_session(session, **free, override="")
    session.refresh_from_db()
    assert session.override_reason == ""


def test_its_own_neighbours_do_not_count_against_itself(
    cohort: Cohort, venue: Venue, trainer: Trainer, sari: User
) -> None:
    session = draft(cohort, venue, trainers=[trainer], by=sari)
    moved = Taken([cohort], [trainer], VenueFactory.create())
    kinds = [caution.kind for caution in cautions(cohort.program, moved, END, END + TWO_HOURS, by=sari)]
    assert kinds == [TRAVEL]
    assert cautions(cohort.program, moved, END, END + TWO_HOURS, by=sari, besides=[session]) == []
    assert CAPACITY not in kinds
