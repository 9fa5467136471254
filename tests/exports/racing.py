"""Races made sure: a pause where it matters, and a guard taken away for its twin."""

from collections.abc import Callable, Iterator
from time import sleep
from typing import Any

from django.db import connection, models

from tests.programs.test_races import PAUSE


def slowly(act: Callable[..., Any], *, before: bool = True) -> Callable[..., Any]:
    """Do the same after a pause, or pause after it."""

    def later(*args: Any, **given: Any) -> Any:
        if before:
            sleep(PAUSE)
        done = act(*args, **given)
        if not before:
            sleep(PAUSE)
        return done

    return later


def without(model: type[models.Model], name: str, *rows: type[models.Model]) -> Iterator[None]:
    """Take a unique constraint away, and the rows that break it before it comes back."""
    (constraint,) = [one for one in model._meta.constraints if one.name == name]
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    yield
    for table in rows:
        table._default_manager.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(model, constraint)
