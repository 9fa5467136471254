"""Calling: who of the coming sessions has to be told by a human, and what came of it."""

from typing import Any

from django.contrib import messages as flashes
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.events import note_reading
from common.filters import LARGEST_ID
from common.pages import ListPage, Page
from programs.models import Session
from reminders.actions import miss_call, read_numbers_of, tell_people
from reminders.filters import CallFilter
from reminders.rules import Can
from reminders.worklists import call_of, calling_sheet, rounds_of, sessions_to_call, unanswered
from villages.models import Person, Village

SHOWN = 25  # unanswered texts on the page; the rest stand in the outbox


class CallList(ListPage[Session]):
    """Whom to call, session by session, the soonest first; and what no gateway answered for."""

    ability = Can.TELL_BY_HAND
    model = Session
    template = "reminders/call_list.html"
    filterset_class = CallFilter
    order = ("starts_at", "pk")

    def rows(self) -> models.QuerySet[Session]:
        """Read the sessions with somebody to call."""
        return sessions_to_call(self.reader, at=now()).select_related("module", "venue", "program")

    def show(self, **context: Any) -> HttpResponse:
        """Read the people of the sessions on this page."""
        found, chosen = context.get("page"), context.get("filter")
        village = chosen.form.cleaned_data.get("village") if found and chosen else None
        context["rounds"] = rounds_of(found.rows, self.reader, at=now(), village=village) if found else []
        context["active"] = any(value for name, value in self.request.GET.items() if name != "cursor")
        doubtful = list(unanswered(self.reader)[: SHOWN + 1])
        return super().show(doubtful=doubtful[:SHOWN], more=len(doubtful) > SHOWN, **context)


class CallPage(Page[Session]):
    """An act about some people of one session."""

    ability = Can.TELL_BY_HAND
    model = Session

    def rows(self) -> models.QuerySet[Session]:
        """Read along what is told."""
        return super().rows().select_related("module", "venue", "program")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Return to the list: each act is a button there."""
        return redirect("call-list")

    def people(self) -> list[Person]:
        """Read whom it is about, of those whom this user sees."""
        keys = [int(key) for key in self.request.POST.getlist("person") if key.isascii() and key.isdigit()]
        wanted = {key for key in keys if 0 < key <= LARGEST_ID}
        found = list(Person.objects.visible_to(self.reader).filter(pk__in=wanted).order_by("name", "pk"))
        if not found or len(found) < len(wanted):
            raise Http404
        return found

    def back(self, session: Session) -> HttpResponse:
        """Return to the session on the list."""
        return redirect(f"{reverse('call-list')}#session-{session.pk}")


class CallTold(CallPage):
    """Write down that a household was told."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Keep who told them and when; of two hands the first stands."""
        session, people = self.row(), self.people()
        tell_people(session, people=people, by=self.reader, at=now())
        names = ", ".join(person.name for person in people)
        flashes.success(request, _("Noted: %(name)s was told.") % {"name": names})
        return self.back(session)


class CallMissed(CallPage):
    """Write down that nobody answered."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Keep the try; they stay on the list."""
        session, people = self.row(), self.people()
        miss_call(session, people=people, by=self.reader, at=now())
        flashes.success(request, _("Noted: nobody answered. They stay on the list."))
        return self.back(session)


class CallNumbers(CallPage):
    """The numbers by which one household is called, in full; showing them is written down."""

    template = "reminders/call_numbers.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show them once, with what is to be said."""
        session, people = self.row(), self.people()
        call = call_of(session, people, self.reader, at=now())
        if call is None:
            flashes.success(request, _("They know meanwhile: nobody has to be called."))
            return self.back(session)
        read_numbers_of([each.contact_point for each in call.contacts], session, by=self.reader, at=now())
        response = self.show(session=session, call=call)
        response["Cache-Control"] = "no-store"
        return response


class CallSheet(Page[Session]):
    """The sheet with which a village contact goes from door to door."""

    ability = Can.TELL_BY_HAND
    model = Session
    template = "reminders/call_sheet.html"

    def rows(self) -> models.QuerySet[Session]:
        """Read along what the paper names."""
        along = super().rows().select_related("module", "venue__region", "program__letterhead")
        return along.prefetch_related("trainers")

    def get(self, request: HttpRequest, pk: int, village: int) -> HttpResponse:  # noqa: ARG002
        """List who of the village is not told."""
        session, place = self.row(), Village.objects.visible_to(self.reader).filter(pk=village).first()
        if place is None:
            raise Http404
        rounds = rounds_of([session], self.reader, at=now(), village=place)
        people = [person for each in rounds for call in each.calls for person in call.people]
        ordered = sorted(people, key=lambda person: (person.hamlet, person.name, person.pk))
        if ordered:
            note_reading(session, verb="names_printed", by=self.reader, at=now(), rows=len(ordered))
        paper = calling_sheet(session, place, ordered, at=now())
        return self.show(session=session, village=place, paper=paper, people=ordered)
