"""Programs that were there before have their balance after the migration, and the ledger holds from then on."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from exports.models import Budget, BudgetEntry
from tests import factories
from tests.exports.claims import balance
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def forward() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.fixture
def before(transactional_db: None) -> Iterator[None]:
    """Go back to the tables without their triggers, and forward to the last again."""
    MigrationExecutor(connection).migrate([("exports", "0001_initial")])
    yield
    forward()


@pytest.mark.usefixtures("before")
def test_balances_are_summed_from_what_is_there(sari: User) -> None:
    claims = [factories.ClaimFactory.create(scheme__program__subsidy_ceiling=5_000_000) for _ in range(2)]
    idle = factories.ProgramFactory.create()
    assert not Budget.objects.exists()
    lines = [("committed", 800_000, 0), ("spent", 800_000, 0), ("committed", 300_000, 1), ("released", 300_000, 1)]
    for kind, amount, which in lines:
        claim = claims[which]
        BudgetEntry.objects.create(program=claim.program, claim=claim, kind=kind, amount=amount, at=NOW, by=sari)
    forward()
    assert [balance(program) for program in (claims[0].program, claims[1].program, idle)] == [
        (0, 800_000),
        (0, 0),
        (0, 0),
    ]
    with pytest.raises(IntegrityError):
        Budget.objects.update(spent=0)
    assert balance(factories.ProgramFactory.create()) == (0, 0)
