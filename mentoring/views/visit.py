"""Pages of visits, action items and assignments."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.errors import Refused
from common.pages import FormPage, ListPage, Page
from mentoring.actions import (
    Address,
    Outcome,
    approve_visit,
    hand_in_visit,
    keep_photo,
    put_visit,
    return_visit,
)
from mentoring.album import Album, album
from mentoring.clock import said_skew
from mentoring.comparison import comparisons
from mentoring.content import content_of
from mentoring.filters import VisitFilter
from mentoring.forms import ReturnForm, VersionForm, VisitForm
from mentoring.held import told
from mentoring.history import followed_of
from mentoring.models import ActionItem, HeldVersion, Visit
from mentoring.places import Place, open_of, places_of
from mentoring.rules import Can
from mentoring.states import EDITABLE, HeldReason, VisitState

WAITS = {HeldReason.NOT_ASSIGNED, HeldReason.CLOSED_PERIOD}  # whole and with nothing beside it to look at first


class VisitList(ListPage[Visit]):
    """Visits, newest first."""

    ability = Can.READ_VISIT
    model = Visit
    template = "mentoring/visit_list.html"
    filterset_class = VisitFilter
    order = ("-visited_at", "-pk")

    def rows(self) -> models.QuerySet[Visit]:
        """Read along what a line shows."""
        return super().rows().select_related("village__region", "program", "mentor").prefetch_related("modules")

    def context(self) -> dict[str, object]:
        """Tell whether anything is filtered, and how many versions wait for a decision."""
        waiting = HeldVersion.objects.visible_to(self.reader).waiting().count()
        return {
            "active": any(value for name, value in self.request.GET.items() if name != "cursor"),
            "waiting": waiting if self.reader.has_perm(Can.READ_HELD) else 0,
        }


class VisitPage(Page[Visit]):
    """What pages of one visit share."""

    model = Visit
    template = "mentoring/visit_detail.html"

    def rows(self) -> models.QuerySet[Visit]:
        """Read along what the page shows."""
        return (
            super().rows().select_related("village__region__parent__parent", "program", "cohort", "mentor", "corrects")
        )

    def back(self, visit: Visit, sentence: str) -> HttpResponseRedirect:
        """Say what was done and return to the visit."""
        messages.success(self.request, sentence)
        return redirect("visit-detail", pk=visit.pk)


class VisitDetail(VisitPage):
    """One visit: what was written down, what became of it."""

    ability = Can.READ_VISIT

    def rows(self) -> models.QuerySet[Visit]:
        """Read along everything below the visit."""
        below = ("modules", "attendees__person", "findings__module", "action_items", "corrections")
        return super().rows().prefetch_related(*below, album())

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show the visit with its history."""
        visit = self.row()
        return self.show(
            visit=visit,
            comparisons=comparisons(visit) if self.reader.has_perm(Can.READ_HELD) else [],
            skew=said_skew(visit.clock_skew),
            following=self.following(visit) if self.reader.has_perm(Can.APPROVE_VISIT) else None,
            album=Album.of(visit),
            followed=followed_of(visit),
            form=ReturnForm(initial={"version": visit.version}),
            decides=visit.state == VisitState.SUBMITTED and self.reader.has_perm(Can.APPROVE_VISIT, visit),
            writes=visit.state in EDITABLE and self.reader.has_perm(Can.LOG_VISIT, visit),
            correctable=visit.state == VisitState.APPROVED and self.reader.has_perm(Can.LOG_VISIT, visit),
            settles=self.reader.has_perm(Can.SETTLE_ACTION)
            and ActionItem.objects.visible_to(self.reader).filter(visit=visit).exists(),
        )

    def following(self, visit: Visit) -> Visit | None:
        """Find the next visit that waits for the reader, the longest first."""
        rows: Any = super().rows()
        found: Visit | None = rows.pending().exclude(pk=visit.pk).order_by("submitted_at", "pk").first()
        return found


