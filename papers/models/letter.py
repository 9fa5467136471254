"""Letters that were given a number."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring.models import Assignment
from papers.states import PaperKind
from programs.models import Program, Session


class LetterCounter(models.Model):
    """The last number of one kind of letter in one program and year; locked while the next one is taken."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="+", verbose_name=_("program"))
    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=20, choices=PaperKind.choices)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        """One counter each."""

        verbose_name = _("counter of letters")
        verbose_name_plural = _("counters of letters")
        constraints = [
            models.UniqueConstraint(
                name="one_counter_per_program_year_and_kind",
                fields=["program", "year", "kind"],
                violation_error_message=_("These letters are counted already."),
            ),
        ]

    def __str__(self) -> str:
        """Read as kind, year and last number."""
        return f"{self.kind} {self.year}: {self.last}"


class Letter(models.Model):
    """One number, given once: to a paper of one revision of a session, or to a mentor's assignment."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="letters", verbose_name=_("program"))
    kind = models.CharField(_("kind"), max_length=20, choices=PaperKind.choices)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    reference = models.CharField(_("number as printed"), max_length=80)
    dated_on = models.DateField(_("dated"))
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, related_name="letters", verbose_name=_("session")
    )
    revision = models.PositiveIntegerField(_("revision"), null=True, help_text=_("Of the session it speaks of."))
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, null=True, related_name="letters", verbose_name=_("assignment")
    )
    issued_at = models.DateTimeField(_("numbered at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("numbered by")
    )

    class Meta:
        """A number is one letter's, and a paper has one number."""

        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(
                name="letter_number_is_given_once",
                fields=["program", "year", "kind", "number"],
                violation_error_message=_("Another letter has this number."),
            ),
            models.UniqueConstraint(
                name="one_number_per_paper_and_revision",
                fields=["session", "kind", "revision"],
                violation_error_message=_("This paper already has a number."),
            ),
            models.UniqueConstraint(
                name="one_number_per_assignment",
                fields=["assignment"],
                violation_error_message=_("This assignment already has a number."),
            ),
            models.CheckConstraint(
                name="letter_is_about_one_thing",
                condition=Q(session__isnull=False, revision__isnull=False, assignment__isnull=True)
                | Q(session__isnull=True, revision__isnull=True, assignment__isnull=False, kind=PaperKind.ASSIGNMENT),
                violation_error_message=_("A letter is about one session or one assignment."),
            ),
            models.CheckConstraint(
                name="letter_number_begins_with_one",
                condition=Q(number__gte=1),
                violation_error_message=_("Letters are numbered from one."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the number that is printed."""
        return self.reference
