"""A draft that was written in time and is handed in too late waits for review, by whichever door it comes."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from common.errors import RowMoved
from mentoring.actions import Outcome, hand_in_visit, put_visit, take_held
from mentoring.content import Came, VisitContent
from mentoring.models import HeldVersion, Visit
from mentoring.states import VisitState
from programs.models import Cohort
from tests.api.conftest import Caller, ask

__all__ = ["ask"]

KEY = uuid.UUID("018f3a52-0000-7000-8000-000000000001")
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def content(cohort: Cohort, at: datetime) -> VisitContent:
    return VisitContent(
        village=cohort.village_id,
        program=cohort.program_id,
        visited_at=at - timedelta(days=1),
        summary="Looked at motifs.",
        attendees=(Came(name="Bu Tini"),),
    )


@pytest.fixture
def draft(content: VisitContent, cohort: Cohort, made: User, at: datetime) -> Visit:
    """Write a draft, and close its period after it."""
    put_visit(id=KEY, content=content, by=made, at=at)
    cohort.program.closed_through = at.date()
    cohort.program.save()
    return Visit.objects.get()


def test_phone_hands_in_the_same_content_too_late(
    draft: Visit, content: VisitContent, made: User, sari: User, at: datetime
) -> None:
    sent = replace(content, state=VisitState.SUBMITTED)
    for base in (1, None, 1):
        verdict = put_visit(id=KEY, content=sent, by=made, at=at, base_version=base)
        assert (verdict.outcome, verdict.reason) == (Outcome.CONFLICT, "closed_period")
    draft.refresh_from_db()
    assert (draft.state, HeldVersion.objects.count()) == ("draft", 1)
    take_held(HeldVersion.objects.get(), by=sari, at=at)
    draft.refresh_from_db()
    assert (draft.state, draft.attendees.get().name) == ("submitted", "Bu Tini")
    assert put_visit(id=KEY, content=sent, by=made, at=at).outcome == Outcome.CONFLICT
    assert HeldVersion.objects.count() == 1


def test_page_and_wire_say_that_it_waits(reader: Client, ask: Caller, draft: Visit, made: User) -> None:
    reader.force_login(made)
    page = reader.post(f"/visits/{draft.pk}/submit/", follow=True)
    assert "The period of this visit is closed." in page.content.decode()
    assert page.redirect_chain[-1][0] == f"/visits/review/{HeldVersion.objects.get().pk}/"
    wire = ask(made).post(f"/api/v1/visits/{draft.pk}/submit/")
    assert (wire.status_code, wire.data["verdict"], wire.data["reason"]) == (202, "conflict", "closed_period")
    draft.refresh_from_db()
    assert (draft.state, HeldVersion.objects.count()) == ("draft", 1)


def test_draft_in_time_is_just_handed_in_once(content: VisitContent, made: User, cohort: Cohort, at: datetime) -> None:
    visit = put_visit(id=KEY, content=content, by=made, at=at).visit
    assert visit
    stale = Visit.objects.get(pk=KEY)
    assert hand_in_visit(visit, by=made, at=at).outcome == Outcome.CHANGED
    assert Visit.objects.get().state == "submitted"
    cohort.program.closed_through = at.date()
    cohort.program.save()
    with pytest.raises(RowMoved):
        hand_in_visit(stale, by=made, at=at)
    assert not HeldVersion.objects.exists()