class VisitApprove(VisitPage):
    """Take a visit into the record."""

    ability = Can.APPROVE_VISIT

    def post(self, request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Approve the version that was read; pressing twice approves once."""
        visit, read = self.row(), VersionForm(request.POST)
        version = read.cleaned_data["version"] if read.is_valid() else None
        if visit.approved_by_id != self.reader.pk:
            approve_visit(visit, by=self.reader, at=now(), version=version)
        return self.back(visit, _("The visit is approved and counts as progress."))


class VisitReturn(FormPage[Visit], VisitPage):
    """Give a visit back to its mentor."""

    ability = Can.APPROVE_VISIT
    template = "mentoring/visit_return.html"
    form_class = ReturnForm

    def context(self) -> dict[str, object]:
        """Name the visit."""
        return {"visit": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Return it with the comment."""
        visit, given = self.row(), form.cleaned_data
        return_visit(visit, comment=given["comment"], by=self.reader, at=now(), version=given["version"])
        return self.back(visit, _("The visit is back with its mentor."))


class VisitSubmit(VisitPage):
    """Hand a draft or a returned visit to the coordinator."""

    ability = Can.SUBMIT_VISIT

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Submit; pressing twice submits once."""
        visit = self.row()
        verdict = hand_in_visit(visit, by=self.reader, at=now()) if visit.state != VisitState.SUBMITTED else None
        if verdict and verdict.held:
            messages.warning(self.request, told(verdict.held))
            return redirect("held-detail", pk=verdict.held.pk)
        return self.back(visit, _("The visit is with the coordinator."))


class VisitWrite(FormPage[Visit], VisitPage):
    """What the pages for a new and for an old visit share."""

    ability = Can.LOG_VISIT
    template = "mentoring/visit_form.html"
    form_class = VisitForm

    def form(self, data: Any = None) -> forms.Form:
        """Read the photos along."""
        return VisitForm(data, self.request.FILES if data is not None else None, **self.form_arguments())

    def act(self, form: Any) -> HttpResponse:
        """Keep what was written, once; what would overwrite another version is kept beside it."""
        given = form.cleaned_data
        content = form.content(self.request.POST.get("state", ""), key=self.key(form))
        verdict = put_visit(
            id=self.key(form), content=content, by=self.reader, at=now(), base_version=given["base_version"]
        )
        if verdict.held and verdict.reason in WAITS:
            messages.warning(self.request, told(verdict.held))
            return redirect("held-detail", pk=verdict.held.pk)
        if verdict.visit is None or verdict.outcome == Outcome.CONFLICT:
            raise Refused(_("This visit was saved before with other words. Yours are kept beside it; nothing is lost."))
        for key, sent in form.sent_photos(self.key(form)).items():
            keep_photo(Address(self.key(form), key, self.reader), sent=sent, at=now())
        return self.back(verdict.visit, _saved(verdict.visit))

    def key(self, form: Any) -> UUID:
        """Name the visit that is written."""
        key: UUID = form.cleaned_data["id"]
        return key


class VisitNew(VisitWrite):
    """Log a visit: first where, then one sheet."""

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Ask for the village when there are several."""
        if self.place() is None:
            places = places_of(self.reader, at=now())
            return render(request, "mentoring/visit_places.html", {"places": places})
        return super().get(request, **kwargs)

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Keep the sheet of a village that this mentor holds."""
        if self.place() is None:
            raise Http404
        return super().post(request, **kwargs)

    def place(self) -> Place | None:
        """Find the place of the address; the only one needs no address."""
        chosen = (self.request.GET.get("village"), self.request.GET.get("program"))
        places = places_of(self.reader, at=now())
        if chosen == (None, None) and len(places) == 1:
            return places[0]
        here = [each for each in places if chosen[0] == str(each.village.pk)]
        if chosen[1] is None and len(here) == 1:
            return here[0]
        return next((each for each in here if chosen[1] == str(each.program.pk)), None)

    def form_arguments(self) -> dict[str, Any]:
        """Start from nothing, or from the visit that is corrected."""
        place = self.place()
        if place is None:
            raise Http404
        started = {"village": place.village, "program": place.program, "at": now()}
        corrected = self._corrected()
        content = replace(content_of(corrected), action_items=(), followed=(), photos=()) if corrected else None
        items = open_of(self.reader, place.village)
        return {**started, "content": content, "open_items": items, "corrects": corrected and corrected.pk}

    def context(self) -> dict[str, object]:
        """Name the place."""
        return {"place": self.place(), "corrected": self._corrected()}

    def _corrected(self) -> Visit | None:
        try:
            key = UUID(self.request.GET.get("corrects", ""))
        except ValueError:
            return None
        return self.rows().filter(pk=key, mentor=self.reader, state=VisitState.APPROVED).first()


class VisitEdit(VisitWrite):
    """Change a draft or a returned visit."""

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Show the sheet as it was written, while it may still be changed."""
        if self.row().state not in EDITABLE:
            raise Refused(_("Only a draft or a returned visit can be changed."))
        return super().get(request, **kwargs)

    def form_arguments(self) -> dict[str, Any]:
        """Start from what was written."""
        visit = self.row()
        return {
            "village": visit.village,
            "program": visit.program,
            "at": now(),
            "content": content_of(visit),
            "open_items": open_of(self.reader, visit.village, but=visit),
            "id": visit.pk,
            "base_version": visit.version,
        }

    def context(self) -> dict[str, object]:
        """Name the visit."""
        return {"visit": self.row()}

    def key(self, form: Any) -> UUID:  # noqa: ARG002  the address names the visit
        """Name the visit that is written."""
        key: UUID = self.kwargs["pk"]
        return key


def _saved(visit: Visit) -> str:
    if visit.state == VisitState.SUBMITTED:
        return _("The visit is with the coordinator.")
    return _("The draft is saved.")
