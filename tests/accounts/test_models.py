"""Accounts are reached by e-mail or phone."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.states import Role

pytestmark = pytest.mark.django_db


def test_createsuperuser_makes_an_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "benang-lungsi-dan-pakan")
    call_command("createsuperuser", email="kepala@example.org", name="Kepala", interactive=False, verbosity=0)
    user = User.objects.get()
    assert user.role == Role.ADMINISTRATOR
    assert user.check_password("benang-lungsi-dan-pakan")


def test_account_without_e_mail_and_phone_is_refused_in_words() -> None:
    with pytest.raises(ValidationError) as refusal:
        User.objects.create_user(name="Tanpa alamat", role=Role.MENTOR)
    assert "e-mail" in str(refusal.value)


def test_account_without_password_signs_in_by_code_only() -> None:
    user = User.objects.create_user(name="Made", role=Role.MENTOR, phone="+6281200000001")
    assert not user.has_usable_password()


def test_add_account_makes_a_coordinator_who_can_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("benang-lungsi-dan-pakan\n"))
    call_command(
        "add_account", "coordinator", "Sari", email="sari@example.org", phone="0812 3456 7890", stdout=StringIO()
    )
    user = User.objects.get()
    assert (user.role, user.phone) == (Role.COORDINATOR, "+6281234567890")
    assert user.check_password("benang-lungsi-dan-pakan")


@pytest.mark.parametrize(
    ("password", "where"), [("pendek\n", {"email": "a@example.org"}), ("\n", {}), ("\n", {"phone": "0812"})]
)
def test_add_account_refuses_in_words(monkeypatch: pytest.MonkeyPatch, password: str, where: dict[str, str]) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(password))
    with pytest.raises(CommandError):
        call_command("add_account", "mentor", "Made", **where)
    assert not User.objects.exists()
