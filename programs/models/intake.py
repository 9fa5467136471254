"""Lists of participants on their way in: the file, its rows as they wait, and what became of each."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import together
from programs.models.program import Cohort, Enrollment, Program
from programs.querysets import ImportQuerySet, OfImportQuerySet
from programs.states import ImportState, RowState
from villages.models import Person, Village
from villages.states import ConsentHow, Relation, Sex


class ImportBatch(models.Model):
    """One uploaded list for one program, or for one of its cohorts."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="imports", verbose_name=_("program"))
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="imports", verbose_name=_("cohort")
    )
    file_name = models.CharField(_("file"), max_length=120)
    sheet = models.CharField(_("sheet"), max_length=40, blank=True)
    digest = models.CharField(_("digest of the file"), max_length=64, help_text=_("SHA-256, to know it again."))
    headings = models.JSONField(_("headings"), default=list)
    fields = models.JSONField(_("meaning of each column"), default=list)
    consent_how = models.CharField(
        _("how people agreed"), max_length=16, choices=ConsentHow.choices, default=ConsentHow.PAPER
    )
    notices = models.JSONField(_("notices"), default=list, blank=True)
    lines = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("rows looked at"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    duplicate = models.PositiveIntegerField(_("already known"), default=0)
    wrong = models.PositiveIntegerField(_("wrong"), default=0)
    kept = models.PositiveIntegerField(_("kept when it was undone"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    committed_at = models.DateTimeField(_("imported at"), null=True, blank=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    forgotten_at = models.DateTimeField(_("rows deleted at"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        """Who did it and when are known together; nothing is imported that was not looked at."""

        verbose_name = _("import of participants")
        verbose_name_plural = _("imports of participants")
        constraints = [
            models.CheckConstraint(
                name="import_names_who_committed",
                condition=together("committed_at", "committed_by"),
                violation_error_message=_("An import says who made it and when."),
            ),
            models.CheckConstraint(
                name="import_names_who_undid",
                condition=together("undone_at", "undone_by"),
                violation_error_message=_("An undone import says who undid it and when."),
            ),
            models.CheckConstraint(
                name="import_looks_at_every_row",
                condition=Q(state__in=(ImportState.UPLOADED, ImportState.DISCARDED)) | Q(done=models.F("lines")),
                violation_error_message=_("A list is imported after every row was checked."),
            ),
        ]
        indexes = [
            models.Index(fields=["program", "-id"], name="import_by_program"),
            models.Index(fields=["uploaded_at"], name="import_to_forget", condition=Q(forgotten_at__isnull=True)),
        ]

    def __str__(self) -> str:
        """Read as the name of the file."""
        return self.file_name

    @property
    def percent(self) -> int:
        """Tell how much of the list was looked at."""
        return 100 * self.done // self.lines if self.lines else 100

    @property
    def imported(self) -> int:
        """Tell how many rows wrote anything."""
        return self.new + self.changed


class ImportPiece(models.Model):
    """Some rows as they were uploaded, waiting to be looked at; gone as soon as they are."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="pieces", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("number"))
    lines = models.JSONField(_("rows"))

    objects = OfImportQuerySet.as_manager()

    class Meta:
        """Taken one after the other."""

        verbose_name = _("piece of an import")
        verbose_name_plural = _("pieces of an import")
        constraints = [
            models.UniqueConstraint(
                name="import_piece_is_numbered_once",
                fields=["batch", "number"],
                violation_error_message=_("This piece of the list is already there."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"


class ImportRow(models.Model):
    """One row: what it says, what is wrong with it, what it does; deleted a day after the import."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"), help_text=_("As people see it in their file."))
    state = models.CharField(_("state"), max_length=10, choices=RowState.choices, default=RowState.NEW)
    cells = models.JSONField(_("cells as uploaded"), default=list)
    errors = models.JSONField(_("errors"), default=list, help_text=_("Column, code and value of each."))
    repairs = models.JSONField(_("repairs"), default=list)
    remarks = models.JSONField(_("remarks"), default=list)
    name = models.CharField(_("name"), max_length=120, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("birth year"), null=True, blank=True)
    hamlet = models.CharField(_("hamlet"), max_length=80, blank=True)
    craft = models.CharField(_("craft"), max_length=80, blank=True)
    phone = models.CharField(_("number"), max_length=16, blank=True, help_text=_("E.164"))
    relation = models.CharField(_("relation"), max_length=16, choices=Relation.choices, blank=True)
    consent_how = models.CharField(_("how the person agreed"), max_length=16, choices=ConsentHow.choices, blank=True)
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, null=True, related_name="import_rows", verbose_name=_("village")
    )
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, related_name="import_rows", verbose_name=_("cohort")
    )
    changes = models.JSONField(_("what was there before"), default=dict)
    first_number = models.BooleanField(_("brought a number nobody had"), default=False)
    kept = models.BooleanField(_("kept when the import was undone"), default=False)
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="import_rows", verbose_name=_("person")
    )
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.SET_NULL, null=True, related_name="import_rows", verbose_name=_("enrollment")
    )

    objects = OfImportQuerySet.as_manager()

    class Meta:
        """A row stands once in its list, and a row with errors is wrong."""

        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        constraints = [
            models.UniqueConstraint(
                name="import_row_is_numbered_once",
                fields=["batch", "number"],
                violation_error_message=_("This row of the list is already there."),
            ),
            models.CheckConstraint(
                name="import_row_with_errors_is_wrong",
                condition=Q(errors=[]) | Q(state=RowState.WRONG),
                violation_error_message=_("A row with errors is not imported."),
            ),
        ]
        indexes = [models.Index(fields=["batch", "state", "number"], name="import_row_by_state")]

    def __str__(self) -> str:
        """Read as the number of the row."""
        return f"{self.number}"

    @property
    def problems(self) -> list[list[Any]]:
        """List what keeps the row out, whether it stands in the row or beside what is known."""
        return [*self.errors, *(self.remarks if self.state == RowState.WRONG else [])]
