"""Pages of handovers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from common.pages import FormPage, ListPage, Page
from mentoring.actions import cancel_handover, note_contacts, prepare_handover, sign_handover, write_works
from mentoring.filters import HandoverFilter
from mentoring.forms import HandoverCancelForm, HandoverForm, SignForm, WorksForm
from mentoring.handover import Sheet
from mentoring.models import Handover
from mentoring.rules import Can
from mentoring.states import HandoverState
from villages.models import Village


class HandoverList(ListPage[Handover]):
    """Handovers, the latest first."""

    ability = Can.READ_HANDOVER
    model = Handover
    template = "mentoring/handover_list.html"
    filterset_class = HandoverFilter
    order = ("-prepared_at", "-pk")

    def rows(self) -> models.QuerySet[Handover]:
        """Read along what a line shows."""
        return super().rows().select_related("village__region", "giver", "taker")

    def context(self) -> dict[str, object]:
        """Tell whether anything is filtered."""
        return {"active": any(value for name, value in self.request.GET.items() if name != "cursor")}


class HandoverNew(FormPage[Village]):
    """Prepare the handover of a village."""

    ability = Can.PREPARE_HANDOVER
    model = Village
    template = "mentoring/handover_form.html"
    form_class = HandoverForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer the mentors; from today to tomorrow."""
        return {"reader": self.reader, "village": self.row(), "initial": {"last_on": localdate()}}

    def context(self) -> dict[str, object]:
        """Name the village."""
        return {"village": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Prepare it, and show what both will sign."""
        handover = prepare_handover(**form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("The handover is prepared. Both mentors are asked to sign it."))
        return redirect("handover-detail", pk=handover.pk)


class HandoverPage(Page[Handover]):
    """What pages of one handover share."""

    model = Handover

    def rows(self) -> models.QuerySet[Handover]:
        """Read along between whom and where."""
        read = ("village__region__parent__parent", "giver", "taker", "letter", "new_letter", "prepared_by")
        return super().rows().select_related(*read)

    def back(self, handover: Handover, sentence: str) -> HttpResponseRedirect:
        """Say what was done and return to the handover."""
        messages.success(self.request, sentence)
        return redirect("handover-detail", pk=handover.pk)


class HandoverDetail(HandoverPage):
    """One handover: what passes on, what works there, and both signatures."""

    ability = Can.READ_HANDOVER
    template = "mentoring/handover_detail.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show it with masked numbers."""
        return self.show_handover(self.row(), numbers=False)

    def show_handover(self, handover: Handover, *, numbers: bool) -> HttpResponse:
        """Show what this reader may read of it."""
        waits = handover.state == HandoverState.PREPARED
        return self.show(
            handover=handover,
            sheet=Sheet(handover, self.reader, now()),
            numbers=numbers,
            form=SignForm(initial={"version": handover.version}),
            writes=waits and self.reader.has_perm(Can.WRITE_HANDOVER, handover),
            cancels=waits and self.reader.has_perm(Can.PREPARE_HANDOVER, handover),
        )


class HandoverContacts(HandoverDetail):
    """The same page with the numbers in full; opening it is written down."""

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Return to the masked page: reading numbers is asked for by a button."""
        return redirect("handover-detail", pk=self.row().pk)

    def post(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show the numbers once."""
        handover = self.row()
        sheet = Sheet(handover, self.reader, now())
        note_contacts(handover, contact_points=sheet.points, by=self.reader, at=now())
        response = self.show_handover(handover, numbers=True)
        response["Cache-Control"] = "no-store"
        return response


class HandoverWorks(FormPage[Handover], HandoverPage):
    """Write what works in the village."""

    ability = Can.WRITE_HANDOVER
    template = "mentoring/handover_works.html"
    form_class = WorksForm

    def form_arguments(self) -> dict[str, Any]:
        """Start from what is written."""
        handover = self.row()
        return {"initial": {"works": handover.works, "version": handover.version}}

    def context(self) -> dict[str, object]:
        """Name the handover, and say whether somebody has signed."""
        handover = self.row()
        return {"handover": handover, "signed": handover.signatures.filter(version=handover.version).exists()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Keep it; pressing twice keeps it once."""
        handover, given = self.row(), form.cleaned_data
        write_works(handover, works=given["works"], version=given["version"], by=self.reader, at=now())
        return self.back(handover, _("The text is saved."))


class HandoverSign(FormPage[Handover], HandoverPage):
    """Set one's hand under what was read."""

    ability = Can.SIGN_HANDOVER
    template = "mentoring/handover_sign.html"
    form_class = SignForm

    def form_arguments(self) -> dict[str, Any]:
        """Name the version that is read."""
        return {"initial": {"version": self.row().version}}

    def context(self) -> dict[str, object]:
        """Name the handover."""
        handover = self.row()
        return {"handover": handover, "sheet": Sheet(handover, self.reader, now())}

    def act(self, form: forms.Form) -> HttpResponse:
        """Sign; pressing twice signs once."""
        handover, given = self.row(), form.cleaned_data
        sign_handover(handover, version=given["version"], reason=given["reason"], by=self.reader, at=now())
        done = handover.state == HandoverState.SIGNED
        return self.back(handover, _("Signed by both. The handover is done.") if done else _("You have signed."))


class HandoverCancel(FormPage[Handover], HandoverPage):
    """Call a handover off."""

    ability = Can.PREPARE_HANDOVER
    template = "mentoring/handover_cancel.html"
    form_class = HandoverCancelForm

    def context(self) -> dict[str, object]:
        """Name the handover."""
        return {"handover": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Call it off; pressing twice does it once."""
        handover = self.row()
        if handover.state != HandoverState.CANCELLED:
            cancel_handover(handover, reason=form.cleaned_data["reason"], by=self.reader, at=now())
        return self.back(handover, _("The handover is called off."))
