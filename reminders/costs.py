"""What messages cost, by program and month: an estimate from counted units and the prices of their day; one query."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any, Final, NamedTuple, Self

from django.db import models
from django.db.models import Case, Count, DecimalField, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, ExtractMonth, Greatest, TruncDate
from django.utils.translation import gettext as _

from accounts.models import User
from common.dates import local_moment
from common.zones import Zone, tz
from reminders.models import Message, Price
from reminders.states import TOLD, Category, Channel, MessageState

NOTHING: Final = Decimal(0)
RUPIAH: Final = DecimalField(max_digits=16, decimal_places=2)
GONE: Final = (*(state for state in TOLD if state != MessageState.JOINED), MessageState.UNKNOWN)
ARRIVED: Final = (MessageState.DELIVERED, MessageState.READ)


class Slot(NamedTuple):
    """What texts are counted by."""

    program: int | None  # None: about no program
    team: bool  # notices to members of staff
    month: int
    channel: str
    category: str


@dataclass(frozen=True)
class Cost:
    """Texts that left, what is billed of them, and what that costs as far as prices are known."""

    texts: int = 0
    units: int = 0  # billed templates, or parts of SMS
    rupiah: Decimal = NOTHING
    unpriced: int = 0  # billed units whose price is not known

    def __add__(self, other: Self) -> "Cost":
        """Add two of them."""
        return Cost(
            self.texts + other.texts,
            self.units + other.units,
            self.rupiah + other.rupiah,
            self.unpriced + other.unpriced,
        )


@dataclass
class Account:
    """One program, or the team: its cost month by month."""

    program: int | None
    name: str
    months: dict[int, Cost] = field(default_factory=lambda: defaultdict(Cost))

    @property
    def total(self) -> Cost:
        """Add the months up."""
        return sum(self.months.values(), Cost())


@dataclass(frozen=True)
class Kept:
    """One line of the finest count."""

    slot: Slot
    name: str  # of the program
    cost: Cost

    @property
    def account(self) -> str:
        """Name whose cost it is."""
        if self.slot.program is not None:
            return self.name
        return _("Team") if self.slot.team else _("Other messages")

    @property
    def category(self) -> str:
        """Name what the gateway took it for."""
        category = self.slot.category
        return str(Category(category).label) if category in Category.values else category

    @property
    def channel(self) -> str:
        """Name the channel with its category."""
        channel = str(Channel(self.slot.channel).label) if self.slot.channel else "–"
        return f"{channel}, {self.category}" if self.category else channel


@dataclass(frozen=True)
class Costs:
    """A year of messages."""

    year: int
    lines: list[Kept]

    @property
    def accounts(self) -> list[Account]:
        """List programs by name; the team and what belongs to no program come last."""
        found: dict[tuple[int | None, bool], Account] = {}
        for line in self.lines:
            key = (line.slot.program, line.slot.team and line.slot.program is None)
            account = found.setdefault(key, Account(line.slot.program, line.account))
            account.months[line.slot.month] += line.cost
        return sorted(found.values(), key=lambda each: (each.program is None, each.name, each.program or 0))

    @property
    def ways(self) -> list[tuple[str, Cost]]:
        """Add up by channel and category."""
        found: dict[str, Cost] = defaultdict(Cost)
        for line in self.lines:
            found[line.channel] += line.cost
        return sorted(found.items())

    @property
    def table(self) -> list[tuple[int, list[tuple[str, Cost]], Cost]]:
        """List the months in which something left: what each account cost, and all of them together."""
        accounts = self.accounts
        months = sorted({line.slot.month for line in self.lines})
        rows = [(month, [(each.name, each.months.get(month, Cost())) for each in accounts]) for month in months]
        return [(month, cells, sum((cost for _name, cost in cells), Cost())) for month, cells in rows]

    @property
    def total(self) -> Cost:
        """Add everything up."""
        return sum((line.cost for line in self.lines), Cost())


def costs_of(user: User, *, year: int) -> Costs:
    """Count what left in a year (of western Indonesia) of the messages this user sees; texts that joined count once.

    WhatsApp bills what it delivered and says so itself where it does; an SMS bills its parts; other ways cost nothing.
    """
    first, last = (local_moment(date(each, 1, 1), time.min, Zone.WIB) for each in (year, year + 1))
    gone = Message.objects.visible_to(user).filter(state__in=GONE).annotate(left_at=Coalesce("begun_at", "settled_at"))
    rows = _billed(gone.filter(left_at__gte=first, left_at__lt=last)).order_by()
    slots = ("session__program", "session__program__name", "team", "month", "channel", "billed_as")
    counted = rows.values(*slots).annotate(
        texts=Count("pk"),
        billed=Sum("bill"),
        rupiah=Coalesce(Sum(F("bill") * F("price"), output_field=RUPIAH), Value(NOTHING), output_field=RUPIAH),
        unpriced=Sum(Case(When(price__isnull=True, then=F("bill")), default=0)),
    )
    return Costs(year, [_line(row) for row in counted.order_by("session__program__name", *slots[2:])])


def _billed(messages: models.QuerySet[Message]) -> models.QuerySet[Message]:
    """Say of each message what it is counted by, how many units are billed and what one of them cost on its day."""
    delivered = Q(billable=True) | Q(billable__isnull=True, state__in=ARRIVED)
    return messages.annotate(
        team=Case(When(user__isnull=False, then=True), default=False),
        month=ExtractMonth("left_at", tzinfo=tz(Zone.WIB)),
        day=TruncDate("left_at", tzinfo=tz(Zone.WIB)),
        billed_as=Case(
            When(~Q(category=""), then=F("category")),
            When(channel=Channel.WHATSAPP, then=Value(Category.UTILITY.value)),
            default=Value(""),
        ),
        bill=Case(
            When(Q(channel=Channel.SMS), then=Greatest("units", Value(1))),
            When(Q(channel=Channel.WHATSAPP) & delivered, then=Greatest("units", Value(1))),
            default=Value(0),
        ),
        price=Subquery(_price_of_the_day().values("amount")[:1]),
    )


def _price_of_the_day() -> models.QuerySet[Price]:
    """Find the price of a message: of its category before the general one, the latest that had begun."""
    fitting = Price.objects.filter(channel=OuterRef("channel"), valid_from__lte=OuterRef("day"))
    return fitting.filter(Q(category=OuterRef("billed_as")) | Q(category="")).order_by("-category", "-valid_from")


def _line(row: dict[str, Any]) -> Kept:
    team = row["session__program"] is None and row["team"]
    slot = Slot(row["session__program"], team, row["month"], row["channel"], row["billed_as"])
    cost = Cost(row["texts"], row["billed"], row["rupiah"], row["unpriced"])
    return Kept(slot, row["session__program__name"] or "", cost)


def sheet_of(costs: Costs) -> tuple[list[str], list[Sequence[str | int | float]]]:
    """Lay the finest count out as a table: a heading, and a row per program, month, channel and category."""
    head = [
        _("Program"),
        _("Month"),
        _("Channel"),
        _("Category"),
        _("Texts"),
        _("Billed units"),
        _("Rupiah (estimate)"),
    ]
    rows: list[Sequence[str | int | float]] = []
    for line in costs.lines:
        channel = str(Channel(line.slot.channel).label) if line.slot.channel else ""
        month = f"{costs.year}-{line.slot.month:02}"
        amount = float(line.cost.rupiah) if not line.cost.unpriced else _("price not known")
        counted = (line.cost.texts, line.cost.units, amount)
        rows.append([line.account, month, channel, line.category, *counted])
    return [*head], rows
