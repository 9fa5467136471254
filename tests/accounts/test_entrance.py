"""Signing in: e-mail or phone, password or code, and nothing told to strangers."""

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role

pytestmark = pytest.mark.django_db

PASSWORD = "empat kata yang kuingat"
MISMATCH = {"en": "The e-mail or phone number and the password do not belong together."}


@pytest.fixture
def made() -> User:
    """A mentor with both an e-mail and a phone."""
    return User.objects.create_user(
        name="Made Suardana", role=Role.MENTOR, email="made@example.org", phone="+6281234567890", password=PASSWORD
    )


@pytest.fixture
def visitor(client: Client) -> Client:
    """Someone who reads English, so that sentences can be compared."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def sign_in(client: Client, login: str, password: str = PASSWORD) -> int | None:
    client.post(reverse("account_login"), {"login": login, "password": password})
    return int(client.session["_auth_user_id"]) if "_auth_user_id" in client.session else None


@pytest.mark.parametrize(
    "login",
    ["made@example.org", "MADE@example.org", "081234567890", "0812 3456 7890", "+62 812-3456-7890", "6281234567890"],
)
def test_sign_in_accepts_every_spelling(visitor: Client, made: User, login: str) -> None:
    assert sign_in(visitor, login) == made.pk


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("made@example.org", "wrong"),
        ("081234567890", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("081299999999", PASSWORD),
        ("made", PASSWORD),
    ],
)
@pytest.mark.usefixtures("made")
def test_sign_in_refusal_is_the_same_sentence_for_everyone(visitor: Client, login: str, password: str) -> None:
    answer = visitor.post(reverse("account_login"), {"login": login, "password": password})
    assert MISMATCH["en"] in answer.content.decode()
    assert "_auth_user_id" not in visitor.session


def test_sign_in_is_refused_to_a_closed_account(visitor: Client, made: User) -> None:
    made.is_active = False
    made.save()
    assert sign_in(visitor, "made@example.org") is None


@pytest.mark.usefixtures("made")
def test_sign_in_returns_to_the_page_asked_for(visitor: Client) -> None:
    answer = visitor.post(
        reverse("account_login") + "?next=/account/",
        {"login": "made@example.org", "password": PASSWORD, "next": "/account/"},
    )
    assert answer["Location"] == "/account/"


def test_sign_in_stays_for_ninety_days(visitor: Client, made: User) -> None:
    sign_in(visitor, made.email or "")
    assert visitor.session.get_expiry_age() > 89 * 86400


def test_sign_in_gives_the_language_of_the_account(client: Client, made: User) -> None:
    made.language = "id"
    made.save()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    sign_in(client, "made@example.org")
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "id"


def test_sign_up_is_closed(visitor: Client) -> None:
    answer = visitor.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})
    assert "Accounts are made for you" in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("login", ["made@example.org", "0812-3456-7890"])
def test_code_of_six_digits_signs_in(visitor: Client, made: User, login: str) -> None:
    visitor.post(reverse("account_request_login_code"), {"login": login})
    (letter,) = mail.outbox
    (code,) = [word for word in str(letter.body).split() if word.isdigit()]
    assert len(code) == 6
    visitor.post(reverse("account_confirm_login_code"), {"code": f"{code[:3]} {code[3:]}"})
    assert int(visitor.session["_auth_user_id"]) == made.pk


@pytest.mark.usefixtures("made")
def test_code_page_says_the_same_for_unknown_numbers() -> None:
    answers = []
    for login in ("0812-3456-7890", "0812-9999-9890"):
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        answer = client.post(reverse("account_request_login_code"), {"login": login}, follow=True)
        answers.append(answer.content.decode().split("<main")[1].split('name="csrf')[0])
    assert answers[0] == answers[1]
    assert "0812-••••-890" in answers[0]


@pytest.mark.usefixtures("made")
def test_code_that_is_wrong_is_refused_and_ends_after_five(visitor: Client) -> None:
    visitor.post(reverse("account_request_login_code"), {"login": "made@example.org"})
    for _ in range(4):
        answer = visitor.post(reverse("account_confirm_login_code"), {"code": "0000000"})
        assert "This is not the code we sent" in answer.content.decode()
    answer = visitor.post(reverse("account_confirm_login_code"), {"code": "0000000"})
    assert answer["Location"] == reverse("account_request_login_code")


@pytest.mark.parametrize("login", ["0812", "031 1234567", "made@"])
def test_code_request_with_a_broken_login_says_why(visitor: Client, login: str) -> None:
    answer = visitor.post(reverse("account_request_login_code"), {"login": login})
    assert "field-error" in answer.content.decode()


def test_code_is_never_logged_with_a_number(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    User.objects.create_user(name="Ina", role=Role.MENTOR, phone="+6281311112222")
    visitor.post(reverse("account_request_login_code"), {"login": "081311112222"})
    assert "1311112222" not in caplog.text
    assert mail.outbox == []


def test_password_change_signs_out_other_devices(visitor: Client, made: User) -> None:
    other = Client()
    sign_in(other, "made@example.org")
    sign_in(visitor, "made@example.org")
    fresh = "lima kata lain yang baru"
    answer = visitor.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    )
    assert answer["Location"] == reverse("my-account")
    assert visitor.get(reverse("my-account")).status_code == 200
    assert other.get(reverse("my-account")).status_code == 302
    made.refresh_from_db()
    assert made.check_password(fresh)


@pytest.mark.usefixtures("made")
def test_password_reset_link_works_once(visitor: Client) -> None:
    visitor.post(reverse("account_reset_password"), {"email": "made@example.org"})
    (letter,) = mail.outbox
    (link,) = [word for word in str(letter.body).split() if "/accounts/password/reset/key/" in word]
    path = "/" + link.split("/", 3)[3]
    opened = visitor.get(path, follow=True)
    fresh = "lima kata lain yang baru"
    form = opened.redirect_chain[-1][0]
    visitor.post(form, {"password1": fresh, "password2": fresh})
    assert sign_in(Client(), "made@example.org", fresh)
    late = Client()
    late.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "This link no longer works" in late.get(path, follow=True).content.decode()
