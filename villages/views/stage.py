"""Pages of how far a village has come: its stages, the next move, and its decree."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.pages import FormPage
from villages.actions import move_village, record_decree
from villages.forms import DecreeForm, StageForm
from villages.history import stages_of
from villages.models import Village
from villages.rules import Can
from villages.states import CANDIDATES, DESA_DEVISA, VillageStage
from villages.views.person import OfVillage


class StageOfVillage(OfVillage[Village], FormPage[Village]):
    """How a village came to its stage; who may move it finds the next move here."""

    ability = Can.READ_VILLAGE
    model = Village
    template = "villages/village_stage.html"
    form_class = StageForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer what the village may become."""
        return {"village": self.village}

    def context(self) -> dict[str, object]:
        """Lay the way out, with how far the village is on it."""
        village = self.village
        return {
            "village": village,
            "way": way_of(village.stage),
            "history": stages_of(village),
            "moves": self.reader.has_perm(Can.CHANGE_VILLAGE, village),
            "leaves": village.stage in {*CANDIDATES, *DESA_DEVISA},
            "designated": village.stage in DESA_DEVISA,
        }

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Let only the desk move a village."""
        if not self.reader.has_perm(Can.CHANGE_VILLAGE, self.village):
            raise PermissionDenied
        return super().post(request, **kwargs)

    def act(self, form: forms.Form) -> HttpResponse:
        """Move it and show where it stands."""
        move_village(self.village, by=self.reader, at=now(), **form.cleaned_data)
        said = _("%(name)s is now “%(stage)s”.")
        messages.success(
            self.request, said % {"name": self.village.name, "stage": VillageStage(self.village.stage).label}
        )
        return redirect("village-stage", pk=self.village.pk)


class VillageDecree(OfVillage[Village], FormPage[Village]):
    """Write down, or correct, the decree of a designated village."""

    ability = Can.CHANGE_VILLAGE
    model = Village
    template = "villages/village_decree.html"
    form_class = DecreeForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what is written."""
        return {"initial": {name: getattr(self.village, name) for name in DecreeForm.base_fields}}

    def context(self) -> dict[str, object]:
        """Name the village."""
        return {"village": self.village}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write it down."""
        record_decree(self.village, by=self.reader, at=now(), **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return redirect("village-stage", pk=self.village.pk)


def way_of(stage: str) -> list[tuple[VillageStage, bool, bool]]:
    """List the stages in their order, each with whether it is behind and whether it is where the village stands."""
    way = [*CANDIDATES, *DESA_DEVISA]
    here = way.index(VillageStage(stage)) if stage in way else -1
    return [(each, index < here, index == here) for index, each in enumerate(way)]
