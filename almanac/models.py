"""Days on which sessions are better not planned, or must not be."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from almanac.querysets import CalendarBlockQuerySet
from almanac.states import BlockKind, Effect, Pasaran, Recurrence, Weekday
from common.dates import clock, short_date
from villages.models import Region


class CalendarBlock(models.Model):
    """A holiday, a market day, a peak of work or an event of the village; hours are those of the session's place."""

    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=16, choices=BlockKind.choices)
    starts_on = models.DateField(_("from day"))
    ends_on = models.DateField(
        _("until day"), null=True, blank=True, help_text=_("Included; without one it goes on until further notice.")
    )
    recurrence = models.CharField(_("which days"), max_length=8, choices=Recurrence.choices, default=Recurrence.NONE)
    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=Weekday.choices, null=True, blank=True)
    pasaran = models.CharField(_("pasaran"), max_length=8, choices=Pasaran.choices, blank=True)
    from_time = models.TimeField(_("from"), null=True, blank=True, help_text=_("Local time; none is the whole day."))
    until_time = models.TimeField(_("until"), null=True, blank=True)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calendar_blocks",
        verbose_name=_("region"),
        help_text=_("It holds there and in everything below; without one, in the whole country."),
    )
    effect = models.CharField(_("effect"), max_length=8, choices=Effect.choices, default=Effect.WARN)
    estimated = models.BooleanField(
        _("estimated"), default=False, help_text=_("The moon or a decree has yet to settle the date.")
    )
    source = models.CharField(
        _("source"),
        max_length=200,
        blank=True,
        help_text=_("A decree, a published list, or who asked, by their role: “village contact of Parengan”."),
    )
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    origin = models.CharField(max_length=120, blank=True, editable=False)  # its place in the published list, if any
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )

    objects = CalendarBlockQuerySet.as_manager()

    class Meta:
        """A block says plainly on which days and hours it holds."""

        verbose_name = _("calendar block")
        verbose_name_plural = _("calendar blocks")
        constraints = [
            models.CheckConstraint(
                name="block_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("It ends on the day it starts, or later."),
            ),
            models.CheckConstraint(
                name="block_of_every_day_ends",
                condition=~Q(recurrence=Recurrence.NONE) | Q(ends_on__isnull=False),
                violation_error_message=_("Say until which day it lasts."),
            ),
            models.CheckConstraint(
                name="block_recurs_on_one_kind_of_day",
                condition=Q(recurrence=Recurrence.NONE, weekday__isnull=True, pasaran="")
                | Q(recurrence=Recurrence.WEEKLY, weekday__isnull=False, weekday__range=(1, 7), pasaran="")
                | Q(recurrence=Recurrence.PASARAN, weekday__isnull=True, pasaran__in=Pasaran.values),
                violation_error_message=_("Choose the day on which it recurs: of the week, or of the pasaran."),
            ),
            models.CheckConstraint(
                name="block_has_both_hours_or_none",
                condition=Q(from_time__isnull=True, until_time__isnull=True)
                | Q(from_time__isnull=False, until_time__isnull=False, until_time__gt=F("from_time")),
                violation_error_message=_("Give both hours, the later one last; or none for the whole day."),
            ),
            models.CheckConstraint(
                name="block_kind_is_known",
                condition=Q(kind__in=BlockKind.values),
                violation_error_message=_("This kind is not known."),
            ),
            models.CheckConstraint(
                name="block_effect_is_known",
                condition=Q(effect__in=Effect.values),
                violation_error_message=_("A block warns or it blocks."),
            ),
            models.UniqueConstraint(
                name="block_of_the_published_list_once",
                fields=["origin"],
                condition=~Q(origin=""),
                violation_error_message=_("This day of the published list is already there."),
            ),
        ]
        indexes = [
            models.Index(fields=["starts_on", "id"], name="block_by_start"),
            models.Index(fields=["region", "starts_on", "id"], name="block_by_region"),
        ]

    def __str__(self) -> str:
        """Read as the name."""
        return self.name

    @property
    def is_absolute(self) -> bool:
        """Tell whether no reason overrides it."""
        return self.effect == Effect.BLOCK

    @property
    def when(self) -> str:
        """Say on which days and hours it holds."""
        said = {
            Recurrence.NONE: self._span,
            Recurrence.WEEKLY: _("every %(day)s") % {"day": self.get_weekday_display()},
            Recurrence.PASARAN: _("every %(day)s") % {"day": self.get_pasaran_display()},
        }[Recurrence(self.recurrence)]
        return f"{said} {self.hours}" if self.hours else str(said)

    @property
    def hours(self) -> str:
        """Write `05.00–10.00`, or nothing for the whole day."""
        return f"{clock(self.from_time)}–{clock(self.until_time)}" if self.from_time and self.until_time else ""

    @property
    def _span(self) -> str:
        first, last = short_date(self.starts_on), short_date(self.ends_on or self.starts_on)
        return first if first == last else f"{first} – {last}"
