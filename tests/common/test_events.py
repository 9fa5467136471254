"""History is written once and never changed."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, models, transaction

from accounts.models import User
from common.constraints import sentence_of
from common.events import listen, record
from common.models import Event

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 1, tzinfo=UTC)


@pytest.fixture
def user() -> User:
    return User.objects.create_user(name="Sari", role="coordinator", email="sari@demo.test")


def test_record_writes_who_when_what_and_tells_the_listener(user: User) -> None:
    heard: list[tuple[models.Model, str]] = []
    listen("accounts.user", "greeted", lambda subject, event: heard.append((subject, event.verb)))
    event = record(user, verb="greeted", by=user, at=NOW, origin="a", goal="b", times=2)
    assert heard == [(user, "greeted")]
    assert Event.objects.about(user).get() == event
    assert (event.by, event.at, event.facts, event.origin, event.goal) == (user, NOW, {"times": 2}, "a", "b")


def test_event_is_never_changed_or_deleted(user: User) -> None:
    event = record(user, verb="seen", by=None, at=NOW)
    for change in (lambda: Event.objects.filter(pk=event.pk).update(verb="x"), event.delete):
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            change()
        assert sentence_of(refusal.value).endswith(".")
    assert Event.objects.get().verb == "seen"


def test_sentence_of_reads_the_violated_constraint() -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        User.objects.create(name="Nobody", role="mentor")
    assert "e-mail" in sentence_of(refusal.value)
