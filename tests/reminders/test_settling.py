"""What gateways report: late, twice, out of order, without names; each word finds its message and the highest holds."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.models import Cohort, Session
from reminders.channels.gateway import Guarantee
from reminders.channels.heard import Report
from reminders.hearing import hear_reports
from reminders.models import DeliveryEvent, GatewayEvent, Message, Refusal
from reminders.settling import settle_reports
from reminders.states import Channel, Kind, MessageState
from tests.reminders.postmen import SILENT, TAKEN, Postman, tick
from tests.reminders.worlds import household, meeting, plan
from villages.models import ContactPoint

WEEK = timedelta(days=7)
SENT, DELIVERED, READ, FAILED = (
    MessageState.SENT,
    MessageState.DELIVERED,
    MessageState.READ,
    MessageState.FAILED,
)


@pytest.fixture
def session(cohort: Cohort, at: datetime) -> Session:
    """Next week's session, planned for one household."""
    household(cohort, "Lidia Wati")
    session = meeting(cohort, at + WEEK)
    plan(session, at=at)
    return session


def told(at: datetime, says: Any = TAKEN) -> Message:
    """Hand the invitation to WhatsApp."""
    postman = Postman(says, channel=Channel.WHATSAPP, guarantee=Guarantee.ECHO)
    tick(at, postman)
    return invitation()


def invitation() -> Message:
    """Read the one invitation."""
    return Message.objects.get(kind=Kind.INVITATION)


def report(state: MessageState, at: datetime, **columns: Any) -> Report:
    """Be one word about the first letter of WhatsApp."""
    facts = {"channel": Channel.WHATSAPP, "provider_id": "whatsapp-1", **columns}
    return Report(state=state, at=at, **facts)


def hear(reports: Iterable[Report], at: datetime) -> int:
    """Hear them and put them beside their messages."""
    hear_reports([*reports], at=at)
    return settle_reports(at=at)


def number() -> str:
    """Read the one number."""
    return ContactPoint.objects.get().number


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(
    ("states", "state"),
    [
        ([SENT], SENT),
        ([SENT, DELIVERED, READ], READ),
        ([READ, SENT, DELIVERED], READ),
        ([DELIVERED, DELIVERED, SENT], DELIVERED),
        ([DELIVERED, FAILED], DELIVERED),
        ([READ, FAILED, SENT], READ),
    ],
)
def test_highest_word_holds_in_whatever_order(
    session: Session, at: datetime, states: list[MessageState], state: MessageState, *, together: bool
) -> None:
    told(at)
    later = at + timedelta(seconds=9)
    reports = [report(each, later) for each in states]
    for some in [reports] if together else [[each] for each in reports]:
        hear(some, at)
    assert (invitation().state, invitation().settled_at) == (state, at)
    words = DeliveryEvent.objects.filter(at=later).values_list("state", flat=True)
    assert sorted(words) == sorted({*states})
    assert not GatewayEvent.objects.filter(settled_at=None).exists()


def test_arrival_undoes_a_failure_that_came_first(session: Session, at: datetime) -> None:
    told(at)
    hear([report(FAILED, at, code="131049")], at)
    assert invitation().state == MessageState.PLANNED
    hear([report(SENT, at)], at)
    assert invitation().state == MessageState.PLANNED  # it had been sent, and failed
    hear([report(DELIVERED, at)], at)
    assert (invitation().state, invitation().lease_until) == (DELIVERED, None)


def test_failed_report_takes_the_next_rung_while_it_is_of_use(session: Session, at: datetime) -> None:
    told(at)
    hear([report(FAILED, at, code="131026", billable=False, category="utility")], at)
    message = invitation()
    assert (message.state, message.failed_channels, message.code) == (MessageState.PLANNED, ["whatsapp"], "131026")
    assert (message.billable, message.category, message.begun_at) == (False, "utility", None)
    assert Refusal.objects.get().channel == "whatsapp"
    sms = Postman()
    tick(at, Postman(channel=Channel.WHATSAPP), sms)
    assert (len(sms.letters), invitation().channel) == (1, "sms")


def test_passing_failure_is_tried_again_on_the_same_channel(session: Session, at: datetime) -> None:
    told(at)
    hear([report(FAILED, at, code="130429")], at)
    assert (invitation().failed_channels, invitation().tries) == ([], 1)
    assert invitation().due_at == at + timedelta(seconds=30)


def test_failure_that_is_reported_too_late_is_final(session: Session, at: datetime) -> None:
    told(at)
    hear([report(FAILED, at + WEEK, code="131026")], at + WEEK)
    assert (invitation().state, invitation().code) == (FAILED, "131026")


def test_what_joined_follows_its_carrier(cohort: Cohort, session: Session, at: datetime) -> None:
    plan(meeting(cohort, session.starts_at + timedelta(hours=3)), at=at)
    postman = Postman(channel=Channel.WHATSAPP)
    tick(at, postman)
    rows = Message.objects.filter(kind=Kind.INVITATION).order_by("pk")
    assert sorted(rows.values_list("state", flat=True)) == ["accepted", "joined"]
    hear([report(DELIVERED, at)], at)
    assert sorted(rows.values_list("state", flat=True)) == ["delivered", "joined"]


