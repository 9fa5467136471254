"""Who is the same person as whom: ids that people had before two records became one, and pairs that are two people."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from villages.models.person import Person
from villages.querysets import OfPersonQuerySet


class FormerId(models.Model):
    """An id under which a person was known before; it leads to the record that stays, and carries nothing else."""

    id = models.BigIntegerField(_("former id"), primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="former_ids", verbose_name=_("person"))

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        """Nobody is led to themself."""

        verbose_name = _("former id")
        verbose_name_plural = _("former ids")
        constraints = [
            models.CheckConstraint(
                name="former_id_leads_elsewhere",
                condition=~Q(id=F("person")),
                violation_error_message=_("A record is not merged with itself."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the id."""
        return f"#{self.pk}"


class NotDuplicate(models.Model):
    """Two people who look alike on paper and are two: somebody who knows them said so."""

    first = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    second = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("other person"))
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("said by")
    )
    said_at = models.DateTimeField(_("said at"))

    class Meta:
        """A pair is kept once, the lower id first."""

        verbose_name = _("pair of two people")
        verbose_name_plural = _("pairs of two people")
        constraints = [
            models.CheckConstraint(
                name="pair_has_the_lower_id_first",
                condition=Q(first__lt=F("second")),
                violation_error_message=_("A pair is two people, the lower id first."),
            ),
            models.UniqueConstraint(
                name="pair_is_told_apart_once",
                fields=["first", "second"],
                violation_error_message=_("These two are already known as two people."),
            ),
        ]

    def __str__(self) -> str:
        """Read as the key."""
        return f"#{self.pk}"
