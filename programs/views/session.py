"""One session: what, when, for whom; planning it, moving it, cancelling it."""

from collections.abc import Collection, Mapping, Sequence
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
from common.pages import FormPage, Page
from common.zones import Zone, tz
from programs.actions import (
    assign_trainers,
    cancel_session,
    change_session,
    plan_session,
    reschedule_session,
    schedule_session,
)
from programs.cautions import Caution, Warned, cautions_of
from programs.forms import AnywayForm, CancelForm, RescheduleForm, SessionForm, TrainersForm
from programs.impact import others_on
from programs.models import Cohort, Program, Session
from programs.reach import gap_of, reach_of
from programs.rules import Can
from programs.series import Span
from programs.states import SessionState
from programs.taken import Taken, taken_by
from programs.views.offering import OfferingPage, Wish

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

    def announced(self, session: Session, done: str, told: str) -> HttpResponse:
        """Return and say what was done: that people are told, or whom no message reaches."""
        gap = gap_of(reach_of(session)) if session.starts_at > now() else ""
        if gap:
            messages.warning(self.request, gap)
        return self.done(session, done if gap else f"{done} {told}")


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
            begun=session.starts_at <= now(),
            seen=set(
                Cohort.objects.visible_to(self.reader).filter(bookings__session=session).values_list("pk", flat=True)
            ),
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


class SessionNew(OfferingPage[Program]):
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
        """Name the program, and its cohorts for which a series can be planned."""
        program = self.row()
        cohorts = program.cohorts.visible_to(self.reader).select_related("village").order_by("village__name", "pk")
        return {**super().context(), "program": program, "cohorts": cohorts}

    def wish(self, form: forms.Form) -> Wish:
        """Say what was typed."""
        return _wish(self.row(), form.cleaned_data)

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the draft and go to its page, where it is scheduled."""
        assert isinstance(form, SessionForm)  # noqa: S101  by form_class
        session = plan_session(program=self.row(), **form.plan(), by=self.reader, at=now())
        return redirect("session-detail", session.pk)


class SessionFormPage(OfferingPage[Session], SessionPage):
    """A form about one session."""

    template = "programs/session_form.html"

    def context(self) -> dict[str, Any]:
        """Name the session."""
        return {**super().context(), "session": self.row()}

    def wish(self, form: forms.Form) -> Wish:
        """Say what was typed; what is not asked stays as it is."""
        session = self.row()
        taken = taken_by(session)
        kept = {"cohorts": taken.cohorts, "trainers": taken.trainers, "venue": None, "capacity": session.capacity}
        return _wish(session.program, {**kept, **form.cleaned_data}, besides=[session])

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


class SessionTrainers(FormPage[Session], SessionPage):
    """Say who teaches; time and place stay as they were promised."""

    ability = Can.PLAN_SESSION
    form_class = TrainersForm
    template = "programs/session_trainers.html"

    def context(self) -> dict[str, Any]:
        """Name the session."""
        return {"session": self.row()}

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
        return self.announced(session, _("Scheduled."), _("Whoever has to know is told."))

    def _ask(self, session: Session, form: AnywayForm, status: int = HTTPStatus.OK) -> HttpResponse:
        shown = {"reach": reach_of(session), "kind": "invitation", "seen": UNDECIDED}
        return self.show(session=session, form=form, begun=session.starts_at <= now(), status=status, **shown)


class SessionChange(SessionFormPage):
    """An act that people are told of; who and in which words can be read before it is done."""

    def context(self) -> dict[str, Any]:
        """Show who is told."""
        shown = super().context()
        return {**shown, "reach": reach_of(shown["session"]), "seen": UNDECIDED}

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Act; or, when only a look was asked for, show the message with what was typed."""
        if "look" not in request.POST:
            return super().post(request, **kwargs)
        return self.looked(self.form(request.POST))

    def looked(self, form: forms.Form) -> HttpResponse:
        """Show the form, and the message with what was typed; the reason may come later."""
        form.fields["reason"].required = False
        complete = form.is_valid()
        form.fields["reason"].required = True
        if not complete:
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
    wished: Wish | None = None  # once it was typed

    def standing(self) -> Sequence[Caution]:
        """Warn of what speaks against the time that holds now."""
        return cautions_of(self.row(), by=self.reader)

    def form_arguments(self) -> dict[str, Any]:
        """Begin from where it stands."""
        session = self.row()
        initial = {**self._moment(session), "revision": session.revision}
        return {"user": self.reader, "session": session, "initial": initial}

    def context(self) -> dict[str, Any]:
        """Show who is told, what else is on that day, and whether there is anything to move."""
        shown = super().context()
        session = shown["session"]
        wish = self.wished or _standing_wish(session)
        day = local_date(wish.span.starts_at, wish.taken.zone)
        shown |= {
            "day": day,
            "others": others_on(day, wish.taken, by=self.reader, besides=session),
            "taken": wish.taken,
        }
        past = self.wished is not None and wish.span.starts_at <= now()
        return {**shown, "past": past, "movable": session.state == SessionState.SCHEDULED}

    def look(self, form: forms.Form) -> None:
        """Say what is taken and what is warned of at the time and the place that were typed."""
        assert isinstance(form, RescheduleForm)  # noqa: S101  by form_class
        self.wished = wish = self.wish(form)
        found = wish.diary(by=self.reader).look(wish.span)
        form.cautions = found.cautions
        for sentence in found.clashes:
            form.add_error(None, sentence)
        if found.impossible:
            self.offer(wish)

    def tapped(self, form: forms.Form) -> HttpResponse:
        """Look at the time that was tapped, with the message that it would bring."""
        return self.looked(form)

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the new revision; older messages are superseded in the same transaction."""
        self.wished = self.wish(form)
        session, clean = self.row(), form.cleaned_data
        session.revision = clean["revision"]  # the one that was on the screen: the slower of two tabs is told
        reschedule_session(
            session,
            starts_at=clean["starts_at"],
            ends_at=clean["ends_at"],
            venue=clean["venue"],
            reason=clean["reason"],
            override=clean["override"],
            took_place=clean["took_place"],
            by=self.reader,
            at=now(),
        )
        return self.announced(session, _("Rescheduled."), _("Whoever has to know is told."))


class SessionCancel(SessionChange):
    """Cancel a scheduled session, knowing who hears it."""

    ability = Can.CANCEL_SESSION
    form_class = CancelForm
    template = "programs/session_cancel.html"

    def form_arguments(self) -> dict[str, Any]:
        """Remember which revision is on the screen."""
        return {"initial": {"revision": self.row().revision}}

    def act(self, form: forms.Form) -> HttpResponse:
        """Cancel it; the slot is free and whoever was told is told again."""
        session = self.row()
        session.revision = form.cleaned_data["revision"]
        cancel_session(session, reason=form.cleaned_data["reason"], by=self.reader, at=now())
        return self.announced(session, _("Cancelled."), _("Whoever was told of it is told again."))


def _wish(program: Program, clean: Mapping[str, Any], *, besides: Collection[Session] = ()) -> Wish:
    """Read a wish from clean values."""
    taken = Taken(list(clean["cohorts"]), list(clean["trainers"]), clean["venue"])
    return Wish(program, taken, Span(clean["starts_at"], clean["ends_at"]), besides, clean["capacity"])


def _standing_wish(session: Session) -> Wish:
    """Begin from the time that holds."""
    return Wish(session.program, taken_by(session), Span(session.starts_at, session.ends_at), [session])
