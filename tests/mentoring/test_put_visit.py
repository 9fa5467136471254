"""One client key is one visit, whatever the retries."""

import threading
import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import User
from common.models import Event
from mentoring.actions import Outcome, approve_visit, carry_over_action, put_visit, return_visit
from mentoring.comparison import comparisons
from mentoring.content import Agreed, Came, Found, VisitContent, content_of
from mentoring.models import ActionItem, HeldVersion, Visit
from mentoring.states import VisitState
from programs.models import Cohort
from tests import factories
from villages.actions import merge_people
from villages.models import Person, Village

KEY = uuid.UUID("018f3a52-0000-7000-8000-000000000001")


@pytest.fixture
def content(cohort: Cohort, made: User, lidia: Person, at: datetime) -> VisitContent:
    return VisitContent(
        village=cohort.village_id,
        program=cohort.program_id,
        visited_at=at - timedelta(hours=3),
        modules=("handholding", "design"),
        summary="Looked at motifs.",
        attendees=(Came(person=lidia.pk), Came(name="Bu Tini")),
        findings=(Found("Colours run.", criterion="quality"),),
        action_items=(Agreed(uuid.uuid4(), "Dye again", "Bu Lidia", date(2026, 10, 8)),),
    )


def test_visit_is_stored_with_everything_below_it(
    content: VisitContent, made: User, cohort: Cohort, at: datetime
) -> None:
    verdict = put_visit(id=KEY, content=content, by=made, at=at)
    visit = Visit.objects.get(pk=KEY)
    assert verdict.outcome == Outcome.STORED
    assert (visit.cohort, visit.state, visit.version, visit.received_at) == (cohort, "draft", 1, at)
    assert content_of(visit).digest == content.digest == visit.digest
    assert [event.verb for event in Event.objects.about(visit)] == ["stored"]


def test_visit_sent_again_is_had_already(content: VisitContent, made: User, at: datetime) -> None:
    put_visit(id=KEY, content=content, by=made, at=at)
    again = put_visit(id=KEY, content=replace(content, modules=("design", "handholding")), by=made, at=at)
    assert (again.outcome, Visit.objects.count(), ActionItem.objects.count()) == (Outcome.HAD_IT, 1, 1)
    assert not HeldVersion.objects.exists()


def test_visit_with_other_content_is_kept_beside_once(content: VisitContent, made: User, at: datetime) -> None:
    put_visit(id=KEY, content=content, by=made, at=at)
    other = replace(content, summary="Something else.")
    outcomes = [put_visit(id=KEY, content=other, by=made, at=at).outcome for _ in range(2)]
    assert outcomes == [Outcome.CONFLICT, Outcome.CONFLICT]
    assert Visit.objects.get(pk=KEY).summary == "Looked at motifs."
    kept = HeldVersion.objects.get()
    assert kept.content["summary"] == "Something else."
    parts = [line.label for line in comparisons(Visit.objects.get(pk=KEY))[0].lines if line.differs]
    assert len(parts) == 1


def test_visit_changes_from_the_version_it_was_made_on(content: VisitContent, made: User, at: datetime) -> None:
    put_visit(id=KEY, content=content, by=made, at=at)
    other = replace(content, summary="Better words.", action_items=(), attendees=())
    verdict = put_visit(id=KEY, content=other, by=made, at=at, base_version=1)
    visit = Visit.objects.get(pk=KEY)
    assert verdict.outcome == Outcome.CHANGED
    assert (visit.summary, visit.version, visit.state) == ("Better words.", 2, "draft")
    assert (visit.attendees.count(), visit.action_items.count()) == (0, 0)


def test_visit_sent_late_in_an_earlier_version_is_no_conflict(content: VisitContent, made: User, at: datetime) -> None:
    put_visit(id=KEY, content=content, by=made, at=at)
    put_visit(id=KEY, content=replace(content, summary="Better."), by=made, at=at, base_version=1)
    late = put_visit(id=KEY, content=content, by=made, at=at)
    assert late.outcome == Outcome.HAD_IT
    assert Visit.objects.get(pk=KEY).summary == "Better."


def test_draft_sent_as_submitted_is_submitted_once(content: VisitContent, made: User, at: datetime) -> None:
    put_visit(id=KEY, content=content, by=made, at=at)
    final = replace(content, state=VisitState.SUBMITTED)
    outcomes = [put_visit(id=KEY, content=final, by=made, at=at).outcome for _ in range(2)]
    visit = Visit.objects.get(pk=KEY)
    assert outcomes == [Outcome.CHANGED, Outcome.HAD_IT]
    assert (visit.state, visit.submitted_at, visit.version) == ("submitted", at, 1)
    assert put_visit(id=KEY, content=content, by=made, at=at).outcome == Outcome.HAD_IT
    assert Visit.objects.get(pk=KEY).state == "submitted"


