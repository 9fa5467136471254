"""Writing the minutes of a session, and closing them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.errors import Refused
from common.pages import FormPage, Page
from papers.actions import close_minutes, write_minutes
from papers.forms import MinutesForm
from papers.models import Minutes
from papers.rules import Can
from papers.shelf import NOT_HELD
from papers.states import MinutesState, PaperKind
from programs.models import Session
from programs.states import DELIVERED


class OfSession(Page[Session]):
    """A page about the minutes of a session."""

    model = Session

    def rows(self) -> models.QuerySet[Session]:
        """Read along the head of the page and the minutes."""
        return super().rows().select_related("module", "venue", "minutes_kept__written_by")

    def kept(self) -> Minutes | None:
        """Read the minutes, when somebody wrote them."""
        return getattr(self.row(), "minutes_kept", None)


class MinutesEdit(FormPage[Session], OfSession):
    """Write the minutes until they are closed."""

    ability = Can.WRITE_MINUTES
    form_class = MinutesForm
    template = "papers/minutes_form.html"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Show the form; minutes of what was not held, or that are closed, are said to be so."""
        if self.row().state not in DELIVERED:
            raise Refused(NOT_HELD)
        return super().get(request, **kwargs)

    def form_arguments(self) -> dict[str, Any]:
        """Begin from what is written, and remember which version that was."""
        kept = self.kept()
        return {"instance": kept, "initial": {"version": kept.version if kept else 0}}

    def context(self) -> dict[str, Any]:
        """Name the session, and say who wrote last."""
        kept = self.kept()
        return {"session": self.row(), "kept": kept, "open": not kept or kept.state == MinutesState.OPEN}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write them."""
        write_minutes(self.row(), **form.cleaned_data, by=self.reader, at=now())
        messages.success(self.request, _("The minutes are kept."))
        return redirect("paper-page", self.kwargs["pk"], PaperKind.MINUTES)


class MinutesClose(OfSession):
    """Close the minutes under their number."""

    ability = Can.CLOSE_MINUTES

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close them; from now on they no longer change."""
        kept = self.kept()
        if kept is None:
            raise Http404
        close_minutes(kept, by=self.reader, at=now())
        messages.success(request, _("The minutes are closed and numbered."))
        return redirect("paper-page", pk, PaperKind.MINUTES)
