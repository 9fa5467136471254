"""Invented rows of every kind; `SomeFactory.create(column=...)` writes one with whatever it needs around it.

No name, number or event here belongs to anyone. Numbers lie in a range of mobile numbers; nothing is ever sent to them.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from django.db import models
from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from accounts.models import User
from accounts.states import Role
from common.models import Event
from common.zones import zone_of
from mentoring.models import ActionItem, Assignment, Attendee, Finding, Visit, VisitConflict
from mentoring.states import VisitState
from programs.models import (
    Attendance,
    Booking,
    Cohort,
    Enrollment,
    Module,
    Program,
    Requirement,
    Session,
    SessionRevision,
    Trainer,
    Venue,
)
from programs.states import MODE_OF, EnrollmentState, Mode, ModuleCode, SessionState
from reminders.models import DeliveryEvent, LoggedText, ManualContact, Message
from reminders.states import Kind, MessageState
from villages.models import (
    Consent,
    ContactPoint,
    Person,
    PersonalLink,
    PersonContact,
    Region,
    Village,
    VillageRegion,
)
from villages.states import ConsentHow, Purpose, RegionKind, Relation, Sex, VillageStage

NOW = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)  # Thursday, 1 October 2026, 10.00 WIB
PASSWORD = "empat kata yang kuingat"

Row = TypeVar("Row", bound=models.Model)

PARENGAN = (
    ("35", "Jawa Timur", RegionKind.PROVINCE),
    ("35.24", "Lamongan", RegionKind.REGENCY),
    ("35.24.10", "Maduran", RegionKind.DISTRICT),
    ("35.24.10.2009", "Parengan", RegionKind.VILLAGE),
)


def lay_modules() -> None:
    """Lay the eleven modules again where a test emptied the tables."""
    if not Module.objects.exists():
        Module.objects.bulk_create(
            Module(code=code, mode=MODE_OF[code], position=position) for position, code in enumerate(ModuleCode, 1)
        )


def module(code: str) -> Module:
    """Read one of the eleven."""
    lay_modules()
    return Module.objects.get(code=code)


def lay_region(code: str = "35.24.10.2009", names: Mapping[str, str] | None = None) -> Region:
    """Lay a place and everything it is part of."""
    known = {known: (name, kind) for known, name, kind in PARENGAN}
    kinds = (RegionKind.PROVINCE, RegionKind.REGENCY, RegionKind.DISTRICT, RegionKind.VILLAGE)
    parts, parent = code.split("."), None
    for level in range(1, len(parts) + 1):
        here = ".".join(parts[:level])
        name, kind = known.get(here, ((names or {}).get(here, f"Place {here}"), kinds[level - 1]))
        columns = {"name": name, "kind": kind, "level": level, "parent": parent, "zone": zone_of(here)}
        parent, _new = Region.objects.get_or_create(code=here, defaults=columns)
    assert parent is not None
    return parent


class RowFactory(DjangoModelFactory[Row]):
    """Writes rows of one model; typed, so that tests read as they are checked."""

    class Meta:
        abstract = True

    @classmethod
    def create(cls, **columns: Any) -> Row:
        row: Row = super().create(**columns)
        return row

    @classmethod
    def create_batch(cls, size: int, **columns: Any) -> list[Row]:
        return [cls.create(**columns) for _ in range(size)]


def lazily(make: Any) -> Any:
    """Make a column's value when a row is made."""
    return LazyFunction(make)  # type: ignore[no-untyped-call]


def counted(write: Any) -> Any:
    """Make a column's value from the number of the row."""
    return Sequence(write)  # type: ignore[no-untyped-call]


def from_row(read: Any) -> Any:
    """Make a column's value from the others."""
    return LazyAttribute(read)  # type: ignore[no-untyped-call]


def one(make: type[RowFactory[Any]], **columns: Any) -> Any:
    """Make the row that a column points to."""
    return SubFactory(make, **columns)  # type: ignore[no-untyped-call]


# -- accounts ---------------------------------------------------------------------------------------------------------


