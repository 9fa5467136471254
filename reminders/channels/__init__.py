"""The ways a message can leave: one adapter each, named by the setting MESSAGE_CHANNELS."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from reminders.channels import sms, whatsapp
from reminders.channels.email import EmailGateway
from reminders.channels.gateway import Fault, Gateway
from reminders.channels.log import LogGateway
from reminders.channels.sms import SmsGateway
from reminders.channels.whatsapp import WhatsAppGateway
from reminders.states import Channel

GATEWAYS: dict[str, type[Gateway]] = {
    Channel.WHATSAPP: WhatsAppGateway,
    Channel.SMS: SmsGateway,
    Channel.EMAIL: EmailGateway,
    Channel.LOG: LogGateway,
}
HERE = (None, "localhost", "127.0.0.1", "::1")
WAYS = (*GATEWAYS, str(Channel.MANUAL))  # people are a way too, without an adapter


def refuse_unknown() -> None:
    """Stop the start, in one line, when the setting names a way that this release does not have."""
    unknown = [name for name in settings.MESSAGE_CHANNELS if name not in WAYS]
    if unknown or not settings.MESSAGE_CHANNELS:
        named = ", ".join(unknown) or "nothing"
        raise SystemExit(f"MESSAGE_CHANNELS names {named}; this release has: {', '.join(WAYS)}.")


def refuse_strangers() -> None:
    """Keep the demo from writing to real phones: its people are invented, their numbers may be somebody's."""
    addresses: dict[str, str] = {Channel.WHATSAPP: settings.WHATSAPP_BASE_URL, Channel.SMS: settings.SMS_URL}
    named = [name for name in settings.MESSAGE_CHANNELS if urlsplit(addresses.get(name, "")).hostname not in HERE]
    if settings.DEMO and named:
        raise SystemExit(
            f"MESSAGE_CHANNELS names {', '.join(named)}, but the demo's invented numbers may be somebody's:"
            " set DEMO=false, or name a gateway on this machine."
        )


def open_gateways() -> list[Gateway]:
    """Open every way of the ladder that a machine walks, in its order; an unknown one is never replaced silently."""
    names = [name for name in settings.MESSAGE_CHANNELS if name != Channel.MANUAL]
    for name in names:
        if name not in GATEWAYS:
            raise ImproperlyConfigured(f"MESSAGE_CHANNELS names {name!r}; this release has: {', '.join(GATEWAYS)}.")
    return [GATEWAYS[name]() for name in names]


def with_people(channels: Sequence[str]) -> list[str]:
    """Add the list for people as the last rung, where the setting names it."""
    return [*channels, Channel.MANUAL.value] if Channel.MANUAL in settings.MESSAGE_CHANNELS else [*channels]


def fault_of_report(channel: str, code: str) -> Fault:
    """Tell what follows from the code of a letter that was taken and then failed; what is not known is the letter's."""
    known = {Channel.WHATSAPP: whatsapp.fault_of, Channel.SMS: sms.fault_of}.get(Channel(channel))
    return (known(code) if known else None) or Fault.LETTER
