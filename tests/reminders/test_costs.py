"""What messages cost: counted once, by the price of their day, unknown prices in words; and the prices themselves."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from accounts.models import User
from programs.models import Cohort, Session
from reminders.costs import Cost, Costs, costs_of
from reminders.models import Message, Price
from reminders.reading.preview import estimate
from reminders.states import Category, Channel, Kind, MessageState
from tests import factories
from tests.reminders.worlds import happened, household, meeting

COSTS, PRICES = "/messages/costs/", "/messages/costs/prices/"


@pytest.fixture
def session(cohort: Cohort, at: datetime) -> Session:
    household(cohort, "Lidia Wati")
    return meeting(cohort, at + timedelta(days=7))


def gone(session: Session | None, at: datetime, **columns: object) -> Message:
    """Have a text that left."""
    state = {"state": MessageState.DELIVERED, "begun_at": at, "settled_at": at, "channel": Channel.WHATSAPP}
    if session is None:
        state |= {"session": None, "revision": None, "subject_type": "mentoring.visit", "subject_id": "1"}
        state |= {"expires_at": at + timedelta(days=1), "kind": Kind.VISIT_TOMORROW}
    return factories.MessageFactory.create(**({"session": session} | state | columns))


def total(user: User, year: int = 2026) -> Cost:
    return costs_of(user, year=year).total


def by_channel(costs: Costs) -> dict[str, Cost]:
    return dict(costs.ways)


def test_whatsapp_is_billed_when_delivered_and_sms_by_its_parts(session: Session, sari: User, at: datetime) -> None:
    factories.PriceFactory.create(channel=Channel.WHATSAPP, category="utility", amount=Decimal("412.50"))
    factories.PriceFactory.create(channel=Channel.SMS, amount=350)
    gone(session, at)
    gone(session, at, state=MessageState.SENT)  # on its way: not billed yet
    gone(session, at, billable=False)  # free, within the day after an answer
    gone(session, at, state=MessageState.SENT, billable=True)
    gone(session, at, channel=Channel.SMS, state=MessageState.SENT, units=2)
    gone(session, at, channel=Channel.LOG, state=MessageState.SENT)
    gone(session, at, channel=Channel.MANUAL)
    found = costs_of(sari, year=2026)
    assert found.total == Cost(texts=7, units=4, rupiah=Decimal("1525.00"), unpriced=0)
    ways = {(line.slot.channel, line.slot.category): line.cost.rupiah for line in found.lines}
    assert ways[Channel.WHATSAPP, Category.UTILITY] == Decimal("825.00")
    assert ways[Channel.SMS, ""] == 700
    assert ways[Channel.LOG, ""] == ways[Channel.MANUAL, ""] == 0


def test_what_joined_another_text_counts_once(session: Session, sari: User, at: datetime) -> None:
    first = gone(session, at, channel=Channel.SMS)
    gone(session, at, channel=Channel.SMS, state=MessageState.JOINED, joined_to=first)
    gone(session, at, state=MessageState.PLANNED, begun_at=None, settled_at=None)
    gone(session, at, state=MessageState.FAILED)
    assert total(sari).texts == 1


def test_price_is_that_of_the_day_and_of_the_category_first(session: Session, sari: User) -> None:
    factories.PriceFactory.create(channel=Channel.WHATSAPP, category="", amount=100, valid_from=date(2026, 1, 1))
    factories.PriceFactory.create(channel=Channel.WHATSAPP, category="", amount=200, valid_from=date(2026, 6, 1))
    factories.PriceFactory.create(
        channel=Channel.WHATSAPP, category=Category.MARKETING, amount=700, valid_from=date(2026, 1, 1)
    )
    gone(session, datetime(2026, 5, 31, 16, 59, tzinfo=UTC))  # still 31 May in western Indonesia
    gone(session, datetime(2026, 5, 31, 17, 0, tzinfo=UTC))  # 1 June there
    gone(session, datetime(2026, 7, 1, tzinfo=UTC), category="marketing")
    found = costs_of(sari, year=2026)
    assert [(month, cost.rupiah) for month, _cells, cost in found.table] == [
        (5, Decimal(100)),
        (6, Decimal(200)),
        (7, Decimal(700)),
    ]


def test_unknown_price_is_no_number(session: Session, sari: User, at: datetime) -> None:
    gone(session, at)
    gone(session, at, channel=Channel.SMS, units=3)
    assert total(sari) == Cost(texts=2, units=4, rupiah=Decimal(0), unpriced=4)


def test_year_is_that_of_western_indonesia(session: Session, sari: User) -> None:
    gone(session, datetime(2026, 12, 31, 17, 0, tzinfo=UTC))
    assert (total(sari, 2026).texts, total(sari, 2027).texts) == (0, 1)


def test_staff_notices_stand_under_the_team(
    session: Session, admin: User, sari: User, made: User, at: datetime
) -> None:
    gone(session, at)
    gone(None, at, user=made)
    gone(None, at, subject_id="2")
    with translation.override("en"):
        names = [account.name for account in costs_of(admin, year=2026).accounts]
    assert names == ["Desa Devisa 2026", "Other messages", "Team"]
    assert [account.name for account in costs_of(sari, year=2026).accounts] == ["Desa Devisa 2026"]


def test_another_coordinator_counts_nothing(session: Session, rina: User, at: datetime) -> None:
    gone(session, at)
    assert costs_of(rina, year=2026).lines == []


def test_counting_is_one_query_for_one_and_many(session: Session, sari: User, at: datetime) -> None:
    for more in (1, 6):
        for _ in range(more):
            gone(session, at)
        with CaptureQueriesContext(connection) as queries:
            costs_of(sari, year=2026)
        assert len(queries) == 1


def test_estimate_before_sending(settings: object, at: datetime, db: None) -> None:
    factories.PriceFactory.create(channel=Channel.WHATSAPP, category=Category.UTILITY, amount=350)
    assert estimate(19) is None  # the log costs nothing
    settings.MESSAGE_CHANNELS = ["whatsapp", "sms"]  # type: ignore[attr-defined]
    assert estimate(19) == 6650
    assert estimate(0) is None
    Price.objects.all().delete()
    assert estimate(19) is None


# -- pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(reader: Client, sari: User, clock: object) -> Client:
    reader.force_login(sari)
    return reader


@pytest.fixture
def keeper(reader: Client, admin: User, clock: object) -> Client:
    reader.force_login(admin)
    return reader


def test_page_shows_the_year_and_says_what_is_not_known(desk: Client, session: Session, at: datetime) -> None:
    factories.PriceFactory.create(channel=Channel.SMS, amount=350)
    gone(session, at, channel=Channel.SMS, units=2)
    page = desk.get(COSTS).content.decode()
    assert "Rp700" in page
    assert "October" in page
    gone(session, at)
    page = desk.get(COSTS).content.decode()
    assert "The price of 1 billed unit is not known" in page
    assert "price not known" in page
    assert "Enter the prices" not in page  # that is for who keeps the system


@pytest.mark.parametrize(("year", "status"), [("2025", 200), ("x", 200), ("1999", 404), ("99999", 404), ("-1", 200)])
def test_year_is_asked_for(desk: Client, year: str, status: int) -> None:
    assert desk.get(f"{COSTS}?year={year}").status_code == status


def test_year_without_messages_says_so(desk: Client) -> None:
    assert "Nothing left in this year" in desk.get(COSTS).content.decode()


def test_table_is_downloaded(desk: Client, session: Session, at: datetime) -> None:
    gone(session, at, channel=Channel.SMS)
    text = desk.get(f"{COSTS}csv/").content.decode()
    assert "Desa Devisa 2026;2026-10;SMS;;1;1;price not known" in text
    answer = desk.get(f"{COSTS}xlsx/?year=2026")
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(answer.content)).active.iter_rows()]
    assert rows[0][:3] == ["Program", "Month", "Channel"]
    assert rows[1][0] == "Desa Devisa 2026"
    assert desk.get(f"{COSTS}pdf/").status_code == 404


@pytest.mark.parametrize("name", ["made", "joko", "observer"])
def test_costs_are_for_the_desk(reader: Client, request: pytest.FixtureRequest, name: str) -> None:
    reader.force_login(request.getfixturevalue(name))
    for address in (COSTS, f"{COSTS}csv/", PRICES):
        assert reader.get(address).status_code == 403


GIVEN = {"channel": "whatsapp", "category": "utility", "valid_from": "2026-03-01", "source": "Laman Meta, Maret 2026"}


@pytest.mark.parametrize(
    ("typed", "kept"), [("412,50", "412.50"), ("350", "350.00"), ("1.250,5", "1250.50"), ("Rp 25", "25.00")]
)
def test_price_is_written_as_people_write_rupiah(keeper: Client, typed: str, kept: str) -> None:
    assert keeper.post(PRICES, {**GIVEN, "amount": typed}).status_code == 302
    price = Price.objects.get()
    assert price.amount == Decimal(kept)
    assert happened(price) == ["price_set"]
    assert "Laman Meta" in keeper.get(PRICES).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "12.5"}, "Write rupiah such as"),
        ({"amount": "-1"}, "Write rupiah such as"),
        ({"amount": "99.999.999"}, "Write rupiah such as"),
        ({"amount": ""}, "This field is required"),
        ({"amount": "1", "channel": "sms"}, "An SMS has no category"),
        ({"amount": "1", "channel": "fax"}, "Select a valid choice"),
        ({"amount": "1", "source": ""}, "This field is required"),
        ({"amount": "1", "valid_from": "13/13/2026"}, ""),
    ],
)
def test_wrong_price_is_said_and_nothing_is_lost(keeper: Client, wrong: dict[str, str], sentence: str) -> None:
    answer = keeper.post(PRICES, {**GIVEN, **wrong})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Price.objects.exists()


def test_second_price_of_one_day_is_refused(keeper: Client) -> None:
    keeper.post(PRICES, {**GIVEN, "amount": "350"})
    again = keeper.post(PRICES, {**GIVEN, "amount": "400"})
    assert again.status_code == 409
    assert "There is already a price of this channel" in again.content.decode()


def test_price_is_corrected_and_taken_away(keeper: Client) -> None:
    price = factories.PriceFactory.create()
    address = f"{PRICES}{price.pk}/"
    assert 'value="350"' in keeper.get(address).content.decode()
    changed = {"channel": "sms", "category": "", "valid_from": "2026-01-01", "source": "Kontrak", "amount": "375"}
    assert keeper.post(address, changed).status_code == 302
    price.refresh_from_db()
    assert (price.amount, price.source) == (Decimal(375), "Kontrak")
    assert keeper.get(f"{address}remove/").status_code == 302
    assert keeper.post(f"{address}remove/").status_code == 302
    assert happened(price) == ["price_changed", "price_removed"]
    assert keeper.get(address).status_code == 404


def test_coordinator_changes_no_price(desk: Client) -> None:
    price = factories.PriceFactory.create()
    for address in (PRICES, f"{PRICES}{price.pk}/", f"{PRICES}{price.pk}/remove/"):
        assert desk.post(address).status_code == 403


def test_database_holds_no_price_below_nothing(db: None) -> None:
    with pytest.raises(IntegrityError, match="price_is_not_below_nothing"), transaction.atomic():
        factories.PriceFactory.create(amount=-1)
