"""The papers of a session: which there are, what the others lack, and each of them built."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, BinaryIO, Final, TypeVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from attendance.models import SheetPhoto
from attendance.sheet import sheet_rows, walk_ins
from common.errors import Refused
from common.paper import Head, Paper, write_pdf
from mentoring.models import Assignment
from papers.letters import Course, assignment_of_mentor, assignment_of_trainers, invitation
from papers.minutes import official_minutes
from papers.models import Letter, Minutes
from papers.recap import write_recap
from papers.sheets import attendance_record, attendance_sheet
from papers.states import NUMBERED, PaperKind
from papers.wording import Rows, Stationery, stationery_of
from programs.models import Cohort, Program, Session
from programs.states import DELIVERED, SessionState
from progress.measures import SheetCount, count_sheet
from villages.models import Village

Seen = TypeVar("Seen", bound=models.QuerySet[Any])
NOT_YET: Final[dict[str, Promise]] = {
    SessionState.DRAFT: _("Schedule the session first."),
    SessionState.CANCELLED: _("The session was cancelled."),
}
NO_TRAINER: Final = _("The session has no trainer yet.")
NOT_HELD: Final = _("There is nothing to tell before the session was held.")
NOT_WRITTEN: Final = _("Nobody has written the minutes yet.")


def with_what_is_printed(sessions: Seen) -> Seen:
    """Read along what papers say about sessions; a constant number of queries."""
    seen: Seen = sessions.select_related("program__letterhead", "module", "venue__region__parent__parent")
    return seen.prefetch_related("cohorts__village__region__parent__parent", "trainers")


@dataclass(frozen=True)
class Shelved:
    """One place on the shelf: a paper, or the sentence that says why it is not there."""

    kind: PaperKind
    lacks: str | Promise
    letter: Letter | None

    @property
    def label(self) -> str:
        """Name it in the reader's language."""
        return str(self.kind.label)

    @property
    def takes_number(self) -> bool:
        """Tell whether it waits for a number; minutes get theirs when they are closed."""
        return self.kind in NUMBERED and self.kind != PaperKind.MINUTES and not self.letter and not self.lacks


class Shelf:
    """The papers of one session for one reader; each thing they need is read once, when the first paper asks for it."""

    def __init__(self, session: Session, *, reader: User, at: datetime, base_url: str) -> None:
        """Take a session `with_what_is_printed`."""
        self.session, self.reader, self.at, self.base_url = session, reader, at, base_url

    @cached_property
    def stationery(self) -> Stationery:
        """Read the letterhead."""
        return stationery_of(self.session.program)

    @cached_property
    def rows(self) -> Rows:
        """Read the rows of the sheet that this reader sees."""
        rows = sheet_rows(self.session, to=self.reader)
        seats = [seat for _number, seat in rows]
        models.prefetch_related_objects(
            seats, "enrollment__person__contacts__contact_point", "enrollment__cohort__village"
        )
        return rows

    @property
    def invited(self) -> Rows:
        """Leave out who came unasked: a letter lists only whom it invited."""
        unasked = walk_ins(self.session)
        return [(number, seat) for number, seat in self.rows if seat.enrollment_id not in unasked]

    @cached_property
    def letters(self) -> dict[str, list[Letter]]:
        """Read the numbers given to papers of this session, newest first."""
        given: dict[str, list[Letter]] = {kind: [] for kind in PaperKind}
        for letter in self.session.letters.order_by("-revision", "-pk"):
            given[letter.kind].append(letter)
        return given

    @cached_property
    def minutes(self) -> Minutes | None:
        """Read the minutes, when somebody wrote them."""
        return Minutes.objects.filter(session=self.session).first()

    @cached_property
    def counted(self) -> SheetCount:
        """Count the sheet as it is today."""
        return count_sheet(self.session.pk)

    @property
    def figures(self) -> SheetCount:
        """Tell the figures of the minutes: those they were closed with, else today's."""
        kept = self.minutes.figures if self.minutes else None
        return SheetCount(**kept) if kept else self.counted

    @property
    def corrected(self) -> bool:
        """Tell whether the sheet says something else today than the closed minutes."""
        return self.figures != self.counted

    @cached_property
    def photos(self) -> list[SheetPhoto]:
        """Read the photos of the signed sheet that this reader sees."""
        return [*SheetPhoto.objects.visible_to(self.reader).filter(session=self.session).order_by("at", "pk")]

    @property
    def manner(self) -> dict[str, Any]:
        """Say how letters are drawn: on whose paper, when, and where their codes lead."""
        return {"stationery": self.stationery, "base_url": self.base_url, "at": self.at}

    def places(self) -> list[Shelved]:
        """List all places, in the order in which papers come about."""
        return [self.place(kind) for kind in PaperKind]

    def place(self, kind: PaperKind) -> Shelved:
        """Look at one place."""
        return Shelved(kind, self._lacks(kind), self.course(kind).letter)

    def _lacks(self, kind: PaperKind) -> str | Promise:
        session = self.session
        if session.state in NOT_YET:
            return NOT_YET[session.state]
        if kind == PaperKind.ASSIGNMENT and not session.trainers.all():
            return NO_TRAINER
        if kind in (PaperKind.RECORD, PaperKind.MINUTES) and session.state not in DELIVERED:
            return NOT_HELD
        return NOT_WRITTEN if kind == PaperKind.MINUTES and self.minutes is None else ""

    def course(self, kind: PaperKind) -> Course:
        """Tell the number of a paper for the session as it stands, and the one that it replaces."""
        given = self.letters[kind]
        current = next((each for each in given if each.revision == self.session.revision), None)
        before = next((each for each in given if each.revision != self.session.revision), None)
        return Course(current, before, self._reason if before else "")

    @cached_property
    def _reason(self) -> str:
        revision = self.session.revisions.filter(number=self.session.revision).first()
        return revision.reason if revision else ""

    def paper(self, kind: PaperKind) -> Paper:
        """Build one paper, or refuse with what it lacks."""
        lacks = self._lacks(kind)
        if lacks:
            raise Refused(lacks)
        return BUILT[kind](self)

    def write(self, kind: PaperKind, to: BinaryIO) -> None:
        """Write one paper as PDF."""
        write_pdf([self.paper(kind)], to)

    def write_workbook(self, to: BinaryIO) -> None:
        """Write the attendance as a workbook."""
        write_recap(self.session, self.rows, at=self.at, to=to)


