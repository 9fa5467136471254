"""Pages of visits, action items and assignments."""

from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Refused
from common.pages import FormPage, ListPage, Page
from mentoring.actions import (
    Outcome,
    approve_visit,
    assign_mentor,
    carry_over_action,
    drop_action,
    end_assignment,
    finish_action,
    put_visit,
    return_visit,
    submit_visit,
)
from mentoring.comparison import comparisons, content_of
from mentoring.day import Place, day_of, places_of
from mentoring.filters import VisitFilter
from mentoring.forms import AssignForm, CarryOverForm, DropForm, EndForm, ReturnForm, VersionForm, VisitForm
from mentoring.history import history_of
from mentoring.models import ActionItem, Assignment, Visit
from mentoring.rules import Can
from mentoring.states import EDITABLE, ActionState, VisitState
from villages.models import Village


class MentorHome(Page[Visit]):
    """What I have to do today, and the way to a new visit."""

    ability = Can.LOG_VISIT
    model = Visit
    template = "mentoring/mentor_home.html"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show the day of the signed-in mentor."""
        return self.show(day=day_of(self.reader, at=now()))


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
        """Tell whether anything is filtered."""
        return {"active": any(value for name, value in self.request.GET.items() if name != "cursor")}


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
        return super().rows().prefetch_related(*below)

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show the visit with its history."""
        visit = self.row()
        return self.show(
            visit=visit,
            history=history_of(visit),
            comparisons=comparisons(visit),
            form=ReturnForm(initial={"version": visit.version}),
            decides=visit.state == VisitState.SUBMITTED and self.reader.has_perm(Can.APPROVE_VISIT, visit),
            writes=visit.state in EDITABLE and self.reader.has_perm(Can.LOG_VISIT, visit),
            correctable=visit.state == VisitState.APPROVED and self.reader.has_perm(Can.LOG_VISIT, visit),
            settles=self.reader.has_perm(Can.SETTLE_ACTION),
        )


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
        if visit.state != VisitState.SUBMITTED:
            submit_visit(visit, by=self.reader, at=now())
        return self.back(visit, _("The visit is with the coordinator."))


class VisitWrite(FormPage[Visit], VisitPage):
    """What the pages for a new and for an old visit share."""

    ability = Can.LOG_VISIT
    template = "mentoring/visit_form.html"
    form_class = VisitForm

    def act(self, form: Any) -> HttpResponse:
        """Keep what was written, once; what would overwrite another version is kept beside it."""
        given = form.cleaned_data
        content = form.content(self.request.POST.get("state", ""))
        verdict = put_visit(
            id=self.key(form), content=content, by=self.reader, at=now(), base_version=given["base_version"]
        )
        if verdict.visit is None or verdict.outcome == Outcome.CONFLICT:
            raise Refused(_("This visit was saved before with other words. Yours are kept beside it; nothing is lost."))
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
        return next((each for each in places if chosen == (str(each.village.pk), str(each.program.pk))), None)

    def form_arguments(self) -> dict[str, Any]:
        """Start from nothing, or from the visit that is corrected."""
        place = self.place()
        if place is None:
            raise Http404
        started = {"village": place.village, "program": place.program, "at": now()}
        corrected = self._corrected()
        content = replace(content_of(corrected), action_items=()) if corrected else None
        return {**started, "content": content, "corrects": corrected and corrected.pk}

    def context(self) -> dict[str, object]:
        """Name the place."""
        return {"place": self.place(), "corrected": self._corrected()}

    def _corrected(self) -> Visit | None:
        try:
            key = UUID(self.request.GET.get("corrects", ""))
        except ValueError:
            return None
        return self.rows().filter(pk=key, state=VisitState.APPROVED).first()


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


class ActionPage(Page[ActionItem]):
    """What pages of one action item share."""

    ability = Can.SETTLE_ACTION
    model = ActionItem

    def rows(self) -> models.QuerySet[ActionItem]:
        """Read along where it was agreed."""
        return super().rows().select_related("visit", "village__region")

    def back(self, sentence: str) -> HttpResponseRedirect:
        """Say what was done and return to where the reader works."""
        messages.success(self.request, sentence)
        if self.reader.has_perm(Can.LOG_VISIT):
            return redirect("mentor-home")
        return redirect("village-detail", pk=self.row().village_id)


class ActionFinish(ActionPage):
    """Say that it is done."""

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Finish; pressing twice finishes once."""
        item = self.row()
        if (item.state, item.settled_by_id) != (ActionState.DONE, self.reader.pk):
            finish_action(item, by=self.reader, at=now())
        return self.back(_("Done. Thank you."))


class ActionSettle(FormPage[ActionItem], ActionPage):
    """What dropping and carrying over share."""

    template = "mentoring/action_item_form.html"
    title: ClassVar[str | Promise] = ""

    def context(self) -> dict[str, object]:
        """Name the item."""
        return {"item": self.row(), "title": self.title, "droppable": self.form_class is CarryOverForm}


class ActionDrop(ActionSettle):
    """Give it up, and say why."""

    form_class = DropForm
    title = gettext_lazy("Drop this action item")

    def act(self, form: forms.Form) -> HttpResponse:
        """Drop it."""
        drop_action(self.row(), reason=form.cleaned_data["reason"], by=self.reader, at=now())
        return self.back(_("The action item is dropped."))


class ActionCarryOver(ActionSettle):
    """Agree on a new day."""

    form_class = CarryOverForm
    title = gettext_lazy("Not done: give it a new day")

    def act(self, form: forms.Form) -> HttpResponse:
        """Carry it over."""
        carry_over_action(self.row(), due_on=form.cleaned_data["due_on"], by=self.reader, at=now())
        return self.back(_("The action item has a new day."))


class VillageMentors(FormPage[Village]):
    """Who mentors a village, and giving it to someone."""

    ability = Can.ASSIGN_MENTOR
    model = Village
    template = "mentoring/village_mentors.html"
    form_class = AssignForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer mentors, from today."""
        return {"reader": self.reader, "initial": {"starts_on": localdate()}}

    def context(self) -> dict[str, object]:
        """Show who mentors it now and did before."""
        village = self.row()
        letters = village.assignments.select_related("mentor").order_by("-starts_on", "-pk")
        return {"village": village, "letters": letters}

    def act(self, form: forms.Form) -> HttpResponse:
        """Assign the mentor."""
        given = form.cleaned_data
        assign_mentor(village=self.row(), by=self.reader, at=now(), **given)
        messages.success(self.request, _("%(mentor)s mentors this village now.") % {"mentor": given["mentor"]})
        return redirect("village-mentors", pk=self.kwargs["pk"])


class AssignmentEnd(FormPage[Assignment]):
    """End a mentor's work in a village."""

    ability = Can.ASSIGN_MENTOR
    model = Assignment
    template = "mentoring/assignment_end.html"
    form_class = EndForm

    def rows(self) -> models.QuerySet[Assignment]:
        """Read along who and where."""
        return super().rows().select_related("mentor", "village__region")

    def form_arguments(self) -> dict[str, Any]:
        """Propose today."""
        return {"initial": {"ends_on": localdate()}}

    def context(self) -> dict[str, object]:
        """Name the assignment."""
        return {"letter": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """End it."""
        letter = self.row()
        end_assignment(letter, ends_on=form.cleaned_data["ends_on"], by=self.reader, at=now())
        messages.success(self.request, _("The assignment is ended."))
        return redirect("village-mentors", pk=letter.village_id)


def _saved(visit: Visit) -> str:
    if visit.state == VisitState.SUBMITTED:
        return _("The visit is with the coordinator.")
    return _("The draft is saved.")
