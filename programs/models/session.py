"""Sessions, their revisions, and what each one books."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from common.zones import Zone
from programs.models.program import Cohort, Module, Program
from programs.querysets import BookingQuerySet, OfSessionQuerySet, SessionQuerySet, SharedQuerySet
from programs.states import SessionMode, SessionState
from villages.models import Region


class Trainer(models.Model):
    """Someone who teaches; shared by all programs so that nobody is booked twice."""

    name = models.CharField(_("name"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True, help_text=_("E.164"))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="trainer",
        verbose_name=_("account"),
    )
    calendar_version = models.PositiveIntegerField(_("version of the calendar address"), default=1, editable=False)

    objects = SharedQuerySet.as_manager()

    class Meta:
        """Names only."""

        verbose_name = _("trainer")
        verbose_name_plural = _("trainers")

    def __str__(self) -> str:
        """Read as the name."""
        return self.name


class Venue(models.Model):
    """A place where people meet, with the landmark by which they find it."""

    name = models.CharField(_("name"), max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="venues", verbose_name=_("place"))
    landmark = models.CharField(_("landmark"), max_length=200, blank=True)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True, help_text=_("People."))

    objects = SharedQuerySet.as_manager()

    class Meta:
        """Names only."""

        verbose_name = _("venue")
        verbose_name_plural = _("venues")

    def __str__(self) -> str:
        """Read as the name."""
        return self.name

    @property
    def zone(self) -> str:
        """Tell the time zone of the place."""
        return self.region.zone


class Session(models.Model):
    """One meeting of one module for one or more cohorts."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("program"))
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("module"))
    topic = models.CharField(_("topic"), max_length=160, blank=True)
    venue = models.ForeignKey(
        Venue, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("venue")
    )
    zone = models.CharField(
        _("time zone"), max_length=32, choices=Zone.choices, help_text=_("Of the venue, else of the village.")
    )
    mode = models.CharField(_("mode"), max_length=12, choices=SessionMode.choices, default=SessionMode.IN_PERSON)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True, help_text=_("People."))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    revision = models.PositiveIntegerField(_("revision"), default=1)
    state = models.CharField(_("state"), max_length=12, choices=SessionState.choices, default=SessionState.DRAFT)
    reason = models.CharField(_("reason"), max_length=300, blank=True, help_text=_("Why it was cancelled."))
    override_reason = models.CharField(
        _("why anyway"), max_length=300, blank=True, help_text=_("Why it is held despite what was warned of.")
    )
    nobody_came = models.BooleanField(_("nobody came"), default=False)
    numbered = models.PositiveIntegerField(
        _("rows numbered"), default=0, db_default=0, editable=False, help_text=_("The last row number on its sheet.")
    )
    trainers = models.ManyToManyField(
        Trainer,
        through="Booking",
        through_fields=("session", "trainer"),
        related_name="sessions",
        verbose_name=_("trainers"),
    )
    cohorts = models.ManyToManyField(
        Cohort,
        through="Booking",
        through_fields=("session", "cohort"),
        related_name="sessions",
        verbose_name=_("cohorts"),
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        """A session ends after it starts, meets somewhere, and says why it was cancelled."""

        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A session ends after it starts."),
            ),
            models.CheckConstraint(
                name="session_lasts_at_most_a_day",
                condition=Q(ends_at__lte=F("starts_at") + Value(timedelta(days=1))),
                violation_error_message=_("A session lasts at most a day; plan a longer training as several sessions."),
            ),
            models.CheckConstraint(
                name="session_in_person_has_a_venue",
                condition=Q(mode=SessionMode.ONLINE) | Q(venue__isnull=False),
                violation_error_message=_("A session that people travel to has a venue."),
            ),
            models.CheckConstraint(
                name="cancelled_session_has_a_reason",
                condition=~Q(state=SessionState.CANCELLED) | ~Q(reason=""),
                violation_error_message=_("Say why the session is cancelled."),
            ),
            models.CheckConstraint(
                name="session_state_is_known",
                condition=Q(state__in=SessionState.values),
                violation_error_message=_("This state is not known."),
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="session_by_start"),
            models.Index(fields=["program", "starts_at", "id"], name="session_by_program"),
            models.Index(fields=["module", "starts_at", "id"], name="session_by_module"),
            models.Index(fields=["state", "starts_at", "id"], name="session_by_state"),
        ]

    def __str__(self) -> str:
        """Read as the topic, or the module when none was given."""
        return self.title

    @property
    def title(self) -> str:
        """Name it as a participant knows it."""
        return self.topic or self.module.name

    @property
    def minutes(self) -> int:
        """Length in whole minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class SessionRevision(models.Model):
    """What was promised at one time: when, where and why it changed; append-only."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("session"))
    number = models.PositiveIntegerField(_("number"))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("venue"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    override_reason = models.CharField(_("why anyway"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects = OfSessionQuerySet.as_manager()

    class Meta:
        """Numbered without doubles; a change says why."""

        verbose_name = _("session revision")
        verbose_name_plural = _("session revisions")
        constraints = [
            models.UniqueConstraint(
                name="one_revision_per_number",
                fields=["session", "number"],
                violation_error_message=_("Someone else rescheduled this session a moment ago."),
            ),
            models.CheckConstraint(
                name="reschedule_has_a_reason",
                condition=Q(number=1) | ~Q(reason=""),
                violation_error_message=_("Say why the session is rescheduled."),
            ),
        ]

    def __str__(self) -> str:
        """Read as session and number."""
        return f"{self.session_id}.{self.number}"


def _apart(resource: str, name: str, sentence: Any) -> ExclusionConstraint:
    """Keep one resource from being taken twice at a time; ranges are half-open, so back-to-back is allowed.

    `int8range` stands in for `=`: the embedded PostgreSQL has no btree_gist.
    """
    one: Any = Func(F(resource), F(resource), Value("[]"), function="int8range", output_field=BigIntegerRangeField())
    during: Any = Func(F("starts_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField())
    return ExclusionConstraint(
        name=name,
        expressions=[(one, RangeOperators.OVERLAPS), (during, RangeOperators.OVERLAPS)],
        condition=Q(live=True, **{f"{resource}__isnull": False}),
        violation_error_message=sentence,
    )


class Booking(models.Model):
    """One trainer, venue or cohort, taken for the time of one session; cancelling ends it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="bookings", verbose_name=_("session"))
    trainer = models.ForeignKey(
        Trainer, on_delete=models.PROTECT, null=True, related_name="bookings", verbose_name=_("trainer")
    )
    venue = models.ForeignKey(
        Venue, on_delete=models.PROTECT, null=True, related_name="bookings", verbose_name=_("venue")
    )
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, related_name="bookings", verbose_name=_("cohort")
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    live = models.BooleanField(_("live"), default=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        """Nothing is in two places at once."""

        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            _apart(
                "trainer", "trainer_is_in_one_session_at_a_time", _("This trainer already has a session at that time.")
            ),
            _apart("venue", "venue_holds_one_session_at_a_time", _("This venue is already taken at that time.")),
            _apart(
                "cohort", "cohort_is_in_one_session_at_a_time", _("This cohort already has a session at that time.")
            ),
            models.CheckConstraint(
                name="booking_takes_one_thing",
                condition=Q(trainer__isnull=False, venue__isnull=True, cohort__isnull=True)
                | Q(trainer__isnull=True, venue__isnull=False, cohort__isnull=True)
                | Q(trainer__isnull=True, venue__isnull=True, cohort__isnull=False),
                violation_error_message=_("A booking takes one trainer, one venue or one cohort."),
            ),
            models.UniqueConstraint(
                name="session_books_a_thing_once",
                fields=["session", "trainer", "venue", "cohort"],
                nulls_distinct=False,
                violation_error_message=_("This is already part of the session."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
