"""The operator asks whether messages can leave, and is answered in words."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from reminders.channels import http
from tests.provider.process import TOKEN, Provider


def lines() -> list[str]:
    said = StringIO()
    try:
        call_command("check_channels", stdout=said)
    except SystemExit as end:
        said.write(f"ended with {end.code}")
    return said.getvalue().splitlines()


def test_every_rung_is_asked_and_nothing_is_sent(tmp_path: Path, settings: Settings) -> None:
    settings.MESSAGE_CHANNELS = ["sms", "email", "manual", "log"]
    assert lines() == [
        "sms: cannot be asked without sending; send yourself a text.",
        "email: ready.",
        "manual: ready, needs nothing.",
        "log: ready, needs nothing.",
    ]
    with Provider("sms", tmp_path / "ledger", play={"lookup": True}) as sms:
        settings.MESSAGE_CHANNELS, settings.SMS_TOKEN = ["sms"], TOKEN
        settings.SMS = {**settings.SMS, "LOOKUP_URL": f"{sms.url}/send?key={{key}}"}
        assert lines() == ["sms: ready."]
        settings.SMS_TOKEN = "lain"
        (said, end) = lines()
        assert said.startswith("sms: does not know us. Are token, password and number right? It says: unauthorized")
        assert end == "ended with 1"
        assert not sms.ledger()


def test_gateway_that_is_away_or_odd_is_named(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MESSAGE_CHANNELS, settings.WHATSAPP_BASE_URL = ["whatsapp"], "http://127.0.0.1:1/v26.0"
    monkeypatch.setattr(http, "CONNECT", 0.5)
    assert lines()[0] == "whatsapp: not reached. Is its address right, and may this machine go out?"
    with Provider("whatsapp", tmp_path / "ledger") as meta:
        settings.WHATSAPP_BASE_URL, settings.WHATSAPP_PHONE_NUMBER_ID = f"{meta.url}/v26.0", "100200300"
        settings.WHATSAPP_TOKEN = "lain"
        assert lines()[0].startswith("whatsapp: answers, but not as expected. It says: (#100)")
