"""Moving many sessions at once: chosen, looked at one by one, and then moved as a whole."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.constraints import sentence_of
from common.dates import local_date
from common.errors import Refused, RowMoved
from common.pages import Page
from common.zones import Zone
from programs.actions import look_at_shift, shift_sessions
from programs.actions.shift import MOST, Move
from programs.forms import ShiftForm
from programs.forms.shift import seen
from programs.impact import impact_of
from programs.models import Program, Session
from programs.rules import Can

STAYING = 20  # that are named


class SessionShift(Page[Program]):
    """Move what a program has ahead by some days; nothing moves before each session and everybody told was seen."""

    ability = Can.RESCHEDULE_SESSION
    model = Program
    template = "programs/shift_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Show the form; of several running programs one is chosen first."""
        program = self._program()
        if program is None:
            today = local_date(now(), Zone.WIB)
            running = list(self.rows().filter(ends_on__gte=today).order_by("-starts_on", "pk")[:50])
            if len(running) != 1:
                return self.show(programs=running)
            (program,) = running
        return self.show(program=program, form=self._form(program))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Look, go back to the form, or move; what was typed goes along each time."""
        program = self._program()
        if program is None:
            raise Http404
        form = self._form(program, request.POST)
        if not form.is_valid():
            return self.show(program=program, form=form, status=HTTPStatus.BAD_REQUEST)
        match request.POST.get("do"):
            case "edit":
                return self.show(program=program, form=form)
            case "shift":
                return self._shift(program, form)
            case _:
                return self._look(program, form)

    def _program(self) -> Program | None:
        key = self.request.POST.get("program") or self.request.GET.get("program", "")
        if not key:
            return None
        found = self.rows().filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None  # noqa: PLR2004
        if found is None:
            raise Http404
        return found

    def _form(self, program: Program, data: Any = None) -> ShiftForm:
        tomorrow = local_date(now(), Zone.WIB)
        initial = {"first": tomorrow, "unit": "weeks", "cohorts": self.request.GET.getlist("cohort")}
        return ShiftForm(data, user=self.reader, program=program, initial=initial)

    def _sessions(self, program: Program, form: ShiftForm) -> Any:
        rows = Session.objects.visible_to(self.reader).filter(program=program).from_day(form.cleaned_data["first"])
        if form.cleaned_data["cohorts"]:
            rows = rows.filter(cohorts__in=form.cleaned_data["cohorts"]).distinct()
        along = rows.select_related("program", "module", "venue")
        return along.prefetch_related("cohorts__village").order_by("starts_at", "pk")

    def _moves(self, sessions: Sequence[Session], form: ShiftForm) -> list[Move]:
        clean = form.cleaned_data
        return look_at_shift(sessions, days=clean["days"], clock=clean["clock"], by=self.reader, at=now())

    def _look(
        self, program: Program, form: ShiftForm, *, refusal: str = "", status: int = HTTPStatus.OK
    ) -> HttpResponse:
        """Show each session with its new time, who hears of it, and what stands in the way."""
        rows = self._sessions(program, form)
        sessions = list(rows.shiftable(now())[: MOST + 1])
        if not sessions:
            form.add_error("first", _("Nothing that can move begins on this day or later."))
            return self.show(program=program, form=form, status=HTTPStatus.BAD_REQUEST)
        try:
            moves = self._moves(sessions, form)
        except ValidationError as error:
            form.add_error("amount" if error.code == "days" else None, error)
            return self.show(program=program, form=form, status=HTTPStatus.BAD_REQUEST)
        told = [move for move in moves if move.told]
        return self.show(
            program=program,
            form=form,
            moves=moves,
            seen=[seen(session) for session in sessions],
            staying=rows.exclude(pk__in=[session.pk for session in sessions])[:STAYING],
            first_told=told[0] if told else None,
            told=len(told),
            impact=impact_of([move.session for move in told], [move.taken for move in moves]),
            impossible=any(move.goal.impossible for move in moves),
            warned=any(move.goal.warned for move in moves),
            refusal=refusal,
            status=status,
        )

    def _shift(self, program: Program, form: ShiftForm) -> HttpResponse:
        """Move what was on the screen, as it stood there."""
        sessions, clean = list(self._sessions(program, form).shiftable(now())[: MOST + 1]), form.cleaned_data
        try:
            if not sessions or {seen(session) for session in sessions} != set(self.request.POST.getlist("seen")):
                raise RowMoved(program)
            how = {name: clean[name] for name in ("days", "clock", "reason", "override")}
            moved = shift_sessions(sessions, **how, by=self.reader, at=now())
        except ValidationError as error:
            return self._look(program, form, refusal=" ".join(error.messages), status=HTTPStatus.BAD_REQUEST)
        except Refused as error:
            return self._look(program, form, refusal=str(error), status=HTTPStatus.CONFLICT)
        except IntegrityError as error:
            return self._look(program, form, refusal=sentence_of(error), status=HTTPStatus.CONFLICT)
        said = ngettext(
            "%(n)s session shifted. Whoever has to know is told.",
            "%(n)s sessions shifted. Whoever has to know is told.",
            len(moved),
        )
        messages.success(self.request, said % {"n": len(moved)})
        return redirect(f"{reverse('schedule')}?month={moved[0].starts_at:%Y-%m}&program={program.pk}")
