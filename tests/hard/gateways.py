"""The product's settings that lead its adapters to the gateway that is played."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.provider.process import TOKEN, Provider

RATE = 400  # letters a second: what Meta allows large senders


def sms(provider: Provider) -> dict[str, Any]:
    """Any SMS gateway, with the key that the played one takes."""
    key = provider.wishes.get("names", {}).get("key", "")
    return {"MESSAGE_CHANNELS": ["sms"], "SMS_URL": f"{provider.url}/send", "SMS_TOKEN": TOKEN, "SMS": {"KEY": key}}


def whatsapp(provider: Provider) -> dict[str, Any]:
    """The Cloud API."""
    return {
        "MESSAGE_CHANNELS": ["whatsapp"],
        "CHANNEL_RATES": {"whatsapp": RATE},
        "WHATSAPP_BASE_URL": f"{provider.url}/v26.0",
        "WHATSAPP_TOKEN": TOKEN,
        "WHATSAPP_PHONE_NUMBER_ID": "100200300",
        "WHATSAPP_APP_SECRET": "rahasia",
        "WHATSAPP_VERIFY_TOKEN": "rahasia",
    }


SETTINGS: Mapping[str, Callable[[Provider], dict[str, Any]]] = {"sms": sms, "whatsapp": whatsapp}
