from django.conf import settings
from django.db import migrations, models

PERSONAL = (
    "bundle_taken",
    "certificates_taken",
    "document_read",
    "exported",
    "names_printed",
    "numbers_printed",
    "pack_taken",
    "read_number",
    "read_numbers",
    "rows_exported",
)


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0003_events_of_personal_data_are_found"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="event", name="event_of_personal_data"),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("verb__in", PERSONAL)), fields=["-id"], name="event_of_personal_data"
            ),
        ),
    ]