class UserFactory(RowFactory[User]):
    """A coordinator unless told otherwise, who reads English so that sentences can be compared."""

    class Meta:
        model = User

    name = counted(lambda n: f"Staff {n}")
    email = counted(lambda n: f"staff{n}@example.org")
    role = Role.COORDINATOR
    language = "en"

    @classmethod
    def _create(cls, model_class: type[User], *_: Any, **columns: Any) -> User:
        return model_class.objects.create_user(**{"password": PASSWORD, **columns})


# -- villages ---------------------------------------------------------------------------------------------------------


class VillageFactory(RowFactory[Village]):
    """A village with its seat as the desa it covers."""

    class Meta:
        model = Village

    name = counted(lambda n: f"Village {n}")
    code = counted(lambda n: f"village-{n}")
    region = counted(lambda n: lay_region(f"35.24.11.{2001 + n % 7000}"))
    commodity = "Ikat cloth"
    stage = VillageStage.DESIGNATED


class VillageRegionFactory(RowFactory[VillageRegion]):
    """A desa that a village covers."""

    class Meta:
        model = VillageRegion

    village = one(VillageFactory)
    region = from_row(lambda row: row.village.region)
    joined_on = date(2026, 1, 1)


class PersonFactory(RowFactory[Person]):
    """A weaver without a number."""

    class Meta:
        model = Person

    village = one(VillageFactory)
    name = counted(lambda n: f"Weaver {n:04}")
    sex = Sex.FEMALE
    craft = "tenun"


class ContactPointFactory(RowFactory[ContactPoint]):
    """A number nobody has."""

    class Meta:
        model = ContactPoint

    number = counted(lambda n: f"+62812{30000000 + n}")


class PersonContactFactory(RowFactory[PersonContact]):
    """A person joined to a number."""

    class Meta:
        model = PersonContact

    person = one(PersonFactory)
    contact_point = one(ContactPointFactory)
    relation = Relation.OWN


class ConsentFactory(RowFactory[Consent]):
    """A live agreement to messages."""

    class Meta:
        model = Consent

    person = one(PersonFactory)
    purpose = Purpose.MESSAGES
    given_at = NOW - timedelta(days=60)
    how = ConsentHow.SPOKEN
    text_version = "2026-01"


class PersonalLinkFactory(RowFactory[PersonalLink]):
    """A link row, as made when one is renewed or revoked."""

    class Meta:
        model = PersonalLink

    contact_point = one(ContactPointFactory)


def reachable_person(village: Village, *, number: ContactPoint | None = None, **columns: Any) -> Person:
    """Make a person who agreed to messages and has a number (a shared one when given)."""
    person = PersonFactory.create(village=village, **columns)
    PersonContactFactory.create(person=person, contact_point=number or ContactPointFactory.create())
    ConsentFactory.create(person=person)
    return person


# -- programs ---------------------------------------------------------------------------------------------------------


class ProgramFactory(RowFactory[Program]):
    """This year's program."""

    class Meta:
        model = Program

    name = counted(lambda n: f"Program {n}")
    organiser = "Disperindag"
    fiscal_year = 2026
    starts_on = date(2026, 1, 1)
    ends_on = date(2026, 12, 31)
    subsidy_ceiling = 50_000_000

    coordinators: Iterable[User] = ()

    @classmethod
    def _create(cls, model_class: type[Program], *_: Any, coordinators: Iterable[User] = (), **columns: Any) -> Program:
        program = model_class.objects.create(**columns)
        program.coordinators.set(coordinators)
        return program


class CohortFactory(RowFactory[Cohort]):
    """A cohort of one village."""

    class Meta:
        model = Cohort

    program = one(ProgramFactory)
    village = one(VillageFactory)
    name = counted(lambda n: f"Cohort {n}")
    starts_on = date(2026, 1, 15)
    ends_on = date(2026, 12, 15)


class RequirementFactory(RowFactory[Requirement]):
    """Six hours of a training module."""

    class Meta:
        model = Requirement

    cohort = one(CohortFactory)
    module = lazily(lambda: module(ModuleCode.DESIGN))
    required = 360
    minimum_attendance = 80


