"""Assignments, visits and action items."""

from datetime import date, timedelta
from hashlib import sha256
from uuid import uuid4

from accounts.states import Role
from mentoring.content import VisitContent
from mentoring.models import (
    ActionItem,
    Assignment,
    Attendee,
    Finding,
    FollowUp,
    Handover,
    HeldVersion,
    Photo,
    Signature,
    Visit,
    VisitPlan,
)
from mentoring.states import ActionState, HeldReason, Side, VisitState
from programs.states import ModuleCode
from tests.factories.base import NOW, RowFactory, counted, from_row, lazily, module, one
from tests.factories.people import PersonFactory, UserFactory, VillageFactory
from tests.factories.programs import CohortFactory


class AssignmentFactory(RowFactory[Assignment]):
    """An open letter."""

    class Meta:
        model = Assignment

    mentor = one(UserFactory, role=Role.MENTOR)
    village = one(VillageFactory)
    starts_on = date(2026, 1, 1)


class VisitFactory(RowFactory[Visit]):
    """A visit of yesterday, submitted unless told otherwise."""

    class Meta:
        model = Visit

    cohort = one(CohortFactory)
    mentor = one(UserFactory, role=Role.MENTOR)
    village = from_row(lambda row: row.cohort.village)
    program = from_row(lambda row: row.cohort.program)
    summary = "Looked at the new motifs."
    visited_at = NOW - timedelta(days=1)
    received_at = NOW - timedelta(hours=20)
    state = VisitState.SUBMITTED
    submitted_at = from_row(lambda row: None if row.state == VisitState.DRAFT else NOW - timedelta(hours=19))
    approved_at = from_row(lambda row: NOW if row.state == VisitState.APPROVED else None)
    approved_by = from_row(lambda row: UserFactory.create() if row.state == VisitState.APPROVED else None)
    comment = from_row(lambda row: "Who came?" if row.state == VisitState.RETURNED else "")
    digest = counted(lambda n: sha256(str(n).encode()).hexdigest())


class HeldVersionFactory(RowFactory[HeldVersion]):
    """Other content under a known visit's key, that waits; another reason stands beside no visit."""

    class Meta:
        model = HeldVersion

    reason = HeldReason.OTHER_VERSION
    visit = one(VisitFactory)
    key = from_row(lambda row: row.visit.pk)
    village = from_row(lambda row: row.visit.village)
    program = from_row(lambda row: row.visit.program)
    content = from_row(
        lambda row: {
            **VisitContent(
                village=row.village.pk,
                program=row.program.pk,
                visited_at=NOW - timedelta(days=1),
                summary="Other words.",
            ).facts(),
            "state": "submitted",
        }
    )
    digest = counted(lambda n: sha256(f"other {n}".encode()).hexdigest())
    sent_by = from_row(lambda row: row.visit.mentor)
    received_at = NOW


class AttendeeFactory(RowFactory[Attendee]):
    """A known person who was there."""

    class Meta:
        model = Attendee

    visit = one(VisitFactory)
    person = from_row(lambda row: PersonFactory.create(village=row.visit.village))


class FindingFactory(RowFactory[Finding]):
    """Something found about design."""

    class Meta:
        model = Finding

    visit = one(VisitFactory)
    module = lazily(lambda: module(ModuleCode.DESIGN))
    text = "Colours run."


class PhotoFactory(RowFactory[Photo]):
    """A photo that the visit names and that is still on the phone."""

    class Meta:
        model = Photo

    visit = one(VisitFactory)
    visit_key = from_row(lambda row: row.visit.pk)
    by = from_row(lambda row: row.visit.mentor)
    named = True
    position = from_row(lambda row: row.visit.photos.count() + 1)
    sha256 = counted(lambda n: sha256(f"photo {n}".encode()).hexdigest())
    taken_at = NOW - timedelta(days=1)


class ActionItemFactory(RowFactory[ActionItem]):
    """Something agreed for next week."""

    class Meta:
        model = ActionItem

    visit = one(VisitFactory)
    village = from_row(lambda row: row.visit.village)
    what = "Dye a new sample"
    owner = "Bu Lidia"
    due_on = date(2026, 10, 8)


class FollowUpFactory(RowFactory[FollowUp]):
    """A visit says that an earlier item is done."""

    class Meta:
        model = FollowUp

    visit = one(VisitFactory)
    item = lazily(uuid4)
    outcome = ActionState.DONE


class HandoverFactory(RowFactory[Handover]):
    """A village on its way from one mentor to the next, not signed yet; no assignments are written for it."""

    class Meta:
        model = Handover

    village = one(VillageFactory)
    letter = from_row(lambda row: AssignmentFactory.create(village=row.village, ends_on=row.last_on))
    giver = from_row(lambda row: row.letter.mentor)
    taker = from_row(lambda row: AssignmentFactory.create(village=row.village, starts_on=row.first_on).mentor)
    last_on = date(2026, 10, 10)
    first_on = date(2026, 10, 11)
    works = "Ask Bu Lidia first."
    prepared_at = NOW
    prepared_by = one(UserFactory, role=Role.COORDINATOR)
    written_at = NOW


class SignatureFactory(RowFactory[Signature]):
    """The giver's hand under the text as it stands."""

    class Meta:
        model = Signature

    handover = one(HandoverFactory)
    side = Side.GIVER
    version = from_row(lambda row: row.handover.version)
    signed_by = from_row(lambda row: row.handover.giver if row.side == Side.GIVER else row.handover.taker)
    signed_at = NOW


class VisitPlanFactory(RowFactory[VisitPlan]):
    """A visit in three days."""

    class Meta:
        model = VisitPlan

    village = one(VillageFactory)
    mentor = from_row(lambda row: AssignmentFactory.create(village=row.village).mentor)
    planned_at = NOW + timedelta(days=3)
    purpose = "Check two kodi"


# -- reminders --------------------------------------------------------------------------------------------------------
