"""One hand at a time: the unit is held before anything of its parcels and claims is written, then the budget."""

from exports.models import Budget
from villages.models import BusinessUnit


def hold_unit(key: int) -> None:
    """Let one hand at a time change what a unit sends and claims; always the first lock that is taken."""
    BusinessUnit.objects.select_for_update(no_key=True).only("pk").get(pk=key)


def hold_budget(key: int) -> None:
    """Let one hand at a time take from a program's budget; always the last lock that is taken."""
    Budget.objects.select_for_update(no_key=True).get(program=key)
