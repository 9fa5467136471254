"""What was kept aside before versions waited for a person waits with them after the migration."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from mentoring.content import VisitContent
from mentoring.models import HeldVersion
from programs.models import Cohort
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "conflicts_wait_with_them"


@pytest.fixture
def before() -> Iterator[Any]:
    """Go back to the tables as they were, and forward to the last again."""
    executor = MigrationExecutor(connection)
    (step,) = [node for node in executor.loader.graph.nodes if node[0] == "mentoring" and node[1].endswith(NAME)]
    parents = [parent.key for parent in executor.loader.graph.node_map[step].parents if parent.key[0] == "mentoring"]
    executor.migrate(parents)
    yield executor.loader.project_state(parents).apps
    forward()


def forward() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_conflicts_wait_after_the_migration(before: Any, cohort: Cohort, made: User) -> None:
    content = VisitContent(cohort.village_id, cohort.program_id, NOW)
    visit = before.get_model("mentoring", "Visit").objects.create(
        mentor_id=made.pk,
        village_id=cohort.village_id,
        program_id=cohort.program_id,
        visited_at=NOW,
        received_at=NOW,
        digest=content.digest,
    )
    stranger = factories.UserFactory.create(role="mentor")
    for number, sender in enumerate((made, stranger)):
        before.get_model("mentoring", "VisitConflict").objects.create(
            visit_id=visit.pk,
            content={**content.facts(), "state": "draft"},
            digest=f"{number}" * 64,
            sent_by_id=sender.pk,
            received_at=NOW,
        )
    forward()
    rows = HeldVersion.objects.order_by("digest")
    assert [(row.key, row.visit_id, row.reason, row.sent_by) for row in rows] == [
        (visit.pk, visit.pk, "other_version", made),
        (visit.pk, None, "key_taken", stranger),
    ]
    assert {(row.village, row.program, row.state) for row in rows} == {(cohort.village, cohort.program, "waiting")}
