"""The noticeboard app."""

from django.apps import AppConfig


class NoticeboardConfig(AppConfig):
    """Names the app; holds no logic."""

    name = "noticeboard"
