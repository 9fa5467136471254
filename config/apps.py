"""The wiring as a Django app, so that its commands are found."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import import_string

from common.doorbell import hang
from config.celery import app as celery_app
from config.doorbell import Complaints, Doorbell, Publisher


class ConfigConfig(AppConfig):
    """Importing the Celery app here makes it the one that tasks belong to, in every process."""

    name = "config"
    celery_app = celery_app

    def ready(self) -> None:
        """Hang the bell that wakes the worker, where there is a broker to carry it."""
        if settings.CELERY_BROKER_URL != "memory://":
            hang(Doorbell(Publisher(celery_app), Complaints(import_string("reminders.pulse.count_vain_rings"))))
