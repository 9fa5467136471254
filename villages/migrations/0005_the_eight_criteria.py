"""Lay the first set of criteria: LPEI's eight, equally weighed, with every value explained in two languages."""

import json
from pathlib import Path

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FIRST = Path(__file__).resolve().parents[1] / "fixtures" / "criteria.json"


def lay_criteria(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Write the set, its eight lines, and publish it; the triggers look at all of it."""
    given = json.loads(FIRST.read_text(encoding="utf-8"))
    lines = given.pop("criteria")
    first = apps.get_model("villages", "CriteriaSet").objects.create(**given)
    definition = apps.get_model("villages", "CriterionDefinition")
    definition.objects.bulk_create(definition(criteria_set=first, **line) for line in lines)
    first.state = "published"
    first.save()


class Migration(migrations.Migration):
    """Data only."""

    dependencies = [("villages", "0004_assessments_are_kept")]
    operations = [migrations.RunPython(lay_criteria, migrations.RunPython.noop)]
