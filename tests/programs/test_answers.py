"""What people answer before a session."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from common.errors import Refused
from common.models import Event
from programs.actions import answer_session
from programs.models import Attendance, Cohort, Venue
from programs.states import Rsvp
from tests.factories import AttendanceFactory, EnrollmentFactory, SessionFactory
from tests.programs.plans import scheduled
from villages.models import Person

pytestmark = pytest.mark.django_db


def test_answer_is_kept_once(cohort: Cohort, venue: Venue, sari: User, lidia: Person, at: datetime) -> None:
    EnrollmentFactory.create(cohort=cohort, person=lidia)
    seat = scheduled(cohort, venue, by=sari).seats.get()
    answer_session(seat, rsvp=Rsvp.YES, at=at)
    answer_session(seat, rsvp=Rsvp.YES, at=at + timedelta(hours=1))
    answer_session(seat, rsvp=Rsvp.NO, at=at + timedelta(hours=2))
    seat.refresh_from_db()
    assert (seat.rsvp, seat.rsvp_at) == (Rsvp.NO, at + timedelta(hours=2))
    events = Event.objects.about(seat).order_by("pk")
    assert [(event.verb, event.origin, event.goal, event.by) for event in events] == [
        ("answered", "", "yes", None),
        ("answered", "yes", "no", None),
    ]


@pytest.mark.parametrize("rsvp", ["", "maybe"])
def test_answer_is_yes_or_no(at: datetime, rsvp: str) -> None:
    with pytest.raises(ValidationError):
        answer_session(AttendanceFactory.create(), rsvp=rsvp, at=at)


@pytest.mark.parametrize("state", ["held", "cancelled"])
def test_answer_is_refused_when_there_is_nothing_to_answer(at: datetime, state: str) -> None:
    with pytest.raises(Refused):
        answer_session(AttendanceFactory.create(session=SessionFactory.create(state=state)), rsvp="yes", at=at)


def test_answer_is_refused_once_it_began(at: datetime) -> None:
    seat: Attendance = AttendanceFactory.create()
    with pytest.raises(Refused):
        answer_session(seat, rsvp="yes", at=seat.session.starts_at)
