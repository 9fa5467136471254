"""One session: what, when, for whom; planning it, moving it, cancelling it."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.dates import local_date
from common.pages import Page
from common.zones import Zone, tz
from programs.actions import (
    assign_trainers,
    cancel_session,
    change_session,
    plan_session,
    reschedule_session,
    schedule_session,
)
from programs.cautions import Caution, Warned, cautions, cautions_of
from programs.forms import AnywayForm, ReasonForm, RescheduleForm, SessionForm, TrainersForm
from programs.history import history_of
from programs.models import Program, Session
from programs.reach import reach_of
from programs.rules import Can
from programs.states import SessionState
from programs.taken import taken_by
from programs.views.asking import AskingPage

UNDECIDED: Final = dict.fromkeys(("starts_at", "ends_at", "zone", "venue", "reason"))  # what a message cannot say yet


class SessionPage(Page[Session]):
    """A page about one session, read with what every such page names."""

    model = Session

    def rows(self) -> models.QuerySet[Session]:
        """Read along what the head of the page shows."""
        seen = super().rows().select_related("program", "module", "venue__region__parent__parent")
        return seen.prefetch_related("cohorts__village", "trainers")

    def done(self, session: Session, sentence: str) -> HttpResponse:
        """Return to the session's page and say what was done."""
        messages.success(self.request, sentence)
        return redirect("session-detail", session.pk)


class SessionDetail(SessionPage):
    """Everything about one session, and the next act."""

    ability = Can.READ_SCHEDULE
    template = "programs/session_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show it with its seats, its changes and its history."""
        session = self.row()
        seats = session.seats.visible_to(self.reader).select_related("enrollment__person", "enrollment__cohort")
        return self.show(
            session=session,
            seats=seats.order_by("enrollment__person__name", "pk"),
            revisions=session.revisions.select_related("by", "venue").order_by("-number"),
            history=history_of(session),
            begun=session.starts_at <= now(),
        )


class SessionChoose(Page[Program]):
    """Choose the program of a new session; with one there is nothing to choose."""

    ability = Can.PLAN_SESSION
    model = Program
    template = "programs/session_choose.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Go on with the one program, or list those that have not ended."""
        today = local_date(now(), Zone.WIB)
        running = list(self.rows().filter(ends_on__gte=today).order_by("-starts_on", "pk")[:50])
        if len(running) == 1:
            return redirect("session-new", running[0].pk)
        return self.show(programs=running)


