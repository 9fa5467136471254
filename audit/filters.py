"""How readings of personal data are narrowed; the same on the page and in the API."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.models import User
from audit.lists import name_of_kind
from audit.models import Access
from audit.querysets import SUBJECTS
from common.filters import FromDayFilter, ToDayFilter, YesNoFilter
from common.verbs import GENERAL, PERSONAL


def actors(request: HttpRequest | None) -> QuerySet[User]:
    """Offer who works here."""
    found: QuerySet[User] = User.objects.none()
    if request is not None and isinstance(request.user, User):
        found = User.objects.visible_to(request.user).order_by("name", "pk")
    return found


def kinds() -> list[tuple[str, str]]:
    """Offer the kinds of rows whose data is read."""
    return sorted(((label, capfirst(name_of_kind(label))) for label in (*SUBJECTS, "accounts.user")), key=str)


class AccessFilter(FilterSet):
    """Readings by who, what, when and of what kind of row."""

    by = ModelChoiceFilter(queryset=actors, label=_("Who"))
    verb = ChoiceFilter(choices=lambda: [(verb, GENERAL[verb]) for verb in PERSONAL], label=_("What"))
    kind = ChoiceFilter(field_name="subject_type", choices=kinds, label=_("Kind of record"))
    many_people = YesNoFilter(method="by_many", label=_("More than 500 people"))
    locals()["from"] = FromDayFilter(field_name="at", label=_("From"))  # a word of Python's own
    to = ToDayFilter(field_name="at", label=_("Until"))

    class Meta:
        """Declared above, nothing else."""

        model = Access
        fields: tuple[str, ...] = ()

    def by_many(self, events: QuerySet[Access], _name: str, wanted: bool) -> QuerySet[Access]:  # noqa: FBT001  django-filter calls it so
        """Keep the lists of many people that were taken out at once, or everything else."""
        many = Q(facts__many_people=True)
        return events.filter(many if wanted else ~many | Q(facts__many_people__isnull=True))
