"""Which region, which program, which month."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.states import Role
from programs.models import Program
from reports.forms.month import MonthField
from reports.regional import Subject
from villages.models import Region, Village
from villages.querysets import lineage, observed_by
from villages.states import RegionLevel


class RegionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable as it runs
    """A region by name, those below a province set in."""

    def label_from_instance(self, obj: Any) -> str:
        """Read with its kind; the deeper, the further in."""
        return f"{'– ' * (obj.level - 1)}{obj.titled}"


class RegionalForm(forms.Form):
    """The chooser of the monthly report of a region; it stands in the address."""

    region = RegionField(queryset=Region.objects.none(), label=_("Region"), required=False)
    program = forms.ModelChoiceField(queryset=Program.objects.none(), label=_("Program"), required=False)
    month = MonthField(label=_("Month"))

    def __init__(self, data: Any = None, *, reader: User, today: date, started: dict[str, Any]) -> None:
        """Offer the regions of visible villages, the programs that this reader sees, and the last two years."""
        super().__init__(data, initial=started)
        self.reader = reader
        region, program, month = (self._field(name) for name in ("region", "program", "month"))
        region.queryset, program.queryset = offered_regions(reader), offered_programs(reader)
        region.empty_label = _("All of Indonesia") if reader.role != Role.OBSERVER else _("Choose a region")
        program.empty_label = _("All programs") if reader.role != Role.COORDINATOR else _("Choose a program")
        region.required, program.required = reader.role == Role.OBSERVER, reader.role == Role.COORDINATOR
        month.initial = month.offer(today)[0][0]
        self._begin_with_the_only(program)

    def _begin_with_the_only(self, program: Any) -> None:
        first = list(program.queryset[:2]) if program.required else []
        if len(first) == 1:
            program.initial, program.empty_label = first[0].pk, None

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def clean_program(self) -> Program | None:
        """Take a program for the reader whose sight is that of programs."""
        program: Program | None = self.cleaned_data.get("program")
        if program is None and self.reader.role == Role.COORDINATOR:
            raise forms.ValidationError(gettext("Choose one of your programs."))
        return program

    def subject(self) -> Subject:
        """Name what is told of."""
        given = self.cleaned_data
        return Subject(given["region"], given["program"], given["month"])


def offered_regions(reader: User) -> QuerySet[Region]:
    """Offer provinces and regencies in which the reader sees villages; to an observer also districts, within theirs."""
    deepest = RegionLevel.DISTRICT if reader.role == Role.OBSERVER else RegionLevel.REGENCY
    seats = Village.objects.visible_to(reader).order_by().values_list("region_id", flat=True).distinct()
    codes = {code for seat in seats for code in lineage(seat)[:deepest]}
    within = observed_by(reader, field="code") if reader.role == Role.OBSERVER else Q()
    return Region.objects.filter(within, code__in=codes).order_by("code")


def offered_programs(reader: User) -> QuerySet[Program]:
    """Offer the programs that the reader sees, the latest first."""
    return Program.objects.visible_to(reader).order_by("-starts_on", "-pk")