def _assignment(shelf: Shelf) -> Paper:
    course = shelf.course(PaperKind.ASSIGNMENT)
    return assignment_of_trainers(shelf.session, course=course, **shelf.manner)


def _invitation(shelf: Shelf) -> Paper:
    course = shelf.course(PaperKind.INVITATION)
    return invitation(shelf.session, shelf.invited, course=course, **shelf.manner)


def _sheet(shelf: Shelf) -> Paper:
    entry = f"{shelf.base_url}/sessions/{shelf.session.pk}/numbers/"
    return attendance_sheet(shelf.session, shelf.rows, stationery=shelf.stationery, entry=entry, at=shelf.at)


def _record(shelf: Shelf) -> Paper:
    return attendance_record(shelf.session, shelf.rows, stationery=shelf.stationery, at=shelf.at)


def _minutes(shelf: Shelf) -> Paper:
    if shelf.minutes is None:
        raise Refused(NOT_WRITTEN)
    return official_minutes(
        shelf.session,
        shelf.minutes,
        figures=shelf.figures,
        letter=shelf.course(PaperKind.MINUTES).letter,
        **shelf.manner,
    )


BUILT: Final[dict[PaperKind, Callable[[Shelf], Paper]]] = {
    PaperKind.ASSIGNMENT: _assignment,
    PaperKind.INVITATION: _invitation,
    PaperKind.SHEET: _sheet,
    PaperKind.RECORD: _record,
    PaperKind.MINUTES: _minutes,
}


@dataclass(frozen=True)
class Mandate:
    """The letter of a mentor's assignment, in the program that last came to the village."""

    assignment: Assignment
    program: Program
    letter: Letter | None

    def paper(self, *, at: datetime, base_url: str) -> Paper:
        """Build it."""
        manner: dict[str, Any] = {"stationery": stationery_of(self.program), "base_url": base_url, "at": at}
        return assignment_of_mentor(self.assignment, program=self.program.name, letter=self.letter, **manner)


def mandate_of(assignment: Assignment, *, reader: User) -> Mandate:
    """Read an assignment's letter, or refuse when no program that this reader sees has come to the village."""
    letter = assignment.letters.select_related("program__letterhead").first()
    if letter:
        return Mandate(assignment, letter.program, letter)
    cohorts = Cohort.objects.visible_to(reader).filter(village=assignment.village_id)
    last = cohorts.select_related("program__letterhead").order_by("-starts_on", "-pk").first()
    if last is None:
        raise Refused(_("This village is in no program yet, so nobody can send a mentor there by letter."))
    return Mandate(assignment, last.program, None)


def stationery_at(village: Village) -> Stationery:
    """Read the letterhead of the program that last came to a village; a village in none has the programme's name."""
    cohorts = Cohort.objects.filter(village=village).select_related("program__letterhead")
    last = cohorts.order_by("-starts_on", "-pk").first()
    return stationery_of(last.program) if last else Stationery(Head("Desa Devisa"), "", "", "Penyelenggara", "")
