"""What phones said about the sheet of a session: what waits for a decision, and everything that ever came."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.actions import dismiss_act, take_act
from attendance.forms import DecideForm
from attendance.models import Act
from attendance.rules import Can
from attendance.states import ActWait
from attendance.views.marks import word_of
from common.errors import Refused
from common.keyset import page
from common.pages import FormPage
from programs.history import way_from_phone
from programs.models import Session
from programs.rules import Can as CanProgram
from programs.states import CAME
from programs.views.session import SessionPage

MOST: Final = 200  # decided on at a time
WRONG_CLOCK: Final = 10 * 60  # seconds


@dataclass(frozen=True)
class ActLine:
    """One act as pages show it."""

    act: Act
    word: str  # what it says
    way: str  # from the phone to here
    wait: str  # why it waits
    clock: str  # what was wrong with the phone's clock


def way_of(act: Act | None, session: Session) -> str:
    """Say when an act was made and when it arrived; nothing when a mark came from no phone."""
    return way_from_phone(act.acted_at, act.received_at, session.zone) if act else ""


def line_of(act: Act, session: Session) -> ActLine:
    """Show one act."""
    word = word_of(act.state, act.excuse)
    if act.state in CAME and act.minutes is not None:
        word = _("%(mark)s, there for %(count)s minutes") % {"mark": word, "count": act.minutes}
    wait = str(ActWait(act.wait).label) if act.wait else ""
    return ActLine(act, word, way_of(act, session), wait, _clock(act.skew or 0))


def lines_of(acts: Iterable[Act], session: Session) -> list[ActLine]:
    """Show several."""
    return [line_of(act, session) for act in acts]


def _clock(skew: int) -> str:
    """Tell a clock that was far off."""
    if abs(skew) <= WRONG_CLOCK:
        return ""
    count = abs(skew) // 60
    if skew > 0:
        return _("The phone's clock was %(count)s minutes behind.") % {"count": count}
    return _("The phone's clock was %(count)s minutes ahead.") % {"count": count}


class SessionMarks(FormPage[Session], SessionPage):
    """Every mark that came from a phone; who corrects sheets decides on those that came too late."""

    ability = CanProgram.READ_PARTICIPANT
    form_class = DecideForm
    template = "attendance/session_marks.html"

    def acts(self) -> models.QuerySet[Act]:
        """Read what the reader may see, with whom it is about."""
        seen = Act.objects.visible_to(self.reader).filter(session=self.row())
        return seen.select_related("seat__enrollment__person", "person", "by", "settled_by", "cohort")

    def form_arguments(self) -> dict[str, Any]:
        """Offer what waits."""
        return {"waiting": self.acts().filter(outcome="waiting").order_by("acted_at", "pk")}

    def context(self) -> dict[str, Any]:
        """Show what waits, and one page of all that came."""
        session = self.row()
        waiting = self.form_arguments()["waiting"][:MOST]
        found = page(self.acts(), order=("-received_at", "pk"), cursor=self.request.GET.get("cursor"))
        return {
            "session": session,
            "decides": self.reader.has_perm(Can.CORRECT_ATTENDANCE, session),
            "waiting": lines_of(waiting, session),
            "lines": lines_of(found.rows, session),
            "page": found,
            "chosen": self.request.POST.getlist("acts"),
        }

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Show them; a broken address is said."""
        try:
            return super().get(request, **kwargs)
        except ValidationError as error:
            raise Refused(error.messages[0]) from None

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Decide, for who corrects sheets."""
        if not self.reader.has_perm(Can.CORRECT_ATTENDANCE, self.row()):
            raise PermissionDenied
        return super().post(request, **kwargs)

    def act(self, form: forms.Form) -> HttpResponse:
        """Decide on each by itself; what cannot be done is told, with the name."""
        chosen, reason = form.cleaned_data["acts"], form.cleaned_data["reason"]
        decide = take_act if "take" in self.request.POST else dismiss_act
        for act in chosen:
            try:
                decide(act, reason=reason, by=self.reader, at=now())
            except Refused as refusal:
                form.add_error(None, f"{act.who}: {refusal}")
            except ValidationError as error:
                form.add_error(None, f"{act.who}: {' '.join(error.messages)}")
        if form.errors:
            return self.show(form=form, status=HTTPStatus.CONFLICT, **self.context())
        count = len(chosen)
        taken = ngettext("%(count)s mark is taken.", "%(count)s marks are taken.", count)
        left = ngettext("%(count)s mark is not taken.", "%(count)s marks are not taken.", count)
        messages.success(self.request, (taken if decide is take_act else left) % {"count": count})
        return redirect("session-marks", self.row().pk)
