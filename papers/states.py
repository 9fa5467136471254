"""What papers there are, how far minutes have come, and whether a certificate holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves import Moves


class PaperKind(models.TextChoices):
    """The papers of a session; the assignment letter is also a mentor's."""

    ASSIGNMENT = "assignment-letter", _("Assignment letter")
    INVITATION = "invitation", _("Invitation letter")
    SHEET = "attendance-sheet", _("Attendance sheet to sign")
    RECORD = "attendance-record", _("Attendance as marked")
    MINUTES = "minutes", _("Official minutes")


NUMBERED = (PaperKind.ASSIGNMENT, PaperKind.INVITATION, PaperKind.MINUTES)


class MinutesState(models.TextChoices):
    """Minutes are written until they are signed."""

    OPEN = "open", _("Being written")
    CLOSED = "closed", _("Closed")


MINUTES_MOVES = Moves(MinutesState, {MinutesState.OPEN: (MinutesState.CLOSED,)})


class CertificateState(models.TextChoices):
    """It holds until it is revoked; a corrected one is a new one."""

    ISSUED = "issued", _("In force")
    REVOKED = "revoked", _("Revoked")


CERTIFICATE_MOVES = Moves(CertificateState, {CertificateState.ISSUED: (CertificateState.REVOKED,)})
