"""Every constraint speaks, every state is reachable, every move has an action."""

import re

import pytest
from django.apps import apps
from django.db import connection, models

from common.constraints import TRIGGERS
from common.moves import Moves, StatefulQuerySet
from tests.house.tree import APPS, ROOT, sources

OURS = [model for app in APPS for model in apps.get_app_config(app).get_models() if app in apps.app_configs]
# What only a gateway reports; the `log` channel is sent at once, gateways bring these moves with them.
REPORTED = {"reminders.Message": {"accepted", "delivered", "read"}}
ROOMS = {"programs": ("programs", "attendance")}  # what happens to a plan stands above it
STATEFUL = sorted(
    {
        (model._meta.label, rows.moves)
        for model in OURS
        if isinstance(rows := model._default_manager.all(), StatefulQuerySet)
    },
    key=lambda pair: pair[0],
)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_constraints_read_as_sentences(model: type[models.Model]) -> None:
    general = models.BaseConstraint.default_violation_error_message
    silent = [
        constraint.name
        for constraint in model._meta.constraints
        if constraint.violation_error_message == general or not str(constraint.violation_error_message).endswith(".")
    ]
    assert not silent


def test_triggers_read_as_sentences() -> None:
    raised = {
        name
        for path in ROOT.glob("*/migrations/*.py")
        for name in re.findall(r"CONSTRAINT = '([a-z_]+)'", path.read_text())
    }
    assert raised == set(TRIGGERS)


@pytest.mark.parametrize(("label", "moves"), STATEFUL, ids=[label for label, _ in STATEFUL])
def test_every_state_is_reachable(label: str, moves: Moves) -> None:
    model = apps.get_model(label)
    start = model._meta.get_field(model._default_manager.all().column).default
    reached, edge = {str(start)}, [str(start)]
    while edge:
        goals = set(moves.table.get(edge.pop(), ())) - reached
        reached |= goals
        edge += goals
    assert reached == set(moves.states.values)


@pytest.mark.parametrize(("label", "moves"), STATEFUL, ids=[label for label, _ in STATEFUL])
def test_every_move_has_an_action(label: str, moves: Moves) -> None:
    app = label.split(".", 1)[0]
    quiet = {"states", "models", "querysets", "filters", "forms"}
    written = "\n".join(path.read_text() for path in sources(*ROOMS.get(app, (app,))) if path.stem not in quiet)
    goals = {goal for row in moves.table.values() for goal in row} - REPORTED.get(label, set())
    general = re.search(r"\.move\(\w+, (to|mark\.state|state|goal)\b", written)
    name = moves.states.__name__
    assert general or not [goal for goal in goals if f"{name}.{moves.states(goal).name}" not in written]


@pytest.mark.django_db
def test_every_exclusion_is_in_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'x'")
        assert {name for (name,) in cursor.fetchall()} >= {
            "trainer_is_in_one_session_at_a_time",
            "venue_holds_one_session_at_a_time",
            "cohort_is_in_one_session_at_a_time",
        }
