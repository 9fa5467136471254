"""A handover that waits for a hand, and one that both have signed."""

from datetime import timedelta

import pytest

from accounts.models import User
from briefings.planning import plan_notices
from mentoring.actions import cancel_handover, sign_handover, write_works
from mentoring.models import Handover
from programs.models import Cohort
from reminders.models import Message
from reminders.states import NOTICES_OF, Kind
from tests import factories
from tests.briefings.worlds import local, looked, notices, only, queries, rows, says, verdict
from tests.factories import NOW
from tests.reminders.worlds import send, texts

MADE, AGUS, SARI = "made@example.org", "agus@example.org", "sari@example.org"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def handover(cohort: Cohort, made: User, sari: User) -> Handover:
    agus = factories.UserFactory.create(name="Agus", role="mentor", email=AGUS)
    letter = made.assignments.get()
    return factories.HandoverFactory.create(village=cohort.village, letter=letter, taker=agus, prepared_by=sari)


def test_both_are_asked_once_at_once(handover: Handover) -> None:
    plan_notices(at=NOW)
    assert sorted(notices(Kind.HANDOVER)) == [(AGUS, "planned", ""), (MADE, "planned", "")]
    assert set(Message.objects.values_list("due_at", flat=True)) == {NOW}
    before = rows()
    for minute in range(100):
        plan_notices(at=NOW + timedelta(minutes=minute))
    assert rows() == before
    message = Message.objects.get(user=handover.giver)
    assert says(message, NOW) == {"hello": "Made", "village": "Parengan", "link": f"handovers/{handover.pk}/"}


def test_it_is_withdrawn_with_the_hand(handover: Handover, made: User) -> None:
    plan_notices(at=NOW)
    message = Message.objects.get(user=made)
    sign_handover(handover, by=made, at=NOW, version=1)
    assert (MADE, "superseded", "done") in notices(Kind.HANDOVER)
    assert verdict(message, NOW) == ("superseded", "done")
    assert (AGUS, "planned", "") in notices(Kind.HANDOVER)


def test_new_text_is_told_only_to_who_signed_the_old(handover: Handover, made: User) -> None:
    plan_notices(at=NOW)
    send(NOW)
    sign_handover(handover, by=handover.taker, at=NOW, version=1)
    for number in range(3):
        write_works(handover, works=f"Text {number}", by=made, at=LATER)
    assert [note for note in notices(Kind.HANDOVER) if note[0] == MADE] == [(MADE, "sent", "")]
    planned = Message.objects.filter(state="planned").values_list("user", "subject_revision")
    assert list(planned) == [(handover.taker_id, str(handover.version))]


def test_desk_hears_when_both_have_signed(handover: Handover, made: User) -> None:
    for mentor in (made, handover.taker):
        sign_handover(handover, by=mentor, at=NOW, version=1)
    assert notices(Kind.HANDOVER_SIGNED) == [(SARI, "planned", "")]
    plan_notices(at=LATER)
    assert says(only(Kind.HANDOVER_SIGNED), LATER) == {
        "hello": "Sari",
        "village": "Parengan",
        "day": "Thursday, 1 October 2026",
        "link": f"handovers/{handover.pk}/",
    }
    send(LATER)
    assert notices(Kind.HANDOVER_SIGNED) == [(SARI, "sent", "")]
    assert not [text for text in texts() if "Ask Bu Lidia" in text]


def test_called_off_is_no_longer_asked_for(handover: Handover, sari: User) -> None:
    plan_notices(at=NOW)
    message = Message.objects.get(user=handover.giver)
    handover.letter.ends_on = handover.last_on
    handover.letter.save()
    cancel_handover(handover, reason="Made stays", by=sari, at=NOW)
    assert {state for _number, state, _note in notices(Kind.HANDOVER)} == {"superseded"}
    assert verdict(message, NOW) == ("superseded", "done")


def test_nobody_is_asked_at_night_or_without_an_account(handover: Handover, made: User) -> None:
    User.objects.filter(pk=made.pk).update(is_active=False)
    Handover.objects.update(prepared_at=local("2026-10-01 22:00"), written_at=local("2026-10-01 22:00"))
    plan_notices(at=local("2026-10-01 22:00"))
    assert [number for number, _state, _note in notices(Kind.HANDOVER)] == [AGUS]
    assert only(Kind.HANDOVER).due_at == local("2026-10-02 06:00")
    assert not {Kind.HANDOVER, Kind.HANDOVER_SIGNED} & {kind for kinds in NOTICES_OF.values() for kind in kinds}


def test_repair_and_last_look_ask_the_same_for_one_and_for_seven(handover: Handover) -> None:
    plan_notices(at=NOW)
    ids = list(Message.objects.order_by("pk").values_list("pk", flat=True))
    counts = [(queries(NOW), looked(ids[:1], NOW))]
    for _ in range(6):
        other = factories.HandoverFactory.create()
        factories.SignatureFactory.create(handover=other)
    plan_notices(at=NOW)
    ids = list(Message.objects.order_by("pk").values_list("pk", flat=True))
    counts.append((queries(NOW), looked(ids, NOW)))
    assert len(ids) == 8
    assert counts[0] == counts[1]
