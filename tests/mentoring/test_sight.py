"""Who reads which visits: a mentor those of the villages they hold, a former one their own, and edits nobody else's."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.timezone import localdate

from accounts.models import User
from mentoring.actions import put_visit
from mentoring.content import content_of
from mentoring.models import ActionItem, Visit
from programs.models import Cohort
from tests import factories
from tests.mentoring.test_views import page


@pytest.fixture
def former(cohort: Cohort) -> User:
    """Who mentored Parengan until yesterday."""
    letter = factories.AssignmentFactory.create(village=cohort.village, ends_on=localdate() - timedelta(days=1))
    mentor: User = letter.mentor
    return mentor


@pytest.fixture
def visits(cohort: Cohort, former: User, made: User) -> dict[str, Visit]:
    """One visit of the former mentor in each state, and one of Made's."""
    states = ("draft", "submitted", "returned", "approved")
    rows = {state: factories.VisitFactory.create(cohort=cohort, mentor=former, state=state) for state in states}
    return {**rows, "made": factories.VisitFactory.create(cohort=cohort, mentor=made)}


def seen(user: User, visits: dict[str, Visit]) -> set[str]:
    keys = set(Visit.objects.visible_to(user).values_list("pk", flat=True))
    return {name for name, visit in visits.items() if visit.pk in keys}


def test_new_mentor_reads_the_history_and_no_drafts(
    visits: dict[str, Visit], made: User, former: User, ina: User
) -> None:
    assert seen(made, visits) == {"submitted", "returned", "approved", "made"}
    assert seen(former, visits) == {"draft", "submitted", "returned", "approved"}
    assert seen(ina, visits) == set()


def test_sight_begins_and_ends_with_the_letter(visits: dict[str, Visit], made: User) -> None:
    made.assignments.update(starts_on=localdate() + timedelta(days=1))
    assert seen(made, visits) == {"made"}
    made.assignments.update(starts_on=date(2026, 1, 1), ends_on=localdate())
    assert "approved" in seen(made, visits)
    made.assignments.update(ends_on=localdate() - timedelta(days=1))
    assert seen(made, visits) == {"made"}


def test_each_visit_is_seen_once(visits: dict[str, Visit], made: User, cohort: Cohort) -> None:
    for day in (1, 2, 3):  # former letters of the same village
        factories.AssignmentFactory.create(
            mentor=made, village=cohort.village, starts_on=date(2025, day, 1), ends_on=date(2025, day, 20)
        )
    assert Visit.objects.visible_to(made).count() == 4


def test_pages_show_and_let_nobody_write(reader: Client, visits: dict[str, Visit], made: User, former: User) -> None:
    shown = page(reader, made, "/visits/")
    assert shown.count('data-label="Village"') == 4
    for name in ("submitted", "returned", "approved"):
        detail = page(reader, made, f"/visits/{visits[name].pk}/")
        assert former.name in detail
        assert "/edit/" not in detail
        assert "Write a correction" not in detail
        page(reader, made, f"/visits/{visits[name].pk}/edit/", 403)
        assert reader.post(f"/visits/{visits[name].pk}/submit/").status_code == 403
    page(reader, made, f"/visits/{visits['draft'].pk}/", 404)
    page(reader, former, f"/visits/{visits['made'].pk}/", 404)


def test_correction_of_another_hand_is_not_begun(
    reader: Client, visits: dict[str, Visit], made: User, cohort: Cohort, at: datetime
) -> None:
    other = visits["approved"]
    Visit.objects.filter(pk=other.pk).update(summary="Words of another hand")
    address = f"/visits/new/?village={cohort.village_id}&program={cohort.program_id}&corrects={other.pk}"
    assert "Words of another hand" not in page(reader, made, address)
    content = replace(content_of(Visit.objects.get(pk=other.pk)), corrects=other.pk, state="submitted")
    with pytest.raises(ValidationError) as refused:
        put_visit(id=uuid4(), content=content, by=made, at=at)
    assert list(refused.value.message_dict) == ["corrects"]


def test_former_mentor_settles_nothing_any_more(reader: Client, visits: dict[str, Visit], former: User) -> None:
    item = factories.ActionItemFactory.create(visit=visits["approved"])
    shown = page(reader, former, f"/visits/{visits['approved'].pk}/")
    assert item.what in shown
    assert f"/action-items/{item.pk}/" not in shown
    assert reader.post(f"/action-items/{item.pk}/finish/").status_code == 404
    assert ActionItem.objects.get().state == "open"
