"""Phones and coordinators at the same moment, each on a connection of its own; each guard has a twin without it."""

from dataclasses import replace
from datetime import date, timedelta
from time import sleep
from typing import Any
from uuid import UUID

import pytest

from accounts.models import User
from common.errors import RowMoved
from mentoring.actions import Outcome, Verdict, dismiss_held, holding, put_visit, take_held
from mentoring.actions import held as deciding
from mentoring.actions import visit as putting
from mentoring.actions.standing import standing_of
from mentoring.content import VisitContent
from mentoring.models import Assignment, HeldVersion, Visit
from mentoring.querysets import HeldVersionQuerySet
from mentoring.states import HeldState, VisitState
from tests import factories
from tests.factories import NOW
from tests.programs.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

KEY = UUID("018f3a52-0000-7000-8000-000000000001")
PAUSE = 0.6


@pytest.fixture
def content() -> VisitContent:
    factories.lay_modules()
    letter = factories.AssignmentFactory.create()
    cohort = factories.CohortFactory.create(village=letter.village)
    return VisitContent(
        village=letter.village_id,
        program=cohort.program_id,
        visited_at=NOW - timedelta(hours=3),
        modules=("handholding",),
        summary="First.",
    )


@pytest.fixture
def mentor(content: VisitContent) -> User:
    return Assignment.objects.get().mentor


