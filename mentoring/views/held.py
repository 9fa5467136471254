"""Pages of versions that wait for a person."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.pages import FormPage, ListPage, Page
from mentoring.actions import dismiss_held, take_held
from mentoring.album import Album
from mentoring.clock import said_skew
from mentoring.comparison import comparison
from mentoring.filters import HeldVersionFilter
from mentoring.forms import DismissForm
from mentoring.held import waiting_by_reason
from mentoring.models import HeldVersion, Visit
from mentoring.rules import Can
from mentoring.states import HeldState


class HeldList(ListPage[HeldVersion]):
    """What waits for a decision, the newest first; what was decided when it is asked for."""

    ability = Can.READ_HELD
    model = HeldVersion
    template = "mentoring/held_list.html"
    filterset_class = HeldVersionFilter
    order = ("-received_at", "-pk")

    def rows(self) -> models.QuerySet[HeldVersion]:
        """Read along what a line shows; what waits unless another state is asked for."""
        rows: Any = super().rows()
        rows = rows if "state" in self.request.GET else rows.waiting()
        found: models.QuerySet[HeldVersion] = rows.select_related("village__region", "sent_by", "program")
        return found

    def context(self) -> dict[str, object]:
        """Count what waits, and tell whether anything is filtered."""
        mine: Any = super().rows()
        active = any(value for name, value in self.request.GET.items() if name != "cursor")
        return {"waiting": waiting_by_reason(mine), "active": active, "asked": "state" in self.request.GET}


class HeldPage(Page[HeldVersion]):
    """What pages of one version share."""

    model = HeldVersion
    template = "mentoring/held_detail.html"

    def rows(self) -> models.QuerySet[HeldVersion]:
        """Read along who, where and what became of it."""
        read = ("village__region__parent__parent", "program", "sent_by", "settled_by")
        return super().rows().select_related(*read)

    def back(self, held: HeldVersion, sentence: str) -> HttpResponse:
        """Say what was done and return to the version."""
        messages.success(self.request, sentence)
        return redirect("held-detail", pk=held.pk)

    def following(self, held: HeldVersion) -> HeldVersion | None:
        """Find the next one that waits, the longest first."""
        rows: Any = super().rows()
        found: HeldVersion | None = rows.waiting().exclude(pk=held.pk).order_by("received_at", "pk").first()
        return found

    def context(self) -> dict[str, Any]:
        """Lay it beside what is here."""
        held = self.row()
        compared = comparison(held)
        seen = Visit.objects.visible_to(self.reader)
        keys = [key for key in (compared.visit and compared.visit.pk, held.became_id) if key]
        return {
            "held": held,
            "compared": compared,
            "readable": set(seen.filter(pk__in=keys).values_list("pk", flat=True)),
            "album": Album.of_held(held, self.reader),
            "skew": said_skew(held.skew),
            "decides": held.state == HeldState.WAITING and self.reader.has_perm(Can.SETTLE_HELD, held),
            "following": self.following(held) if self.reader.has_perm(Can.SETTLE_HELD) else None,
        }


class HeldDetail(HeldPage):
    """One version beside what is here."""

    ability = Can.READ_HELD

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show both."""
        return self.show(form=DismissForm(), **self.context())


class HeldTake(HeldPage):
    """Take a version into the record."""

    ability = Can.SETTLE_HELD

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Take it; pressing twice takes it once. What does not fit is said on the page."""
        held = self.row()
        if held.state != HeldState.TAKEN or held.settled_by_id != self.reader.pk:
            try:
                take_held(held, by=self.reader, at=now())
            except ValidationError as error:
                form = DismissForm()
                return self.show(form=form, refused=error.messages, status=HTTPStatus.BAD_REQUEST, **self.context())
        return self.back(held, _("The version is taken. The visit is with the coordinator."))


class HeldDismiss(FormPage[HeldVersion], HeldPage):
    """Leave a version out of the record."""

    ability = Can.SETTLE_HELD
    form_class = DismissForm

    def context(self) -> dict[str, Any]:
        """Show it with the form open."""
        return {**HeldPage.context(self), "dismissing": True}

    def act(self, form: forms.Form) -> HttpResponse:
        """Dismiss it with the comment; pressing twice does it once."""
        held = self.row()
        if held.state != HeldState.DISMISSED or held.settled_by_id != self.reader.pk:
            dismiss_held(held, comment=form.cleaned_data["comment"], by=self.reader, at=now())
        return self.back(held, _("The version is not taken. Its mentor is told why."))
