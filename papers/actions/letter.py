"""Numbers of letters: without gaps, each given once."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_date
from common.errors import Refused, RowMoved
from common.events import record
from mentoring.models import Assignment
from papers.models import Letter, LetterCounter, Letterhead
from papers.states import PaperKind
from programs.models import Program, Session
from programs.states import PLANNED

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@transaction.atomic
def number_paper(session: Session, *, kind: str, by: User, at: datetime) -> Letter:
    """Give a paper of a session's current revision its number; one that has a number keeps it."""
    held = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    if held.revision != session.revision:
        raise RowMoved(session)
    if held.state not in PLANNED:
        raise Refused(_("Papers of a session that is “%(state)s” get no number.") % {"state": held.get_state_display()})
    given = Letter.objects.filter(session=held, kind=kind, revision=held.revision).first()
    return given or _write(
        Letter(session=held, revision=held.revision),
        program=held.program,
        kind=PaperKind(kind),
        day=local_date(at, held.zone),
        by=by,
        at=at,
    )


@transaction.atomic
def number_assignment(assignment: Assignment, *, program: Program, by: User, at: datetime) -> Letter:
    """Give a mentor's assignment letter its number in this program; one that has a number keeps it."""
    held = Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    given = Letter.objects.filter(assignment=held).first()
    day = local_date(at, held.village.zone)
    return given or _write(Letter(assignment=held), program=program, kind=PaperKind.ASSIGNMENT, day=day, by=by, at=at)


def _write(letter: Letter, *, program: Program, kind: PaperKind, day: date, by: User, at: datetime) -> Letter:
    letter.program, letter.kind, letter.year, letter.dated_on = program, kind, day.year, day
    letter.issued_by, letter.issued_at = by, at
    letter.number = take_number(program, kind, day.year)
    letter.reference = _reference(program, kind, letter.number, day)
    letter.save(force_insert=True)
    session, assignment = letter.session_id, letter.assignment_id
    record(letter, verb="numbered", by=by, at=at, kind=kind, session=session, assignment=assignment, program=program.pk)
    return letter


def take_number(program: Program, kind: str, year: int) -> int:
    """Take the next number; a rollback gives it back, so that none is ever missing."""
    counter = counter_of(program, kind, year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def counter_of(program: Program, kind: str, year: int) -> LetterCounter:
    """Read the counter and hold it until the end of the transaction."""
    LetterCounter.objects.get_or_create(program=program, kind=kind, year=year)
    return LetterCounter.objects.select_for_update().get(program=program, kind=kind, year=year)


def _reference(program: Program, kind: PaperKind, number: int, day: date) -> str:
    head = Letterhead.objects.filter(program=program).first() or Letterhead()
    formats = {
        PaperKind.INVITATION: head.invitation_format,
        PaperKind.ASSIGNMENT: head.assignment_format,
        PaperKind.MINUTES: head.minutes_format,
    }
    told = formats[kind].replace("{number}", str(number)).replace("{month}", ROMAN[day.month - 1])
    return told.replace("{year}", str(day.year))
