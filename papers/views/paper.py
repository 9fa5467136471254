"""The papers of a session and of a mentor's assignment: each as page and PDF, its number, and the bundle."""

from io import BytesIO

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.pages import Page
from common.paper import Paper, write_pdf
from mentoring.models import Assignment
from papers.actions import note_bundle, note_named_paper, note_paper, number_assignment, number_paper
from papers.bundle import bundle_name, pieces_of, stream_bundle
from papers.rules import Can
from papers.shelf import Mandate, Shelf, mandate_of, with_what_is_printed
from papers.states import NUMBERED, PaperKind
from papers.wording import SLUGS
from programs.models import Session

NUMBERED_BY_HAND = frozenset(NUMBERED) - {PaperKind.MINUTES}


def as_pdf(paper: Paper, name: str) -> HttpResponse:
    """Answer with a paper as PDF, kept by no cache."""
    written = BytesIO()
    write_pdf([paper], written)
    answer = HttpResponse(written.getvalue(), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


class ShelfPage(Page[Session]):
    """A page about the papers of one session."""

    model = Session

    def rows(self) -> models.QuerySet[Session]:
        """Read along what is printed."""
        return with_what_is_printed(super().rows())

    def shelf(self) -> Shelf:
        """Open the shelf of this session."""
        return Shelf(self.row(), reader=self.reader, at=now(), base_url=settings.BASE_URL)

    def kind(self) -> PaperKind:
        """Read which paper the address names."""
        if self.kwargs["kind"] not in PaperKind:
            raise Http404
        return PaperKind(self.kwargs["kind"])

    def printed(self, shelf: Shelf) -> Paper:
        """Build the paper; who prints it has read the names on it, and of a sheet the numbers."""
        paper, rows = shelf.paper(self.kind()), len(shelf.rows)
        note_paper(shelf.session, kind=self.kind(), rows=rows, by=self.reader, at=shelf.at)
        return paper


class SessionPapers(ShelfPage):
    """What papers there are of a session, and what the others lack."""

    ability = Can.PRINT_PAPER
    template = "papers/session_papers.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """List them, and what the bundle holds."""
        shelf = self.shelf()
        pieces = pieces_of(shelf)
        missing = [piece for piece in pieces if piece.lacks]
        return self.show(session=shelf.session, places=shelf.places(), pieces=pieces, missing=missing)


class PaperPage(ShelfPage):
    """One paper of a session as a page that can be printed."""

    ability = Can.PRINT_PAPER
    template = "papers/paper_page.html"

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:  # noqa: ARG002
        """Show it."""
        shelf = self.shelf()
        paper = self.printed(shelf)
        corrected = self.kind() == PaperKind.MINUTES and shelf.corrected
        return self.show(session=shelf.session, place=shelf.place(self.kind()), paper=paper, corrected=corrected)


class PaperPdf(ShelfPage):
    """One paper of a session as PDF."""

    ability = Can.PRINT_PAPER

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:  # noqa: ARG002
        """Write it."""
        return as_pdf(self.printed(self.shelf()), f"{SLUGS[self.kind()]}-{pk}")


class PaperNumber(ShelfPage):
    """Give a paper of a session its number."""

    ability = Can.NUMBER_LETTER

    def post(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """Take the next number; a paper that has one keeps it."""
        shelf = self.shelf()
        if self.kind() not in NUMBERED_BY_HAND:
            raise Http404
        shelf.paper(self.kind())  # what is not there gets no number
        letter = number_paper(shelf.session, kind=kind, by=self.reader, at=shelf.at)
        messages.success(request, _("The letter has the number %(number)s.") % {"number": letter.reference})
        return redirect("paper-page", pk, kind)


class SessionBundle(ShelfPage):
    """All papers of a session in one zip."""

    ability = Can.TAKE_BUNDLE

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:  # noqa: ARG002
        """Stream it; what is missing is in its list."""
        shelf = self.shelf()
        note_bundle(shelf.session, rows=len(shelf.rows), by=self.reader, at=shelf.at)
        answer = StreamingHttpResponse(stream_bundle(shelf), content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="{bundle_name(shelf)}"'
        answer["Cache-Control"] = "no-store"
        return answer


class MandatePage(Page[Assignment]):
    """A page about the letter of a mentor's assignment."""

    model = Assignment

    def rows(self) -> models.QuerySet[Assignment]:
        """Read along who goes where."""
        return super().rows().select_related("mentor", "village__region__parent__parent")

    def mandate(self) -> Mandate:
        """Read the letter, with its number when it has one."""
        return mandate_of(self.row(), reader=self.reader)

    def printed(self) -> tuple[Mandate, Paper]:
        """Build the paper, and keep who read it."""
        mandate, at = self.mandate(), now()
        note_named_paper(mandate.assignment, by=self.reader, at=at)
        return mandate, mandate.paper(at=at, base_url=settings.BASE_URL)


class AssignmentLetter(MandatePage):
    """The letter as a page that can be printed."""

    ability = Can.PRINT_PAPER
    template = "papers/assignment_letter.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show it."""
        mandate, paper = self.printed()
        return self.show(mandate=mandate, paper=paper)


class AssignmentPdf(MandatePage):
    """The letter as PDF."""

    ability = Can.PRINT_PAPER

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Write it."""
        return as_pdf(self.printed()[1], f"{SLUGS[PaperKind.ASSIGNMENT]}-pendamping-{pk}")


class AssignmentNumber(MandatePage):
    """Give the letter its number."""

    ability = Can.NUMBER_LETTER

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the next number of the program; a letter that has one keeps it."""
        mandate = self.mandate()
        letter = number_assignment(mandate.assignment, program=mandate.program, by=self.reader, at=now())
        messages.success(request, _("The letter has the number %(number)s.") % {"number": letter.reference})
        return redirect("assignment-letter", pk)
