"""The product's settings that lead its adapters to the gateway that is played."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.provider.process import TOKEN, Provider


def sms(provider: Provider) -> dict[str, Any]:
    """Any SMS gateway."""
    return {"MESSAGE_CHANNELS": ["log"], "SMS_URL": f"{provider.url}/send", "SMS_TOKEN": TOKEN}


def whatsapp(provider: Provider) -> dict[str, Any]:
    """The Cloud API."""
    return {
        "MESSAGE_CHANNELS": ["log"],
        "WHATSAPP_BASE_URL": f"{provider.url}/v26.0",
        "WHATSAPP_TOKEN": TOKEN,
        "WHATSAPP_PHONE_NUMBER_ID": "100200300",
        "WHATSAPP_APP_SECRET": "rahasia",
    }


SETTINGS: Mapping[str, Callable[[Provider], dict[str, Any]]] = {"sms": sms, "whatsapp": whatsapp}
