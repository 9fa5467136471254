"""How figures are narrowed: program, place, commodity, stage, module and period; the same on pages and in the API."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from common.fields import refuse_control_characters
from common.filters import IdFilter, WordsFilter, YesNoFilter
from programs.filters import CohortFilter, EnrollmentFilter, ProgramFilter, programs
from programs.models import Cohort
from programs.states import ModuleCode
from progress.outcomes import CANDIDATES
from progress.period import Period
from villages.filters import DayFilter, SubtreeFilter, reader, villages
from villages.models import Region, Village
from villages.querysets import lineage
from villages.states import DESA_DEVISA, STAGES_WITH_REASON, RegionLevel, VillageStage

GROUPS: Final = {
    "desa_devisa": (_("Desa Devisa (designated and beyond)"), DESA_DEVISA),
    "candidates": (_("Candidates (not yet designated)"), CANDIDATES),
    "out": (_("Deferred, rejected or stopped"), STAGES_WITH_REASON),
}
STAGES: Final = [*((key, words) for key, (words, _stages) in GROUPS.items()), *VillageStage.choices]
MOST_DISTRICTS: Final = 60


class StageFilter(ChoiceFilter):
    """One stage of a village, or one group of stages; Desa Devisa and candidates are different groups."""

    def __init__(self, **options: Any) -> None:
        """Offer the groups first."""
        super().__init__(choices=STAGES, label=_("Stage"), **options)

    def filter(self, rows: models.QuerySet[Any], value: str) -> models.QuerySet[Any]:
        """Keep what stands there."""
        if not value:
            return rows
        stages = GROUPS[value][1] if value in GROUPS else (value,)
        return rows.filter(**{f"{self.field_name}__in": stages})


class CommodityFilter(CharFilter):
    """What a village is known for, by any part of its words."""

    def __init__(self, **options: Any) -> None:
        """Bound the words."""
        bounds = {"max_length": 120, "validators": [refuse_control_characters]}
        super().__init__(lookup_expr="icontains", label=_("Commodity"), **bounds, **options)


class PeriodFilter(FilterSet):
    """Which module and which days are counted; no row is left out for them."""

    module = ChoiceFilter(choices=ModuleCode.choices, method="as_it_is", label=_("Module"))
    locals()["from"] = DayFilter(method="of_days", label=_("From"))  # a word of Python's own
    to = DayFilter(method="of_days", label=_("Until"))

    def as_it_is(self, rows: models.QuerySet[Any], _name: str, _value: object) -> models.QuerySet[Any]:
        """Keep every row; the count is narrowed, not the list."""
        return rows

    def of_days(self, rows: models.QuerySet[Any], _name: str, value: date) -> models.QuerySet[Any]:  # noqa: ARG002  the schema reads the name
        """Keep every row here too."""
        return rows

    def is_valid(self) -> bool:
        """Refuse a period that ends before it begins."""
        if super().is_valid() and self.period.first > self.period.last:
            self.form.add_error("to", _("The last day comes before the first."))
        return bool(super().is_valid())

    @property
    def period(self) -> Period:
        """The days that were asked for, all when none were."""
        cleaned = self.form.cleaned_data
        return Period.between(cleaned.get("from"), cleaned.get("to"))

    @property
    def modules(self) -> tuple[str, ...]:
        """The module that was asked for, or all eleven."""
        chosen = self.form.cleaned_data.get("module")
        return (chosen,) if chosen else tuple(ModuleCode)


def narrowing(data: Mapping[str, str]) -> PeriodFilter:
    """Read module and days on their own, as far as `data` names them; ask it whether they are valid."""
    return PeriodFilter({name: data.get(name, "") for name in ("from", "to", "module")}, Village.objects.none())


class ReachFilter(PeriodFilter):
    """Villages by program, place, commodity and stage, and what of them is counted."""

    program = IdFilter(method="of_program", label=_("Program"))
    region = SubtreeFilter(field_name="region__code", label=_("Region"))
    commodity = CommodityFilter()
    stage = StageFilter()

    class Meta:
        """Declared above, nothing else."""

        model = Village
        fields: tuple[str, ...] = ()

    def of_program(self, rows: models.QuerySet[Village], _name: str, value: int) -> models.QuerySet[Village]:
        """Keep the villages with a cohort of that program, as far as this user sees it."""
        seen = Cohort.objects.visible_to(reader(self.request)).filter(program=value)
        return rows.filter(pk__in=seen.order_by().values("village"))

    @property
    def cohorts(self) -> models.QuerySet[Cohort]:
        """The cohorts of these villages in the program that was asked for, as far as this user sees them."""
        seen = Cohort.objects.visible_to(reader(self.request)).filter(village__in=self.qs.order_by().values("pk"))
        program = self.form.cleaned_data.get("program")
        return seen.filter(program=int(program)) if program else seen


class ProgramFigures(PeriodFilter, ProgramFilter):
    """Programs as in their own list, and what of them is counted."""


class CohortFigures(PeriodFilter, CohortFilter):
    """Cohorts as in their own list, by commodity and stage of their village, and what of them is counted."""

    commodity = CommodityFilter(field_name="village__commodity")
    stage = StageFilter(field_name="village__stage")


class PersonFigures(PeriodFilter, EnrollmentFilter):
    """Participants as in their own list, by the place of their village, and what of them is counted."""

    region = SubtreeFilter(field_name="cohort__village__region__code")


class VillageFigures(ReachFilter):
    """Villages by program, place, commodity and stage, by words and by their key."""

    search = WordsFilter(columns=("name", "commodity"))
    village = IdFilter(field_name="id")


class DashboardFilter(ReachFilter):
    """The same with everything to choose from, and only what is behind when asked."""

    behind = YesNoFilter(method="as_it_is", label=_("Behind plan"))

    def __init__(self, data: Any = None, queryset: Any = None, *, request: HttpRequest, **options: Any) -> None:
        """Offer the programs, places and commodities of this user."""
        super().__init__(data, queryset, request=request, **options)
        seen = villages(request).order_by()
        everywhere = [("", _("All programs"))]
        self._offer("program", everywhere + [(str(each.pk), each.name) for each in programs(request)])
        self._offer("region", [("", _("All places")), *_places(seen, str(self.data.get("region", "")))])
        names = sorted({name.strip() for name in seen.values_list("commodity", flat=True)} - {""}, key=str.casefold)
        self.form.order_fields(["program", "region", "commodity", "stage", "module", "from", "to", "behind"])
        self._offer("commodity", [("", _("All commodities")), *((name, name) for name in names)])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.form.fields[name].widget = forms.Select(choices=choices)

    @property
    def query(self) -> str:
        """Write the scope as an address asks for it; a module narrows cells and not figures."""
        asked = {name: self.form.cleaned_data.get(name) or "" for name in ("program", "region", "commodity", "stage")}
        said = {name: value for name, value in asked.items() if value or name == "program"}
        return urlencode(said | self.period.address)

    @property
    def of_one_program(self) -> bool:
        """Tell whether one program was asked for, and not all of them."""
        return bool(self.form.cleaned_data.get("program"))

    @property
    def only_behind(self) -> bool:
        """Tell whether only villages behind plan were asked for."""
        return bool(self.form.cleaned_data.get("behind"))


def _places(seen: models.QuerySet[Village], chosen: str) -> list[tuple[str, str]]:
    """Offer the provinces, regencies and, when they are few, districts of these villages, each below its own."""
    codes = {code for own in seen.values_list("region", flat=True).distinct() for code in lineage(own)} | {chosen}
    found = Region.objects.filter(code__in=codes).order_by("code")
    regions = [each for each in found if each.level < RegionLevel.VILLAGE or each.code == chosen]
    many = sum(each.level == RegionLevel.DISTRICT for each in regions) > MOST_DISTRICTS
    kept = [each for each in regions if not many or each.level < RegionLevel.DISTRICT or each.code == chosen]
    return [(each.code, f"{'– ' * (each.level - 1)}{each.titled}") for each in kept]
