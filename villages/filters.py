"""How lists of places, villages, people and numbers are narrowed; the same on pages and in the API."""

from functools import reduce
from operator import or_
from typing import Any, cast

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, Filter, FilterSet, ModelChoiceFilter

from accounts.models import User
from common.filters import IdFilter, WordsFilter, YesNoFilter
from common.inputs import DayField
from villages.legality import SOON
from villages.models import (
    Assessment,
    BusinessUnit,
    Consent,
    ContactPoint,
    CriteriaSet,
    Licence,
    Person,
    PersonContact,
    Region,
    RegionChange,
    RegionEdition,
    TouchedRecord,
    Village,
)
from villages.querysets import under
from villages.states import (
    REACHABLE,
    STAGES_OF,
    AssessmentKind,
    AssessmentState,
    ChangeKind,
    ChangeState,
    ContactState,
    EditionState,
    ExportStatus,
    InventoryState,
    ProductGroup,
    RegionLevel,
    SetState,
    StageGroup,
    UnitKind,
    VillageStage,
)
from villages.successors import successors

CODE = RegexValidator(
    r"^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$", _("Write a region's code with its dots, such as 35.24.")
)


def reader(request: HttpRequest) -> User:
    """Name who asks; doors let nobody in without an account."""
    return cast("User", request.user)


def villages(request: HttpRequest | None) -> models.QuerySet[Village]:
    """Offer the villages this user sees."""
    return Village.objects.visible_to(reader(request)).order_by("name", "pk") if request else Village.objects.none()


class SubtreeFilter(CharFilter):
    """A region and everything below it: `region=35.24`; the code of a place that is gone finds it where it is now."""

    def __init__(self, **options: Any) -> None:
        """Take only whole codes: `11.1` is not `11.10`."""
        super().__init__(validators=[CODE], max_length=13, **{"label": _("Region code"), **options})

    def filter(self, rows: models.QuerySet[Any], value: str) -> models.QuerySet[Any]:
        """Keep what lies there."""
        codes = {value, *successors(value)} if value else ()
        found = rows.filter(reduce(or_, (under(code, field=str(self.field_name)) for code in sorted(codes)), Q()))
        return found.distinct() if self.distinct else found


class RegionFilter(FilterSet):
    """Places by name, level, and what they are part of."""

    search = WordsFilter(columns=("name", "code"))
    region = SubtreeFilter(field_name="code")
    level = ChoiceFilter(choices=RegionLevel.choices)
    parent = CharFilter(field_name="parent_id", max_length=13, validators=[CODE])

    class Meta:
        """Declared above, nothing else."""

        model = Region
        fields: tuple[str, ...] = ()


class RegionEditionFilter(FilterSet):
    """Editions of the list by name and state."""

    search = WordsFilter(columns=("name", "file_name"))
    state = ChoiceFilter(choices=EditionState.choices, label=_("State"))

    class Meta:
        """Declared above, nothing else."""

        model = RegionEdition
        fields: tuple[str, ...] = ()


class RegionChangeFilter(FilterSet):
    """Changes of an edition by what changed, by place, and by whether records depend on them."""

    edition = IdFilter(field_name="edition_id", label=_("Edition"))
    search = WordsFilter(columns=("before", "after", "code"))
    kind = ChoiceFilter(choices=ChangeKind.choices, label=_("What changed"))
    state = ChoiceFilter(choices=ChangeState.choices, label=_("State"))
    touched = YesNoFilter(method="by_records", label=_("Touches records"))
    region = SubtreeFilter(field_name="code")

    class Meta:
        """Declared above, nothing else."""

        model = RegionChange
        fields: tuple[str, ...] = ()

    def by_records(self, changes: models.QuerySet[RegionChange], _name: str, value: bool) -> Any:  # noqa: FBT001
        """Keep what touches records, or what does not."""
        records = TouchedRecord.objects.filter(change=OuterRef("pk"))
        return changes.filter(Exists(records) if value else ~Exists(records))


class VillageFilter(FilterSet):
    """Villages by name, place, commodity, stage and program."""

    search = WordsFilter(columns=("name", "commodity"))
    region = SubtreeFilter(field_name="region__code")
    commodity = WordsFilter(columns=("commodity",), label=_("Commodity"))
    stage_group = ChoiceFilter(choices=StageGroup.choices, method="by_stage_group", label=_("Stage group"))
    stage = ChoiceFilter(choices=VillageStage.choices, label=_("Stage"))
    program = IdFilter(field_name="cohorts__program_id", distinct=True, label=_("Program"))

    class Meta:
        """Declared above, nothing else."""

        model = Village
        fields: tuple[str, ...] = ()

    def by_stage_group(self, rows: models.QuerySet[Village], _name: str, value: str) -> models.QuerySet[Village]:
        """Keep Desa Devisa, candidates, or those that left; never two of them together."""
        return rows.filter(stage__in=STAGES_OF[StageGroup(value)])


class PeopleOfVillageFilter(FilterSet):
    """People of one village by name, and by whether they can be told anything."""

    search = WordsFilter(columns=("name", "hamlet", "craft"))
    reachable = YesNoFilter(method="by_reach", label=_("Has a number that works"))
    consent = YesNoFilter(method="by_consent", label=_("Agreed to messages"))

    class Meta:
        """Declared above, nothing else."""

        model = Person
        fields: tuple[str, ...] = ()

    def by_reach(self, people: models.QuerySet[Person], _name: str, value: bool) -> models.QuerySet[Person]:  # noqa: FBT001
        """Keep who has, or has not, a number that a message may try."""
        right = PersonContact.objects.filter(person=OuterRef("pk"), wrong_at__isnull=True)
        works = right.filter(contact_point__state__in=REACHABLE)
        return people.filter(Exists(works) if value else ~Exists(works))

    def by_consent(self, people: models.QuerySet[Person], _name: str, value: bool) -> models.QuerySet[Person]:  # noqa: FBT001
        """Keep who agreed, or did not agree, to messages."""
        live = Consent.objects.to_messages("pk")
        return people.filter(Exists(live) if value else ~Exists(live))


