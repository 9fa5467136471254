"""Addresses that are their own key: derived from a secret of the house, so that nothing stored opens them.

A calendar program signs in nowhere; it keeps an address. The last part of `/calendar/<token>.ics` is a letter for the
kind, a key, and a keyed hash over key and version. Raising the version ends the old address.
"""

from base64 import b32encode
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import User

_MARK_BYTES = 10  # 80 bits: sixteen letters


@dataclass(frozen=True)
class Subscription:
    """A calendar that keeps itself up to date, by its address."""

    path: str

    @property
    def address(self) -> str:
        """Write the address as it is copied into a calendar."""
        return f"{settings.BASE_URL}{self.path}"

    @property
    def webcal(self) -> str:
        """Write the address that opens the phone's own calendar."""
        return f"webcal://{self.address.partition('://')[2]}"


def mark(purpose: str, key: int, version: int) -> str:
    """Write the part of an address that cannot be guessed: 16 letters and digits of RFC 4648's base32."""
    signed = salted_hmac(purpose, f"{key}:{version}", algorithm="sha256")
    return b32encode(signed.digest()[:_MARK_BYTES]).decode().lower()


def subscription(token: str) -> Subscription:
    """Write the address that a token opens."""
    return Subscription(f"/calendar/{token}.ics")


def calendar_token(user: User) -> str:
    """Write the token of the calendar of a member of staff: the sessions that they see."""
    return f"u{user.pk}-{mark('accounts.calendar', user.pk, user.calendar_version)}"
