"""Codes by the first way that takes them: within limits, the same for strangers, kept nowhere."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as configured
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts import adapter
from accounts.actions import A_DAY, AN_HOUR, allow_code, spend_code
from accounts.models import CodeAllowance, CodeDay, User
from accounts.states import Role
from reminders.models import LoggedText, Message
from tests import factories
from tests.provider.process import TOKEN, Provider

pytestmark = pytest.mark.django_db

NUMBER = "+6281234567890"
ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
BESIDE = adapter.elsewhere
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def made() -> User:
    """A mentor with a phone and an e-mail, who reads Indonesian."""
    return User.objects.create_user(name="Made", role=Role.MENTOR, email="made@example.org", phone=NUMBER)


@pytest.fixture
def whatsapp(tmp_path: Path, settings: Settings) -> Iterator[Provider]:
    with Provider("whatsapp", tmp_path / "ledger", play={"templates": {"kode_masuk": 1}}) as provider:
        settings.WHATSAPP_BASE_URL = f"{provider.url}/v26.0"
        settings.WHATSAPP_TOKEN, settings.WHATSAPP_PHONE_NUMBER_ID = TOKEN, "100200300"
        settings.MESSAGE_CHANNELS = ["whatsapp", "log"]
        yield provider


@pytest.fixture
def sms(tmp_path: Path, settings: Settings) -> Iterator[Provider]:
    with Provider("sms", tmp_path / "sms-ledger") as provider:
        settings.SMS_URL, settings.SMS_TOKEN = f"{provider.url}/send", TOKEN
        settings.MESSAGE_CHANNELS = ["whatsapp", "sms"]
        yield provider


def visitor() -> Client:
    client = Client()
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = "en"
    return client


def ask(client: Client, login: str = "0812 3456 7890") -> str:
    return client.post(ASK, {"login": login}, follow=True).content.decode()


def again(client: Client) -> str:
    return client.post(CONFIRM, {"action": "resend"}, follow=True).content.decode()


def enter(client: Client, code: str) -> bool:
    client.post(CONFIRM, {"code": code})
    return "_auth_user_id" in client.session


def test_code_goes_by_whatsapp_and_signs_in(whatsapp: Provider, made: User) -> None:
    client = visitor()
    shown = ask(client)
    (entry,) = whatsapp.ledger()
    name, code = entry.text.split("\n")
    assert (entry.to, name, len(code)) == (NUMBER, "kode_masuk", 6)
    assert "If 0812-••••-890 belongs to an account, a six-digit code is on its way by WhatsApp." in shown
    assert enter(client, code)
    assert mail.outbox == []


def test_code_goes_by_sms_when_whatsapp_refuses_and_by_mail_when_all_do(
    whatsapp: Provider, sms: Provider, made: User
) -> None:
    whatsapp.faults(refuse={"131026": 1.0})
    client = visitor()
    ask(client)
    (entry,) = sms.ledger()
    assert entry.text.endswith(f"\n@testserver #{entry.text[:6]}")
    assert len(entry.text) <= 160
    sms.faults(refuse={"no_credit": 1.0})
    assert enter(client, entry.text[:6])
    other = visitor()
    ask(other)
    (letter,) = mail.outbox
    (code,) = [word for word in str(letter.body).split() if word.isdigit()]
    assert enter(other, code)


def test_code_that_was_not_answered_is_not_sent_another_way(whatsapp: Provider, sms: Provider, made: User) -> None:
    whatsapp.faults(next=["cut_after"])
    ask(visitor())
    assert len(whatsapp.ledger()) == 1
    assert not sms.ledger()
    assert not mail.outbox


def test_code_is_kept_nowhere(whatsapp: Provider, made: User, caplog: pytest.LogCaptureFixture) -> None:
    ask(visitor())
    (entry,) = whatsapp.ledger()
    code = entry.text.split("\n")[1]
    assert not Message.objects.exists()
    assert not LoggedText.objects.exists()
    assert code not in caplog.text
    assert "1234567890" not in caplog.text + str(list(CodeAllowance.objects.values_list()))


def test_page_does_not_wait_for_the_gateway(whatsapp: Provider, made: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "elsewhere", BESIDE)
    whatsapp.faults(latency=1500)
    client, began = visitor(), time.monotonic()
    ask(client)
    assert time.monotonic() - began < 1.2
    for thread in threading.enumerate():
        if thread.name == "sign-in code":
            thread.join()
    assert len(whatsapp.ledger()) == 1
    assert not mail.outbox


def test_mail_server_that_is_away_is_no_error_and_names_nobody(
    made: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    for login in ("made@example.org", "081234567890"):
        assert "on its way" in ask(visitor(), login)
    assert "a sign-in code could not be sent: ConnectionRefusedError" in caplog.text
    assert "made@" not in caplog.text


def parts(page: str) -> str:
    return page.split("<main")[1].split('name="csrf', maxsplit=1)[0]


def test_strangers_see_the_same_at_every_step(whatsapp: Provider, made: User) -> None:
    pages: list[list[str]] = []
    for login in ("081234567890", "081299999890", "made@example.org", "fade@example.org"):
        client = visitor()
        with time_machine.travel(factories.NOW, tick=False) as clock:
            seen = [parts(ask(client, login)), parts(again(client))]
            clock.shift(timedelta(seconds=61))
            seen += [parts(again(client)), parts(again(client))]
            clock.shift(timedelta(seconds=61))
            seen += [parts(again(client))]
            clock.shift(timedelta(seconds=61))
            seen += [parts(again(client)), parts(client.post(CONFIRM, {"code": "0000000"}).content.decode())]
        pages.append([page.replace("fade@", "made@") for page in seen])
    assert pages[0] == pages[1]
    assert pages[2] == pages[3]
    assert "Wait a minute" in pages[0][1]
    assert "A new code is on its way" in pages[0][2]
    assert "enough codes for now" in pages[0][5]
    assert len(whatsapp.ledger()) == AN_HOUR
    assert len(mail.outbox) == AN_HOUR


def test_new_code_works_for_ten_minutes_and_the_old_one_no_more(whatsapp: Provider, made: User) -> None:
    client = visitor()
    with time_machine.travel(factories.NOW, tick=False) as clock:
        ask(client)
        clock.shift(timedelta(minutes=9))
        again(client)
        old, new = (entry.text.split("\n")[1] for entry in whatsapp.ledger())
        clock.shift(timedelta(minutes=9))
        assert old == new or not enter(client, old)
        assert enter(client, new)


def test_fourth_code_within_an_hour_is_refused_in_words(made: User) -> None:
    with time_machine.travel(factories.NOW, tick=False) as clock:
        for _ in range(AN_HOUR):
            assert "on its way" in ask(visitor())
            clock.shift(timedelta(minutes=2))
        refused = visitor().post(ASK, {"login": "081234567890"})
    assert refused.status_code == 200
    assert "That was enough codes for now." in refused.content.decode()
    assert 'value="081234567890"' in refused.content.decode()


def test_hours_and_days_are_counted_as_they_slide(at: datetime) -> None:
    assert [allow_code(NUMBER, at=at) for _ in range(4)] == [True] * 3 + [False]
    assert not allow_code(NUMBER, at=at + HOUR - timedelta(seconds=1))
    assert allow_code("other", at=at)
    late = at + HOUR + timedelta(seconds=1)
    assert [allow_code(NUMBER, at=late) for _ in range(3)] == [True, True, False]
    assert not allow_code(NUMBER, at=at + DAY - timedelta(seconds=1))
    assert allow_code(NUMBER, at=at + DAY + timedelta(seconds=1))
    assert A_DAY == 5


def test_numbers_are_forgotten_after_a_day(at: datetime) -> None:
    allow_code(NUMBER, at=at)
    allow_code("other", at=at + DAY)
    assert CodeAllowance.objects.count() == 1


def test_day_has_a_limit_and_then_codes_go_by_mail(whatsapp: Provider, made: User, settings: Settings) -> None:
    settings.CODES_A_DAY = 1
    ask(visitor())
    ask(visitor())
    assert (len(whatsapp.ledger()), len(mail.outbox)) == (1, 1)


def test_day_ends_at_midnight_in_jakarta(at: datetime, settings: Settings) -> None:
    settings.CODES_A_DAY = 2
    assert [spend_code(at=at) for _ in range(3)] == [True, True, False]
    assert not spend_code(at=at + timedelta(hours=13, minutes=59))
    assert spend_code(at=at + timedelta(hours=14))
    assert CodeDay.objects.count() == 2


def at_once(number: int, counted: object) -> int:
    barrier = threading.Barrier(number)

    def one(_index: int) -> bool:
        try:
            barrier.wait()
            return bool(counted())  # type: ignore[operator]
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as people:
        return sum(people.map(one, range(number)))


@pytest.mark.django_db(transaction=True)
def test_limits_hold_when_many_ask_at_once(at: datetime, settings: Settings) -> None:
    settings.CODES_A_DAY = 4
    assert at_once(12, lambda: allow_code(NUMBER, at=at)) == AN_HOUR
    assert at_once(12, lambda: spend_code(at=at)) == 4


@pytest.mark.django_db(transaction=True)
def test_limits_would_not_hold_by_looking_first(at: datetime) -> None:
    looked = threading.Barrier(12)

    def naive() -> bool:
        sent = CodeDay.objects.filter(day=at.date()).values_list("sent", flat=True).first() or 0
        looked.wait()
        CodeDay.objects.update_or_create(day=at.date(), defaults={"sent": sent + 1})
        return sent < 4

    assert at_once(12, naive) > 4


def test_page_offers_a_new_code_after_a_minute(made: User) -> None:
    client = visitor()
    with time_machine.travel(factories.NOW, tick=False) as clock:
        assert 'data-wait="60"' in ask(client)
        clock.shift(timedelta(seconds=45))
        assert 'data-wait="15"' in client.get(reverse("account_confirm_login_code")).content.decode()
        clock.shift(timedelta(seconds=45))
        assert 'data-wait="0"' in client.get(CONFIRM).content.decode()
