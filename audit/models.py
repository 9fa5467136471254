"""Readings of personal data: those events of the one table that name a person's number or take names out."""

from django.utils.translation import gettext_lazy as _

from audit.querysets import AccessQuerySet
from common.models import Event


class Access(Event):
    """One time that somebody read or took out personal data."""

    objects = AccessQuerySet.as_manager()  # type: ignore[assignment,misc]  # its own scopes over the same rows

    class Meta:
        """A view of the events, no table of its own."""

        proxy = True
        verbose_name = _("reading of personal data")
        verbose_name_plural = _("readings of personal data")
