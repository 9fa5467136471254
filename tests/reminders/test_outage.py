"""After days in which nothing could be sent: nothing stale leaves, and one message says what was missed."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db.models import Sum
from django.test import Client

from accounts.models import User
from accounts.states import Language
from common.models import Event
from programs.models import Cohort, Program
from reminders.families import look_at
from reminders.models import LoggedText, Message, Outage
from reminders.outage import SUBJECT, close_outages, missed_in
from reminders.states import Kind, MessageState, Reason
from reminders.sweeping import sweep
from reminders.topics import Notice
from tests import factories
from tests.reminders.worlds import household, meeting, plan, send
from villages.models import ContactPoint

DAYS = timedelta(hours=72)
HOUSEHOLDS, SESSIONS = 30, 5


@pytest.fixture
def down(program: Program, cohort: Cohort, at: datetime) -> Outage:
    """Sessions were planned, then nothing ran for three days from `at` on."""
    for n in range(HOUSEHOLDS):
        household(cohort, f"Penenun {n}", *([f"Anak {n}"] if n % 3 == 0 else []))
    for n in range(SESSIONS):
        plan(meeting(cohort, at + timedelta(days=n + 1)), at=at - timedelta(days=1))
    send(at)  # the invitations leave the day before
    return Outage.objects.create(began_at=at, ended_at=at + DAYS)


def tick(moment: datetime) -> None:
    """Do what a dispatcher does when it starts."""
    sweep(at=moment)
    send(moment)


def test_nothing_stale_leaves_and_one_message_tells(down: Outage, sari: User, at: datetime) -> None:
    moment = down.ended_at
    before = LoggedText.objects.count()
    tick(moment)
    sweep(at=moment + timedelta(minutes=5))
    late = LoggedText.objects.filter(at__gte=moment, contact_point__contacts__isnull=False).distinct()
    left = Message.objects.filter(settled_at__gte=moment, state__in=["sent", "joined"])
    assert LoggedText.objects.count() > before
    assert all(message.expires_at > moment for message in left)
    assert late.count() <= HOUSEHOLDS  # one text a number, whatever it joins
    down.refresh_from_db()
    assert down.missed
    assert down.missed == missed_in(down).count() > 100
    told = Message.objects.get(kind=Kind.OUTAGE)
    assert (told.user, told.subject_type, told.subject_id) == (sari, SUBJECT, str(down.pk))
    assert told.due_at == moment + timedelta(minutes=5)
    assert list(Event.objects.about(down).values_list("verb", "facts")) == [("closed", {"missed": down.missed})]


def test_it_is_told_once(down: Outage, sari: User) -> None:
    for minutes in (0, 5, 10, 60, 24 * 60):
        tick(down.ended_at + timedelta(minutes=minutes))
    assert Message.objects.filter(kind=Kind.OUTAGE).count() == 1
    assert Message.objects.get(kind=Kind.OUTAGE).state == MessageState.SENT


def test_what_is_still_useful_is_waited_for_half_an_hour(down: Outage) -> None:
    moment = down.ended_at
    sweep(at=moment)
    down.refresh_from_db()
    assert down.missed is None  # reminders of coming sessions have not left yet
    sweep(at=moment + timedelta(minutes=31))
    down.refresh_from_db()
    assert down.missed is not None


def test_it_waits_for_the_morning(down: Outage, sari: User, at: datetime) -> None:
    night = down.ended_at + timedelta(hours=12)  # 22.00
    Outage.objects.update(ended_at=night)
    tick(night)
    sweep(at=night + timedelta(minutes=31))
    told = Message.objects.get(kind=Kind.OUTAGE)
    assert told.due_at == down.ended_at + timedelta(hours=20)  # 06.00


@pytest.mark.parametrize(("language", "word"), [(Language.ENGLISH, "From "), (Language.INDONESIAN, "Dari ")])
def test_it_says_how_many_whom_and_when(down: Outage, sari: User, language: str, word: str) -> None:
    User.objects.filter(pk=sari.pk).update(language=language)
    tick(down.ended_at)
    sweep(at=down.ended_at + timedelta(minutes=5))
    claimed = look_at([Message.objects.get(kind=Kind.OUTAGE).pk], at=down.ended_at)[0]
    down.refresh_from_db()
    assert isinstance(claimed.topic, Notice)
    values = claimed.topic.values
    assert values["count"] == str(down.missed)
    assert values["hello"] == "Sari"
    assert values["what"].startswith(word)
    people = missed_in(down).aggregate(n=Sum("people"))
    assert people["n"]
    assert str(HOUSEHOLDS + HOUSEHOLDS // 3) in values["what"]
    assert claimed.topic.link.endswith("/messages/?state=expired")


def test_only_coordinators_concerned_are_told(down: Outage, sari: User, rina: User) -> None:
    second = factories.UserFactory.create(name="Wayan", phone="+6281234500001", email=None)
    Program.objects.get(coordinators=sari).coordinators.add(second)
    tick(down.ended_at)
    sweep(at=down.ended_at + timedelta(minutes=5))
    told = Message.objects.filter(kind=Kind.OUTAGE).order_by("user__name")
    assert [message.user for message in told] == [sari, second]
    assert ContactPoint.objects.filter(number="+6281234500001", messages__kind=Kind.OUTAGE).exists()


def test_one_who_left_meanwhile_is_not_told(down: Outage, sari: User) -> None:
    tick(down.ended_at)
    sweep(at=down.ended_at + timedelta(minutes=5))
    User.objects.filter(pk=sari.pk).update(is_active=False)
    send(down.ended_at + timedelta(minutes=6))
    told = Message.objects.get(kind=Kind.OUTAGE)
    assert (told.state, told.note) == (MessageState.SUPERSEDED, Reason.DONE)


def test_outage_without_loss_tells_nobody(program: Program, at: datetime) -> None:
    outage = Outage.objects.create(began_at=at, ended_at=at + DAYS)
    close_outages(at=at + DAYS)
    outage.refresh_from_db()
    assert outage.missed == 0
    assert not Message.objects.exists()


def test_late_before_and_hopeless_from_the_start_do_not_count(cohort: Cohort, at: datetime) -> None:
    outage = Outage.objects.create(began_at=at, ended_at=at + DAYS)
    expired = {"state": MessageState.EXPIRED, "note": Reason.TOO_LATE}
    hour = timedelta(hours=1)
    factories.MessageFactory.create(due_at=at - 2 * hour, expires_at=at - hour, **expired)
    factories.MessageFactory.create(due_at=at + hour, expires_at=at + hour, **expired)
    counted = factories.MessageFactory.create(due_at=at - hour, expires_at=at + hour, **expired)
    assert list(missed_in(outage)) == [counted]


def test_messages_page_tells_of_it(
    down: Outage, sari: User, rina: User, reader: Client, clock: time_machine.Traveller
) -> None:
    moment = down.ended_at
    tick(moment)
    sweep(at=moment + timedelta(minutes=5))
    down.refresh_from_db()
    clock.move_to(moment + timedelta(hours=1))
    reader.force_login(sari)
    assert f"{down.missed} messages came too late" in reader.get("/messages/").content.decode()
    reader.force_login(rina)
    assert "nothing could be sent" not in reader.get("/messages/").content.decode()
