"""Writing whole sets at the price of one statement."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models

Params = Mapping[str, Any]


def run(statement: str, params: Params | None = None) -> int:
    """Run one statement; tell how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(params or {}))
        return int(cursor.rowcount)


def insert_select(
    model: type[models.Model], *, columns: Mapping[str, str], source: str, params: Params, tail: str = ""
) -> int:
    """Write what `source` (from FROM on) gives into a table; `columns` name expressions, the others get their defaults.

    So a column that is added to the model later is filled here as it is everywhere else.
    """
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    given, values = dict(columns), dict(params)
    for field in fields:
        name = str(field.column)
        if name not in given and not field.primary_key and not field.has_db_default():
            given[name] = f"%(default_{name})s::{field.cast_db_type(connection)}"
            values[f"default_{name}"] = field.get_db_prep_save(field.get_default(), connection)
    table, names = model._meta.db_table, ", ".join(given)
    statement = f"INSERT INTO {table} ({names}) SELECT {', '.join(given.values())} {source} {tail}"
    return run(statement, values)
