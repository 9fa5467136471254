"""The ladder: what it may name, and that the demo writes to nobody."""

import pytest
from pytest_django import Settings

from reminders.channels import GATEWAYS, refuse_strangers, refuse_unknown
from reminders.channels.gateway import WIDEST
from reminders.states import Channel


def test_every_channel_has_an_adapter_but_the_one_for_people() -> None:
    assert set(Channel) - set(GATEWAYS) == {Channel.MANUAL}
    for name, gateway in GATEWAYS.items():
        assert gateway.channel == name
        assert 1 <= gateway.width <= WIDEST


def test_unknown_rung_stops_the_start_in_one_line(settings: Settings) -> None:
    settings.MESSAGE_CHANNELS = ["whatsapp", "sms", "email", "manual", "log"]
    refuse_unknown()
    for wrong in (["pigeon"], []):
        settings.MESSAGE_CHANNELS = wrong
        with pytest.raises(SystemExit, match="this release has: whatsapp, sms, email, log, manual"):
            refuse_unknown()


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_demo_writes_to_no_real_phone(settings: Settings, channel: str) -> None:
    settings.MESSAGE_CHANNELS = [channel, "email", "manual", "log"]
    settings.WHATSAPP_BASE_URL, settings.SMS_URL = "https://graph.facebook.com/v26.0", "https://sms.example/send"
    refuse_strangers()
    settings.DEMO = True
    with pytest.raises(SystemExit, match=f"names {channel}, but the demo"):
        refuse_strangers()
    settings.WHATSAPP_BASE_URL = settings.SMS_URL = "http://127.0.0.1:9000/v26.0"
    refuse_strangers()
