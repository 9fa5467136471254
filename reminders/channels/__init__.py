"""The ways a message can leave: one adapter each, named by the setting MESSAGE_CHANNELS."""

from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from reminders.channels.gateway import Gateway
from reminders.channels.log import LogGateway
from reminders.states import Channel

GATEWAYS: dict[str, type[Gateway]] = {Channel.LOG: LogGateway}


def refuse_unknown() -> None:
    """Stop the start, in one line, when the setting names a way that this release does not have."""
    unknown = [name for name in settings.MESSAGE_CHANNELS if name not in (*GATEWAYS, Channel.MANUAL)]
    if unknown or not settings.MESSAGE_CHANNELS:
        named = ", ".join(unknown) or "nothing"
        raise SystemExit(f"MESSAGE_CHANNELS names {named}; this release has: {', '.join(GATEWAYS)}.")


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
