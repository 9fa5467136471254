"""Texts that named someone who asked to be forgotten lose their words and stay counted."""

from datetime import datetime

import pytest

from accounts.models import User
from reminders.models import LoggedText, Message
from tests import factories
from villages.actions import anonymise_person
from villages.models import Person, Village

pytestmark = pytest.mark.django_db


def test_words_sent_to_a_forgotten_person_go(
    modules: None, parengan: Village, lidia: Person, sari: User, at: datetime
) -> None:
    point = lidia.contact_points.get()
    session = factories.SessionFactory.create()
    carrier, joined, other = (
        factories.MessageFactory.create(
            session=session, kind=kind, contact_point=number, state=state, text="Halo Bu Lidia"
        )
        for kind, number, state in (
            ("invitation", point, "sent"),
            ("h3", point, "joined"),
            ("invitation", factories.ContactPointFactory.create(), "sent"),
        )
    )
    joined.people.add(lidia)
    Message.objects.filter(pk=joined.pk).update(joined_to=carrier)
    for message in (carrier, other):
        factories.LoggedTextFactory.create(key=message.key, contact_point=message.contact_point, text="Halo Bu Lidia")
    anonymise_person(lidia, by=sari, at=at)
    assert list(Message.objects.order_by("pk").values_list("text", flat=True)) == ["", "", "Halo Bu Lidia"]
    assert sorted(LoggedText.objects.values_list("text", flat=True)) == ["", "Halo Bu Lidia"]
