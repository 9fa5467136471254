"""A short class in Pangean that is over: some have their certificate, one was revoked, some wait for theirs."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from accounts.models import User
from common.dates import local_date
from config.demo.program import MINIMUM, Support, enroll
from config.demo.sessions import WHOLE, Course, Plan, Stage
from config.demo.story import Story
from papers.actions import Signature, issue_certificates, revoke_certificate
from papers.models import Certificate
from programs.actions import create_cohort, set_requirements
from programs.models import Attendance, Cohort
from programs.states import AttendanceState, ModuleCode
from villages.models import Person, Village

NAME: Final = "Kelas Mutu Kain"
C = ModuleCode
OWED: Final = {C.QUALITY_ASSURANCE: 240, C.BRANDING: 120}
PLANS: Final = (
    Plan(C.QUALITY_ASSURANCE, "Mengenal cacat tenun", -66, "13:00", 120, "pangean", "ratna", (NAME,), "closed"),
    Plan(C.QUALITY_ASSURANCE, "Menyortir dan menilai kain", -63, "13:00", 120, "pangean", "ratna", (NAME,), "closed"),
    Plan(C.BRANDING, "Label yang jujur", -60, "13:00", 120, "pangean", "endah", (NAME,), "closed"),
)
GIVEN, REVOKED = 3, 1  # of those who completed it


class Lesson(Course):
    """A session to which everyone came but the last on the list."""

    def _mark(self, seat: Attendance) -> tuple[str, int | None, str]:
        last = self.stage.cohorts[NAME].enrollments.order_by("-pk").first()
        return (AttendanceState.ABSENT, None, "") if last and seat.enrollment_id == last.pk else WHOLE


def open_class(support: Support, village: Village, people: list[Person], *, by: User, at: datetime) -> Cohort:
    """Form the class and enroll everyone."""
    today = local_date(at, village.zone)
    cohort = create_cohort(
        program=support.lamongan,
        village=village,
        name=NAME,
        starts_on=today,
        ends_on=today + timedelta(days=70),
        by=by,
        at=at,
    )
    set_requirements(cohort, requirements={code: (owed, MINIMUM) for code, owed in OWED.items()}, by=by, at=at)
    enroll(cohort, people, by=by, at=at)
    return cohort


def tell_class(story: Story, stage: Stage, cohort: Cohort) -> None:
    """Hold its sessions, issue some certificates, and revoke one."""
    taught = replace(stage, cohorts={NAME: cohort})
    for plan in PLANS:
        Lesson(story, taught, plan).tell(story)
    zone = cohort.village.zone
    story.then(story.moment(-55, "10:00", zone), partial(_issue, cohort, stage.by))
    story.then(story.moment(-50, "10:00", zone), partial(_revoke, cohort, stage.by))


def _issue(cohort: Cohort, by: User, at: datetime) -> None:
    people = cohort.enrollments.order_by("pk")[:GIVEN]
    day = local_date(at, cohort.village.zone)
    signature = Signature("Lamongan", day, "Drs. Bambang Wibisono, M.M.", "Kepala Disperindag Lamongan")
    issue_certificates(cohort, enrollments=people, signature=signature, by=by, at=at)


def _revoke(cohort: Cohort, by: User, at: datetime) -> None:
    certificate = Certificate.objects.filter(enrollment__cohort=cohort).order_by("-pk")[:REVOKED].get()
    revoke_certificate(certificate, reason="Dicetak sebelum nama diperiksa", by=by, at=at)
