"""The address of a trainer's calendar; a trainer needs no account."""

from accounts.links import mark
from programs.models import Trainer


def calendar_token(trainer: Trainer) -> str:
    """Write the token of the calendar of one trainer: what they teach, in every program."""
    return f"t{trainer.pk}-{mark('programs.calendar', trainer.pk, trainer.calendar_version)}"
