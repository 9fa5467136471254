"""The budget of a program: its balance and every line of its ledger."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse

from common.pages import ListPage, Page
from exports.filters import EntryFilter
from exports.ledger import Balance, balance_of, balances_of, with_rest
from exports.models import Budget, BudgetEntry
from exports.rules import Can
from exports.views.narrowed import beside
from programs.models import Program


class BudgetList(Page[Budget]):
    """The money of every program that the reader runs or pays."""

    ability = Can.READ_BUDGET
    model = Budget
    template = "exports/budget_list.html"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.show(balances=balances_of(self.reader), tab="budgets")


class ProgramBudget(ListPage[BudgetEntry]):
    """One program: what is left, and the ledger, the latest line first."""

    ability = Can.READ_BUDGET
    model = BudgetEntry
    template = "exports/budget_detail.html"
    filterset_class = EntryFilter
    order = ("-pk",)

    def program(self) -> Program:
        """Read the program of the address, when the reader sees it."""
        found = Program.objects.visible_to(self.reader).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def rows(self) -> models.QuerySet[BudgetEntry]:
        """Read along the claim and the hand of each line, and what was left after it."""
        rows = super().rows().filter(program=self.program())
        return with_rest(rows).select_related("claim__business_unit", "by")

    def context(self) -> dict[str, Any]:
        """Say what is left."""
        balance: Balance = balance_of(self.program())
        return {**beside(self.request, "budgets"), "balance": balance, "program": balance.program}
