"""Editions of the Kemendagri list: what each one changed, which records that touches, and what a person decided."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters, together
from common.zones import Zone
from villages.models.region import Region
from villages.querysets import ChangeQuerySet, EditionQuerySet
from villages.states import ChangeKind, ChangeState, EditionState, RegionKind, RegionLevel

LONGEST_CODE = 13


class RegionEdition(models.Model):
    """One published list of places, compared with what was stored, then loaded or not."""

    name = models.CharField(
        _("edition"),
        max_length=160,
        validators=[refuse_control_characters],
        help_text=_("The decree that published it, such as Kepmendagri 300.2.2-2138 Tahun 2025."),
    )
    as_of = models.DateField(_("date of the list"), null=True, blank=True)
    file_name = models.CharField(_("file"), max_length=200, blank=True, validators=[refuse_control_characters])
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    part = models.BooleanField(_("a part of the list"), default=False, help_text=_("Nothing is gone by it."))
    state = models.CharField(_("state"), max_length=10, choices=EditionState.choices, default=EditionState.CHECKED)
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followers", verbose_name=_("follows")
    )
    places = models.PositiveIntegerField(_("places"))
    added = models.PositiveIntegerField(_("codes added"), default=0)
    renamed = models.PositiveIntegerField(_("renamed"), default=0)
    gone = models.PositiveIntegerField(_("codes gone"), default=0)
    back = models.PositiveIntegerField(_("codes back"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    recoded = models.PositiveIntegerField(_("recoded"), default=0)
    split = models.PositiveIntegerField(_("split"), default=0)
    merged = models.PositiveIntegerField(_("merged"), default=0)
    checked_at = models.DateTimeField(_("compared at"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("compared by"),
        help_text=_("Nobody, when the command line did it."),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        """Loaded editions form one line: two never follow the same."""

        verbose_name = _("edition of the list of places")
        verbose_name_plural = _("editions of the list of places")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="editions_form_one_line",
                fields=["follows"],
                condition=Q(state=EditionState.LOADED),
                nulls_distinct=False,
                violation_error_message=_("Another list was loaded meanwhile. Compare this file again."),
            ),
            models.CheckConstraint(
                name="edition_is_settled_at_a_time",
                condition=Q(state=EditionState.CHECKED, settled_at__isnull=True)
                | (~Q(state=EditionState.CHECKED) & Q(settled_at__isnull=False)),
                violation_error_message=_("A decision says when it was made."),
            ),
            models.CheckConstraint(
                name="edition_state_is_known",
                condition=Q(state__in=EditionState.values),
                violation_error_message=_("This state is not known."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-checked_at", "-id"], name="edition_by_time")]

    def __str__(self) -> str:
        """Read as the name."""
        return self.name


class RegionChange(models.Model):
    """What one edition does to one place; `counterparts` are the codes where it went, or came from."""

    edition = models.ForeignKey(
        RegionEdition, on_delete=models.PROTECT, related_name="changes", verbose_name=_("edition")
    )
    kind = models.CharField(_("what changed"), max_length=10, choices=ChangeKind.choices)
    code = models.CharField(_("code"), max_length=LONGEST_CODE)
    level = models.PositiveSmallIntegerField(_("level"), choices=RegionLevel.choices)
    place_kind = models.CharField(_("kind"), max_length=12, choices=RegionKind.choices)
    zone = models.CharField(_("time zone"), max_length=32, choices=Zone.choices)
    before = models.CharField(_("name before"), max_length=100, blank=True)
    after = models.CharField(_("name after"), max_length=100, blank=True)
    counterparts = ArrayField(
        models.CharField(max_length=LONGEST_CODE), verbose_name=_("codes on the other side"), default=list, blank=True
    )
    leaves = models.BooleanField(_("the code is no longer listed"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=ChangeState.choices, default=ChangeState.PLAIN)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        """A place changes in one way once per edition."""

        verbose_name = _("change of a place")
        verbose_name_plural = _("changes of places")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="place_changes_once_per_edition",
                fields=["edition", "code", "kind"],
                violation_error_message=_("An edition changes a place in one way once."),
            ),
            models.CheckConstraint(
                name="change_is_decided_by_someone",
                condition=together("decided_at", "decided_by")
                & (
                    Q(state__in=[ChangeState.MOVED, ChangeState.KEPT], decided_at__isnull=False)
                    | (~Q(state__in=[ChangeState.MOVED, ChangeState.KEPT]) & Q(decided_at__isnull=True))
                ),
                violation_error_message=_("A decision says who made it and when."),
            ),
            models.CheckConstraint(
                name="change_is_of_a_known_kind",
                condition=Q(kind__in=ChangeKind.values) & Q(state__in=ChangeState.values),
                violation_error_message=_("This state is not known."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["code", "edition"], name="change_by_code")]

    def __str__(self) -> str:
        """Read as the code and the name it had, or has."""
        return f"{self.code} {self.before or self.after}"


class TouchedRecord(models.Model):
    """One record that a change touches: where it was when the edition was loaded, and where a person moved it."""

    change = models.ForeignKey(
        RegionChange, on_delete=models.CASCADE, related_name="records", verbose_name=_("change of a place")
    )
    label = models.CharField(_("kind of record"), max_length=60)
    row = models.BigIntegerField(_("key of the record"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    moved_to = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("moved to")
    )

    class Meta:
        """A change touches a record once."""

        verbose_name = _("touched record")
        verbose_name_plural = _("touched records")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="record_is_touched_once",
                fields=["change", "label", "row"],
                violation_error_message=_("A change touches a record once."),
            ),
            models.CheckConstraint(
                name="moved_record_has_a_time",
                condition=Q(moved_to__isnull=True) | Q(settled_at__isnull=False),
                violation_error_message=_("A decision says when it was made."),
            ),
        ]

    def __str__(self) -> str:
        """Read as kind and key."""
        return f"{self.label} {self.row}"
