"""What changes in an account."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from common.events import record


@transaction.atomic
def choose_language(user: User, *, language: str, by: User, at: datetime) -> None:
    """Keep the language of pages and messages with the account."""
    if user.language == language:
        return
    before = user.language
    user.language = language
    user.save(update_fields=["language"])
    record(user, verb="language_chosen", by=by, at=at, origin=before, goal=language)


@transaction.atomic
def renew_calendar(user: User, *, by: User, at: datetime) -> None:
    """End the old address of someone's calendar and open a new one."""
    User.objects.filter(pk=user.pk).update(calendar_version=F("calendar_version") + 1)
    user.refresh_from_db(fields=["calendar_version"])
    record(user, verb="calendar_renewed", by=by, at=at, version=user.calendar_version)
