"""What a visit says of earlier action items: settled once, whatever the retries; what cannot be settled is noted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from common.models import Event
from mentoring.actions import Outcome, finish_action, put_visit, return_visit, submit_visit
from mentoring.comparison import comparisons
from mentoring.content import Agreed, Followed, VisitContent, content_of
from mentoring.models import ActionItem, FollowUp, HeldVersion, Visit
from programs.models import Cohort
from tests import factories
from villages.models import Village

KEY = UUID("018f3a52-0000-7000-8000-000000000001")
NEW_DAY = date(2026, 11, 1)
Write = Callable[..., VisitContent]


@pytest.fixture
def item(cohort: Cohort, made: User) -> ActionItem:
    """Made and the village agreed on it at an earlier visit."""
    visit = factories.VisitFactory.create(cohort=cohort, mentor=made)
    return factories.ActionItemFactory.create(visit=visit)


@pytest.fixture
def write(cohort: Cohort, at: datetime) -> Write:
    """Write a visit of this morning that follows some items."""

    def content(
        *followed: Followed, state: str = "submitted", summary: str = "Two kodi.", **more: object
    ) -> VisitContent:
        given = {"village": cohort.village_id, "program": cohort.program_id, "visited_at": at - timedelta(hours=1)}
        return VisitContent(**given, summary=summary, followed=followed, state=state, **more)  # type: ignore[arg-type]

    return content


def put(content: VisitContent, by: User, at: datetime, base: int | None = None, key: UUID = KEY) -> Outcome:
    return put_visit(id=key, content=content, by=by, at=at, base_version=base).outcome


def noted() -> list[list[str]]:
    return list(Event.objects.filter(verb="not_followed").order_by("pk").values_list("facts__items", flat=True))


def test_digest_without_followed_stays_what_it_was(write: Write) -> None:
    assert "followed" not in write().facts()
    one, two = Followed(uuid4(), "done"), Followed(uuid4(), "dropped", "No dye")
    assert write(one, two).digest == write(two, one).digest != write(one).digest


def test_submitted_visit_settles_what_it_follows(item: ActionItem, write: Write, made: User, at: datetime) -> None:
    second, third = (factories.ActionItemFactory.create(visit=item.visit) for _ in range(2))
    said = (
        Followed(item.pk, "done", " The sample lies with the exporter "),
        Followed(second.pk, "dropped", "No dye"),
        Followed(third.pk, "carried_over", due_on=NEW_DAY),
    )
    assert put(write(*said), made, at) == Outcome.STORED
    rows = {row.pk: row for row in ActionItem.objects.all()}
    assert (rows[item.pk].state, rows[item.pk].evidence) == ("done", "The sample lies with the exporter")
    assert (rows[second.pk].state, rows[second.pk].reason) == ("dropped", "No dye")
    again = rows[third.successor_key]
    assert (rows[third.pk].state, again.state, again.due_on, again.visit_id) == ("carried_over", "open", NEW_DAY, KEY)
    assert {rows[key].settled_in_id for key in (item.pk, second.pk, third.pk)} == {KEY}
    assert noted() == []


def test_draft_settles_nothing_until_it_is_submitted(item: ActionItem, write: Write, made: User, at: datetime) -> None:
    put(write(Followed(item.pk, "done"), state="draft"), made, at)
    item.refresh_from_db()
    assert item.state == "open"
    submit_visit(Visit.objects.get(pk=KEY), by=made, at=at)
    item.refresh_from_db()
    assert (item.state, item.settled_in_id) == ("done", KEY)


def test_retries_and_a_return_settle_once(item: ActionItem, write: Write, made: User, sari: User, at: datetime) -> None:
    content = write(Followed(item.pk, "carried_over", due_on=NEW_DAY))
    assert [put(content, made, at) for _ in range(3)] == [Outcome.STORED, Outcome.HAD_IT, Outcome.HAD_IT]
    visit = Visit.objects.get(pk=KEY)
    return_visit(visit, comment="Who came?", by=sari, at=at)
    assert put(content, made, at, base=visit.version) == Outcome.CHANGED
    visit.refresh_from_db()
    return_visit(visit, comment="How many?", by=sari, at=at)
    other = write(Followed(item.pk, "carried_over", due_on=NEW_DAY), summary="Two kodi, eight people.")
    assert put(other, made, at, base=visit.version) == Outcome.CHANGED
    assert ActionItem.objects.filter(pk=item.successor_key, state="open").count() == 1
    assert ActionItem.objects.count() == 2
    assert Event.objects.about(item).filter(verb="carried_over").count() == 1
    assert noted() == []


def test_successor_on_the_sheet_keeps_the_words_that_are_sent(
    item: ActionItem, write: Write, made: User, sari: User, at: datetime
) -> None:
    said = Followed(item.pk, "carried_over", due_on=NEW_DAY)
    put(write(said), made, at)
    visit = Visit.objects.get(pk=KEY)
    assert content_of(visit).followed == (said,)
    return_visit(visit, comment="Who?", by=sari, at=at)
    agreed = (Agreed(item.successor_key, "Dye it in indigo", "Bu Tutik", NEW_DAY),)
    assert put(write(said, action_items=agreed), made, at, base=visit.version) == Outcome.CHANGED
    assert ActionItem.objects.get(pk=item.successor_key).what == "Dye it in indigo"


def test_what_cannot_be_settled_never_refuses_the_visit(
    item: ActionItem, write: Write, made: User, sari: User, ina: User, elsewhere: Village, at: datetime
) -> None:
    finish_action(item, by=sari, at=at)
    there = factories.VisitFactory.create(cohort=factories.CohortFactory.create(village=elsewhere), mentor=ina)
    strange, unknown = factories.ActionItemFactory.create(visit=there), uuid4()
    draft = factories.VisitFactory.create(
        cohort=item.visit.cohort, mentor=factories.UserFactory.create(role="mentor"), state="draft"
    )
    hidden = factories.ActionItemFactory.create(visit=draft)
    keys = [item.pk, strange.pk, unknown, hidden.pk]
    content = write(*(Followed(key, "dropped", "No dye") for key in keys))
    assert [put(content, made, at) for _ in range(2)] == [Outcome.STORED, Outcome.HAD_IT]
    assert Visit.objects.get(pk=KEY).state == "submitted"
    assert noted() == [sorted(map(str, keys))]
    for row in (item, strange, hidden):
        row.refresh_from_db()
    assert (item.state, item.settled_by, strange.state, hidden.state) == ("done", sari, "open", "open")


def test_the_same_is_noted_once_and_a_change_of_mind_too(
    item: ActionItem, write: Write, made: User, sari: User, at: datetime
) -> None:
    put(write(Followed(item.pk, "done")), made, at)
    visit = Visit.objects.get(pk=KEY)
    for words in ("No dye", "Really no dye"):
        visit.refresh_from_db()
        return_visit(visit, comment="Sure?", by=sari, at=at)
        put(write(Followed(item.pk, "dropped", words)), made, at, base=visit.version)
    item.refresh_from_db()
    assert item.state == "done"
    assert noted() == [[str(item.pk)]]


@pytest.mark.parametrize(
    "said",
    [
        (Followed(KEY, "dropped"),),
        (Followed(KEY, "open"),),
        (Followed(KEY, "gone"),),
        (Followed(KEY, "done", "x" * 301),),
        (Followed(KEY, "done", "bell \x07"),),
        (Followed(KEY, "done"), Followed(KEY, "dropped", "No dye")),
    ],
    ids=["dropped without words", "open", "unknown", "long", "control", "twice"],
)
def test_wrong_words_are_said_by_field(write: Write, made: User, at: datetime, said: tuple[Followed, ...]) -> None:
    with pytest.raises(ValidationError) as refused:
        put(write(*said), made, at)
    assert list(refused.value.message_dict) == ["followed"]
    assert not Visit.objects.exists()


def test_database_holds_what_a_follow_up_is(item: ActionItem) -> None:
    factories.FollowUpFactory.create(visit=item.visit, item=item.pk)
    for wrong in ({"item": item.pk}, {"outcome": "open"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FollowUp.objects.create(**{"visit": item.visit, "item": uuid4(), "outcome": "done", **wrong})
    for columns in ({"evidence": "x"}, {"settled_in": item.visit}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ActionItem.objects.filter(pk=item.pk).update(**columns)


def test_other_version_shows_what_it_said_of_items(item: ActionItem, write: Write, made: User, at: datetime) -> None:
    put(write(Followed(item.pk, "done", "Seen it")), made, at)
    assert put(write(Followed(item.pk, "dropped", "No dye")), made, at) == Outcome.CONFLICT
    assert HeldVersion.objects.get().content["followed"][0]["outcome"] == "dropped"
    (other,) = comparisons(Visit.objects.get(pk=KEY))
    (line,) = (line for line in other.lines if line.differs)
    assert ("Seen it" in line.kept, "No dye" in line.sent) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_two_visits_at_one_moment_settle_an_item_once(
    modules: None, cohort: Cohort, made: User, item: ActionItem, write: Write, at: datetime
) -> None:
    def send(key: UUID) -> Outcome:
        try:
            return put(write(Followed(item.pk, "carried_over", due_on=NEW_DAY)), made, at, key=key)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        outcomes = list(hands.map(send, [uuid4() for _ in range(4)]))
    assert set(outcomes) == {Outcome.STORED}
    assert Event.objects.about(item).filter(verb="carried_over").count() == 1
    assert len(noted()) == 3
    assert ActionItem.objects.filter(state="open").count() == 1
