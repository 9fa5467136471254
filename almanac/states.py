"""What keeps days free, on which of them, and what it does."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BlockKind(models.TextChoices):
    """Why days are kept free, or nearly so."""

    PUBLIC_HOLIDAY = "public_holiday", _("Public holiday")
    JOINT_LEAVE = "joint_leave", _("Joint leave")
    RAMADAN = "ramadan", _("Ramadan")
    MARKET_DAY = "market_day", _("Market day")
    PRODUCTION_PEAK = "production_peak", _("Production peak")
    VILLAGE_EVENT = "village_event", _("Village event")


class Recurrence(models.TextChoices):
    """On which of its days a block holds."""

    NONE = "none", _("Every day from start to end")
    WEEKLY = "weekly", _("Once a week")
    PASARAN = "pasaran", _("Every five days (pasaran)")


class Weekday(models.IntegerChoices):
    """Days of the week as ISO 8601 counts them."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class Pasaran(models.TextChoices):
    """The five days of the Javanese market week, in their order; they are names, the same in every language."""

    LEGI = "legi", "Legi"
    PAHING = "pahing", "Pahing"
    PON = "pon", "Pon"
    WAGE = "wage", "Wage"
    KLIWON = "kliwon", "Kliwon"


class Effect(models.TextChoices):
    """What a block does to a session that falls into it."""

    WARN = "warn", _("Warn: a reason overrides it")
    BLOCK = "block", _("Block: nothing is planned then")
