"""Buttons and forms beside a person: numbers, agreements, links."""

from django import forms
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.errors import Refused
from common.pages import FormPage
from villages.actions import (
    add_contact,
    give_consent,
    mark_number,
    opt_in,
    opt_out,
    remove_contact,
    renew_link,
    revoke_link,
    trust_contact,
    withdraw_consent,
)
from villages.consents import VERSION
from villages.forms import ConsentForm, ContactForm, MarkForm, PurposeForm
from villages.models import ContactPoint, Person
from villages.rules import Can
from villages.views.person import PersonPage


class ContactNew(PersonPage, FormPage[Person]):
    """One more number for a person."""

    ability = Can.CHANGE_PERSON
    template = "villages/contact_form.html"
    form_class = ContactForm

    def context(self) -> dict[str, object]:
        """Show whose number it will be."""
        return {"person": self.person}

    def act(self, form: forms.Form) -> HttpResponse:
        """Add the number."""
        add_contact(self.person, **form.cleaned_data, by=self.reader, at=now())
        return self.back(self.person, _("The number was added."))


class ConsentGive(PersonPage):
    """Record an agreement."""

    ability = Can.CHANGE_PERSON

    def post(self, request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Write it down with the words it was given to."""
        person, form = self.row(), ConsentForm(request.POST)
        if not form.is_valid():
            raise Refused(_("Say what was agreed and how."))
        give_consent(person, **form.cleaned_data, text_version=VERSION, by=self.reader, at=now())
        return self.back(person, _("The agreement was recorded."))


class ConsentWithdraw(PersonPage):
    """Take an agreement back."""

    ability = Can.CHANGE_PERSON

    def post(self, request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Close it; nothing more is sent."""
        person, form = self.row(), PurposeForm(request.POST)
        if not form.is_valid():
            raise Refused(_("Say which agreement is taken back."))
        withdraw_consent(person, purpose=form.cleaned_data["purpose"], by=self.reader, at=now())
        return self.back(person, _("The agreement was taken back. Nothing more is sent."))


class NumberButton(PersonPage):
    """A button beside one number of one person."""

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Press it."""
        number = self._number(self.person)
        return self.back(self.person, self.press(number))

    def press(self, number: ContactPoint) -> str:
        """Call one action and say what was done."""
        raise NotImplementedError

    def _number(self, person: Person) -> ContactPoint:
        numbers: models.QuerySet[ContactPoint] = ContactPoint.objects.visible_to(self.reader).filter(people=person)
        found = numbers.filter(pk=self.kwargs["number"]).first()
        if found is None:
            raise Http404
        return found


class ContactRemove(NumberButton):
    """This number no longer reaches this person."""

    ability = Can.CHANGE_PERSON

    def press(self, number: ContactPoint) -> str:
        """Take it away."""
        remove_contact(self.person, contact_point=number, by=self.reader, at=now())
        return _("The number was removed.")


class NumberMark(NumberButton):
    """It works, nobody answers, or a stranger does."""

    ability = Can.CHANGE_PERSON

    def press(self, number: ContactPoint) -> str:
        """Set its state."""
        form = MarkForm(self.request.POST)
        if not form.is_valid():
            raise Refused(_("Say what turned out about the number."))
        mark_number(number, to=form.cleaned_data["to"], by=self.reader, at=now())
        return _("Noted.")


class NumberTrust(NumberButton):
    """It is this person's number after all."""

    ability = Can.CHANGE_PERSON

    def press(self, number: ContactPoint) -> str:
        """Reach them by it again."""
        trust_contact(self.person, contact_point=number, by=self.reader, at=now())
        return _("This person is reached by this number again.")


class NumberStop(NumberButton):
    """Somebody asked for no more messages."""

    ability = Can.CHANGE_PERSON

    def press(self, number: ContactPoint) -> str:
        """Stop them at once."""
        opt_out(number, by=self.reader, at=now())
        return _("Nothing more is sent to this number.")


class NumberResume(NumberButton):
    """They want messages again."""

    ability = Can.CHANGE_PERSON

    def press(self, number: ContactPoint) -> str:
        """Allow them."""
        opt_in(number, by=self.reader, at=now())
        return _("Messages go to this number again.")


class LinkRenew(NumberButton):
    """The household gets a new address; the old one stops working."""

    ability = Can.RENEW_LINK

    def press(self, number: ContactPoint) -> str:
        """Renew it."""
        renew_link(number, by=self.reader, at=now())
        return _("The link was renewed. The old one no longer works.")


class LinkRevoke(NumberButton):
    """The household's address is closed."""

    ability = Can.RENEW_LINK

    def press(self, number: ContactPoint) -> str:
        """Close it."""
        revoke_link(number, by=self.reader, at=now())
        return _("The link was closed.")
