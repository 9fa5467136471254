"""Pages of buyers and of what units and they have come to."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import models, transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from common.pages import FormPage, ListPage, Page, is_narrowed
from exports.actions import change_buyer, change_lead, move_lead, register_buyer, start_lead
from exports.filters.buyer import BuyerFilter, LeadWorkFilter
from exports.forms.trade import BuyerForm, LeadForm, LeadWorkForm, NewBuyerForm
from exports.models import Buyer, Lead
from exports.rules import Can
from exports.states import LeadState


class BuyerList(ListPage[Buyer]):
    """Buyers by name, with the leads that this reader sees."""

    ability = Can.READ_BUYER
    model = Buyer
    template = "exports/buyer_list.html"
    filterset_class = BuyerFilter
    order = ("name", "pk")

    def rows(self) -> models.QuerySet[Buyer]:
        """Read along how far each has come."""
        seen = Lead.objects.visible_to(self.reader).select_related("business_unit")
        leads = Prefetch("leads", queryset=seen.order_by("business_unit__name", "pk"), to_attr="dealt")
        return super().rows().prefetch_related(leads)

    def context(self) -> dict[str, object]:
        """Tell whether anything is filtered."""
        return {"active": is_narrowed(self.request)}


class BuyerNew(FormPage[Buyer]):
    """Write a buyer down."""

    ability = Can.CHANGE_BUYER
    model = Buyer
    template = "exports/buyer_form.html"
    form_class = NewBuyerForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer the units this reader sees."""
        return {"reader": self.reader}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write it and show it."""
        buyer = register_buyer(**form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("The buyer is written down."))
        return redirect("buyer-detail", buyer.pk)


class BuyerDetail(Page[Buyer]):
    """One buyer, and the units that deal with them."""

    ability = Can.READ_BUYER
    model = Buyer
    template = "exports/buyer_detail.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show it."""
        buyer = self.row()
        leads = Lead.objects.visible_to(self.reader).filter(buyer=buyer).select_related("business_unit__village")
        changes = self.reader.has_perm(Can.CHANGE_BUYER, buyer)
        return self.show(buyer=buyer, leads=leads.order_by("pk"), changes=changes, today=localdate())


class BuyerEdit(FormPage[Buyer]):
    """Correct what is known of a buyer."""

    ability = Can.CHANGE_BUYER
    model = Buyer
    template = "exports/buyer_form.html"
    form_class = BuyerForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin from what is known."""
        buyer = self.row()
        return {"initial": {name: getattr(buyer, name) for name in BuyerForm.base_fields}}

    def context(self) -> dict[str, object]:
        """Name the buyer."""
        return {"buyer": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the correction."""
        buyer = self.row()
        change_buyer(buyer, **form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("Saved."))
        return redirect("buyer-detail", buyer.pk)


class LeadNew(FormPage[Buyer]):
    """Bring a unit and this buyer together."""

    ability = Can.CHANGE_BUYER
    model = Buyer
    template = "exports/lead_form.html"
    form_class = LeadForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer the units this reader sees."""
        return {"reader": self.reader}

    def context(self) -> dict[str, object]:
        """Name the buyer."""
        return {"buyer": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Begin the lead and show it."""
        lead = start_lead(buyer=self.row(), **form.cleaned_data, by=self.reader, at=now())
        return redirect("lead-detail", lead.pk)


class LeadList(ListPage[Lead]):
    """What comes next with whom, the nearest day first."""

    ability = Can.READ_BUYER
    model = Lead
    template = "exports/lead_list.html"
    filterset_class = LeadWorkFilter
    order = ("due", "pk")

    def rows(self) -> models.QuerySet[Lead]:
        """Read along what a line shows."""
        return super().rows().with_due().select_related("buyer", "business_unit__village")  # type: ignore[attr-defined, no-any-return]

    def context(self) -> dict[str, object]:
        """Tell whether anything is filtered, and what day it is."""
        active = is_narrowed(self.request)
        return {"active": active, "today": localdate()}


class LeadDetail(FormPage[Lead]):
    """One lead: how far it has come, and the form to take it further."""

    ability = Can.READ_BUYER
    model = Lead
    template = "exports/lead_detail.html"
    form_class = LeadWorkForm

    def rows(self) -> models.QuerySet[Lead]:
        """Read along who deals with whom."""
        return super().rows().select_related("buyer", "business_unit__village", "business_unit__region", "started_by")

    def form_arguments(self) -> dict[str, Any]:
        """Say where it stands."""
        return {"lead": self.row()}

    def context(self) -> dict[str, object]:
        """Show it with what happened so far."""
        lead = self.row()
        changes = self.reader.has_perm(Can.CHANGE_BUYER, lead)
        overdue = lead.next_on is not None and lead.next_on < localdate() and lead.state != LeadState.LOST
        return {"lead": lead, "changes": changes, "overdue": overdue}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write what comes next, and move it where it moved."""
        lead, given = self.row(), form.cleaned_data
        words = {name: given[name] for name in ("source", "next_step", "next_on")}
        with transaction.atomic():
            if given["to"] != lead.state:
                move_lead(lead, to=given["to"], reason=given["reason"], by=self.reader, at=now())
            change_lead(lead, **words, by=self.reader, at=now())
        messages.success(self.request, _("Saved."))
        return redirect("lead-detail", lead.pk)
