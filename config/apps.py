"""The wiring as a Django app, so that its commands are found."""

from django.apps import AppConfig

from config.celery import app as celery_app


class ConfigConfig(AppConfig):
    """Importing the Celery app here makes it the one that tasks belong to, in every process."""

    name = "config"
    celery_app = celery_app