def test_returned_visit_is_not_sent_in_again_by_a_late_repeat(
    content: VisitContent, made: User, sari: User, at: datetime
) -> None:
    final = replace(content, state=VisitState.SUBMITTED)
    visit = put_visit(id=KEY, content=final, by=made, at=at).visit
    assert visit is not None
    return_visit(visit, comment="Who came?", by=sari, at=at)
    assert put_visit(id=KEY, content=final, by=made, at=at).outcome == Outcome.HAD_IT
    assert Visit.objects.get(pk=KEY).state == "returned"
    assert put_visit(id=KEY, content=final, by=made, at=at, base_version=2).outcome == Outcome.CHANGED
    assert Visit.objects.get(pk=KEY).state == "submitted"


def test_approved_visit_never_changes(content: VisitContent, made: User, sari: User, at: datetime) -> None:
    visit = put_visit(id=KEY, content=replace(content, state=VisitState.SUBMITTED), by=made, at=at).visit
    assert visit is not None
    approve_visit(visit, by=sari, at=at)
    verdict = put_visit(id=KEY, content=replace(content, summary="No."), by=made, at=at, base_version=visit.version)
    assert verdict.outcome == Outcome.CONFLICT
    assert Visit.objects.get(pk=KEY).summary == "Looked at motifs."
    fix = replace(content, summary="Right.", corrects=KEY, action_items=())
    correction = put_visit(id=uuid.uuid4(), content=fix, by=made, at=at).visit
    assert correction is not None
    assert correction.corrects_id == KEY


def test_key_of_another_mentor_reveals_nothing(
    content: VisitContent, made: User, at: datetime, parengan: Village
) -> None:
    put_visit(id=KEY, content=content, by=made, at=at)
    other = factories.AssignmentFactory.create(village=parengan).mentor
    verdict = put_visit(id=KEY, content=content, by=other, at=at)
    assert (verdict.outcome, verdict.visit, verdict.reason) == (Outcome.CONFLICT, None, "key_taken")
    assert Visit.objects.get(pk=KEY).mentor == made
    assert comparisons(Visit.objects.get(pk=KEY)) == []


def test_mentor_writes_only_for_their_villages(content: VisitContent, ina: User, at: datetime) -> None:
    with pytest.raises(ValidationError) as refused:
        put_visit(id=KEY, content=content, by=ina, at=at)
    assert list(refused.value.message_dict) == ["village"]
    assert not Visit.objects.exists()


def test_mentor_whose_letter_ended_still_hands_in_what_lies_before(
    content: VisitContent, made: User, at: datetime
) -> None:
    made.assignments.update(ends_on=date(2026, 9, 20))
    assert put_visit(id=uuid.uuid4(), content=content, by=made, at=at).reason == "not_assigned"
    earlier = replace(content, visited_at=at - timedelta(days=30))
    assert put_visit(id=KEY, content=earlier, by=made, at=at).outcome == Outcome.STORED


@pytest.mark.parametrize(
    ("field", "columns"),
    [
        ("visited_at", {"visited_at": datetime.fromisoformat("2026-10-01T03:11:00+00:00")}),
        ("visited_at", {"visited_at": datetime.fromisoformat("1999-10-01T03:11:00+00:00")}),
        ("modules", {"modules": ("weaving",)}),
        ("state", {"state": "approved"}),
        ("mode", {"mode": "by boat"}),
        ("summary", {"summary": "x" * 4001}),
        ("summary", {"summary": "a\x00b"}),
        ("findings", {"findings": (Found("x"),)}),
        ("findings", {"findings": (Found("x", module="design", criterion="quality"),)}),
        ("findings", {"findings": (Found("x", criterion="beauty"),)}),
        ("attendees", {"attendees": (Came(person=99_999_999),)}),
        ("attendees", {"attendees": (Came(name=" "),)}),
        ("program", {"program": 99_999_999}),
        ("cohort", {"cohort": 99_999_999}),
        ("corrects", {"corrects": uuid.uuid4()}),
        ("action_items", {"action_items": (Agreed(KEY, "a"), Agreed(KEY, "b"))}),
        ("action_items", {"action_items": (Agreed(KEY, "a" * 301),)}),
    ],
)
def test_wrong_content_is_said_by_field(
    content: VisitContent, made: User, at: datetime, field: str, columns: dict[str, object]
) -> None:
    with pytest.raises(ValidationError) as refused:
        put_visit(id=KEY, content=replace(content, **columns), by=made, at=at)  # type: ignore[arg-type]
    assert list(refused.value.message_dict) == [field]
    assert not Visit.objects.exists()


def test_clock_may_be_ten_minutes_ahead(content: VisitContent, made: User, at: datetime) -> None:
    ahead = replace(content, visited_at=at + timedelta(minutes=9))
    assert put_visit(id=KEY, content=ahead, by=made, at=at).outcome == Outcome.STORED


