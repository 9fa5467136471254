"""Lay the eleven modules, in their order and with their modes."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MODULES = (
    ("management", "training"),
    ("market-access", "training"),
    ("marketing", "training"),
    ("handholding", "visit"),
    ("sample-shipping", "benefit"),
    ("production-capacity", "training"),
    ("design", "training"),
    ("branding", "training"),
    ("quality-assurance", "training"),
    ("finance", "mentoring"),
    ("international-trade", "mentoring"),
)


def lay_modules(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Write the eleven rows."""
    module = apps.get_model("programs", "Module")
    module.objects.bulk_create(
        module(code=code, mode=mode, position=position) for position, (code, mode) in enumerate(MODULES, start=1)
    )


class Migration(migrations.Migration):
    """Data only."""

    dependencies = [("programs", "0001_initial")]
    operations = [migrations.RunPython(lay_modules, migrations.RunPython.noop)]
