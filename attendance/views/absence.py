"""Who keeps away and what was done about it; the history of one seat."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from attendance.absences import IN_A_ROW, missed, spoken_to
from attendance.actions import note_absence
from attendance.filters import AbsenceFilter
from attendance.forms import AbsenceNoteForm
from attendance.models import AbsenceNote, Act
from attendance.rules import Can
from attendance.views.acts import lines_of, way_of
from attendance.views.marks import word_of
from common.dates import local_date
from common.pages import FormPage, ListPage, Page
from common.zones import Zone
from programs.models import Attendance, Enrollment
from programs.rules import Can as CanProgram
from programs.states import AttendanceState, SessionState

MOST_SPOKEN_TO = 50


class AbsenceList(ListPage[Enrollment]):
    """People who were absent several times in a row, the longest first."""

    ability = Can.NOTE_ABSENCE
    model = Enrollment
    filterset_class = AbsenceFilter
    order = ("-absences", "person__name", "pk")
    template = "attendance/absence_list.html"

    def rows(self) -> models.QuerySet[Enrollment]:
        """Read who keeps away and is to be called."""
        return missed(self.reader, day=local_date(now(), Zone.WIB))

    def context(self) -> dict[str, Any]:
        """Say how many make a row, and who was already spoken to."""
        return {
            "in_a_row": IN_A_ROW,
            "spoken": self._spoken(),
            "most": MOST_SPOKEN_TO,
            "active": any(self.request.GET.get(name) for name in self.filterset_class.base_filters),
        }

    def _spoken(self) -> list[Enrollment]:
        """Read the latest of those who were spoken to, narrowed like the list; they stand on its first page."""
        rows = spoken_to(self.reader, day=local_date(now(), Zone.WIB))
        chosen = self.filterset_class(self.request.GET, queryset=rows, request=self.request)
        if "cursor" in self.request.GET or not chosen.is_valid():
            return []
        return list(chosen.qs.order_by("-noted_at", "pk")[:MOST_SPOKEN_TO])


class SeatPage(Page[Attendance]):
    """A page about one seat, for those who work with its person."""

    model = Attendance

    def rows(self) -> models.QuerySet[Attendance]:
        """Read along what the head of the page shows."""
        return super().rows().select_related("enrollment__person", "session__module", "session__venue", "marked_by")


class SeatDetail(SeatPage):
    """Every mark that one person has had in one session: who, when, from what, why."""

    ability = CanProgram.READ_PARTICIPANT
    template = "attendance/seat_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Tell them, newest first."""
        seat = self.row()
        session = seat.session
        marks = [
            {"mark": mark, "word": word_of(mark.state, mark.excuse), "way": way_of(getattr(mark, "act", None), session)}
            for mark in seat.marks.select_related("by", "act__by").order_by("-version")
        ]
        unwritten = Act.objects.visible_to(self.reader).filter(seat=seat, mark__isnull=True)
        acts = unwritten.select_related("by", "settled_by").order_by("-acted_at", "-pk")
        upcoming = session.state == SessionState.SCHEDULED and session.starts_at > now()
        return self.show(seat=seat, session=session, marks=marks, acts=lines_of(acts, session), upcoming=upcoming)


class AbsenceNoteNew(FormPage[Attendance], SeatPage):
    """Say who was spoken to after an absence and what came of it."""

    ability = Can.NOTE_ABSENCE
    form_class = AbsenceNoteForm
    template = "attendance/absence_note.html"

    def context(self) -> dict[str, Any]:
        """Name the person, the absence and what was noted before."""
        seat = self.row()
        noted = AbsenceNote.objects.visible_to(self.reader).filter(seat__enrollment=seat.enrollment_id)
        return {
            "seat": seat,
            "session": seat.session,
            "absent": seat.state == AttendanceState.ABSENT,
            "before": noted.select_related("by").order_by("-at", "-pk")[:10],
        }

    def act(self, form: forms.Form) -> HttpResponse:
        """Keep it; the person stays to be called when it has to be tried again."""
        seat = self.row()
        note_absence(seat, **form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("Noted about %(name)s.") % {"name": seat.enrollment.person.name})
        return redirect("absence-list")
