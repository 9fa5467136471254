"""What tests of handovers do first."""

from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from common.models import Event
from mentoring.actions import (
    prepare_handover,
)
from mentoring.models import Assignment, Handover
from tests import factories
from villages.models import Village

LAST, FIRST = date(2026, 10, 10), date(2026, 10, 11)
DAY = timedelta(days=1)


def prepare(giver: User, taker: User, by: User, at: datetime, **days: date) -> Handover:
    letter = Assignment.objects.get(mentor=giver, ends_on=None)
    given = {"last_on": LAST, "first_on": FIRST, **days}
    return prepare_handover(letter, taker=taker, by=by, at=at, **given)


def verbs(row: Any) -> list[str]:
    return [event.verb for event in Event.objects.about(row).order_by("pk")]


def contact(village: Village) -> None:
    """Let Pak Kusnan pass messages on for two weavers."""
    kader = factories.reachable_person(village, name="Kusnan")
    for name in ("Ngatini", "Parto"):
        person = factories.PersonFactory.create(village=village, name=name)
        person.contacts.create(contact_point=kader.contact_points.get(), relation="village_contact")
