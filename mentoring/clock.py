"""How far a phone's clock was from the server's, in seconds and in words."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.numbers import number

SKEW = timedelta(minutes=10)  # less than this is the way of clocks
MINUTE, HOUR, DAY = 60, 3600, 86400


def skew_of(sent_at: datetime | None, *, at: datetime) -> int | None:
    """Measure the phone's clock when it sent: seconds ahead of the server's; None when it did not say."""
    return None if sent_at is None else round((sent_at - at).total_seconds())


def is_off(skew: int | None) -> bool:
    """Tell whether the clock was off by more than ten minutes."""
    return skew is not None and abs(skew) > SKEW.total_seconds()


def said_skew(skew: int | None) -> str:
    """Say by how much the clock was off; nothing when it was right or nobody knows."""
    if skew is None or not is_off(skew):
        return ""
    apart = " ".join(_parts(abs(skew)))
    if skew > 0:
        return _("The phone's clock was %(apart)s ahead of the server's.") % {"apart": apart}
    return _("The phone's clock was %(apart)s behind the server's.") % {"apart": apart}


def _parts(seconds: int) -> Iterator[str]:
    """Write days and hours, or hours and minutes."""
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    if days:
        yield ngettext("%(count)s day", "%(count)s days", days) % {"count": number(days)}
    if hours:
        yield ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": number(hours)}
    if minutes and not days:
        yield ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": number(minutes)}
