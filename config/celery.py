"""The Celery app: wakes the product up, and never holds the truth."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "send due messages": {"task": "reminders.tasks.send_due", "schedule": 30.0, "options": {"expires": 28}},
    "repair the plan": {
        "task": "reminders.tasks.sweep",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    "forget imported rows": {
        "task": "reminders.tasks.forget",
        "schedule": crontab(minute="17"),
        "options": {"expires": 3500},
    },
}
