"""My account, the language switch, help and the words of errors."""

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.links import calendar_token
from accounts.models import User
from accounts.states import Role
from common.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def sari() -> User:
    """A coordinator."""
    return User.objects.create_user(name="Sari", role=Role.COORDINATOR, email="sari@example.org", language="id")


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_request_login_code",
        "account_reset_password",
        "account_signup",
        "account_reset_password_done",
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_doors_open_in_both_languages(client: Client, name: str, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(reverse(name))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in text
    assert text.count("<h1") == 1
    assert 'href="#main"' in text


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", ["my-account", "help", "account_set_password", "account_logout"])
def test_own_pages_open_in_both_languages(client: Client, sari: User, name: str, language: str) -> None:
    client.force_login(sari, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.content.decode()


def test_my_account_asks_for_sign_in(client: Client) -> None:
    assert client.get(reverse("my-account"))["Location"] == f"{reverse('account_login')}?next=/account/"


def test_my_account_masks_the_number(client: Client, sari: User) -> None:
    sari.phone = "+6281234567890"
    sari.save()
    client.force_login(sari, backend="allauth.account.auth_backends.AuthenticationBackend")
    text = client.get(reverse("my-account")).content.decode()
    assert "0812-••••-890" in text
    assert "1234567890" not in text


def test_language_switch_returns_and_keeps(client: Client, sari: User) -> None:
    client.force_login(sari, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(reverse("language-change"), {"language": "en", "next": "/account/?a=1"})
    sari.refresh_from_db()
    assert answer["Location"] == "/account/?a=1"
    assert sari.language == "en"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    event = Event.objects.get(verb="language_chosen")
    assert (event.origin, event.goal) == ("id", "en")


def test_language_switch_twice_is_one_event(client: Client, sari: User) -> None:
    client.force_login(sari, backend="allauth.account.auth_backends.AuthenticationBackend")
    for _ in range(2):
        client.post(reverse("language-change"), {"language": "en"})
    assert Event.objects.filter(verb="language_chosen").count() == 1


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_language_switch_never_leads_away(client: Client, goal: str) -> None:
    assert client.post(reverse("language-change"), {"language": "en", "next": goal})["Location"] == "/"


def test_language_unknown_changes_nothing(client: Client, sari: User) -> None:
    client.force_login(sari, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(reverse("language-change"), {"language": "xx"})
    sari.refresh_from_db()
    assert sari.language == "id"
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_language_is_not_changed_by_looking(client: Client) -> None:
    assert client.get(reverse("language-change")).status_code == 405


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_error_pages_need_no_request(name: str, language: str) -> None:
    with translation.override(language):
        text = render_to_string(f"{name}.html")
    assert text.count("<h1") == 1
    assert f'<html lang="{language}">' in text


def test_missing_page_tells_a_code_for_support(client: Client) -> None:
    answer = client.get("/there-is-no-such-page/")
    assert answer.status_code == 404
    assert answer["X-Request-Id"][:12] in answer.content.decode()


def test_own_calendar_is_offered_and_renewed(client: Client, sari: User) -> None:
    client.force_login(sari)
    old = calendar_token(sari)
    assert f"/calendar/{old}.ics" in client.get("/account/").content.decode()
    assert client.post("/account/calendar/renew/").status_code == 302
    sari.refresh_from_db()
    shown = client.get("/account/").content.decode()
    assert calendar_token(sari) in shown
    assert old not in shown
    assert [event.verb for event in Event.objects.about(sari)] == ["calendar_renewed"]
    assert client.get("/account/calendar/renew/").status_code == 405


def test_stranger_renews_no_calendar(client: Client, db: None) -> None:
    assert "/accounts/login/" in client.post("/account/calendar/renew/")["Location"]
