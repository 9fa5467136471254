"""Writing down who took numbers or names of people with them on paper."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from common.events import record
from mentoring.models import Handover
from programs.models import Cohort, Session
from villages.models import Village


def note_numbers(session: Session, *, rows: int, by: User, at: datetime) -> None:
    """Keep that a sheet was printed; its numbers are masked, and still a list of who can be called."""
    record(session, verb="numbers_printed", by=by, at=at, rows=rows)


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
