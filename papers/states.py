"""States of a certificate and the one move between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves import Moves


class CertificateState(models.TextChoices):
    """It holds until it is revoked; a corrected one is a new one."""

    ISSUED = "issued", _("Valid")
    REVOKED = "revoked", _("Revoked")


CERTIFICATE_MOVES = Moves(CertificateState, {CertificateState.ISSUED: (CertificateState.REVOKED,)})
