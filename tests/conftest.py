"""Fixtures for every test: the fixed cast and the world around it."""

from tests.plumbing.database import django_db_modify_db_settings

__all__ = ["django_db_modify_db_settings"]
