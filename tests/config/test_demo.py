"""The demo: the Parengan case through the real actions, the same on every day of the week, told once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, Q

from accounts.models import User
from briefings.planning import plan_notices
from common.models import Event
from config.demo import PASSWORD, SIGN_INS
from config.demo.certificates import NAME
from config.demo.replies import WORDS
from config.demo.seed import seed_demo
from mentoring.models import ActionItem, HeldVersion, Visit, VisitPlan
from mentoring.states import ActionState, VisitState
from papers.eligibility import eligibility_of
from papers.models import Certificate, Letter, Letterhead, Minutes
from phone.pack import pack_of
from programs.models import Cohort, Requirement, Session
from programs.reach import reach_of
from programs.states import AttendanceState, SessionState
from reminders.families import look_at
from reminders.models import LoggedText, ManualContact, Message, MissedCall, Price
from reminders.states import Kind, MessageState
from replies.models import Reply
from villages.comparison import latest
from villages.legality import legality_of
from villages.models import Assessment, BusinessUnit, ContactPoint, Person, Village
from villages.quantities import pieces_in
from villages.states import ContactState, Criterion, LegalityState

AT = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)  # Thursday, 10.00 WIB


@pytest.mark.django_db
@pytest.mark.parametrize("at", [datetime(2026, 11, 7, 17, 5, tzinfo=UTC), datetime(2026, 11, 8, 23, 50, tzinfo=UTC)])
def test_demo_can_be_told_at_midnight_and_on_a_sunday(at: datetime) -> None:
    assert seed_demo(at=at)
    assert not Message.objects.due(at).exists()


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[datetime]:
    """Tell the story once for all tests of this file, and take it back."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        assert seed_demo(at=AT)
        yield AT
        transaction.set_rollback(True)


@pytest.fixture
def told(demo: datetime, db: None) -> datetime:
    return demo


def user(login: str) -> User:
    found: User = User.objects.get(email=f"{login}@demo.test")
    return found


def test_demo_has_every_sign_in(told: datetime) -> None:
    roles = {User.objects.get(email=email).role for email, _words in SIGN_INS}
    assert len(SIGN_INS) == 6
    assert roles == {"administrator", "coordinator", "mentor", "finance", "observer"}
    assert all(User.objects.get(email=email).check_password(PASSWORD) for email, _words in SIGN_INS)


