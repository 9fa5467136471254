"""Before anything is armed: how many people on how many numbers, who has none, by which way, in which words."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from accounts.models import User
from programs.models import Cohort, Session
from reminders.reading import preview_of
from reminders.rewording import hear_template
from reminders.states import Channel, Kind
from tests import factories
from tests.reminders.worlds import enroll, household, meeting
from villages.models import Person, Village

WEEK = timedelta(days=7)


@pytest.fixture
def session(cohort: Cohort, at: datetime) -> Session:
    """A session of a household of two, of one without a number and of one who did not agree."""
    household(cohort, "Lidia Wati", "Siti Aminah")
    enroll(cohort, factories.PersonFactory.create(village=cohort.village, name="Rini"))
    silent = factories.reachable_person(cohort.village, name="Zubaidah")
    silent.consents.all().delete()
    enroll(cohort, silent)
    return meeting(cohort, at + WEEK)


def shown(session: Session, user: User | None) -> str:
    request = RequestFactory().get("/")
    request.user = user  # type: ignore[assignment]
    context: dict[str, Any] = {"session": session, **({"request": request} if user else {})}
    with translation.override("en"):
        return Template("{% load told %}{% message_preview session 'invitation' %}").render(Context(context))


def test_preview_counts_people_numbers_and_who_has_none(session: Session, sari: User, rina: User) -> None:
    page = shown(session, sari)
    assert "2 people on 1 numbers will be told" in page
    assert "1 person has no number" in page
    assert "Rini" in page
    assert "1 person cannot be reached by message" in page
    assert "Halo Bu Lidia dan Bu Siti, undangan pelatihan" in page
    assert "Rini" not in shown(session, rina)
    assert "Rini" not in shown(session, None)


def test_those_whom_the_reader_does_not_see_are_counted(cohort: Cohort, elsewhere: Village, made: User) -> None:
    joint = factories.CohortFactory.create(program=cohort.program, village=elsewhere)
    people: list[Person] = []
    for each, name in ((cohort, "Rini"), (joint, "Wayan")):
        people.append(factories.PersonFactory.create(village=each.village, name=name))
        enroll(each, people[-1])
    session = factories.SessionFactory.create(program=cohort.program, cohorts=[cohort, joint])
    for person in people:
        factories.AttendanceFactory.create(session=session, enrollment=person.enrollments.get())
    preview = preview_of(session, Kind.INVITATION, reader=made)
    assert ([person.name for person in preview.numberless], preview.others, preview.text) == (["Rini"], 1, "")


@pytest.mark.parametrize(
    ("ladder", "way"),
    [(["whatsapp", "sms"], Channel.WHATSAPP), (["email", "sms"], Channel.SMS), (["email"], None), (["log"], "log")],
)
def test_preview_names_the_first_way(session: Session, settings: Any, ladder: list[str], way: str | None) -> None:
    settings.MESSAGE_CHANNELS = ladder
    preview = preview_of(session, Kind.INVITATION)
    assert preview.channel == way
    assert preview.text


def test_way_that_may_not_say_it_is_passed_by(session: Session, settings: Any, at: datetime) -> None:
    settings.MESSAGE_CHANNELS = ["whatsapp", "sms"]
    hear_template("undangan_sesi", "id", state="PAUSED", at=at)
    preview = preview_of(session, Kind.INVITATION)
    assert (preview.channel, preview.text.startswith("Undangan utk Bu Lidia dan Bu Siti:")) == (Channel.SMS, True)


def test_way_that_refused_the_number_is_passed_by(session: Session, settings: Any, at: datetime) -> None:
    settings.MESSAGE_CHANNELS = ["whatsapp", "manual"]
    point = preview_of(session, Kind.INVITATION).reach.recipients[0].contact_point
    point.refusals.create(channel=Channel.WHATSAPP, at=at, code="131026")
    assert preview_of(session, Kind.INVITATION).channel == Channel.MANUAL