class EnrollmentFactory(RowFactory[Enrollment]):
    """An accepted participant from the cohort's village."""

    class Meta:
        model = Enrollment

    cohort = one(CohortFactory)
    person = from_row(lambda row: PersonFactory.create(village=row.cohort.village))
    state = EnrollmentState.ACCEPTED
    enrolled_at = NOW - timedelta(days=50)


class TrainerFactory(RowFactory[Trainer]):
    """Someone who teaches."""

    class Meta:
        model = Trainer

    name = counted(lambda n: f"Trainer {n}")


class VenueFactory(RowFactory[Venue]):
    """A hall in Parengan."""

    class Meta:
        model = Venue

    name = counted(lambda n: f"Hall {n}")
    region = lazily(lay_region)
    landmark = "Depan masjid"


class SessionFactory(RowFactory[Session]):
    """A scheduled session of two hours, three days ahead, with its first revision and its bookings."""

    class Meta:
        model = Session

    program = one(ProgramFactory)
    module = lazily(lambda: module(ModuleCode.DESIGN))
    venue = one(VenueFactory)
    zone = from_row(lambda row: row.venue.zone if row.venue else "Asia/Jakarta")
    starts_at = NOW + timedelta(days=3)
    ends_at = from_row(lambda row: row.starts_at + timedelta(hours=2))
    state = SessionState.SCHEDULED
    reason = from_row(lambda row: "Hall flooded" if row.state == SessionState.CANCELLED else "")

    cohorts: Iterable[Cohort] = ()
    trainers: Iterable[Trainer] = ()

    @classmethod
    def _create(
        cls,
        model_class: type[Session],
        *_: Any,
        cohorts: Iterable[Cohort] = (),
        trainers: Iterable[Trainer] = (),
        **columns: Any,
    ) -> Session:
        session = model_class.objects.create(**columns)
        taken: list[dict[str, Any]] = [{"venue": session.venue}] if session.venue else []
        taken += [{"cohort": cohort} for cohort in cohorts] + [{"trainer": trainer} for trainer in trainers]
        for thing in taken:
            BookingFactory.create(session=session, **thing)
        SessionRevisionFactory.create(session=session)
        return session


class BookingFactory(RowFactory[Booking]):
    """One trainer, venue or cohort, taken for the time of a session."""

    class Meta:
        model = Booking

    session = one(SessionFactory)
    starts_at = from_row(lambda row: row.session.starts_at)
    ends_at = from_row(lambda row: row.session.ends_at)
    live = from_row(lambda row: row.session.state != SessionState.CANCELLED)


class SessionRevisionFactory(RowFactory[SessionRevision]):
    """What was promised first."""

    class Meta:
        model = SessionRevision

    session = one(SessionFactory)
    number = from_row(lambda row: row.session.revisions.count() + 1)
    reason = from_row(lambda row: "" if row.number == 1 else "Market day")
    starts_at = from_row(lambda row: row.session.starts_at)
    ends_at = from_row(lambda row: row.session.ends_at)
    venue = from_row(lambda row: row.session.venue)
    by = one(UserFactory)
    at = NOW - timedelta(days=20)


class AttendanceFactory(RowFactory[Attendance]):
    """A seat, not marked yet."""

    class Meta:
        model = Attendance

    session = one(SessionFactory)
    enrollment = one(EnrollmentFactory)


def lay_requirements(cohort: Cohort) -> list[Requirement]:
    """Ask something of all eleven modules: 360 minutes of training, two visits, one claim."""
    lay_modules()
    amounts = {Mode.TRAINING: 360, Mode.VISIT: 2, Mode.MENTORING: 2, Mode.BENEFIT: 1}
    return [
        RequirementFactory.create(cohort=cohort, module=row, required=amounts[Mode(row.mode)])
        for row in Module.objects.order_by("position")
    ]


# -- mentoring --------------------------------------------------------------------------------------------------------


class AssignmentFactory(RowFactory[Assignment]):
    """An open letter."""

    class Meta:
        model = Assignment

    mentor = one(UserFactory, role=Role.MENTOR)
    village = one(VillageFactory)
    starts_on = date(2026, 1, 1)


