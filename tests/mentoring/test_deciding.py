"""Taking a version that waited into the record, or not."""

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from common.errors import MoveRefused, RowMoved
from common.models import Event
from mentoring.actions import approve_visit, dismiss_held, put_visit, return_visit, submit_visit, take_held
from mentoring.comparison import comparison, comparisons
from mentoring.content import Agreed, Came, Followed, VisitContent, content_of, read_content
from mentoring.models import ActionItem, HeldVersion, Visit
from mentoring.states import VisitState
from programs.models import Cohort
from tests import factories
from villages.models import Person, Village

KEY = uuid.UUID("018f3a52-0000-7000-8000-000000000001")
ITEM, SECOND = uuid.uuid4(), uuid.uuid4()


@pytest.fixture
def content(cohort: Cohort, made: User, lidia: Person, at: datetime) -> VisitContent:
    return VisitContent(
        village=cohort.village_id,
        program=cohort.program_id,
        visited_at=at - timedelta(hours=3),
        modules=("handholding",),
        summary="Looked at motifs.",
        attendees=(Came(person=lidia.pk),),
        action_items=(Agreed(ITEM, "Dye again", "Bu Lidia"),),
        state=VisitState.SUBMITTED,
    )


@pytest.fixture
def other(content: VisitContent) -> VisitContent:
    agreed = (Agreed(ITEM, "Dye again", "Bu Lidia"), Agreed(SECOND, "Weigh the yarn"))
    return replace(content, summary="Looked at colours.", modules=("design",), action_items=agreed)


def kept(content: VisitContent, by: User, at: datetime, *, key: uuid.UUID = KEY) -> HeldVersion:
    held = put_visit(id=key, content=content, by=by, at=at).held
    assert held
    return held


def test_visit_of_a_village_no_longer_assigned_is_taken_whole(
    content: VisitContent, made: User, sari: User, cohort: Cohort, at: datetime
) -> None:
    made.assignments.update(ends_on=date(2026, 9, 20))
    held = kept(replace(content, state=VisitState.DRAFT), made, at)
    visit = take_held(held, by=sari, at=at + timedelta(days=2))
    assert (visit.pk, visit.mentor, visit.state, visit.cohort) == (KEY, made, "submitted", cohort)
    assert (visit.received_at, content_of(visit).digest) == (at, content.digest)
    assert (held.state, held.became, held.settled_by) == ("taken", visit, sari)
    assert [event.verb for event in Event.objects.about(held).order_by("pk")] == ["held", "taken"]
    approve_visit(visit, by=sari, at=at)


def test_other_version_takes_the_place_of_a_submitted_visit_and_loses_nothing(
    content: VisitContent, other: VisitContent, made: User, sari: User, at: datetime
) -> None:
    put_visit(id=KEY, content=content, by=made, at=at)
    visit = take_held(kept(other, made, at), by=sari, at=at)
    assert (visit.summary, visit.version, visit.state) == ("Looked at colours.", 2, "submitted")
    assert content_of(visit).digest == other.digest
    aside = HeldVersion.objects.get(digest=content.digest)
    assert (aside.state, read_content(aside.content).digest) == ("dismissed", content.digest)
    assert comparisons(visit) == []
    again = put_visit(id=KEY, content=content, by=made, at=at)
    assert (again.held, again.visit) == (aside, visit)


@pytest.mark.parametrize(("sent", "ends"), [("draft", "returned"), ("submitted", "submitted")])
def test_other_version_of_a_returned_visit_is_handed_in_when_it_was_sent_so(
    content: VisitContent, other: VisitContent, made: User, sari: User, at: datetime, sent: str, ends: str
) -> None:
    visit = put_visit(id=KEY, content=content, by=made, at=at).visit
    held = kept(replace(other, state=sent), made, at)
    assert visit
    return_visit(visit, comment="Who came?", by=sari, at=at)
    assert take_held(held, by=sari, at=at).state == ends


def test_other_version_of_a_draft_leaves_it_a_draft_of_its_mentor(
    content: VisitContent, other: VisitContent, made: User, sari: User, at: datetime
) -> None:
    put_visit(id=KEY, content=replace(content, state=VisitState.DRAFT), by=made, at=at)
    visit = take_held(kept(replace(other, state=VisitState.DRAFT), made, at), by=sari, at=at)
    assert (visit.state, visit.version) == ("draft", 2)
    submit_visit(visit, by=made, at=at)


def test_other_version_of_an_approved_visit_becomes_its_correction(
    content: VisitContent, other: VisitContent, made: User, sari: User, at: datetime
) -> None:
    visit = put_visit(id=KEY, content=content, by=made, at=at).visit
    assert visit
    approve_visit(visit, by=sari, at=at)
    held = kept(other, made, at)
    correction = take_held(held, by=sari, at=at)
    visit.refresh_from_db()
    assert (visit.state, visit.summary, visit.version) == ("approved", "Looked at motifs.", 1)
    assert (correction.corrects, correction.state, correction.pk) == (visit, "submitted", held.own_key)
    assert [item.what for item in correction.action_items.all()] == ["Weigh the yarn"]
    assert [item.what for item in visit.action_items.all()] == ["Dye again"]


