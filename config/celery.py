"""The Celery app: wakes the product up, and never holds the truth."""

import ctypes
import os
import signal

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_embedded_init, worker_ready

from config.privileges import end_with_parent

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


@worker_ready.connect
def begin_at_once(**_facts: object) -> None:
    """Send what waited while no worker was there, and give a sign of life, without waiting for beat."""
    app.send_task("reminders.tasks.send_due", expires=28, retry=False)


@beat_embedded_init.connect
def end_with_the_worker(**_facts: object) -> None:
    """Let a beat that was forked by its worker end with it, however the worker ends."""
    end_with_parent(ctypes.CDLL(None, use_errno=True), os.getppid(), signal.SIGKILL)
