"""Trainers and venues: shared by all programs, added where they are missed, corrected where they are wrong."""

from typing import Any, ClassVar
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.links import Subscription, subscription
from common.events import note_reading
from common.pages import FormPage, ListPage, Page, way_back
from programs.actions import change_trainer, change_venue, create_trainer, create_venue, renew_trainer_calendar
from programs.filters import TrainerFilter, VenueFilter
from programs.forms import TrainerForm, VenueForm
from programs.links import calendar_token
from programs.models import Session, Trainer, Venue
from programs.rules import Can

MOST_AHEAD = 10


class ResourceNew(FormPage[models.Model]):
    """A form that leads back to the session being planned."""

    ability = Can.CHANGE_RESOURCE
    template = "programs/resource_form.html"
    title: ClassVar[Promise]

    def context(self) -> dict[str, object]:
        """Say what is added, and where the way leads back to."""
        return {"title": self.title, "next": self._next()}

    def _next(self) -> str:
        """Read the way back; only into this house."""
        wanted = self.request.POST.get("next") or self.request.GET.get("next", "")
        return way_back(wanted, reverse("schedule"))

    def _done(self, row: models.Model) -> HttpResponse:
        messages.success(self.request, _("“%(name)s” can be chosen now.") % {"name": row})
        return redirect(self._next())


class TrainerNew(ResourceNew):
    """Add a trainer."""

    model = Trainer
    form_class = TrainerForm
    title = gettext_lazy("New trainer")

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the trainer."""
        return self._done(create_trainer(**form.cleaned_data, by=self.reader, at=now()))


class VenueNew(ResourceNew):
    """Add a venue."""

    model = Venue
    form_class = VenueForm
    title = gettext_lazy("New venue")

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the venue."""
        return self._done(create_venue(**form.cleaned_data, by=self.reader, at=now()))


class TrainerList(ListPage[Trainer]):
    """Who teaches, by name."""

    ability = Can.READ_RESOURCE
    model = Trainer
    template = "programs/trainer_list.html"
    filterset_class = TrainerFilter
    order = ("name", "pk")

    def context(self) -> dict[str, object]:
        """Tell whether anything is searched for."""
        return {"active": bool(self.request.GET.get("search"))}


class VenueList(ListPage[Venue]):
    """Where people meet, by name."""

    ability = Can.READ_RESOURCE
    model = Venue
    template = "programs/venue_list.html"
    filterset_class = VenueFilter
    order = ("name", "pk")

    def rows(self) -> models.QuerySet[Venue]:
        """Read along where it lies."""
        return super().rows().select_related("region__parent__parent")

    def context(self) -> dict[str, object]:
        """Tell whether anything is searched for."""
        return {"active": bool(self.request.GET.get("search"))}


class ResourcePage(Page[Any]):
    """What pages of one trainer or one place share."""

    def ahead(self, **which: object) -> models.QuerySet[Session]:
        """Read the next sessions there that this user sees."""
        seen = Session.objects.visible_to(self.reader).upcoming(now()).filter(**which)
        return seen.select_related("module", "venue").order_by("starts_at", "pk")[:MOST_AHEAD]


class TrainerDetail(ResourcePage):
    """One trainer: what is known, what comes next, and for the desk the calendar to pass on."""

    ability = Can.READ_RESOURCE
    model = Trainer
    template = "programs/trainer_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show it; number and calendar only to those who look after trainers."""
        trainer: Trainer = self.row()
        context: dict[str, Any] = {"trainer": trainer, "sessions": self.ahead(bookings__trainer=trainer)}
        if self.reader.has_perm(Can.CHANGE_RESOURCE, trainer):
            if trainer.phone:
                note_reading(trainer, verb="read_number", by=self.reader, at=now())
            calendar = subscription(calendar_token(trainer))
            context |= {"changes": True, "calendar": calendar, "share_url": _share(trainer, calendar)}
        return self.show(**context)


class VenueDetail(ResourcePage):
    """One place: how it is found, and what comes next."""

    ability = Can.READ_RESOURCE
    model = Venue
    template = "programs/venue_detail.html"

    def rows(self) -> models.QuerySet[Venue]:
        """Read along where it lies."""
        return super().rows().select_related("region__parent__parent")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show it."""
        venue: Venue = self.row()
        changes = self.reader.has_perm(Can.CHANGE_RESOURCE, venue)
        return self.show(venue=venue, sessions=self.ahead(venue=venue), changes=changes)


class TrainerEdit(FormPage[Trainer]):
    """Correct a trainer."""

    ability = Can.CHANGE_RESOURCE
    model = Trainer
    template = "programs/resource_edit.html"
    form_class = TrainerForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin from what is known."""
        return {"instance": self.row()}

    def context(self) -> dict[str, object]:
        """Name the trainer."""
        url, whole = reverse("trainer-detail", args=[self.kwargs["pk"]]), reverse("trainer-list")
        return {"row": self.row(), "parent_url": url, "grandparent_url": whole, "grandparent_label": _("Trainers")}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the correction."""
        change_trainer(self.row(), **form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("Saved."))
        return redirect("trainer-detail", self.kwargs["pk"])


class VenueEdit(FormPage[Venue]):
    """Correct a place."""

    ability = Can.CHANGE_RESOURCE
    model = Venue
    template = "programs/resource_edit.html"
    form_class = VenueForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin from what is known."""
        venue = self.row()
        known = {name: getattr(venue, name) for name in ("name", "landmark", "capacity")}
        return {"initial": {**known, "region": venue.region_id}}

    def context(self) -> dict[str, object]:
        """Name the place."""
        url, whole = reverse("venue-detail", args=[self.kwargs["pk"]]), reverse("venue-list")
        return {"row": self.row(), "parent_url": url, "grandparent_url": whole, "grandparent_label": _("Venues")}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the correction."""
        change_venue(self.row(), **form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("Saved."))
        return redirect("venue-detail", self.kwargs["pk"])


class TrainerCalendarRenew(Page[Trainer]):
    """A trainer's calendar gets a new address; the old one stops working."""

    ability = Can.CHANGE_RESOURCE
    model = Trainer

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Renew it and return."""
        renew_trainer_calendar(self.row(), by=self.reader, at=now())
        messages.success(request, _("The calendar has a new address. The old one no longer works."))
        return redirect("trainer-detail", pk)


def _share(trainer: Trainer, calendar: Subscription) -> str:
    """Write the address that opens WhatsApp with the calendar for the trainer; empty without a number."""
    if not trainer.phone:
        return ""
    words = _("Your training sessions, in your phone's calendar: %(address)s") % {"address": calendar.address}
    return f"https://wa.me/{trainer.phone.removeprefix('+')}?text={quote(words)}"
