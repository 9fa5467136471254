"""What messages cost, and the prices that estimates are made from."""

from typing import Any

from django import forms
from django.contrib import messages as flashes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.dates import local_date
from common.pages import FormPage, Page
from common.sheets import XLSX, write_csv, write_xlsx
from common.zones import Zone
from reminders.actions import keep_price, remove_price
from reminders.costs import Costs, costs_of, sheet_of
from reminders.forms import PriceForm
from reminders.models import Price
from reminders.rules import Can

FIRST_YEAR, LAST_YEAR = 2000, 2199
KINDS = ("csv", "xlsx")


class CostsPage(Page[Price]):
    """Messages and their estimated cost, by program and month, by channel and category."""

    ability = Can.READ_COSTS
    model = Price
    template = "reminders/costs.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Show one year."""
        costs = self.costs()
        return self.show(costs=costs, later=costs.year < local_date(now(), Zone.WIB).year)

    def costs(self) -> Costs:
        """Count the year that was asked for; without one, the running year."""
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isascii() and asked.isdigit() else local_date(now(), Zone.WIB).year
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Http404
        return costs_of(self.reader, year=year)


class CostsFile(CostsPage):
    """The same as a table to keep."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:  # type: ignore[override]  # noqa: ARG002
        """Write it as CSV or Excel."""
        if kind not in KINDS:
            raise Http404
        costs = self.costs()
        head, rows = sheet_of(costs)
        name = f"{_('message-costs')}-{costs.year}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        if kind == "csv":
            return HttpResponse("".join(write_csv(head, rows)), content_type="text/csv; charset=utf-8", headers=headers)
        return HttpResponse(write_xlsx(head, rows, title=_("Costs")), content_type=XLSX, headers=headers)


class PriceList(FormPage[Price]):
    """The prices that hold, and one more."""

    ability = Can.CHANGE_PRICE
    model = Price
    template = "reminders/price_list.html"
    form_class = PriceForm

    def context(self) -> dict[str, Any]:
        """List what is known, the latest first."""
        return {"prices": self.rows().order_by("channel", "category", "-valid_from", "pk")}

    def act(self, form: forms.Form) -> HttpResponse:
        """Keep a new price."""
        keep_price(Price(**form.cleaned_data), by=self.reader, at=now())
        flashes.success(self.request, _("The price is kept; estimates follow it."))
        return redirect("price-list")


class PriceEdit(FormPage[Price]):
    """Correct a price."""

    ability = Can.CHANGE_PRICE
    model = Price
    template = "reminders/price_form.html"
    form_class = PriceForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin from what is kept."""
        price = self.row()
        return {"initial": {name: getattr(price, name) for name in PriceForm.base_fields}}

    def context(self) -> dict[str, Any]:
        """Name the price."""
        return {"price": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Write the correction."""
        price = self.row()
        for name, value in form.cleaned_data.items():
            setattr(price, name, value)
        keep_price(price, by=self.reader, at=now())
        flashes.success(self.request, _("The price is kept; estimates follow it."))
        return redirect("price-list")


class PriceRemove(Page[Price]):
    """Take a price away that was never right."""

    ability = Can.CHANGE_PRICE
    model = Price

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Return to the prices: one is taken away by a button."""
        return redirect("price-list")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Delete it; that it was there stays in the record."""
        remove_price(self.row(), by=self.reader, at=now())
        flashes.success(request, _("The price is taken away."))
        return redirect("price-list")