def test_demo_told_twice_changes_nothing(told: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    before = Event.objects.count()
    call_command("seed_demo")
    assert "already there; nothing was changed" in capsys.readouterr().out
    assert Event.objects.count() == before


def test_demo_scope_shows(told: datetime) -> None:
    seen = {
        login: sorted(Village.objects.visible_to(user(login)).values_list("name", flat=True))
        for login in ("sari", "made", "ina", "joko", "observer")
    }
    supported, known = ["Pangean", "Parengan"], ["Pangean", "Parengan", "Siwuran"]
    assert seen == {"sari": known, "made": supported, "ina": ["Sukarara"], "joko": supported, "observer": known}


def test_demo_counts_its_candidate_apart(told: datetime) -> None:
    counts = Village.objects.visible_to(user("sari")).by_group()
    assert counts == {"desa_devisa": 2, "candidate": 1, "out": 0}


def test_demo_has_an_inventory_and_leads(told: datetime) -> None:
    seen = BusinessUnit.objects.visible_to(user("sari"))
    assert seen.tally() == {"verified": 7, "direct": 2, "indirect": 2, "leads": 3}
    assert list(seen.filter(village=None).order_by("name").values_list("region_id", flat=True)) == ["35.78", "35.24"]
    names = dict.fromkeys(("Sentra Tenun Parengan", "Tenun Bu Rokhayah"), Decimal(200))
    assert {
        unit.name: pieces_in(Decimal(10), "kodi", unit.product_units.all()) for unit in seen.filter(name__in=names)
    } == names
    states = {line.state for line in legality_of(seen.get(name="Dapur Bandeng Pangean"), on=told.date())}
    assert states == set(LegalityState)
    assert not Session.objects.visible_to(user("ina")).filter(cohorts__village__name="Parengan").exists()


def test_demo_people_share_lack_and_refuse_numbers(told: datetime) -> None:
    people = Person.objects.filter(village__name="Parengan")
    assert people.count() == 24
    assert people.filter(contacts__contact_point__number="+6281200000001").count() == 5
    assert people.filter(contacts__relation="village_contact").count() == 3
    assert people.filter(contacts__isnull=True).count() == 1
    assert people.filter(consents__isnull=True).count() == 1
    assert ContactPoint.objects.filter(state=ContactState.OPTED_OUT).count() == 1
    real = ContactPoint.objects.exclude(number__startswith="+6281200000").exclude(number__endswith="@demo.test")
    assert not real.exists()  # staff without a number are told by e-mail: of claims, and of what waits


def test_demo_cohorts_are_owed_all_eleven_modules(told: datetime) -> None:
    whole = Cohort.objects.exclude(name=NAME)
    assert set(whole.annotate(n=Count("requirements")).values_list("n", flat=True)) == {11}
    assert Requirement.objects.values("module").distinct().count() == 11


def test_demo_has_sessions_behind_and_ahead(told: datetime) -> None:
    states = Counter(Session.objects.values_list("state", flat=True))
    assert states == {"closed": 13, "scheduled": 10, "cancelled": 2, "held": 1, "draft": 1}
    assert Session.objects.filter(revision=2).count() == 2
    missing = Session.objects.filter(state=SessionState.SCHEDULED, ends_at__lt=told)
    assert [session.topic for session in missing] == ["Memeriksa satu kodi"]
    week = Session.objects.upcoming(told).filter(starts_at__lt=told + timedelta(days=7))
    assert week.count() >= 4
    assert week.annotate(n=Count("cohorts")).filter(n=2).exists()


def test_demo_has_papers_with_numbers_and_minutes(told: datetime) -> None:
    assert Letterhead.objects.get().signer
    numbers = Counter(Letter.objects.values_list("kind", flat=True))
    assert numbers == {"assignment-letter": 3, "invitation": 1, "minutes": 1}
    assert sorted(Minutes.objects.values_list("state", flat=True)) == ["closed", "open"]


def test_demo_seats_are_marked_in_every_way(told: datetime) -> None:
    held = Session.objects.delivered()
    marks = Counter(held.values_list("seats__state", flat=True))
    assert all(marks[state] for state in AttendanceState if state != AttendanceState.EXPECTED)
    assert not marks[AttendanceState.EXPECTED]


def test_demo_messages_were_sent_in_their_time(told: datetime) -> None:
    assert not Message.objects.due(told).exists()
    sent = Message.objects.filter(state=MessageState.SENT)
    assert sent.count() == LoggedText.objects.count() > 400
    assert LoggedText.objects.filter(at__gt=told).count() == 0
    assert not sent.filter(settled_at__gt=told).exists()
    late = [message for message in sent if message.settled_at and message.settled_at > message.expires_at]
    assert late == []
    assert Message.objects.filter(state=MessageState.SUPERSEDED).exists()
    assert Message.objects.filter(state=MessageState.PLANNED, due_at__gt=told).exists()


def test_demo_reaches_most_and_names_the_rest(told: datetime) -> None:
    session = Session.objects.get(topic="Merancang koleksi musim depan")
    reach = reach_of(session)
    assert max(len(recipient.people) for recipient in reach.recipients) == 5
    assert len(reach.unreached) == 4
    assert ManualContact.objects.count() == 1
    assert MissedCall.objects.exists()
    assert set(Price.objects.values_list("channel", flat=True)) == {"whatsapp", "sms"}


def test_demo_visits_and_actions_are_in_every_state(told: datetime) -> None:
    made = Visit.objects.visible_to(user("made"))
    assert set(made.values_list("state", flat=True)) == set(VisitState.values)
    assert not Visit.objects.filter(cohort__isnull=True).exists()
    items = ActionItem.objects.filter(village__name="Parengan")
    assert set(items.values_list("state", flat=True)) >= {ActionState.OPEN, ActionState.DONE, ActionState.DROPPED}
    assert items.overdue(told.date()).exists()
    assert items.open().filter(Q(due_on__gte=told.date())).exists()


def test_demo_plans_are_kept_forgotten_and_ahead(told: datetime) -> None:
    plans = VisitPlan.objects.all()
    assert Counter(plans.values_list("state", flat=True)) == {"planned": 4, "visited": 1, "cancelled": 1}
    assert [plan.mentor for plan in plans.late(told)] == [user("made")]
    assert plans.open().filter(planned_at__gt=told).count() == 3


def test_demo_phone_of_a_mentor_has_something_of_everything(told: datetime) -> None:
    made = user("made")
    pack = pack_of(made, at=told).content
    states = {visit["state"] for visit in pack["visits"] if visit["mentor"]["id"] == made.pk}
    assert states >= {"draft", "returned", "approved"}
    assert all(visit["comment"] for visit in pack["visits"] if visit["state"] == "returned")
    assert any(item["due_on"] and item["due_on"] < str(told.date()) for item in pack["items"])
    assert [plan["late"] for plan in pack["plans"]].count(True) == 1
    going_on = [row for row in pack["sessions"] if row["starts_at"] <= told.isoformat() < row["ends_at"]]
    assert [row["title"] for row in going_on] == ["Memotret kain untuk pembeli"]
    assert len(going_on[0]["seats"]) > 10


def test_demo_staff_and_trainers_are_told_too(told: datetime) -> None:
    plan_notices(at=told)
    staff = Message.objects.filter(user__isnull=False)
    assert set(staff.values_list("kind", "user__name")) >= {
        ("visit_tomorrow", "Made Suryana"),
        ("visit_returned", "Made Suryana"),
    }
    assert len(look_at(list(staff.values_list("pk", flat=True)), at=told)) == staff.count()
    assert Message.objects.filter(trainer__isnull=False, state=MessageState.SENT).exists()


def test_demo_shows_how_parengan_moved(told: datetime) -> None:
    rows = Assessment.objects.order_by("as_of")
    assert [*rows.values_list("village__name", "kind", "state")] == [
        ("Parengan", "mentor", "final"),
        ("Pangean", "self", "submitted"),
        ("Parengan", "lpei", "final"),
    ]
    moved = latest(Assessment.objects.visible_to(user("observer")), village=Village.objects.get(name="Parengan"))
    assert moved is not None
    assert moved.words == ("3,00", "2,38", "+0,62")
    assert [line.name for line in moved.weakest[:2]] == [str(Criterion.FINANCE.label), str(Criterion.MANAGEMENT.label)]


def test_demo_has_certificates_of_every_kind(told: datetime) -> None:
    found = eligibility_of(Cohort.objects.get(name=NAME), at=told)
    assert (len(found.holders), len(found.ready), len(found.short)) == (2, 3, 1)
    states = Counter(Certificate.objects.values_list("state", flat=True))
    assert states == {"issued": 2, "revoked": 1}


def test_demo_people_write_and_are_answered(told: datetime) -> None:
    replies = Counter(Reply.objects.values_list("intent", "state"))
    assert replies == {
        ("yes", "answered"): 1, ("no", "answered"): 1, ("schedule", "answered"): 1,
        ("free", "open"): 2, ("join", "open"): 1,
    }  # fmt: skip
    assert Message.objects.filter(kind=Kind.REPLY, state=MessageState.SENT).count() == len(WORDS)
    assert Reply.objects.get(intent="no").seats.get().rsvp_reason == "ada hajatan keluarga"


def test_demo_history_runs_forward(told: datetime) -> None:
    assert not Event.objects.filter(at__gt=told).exists()
    assert Event.objects.filter(verb="rescheduled").count() == 2


def test_demo_has_visits_to_decide_on(told: datetime) -> None:
    rows = HeldVersion.objects.visible_to(user("sari")).waiting()
    assert sorted(row.reason for row in rows) == ["clock", "closed_period", "other_version"]
