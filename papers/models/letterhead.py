"""Who writes the papers of a program, and who signs them."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import refuse_control_characters
from programs.models import Program

SAID = [refuse_control_characters]
PLACES = ("{number}", "{month}", "{year}")


def refuse_lost_number(text: str) -> None:
    """Pass a format that says where the number stands, and asks for nothing that we do not know."""
    if text.count("{number}") != 1 or set(re.findall(r"\{[^}]*\}?|\}", text)) - set(PLACES):
        raise ValidationError(
            _("Write {number} once where the number stands; {month} and {year} may stand beside it."), code="number"
        )


class Letterhead(models.Model):
    """The kop surat of one program; without one, the organiser's name stands alone."""

    program = models.OneToOneField(
        Program, on_delete=models.CASCADE, related_name="letterhead", verbose_name=_("program")
    )
    organiser = models.CharField(
        _("organiser"), max_length=160, validators=SAID, help_text=_("The first line, in capitals on paper.")
    )
    unit = models.CharField(_("unit"), max_length=160, blank=True, validators=SAID)
    address = models.TextField(_("address"), max_length=300, blank=True, validators=SAID)
    phone = models.CharField(_("phone"), max_length=60, blank=True, validators=SAID)
    email = models.EmailField(_("e-mail"), blank=True)
    city = models.CharField(_("city of signing"), max_length=80, blank=True, validators=SAID)
    signer = models.CharField(_("signed by"), max_length=120, blank=True, validators=SAID)
    position = models.CharField(_("position"), max_length=160, blank=True, validators=SAID)
    signer_number = models.CharField(
        _("staff number"), max_length=60, blank=True, validators=SAID, help_text=_("NIP, printed under the name.")
    )
    logo = models.BinaryField(_("logo"), default=b"", blank=True)
    invitation_format = models.CharField(
        _("number of invitations"), max_length=60, default="005/{number}/{year}", validators=[*SAID, refuse_lost_number]
    )
    assignment_format = models.CharField(
        _("number of assignment letters"),
        max_length=60,
        default="094/{number}/{year}",
        validators=[*SAID, refuse_lost_number],
    )
    minutes_format = models.CharField(
        _("number of minutes"), max_length=60, default="BA/{number}/{year}", validators=[*SAID, refuse_lost_number]
    )

    class Meta:
        """One per program."""

        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")

    def __str__(self) -> str:
        """Read as who writes."""
        return self.organiser
