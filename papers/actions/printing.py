"""Writing down who took numbers or names of people with them on paper."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from common.events import note_reading, record
from mentoring.models import Assignment, Handover
from papers.models import Certificate
from papers.states import PaperKind
from programs.models import Cohort, Session
from villages.models import Village


def note_numbers(session: Session, *, rows: int, by: User, at: datetime) -> None:
    """Keep that a sheet was printed; its numbers are masked, and still a list of who can be called."""
    record(session, verb="numbers_printed", by=by, at=at, rows=rows)


def note_paper(session: Session, *, kind: PaperKind, rows: int, by: User, at: datetime) -> None:
    """Keep that one paper of a session was read: a sheet with its numbers, any other with the names on it."""
    if kind == PaperKind.SHEET:
        note_numbers(session, rows=rows, by=by, at=at)
    else:
        note_reading(session, verb="names_printed", by=by, at=at, paper=str(kind))


def note_named_paper(row: Certificate | Assignment, *, by: User, at: datetime) -> None:
    """Keep that a certificate or the letter of a mentor was read, with the name on it."""
    note_reading(row, verb="names_printed", by=by, at=at, rows=1)


def note_bundle(session: Session, *, rows: int, by: User, at: datetime) -> None:
    """Keep that all papers of a session were taken out at once, names and masked numbers among them."""
    record(session, verb="bundle_taken", by=by, at=at, rows=rows)


def note_certificates(cohort: Cohort, *, rows: int, by: User, at: datetime) -> None:
    """Keep that all certificates of a cohort were taken out at once, names among them."""
    record(cohort, verb="certificates_taken", by=by, at=at, rows=rows)


def note_names(village: Village, *, rows: int, by: User, at: datetime) -> None:
    """Keep that a list of a village's people was taken out, by name."""
    if rows:
        record(village, verb="names_printed", by=by, at=at, rows=rows)


def note_contacts_printed(handover: Handover, *, contact_points: Sequence[int], by: User, at: datetime) -> None:
    """Keep that a handover was printed with the numbers of the village's contacts."""
    if contact_points:
        record(handover, verb="numbers_printed", by=by, at=at, contact_points=list(contact_points))
