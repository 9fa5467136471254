"""Days that are kept free."""

from datetime import date

from almanac.models import CalendarBlock
from almanac.states import BlockKind, Recurrence
from tests.factories.base import RowFactory, counted, from_row


class CalendarBlockFactory(RowFactory[CalendarBlock]):
    """A public holiday of the whole country, a week from now."""

    class Meta:
        model = CalendarBlock

    name = counted(lambda n: f"Holiday {n}")
    kind = BlockKind.PUBLIC_HOLIDAY
    starts_on = date(2026, 10, 8)
    ends_on = from_row(lambda row: row.starts_on)
    recurrence = Recurrence.NONE