class PeopleWithoutConsentFilter(FilterSet):
    """Who has not agreed to messages; of one cohort, where it is named."""

    cohort = IdFilter(field_name="cohorts__id", distinct=True)

    class Meta:
        """Declared above, nothing else."""

        model = Person
        fields: tuple[str, ...] = ()

    @property
    def qs(self) -> models.QuerySet[Person]:
        """Leave out who has agreed."""
        live = Consent.objects.to_messages("pk")
        people: models.QuerySet[Person] = super().qs
        return people.filter(~Exists(live))


class PersonFilter(PeopleOfVillageFilter):
    """People anywhere: also by village, region, cohort and program."""

    village = IdFilter(field_name="village_id", label=_("Village"))
    region = SubtreeFilter(field_name="village__region__code")
    cohort = IdFilter(field_name="cohorts__id", distinct=True, label=_("Cohort"))
    program = IdFilter(field_name="cohorts__program_id", distinct=True, label=_("Program"))


class DuplicateFilter(FilterSet):
    """Where to look for records of one person."""

    village = ModelChoiceFilter(queryset=villages, label=_("Village"))

    class Meta:
        """Declared above, nothing else."""

        model = Person
        fields: tuple[str, ...] = ()


class ContactPointFilter(FilterSet):
    """Numbers by village, person and state."""

    village = IdFilter(field_name="people__village_id", distinct=True)
    person = IdFilter(field_name="people__id", distinct=True)
    state = ChoiceFilter(choices=ContactState.choices)

    class Meta:
        """Declared above, nothing else."""

        model = ContactPoint
        fields: tuple[str, ...] = ()


class DayFilter(Filter):
    """A calendar day, from the picker or typed."""

    field_class = DayField


class OwnAssessmentFilter(FilterSet):
    """Assessments of one village by kind and state."""

    kind = ChoiceFilter(choices=AssessmentKind.choices, label=_("Kind"))
    state = ChoiceFilter(choices=AssessmentState.choices, label=_("State"))

    class Meta:
        """Declared above, nothing else."""

        model = Assessment
        fields: tuple[str, ...] = ()


class AssessmentFilter(OwnAssessmentFilter):
    """Assessments anywhere: also by village, region and day."""

    village = IdFilter(field_name="village_id", label=_("Village"))
    region = SubtreeFilter(field_name="village__region__code")
    locals()["from"] = DayFilter(field_name="as_of", lookup_expr="gte", label=_("From"))  # a word of Python's own
    to = DayFilter(field_name="as_of", lookup_expr="lte", label=_("Until"))


class CriteriaSetFilter(FilterSet):
    """Sets of criteria by name and state."""

    search = WordsFilter(columns=("name",))
    state = ChoiceFilter(choices=SetState.choices, label=_("State"))

    class Meta:
        """Declared above, nothing else."""

        model = CriteriaSet
        fields: tuple[str, ...] = ()


class UnitsOfVillageFilter(FilterSet):
    """Business units of one village by name, state, kind, product, exports and papers."""

    search = WordsFilter(columns=("name", "products", "nib"))
    inventory_state = ChoiceFilter(choices=InventoryState.choices, label=_("Inventory"))
    kind = ChoiceFilter(choices=UnitKind.choices, label=_("Kind"))
    product_group = ChoiceFilter(choices=ProductGroup.choices, label=_("Product group"))
    export_status = ChoiceFilter(choices=ExportStatus.choices, label=_("Exports"))
    licence_expiring = YesNoFilter(method="by_expiry", label=_("A licence expires soon"))

    class Meta:
        """Declared above, nothing else."""

        model = BusinessUnit
        fields: tuple[str, ...] = ()

    def by_expiry(self, units: models.QuerySet[BusinessUnit], _name: str, value: bool) -> models.QuerySet[BusinessUnit]:  # noqa: FBT001
        """Keep who has, or has not, a paper that has run out or does within ninety days."""
        ending = Exists(Licence.objects.ending(localdate() + SOON).filter(business_unit=OuterRef("pk")))
        return units.filter(ending if value else ~ending)


class BusinessUnitFilter(UnitsOfVillageFilter):
    """Business units anywhere: also by place, village and program."""

    region = SubtreeFilter(field_name="region__code")
    village = IdFilter(field_name="village_id", label=_("Village"))
    program = IdFilter(field_name="village__cohorts__program_id", distinct=True, label=_("Program"))


class Standing(FilterSet):
    """What was left out of the inventory is shown only when that state is asked for."""

    def filter_queryset(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Narrow as asked, and leave out what was left out."""
        units: Any = super().filter_queryset(queryset)
        kept: models.QuerySet[Any] = units if self.form.cleaned_data.get("inventory_state") else units.standing()
        return kept


class InventoryFilter(Standing, BusinessUnitFilter):
    """The inventory anywhere."""


class InventoryOfVillageFilter(Standing, UnitsOfVillageFilter):
    """The inventory of one village."""
