"""Going on in spite of a caution: a person says why, a program that has not looked is told and written down."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Refused
from programs.cautions import Caution, Warned, cautions
from programs.models import Program, Session
from programs.taken import Taken

LONGEST_REASON: Final = 300


@dataclass(frozen=True)
class Answer:
    """What was passed, and why; without a reason a program went on that had not looked."""

    passed: Sequence[Caution]
    reason: str

    @property
    def facts(self) -> dict[str, Any]:
        """Give the event what it keeps: kinds and keys, never a name."""
        if not self.passed:
            return {}
        kinds = [{"kind": caution.kind, "block": caution.block} for caution in self.passed]
        return {"passed": kinds, "override_reason": self.reason}


def answer_cautions(
    program: Program,
    taken: Taken,
    starts_at: datetime,
    ends_at: datetime,
    *,
    override: str | None,
    capacity: int | None,
    by: User,
    besides: Collection[Session] = (),
) -> Answer:
    """Refuse what is blocked, and what is warned of while the asked-for reason is blank; `None` was not asked."""
    found = cautions(program, taken, starts_at, ends_at, by=by, besides=besides, capacity=capacity)
    for caution in found:
        if caution.blocks:
            raise Refused(caution.sentence)
    return answered(found, override)


def answered(found: Sequence[Caution], override: str | None) -> Answer:
    """Answer what does not block with the reason that was given; a blank one where it was asked for is told."""
    reason = (override or "").strip()
    if len(reason) > LONGEST_REASON:
        raise ValidationError(_("Say why in at most 300 characters."), code="override")
    if found and override is not None and not reason:
        raise Warned(found)
    return Answer(found, reason if found else "")
