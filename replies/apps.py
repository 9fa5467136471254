"""The replies app."""

from django.apps import AppConfig


class RepliesConfig(AppConfig):
    """What people answer to what they are told."""

    name = "replies"
