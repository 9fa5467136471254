"""Trainers and venues: shared by all programs, added where they are missed."""

from typing import ClassVar

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.pages import FormPage
from programs.actions import create_trainer, create_venue
from programs.forms import TrainerForm, VenueForm
from programs.models import Trainer, Venue
from programs.rules import Can


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
        return wanted if url_has_allowed_host_and_scheme(wanted, None) else reverse("schedule")

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