class SessionNew(AskingPage[Program]):
    """Plan a session of one program; it is a draft until it is scheduled."""

    ability = Can.PLAN_SESSION
    model = Program
    form_class = SessionForm
    template = "programs/session_form.html"

    def form_arguments(self) -> dict[str, Any]:
        """Offer the program's cohorts."""
        day = self.request.GET.get("day", "")
        return {
            "user": self.reader,
            "program": self.row(),
            "initial": {"day": day, "starts": "09:00", "ends": "11:30"},
        }

    def context(self) -> dict[str, Any]:
        """Name the program."""
        return {"program": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the draft and go to its page, where it is scheduled."""
        assert isinstance(form, SessionForm)  # noqa: S101  by form_class
        session = plan_session(program=self.row(), **form.plan(), by=self.reader, at=now())
        return redirect("session-detail", session.pk)


class SessionFormPage(AskingPage[Session], SessionPage):
    """A form about one session."""

    template = "programs/session_form.html"

    def context(self) -> dict[str, Any]:
        """Name the session."""
        return {"session": self.row()}

    def _moment(self, session: Session) -> dict[str, object]:
        """Begin the form from where the session stands."""
        zone = tz(session.zone)
        return {
            "day": local_date(session.starts_at, session.zone),
            "starts": session.starts_at.astimezone(zone).time(),
            "ends": session.ends_at.astimezone(zone).time(),
            "venue": session.venue_id,
        }


class SessionEdit(SessionFormPage):
    """Change a draft."""

    ability = Can.PLAN_SESSION
    form_class = SessionForm

    def standing(self) -> Sequence[Caution]:
        """Warn of what speaks against the draft as it stands."""
        return cautions_of(self.row(), by=self.reader)

    def form_arguments(self) -> dict[str, Any]:
        """Begin from the draft."""
        session = self.row()
        initial = {
            **self._moment(session),
            **{name: getattr(session, name) for name in ("module", "topic", "mode", "capacity")},
            "override": session.override_reason,
            "cohorts": [cohort.pk for cohort in session.cohorts.all()],
            "trainers": [trainer.pk for trainer in session.trainers.all()],
        }
        return {"user": self.reader, "program": session.program, "initial": initial}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the changes."""
        assert isinstance(form, SessionForm)  # noqa: S101  by form_class
        session = self.row()
        change_session(session, **form.plan(), by=self.reader, at=now())
        return redirect("session-detail", session.pk)


class SessionTrainers(SessionFormPage):
    """Say who teaches; time and place stay as they were promised."""

    ability = Can.PLAN_SESSION
    form_class = TrainersForm
    template = "programs/session_trainers.html"

    def form_arguments(self) -> dict[str, Any]:
        """Begin from who teaches now."""
        return {"user": self.reader, "initial": {"trainers": [trainer.pk for trainer in self.row().trainers.all()]}}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write who teaches."""
        session = self.row()
        assign_trainers(session, trainers=[*form.cleaned_data["trainers"]], by=self.reader, at=now())
        return self.done(session, _("Kept who teaches."))


class SessionSchedule(SessionPage):
    """Put a draft on the calendar, knowing who will be told and what speaks against its time."""

    ability = Can.SCHEDULE_SESSION
    template = "programs/session_schedule.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show who will be told what, before the press; what was answered with the draft need not be typed again."""
        session = self.row()
        form = AnywayForm(initial={"override": session.override_reason})
        form.cautions = cautions_of(session, by=self.reader) if session.state == SessionState.DRAFT else ()
        return self._ask(session, form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Schedule it; the messages are planned in the same transaction."""
        session = self.row()
        form = AnywayForm(request.POST)
        if not form.is_valid():
            form.cautions = cautions_of(session, by=self.reader)
            return self._ask(session, form, status=HTTPStatus.BAD_REQUEST)
        try:
            schedule_session(session, override=form.cleaned_data["override"], by=self.reader, at=now())
        except Warned as warned:
            form.cautions = warned.cautions
            return self._ask(self.row(), form, status=HTTPStatus.CONFLICT)
        return self.done(session, _("Scheduled. Whoever has to know is told."))

    def _ask(self, session: Session, form: AnywayForm, status: int = HTTPStatus.OK) -> HttpResponse:
        shown = {"reach": reach_of(session), "kind": "invitation", "seen": UNDECIDED}
        return self.show(session=session, form=form, begun=session.starts_at <= now(), status=status, **shown)


class SessionChange(SessionFormPage):
    """An act that people are told of; who and in which words can be read before it is done."""

    def context(self) -> dict[str, Any]:
        """Show who is told."""
        session = self.row()
        return {"session": session, "reach": reach_of(session), "seen": UNDECIDED}

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Act; or, when only a look was asked for, show the message with what was typed."""
        if "look" not in request.POST:
            return super().post(request, **kwargs)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=HTTPStatus.BAD_REQUEST, **self.context())
        self.look(form)
        venue = form.cleaned_data.get("venue")
        seen = {**UNDECIDED, "zone": venue.zone if venue else None, **form.cleaned_data}
        return self.show(form=form, **{**self.context(), "seen": seen})

    def look(self, form: forms.Form) -> None:
        """Look at what was typed, before it is done."""


class SessionReschedule(SessionChange):
    """Move a scheduled session, knowing who hears it."""

    ability = Can.RESCHEDULE_SESSION
    form_class = RescheduleForm
    template = "programs/session_reschedule.html"

    def standing(self) -> Sequence[Caution]:
        """Warn of what speaks against the time that holds now."""
        return cautions_of(self.row(), by=self.reader)

    def form_arguments(self) -> dict[str, Any]:
        """Begin from where it stands."""
        session = self.row()
        initial = {**self._moment(session), "revision": session.revision}
        return {"user": self.reader, "session": session, "initial": initial}

    def context(self) -> dict[str, Any]:
        """Show who is told, and whether there is anything to move."""
        shown = super().context()
        return {**shown, "movable": self.row().state == SessionState.SCHEDULED}

    def look(self, form: forms.Form) -> None:
        """Warn of what speaks against the time and the place that were typed."""
        assert isinstance(form, RescheduleForm)  # noqa: S101  by form_class
        session, clean = self.row(), form.cleaned_data
        taken = replace(taken_by(session), venue=clean["venue"])
        given = {"by": self.reader, "besides": [session], "capacity": session.capacity}
        form.cautions = cautions(session.program, taken, clean["starts_at"], clean["ends_at"], **given)

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the new revision; older messages are superseded in the same transaction."""
        session, clean = self.row(), form.cleaned_data
        session.revision = clean["revision"]  # the one that was on the screen: the slower of two tabs is told
        reschedule_session(
            session,
            starts_at=clean["starts_at"],
            ends_at=clean["ends_at"],
            venue=clean["venue"],
            reason=clean["reason"],
            override=clean["override"],
            by=self.reader,
            at=now(),
        )
        return self.done(session, _("Rescheduled. Whoever has to know is told."))


class SessionCancel(SessionChange):
    """Cancel a scheduled session, knowing who hears it."""

    ability = Can.CANCEL_SESSION
    form_class = ReasonForm
    template = "programs/session_cancel.html"

    def act(self, form: forms.Form) -> HttpResponse:
        """Cancel it; the slot is free and whoever was told is told again."""
        session = self.row()
        cancel_session(session, reason=form.cleaned_data["reason"], by=self.reader, at=now())
        return self.done(session, _("Cancelled. Whoever was told of it is told again."))
