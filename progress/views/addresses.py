"""What addresses of figures say, and how a period is said on a page."""

from django.utils.translation import gettext as _

from common.dates import span, written_date
from progress.period import Period


def whole_number(text: str | None) -> int:
    """Read a key from an address; 0, which is nobody's, when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0  # noqa: PLR2004


def said(period: Period) -> str:
    """Write the days of a period; nothing when it is all of time."""
    match period.address:
        case {"from": str(), "to": str()}:
            return span(period.first, period.last)
        case {"from": str()}:
            return _("from %(day)s") % {"day": written_date(period.first)}
        case {"to": str()}:
            return _("until %(day)s") % {"day": written_date(period.last)}
    return ""
