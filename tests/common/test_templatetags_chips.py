"""Every state has a look of its own: icon, word and colour."""

import pytest
from django.db import models
from django.template import Context, Template

from common.templatetags.chips import LOOKS
from mentoring.states import ActionState, VisitState
from programs.states import AttendanceState, EnrollmentState, Rsvp, SessionState
from reminders.states import MessageState
from villages.states import ContactState


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        ("session", SessionState),
        ("attendance", AttendanceState),
        ("rsvp", Rsvp),
        ("enrollment", EnrollmentState),
        ("visit", VisitState),
        ("action", ActionState),
        ("message", MessageState),
        ("contact", ContactState),
    ],
)
def test_chip_knows_every_state(kind: str, states: type[models.TextChoices]) -> None:
    assert set(states.values) <= set(LOOKS[kind])


def test_chip_shows_icon_word_and_tone() -> None:
    shown = Template('{% load chips %}{% chip "session" "cancelled" "Batal" %}').render(Context())
    assert "chip-bad" in shown
    assert "#cancel" in shown
    assert "Batal" in shown


def test_chip_of_an_unknown_state_is_plain() -> None:
    shown = Template('{% load chips %}{% chip "session" state %}').render(Context({"state": "<odd>"}))
    assert "&lt;odd&gt;" in shown
    assert "chip-" not in shown
