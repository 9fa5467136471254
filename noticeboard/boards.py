"""What a villager reads: the next sessions of a village, or those of the people who share a number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _

from accounts.links import Subscription, subscription
from attendance.door import EARLY
from common.calendar import Entry
from common.dates import clock_range, day_month, local_date, short_date
from common.zones import Zone
from noticeboard.rows import HOUSEHOLD, VILLAGE, Row, place_of, read
from programs.models import Attendance, Enrollment
from programs.states import CAME, AttendanceState, ModuleCode, Rsvp, SessionState
from progress.measures import PersonCount, count_people
from progress.summary import PersonProgress, person_of
from villages.links import calendar_token, number_in, opens
from villages.models import ContactPoint, Person, PersonalLink
from villages.states import ContactState, RegionKind


@dataclass(frozen=True)
class Seat:
    """One member's place in one session, and what they answered."""

    person: int
    name: str
    rsvp: str
    state: str = AttendanceState.EXPECTED

    @property
    def here(self) -> bool:
        """Say whether they are marked as there, by whomever."""
        return self.state in CAME

    @property
    def coming(self) -> bool:
        """Say whether they will come."""
        return self.rsvp == Rsvp.YES

    @property
    def declined(self) -> bool:
        """Say whether they cannot come."""
        return self.rsvp == Rsvp.NO


@dataclass(frozen=True)
class Card:
    """One session as it is told."""

    id: int
    title: str
    day: str
    hours: str
    place: str
    trainers: str
    code: str  # of the village whose calendar has it
    was: str = ""  # what was promised before, when it changed
    cancelled: bool = False
    reason: str = ""
    begun: bool = False
    door: bool = False  # a code in the room counts now
    seats: tuple[Seat, ...] = ()

    @property
    def asks(self) -> bool:
        """Say whether somebody of it may type the code in the room."""
        return self.door and not self.cancelled and any(seat.state == AttendanceState.EXPECTED for seat in self.seats)


@dataclass(frozen=True)
class Mentor:
    """Whom to ask; a member of staff."""

    name: str
    phone: str


@dataclass(frozen=True)
class VillageBoard:
    """What everybody may know of a village's schedule."""

    name: str
    place: str
    code: str
    cards: tuple[Card, ...]
    mentors: tuple[Mentor, ...]


@dataclass(frozen=True)
class Member:
    """One of those who share a number."""

    id: int
    name: str
    address: str

    @property
    def first_name(self) -> str:
        """The name they are called by."""
        return self.name.split()[0] if self.name else "…"


@dataclass(frozen=True)
class Award:
    """A valid certificate, as its bearer sees it."""

    key: int
    number: str
    course: str
    cohort: str


@dataclass(frozen=True)
class HouseholdBoard:
    """What one household may know of its own schedule."""

    contact_point: int
    calendar: Subscription
    silenced: bool
    members: tuple[Member, ...]
    cards: tuple[Card, ...]
    mentors: tuple[Mentor, ...] = ()
    enrollments: dict[int, int] = field(default_factory=dict)  # enrollment -> person
    awards: dict[int, tuple[Award, ...]] = field(default_factory=dict)  # person -> certificates

    def only(self, person: int) -> tuple[Card, ...]:
        """Keep the cards of one member."""
        kept = []
        for card in self.cards:
            seats = tuple(seat for seat in card.seats if seat.person == person)
            if seats:
                kept.append(Card(**{**vars(card), "seats": seats}))
        return tuple(kept)


def village_board(code: str, *, at: datetime) -> VillageBoard | None:
    """Read what a village's poster opens; one query. None when there is no such village."""
    rows = read(VILLAGE, code=code, at=at, day=local_date(at, Zone.WIB))
    if not rows:
        return None
    first = rows[0]
    kind = _("City") if first["regency_kind"] == RegionKind.CITY else "Kab."
    place = (
        f"{first['desa']}, Kec. {first['district']}, {kind} {first['regency']}" if first["regency"] else first["desa"]
    )
    cards = tuple(_card(row, at=at) for row in rows if row["id"])
    return VillageBoard(first["village"], place, first["code"], cards, _mentors(rows))


