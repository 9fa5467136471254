"""What is said about who keeps away."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Contacted(models.TextChoices):
    """Whom somebody spoke to about a person who keeps away."""

    PERSON = "person", _("The person")
    FAMILY = "family", _("The family")
    VILLAGE_CONTACT = "village_contact", _("The village contact")
    NOBODY = "nobody", _("Nobody was reached")


class Outcome(models.TextChoices):
    """What came of it."""

    COMES_AGAIN = "comes_again", _("Comes again")
    CANNOT_FOR_NOW = "cannot_for_now", _("Cannot for now")
    LEAVES = "leaves", _("Wants to leave the cohort")
    TRY_AGAIN = "try_again", _("To be called again")