@pytest.fixture
def desk(content: VisitContent) -> list[User]:
    return [factories.UserFactory.create() for _ in range(2)]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between looking and writing."""

    def later(*given: Any, **named: Any) -> Any:
        found = standing_of(*given, **named)
        sleep(PAUSE)
        return found

    for place in (putting, deciding):
        monkeypatch.setattr(place, "standing_of", later)


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the visit without holding it."""
    monkeypatch.setattr(putting, "_locked", lambda key: Visit.objects.filter(pk=key).first())


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Move without comparing."""

    def move(rows: Any, row: Any, to: str, **facts: object) -> None:
        rows.filter(pk=row.pk).update(state=to, **facts)
        row.refresh_from_db()

    monkeypatch.setattr(HeldVersionQuerySet, "move", move)


def sending(content: VisitContent, by: User, said: list[Verdict], base: int | None = None) -> Any:
    return lambda: said.append(put_visit(id=KEY, content=content, by=by, at=NOW, base_version=base))


def two_phones(content: VisitContent, mentor: User) -> tuple[list[Exception | None], list[Verdict]]:
    put_visit(id=KEY, content=content, by=mentor, at=NOW)
    said: list[Verdict] = []
    texts = [replace(content, summary=text) for text in ("By phone one.", "By phone two.")]
    return at_once(*(sending(each, mentor, said, 1) for each in texts)), said


def words() -> set[str]:
    kept = {row.content["summary"] for row in HeldVersion.objects.all()}
    return kept | set(Visit.objects.values_list("summary", flat=True))


@pytest.mark.usefixtures("slow")
def test_two_phones_edit_one_visit_and_both_are_kept(content: VisitContent, mentor: User) -> None:
    raised, said = two_phones(content, mentor)
    assert raised == [None, None]
    assert sorted(verdict.outcome for verdict in said) == [Outcome.CHANGED, Outcome.CONFLICT]
    assert words() == {"By phone one.", "By phone two."}
    assert Visit.objects.get().version == 2


@pytest.mark.usefixtures("slow", "unlocked")
def test_without_the_lock_one_phone_overwrites_the_other(content: VisitContent, mentor: User) -> None:
    two_phones(content, mentor)
    assert len(words()) == 1


def test_same_new_visit_that_waits_is_kept_once_from_six_hands(content: VisitContent, mentor: User) -> None:
    Assignment.objects.update(ends_on=date(2026, 9, 20))
    said: list[Verdict] = []
    raised = at_once(*[sending(content, mentor, said)] * 6)
    assert raised == [None] * 6
    assert {verdict.held for verdict in said} == {HeldVersion.objects.get()}
    assert {verdict.reason for verdict in said} == {"not_assigned"}


def waiting(content: VisitContent, mentor: User) -> HeldVersion:
    Assignment.objects.update(ends_on=date(2026, 9, 20))
    held = put_visit(id=KEY, content=replace(content, state=VisitState.SUBMITTED), by=mentor, at=NOW).held
    assert held
    return held


def one_takes_one_dismisses(held: HeldVersion, desk: list[User]) -> list[Exception | None]:
    rows = [HeldVersion.objects.get(pk=held.pk) for _ in desk]
    return at_once(
        lambda: take_held(rows[0], by=desk[0], at=NOW),
        lambda: dismiss_held(rows[1], comment="No.", by=desk[1], at=NOW),
    )


@pytest.mark.usefixtures("slow")
def test_two_coordinators_decide_and_one_is_told(content: VisitContent, mentor: User, desk: list[User]) -> None:
    held = waiting(content, mentor)
    raised = one_takes_one_dismisses(held, desk)
    assert [type(error) for error in raised if error] == [RowMoved]
    held.refresh_from_db()
    assert (held.state == HeldState.TAKEN) == Visit.objects.exists()
    assert (held.state == HeldState.DISMISSED) == (held.comment == "No.")


@pytest.mark.usefixtures("slow", "unguarded")
def test_without_the_guard_both_believe_that_they_decided(
    content: VisitContent, mentor: User, desk: list[User]
) -> None:
    raised = one_takes_one_dismisses(waiting(content, mentor), desk)
    assert not any(isinstance(error, RowMoved) for error in raised)


@pytest.mark.usefixtures("slow")
def test_two_coordinators_take_and_there_is_one_visit(content: VisitContent, mentor: User, desk: list[User]) -> None:
    rows = [waiting(content, mentor), HeldVersion.objects.get()]
    raised = at_once(
        *(lambda row=row, by=by: take_held(row, by=by, at=NOW) for row, by in zip(rows, desk, strict=True))
    )
    assert [type(error) for error in raised if error] == [RowMoved]
    assert (Visit.objects.count(), Visit.objects.get().version) == (1, 1)


@pytest.mark.usefixtures("slow")
def test_taking_while_the_phone_sends_again_is_one_visit(content: VisitContent, mentor: User, desk: list[User]) -> None:
    held = waiting(content, mentor)
    sent, said = replace(content, state=VisitState.SUBMITTED), list[Verdict]()
    acts = [lambda: take_held(held, by=desk[0], at=NOW), *[sending(sent, mentor, said)] * 3]
    assert at_once(*acts) == [None] * 4
    assert {(verdict.outcome, verdict.reason) for verdict in said} == {(Outcome.CONFLICT, "not_assigned")}
    assert (Visit.objects.count(), Visit.objects.get().version, HeldVersion.objects.count()) == (1, 1, 1)


@pytest.mark.usefixtures("slow")
def test_without_a_look_at_what_waits_a_repeat_is_answered_otherwise(
    content: VisitContent, mentor: User, desk: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = waiting(content, mentor)
    for place in (putting, holding):
        monkeypatch.setattr(place, "find_held", lambda *_given, **_named: None)
    Assignment.objects.update(ends_on=None)
    said: list[Verdict] = []
    at_once(lambda: take_held(held, by=desk[0], at=NOW), sending(content, mentor, said))
    assert [verdict.outcome for verdict in said] != [Outcome.CONFLICT]


@pytest.mark.usefixtures("slow")
def test_taking_while_the_phone_sends_other_words_loses_neither(
    content: VisitContent, mentor: User, desk: list[User]
) -> None:
    held = waiting(content, mentor)
    Assignment.objects.update(ends_on=None)
    said: list[Verdict] = []
    other = replace(content, summary="Second.")
    raised = at_once(lambda: take_held(held, by=desk[0], at=NOW), sending(other, mentor, said))
    assert {type(error) for error in raised if error} <= {RowMoved}
    assert words() == {"First.", "Second."}
    assert Visit.objects.count() == 1
