"""Pages of the days that are kept free: the list, one block, and a year's holidays in one press."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from almanac.actions import change_block, create_block, delete_block, load_holidays
from almanac.filters import CalendarBlockFilter
from almanac.forms import BlockForm, HolidaysForm
from almanac.models import CalendarBlock
from almanac.rules import Can
from common.dates import local_date
from common.pages import FormPage, ListPage, Page
from common.zones import Zone


class BlockList(ListPage[CalendarBlock]):
    """Everything that keeps days free, by its first day."""

    ability = Can.READ_BLOCK
    model = CalendarBlock
    template = "almanac/calendar_block_list.html"
    filterset_class = CalendarBlockFilter
    order = ("starts_on", "pk")

    def rows(self) -> models.QuerySet[CalendarBlock]:
        """Read along where each one holds."""
        return super().rows().select_related("region__parent__parent")

    def context(self) -> dict[str, Any]:
        """Offer the holidays of this year and the next, and say whether anything is filtered."""
        year = local_date(now(), Zone.WIB).year
        active = any(value for name, value in self.request.GET.items() if name != "cursor")
        return {"years": (year, year + 1), "active": active}


class BlockPage(FormPage[CalendarBlock]):
    """A form about one block, that leads back to the list."""

    model = CalendarBlock
    template = "almanac/calendar_block_form.html"
    form_class = BlockForm

    def done(self, sentence: str) -> HttpResponse:
        """Return to the list and say what was done."""
        messages.success(self.request, sentence)
        return redirect("calendar-block-list")


class BlockNew(BlockPage):
    """Keep days free."""

    ability = Can.ADD_BLOCK

    def form_arguments(self) -> dict[str, Any]:
        """Begin with the day that was pressed, if one was."""
        return {"user": self.reader, "initial": {"starts_on": self.request.GET.get("day", "")}}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the block."""
        assert isinstance(form, BlockForm)  # noqa: S101  by form_class
        block = create_block(**form.columns(), by=self.reader, at=now())
        return self.done(_("“%(name)s” is on the calendar.") % {"name": block})


class BlockEdit(BlockPage):
    """Change a block."""

    ability = Can.CHANGE_BLOCK

    def form_arguments(self) -> dict[str, Any]:
        """Begin from where it stands."""
        return {"user": self.reader, "block": self.row()}

    def context(self) -> dict[str, Any]:
        """Name the block."""
        return {"kept": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the changes."""
        assert isinstance(form, BlockForm)  # noqa: S101  by form_class
        block = self.row()
        seen = form.cleaned_data["revision"]  # the one that was on the screen: the slower of two tabs is told
        block.revision = seen or block.revision
        change_block(block, **form.columns(), by=self.reader, at=now())
        return self.done(_("“%(name)s” is changed.") % {"name": block})


class BlockDelete(Page[CalendarBlock]):
    """Give the days back, after one look."""

    ability = Can.CHANGE_BLOCK
    model = CalendarBlock
    template = "almanac/calendar_block_delete.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Ask once."""
        return self.show(kept=self.row())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Delete it."""
        block = self.row()
        delete_block(block, by=self.reader, at=now())
        messages.success(request, _("“%(name)s” is off the calendar.") % {"name": block})
        return redirect("calendar-block-list")


class HolidaysLoad(Page[CalendarBlock]):
    """Lay the published holidays of a year; a second time changes nothing."""

    ability = Can.LOAD_HOLIDAYS
    model = CalendarBlock
    template = "refused.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Load them and show that year."""
        form = HolidaysForm(request.POST)
        if not form.is_valid():
            return self.show(sentence=_("Choose a year."), status=HTTPStatus.BAD_REQUEST)
        year = form.cleaned_data["year"]
        done = load_holidays(year, by=self.reader, at=now())
        sentence = _("Holidays of %(year)d: %(added)d added, %(moved)d moved, %(kept)d as they were.")
        facts = {"year": year, "added": done.added, "moved": done.moved, "kept": done.kept}
        messages.success(request, sentence % facts)
        return redirect(f"{reverse('calendar-block-list')}?from={year}-01-01&to={year}-12-31")