def household_board(token: str, *, at: datetime) -> HouseholdBoard | None:
    """Read what a personal link opens; one query. None when the link is wrong, old or revoked."""
    number = number_in(token)
    rows = read(HOUSEHOLD, number=number, at=at, day=local_date(at, Zone.WIB)) if number else []
    if number is None or not rows:
        return None
    first = rows[0]
    link = PersonalLink(contact_point_id=number, version=first["version"] or 1, revoked_at=first["revoked_at"])
    if not opens(token, link):
        return None
    people = {row["person"]: row for row in rows if row["person"]}
    members = [Member(pk, row["name"], _address(row)) for pk, row in people.items()]
    return HouseholdBoard(
        contact_point=number,
        calendar=subscription(calendar_token(link)),
        silenced=first["number_state"] == ContactState.OPTED_OUT,
        members=tuple(sorted(members, key=lambda member: (member.name, member.id))),
        cards=tuple(_cards((row for row in rows if row["id"]), at=at)),
        mentors=_mentors(rows),
        awards={pk: tuple(Award(**award) for award in row["awards"] or ()) for pk, row in people.items()},
        enrollments={row["enrollment"]: row["person"] for row in rows if row["enrollment"]},
    )


def entry_of(row: Row) -> Entry:
    """Tell one session of the village's board as a calendar does."""
    return Entry(
        id=row["id"],
        title=row["topic"] or str(ModuleCode(row["module_id"]).label),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        zone=row["zone"],
        place=place_of(row["venue"], row["landmark"]),
        revision=row["revision"],
        cancelled=row["state"] == SessionState.CANCELLED,
        changed_at=row["changed_at"],
        lines=(row["reason"],) if row["reason"] else (),
    )


def progress_of(board: HouseholdBoard, person: int) -> list[PersonProgress]:
    """Read how far one member is, cohort by cohort; one query."""
    mine = sorted(enrollment for enrollment, owner in board.enrollments.items() if owner == person)
    counts: dict[int, list[PersonCount]] = {enrollment: [] for enrollment in mine}
    for count in count_people(mine):
        counts[count.enrollment].append(count)
    return [person_of(Enrollment(pk=enrollment), found) for enrollment, found in counts.items()]


def seat_of(board: HouseholdBoard, member: Member, session: int) -> Attendance | None:
    """Find a member's own seat in a session; nobody else's."""
    seats = Attendance.objects.filter(session=session, enrollment__in=board.enrollments, enrollment__person=member.id)
    return seats.order_by("pk").first()


def number_of(board: HouseholdBoard) -> ContactPoint:
    """Read the number that the page was opened for."""
    return ContactPoint.objects.get(pk=board.contact_point)


def _mentors(rows: Sequence[Row]) -> tuple[Mentor, ...]:
    """Name each mentor once, whatever the number of rows."""
    found = {(each["name"], each["phone"]) for row in rows for each in row["mentors"] or ()}
    return tuple(Mentor(name, phone) for name, phone in sorted(found))


def _cards(rows: Iterable[Row], *, at: datetime) -> Iterable[Card]:
    for _id, group in groupby(rows, key=lambda row: row["id"]):
        same = list(group)
        yield _card(
            same[0], [Seat(row["person"], _address(row), row["rsvp"], row["seat_state"]) for row in same], at=at
        )


def _card(row: Row, seats: Sequence[Seat] = (), *, at: datetime) -> Card:
    zone = row["zone"]
    hours = clock_range(row["starts_at"], row["ends_at"], zone)
    return Card(
        id=row["id"],
        title=row["topic"] or str(ModuleCode(row["module_id"]).label),
        day=day_month(local_date(row["starts_at"], zone)),
        hours=hours,
        place=place_of(row["venue"], row["landmark"]),
        trainers=row["trainers"] or "",
        code=row["code"],
        was=_was(row),
        cancelled=row["state"] == SessionState.CANCELLED,
        reason=row["reason"],
        begun=row["starts_at"] <= at,
        door=bool(row.get("door")) and row["state"] == SessionState.SCHEDULED and row["starts_at"] - EARLY <= at,
        seats=tuple(seats),
    )


def _address(row: Row) -> str:
    return Person(name=row["name"], sex=row["sex"]).address


def _was(row: Row) -> str:
    """Say what was promised before; empty when only this revision was ever promised."""
    if row["was_starts_at"] is None:
        return ""
    zone = row["zone"]
    when = clock_range(row["was_starts_at"], row["was_ends_at"], zone)
    place = f", {place_of(row['was_venue'], None)}" if row["was_venue"] != row["venue"] else ""
    return f"{short_date(local_date(row['was_starts_at'], zone))}, {when}{place}"
