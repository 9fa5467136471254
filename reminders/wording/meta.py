"""Words as WhatsApp's templates want them: numbered variables, parameters in order, and what buttons send back."""

import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from reminders.states import Script

LONGEST: Final = 1024
VARIABLE: Final = re.compile(r"\{([a-z_]+)\}")
_GAPS: Final = re.compile(r"[\n\r\t]+| {2,}")

ASKING: Final = (Script.INVITATION, Script.H3, Script.H1)
BUTTONS: Final[Mapping[str, tuple[str, str]]] = {
    "id": ("Saya hadir", "Tidak bisa"),
    "en": ("I will come", "I cannot"),
}
YES, NO = "yes", "no"


def numbered(body: str) -> str:
    """Write a body as it is submitted: {{1}}, {{2}} and so on in the order of appearance."""
    count = 0

    def number(_found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"{{{{{count}}}}}"

    return VARIABLE.sub(number, body)


def variables(text: str) -> list[str]:
    """List the variables of a text, in the order of appearance."""
    return VARIABLE.findall(text)


def flat(value: str) -> str:
    """Write a value on one line, as a parameter has to be."""
    return _GAPS.sub(lambda gap: "; " if "\n" in gap[0] else " ", value.strip())


def buttons(script: Script, key: UUID | None) -> tuple[str, ...]:
    """Say what each quick-reply button of a letter sends back."""
    return (f"rsvp:{key}:{YES}", f"rsvp:{key}:{NO}") if key and script in ASKING else ()