def test_what_joined_is_planned_again_with_its_carrier(cohort: Cohort, session: Session, at: datetime) -> None:
    plan(meeting(cohort, session.starts_at + timedelta(hours=3)), at=at)
    tick(at, Postman(channel=Channel.WHATSAPP))
    hear([report(FAILED, at, code="131026")], at)
    rows = Message.objects.filter(kind=Kind.INVITATION)
    assert {(row.state, row.joined_to, *row.failed_channels) for row in rows} == {("planned", None, "whatsapp")}
    sms = Postman()
    tick(at, sms)
    assert len(sms.letters) == 1


def test_letter_without_an_answer_is_found_by_our_key(cohort: Cohort, session: Session, at: datetime) -> None:
    plan(meeting(cohort, session.starts_at + timedelta(hours=3)), at=at)
    tick(at, Postman(SILENT, channel=Channel.WHATSAPP))
    carrier = Message.objects.get(joined_to=None, state=MessageState.UNKNOWN)
    hear([report(DELIVERED, at, key=carrier.key)], at)
    carrier.refresh_from_db()
    assert (carrier.state, carrier.provider_id) == (DELIVERED, "whatsapp-1")
    assert carrier.joined.get().state == MessageState.JOINED
    hear([report(READ, at)], at)
    carrier.refresh_from_db()
    assert carrier.state == READ


def test_letter_without_an_answer_is_found_by_its_number_when_it_is_the_only_one(
    session: Session, at: datetime
) -> None:
    told(at, SILENT)
    assert hear([report(SENT, at - timedelta(seconds=1), recipient=number())], at) == 1  # clocks differ by a second
    assert (invitation().state, invitation().provider_id, invitation().note) == (SENT, "whatsapp-1", "")


@pytest.mark.parametrize(
    "columns",
    [
        {"key": uuid4()},  # a letter of ours that is no message: a sign-in code
        {"channel": Channel.SMS},
        {"recipient": "+6281299999999"},
        {"recipient": ""},
        {"at": -1},
    ],
)
def test_report_that_is_not_about_it_waits(session: Session, at: datetime, columns: dict[str, Any]) -> None:
    told(at, SILENT)
    moment = at - timedelta(hours=1) if columns.pop("at", 0) else at
    assert hear([report(DELIVERED, moment, **{"recipient": number(), **columns})], at) == 0
    assert invitation().state == MessageState.UNKNOWN
    assert GatewayEvent.objects.filter(settled_at=None).count() == 1


def test_number_with_two_open_letters_is_no_name(cohort: Cohort, session: Session, at: datetime) -> None:
    told(at, SILENT)
    other = meeting(cohort, session.starts_at + timedelta(days=1))
    plan(other, at=at)
    tick(at + timedelta(hours=2), Postman(SILENT, channel=Channel.WHATSAPP))
    assert Message.objects.filter(state=MessageState.UNKNOWN).count() == 2
    assert hear([report(DELIVERED, at + timedelta(hours=3), recipient=number())], at + timedelta(hours=3)) == 0


def test_two_names_for_one_open_letter_are_no_name(session: Session, at: datetime) -> None:
    told(at, SILENT)
    reports = [report(DELIVERED, at, provider_id=name, recipient=number()) for name in ("one", "two")]
    assert hear(reports, at) == 0
    assert invitation().state == MessageState.UNKNOWN


def test_report_that_is_faster_than_the_answer(session: Session, at: datetime, settings: Any) -> None:
    settings.CHANNEL_RATES = {}  # one thread sees all of it

    def quick(letter: Any) -> Any:
        hear([report(DELIVERED, at, key=letter.key)], at)
        return TAKEN

    told(at, quick)
    assert (invitation().state, invitation().provider_id) == (DELIVERED, "whatsapp-1")


def test_report_waits_for_its_letter_and_is_closed_after_a_day(session: Session, at: datetime) -> None:
    early = report(DELIVERED, at, provider_id="whatsapp-1")
    assert hear([early], at) == 0
    told(at)  # its answer comes only now; each tick looks again
    assert invitation().state == MessageState.ACCEPTED
    assert settle_reports(at=at) == 1
    hear([report(DELIVERED, at, provider_id="of somebody else")], at)
    settle_reports(at=at + timedelta(hours=25))
    assert not GatewayEvent.objects.filter(settled_at=None).exists()


def test_costs_are_kept_even_when_they_come_last(session: Session, at: datetime) -> None:
    told(at)
    hear([report(READ, at)], at)
    hear([report(SENT, at, billable=True, category="utility")], at)
    assert (invitation().state, invitation().billable, invitation().category) == (READ, True, "utility")


def test_human_word_gives_way_to_the_gateways(session: Session, at: datetime) -> None:
    message = told(at, SILENT)
    Message.objects.filter(pk=message.pk).update(state=FAILED)
    hear([report(DELIVERED, at, key=message.key)], at)
    assert invitation().state == DELIVERED


def test_same_queries_for_one_report_and_for_seven(cohort: Cohort, at: datetime) -> None:
    counts, keys = [], list[UUID]()
    for n in range(8):
        household(cohort, f"Penenun {n}")
    plan(meeting(cohort, at + WEEK), at=at)
    told_to = Postman(SILENT, channel=Channel.WHATSAPP)
    tick(at, told_to)
    keys = [letter.key for letter in told_to.letters]
    for some in (keys[:1], keys[1:]):
        hear_reports([report(SENT, at, provider_id=str(key), key=key) for key in some], at=at)
        with CaptureQueriesContext(connection) as queries:
            assert settle_reports(at=at) == len(some)
        counts.append(len(queries))
    assert counts[0] == counts[1]