class VisitFactory(RowFactory[Visit]):
    """A visit of yesterday, submitted unless told otherwise."""

    class Meta:
        model = Visit

    cohort = one(CohortFactory)
    mentor = one(UserFactory, role=Role.MENTOR)
    village = from_row(lambda row: row.cohort.village)
    program = from_row(lambda row: row.cohort.program)
    summary = "Looked at the new motifs."
    visited_at = NOW - timedelta(days=1)
    received_at = NOW - timedelta(hours=20)
    state = VisitState.SUBMITTED
    submitted_at = from_row(lambda row: None if row.state == VisitState.DRAFT else NOW - timedelta(hours=19))
    approved_at = from_row(lambda row: NOW if row.state == VisitState.APPROVED else None)
    approved_by = from_row(lambda row: UserFactory.create() if row.state == VisitState.APPROVED else None)
    comment = from_row(lambda row: "Who came?" if row.state == VisitState.RETURNED else "")
    digest = counted(lambda n: sha256(str(n).encode()).hexdigest())


class VisitConflictFactory(RowFactory[VisitConflict]):
    """Other content under a known visit's key."""

    class Meta:
        model = VisitConflict

    visit = one(VisitFactory)
    content = lazily(dict)
    digest = counted(lambda n: sha256(f"other {n}".encode()).hexdigest())
    sent_by = from_row(lambda row: row.visit.mentor)
    received_at = NOW


class AttendeeFactory(RowFactory[Attendee]):
    """A known person who was there."""

    class Meta:
        model = Attendee

    visit = one(VisitFactory)
    person = from_row(lambda row: PersonFactory.create(village=row.visit.village))


class FindingFactory(RowFactory[Finding]):
    """Something found about design."""

    class Meta:
        model = Finding

    visit = one(VisitFactory)
    module = lazily(lambda: module(ModuleCode.DESIGN))
    text = "Colours run."


class ActionItemFactory(RowFactory[ActionItem]):
    """Something agreed for next week."""

    class Meta:
        model = ActionItem

    visit = one(VisitFactory)
    village = from_row(lambda row: row.visit.village)
    what = "Dye a new sample"
    owner = "Bu Lidia"
    due_on = date(2026, 10, 8)


# -- reminders --------------------------------------------------------------------------------------------------------


class MessageFactory(RowFactory[Message]):
    """An invitation that is due now."""

    class Meta:
        model = Message

    session = one(SessionFactory)
    revision = from_row(lambda row: row.session.revisions.order_by("-number").first())
    contact_point = one(ContactPointFactory)
    kind = Kind.INVITATION
    due_at = NOW
    expires_at = from_row(lambda row: row.session.starts_at)
    lease_until = from_row(lambda row: NOW + timedelta(minutes=2) if row.state == MessageState.CLAIMED else None)
    state = MessageState.PLANNED


class DeliveryEventFactory(RowFactory[DeliveryEvent]):
    """One word from a gateway."""

    class Meta:
        model = DeliveryEvent

    message = one(MessageFactory)
    state = MessageState.DELIVERED
    at = NOW


class LoggedTextFactory(RowFactory[LoggedText]):
    """What the log channel would have sent."""

    class Meta:
        model = LoggedText

    contact_point = one(ContactPointFactory)
    text = "Halo Bu Lidia"
    at = NOW
    key = from_row(lambda row: MessageFactory.create(contact_point=row.contact_point).key)


class ManualContactFactory(RowFactory[ManualContact]):
    """A human told someone."""

    class Meta:
        model = ManualContact

    session = one(SessionFactory)
    person = one(PersonFactory)
    by = one(UserFactory)
    at = NOW
    revision = from_row(lambda row: row.session.revisions.order_by("-number").first())


# -- common -----------------------------------------------------------------------------------------------------------


class EventFactory(RowFactory[Event]):
    """Something that happened."""

    class Meta:
        model = Event

    at = NOW
    by = one(UserFactory)
    verb = "changed"
    subject_type = "programs.session"
    subject_id = "1"
