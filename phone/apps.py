"""The phone app."""

from django.apps import AppConfig


class PhoneConfig(AppConfig):
    """Names the app; holds no logic."""

    name = "phone"
