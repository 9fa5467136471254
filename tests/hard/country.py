"""An invented country of any size: cohorts of people who agreed to messages, and draft sessions for each cohort."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection, transaction

from accounts.models import User
from common.dates import local_date, local_moment
from common.zones import Zone
from programs.models import Attendance, Booking, Cohort, Enrollment, Session, SessionRevision
from programs.states import ModuleCode, SessionMode, SessionState
from reminders.planning import plan_sessions
from tests import factories
from villages.models import Village

# Of every five numbers of a village one is shared by a household: person n has number n modulo the numbers.
PEOPLE = """
INSERT INTO villages_person (village_id, name, sex, hamlet, craft)
SELECT v.id, 'Orang ' || n, 'female', '', 'tenun'
FROM villages_village v, generate_series(1, %(numbers)s + %(numbers)s / 5) n ORDER BY v.id, n;
INSERT INTO villages_contactpoint (number, state)
SELECT '+628' || (1000000000 + v.id * 1000 + n), 'valid' FROM villages_village v, generate_series(1, %(numbers)s) n;
INSERT INTO villages_personcontact (person_id, contact_point_id, relation)
SELECT p.id, c.id, 'own'
FROM (SELECT id, village_id, row_number() OVER (PARTITION BY village_id ORDER BY id) - 1 AS n FROM villages_person) p
JOIN villages_contactpoint c ON c.number = '+628' || (1000000000 + p.village_id * 1000 + p.n %% %(numbers)s + 1);
INSERT INTO villages_consent (person_id, purpose, given_at, how, text_version)
SELECT id, 'messages', now() - interval '60 days', 'paper', '2026-01' FROM villages_person;
INSERT INTO programs_enrollment (cohort_id, person_id, state, reason, enrolled_at)
SELECT c.id, p.id, 'accepted', '', now() - interval '50 days'
FROM villages_person p JOIN programs_cohort c ON c.village_id = p.village_id
"""


AT_ONCE = 200  # sessions planned in one transaction


@dataclass(frozen=True)
class Country:
    """How many cohorts, how many numbers each, when their sessions start, and which messages they are sent."""

    cohorts: int
    numbers: int = 50
    starts: tuple[time, ...] = (time(9),)  # of the sessions of each cohort, all on one day
    ahead: int = 7  # days until then
    kinds: frozenset[str] = frozenset({"invitation"})

    @transaction.atomic
    def settle(self, at: datetime) -> User:
        """Write it; returns its coordinator."""
        factories.lay_modules()
        sari = factories.UserFactory.create(name="Sari", email="sari@example.org", phone="+6281100000001")
        self._cohorts(sari, at)
        with connection.cursor() as cursor:
            for statement in PEOPLE.split(";"):
                cursor.execute(statement, {"numbers": self.numbers} if "%(" in statement else None)
        self._sessions(at)
        return sari

    def _cohorts(self, sari: User, at: datetime) -> None:
        switches = {f"sends_{kind}": kind in self.kinds for kind in ("invitation", "h3", "h1", "h0")}
        year = {"starts_on": (at - timedelta(days=300)).date(), "ends_on": (at + timedelta(days=300)).date()}
        program = factories.ProgramFactory.create(coordinators=[sari], **switches, **year)
        region, rows = factories.lay_region(), range(self.cohorts)
        names = [Village(name=f"Desa {n}", code=f"v{n}", region=region, commodity="tenun") for n in rows]
        villages = Village.objects.bulk_create(names)
        Cohort.objects.bulk_create(Cohort(name="Angkatan", program=program, village=each, **year) for each in villages)

    def _sessions(self, at: datetime) -> None:
        module, day = factories.module(ModuleCode.DESIGN), local_date(at, Zone.WIB) + timedelta(days=self.ahead)
        for clock in self.starts:
            start = local_moment(day, clock, Zone.WIB)
            times = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
            cohorts = list(Cohort.objects.order_by("pk"))
            facts = {
                "module": module,
                "zone": Zone.WIB,
                "mode": SessionMode.ONLINE,
                "state": SessionState.DRAFT,
                **times,
            }
            sessions = Session.objects.bulk_create(Session(program_id=each.program_id, **facts) for each in cohorts)
            pairs = zip(sessions, cohorts, strict=True)
            Booking.objects.bulk_create(Booking(session=session, cohort=cohort, **times) for session, cohort in pairs)


def schedule_at_once(sessions: Sequence[Session], *, by: User, at: datetime, plan: bool = True) -> None:
    """Promise drafts as the action does, without its checks, set by set."""
    ids = [session.pk for session in sessions]
    Session.objects.filter(pk__in=ids).update(state=SessionState.SCHEDULED)
    SessionRevision.objects.bulk_create(
        SessionRevision(session=each, number=1, starts_at=each.starts_at, ends_at=each.ends_at, by=by, at=at)
        for each in sessions
    )
    for session in sessions:
        seats = Enrollment.objects.filter(cohort__bookings__session=session)
        Attendance.objects.bulk_create(Attendance(session=session, enrollment=each) for each in seats)
    for first in range(0, len(ids) if plan else 0, AT_ONCE):
        plan_sessions(ids[first : first + AT_ONCE], at=at)


def tidy() -> None:
    """Let PostgreSQL know what it has."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
