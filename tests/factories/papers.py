"""Certificates, and cohorts whose people may get one."""

from datetime import date, timedelta
from typing import Any

from papers.models import Certificate, CertificateCounter
from papers.numbering import Number
from papers.states import CertificateState
from programs.models import Cohort, Enrollment, Session
from programs.states import AttendanceState, SessionState
from tests.factories.base import NOW, RowFactory, counted, from_row, one
from tests.factories.people import PersonFactory, UserFactory
from tests.factories.programs import AttendanceFactory, EnrollmentFactory, RequirementFactory, SessionFactory

FACTS: dict[str, Any] = {
    "program": "Desa Devisa 2026",
    "organiser": "Disperindag",
    "cohort": "Angkatan 1",
    "village": "Parengan",
    "place": "Parengan, Kec. Maduran, Kab. Lamongan",
    "first_on": "2026-08-04",
    "last_on": "2026-09-22",
    "minutes": 360,
    "modules": [{"module": "design", "attended": 360, "required": 360, "minimum": 80}],
}


class CertificateFactory(RowFactory[Certificate]):
    """A valid certificate, under a number of another year than today's."""

    class Meta:
        model = Certificate

    enrollment = one(EnrollmentFactory)
    number = counted(lambda n: str(Number(2025, n + 1)))
    name = from_row(lambda row: row.enrollment.person.name)
    facts = FACTS
    given_on = date(2026, 9, 30)
    given_in = "Lamongan"
    signer = "Nur Hidayat"
    position = "Kepala Dinas"
    issued_at = NOW - timedelta(days=1)
    issued_by = one(UserFactory)
    revoked_at = from_row(lambda row: NOW if row.state == CertificateState.REVOKED else None)
    revoked_by = from_row(lambda row: UserFactory.create() if row.state == CertificateState.REVOKED else None)
    reason = from_row(lambda row: "Printed for the wrong course" if row.state == CertificateState.REVOKED else "")
    state = CertificateState.ISSUED


class CertificateCounterFactory(RowFactory[CertificateCounter]):
    """A year without certificates."""

    class Meta:
        model = CertificateCounter

    year = counted(lambda n: 2100 + n)


def lay_course(cohort: Cohort, *, required: int = 120, minimum: int = 80) -> Session:
    """Owe a cohort one module of design and hold all of it, three days ago."""
    RequirementFactory.create(cohort=cohort, required=required, minimum_attendance=minimum)
    return SessionFactory.create(
        program=cohort.program, cohorts=[cohort], state=SessionState.HELD, starts_at=NOW - timedelta(days=3)
    )


def lay_graduate(session: Session, *, minutes: int = 120, **person: Any) -> Enrollment:
    """Enroll someone who came to the session for so many minutes."""
    cohort = session.cohorts.get()
    enrollment = EnrollmentFactory.create(cohort=cohort, person=PersonFactory.create(village=cohort.village, **person))
    AttendanceFactory.create(
        session=session,
        enrollment=enrollment,
        state=AttendanceState.PRESENT if minutes else AttendanceState.ABSENT,
        minutes=minutes,
        marked_at=NOW,
        marked_by=UserFactory.create(),
    )
    return enrollment
