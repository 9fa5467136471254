"""What may not simply be stored waits for a person: once, whole, and answered alike whatever the retries."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.models import User
from common.models import Event
from mentoring.actions import Outcome, Verdict, dismiss_held, put_visit, take_held
from mentoring.clock import said_skew
from mentoring.content import Agreed, Came, Found, Spot, VisitContent, read_content
from mentoring.held import held_of, told, waiting_by_reason
from mentoring.models import HeldVersion, Visit
from mentoring.states import HeldReason, HeldState, VisitState
from programs.actions import close_period
from programs.models import Cohort
from tests import factories
from villages.models import Person, Village

KEY = uuid.UUID("018f3a52-0000-7000-8000-000000000001")
Send = Callable[..., Verdict]


@pytest.fixture
def content(cohort: Cohort, made: User, lidia: Person, at: datetime) -> VisitContent:
    return VisitContent(
        village=cohort.village_id,
        program=cohort.program_id,
        visited_at=at - timedelta(hours=3),
        modules=("handholding", "design"),
        summary="Looked at motifs.",
        purpose="Motifs",
        attendees=(Came(person=lidia.pk), Came(name="Bu Tini")),
        findings=(Found("Colours run.", criterion="quality"),),
        action_items=(Agreed(uuid.uuid4(), "Dye again", "Bu Lidia", date(2026, 10, 8)),),
        location=Spot(Decimal("-7.11223"), Decimal("112.3"), 12),
        state=VisitState.SUBMITTED,
    )


@pytest.fixture
def send(content: VisitContent, made: User, at: datetime) -> Send:
    def put(**given: object) -> Verdict:
        return put_visit(**{"id": KEY, "content": content, "by": made, "at": at, **given})  # type: ignore[arg-type]

    return put


@pytest.fixture
def unassigned(made: User) -> None:
    made.assignments.update(ends_on=date(2026, 9, 20))


def test_content_is_read_back_from_what_is_kept(content: VisitContent) -> None:
    facts = {**content.facts(), "state": "submitted"}
    again = read_content(facts)
    assert (again.digest, again.state, again.facts()) == (content.digest, "submitted", content.facts())
    bare = replace(content, location=None, cohort=3, corrects=KEY, action_items=(Agreed(KEY, "x"),), state="draft")
    assert read_content(bare.facts()) == replace(bare, modules=("design", "handholding"))


@pytest.mark.usefixtures("unassigned")
def test_village_no_longer_assigned_is_kept_once_and_answered_alike(send: Send, at: datetime) -> None:
    first, again = send(), send(at=at + timedelta(days=1))
    held = HeldVersion.objects.get()
    assert (first.outcome, first.visit, first.reason) == (Outcome.CONFLICT, None, "not_assigned")
    assert (again.outcome, again.held) == (Outcome.CONFLICT, held)
    assert (held.key, held.state, held.received_at, held.visit) == (KEY, "waiting", at, None)
    assert [event.verb for event in Event.objects.about(held)] == ["held"]
    assert not Visit.objects.exists()


@pytest.mark.usefixtures("unassigned")
def test_answer_stays_when_it_is_settled(send: Send, sari: User, at: datetime, content: VisitContent) -> None:
    held = send().held
    other = send(content=replace(content, summary="Another.")).held
    assert held
    assert other
    take_held(held, by=sari, at=at)
    dismiss_held(other, comment="Twice.", by=sari, at=at)
    assert [send().reason, send().held, send().outcome] == ["not_assigned", held, Outcome.CONFLICT]
    late = send(content=replace(content, summary="Another."))
    assert (late.held, late.reason, HeldVersion.objects.count(), Visit.objects.count()) == (other, "not_assigned", 2, 1)


@pytest.mark.usefixtures("unassigned")
def test_draft_that_waits_is_handed_in_by_a_later_sending(send: Send, content: VisitContent) -> None:
    send(content=replace(content, state=VisitState.DRAFT))
    assert HeldVersion.objects.get().content["state"] == "draft"
    send()
    send(content=replace(content, state=VisitState.DRAFT))
    assert HeldVersion.objects.get().content["state"] == "submitted"


def test_village_that_was_never_theirs_is_refused(send: Send, ina: User) -> None:
    with pytest.raises(ValidationError) as refused:
        send(by=ina)
    assert list(refused.value.message_dict) == ["village"]
    assert not HeldVersion.objects.exists()


@pytest.mark.usefixtures("unassigned")
def test_draft_here_is_not_changed_by_who_lost_the_village(
    send: Send, content: VisitContent, cohort: Cohort, made: User
) -> None:
    visit = factories.VisitFactory.create(pk=KEY, cohort=cohort, mentor=made, state="draft")
    verdict = send(base_version=1)
    assert (verdict.visit, verdict.reason) == (visit, "not_assigned")
    visit.refresh_from_db()
    assert (visit.summary, visit.version) == ("Looked at the new motifs.", 1)


def test_late_visit_of_a_closed_period_waits(send: Send, cohort: Cohort, sari: User, at: datetime) -> None:
    later = at + timedelta(days=20)
    close_period(cohort.program, through=date(2026, 10, 1), by=sari, at=later)
    assert send(at=later).reason == "closed_period"
    assert not Visit.objects.exists()


def test_day_after_the_closed_period_is_stored(send: Send, cohort: Cohort, sari: User, at: datetime) -> None:
    close_period(cohort.program, through=date(2026, 9, 30), by=sari, at=at)
    assert send().outcome == Outcome.STORED


def test_day_of_the_period_is_that_of_the_village(made: User, sari: User, at: datetime, modules: None) -> None:
    east = factories.VillageFactory.create(region=factories.lay_region("91.01.01.2001"))
    factories.AssignmentFactory.create(mentor=made, village=east)
    cohort = factories.CohortFactory.create(village=east)
    close_period(cohort.program, through=date(2026, 9, 29), by=sari, at=at)
    late = datetime.fromisoformat("2026-09-29T22:30:00+00:00")  # 07.30 WIT on the 30th
    content = VisitContent(village=east.pk, program=cohort.program_id, visited_at=late)
    assert put_visit(id=KEY, content=content, by=made, at=at).outcome == Outcome.STORED


@pytest.mark.parametrize(
    ("minutes", "said"), [(9, ""), (-9, ""), (61, "1 hour 1 minute ahead"), (-1500, "1 day 1 hour behind")]
)
def test_clock_of_the_phone_is_noted(send: Send, at: datetime, minutes: int, said: str) -> None:
    visit = send(sent_at=at + timedelta(minutes=minutes)).visit
    assert visit
    visit.refresh_from_db()
    assert visit.clock_skew == minutes * 60
    with translation.override("en"):
        assert said in said_skew(visit.clock_skew)
        assert bool(said) == bool(said_skew(visit.clock_skew))
    assert (visit.visited_at, visit.received_at) == (at - timedelta(hours=3), at)


def test_clock_that_was_not_sent_is_not_known(send: Send) -> None:
    visit = send().visit
    assert visit
    assert visit.clock_skew is None
    assert said_skew(None) == ""


def test_time_to_come_by_a_fast_clock_waits_and_is_put_right(
    send: Send, content: VisitContent, sari: User, at: datetime
) -> None:
    ahead = replace(content, visited_at=at + timedelta(days=1, hours=-1))
    verdict = send(content=ahead, sent_at=at + timedelta(days=1))
    assert (verdict.reason, verdict.visit) == ("clock", None)
    assert verdict.held
    visit = take_held(verdict.held, by=sari, at=at + timedelta(days=9))
    assert (visit.visited_at, visit.received_at, visit.clock_skew) == (at - timedelta(hours=1), at, 86400)
    assert (visit.state, visit.digest, verdict.held.visited_at) == ("submitted", ahead.digest, ahead.visited_at)


def test_time_long_ago_by_a_clock_that_fell_back_waits_too(send: Send, content: VisitContent, at: datetime) -> None:
    past = datetime.fromisoformat("1970-01-02T03:00:00+00:00")
    verdict = send(content=replace(content, visited_at=past), sent_at=past + timedelta(hours=2))
    assert verdict.reason == "clock"


@pytest.mark.parametrize("skew", [None, timedelta(minutes=8), timedelta(hours=1)])
def test_time_to_come_by_any_clock_is_refused(
    send: Send, content: VisitContent, at: datetime, skew: timedelta | None
) -> None:
    with pytest.raises(ValidationError) as refused:
        send(content=replace(content, visited_at=at + timedelta(hours=2)), sent_at=skew and at + skew)
    assert list(refused.value.message_dict) == ["visited_at"]


def test_strangers_key_waits_without_a_word_about_the_other(
    send: Send, content: VisitContent, parengan: Village, at: datetime
) -> None:
    mine = send().visit
    other = factories.AssignmentFactory.create(village=parengan).mentor
    before = Event.objects.about(mine).count() if mine else 0
    for _ in range(2):
        verdict = send(by=other, content=replace(content, summary="Elsewhere."))
        assert (verdict.visit, verdict.reason) == (None, "key_taken")
    held = HeldVersion.objects.get()
    assert (held.visit, held.sent_by) == (None, other)
    assert mine
    assert Event.objects.about(mine).count() == before
    assert "Made" not in told(held)


def test_strangers_key_is_judged_like_an_unknown_one(send: Send, content: VisitContent, ina: User) -> None:
    send()
    for key in (KEY, uuid.uuid4()):
        with pytest.raises(ValidationError) as refused:
            send(id=key, by=ina, content=replace(content, summary="x"))
        assert list(refused.value.message_dict) == ["village"]


def test_purposeful_edit_is_no_repeat_of_what_waits(send: Send, content: VisitContent) -> None:
    send(content=replace(content, state=VisitState.DRAFT))
    other = replace(content, summary="Second.", state=VisitState.DRAFT)
    assert send(content=other).reason == "other_version"
    assert send(content=other, base_version=1).outcome == Outcome.CHANGED
    assert send(content=other, base_version=1).outcome == Outcome.HAD_IT
    assert Visit.objects.get().summary == "Second."


def test_scope_of_what_waits(
    send: Send, unassigned: None, made: User, ina: User, sari: User, rina: User, joko: User, observer: User, admin: User
) -> None:
    send()
    seen = [
        user.name for user in (made, ina, sari, rina, joko, observer, admin) if HeldVersion.objects.visible_to(user)
    ]
    assert seen == ["Made", "Sari", "Admin"]


@pytest.mark.usefixtures("unassigned")
def test_mentor_is_told_one_thing_for_each_key(
    send: Send, content: VisitContent, made: User, sari: User, at: datetime
) -> None:
    held = send().held
    assert held
    assert held_of(made, at=at) == [{"id": str(KEY), "reason": "not_assigned", "state": "waiting", "comment": ""}]
    dismiss_held(held, comment="Ask Ina.", by=sari, at=at)
    later = at + timedelta(minutes=5)
    assert [(row["state"], row["comment"]) for row in held_of(made, at=later)] == [("dismissed", "Ask Ina.")]
    second = send(content=replace(content, summary="Again.")).held
    assert [row["state"] for row in held_of(made, at=later)] == ["waiting"]
    assert second
    take_held(second, by=sari, at=later)
    assert [row["state"] for row in held_of(made, at=later)] == ["taken"]
    assert held_of(made, at=later + timedelta(days=31)) == []


@pytest.mark.usefixtures("unassigned")
def test_what_waits_is_counted_by_reason(send: Send, content: VisitContent, cohort: Cohort, sari: User) -> None:
    send()
    send(id=uuid.uuid4())
    factories.HeldVersionFactory.create(visit__cohort=cohort)
    counted = waiting_by_reason(HeldVersion.objects.visible_to(sari))
    assert [(each.reason, each.count) for each in counted] == [("other_version", 1), ("not_assigned", 2)]


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"state": HeldState.TAKEN}, "settled_version_has_a_time_and_a_hand"),
        ({"state": "lost"}, "held_state_is_known"),
        ({"reason": "lost"}, "held_reason_is_known"),
        ({"visit": None}, "other_version_stands_beside_a_visit"),
    ],
)
def test_table_holds_its_word(cohort: Cohort, columns: dict[str, object], name: str) -> None:
    held = factories.HeldVersionFactory.create(visit__cohort=cohort)
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        HeldVersion.objects.filter(pk=held.pk).update(**columns)
    assert name in str(broken.value) or "settled" in str(broken.value) or "taken" in str(broken.value)


def test_every_reason_is_said_in_words(cohort: Cohort) -> None:
    held = factories.HeldVersionFactory.create(visit__cohort=cohort)
    said = set()
    for reason in HeldReason:
        held.reason = reason
        said.add(told(held))
    assert len(said) == len(HeldReason)
