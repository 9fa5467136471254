"""R15 and R16 in small: what two phones wrote, and what was written while access went away, is kept and listed."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

import pytest

from accounts.models import User
from mentoring.actions import Outcome, end_assignment, put_visit, take_held
from mentoring.content import Agreed, Came, VisitContent
from mentoring.models import HeldVersion, Visit
from mentoring.states import VisitState
from programs.models import Cohort
from tests import factories
from villages.actions import merge_people
from villages.models import Person, Village
from villages.states import VillageStage

SPACE = UUID("018f3a52-0000-7000-8000-000000000000")
PAIRS = 100


def content(cohort: Cohort, at: datetime, number: int, hand: str) -> VisitContent:
    """Write one edit; each hand fills every free field in words of its own."""
    word = f"{hand} {number}"
    return VisitContent(
        village=cohort.village_id,
        program=cohort.program_id,
        visited_at=at - timedelta(days=1, minutes=number),
        modules=("handholding",),
        summary=f"summary of {word}",
        purpose=f"purpose of {word}",
        attendees=(Came(name=f"guest of {word}"),),
        action_items=(Agreed(uuid5(SPACE, word), f"item of {word}"),),
    )


@pytest.mark.parametrize("base", [1, None])
def test_no_value_of_a_hundred_pairs_is_lost(
    cohort: Cohort, made: User, sari: User, at: datetime, base: int | None
) -> None:
    for number in range(PAIRS):
        key = uuid5(SPACE, f"{number}")
        put_visit(id=key, content=content(cohort, at, number, "before"), by=made, at=at)
        for hand in ("left", "right"):
            put_visit(id=key, content=content(cohort, at, number, hand), by=made, at=at, base_version=base)
    here = str([row.content for row in HeldVersion.objects.visible_to(sari)])
    here += str(list(Visit.objects.values_list("summary", "purpose", "attendees__name", "action_items__what")))
    lost = [
        f"{word} of {hand} {number}"
        for number in range(PAIRS)
        for hand in ("left", "right")
        for word in ("summary", "purpose", "guest", "item")
        if f"{word} of {hand} {number}'" not in here
    ]
    assert lost == []
    assert HeldVersion.objects.waiting().count() == (PAIRS if base else 2 * PAIRS)


def test_taking_every_version_still_loses_no_value(cohort: Cohort, made: User, sari: User, at: datetime) -> None:
    for number in range(10):
        key = uuid5(SPACE, f"{number}")
        for hand in ("left", "right", "third"):
            put_visit(id=key, content=content(cohort, at, number, hand), by=made, at=at)
    for held in HeldVersion.objects.order_by("pk"):
        take_held(held, by=sari, at=at)
    here = str([row.content for row in HeldVersion.objects.visible_to(sari)])
    lost = [f"{hand} {n}" for n in range(10) for hand in ("left", "right") if f"summary of {hand} {n}'" not in here]
    assert lost == []
    assert {visit.summary for visit in Visit.objects.all()} == {f"summary of third {n}" for n in range(10)}


def outcomes(cohort: Cohort, made: User, at: datetime) -> set[tuple[str, str]]:
    sent = [replace(content(cohort, at, number, "phone"), state=VisitState.SUBMITTED) for number in range(20)]
    verdicts = [put_visit(id=uuid5(SPACE, each.summary), content=each, by=made, at=at) for each in sent]
    again = [put_visit(id=uuid5(SPACE, each.summary), content=each, by=made, at=at) for each in sent]
    assert Visit.objects.count() + HeldVersion.objects.count() == len(sent)
    assert {verdict.outcome for verdict in again} <= {Outcome.HAD_IT, Outcome.CONFLICT}
    return {(verdict.outcome, verdict.reason) for verdict in verdicts}


def test_mentor_unassigned_while_offline_loses_nothing(cohort: Cohort, made: User, sari: User, at: datetime) -> None:
    end_assignment(made.assignments.get(), ends_on=date(2026, 9, 20), by=sari, at=at)
    assert outcomes(cohort, made, at) == {(Outcome.CONFLICT, "not_assigned")}


def test_account_closed_while_offline_loses_nothing_that_is_brought_in(
    cohort: Cohort, made: User, at: datetime
) -> None:
    made.is_active = False
    made.save()
    assert outcomes(cohort, made, at) == {(Outcome.STORED, "")}
    made.assignments.update(ends_on=date(2026, 9, 20))
    late = replace(content(cohort, at, 99, "phone"), state=VisitState.SUBMITTED)
    assert put_visit(id=uuid5(SPACE, "late"), content=late, by=made, at=at).reason == "not_assigned"


def test_village_stopped_while_offline_loses_nothing(
    cohort: Cohort, made: User, parengan: Village, at: datetime
) -> None:
    Village.objects.filter(pk=parengan.pk).update(stage=VillageStage.STOPPED, stage_reason="No more looms.")
    assert outcomes(cohort, made, at) == {(Outcome.STORED, "")}


def test_people_merged_while_a_version_waits_are_found_when_it_is_taken(
    cohort: Cohort, made: User, sari: User, lidia: Person, at: datetime
) -> None:
    made.assignments.update(ends_on=date(2026, 9, 20))
    sent = replace(content(cohort, at, 1, "phone"), attendees=(Came(person=lidia.pk),))
    held = put_visit(id=SPACE, content=sent, by=made, at=at).held
    keep = factories.PersonFactory.create(village=lidia.village, name="Lidia W.")
    merge_people(keep, gone=lidia, by=sari, at=at)
    assert held
    assert [row.person for row in take_held(held, by=sari, at=at).attendees.all()] == [keep]