def test_visit_serves_the_cohort_that_runs_the_latest_started(
    content: VisitContent, made: User, cohort: Cohort, at: datetime
) -> None:
    columns = {"program": cohort.program, "village": cohort.village}
    later = factories.CohortFactory.create(**columns, starts_on=date(2026, 5, 1))
    factories.CohortFactory.create(**columns, starts_on=date(2026, 11, 1))
    visit = put_visit(id=KEY, content=content, by=made, at=at).visit
    assert visit is not None
    assert visit.cohort == later
    given = put_visit(
        id=uuid.uuid4(), content=replace(content, cohort=cohort.pk, action_items=()), by=made, at=at
    ).visit
    assert given is not None
    assert given.cohort == cohort


def test_visit_when_no_cohort_runs_serves_none(content: VisitContent, made: User, cohort: Cohort, at: datetime) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(ends_on=date(2026, 9, 30))
    visit = put_visit(id=KEY, content=content, by=made, at=at).visit
    assert visit is not None
    assert visit.cohort is None


def test_day_of_the_visit_is_that_of_the_place(made: User, at: datetime, sari: User) -> None:
    east = factories.VillageFactory.create(region=factories.lay_region("91.01.01.2001"))
    factories.AssignmentFactory.create(mentor=made, village=east)
    cohort = factories.CohortFactory.create(village=east, starts_on=date(2026, 9, 30), ends_on=date(2026, 12, 1))
    late = datetime.fromisoformat("2026-09-29T22:30:00+00:00")  # 07.30 WIT on the 30th
    content = VisitContent(village=east.pk, program=cohort.program_id, visited_at=late)
    visit = put_visit(id=KEY, content=content, by=made, at=at).visit
    assert visit is not None
    assert visit.cohort == cohort


def test_action_item_of_another_visit_is_not_taken(content: VisitContent, made: User, at: datetime) -> None:
    put_visit(id=KEY, content=content, by=made, at=at)
    with pytest.raises(ValidationError) as refused:
        put_visit(id=uuid.uuid4(), content=content, by=made, at=at)
    assert list(refused.value.message_dict) == ["action_items"]
    assert Visit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_equal_visits_at_one_moment_are_one_visit(at: datetime) -> None:
    factories.lay_modules()
    letter = factories.AssignmentFactory.create()
    cohort = factories.CohortFactory.create(village=letter.village)
    content = VisitContent(
        village=letter.village_id,
        program=cohort.program_id,
        visited_at=at,
        modules=("handholding",),
        action_items=(Agreed(uuid.uuid4(), "Dye again"),),
    )
    gate, outcomes = threading.Barrier(6), []

    def send() -> None:
        try:
            gate.wait()
            outcomes.append(put_visit(id=KEY, content=content, by=letter.mentor, at=at).outcome)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Outcome.HAD_IT] * 5 + [Outcome.STORED]
    assert (Visit.objects.count(), ActionItem.objects.count(), HeldVersion.objects.count()) == (1, 1, 0)


def test_version_kept_aside_may_have_a_finding_about_nothing(content: VisitContent, made: User, at: datetime) -> None:
    put_visit(id=KEY, content=content, by=made, at=at)
    put_visit(id=KEY, content=replace(content, findings=(Found("About nothing."),)), by=made, at=at)
    [beside] = comparisons(Visit.objects.get(pk=KEY))
    assert "About nothing." in {line.sent for line in beside.lines}


def test_item_that_was_carried_over_survives_the_visit_sent_again(
    content: VisitContent, made: User, sari: User, at: datetime
) -> None:
    sent = replace(content, state=VisitState.SUBMITTED)
    visit = put_visit(id=uuid.uuid4(), content=sent, by=made, at=at).visit
    assert visit
    item = visit.action_items.order_by("pk")[0]
    again = carry_over_action(item, due_on=date(2026, 12, 1), by=made, at=at)
    return_visit(visit, comment="Who was there?", by=sari, at=at)
    visit.refresh_from_db()
    put_visit(id=visit.pk, content=replace(sent, summary="All of them."), by=made, at=at, base_version=visit.version)
    assert ActionItem.objects.filter(pk=again.pk).exists()


def test_phone_that_knows_someone_by_a_former_id_still_names_them(
    content: VisitContent, made: User, sari: User, lidia: Person, at: datetime
) -> None:
    keep = factories.PersonFactory.create(village=lidia.village, name="Lidia W.")
    came = (Came(person=lidia.pk), Came(person=keep.pk))
    merge_people(keep, gone=lidia, by=sari, at=at)
    sent = replace(content, attendees=came)
    verdicts = [put_visit(id=KEY, content=sent, by=made, at=at).outcome for _ in range(2)]
    assert verdicts == [Outcome.STORED, Outcome.HAD_IT]
    assert [row.person for row in Visit.objects.get(pk=KEY).attendees.all()] == [keep]
    put_visit(id=KEY, content=replace(sent, summary="Other words."), by=made, at=at)
    (compared,) = comparisons(Visit.objects.get(pk=KEY))
    assert [line.sent for line in compared.lines if line.label == "Siapa yang hadir"] == ["Lidia W., Lidia W."]
