"""Signing in by token."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts.models import User
from common.models import Event
from tests.api.conftest import Caller
from tests.factories import PASSWORD, UserFactory
from villages.models import Village

LOGIN = "/api/v1/auth/login/"


@pytest.mark.parametrize("login", ["0812 3456 7890", "62812-3456-7890", "+62 812 3456 7890", "Made@Example.org"])
def test_login_takes_every_form_of_e_mail_and_phone(ask: Caller, login: str) -> None:
    UserFactory.create(name="Made", email="made@example.org", phone="+6281234567890")
    answer = ask(None).post(LOGIN, {"login": login, "password": PASSWORD})
    assert answer.status_code == 200, answer.data
    assert set(answer.data) == {"token", "expiry", "user"}
    assert answer.data["user"]["name"] == "Made"
    assert answer.data["expiry"].endswith("Z")
    assert answer["Cache-Control"] == "no-store"


def test_token_opens_me_until_logout(ask: Caller, sari: User) -> None:
    token = ask(None).post(LOGIN, {"login": sari.email, "password": PASSWORD}).data["token"]
    client = APIClient(headers={"Authorization": f"Token {token}"})
    assert client.get("/api/v1/me/").data["name"] == "Sari"
    assert client.post("/api/v1/auth/logout/").status_code == 204
    refused = client.get("/api/v1/me/")
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"] == "Token"
    assert list(Event.objects.about(sari).order_by("pk").values_list("verb", flat=True)) == [
        "token_opened",
        "token_closed",
    ]


def test_token_ends_with_its_day_and_with_the_account(ask: Caller, sari: User) -> None:
    client = ask(sari)
    AuthToken.objects.update(expiry=now() - timedelta(seconds=1))
    assert client.get("/api/v1/me/").status_code == 401
    AuthToken.objects.update(expiry=now() + timedelta(days=1))
    assert client.get("/api/v1/me/").status_code == 200
    User.objects.update(is_active=False)
    assert client.get("/api/v1/me/").status_code == 401


def test_unknown_account_wrong_password_and_closed_account_sound_the_same(ask: Caller, sari: User) -> None:
    UserFactory.create(email="closed@example.org", is_active=False)
    answers = [
        ask(None).post(LOGIN, {"login": login, "password": password})
        for login, password in (
            ("nobody@example.org", PASSWORD),
            (str(sari.email), "wrong"),
            ("closed@example.org", PASSWORD),
            ("081299999999", PASSWORD),
            ("not a number", PASSWORD),
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data["detail"] for answer in answers}) == 1
    assert not AuthToken.objects.exists()


def test_guessing_is_stopped_whatever_address_the_guesser_claims(ask: Caller, sari: User) -> None:
    answers = [
        ask(None).post(
            LOGIN, {"login": sari.email, "password": str(guess)}, headers={"X-Forwarded-For": f"10.0.0.{guess}"}
        )
        for guess in range(7)
    ]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2
    assert answers[-1]["Retry-After"] == "300"
    assert answers[-1].data["code"] == "throttled"
    assert ask(None).post(LOGIN, {"login": sari.email, "password": PASSWORD}).status_code == 429


@pytest.mark.parametrize(
    "header", ["Token", "Token a b", "Token \xff\xfe", "Token \x00", "Bearer abc", "Token " + "f" * 9000]
)
def test_broken_tokens_are_refused(ask: Caller, sari: User, header: str) -> None:
    answer = APIClient().get("/api/v1/me/", HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_me_tells_my_scope_and_takes_my_language(ask: Caller, made: User, parengan: Village) -> None:
    client = ask(made)
    me = client.get("/api/v1/me/").data
    assert me["villages"] == [{"id": parengan.pk, "name": "Parengan", "place": "Parengan, Kec. Maduran, Kab. Lamongan"}]
    assert client.patch("/api/v1/me/", {"language": "id"}).data["language"] == "id"
    assert client.patch("/api/v1/me/", {"language": "xx"}).status_code == 400


def test_a_browser_session_needs_the_csrf_token(sari: User, parengan: Village) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(sari, "django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/me/").status_code == 200
    assert client.patch("/api/v1/me/", {"language": "id"}).status_code == 403
