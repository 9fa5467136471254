"""Who of a village has not agreed to messages, and recording what they signed or said, many at once."""

from datetime import date, datetime, time
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import ngettext

from common.dates import local_date, local_moment
from common.pages import FormPage
from villages.actions import record_consents
from villages.consents import VERSION, WORDS
from villages.filters import PeopleWithoutConsentFilter
from villages.forms import ConsentsForm
from villages.models import Person
from villages.rules import Can
from villages.states import Purpose
from villages.views.person import OfVillage
from villages.worklist import lacking

MOST: Final = 200
NOON: Final = time(12)


class VillageConsents(OfVillage[Person], FormPage[Person]):
    """The list to tick: who signed, how and on which day."""

    ability = Can.CHANGE_PERSON
    model = Person
    template = "villages/consents.html"
    form_class = ConsentsForm

    def rows(self) -> models.QuerySet[Person]:
        """Read who lives here and has not agreed; of one cohort, when the address names it."""
        here = Person.objects.visible_to(self.reader).present().filter(village=self.village)
        chosen = PeopleWithoutConsentFilter(self.request.GET, queryset=here)
        return chosen.qs.order_by("name", "pk") if chosen.is_valid() else here.none()

    def form_arguments(self) -> dict[str, Any]:
        """Offer them; the day is today until told otherwise."""
        return {"people": self.rows()[:MOST], "initial": {"given_on": local_date(now(), self.village.zone)}}

    def context(self) -> dict[str, Any]:
        """Show the village, the words they agree to, and how many there are."""
        return {
            "village": self.village,
            "words": WORDS[Purpose.MESSAGES],
            "version": VERSION,
            "lacking": lacking(self.village),
            "cohort": self.request.GET.get("cohort", ""),
        }

    def act(self, form: forms.Form) -> HttpResponse:
        """Record them and show who is left."""
        moment = now()
        count = record_consents(
            self.village,
            people=[int(key) for key in form.cleaned_data["people"]],
            how=form.cleaned_data["how"],
            text_version=VERSION,
            given_at=self._given_at(form.cleaned_data["given_on"], moment),
            by=self.reader,
            at=moment,
        )
        said = ngettext(
            "The agreement of %(n)s person was recorded.", "The agreement of %(n)s people was recorded.", count
        )
        messages.success(self.request, said % {"n": count})
        return redirect(self.request.get_full_path())

    def _given_at(self, day: date, moment: datetime) -> datetime:
        """Take today as now, and an earlier day as its noon in the village."""
        zone = self.village.zone
        return moment if day == local_date(moment, zone) else local_moment(day, NOON, zone)