def test_item_that_was_agreed_in_other_words_is_kept_in_both(
    content: VisitContent, other: VisitContent, made: User, sari: User, at: datetime
) -> None:
    visit = put_visit(id=KEY, content=content, by=made, at=at).visit
    assert visit
    approve_visit(visit, by=sari, at=at)
    reworded = replace(other, action_items=(Agreed(ITEM, "Dye twice", "Bu Lidia"),))
    correction = take_held(kept(reworded, made, at), by=sari, at=at)
    assert {item.what for item in ActionItem.objects.all()} == {"Dye again", "Dye twice"}
    assert correction.action_items.get().pk != ITEM


def test_strangers_key_becomes_a_visit_with_a_key_of_its_own(
    content: VisitContent, other: VisitContent, made: User, sari: User, parengan: Village, at: datetime
) -> None:
    put_visit(id=KEY, content=content, by=made, at=at)
    mentor = factories.AssignmentFactory.create(village=parengan).mentor
    held = kept(other, mentor, at)
    assert comparison(held).visit is None
    visit = take_held(held, by=sari, at=at)
    assert (visit.pk, visit.mentor, visit.state) == (held.own_key, mentor, "submitted")
    assert {item.what for item in visit.action_items.all()} == {"Dye again", "Weigh the yarn"}
    assert Visit.objects.get(pk=KEY).summary == "Looked at motifs."


def test_visit_that_came_under_the_key_since_is_replaced_not_doubled(
    content: VisitContent, other: VisitContent, made: User, sari: User, at: datetime
) -> None:
    made.assignments.update(ends_on=date(2026, 9, 20))
    held = kept(content, made, at)
    made.assignments.update(ends_on=None)
    put_visit(id=KEY, content=other, by=made, at=at)
    visit = take_held(held, by=sari, at=at)
    assert (Visit.objects.count(), visit.summary, visit.version) == (1, "Looked at motifs.", 2)
    assert HeldVersion.objects.filter(digest=other.digest).exists()


def test_what_does_not_fit_any_more_is_said_and_goes_on_waiting(
    content: VisitContent, other: VisitContent, made: User, sari: User, at: datetime
) -> None:
    put_visit(id=KEY, content=content, by=made, at=at)
    held = kept(replace(other, attendees=(Came(person=99_999_999),)), made, at)
    with pytest.raises(ValidationError):
        take_held(held, by=sari, at=at)
    held.refresh_from_db()
    assert (held.state, Visit.objects.get().summary) == ("waiting", "Looked at motifs.")


def test_decision_is_made_once(content: VisitContent, made: User, sari: User, at: datetime) -> None:
    made.assignments.update(ends_on=date(2026, 9, 20))
    held = kept(content, made, at)
    stale = HeldVersion.objects.get()
    with pytest.raises(ValidationError):
        dismiss_held(held, comment="  ", by=sari, at=at)
    dismiss_held(held, comment="Written twice.", by=sari, at=at)
    assert (held.state, held.comment, held.settled_at, held.became) == ("dismissed", "Written twice.", at, None)
    with pytest.raises(MoveRefused):
        take_held(held, by=sari, at=at)
    with pytest.raises(RowMoved):
        take_held(stale, by=sari, at=at)
    assert not Visit.objects.exists()


def test_comparison_marks_what_differs(content: VisitContent, other: VisitContent, made: User, at: datetime) -> None:
    put_visit(id=KEY, content=content, by=made, at=at)
    compared = comparison(kept(other, made, at))
    assert compared.visit
    assert [line.sent for line in compared.parted][1] == "Looked at colours."
    assert len(compared.parted) == 3
    assert len(compared.same) == 5


def test_comparison_minds_no_order_and_names_what_was_followed(
    content: VisitContent, other: VisitContent, made: User, parengan: Village, at: datetime
) -> None:
    earlier = factories.ActionItemFactory.create(visit__mentor=made, village=parengan, what="Weigh the yarn")
    agreed = (Agreed(SECOND, "Weigh the yarn"), Agreed(ITEM, "Dye again", "Bu Lidia"))
    put_visit(id=KEY, content=replace(content, action_items=agreed), by=made, at=at)
    followed = (Followed(earlier.pk, "carried_over", due_on=date(2026, 12, 10)),)
    swapped = replace(content, action_items=agreed[::-1], followed=followed)
    [line] = comparison(kept(swapped, made, at)).parted
    assert line.sent.startswith("Weigh the yarn · ")
    assert line.sent.endswith(" · Kam, 10 Des 2026")


def test_plan_of_that_day_is_fulfilled_when_it_is_taken(
    content: VisitContent, made: User, sari: User, parengan: Village, at: datetime
) -> None:
    plan = factories.VisitPlanFactory.create(village=parengan, mentor=made, planned_at=content.visited_at)
    made.assignments.update(ends_on=date(2026, 9, 20))
    visit = take_held(kept(content, made, at), by=sari, at=at)
    plan.refresh_from_db()
    assert plan.visit == visit
