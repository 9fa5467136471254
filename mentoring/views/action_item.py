"""Pages of action items."""

from typing import ClassVar

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.pages import FormPage, Page
from mentoring.actions import carry_over_action, drop_action, finish_action
from mentoring.forms import CarryOverForm, DropForm
from mentoring.models import ActionItem
from mentoring.rules import Can
from mentoring.states import ActionState


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
