"""From the paper sheet back: found by its code, entered by row numbers, kept as photos."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from attendance.actions import Mark, keep_photo, remove_photo
from attendance.forms import CodeForm, NumbersForm, PhotoForm
from attendance.models import SheetPhoto
from attendance.rules import Can
from attendance.sheet import Line, session_in, sheet_code, sheet_rows
from attendance.views.marks import hand_of, seen_in, sentences, word_of
from attendance.views.sheet import SessionSheet
from common.errors import Refused
from common.events import note_reading
from common.handing import hand_out
from common.pages import FormPage
from programs.forms import ReasonForm
from programs.models import Attendance, Session
from programs.states import AttendanceSource, AttendanceState
from programs.views.session import SessionFormPage


class SessionFind(FormPage[Session]):
    """Find a session by the code of its printed sheet, scanned or typed."""

    ability = Can.MARK_ATTENDANCE
    model = Session
    form_class = CodeForm
    template = "attendance/session_find.html"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:  # noqa: ARG002
        """Go on to the rows of the sheet; without a code, ask for it."""
        if "code" not in request.GET:
            return self.show(form=CodeForm())
        form = CodeForm(request.GET)
        key = session_in(form.cleaned_data["code"]) if form.is_valid() else None
        if key is not None and self.rows().filter(pk=key).exists():
            return redirect("session-numbers", key)
        form.add_error("code", _("No sheet of yours has this code. Look at its six letters again."))
        return self.show(form=form, status=HTTPStatus.NOT_FOUND)

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:  # noqa: ARG002
        """Looking changes nothing: the code belongs into the address."""
        return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET"})


class SessionNumbers(SessionFormPage, SessionSheet):
    """Enter a paper sheet by its row numbers: first an echo with every name, then the marks."""

    ability = Can.MARK_ATTENDANCE
    form_class = NumbersForm
    template = "attendance/session_numbers.html"

    def context(self) -> dict[str, Any]:
        """Name the session and its code."""
        session = self.row()
        rows = sheet_rows(session, to=self.reader)
        return {**self.about(session), "code": sheet_code(session), "last": rows[-1][0] if rows else 0}

    def act(self, form: forms.Form) -> HttpResponse:
        """Show who is meant; on the second press, with the same rows, write."""
        session, clean = self.row(), form.cleaned_data
        pairs = self._pairs(session, clean["rows"], rest=clean["rest"])
        if "sure" not in self.request.POST:
            return self.show(form=form, echo=[self._echo(session, *pair) for pair in pairs], **self.context())
        marks = [self._mark(seat, line) for seat, line in pairs]
        crossed = self.write(session, marks, reason=clean["reason"], source=AttendanceSource.PAPER)
        if crossed:
            raise Refused(" ".join(sentences(crossed, session, to=self.reader)))
        messages.success(self.request, _("The paper sheet is kept: %(count)s people.") % {"count": len(marks)})
        return redirect("session-attendance", session.pk)

    def _pairs(self, session: Session, lines: list[Line], *, rest: bool) -> list[tuple[Attendance, Line]]:
        """Find the seat of each row; a number that is on no row of this sheet is told."""
        seats = dict(sheet_rows(session, to=self.reader))
        unknown = [line.number for line in lines if line.number not in seats]
        if unknown:
            shown = ", ".join(map(str, unknown[:10]))
            raise ValidationError({"rows": _("This sheet has no row %(rows)s.") % {"rows": shown}})
        said = {line.number: line for line in lines}
        others = [n for n, seat in seats.items() if n not in said and seat.state == AttendanceState.EXPECTED]
        said |= {number: Line(number, AttendanceState.ABSENT) for number in others if rest}
        return [(seats[number], said[number]) for number in sorted(said)]

    def _mark(self, seat: Attendance, line: Line) -> Mark:
        seen = seen_in(self.request.POST, seat.enrollment_id)
        return Mark(seat.enrollment_id, line.state, line.minutes, line.excuse, seen=seen)

    def _echo(self, session: Session, seat: Attendance, line: Line) -> dict[str, Any]:
        before = "" if seat.state == AttendanceState.EXPECTED else word_of(seat.state, seat.excuse)
        return {
            "seat": seat,
            "line": line,
            "word": word_of(line.state, line.excuse),
            "before": before if before != word_of(line.state, line.excuse) else "",
            "hand": hand_of(seat, session.zone, session.starts_at),
        }


class SessionPhotos(SessionFormPage):
    """The photos of the signed sheet."""

    ability = Can.MARK_ATTENDANCE
    form_class = PhotoForm
    template = "attendance/session_photos.html"

    def form(self, data: Any = None) -> forms.Form:
        """Read the file along."""
        return PhotoForm(data, self.request.FILES) if data is not None else PhotoForm()

    def context(self) -> dict[str, Any]:
        """Show what is kept."""
        session = self.row()
        photos = SheetPhoto.objects.visible_to(self.reader).filter(session=session).select_related("by")
        return {"session": session, "photos": photos.order_by("at", "pk"), "begun": session.starts_at <= now()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Keep one page, safe and small."""
        session = self.row()
        try:
            keep_photo(session, sent=form.cleaned_data["photo"].read(), by=self.reader, at=now())
        except ValidationError as error:
            raise ValidationError({"photo": error.messages}) from None
        messages.success(self.request, _("The photo is kept."))
        return redirect("session-photos", session.pk)


class PhotoPage(FormPage[SheetPhoto]):
    """A page about one photo."""

    model = SheetPhoto
    form_class = ReasonForm

    def rows(self) -> models.QuerySet[SheetPhoto]:
        """Read its session along."""
        return super().rows().select_related("session__module", "by")


class PhotoFile(PhotoPage):
    """The photo itself, for those who may see every name on it; kept by no cache, run by no browser."""

    ability = Can.MARK_ATTENDANCE
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponseBase:  # type: ignore[override]  # noqa: ARG002
        """Hand it out."""
        photo = self.row()
        note_reading(photo, verb="document_read", by=self.reader, at=now())
        return hand_out(photo.opened(), media_type="image/jpeg", name=f"daftar-hadir-{photo.session_id}")


class PhotoRemove(PhotoPage):
    """Take a photo away, and say why."""

    ability = Can.REMOVE_EVIDENCE
    template = "attendance/photo_remove.html"

    def context(self) -> dict[str, Any]:
        """Show which one."""
        photo = self.row()
        return {"photo": photo, "session": photo.session}

    def act(self, form: forms.Form) -> HttpResponse:
        """Remove it; that it was here stays in the history."""
        photo = self.row()
        session = photo.session_id
        remove_photo(photo, reason=form.cleaned_data["reason"], by=self.reader, at=now())
        messages.success(self.request, _("The photo is removed."))
        return redirect("session-photos", session)
