"""Tell the whole demo once, through the same actions that people use."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from common.dates import local_date
from common.zones import Zone
from config.demo import SIGN_INS, certificates, people, plans, sessions, visits
from config.demo.assessments import tell_assessments
from config.demo.attendance import tell_attendance, tell_phone
from config.demo.calendar import announce_feast, keep_free
from config.demo.calls import tell_calls
from config.demo.cast import Cast, invite
from config.demo.claims import tell_claims
from config.demo.editions import tell_edition
from config.demo.handovers import tell_handover
from config.demo.held import tell_held
from config.demo.papers import tell_papers
from config.demo.places import Places, load_own_regions, settle
from config.demo.program import Support, enroll, open_programs
from config.demo.replies import tell_replies
from config.demo.reports import tell_reports
from config.demo.sessions import Stage, tell_sessions
from config.demo.stages import tell_candidate
from config.demo.story import Story
from config.demo.trade import tell_trade
from config.demo.units import lay_units, tell_units
from config.demo.visits import tell_visits
from reminders.actions import tell_by_hand
from villages.actions import read_numbers
from villages.models import Person

BEGINS = timedelta(days=120)


@transaction.atomic
def seed_demo(*, at: datetime) -> bool:
    """Write the demo around `at`; False, and nothing written, when it is there already."""
    if User.objects.filter(email__in=[email for email, _role in SIGN_INS]).exists():
        return False
    begun = at - BEGINS
    load_own_regions(at=begun)
    cast = invite()
    places = settle(by=cast.admin, at=begun)
    support = open_programs(cast, places, at=begun)
    keep_free(cast, at=begun, today=local_date(at, Zone.WIB))
    units = lay_units(cast, places, at=begun, today=local_date(at, Zone.WIB))
    folk = _populate(cast, places, support, at=begun + timedelta(days=5))
    story = Story(at)
    _tell(story, cast, places, support, folk)
    tell_claims(story, cast, support, units)
    story.then(at, lambda moment: tell_edition(by=cast.admin, at=moment))
    story.then(at, lambda moment: read_numbers(folk["parengan"][0], by=cast.made, at=moment))
    story.play()
    return True


def _populate(cast: Cast, places: Places, support: Support, *, at: datetime) -> dict[str, list[Person]]:
    folk = {
        "parengan": people.populate(places.parengan, people.PARENGAN, by=cast.made, at=at),
        "pangean": people.populate(places.pangean, people.PANGEAN, by=cast.agus, at=at),
        "sukarara": people.populate(places.sukarara, people.SUKARARA, by=cast.ina, at=at),
    }
    people.populate(places.pangean, people.DOUBLES, by=cast.agus, at=at)
    people.try_numbers(by=cast.sari, at=at)
    for name, persons in folk.items():
        enroll(support.cohorts[name], persons, by=cast.wayan if name == "sukarara" else cast.sari, at=at)
    return folk


def _tell(story: Story, cast: Cast, places: Places, support: Support, folk: dict[str, list[Person]]) -> None:
    lamongan = Stage(support.lamongan, support.cohorts, support.trainers, places.venues, cast.sari)
    lombok = Stage(support.lombok, support.cohorts, support.trainers, places.venues, cast.wayan)
    tell_sessions(story, lamongan, sessions.LAMONGAN)
    tell_sessions(story, lombok, sessions.LOMBOK)
    tell_papers(story, support.lamongan, by=cast.sari, field=cast.made)
    begun = story.at - BEGINS + timedelta(days=6)
    course = certificates.open_class(support, places.pangean, folk["pangean"], by=cast.sari, at=begun)
    certificates.tell_class(story, lamongan, course)
    for name, trips, planned, mentor, by in (
        ("parengan", visits.PARENGAN, plans.PARENGAN, cast.made, cast.sari),
        ("pangean", visits.PANGEAN, plans.PANGEAN, cast.agus, cast.sari),
        ("sukarara", visits.SUKARARA, plans.SUKARARA, cast.ina, cast.wayan),
    ):
        tell_visits(story, support.cohorts[name], folk[name], trips, mentor=mentor, by=by)
        plans.tell_plans(story, support.cohorts[name].village, planned, mentor=mentor)
    tell_handover(story, places.pangean, giver=cast.agus, taker=cast.made, by=cast.sari)
    tell_assessments(story, cast, places)
    tell_replies(story)
    tell_units(story, cast, places)
    tell_trade(story, cast)
    tell_candidate(story, cast)
    tell_reports(story, support.lamongan, by=cast.sari)
    story.then(story.at, lambda at: tell_attendance(support.cohorts["parengan"], by=cast.sari, at=at))
    story.then(story.at, lambda at: tell_phone(support.cohorts["parengan"], mentor=cast.made, at=at))
    story.then(story.at, lambda at: _tell_neighbour(folk["parengan"], by=cast.made, at=at))
    story.then(story.at, lambda at: announce_feast(cast, at=at))
    story.then(story.at, lambda at: tell_calls(cast, at=at))
    woven = support.cohorts["parengan"]
    story.then(story.at, lambda at: tell_held(woven, mentor=cast.made, by=cast.sari, at=at))


def _tell_neighbour(persons: list[Person], *, by: User, at: datetime) -> None:
    """Made walks over to the one whom no number reaches."""
    alone = next(person for person in persons if not person.contacts.exists())
    seat = alone.enrollments.get().seats.filter(session__starts_at__gt=at).order_by("session__starts_at", "pk").first()
    if seat is not None:
        tell_by_hand(seat.session, person=alone, by=by, at=at)
