"""Pages that take a village into the programme and print its poster."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from common.pages import FormPage, Page
from villages.actions import register_village
from villages.consents import WORDS
from villages.filters import RegionFilter
from villages.forms import PlaceSearchForm, VillageForm
from villages.models import Region, Village
from villages.poster import poster_of
from villages.rules import Can
from villages.states import Purpose, RegionLevel

MOST_PLACES = 20


class VillageNew(FormPage[Village]):
    """First find the desa, then say what it makes."""

    ability = Can.REGISTER_VILLAGE
    model = Village
    template = "villages/village_new.html"
    form_class = VillageForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer public places; begin with the one that was found."""
        place = self._place()
        return {
            "regions": Region.objects.visible_to(self.reader).filter(gone=False),
            "initial": {"region": place, "name": place.name if place else ""},
        }

    def context(self) -> dict[str, object]:
        """Show what the search found until a place is chosen."""
        asked = PlaceSearchForm(self.request.GET if "search" in self.request.GET else None)
        return {"search": asked, "places": self._found(asked), "place": self._place()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Register the village and show it."""
        village = register_village(**form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("%(name)s is now a village of the programme.") % {"name": village.name})
        return redirect("village-detail", pk=village.pk)

    def _place(self) -> Region | None:
        code = self.request.POST.get("region") or self.request.GET.get("region", "")
        places = Region.objects.visible_to(self.reader).select_related("parent__parent__parent").filter(gone=False)
        chosen = RegionFilter({"region": code[:13], "level": RegionLevel.VILLAGE}, queryset=places)
        return chosen.qs.order_by("pk").first() if code and chosen.is_valid() else None

    def _found(self, asked: forms.Form) -> list[Region] | None:
        if not asked.is_valid():
            return None
        words = asked.cleaned_data["search"]
        places = Region.objects.visible_to(self.reader).select_related("parent__parent__parent").filter(gone=False)
        found = RegionFilter({"search": words, "level": RegionLevel.VILLAGE}, queryset=places)
        return list(found.qs.order_by("name", "pk")[:MOST_PLACES])


class VillagePoster(Page[Village]):
    """The sheet with the QR code, ready for paper."""

    ability = Can.PRINT_POSTER
    model = Village
    template = "villages/village_poster.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show the poster of one village."""
        village = self.row()
        places = {"base_url": settings.BASE_URL, "whatsapp": settings.WHATSAPP_NUMBER}
        poster = poster_of(village, day=localdate(), **places)
        return self.show(village=village, poster=poster, words=WORDS[Purpose.MESSAGES])
