"""What a program has to give, what of it is promised and paid, and the lines that led there."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Case, DecimalField, F, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from exports.models import Budget, BudgetEntry
from exports.states import EntryKind
from programs.models import Program

MONEY = DecimalField(max_digits=18, decimal_places=2)


@dataclass(frozen=True)
class Balance:
    """The money of one program, in rupiah."""

    program: Program
    ceiling: Decimal
    committed: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        """What can still be approved."""
        return self.ceiling - self.committed - self.spent

    def share(self, part: Decimal) -> int:
        """Write a part in whole percent of the ceiling, for the width of a bar."""
        return int(100 * part / self.ceiling) if self.ceiling else 0

    @property
    def spent_share(self) -> int:
        """How wide the paid part is."""
        return self.share(self.spent)

    @property
    def used_share(self) -> int:
        """How wide the paid and the promised part are together."""
        return self.share(self.spent + self.committed)


def balance_of(program: Program) -> Balance:
    """Read the money of one program; nothing promised yet is zero."""
    budget = Budget.objects.filter(pk=program.pk).first()
    committed, spent = (budget.committed, budget.spent) if budget else (Decimal(0), Decimal(0))
    return Balance(program, program.subsidy_ceiling, committed, spent)


def balances_of(user: User) -> list[Balance]:
    """Read the money of every program that this person runs or pays and that has some, the latest first; 2 queries."""
    programs = Program.objects.visible_to(user).filter(subsidy_ceiling__gt=0).order_by("-starts_on", "-pk")
    kept = {row.pk: (row.committed, row.spent) for row in Budget.objects.visible_to(user)}
    nothing = Decimal(0), Decimal(0)
    return [Balance(each, each.subsidy_ceiling, *kept.get(each.pk, nothing)) for each in programs]


def with_rest(entries: models.QuerySet[BudgetEntry]) -> models.QuerySet[BudgetEntry]:
    """Say with each line how much was taken from the ceiling after it."""
    taken = Case(
        When(kind=EntryKind.COMMITTED, then=F("amount")),
        When(kind=EntryKind.RELEASED, then=-F("amount")),
        default=Value(Decimal(0)),
        output_field=MONEY,
    )
    until = BudgetEntry.objects.filter(program=OuterRef("program"), pk__lte=OuterRef("pk")).order_by()
    total = until.values("program").annotate(total=Sum(taken, output_field=MONEY)).values("total")
    return entries.annotate(taken=Coalesce(Subquery(total), Value(Decimal(0)), output_field=MONEY))
