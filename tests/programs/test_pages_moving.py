"""Moving and calling off one session: the impact before it is done, other times at one tap, and drafts thrown away."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from programs.actions import reschedule_session
from programs.models import Cohort, Program, Session, Trainer, Venue
from tests.factories import CalendarBlockFactory, CohortFactory, PersonFactory, VenueFactory
from tests.programs.browsing import press, read
from tests.programs.plans import START, TWO_HOURS, draft, history, scheduled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY = timedelta(days=1)


def typed(session: Session, **other: Any) -> dict[str, Any]:
    """Ask for Friday, 9 October, 9.00 to 11.00."""
    return {
        "day": "9/10/2026",
        "starts": "09.00",
        "ends": "11.00",
        "venue": session.venue_id,
        "reason": "Rain",
        "revision": session.revision,
        **other,
    }


def offers(page: str) -> list[str]:
    return re.findall(r'name="slot" value="([^"]+)"', page)


@pytest.fixture
def rival(cohort: Cohort, venue: Venue, sari: User) -> Session:
    """Another cohort has the hall on Friday at nine."""
    other = CohortFactory.create(program=cohort.program)
    return draft(other, venue, topic="Loom care", starts_at=START + DAY - timedelta(hours=1), by=sari)


def test_impact_is_there_before_anything_is_typed(
    desk: Client, session: Session, cohort: Cohort, trainer: Trainer, sari: User, rina: User, venue: Venue
) -> None:
    PersonFactory.create(village=cohort.village)
    draft(CohortFactory.create(program=cohort.program), venue, topic="Evening", starts_at=START + TWO_HOURS, by=sari)
    foreign = CohortFactory.create(program=rina.coordinated_programs.get())
    hidden = draft(
        foreign, None, mode="online", topic="Secret", starts_at=START + 2 * TWO_HOURS, trainers=[trainer], by=rina
    )
    page = read(desk, "session-reschedule", session.pk)
    assert "1 person on 1 numbers will be told" in page
    assert "Other sessions on Thursday, 8 October 2026" in page
    assert "12.00–14.00 WIB Evening" in page
    assert "14.00–16.00 WIB another program" in page
    assert "Secret" not in page
    assert f"/sessions/{hidden.pk}/" not in page
    assert trainer.name in page


def test_a_look_tells_the_day_that_was_typed(desk: Client, session: Session, rival: Session) -> None:
    page = press(
        desk, "session-reschedule", session.pk, status=200, look="yes", **typed(session, starts="13.00", ends="15.00")
    )
    assert "Other sessions on Friday, 9 October 2026" in page
    assert "09.00–11.00 WIB Loom care" in page
    assert "Menjadi: Jumat, 9 Oktober 2026, 13.00–15.00 WIB" in page
    assert not offers(page)


@pytest.mark.parametrize(("how", "status"), [({"look": "yes"}, 200), ({}, 409)])
def test_time_that_is_taken_names_the_other_and_offers_free_ones(
    desk: Client, session: Session, rival: Session, how: dict[str, str], status: int
) -> None:
    page = press(desk, "session-reschedule", session.pk, status=status, **typed(session), **how)
    assert "already has “Loom care” on Friday, 9 October 2026, 09.00–11.00 WIB" in page
    assert offers(page) == [
        "2026-10-09 13:00 15:00",
        "2026-10-09 13:30 15:30",
        "2026-10-09 14:00 16:00",
        "2026-10-09 14:30 16:30",
    ]
    assert session.revisions.count() == 1


def test_one_tap_puts_a_free_time_into_the_form_and_shows_the_message(
    desk: Client, session: Session, rival: Session
) -> None:
    page = press(desk, "session-reschedule", session.pk, status=200, slot="2026-10-09 13:00 15:00", **typed(session))
    assert 'value="13:00"' in page
    assert "Menjadi: Jumat, 9 Oktober 2026, 13.00–15.00 WIB" in page
    assert session.revisions.count() == 1
    press(desk, "session-reschedule", session.pk, **typed(session, starts="13:00", ends="15:00"))
    assert session.revisions.count() == 2


@pytest.mark.parametrize("lie", ["x", "x y z", "2026-13-01 09:00 10:00", "2026-10-09 10:00 09:00", "9" * 3000])
def test_tap_that_is_no_time_moves_nothing(desk: Client, session: Session, lie: str) -> None:
    status = 400 if len(lie.split()) == 3 else 200
    press(
        desk, "session-reschedule", session.pk, status=status, slot=lie, **typed(session, starts="13.00", ends="15.00")
    )
    assert session.revisions.count() == 1


def test_new_and_changed_drafts_are_offered_free_times_too(
    desk: Client, program: Program, cohort: Cohort, venue: Venue, rival: Session, planned: Session
) -> None:
    given = {**typed(planned), "module": "design", "cohorts": [cohort.pk], "mode": "in_person"}
    for name, key in (("session-new", program.pk), ("session-edit", planned.pk)):
        page = press(desk, name, key, status=409, **given)
        assert "Loom care" in page
        assert offers(page)[0] == "2026-10-09 13:00 15:00"
        tapped = press(desk, name, key, status=200, slot=offers(page)[0], **given)
        assert 'value="13:00"' in tapped
    press(desk, "session-new", program.pk, **{**given, "starts": "13:00", "ends": "15:00"})


def test_offers_say_what_is_warned_of(desk: Client, session: Session, rival: Session) -> None:
    CalendarBlockFactory.create(name="Libur", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 1))
    page = press(desk, "session-reschedule", session.pk, status=409, **typed(session))
    assert offers(page)
    assert page.count('<span class="small">Libur</span>') == 4


def test_move_into_the_past_asks_first_and_tells_nobody(desk: Client, session: Session) -> None:
    given = typed(session, day="30/9/2026")
    page = press(desk, "session-reschedule", session.pk, status=400, **given)
    assert "Say so if the session took place then" in page
    assert 'name="took_place"' in page
    assert "nobody is told of this change" in page
    assert "Put it on record" in page
    assert "Menjadi" not in page
    assert 'name="took_place"' in press(desk, "session-reschedule", session.pk, status=200, look="yes", **given)
    press(desk, "session-reschedule", session.pk, **given, took_place="on")
    session.refresh_from_db()
    assert (session.revision, history(session)[-1]) == (2, "rescheduled")
    assert not session.messages.filter(revision__number=2).exists()


def test_future_is_not_questioned(desk: Client, session: Session) -> None:
    assert 'name="took_place"' not in press(
        desk, "session-reschedule", session.pk, status=200, look="yes", **typed(session)
    )


def test_cancelling_what_moved_meanwhile_is_said(desk: Client, session: Session, sari: User) -> None:
    assert 'name="revision" value="1"' in read(desk, "session-cancel", session.pk)
    reschedule_session(
        session, starts_at=START + DAY, ends_at=START + DAY + TWO_HOURS, reason="Rain", by=sari, at=START - 7 * DAY
    )
    page = press(desk, "session-cancel", session.pk, status=409, reason="Flood", revision=1)
    assert "Someone else changed this" in page
    assert "Flood" in page
    session.refresh_from_db()
    assert session.state == "scheduled"
    press(desk, "session-cancel", session.pk, reason="Flood", revision=2)


def test_draft_is_discarded_after_one_question(desk: Client, planned: Session, cohort: Cohort, venue: Venue) -> None:
    assert f"/sessions/{planned.pk}/discard/" in read(desk, "session-detail", planned.pk)
    assert "Nobody was told of it" in read(desk, "session-discard", planned.pk)
    press(desk, "session-discard", planned.pk)
    assert "The draft is discarded" in read(desk, "schedule")
    press(desk, "session-discard", planned.pk, status=404)


def test_promise_is_not_discarded(desk: Client, session: Session) -> None:
    assert "/discard/" not in read(desk, "session-detail", session.pk)
    assert "no longer a draft" in read(desk, "session-discard", session.pk)
    assert "no longer a draft" in press(desk, "session-discard", session.pk, status=409)
    assert Session.objects.filter(pk=session.pk).exists()


def test_series_is_offered_where_a_single_session_is_planned(desk: Client, program: Program, cohort: Cohort) -> None:
    assert f"/cohorts/{cohort.pk}/series/" in read(desk, "session-new", program.pk)
    assert f"/cohorts/{cohort.pk}/series/" in read(desk, "cohort-detail", cohort.pk)


def test_other_sessions_of_a_quiet_day_are_none(desk: Client, cohort: Cohort, sari: User) -> None:
    alone = scheduled(cohort, VenueFactory.create(), starts_at=START + 10 * DAY, by=sari)
    page = read(desk, "session-reschedule", alone.pk)
    assert "None of the same trainers, venue or cohorts" in page
    assert "None yet" in page
