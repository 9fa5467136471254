"""The definition of progress once more, slowly, row by row: what the SQL must equal to the last digit."""

from datetime import datetime
from typing import NamedTuple

from mentoring.models import Visit
from programs.models import Attendance, Cohort, Enrollment, Module, Program, Requirement, Session
from villages.models import Village


class SlowCell(NamedTuple):
    module: str
    mode: str
    required: int
    delivered: int
    planned: int
    pending: int
    percent: int | None
    state: str
    behind: bool


def judged(module: Module, required: int, delivered: int, planned: int, pending: int) -> SlowCell:
    percent, state = None, "not_required"
    if required > 0:
        percent = int(100 * delivered / required) if delivered < required else 100
        while percent < 100 and (percent + 1) * required <= 100 * delivered:
            percent += 1
        state = "not_started" if delivered == 0 else "complete" if delivered >= required else "in_progress"
    behind = required > 0 and delivered < planned and delivered < required
    return SlowCell(module.code, module.mode, required, delivered, planned, pending, percent, state, behind)


def cohort_counts(cohort: Cohort, module: Module, at: datetime) -> tuple[int, int, int, int]:
    requirement = Requirement.objects.filter(cohort=cohort, module=module).first()
    delivered = planned = pending = 0
    if module.mode == "training":
        for session in Session.objects.filter(module=module):
            if not any(booking.cohort_id == cohort.pk for booking in session.bookings.all()):
                continue
            minutes = int((session.ends_at - session.starts_at).total_seconds()) // 60
            if session.state in ("held", "closed"):
                delivered += minutes
                planned += minutes
            elif session.state == "scheduled" and session.ends_at <= at:
                planned += minutes
    elif module.mode in ("visit", "mentoring"):
        for visit in Visit.objects.filter(cohort=cohort):
            if module not in list(visit.modules.all()):
                continue
            delivered += visit.state == "approved"
            planned += visit.state == "approved"
            pending += visit.state == "submitted"
    return requirement.required if requirement else 0, delivered, planned, pending


def cohort_cells(cohort: Cohort, at: datetime) -> list[SlowCell]:
    return [judged(module, *cohort_counts(cohort, module, at)) for module in Module.objects.order_by("position")]


def village_cells(program: Program, village: Village, at: datetime) -> list[SlowCell]:
    cells = []
    for module in Module.objects.order_by("position"):
        sums = [0, 0, 0, 0]
        for cohort in Cohort.objects.filter(program=program, village=village):
            sums = [total + part for total, part in zip(sums, cohort_counts(cohort, module, at), strict=True)]
        cells.append(judged(module, *sums))
    return cells


def floored_mean(percents: list[int | None]) -> int | None:
    known = [percent for percent in percents if percent is not None]
    return int(sum(known) // len(known)) if known else None


def village_percent(program: Program, village: Village, at: datetime) -> int | None:
    return floored_mean([cell.percent for cell in village_cells(program, village, at)])


def program_percent(program: Program, at: datetime) -> int | None:
    villages = Village.objects.filter(cohorts__program=program).distinct()
    return floored_mean([village_percent(program, village, at) for village in villages])


def rates(seats: list[Attendance]) -> tuple[int | None, int | None]:
    counted = [seat for seat in seats if seat.session.state in ("held", "closed")]
    if not counted:
        return None, None
    came = sum(seat.state in ("present", "late") for seat in counted)
    excused = sum(seat.state == "excused" for seat in counted)
    return 100 * came // len(counted), 100 * (came + excused) // len(counted)


def person_modules(enrollment: Enrollment) -> tuple[dict[str, int], bool]:
    attended: dict[str, int] = {}
    for seat in Attendance.objects.filter(enrollment=enrollment):
        if seat.session.state in ("held", "closed") and seat.state in ("present", "late"):
            code = seat.session.module_id
            attended[code] = attended.get(code, 0) + seat.minutes
    wanted = Requirement.objects.filter(cohort=enrollment.cohort, module__mode="training")
    reached = [attended.get(row.module_id, 0) * 100 >= row.required * row.minimum_attendance for row in wanted]
    return attended, bool(reached) and all(reached)
