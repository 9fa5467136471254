"""What is said about who keeps away, and what becomes of what a phone says."""

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


class ActKind(models.TextChoices):
    """What a phone says about a sheet."""

    MARK = "mark", _("Mark")
    WALK_IN = "walk_in", _("Walk-in")


class ActOutcome(models.TextChoices):
    """What became of it; only what waits changes again."""

    STORED = "stored", _("Written on the sheet")
    OVERTAKEN = "overtaken", _("A later mark stands")
    AGREED = "agreed", _("The sheet says the same")
    WAITING = "waiting", _("Waits for the coordinator")
    TAKEN = "taken", _("Taken as a correction")
    DISMISSED = "dismissed", _("Not taken")
    KEY_TAKEN = "key_taken", _("Came under the key of another mark")


SETTLED = (ActOutcome.TAKEN, ActOutcome.DISMISSED)


class ActWait(models.TextChoices):
    """Why the sheet could not take it."""

    NONE = "", _("Nothing")
    CLOSED = "closed", _("The sheet was closed before it arrived.")
    CANCELLED = "cancelled", _("The session was cancelled.")
    MOVED = "moved", _("The session was moved to a later time.")
    EARLY = "early", _("It was made before the session began.")
    NOBODY_CAME = "nobody_came", _("Somebody said that nobody came.")
