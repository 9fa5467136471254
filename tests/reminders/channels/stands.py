"""Each adapter in front of the gateway that is played for it, once for each promise it can make."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from reminders.channels.gateway import Fault, Gateway, Guarantee, Letter, Outcome, Wording
from reminders.models import LoggedText
from reminders.states import Channel
from reminders.topics import LINK
from tests import factories
from tests.provider.ledger import Entry
from tests.provider.process import TOKEN, Provider

TO_LINK = "http://testserver/s/abc"
NUMBER_ID = "100200300"
Lead = Callable[[str, int], dict[str, Any]]


def log(_url: str, _port: int) -> dict[str, Any]:
    """Nothing to set."""
    return {}


def whatsapp(url: str, _port: int) -> dict[str, Any]:
    """Lead to the Cloud API that is played."""
    sender = {"WHATSAPP_TOKEN": TOKEN, "WHATSAPP_PHONE_NUMBER_ID": NUMBER_ID, "WHATSAPP_APP_SECRET": "rahasia"}
    return {"WHATSAPP_BASE_URL": f"{url}/v26.0", **sender}


def sms(url: str, _port: int) -> dict[str, Any]:
    """Lead to an SMS gateway that keeps no keys."""
    return {"SMS_URL": f"{url}/send", "SMS_TOKEN": TOKEN}


def sms_with_keys(url: str, port: int) -> dict[str, Any]:
    """Lead to one that keeps them."""
    return {**sms(url, port), "SMS": {**settings.SMS, "KEY": "header:Idempotency-Key"}}


def sms_with_answers(url: str, port: int) -> dict[str, Any]:
    """Lead to one that can be asked by a key that it does not keep as one."""
    return {**sms(url, port), "SMS": {**settings.SMS, "KEY": "ref", "LOOKUP_URL": f"{url}/send?key={{key}}"}}


def email(_url: str, port: int) -> dict[str, Any]:
    """Lead to the mail server that is played."""
    server = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port, "EMAIL_HOST_USER": "desa", "EMAIL_HOST_PASSWORD": TOKEN}
    plain = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_USE_TLS": False}
    return {**server, **plain, "EMAIL_USE_SSL": False, "EMAIL_TIMEOUT": 1, "DEFAULT_FROM_EMAIL": "desa@example.org"}


OF_META = {
    **dict.fromkeys(("4", "80007", "130429", "131056"), Fault.LATER),
    **dict.fromkeys(("190", "368", "131031", "131048"), Fault.STOP),
    "131026": Fault.ADDRESS,
    **dict.fromkeys(("131047", "130472", "131008", "131009", "132000", "132001", "132012", "132015"), Fault.LETTER),
}
OF_SMS = {
    **dict.fromkeys(("rate", "busy"), Fault.LATER),
    **dict.fromkeys(("unauthorized", "no_credit"), Fault.STOP),
    "bad_number": Fault.ADDRESS,
    "invalid": Fault.LETTER,
}
OF_MAIL = {
    **dict.fromkeys(("450", "451", "421"), Fault.LATER),
    **dict.fromkeys(("552", "554"), Fault.LETTER),
    "550": Fault.ADDRESS,
}


@dataclass(frozen=True)
class Place:
    """One adapter, the gateway played for it, what it promises there, and what follows from which refusal."""

    channel: Channel
    guarantee: Guarantee
    lead: Lead = log
    kind: str = ""  # of the gateway that is played; the log plays itself
    faults: Mapping[str, Fault] = field(default_factory=dict)
    wishes: Mapping[str, Any] = field(default_factory=dict)


PLACES = {
    "log": Place(Channel.LOG, Guarantee.IDEMPOTENT),
    "whatsapp": Place(Channel.WHATSAPP, Guarantee.ECHO, whatsapp, "whatsapp", OF_META, {"play": {"echo": True}}),
    "sms": Place(Channel.SMS, Guarantee.NONE, sms, "sms", OF_SMS),
    "sms with keys": Place(
        Channel.SMS,
        Guarantee.IDEMPOTENT,
        sms_with_keys,
        "sms",
        OF_SMS,
        {"names": {"key": "header:Idempotency-Key"}, "desk": {"keys": True}},
    ),
    "sms that can be asked": Place(
        Channel.SMS, Guarantee.LOOKUP, sms_with_answers, "sms", {}, {"names": {"key": "ref"}, "play": {"lookup": True}}
    ),
    "email": Place(Channel.EMAIL, Guarantee.NONE, email, "smtp", OF_MAIL, {"play": {"password": TOKEN}}),
}


@dataclass
class Stand:
    """One adapter and what is on the other side, from this moment on."""

    gateway: Gateway
    place: Place
    provider: Provider | None

    def __post_init__(self) -> None:
        """Pass by what was there before."""
        self._before, self._asked = 0, 0
        if self.provider:
            self._before, self._asked = len(self.books()), self.asked()

    def letter(self) -> Letter:
        """Write a letter to a number that nobody has had before."""
        point = factories.ContactPointFactory.create()
        address = f"ibu{point.pk}@example.org" if self.place.channel == Channel.EMAIL else point.number
        return Letter(uuid4(), point.pk, address, Wording(f"Halo Bu Lidia {LINK}", link=TO_LINK, subject="Jadwal"))

    def deliver(self, *letters: Letter) -> Mapping[UUID, Outcome]:
        """Hand letters over."""
        return self.gateway.deliver(letters, at=factories.NOW)

    def books(self) -> Sequence[Entry]:
        """Read what the other side took."""
        if self.provider:
            return self.provider.ledger()[self._before :]
        rows = LoggedText.objects.order_by("at", "key").select_related("contact_point")
        return [Entry(row.contact_point.number, row.text, str(row.key)) for row in rows]

    def asked(self) -> int:
        """Count how often the other side was asked to take a letter."""
        assert self.provider
        return int(sum(self.provider.counts()["letters"].values())) - self._asked
