"""Pages that find two records of one person, tell two people apart, and merge."""

from functools import cached_property
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.errors import Refused
from common.pages import FormPage, Page, way_back
from villages.actions import merge_people, tell_apart
from villages.duplicates import MOST, alike_among
from villages.filters import DuplicateFilter, PeopleOfVillageFilter
from villages.forms import MergeForm, OtherForm
from villages.models import FormerId, Person
from villages.pairing import compared, moves_of, told_apart
from villages.rules import Can
from villages.views.person import MERGED, PersonPage
from villages.worklist import with_reach

MOST_FOUND = 20


class DuplicateList(Page[Person]):
    """Records that look like one person, the surest first."""

    ability = Can.MERGE_PERSON
    model = Person
    template = "villages/duplicate_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the pairs of one village, or of all that this user sees."""
        chosen = DuplicateFilter(
            request.GET, queryset=Person.objects.visible_to(self.reader).present(), request=request
        )
        if not chosen.is_valid():
            return self.show(filter=chosen, pairs=[], status=HTTPStatus.BAD_REQUEST)
        pairs, village = alike_among(chosen.qs), chosen.form.cleaned_data["village"]
        return self.show(filter=chosen, pairs=pairs, full=len(pairs) == MOST, village=village, active=bool(village))


class PairPage(PersonPage):
    """A page about a person and another record."""

    ability = Can.MERGE_PERSON

    def rows(self) -> models.QuerySet[Person]:
        """Read along how each is reached and what they agreed to."""
        return with_reach(super().rows())

    def other(self, asked: object) -> Person:
        """Read the other record: 404 when not visible, a sentence when it was merged meanwhile."""
        named = OtherForm({"person": asked})
        if not named.is_valid():
            raise Http404
        key: int = named.cleaned_data["person"]
        found = self.rows().filter(pk=key).first()
        if found is None and FormerId.objects.visible_to(self.reader).filter(pk=key).exists():
            raise Refused(MERGED)
        if found is None:
            raise Http404
        return found


class PersonApart(PairPage):
    """These are two people, says who knows them."""

    def post(self, request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Keep it and go on with the list."""
        first, second = self.row(), self.other(request.POST.get("person"))
        tell_apart(first, second=second, by=self.reader, at=now())
        messages.success(
            request, _("Noted: %(first)s and %(second)s are two people.") % {"first": first, "second": second}
        )
        return redirect(way_back(request.POST.get("next", ""), reverse("duplicate-list")))


class PersonMerge(PairPage, FormPage[Person]):
    """Choose the other record, see both side by side and exactly what moves, and merge."""

    template = "villages/person_merge.html"
    form_class = MergeForm

    @cached_property
    def gone(self) -> Person:
        """Read the record that would go."""
        return self.other(self.request.POST.get("person") or self.request.GET.get("with"))

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Offer other records until one is chosen."""
        if "with" in request.GET:
            return super().get(request, **kwargs)
        search = PeopleOfVillageFilter(request.GET, queryset=self._neighbours().exclude(pk=self.person.pk))
        found = with_reach(search.qs.order_by("name", "pk")[:MOST_FOUND]) if request.GET.get("search") else None
        pairs = [pair for pair in alike_among(self._neighbours()) if self.person.pk in pair.keys]
        chosen = {"person": self.person, "filter": search, "found": found, "pairs": pairs}
        return render(request, "villages/person_merge_choose.html", chosen)

    def form_arguments(self) -> dict[str, Any]:
        """Ask about the columns in which they differ."""
        lines = compared(self.person, self.gone)
        return {"differing": [line.name for line in lines if line.differs], "initial": {"person": self.gone.pk}}

    def show(self, *, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
        """Lay each column beside its choice, where there is one."""
        form = context.get("form")
        if form is not None:
            fields = {name: form[name] for name in form.differing}
            context["lines"] = [(line, fields.get(line.name)) for line in compared(self.person, self.gone)]
        return super().show(status=status, **context)

    def context(self) -> dict[str, object]:
        """Show both, and what moves."""
        if self.person.pk == self.gone.pk:
            raise Refused(_("This is one record. Choose another person."))
        moves = moves_of(self.person, self.gone)
        both = [(self.person, _("This record stays")), (self.gone, _("This record goes"))]
        doubt, stuck = told_apart(self.person, self.gone), [each for each in moves if each.stuck]
        return {"person": self.person, "gone": self.gone, "both": both, "doubt": doubt, "moves": moves, "stuck": stuck}

    def act(self, form: forms.Form) -> HttpResponse:
        """Merge and show the one that stays."""
        assert isinstance(form, MergeForm)  # noqa: S101  by form_class
        merge_people(self.person, gone=self.gone, take=form.take, by=self.reader, at=now())
        return self.back(self.person, _("The two records are one now."))

    def _neighbours(self) -> models.QuerySet[Person]:
        """Read the people of the same village."""
        people: models.QuerySet[Person] = Person.objects.visible_to(self.reader).present()
        return people.filter(village=self.person.village_id)
