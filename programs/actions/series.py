"""Planning a whole series: every session of it, or none."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from programs.actions.booking import Clash, lock
from programs.actions.session import plan_session, schedule_session
from programs.cautions import Caution, Warned
from programs.models import Cohort, Module, Program, Session, Trainer, Venue
from programs.series import MOST, Span
from programs.slots import Look, diary_of
from programs.taken import Taken


@transaction.atomic
def plan_series(
    *,
    spans: Sequence[Span],
    program: Program,
    module: Module,
    cohorts: Sequence[Cohort],
    trainers: Sequence[Trainer],
    venue: Venue | None,
    mode: str,
    by: User,
    at: datetime,
    capacity: int | None = None,
    topic: str = "",
    override: str | None = None,
    schedule: bool = False,
) -> list[Session]:
    """Write every session of a series, as drafts or promised at once; when one cannot be, none is, and all is named."""
    taken = Taken(cohorts=cohorts, trainers=trainers, venue=venue)
    wanted = in_order(spans)
    what: dict[str, Any] = {"module": module, "cohorts": cohorts, "trainers": trainers, "venue": venue, "mode": mode}
    what |= {"capacity": capacity, "topic": topic, "override": override, "by": by, "at": at}
    if cohorts:
        lock(taken)  # all of it once; every session below takes the same
        start, end = wanted[0].starts_at, max(span.ends_at for span in wanted)
        diary = diary_of(program, taken, start, end, by=by, capacity=capacity)
        refuse_looks(map(diary.look, wanted), override=override)
    planned = [plan_session(program=program, starts_at=one.starts_at, ends_at=one.ends_at, **what) for one in wanted]
    for session in planned if schedule else ():
        schedule_session(session, by=by, at=at)
    return planned


def in_order(spans: Iterable[Span]) -> list[Span]:
    """Put the times of a series in order; none, too many, or two that meet are a ValidationError."""
    wanted = sorted(spans)
    if not 1 <= len(wanted) <= MOST:
        raise ValidationError(_("A series has 1 to %(most)s sessions.") % {"most": MOST}, code="spans")
    if any(first.meets(second) for first, second in pairwise(wanted)):
        raise ValidationError(_("Two sessions of this series overlap."), code="spans")
    return wanted


def refuse_looks(looks: Iterable[Look], *, override: str | None) -> None:
    """Refuse what cannot be, naming every reason; and what is warned of while the asked-for reason is blank."""
    seen = list(looks)
    hopeless = [sentence for look in seen if look.impossible for sentence in _hopeless(look)]
    if hopeless:
        raise Clash(" ".join(dict.fromkeys(hopeless)))
    warned: dict[str, Caution] = {caution.sentence: caution for look in seen for caution in look.cautions}
    if warned and override is not None and not override.strip():
        raise Warned(list(warned.values()))


def _hopeless(look: Look) -> list[str]:
    return [*look.clashes, *(caution.sentence for caution in look.cautions if caution.blocks)]
