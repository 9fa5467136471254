"""What changes in an account."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from accounts.models import CodeAllowance, User
from common.dates import local_date
from common.events import record
from common.zones import Zone

AN_HOUR: Final = 3  # codes for one number
A_DAY: Final = 5

# One statement: who asks at the same moment waits for the row and is counted after it.
ALLOW: Final = """
INSERT INTO accounts_codeallowance AS known (key, times, last_at) VALUES (%(key)s, ARRAY[%(at)s::timestamptz], %(at)s)
ON CONFLICT (key) DO UPDATE SET last_at = %(at)s, times = array_append(
    ARRAY(SELECT told FROM unnest(known.times) told WHERE told > %(day)s), %(at)s::timestamptz)
WHERE (SELECT count(*) FROM unnest(known.times) told WHERE told > %(hour)s) < %(an_hour)s
    AND (SELECT count(*) FROM unnest(known.times) told WHERE told > %(day)s) < %(a_day)s
RETURNING true
"""
SPEND: Final = """
INSERT INTO accounts_codeday AS known (day, sent) VALUES (%(day)s, 1)
ON CONFLICT (day) DO UPDATE SET sent = known.sent + 1 WHERE known.sent < %(most)s
RETURNING true
"""


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


def allow_code(number: str, *, at: datetime) -> bool:
    """Count one more code for a number or address, known or not; False when it has had enough of them."""
    day = at - timedelta(days=1)
    CodeAllowance.objects.filter(last_at__lte=day).delete()
    limits = {"hour": at - timedelta(hours=1), "day": day, "an_hour": AN_HOUR, "a_day": A_DAY}
    return _counted(ALLOW, {"key": salted_hmac("accounts.code", number).hexdigest(), "at": at, **limits})


def spend_code(*, at: datetime) -> bool:
    """Count one more code that costs money today; False when the day has had its number."""
    return _counted(SPEND, {"day": local_date(at, Zone.WIB), "most": settings.CODES_A_DAY})


def _counted(statement: str, facts: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return cursor.fetchone() is not None
