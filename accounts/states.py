"""What a signed-in person is to the programme."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """One role per account; what it may see comes from relations, not from here."""

    ADMINISTRATOR = "administrator", _("Administrator")
    COORDINATOR = "coordinator", _("Coordinator")
    MENTOR = "mentor", _("Mentor")
    FINANCE = "finance", _("Finance officer")
    OBSERVER = "observer", _("Observer")


class Language(models.TextChoices):
    """Languages of the interface and of messages."""

    INDONESIAN = "id", "Bahasa Indonesia"
    ENGLISH = "en", "English"
