"""What people do where messages end: a call that nobody answers, and the prices that estimates are made from."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from config.demo.cast import Cast
from reminders.actions import keep_price, miss_call
from reminders.models import Price
from reminders.states import Category, Channel
from reminders.worklists import rounds_of, sessions_to_call

PRICES = (  # invented
    (Channel.WHATSAPP, Category.UTILITY, Decimal("350.00"), "Contoh, bukan harga resmi"),
    (Channel.SMS, "", Decimal("385.50"), "Contoh, bukan penawaran"),
)


def tell_calls(cast: Cast, *, at: datetime) -> None:
    """Sari called whoever comes first on her list half an hour ago, and nobody answered."""
    for channel, category, amount, source in PRICES:
        first = date(at.year, 1, 1)
        price = Price(channel=channel, category=category, valid_from=first, amount=amount, source=source)
        keep_price(price, by=cast.admin, at=at)
    sessions = list(sessions_to_call(cast.sari, at=at).select_related("module").order_by("starts_at", "pk")[:1])
    for each in rounds_of(sessions, cast.sari, at=at):
        miss_call(each.session, people=each.calls[0].people, by=cast.sari, at=at - timedelta(minutes=30))
