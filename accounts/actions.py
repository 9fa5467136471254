"""What changes in an account."""

from datetime import datetime

from django.db import transaction

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
