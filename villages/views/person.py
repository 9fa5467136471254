"""Pages of the people of a village."""

from functools import cached_property, reduce
from operator import or_
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.pages import FormPage, ListPage, Page, Row
from villages.actions import anonymise_person, change_person, read_numbers, welcome_person
from villages.consents import VERSION, WORDS
from villages.filters import PeopleOfVillageFilter
from villages.forms import ConsentForm, NewPersonForm, PersonForm
from villages.models import BusinessUnit, FormerId, Person, Village
from villages.rules import Can
from villages.states import Purpose, UnitKind
from villages.worklist import lacking, with_reach

SHORTEST_WORD = 4  # titles such as Bu and Pak name nobody
MERGED = gettext_lazy("This record was merged with another one a moment ago. Look again before you go on.")


class OfVillage(Page[Row]):
    """A page below one village: its address names the village."""

    @cached_property
    def village(self) -> Village:
        """Read the village of this address: 404 when not visible."""
        seen = Village.objects.visible_to(self.reader).select_related("region__parent__parent")
        found = seen.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found


class PersonList(OfVillage[Person], ListPage[Person]):
    """The people of one village, by name, with what keeps someone from being told."""

    ability = Can.READ_PERSON
    model = Person
    template = "villages/person_list.html"
    filterset_class = PeopleOfVillageFilter
    order = ("name", "pk")

    def rows(self) -> models.QuerySet[Person]:
        """Read along how each one is reached and what they agreed to."""
        return with_reach(Person.objects.visible_to(self.reader).present().filter(village=self.village))

    def context(self) -> dict[str, object]:
        """Say how many cannot be told, and whether anything is filtered."""
        active = any(value for name, value in self.request.GET.items() if name != "cursor")
        return {"village": self.village, "lacking": lacking(self.village), "active": active}


class PersonNew(OfVillage[Person], FormPage[Person]):
    """Write down one more person."""

    ability = Can.CHANGE_PERSON
    model = Person
    template = "villages/person_form.html"
    form_class = NewPersonForm

    def context(self) -> dict[str, object]:
        """Show the village and the words to read aloud."""
        return {"village": self.village, "words": WORDS[Purpose.MESSAGES]}

    def act(self, form: forms.Form) -> HttpResponse:
        """Add the person and show them."""
        person = welcome_person(
            village=self.village, by=self.reader, at=now(), text_version=VERSION, **form.cleaned_data
        )
        messages.success(self.request, _("%(name)s was added.") % {"name": person.name})
        return redirect("person-detail", pk=person.pk)


class PersonPage(Page[Person]):
    """What pages of one person share."""

    model = Person
    template = "villages/person_detail.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead whoever asks by an id from before a merge to the record that stayed."""
        try:
            answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        except Http404:
            former = FormerId.objects.visible_to(self.reader).filter(pk=kwargs["pk"]).first()
            if former is None or request.resolver_match is None:
                raise
            if request.method != "GET":
                return self._refused(str(MERGED))
            here = {**kwargs, "pk": former.person_id}
            goal: HttpResponseBase = redirect(request.resolver_match.view_name, permanent=True, **here)
            return goal
        return answer

    def rows(self) -> models.QuerySet[Person]:
        """Read along where the person lives."""
        return super().rows().select_related("village__region__parent__parent")

    @cached_property
    def person(self) -> Person:
        """Read the person of this address."""
        return self.row()

    def back(self, person: Person, sentence: str) -> HttpResponseRedirect:
        """Say what was done and return to the person."""
        messages.success(self.request, sentence)
        return redirect("person-detail", pk=person.pk)

    def show_person(self, person: Person, *, shown: bool) -> HttpResponse:
        """Show the person; their numbers are masked unless `shown`."""
        contacts = list(person.contacts.select_related("contact_point__link").order_by("pk"))
        consents = list(person.consents.order_by("-given_at", "-pk"))
        live = {consent.purpose: consent for consent in consents if consent.withdrawn_at is None}
        return self.show(
            person=person,
            contacts=contacts,
            shown=shown,
            agreements=[(purpose, WORDS[purpose], live.get(purpose)) for purpose in Purpose],
            consent_form=ConsentForm(),
            changes=self.reader.has_perm(Can.CHANGE_PERSON, person) and person.erased_at is None,
            reads=self.reader.has_perm(Can.READ_NUMBERS, person),
            links=self.reader.has_perm(Can.RENEW_LINK, person),
            merges=self.reader.has_perm(Can.MERGE_PERSON, person) and person.erased_at is None,
            erases=self.reader.has_perm(Can.ANONYMISE_PERSON, person) and person.erased_at is None,
        )


class PersonDetail(PersonPage):
    """One person: who they are, how they are reached, what they agreed to."""

    ability = Can.READ_PERSON

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show the person with masked numbers."""
        return self.show_person(self.row(), shown=False)


class PersonNumbers(PersonPage):
    """The same page with the numbers in full; opening it is written down."""

    ability = Can.READ_NUMBERS

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Return to the masked page: reading numbers is asked for by a button."""
        return redirect("person-detail", pk=self.row().pk)

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show the numbers once."""
        person = self.row()
        read_numbers(person, by=self.reader, at=now())
        response = self.show_person(person, shown=True)
        response["Cache-Control"] = "no-store"
        return response


class PersonEdit(PersonPage, FormPage[Person]):
    """Correct what is known of a person."""

    ability = Can.CHANGE_PERSON
    template = "villages/person_form.html"
    form_class = PersonForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what is known."""
        return {"initial": {name: getattr(self.person, name) for name in PersonForm.base_fields}}

    def context(self) -> dict[str, object]:
        """Show whose page it is."""
        return {"person": self.person, "village": self.person.village}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the correction."""
        change_person(self.person, by=self.reader, at=now(), **form.cleaned_data)
        return self.back(self.person, _("Saved."))


class PersonAnonymise(PersonPage):
    """Forget a person who asks for it; the page before says what stays."""

    ability = Can.ANONYMISE_PERSON
    template = "villages/person_anonymise.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Ask once more, and name the businesses that may bear the name."""
        person = self.row()
        return self.show(person=person, businesses=self._bearing(person))

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Erase and show what is left."""
        person = self.row()
        anonymise_person(person, by=self.reader, at=now())
        return self.back(person, _("The data was erased. Only the counts remain."))

    def _bearing(self, person: Person) -> list[BusinessUnit]:
        """List the household businesses of the village that share a word of the name."""
        words = [word for word in person.name.split() if len(word) >= SHORTEST_WORD]
        houses = BusinessUnit.objects.visible_to(self.reader).filter(village=person.village, kind=UnitKind.HOUSEHOLD)
        bearing = reduce(or_, (Q(name__icontains=word) for word in words), Q(pk__in=[]))
        return list(houses.filter(bearing).order_by("name", "pk"))
