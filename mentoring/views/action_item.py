"""Pages of action items: the worklist, and what becomes of each."""

from typing import ClassVar

from django import forms
from django.contrib import messages
from django.db import models
from django.db.models import Prefetch
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.pages import FormPage, ListPage, Page, way_back
from mentoring.actions import carry_over_action, drop_action, finish_action
from mentoring.filters import ActionWorkFilter
from mentoring.forms import CarryOverForm, DropForm, FinishForm
from mentoring.models import ActionItem, Assignment
from mentoring.rules import Can
from mentoring.states import ActionState


class ActionList(ListPage[ActionItem]):
    """What was agreed and is open: what is overdue first, then by day."""

    ability = Can.READ_ACTION
    model = ActionItem
    template = "mentoring/action_item_list.html"
    filterset_class = ActionWorkFilter
    order = ("rank", "due", "pk")

    def rows(self) -> models.QuerySet[ActionItem]:
        """Read along where it was agreed and who mentors there today."""
        rows = super().rows().ranked(localdate())  # type: ignore[attr-defined]
        letters = Assignment.objects.visible_to(self.reader).current(localdate()).select_related("mentor")
        today = Prefetch("village__assignments", letters.order_by("starts_on", "pk"), to_attr="letters")
        seen: models.QuerySet[ActionItem] = rows.select_related("visit", "village__region", "settled_by")
        return seen.prefetch_related(today)

    def context(self) -> dict[str, object]:
        """Offer to settle, and tell whether anything is filtered."""
        narrowed = any(value for name, value in self.request.GET.items() if name != "cursor")
        return {
            "active": narrowed,
            "settles": self.reader.has_perm(Can.SETTLE_ACTION),
            "desk": self.reader.has_perm(Can.ASSIGN_MENTOR),
            "here": self.request.get_full_path(),
        }


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
        home = "mentor-home" if self.reader.has_perm(Can.LOG_VISIT) else "village-detail"
        otherwise = reverse(home, args=[] if home == "mentor-home" else [self.row().village_id])
        return redirect(way_back(self.request.POST.get("next", ""), otherwise))


class ActionSettle(FormPage[ActionItem], ActionPage):
    """What finishing, dropping and carrying over share."""

    template = "mentoring/action_item_form.html"
    title: ClassVar[str | Promise] = ""

    def context(self) -> dict[str, object]:
        """Name the item, and where the reader came from."""
        droppable = self.form_class is CarryOverForm
        return {
            "item": self.row(),
            "title": self.title,
            "droppable": droppable,
            "next": self.request.POST.get("next") or self.request.GET.get("next", ""),
        }


class ActionFinish(ActionSettle):
    """Say that it is done, and what shows it."""

    form_class = FinishForm
    title = gettext_lazy("This is done")

    def act(self, form: forms.Form) -> HttpResponse:
        """Finish; pressing twice finishes once."""
        item = self.row()
        if (item.state, item.settled_by_id) != (ActionState.DONE, self.reader.pk):
            finish_action(item, evidence=form.cleaned_data["evidence"], by=self.reader, at=now())
        return self.back(_("Done. Thank you."))


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
