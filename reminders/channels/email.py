"""E-mail: plain text first, the session attached for the calendar; one connection for each chunk of letters."""

import smtplib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from email.mime.text import MIMEText
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from reminders.channels.gateway import Fault, Guarantee, Letter, Outcome
from reminders.channels.http import LATER, PROMPT, STOOD_STILL, UNANSWERED, harmless, monotonic
from reminders.states import Channel, MessageState

BUSY: Final = range(400, 500)
NOT_US: Final = {530, 534, 535, 538}  # who we are is not believed
POLICY: Final = "5.7."  # about what was written or by whom, not about the mailbox
MAILBOX: Final = "5.1."


class _Leaving:
    """An SMTP client that remembers whether the letter itself began to leave."""

    leaving = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over the letter; from here on no answer may mean that it was taken."""
        self.leaving = True
        try:
            said: tuple[int, bytes] = super().data(msg)  # type: ignore[misc]
        except smtplib.SMTPDataError:  # refused before a word of it
            self.leaving = False
            raise
        self.leaving = False
        return said


class _Smtp(_Leaving, smtplib.SMTP):
    """Without TLS, or with STARTTLS."""


class _SmtpTls(_Leaving, smtplib.SMTP_SSL):
    """With TLS from the first byte."""


class LeavingBackend(EmailBackend):
    """Django's way to a mail server, with a client that remembers."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Choose the client."""
        return _SmtpTls if self.use_ssl else _Smtp


class EmailGateway:
    """One mail server; it keeps no keys and is not asked, and few letters leave one after the other at once."""

    channel: ClassVar[Channel] = Channel.EMAIL
    guarantee: ClassVar[Guarantee] = Guarantee.NONE
    width: ClassVar[int] = 5

    def deliver(self, letters: Sequence[Letter], *, at: datetime) -> Mapping[UUID, Outcome]:  # noqa: ARG002  by name
        """Hand letters over, one after the other; after a broken connection the rest waits."""
        since, outcomes = monotonic(), {letter.key: LATER for letter in letters}
        server = mail_server()
        if trouble := _opened(server):
            return dict.fromkeys(outcomes, trouble)
        for letter in letters:
            late = monotonic() - since > PROMPT
            outcomes[letter.key] = STOOD_STILL if late else send(letter, server)
            if outcomes[letter.key] is UNANSWERED or outcomes[letter.key].fault is Fault.STOP:
                break
        with suppress(OSError, smtplib.SMTPException):
            server.close()
        return outcomes

    def look_up(self, keys: Sequence[UUID]) -> Mapping[UUID, Outcome]:  # noqa: ARG002
        """Nobody can be asked."""
        return {}

    def check(self) -> Outcome:
        """Sign in, and leave again."""
        server = mail_server()
        trouble = _opened(server)
        server.close()
        return trouble or Outcome(MessageState.ACCEPTED)


def mail_server() -> BaseEmailBackend:
    """Name the server; the one of SMTP with a client that remembers."""
    plain = "django.core.mail.backends.smtp.EmailBackend"
    backend = f"{__name__}.{LeavingBackend.__name__}" if plain == settings.EMAIL_BACKEND else None
    server: BaseEmailBackend = get_connection(backend)
    return server


def _opened(server: BaseEmailBackend) -> Outcome | None:
    try:
        server.open()
    except smtplib.SMTPResponseException as refused:
        return _refused(refused.smtp_code, refused.smtp_error, Fault.STOP)
    except smtplib.SMTPNotSupportedError as mistake:
        return Outcome(MessageState.FAILED, harmless(str(mistake)), fault=Fault.STOP)
    except (OSError, smtplib.SMTPException):
        return LATER
    return None


def send(letter: Letter, server: BaseEmailBackend) -> Outcome:
    """Hand one letter over an open connection."""
    try:
        server.send_messages([message_of(letter)])
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        return _refused(code, words, Fault.LETTER if POLICY in _words(words) else Fault.ADDRESS)
    except smtplib.SMTPDataError as refused:
        mailbox = MAILBOX in _words(refused.smtp_error)
        return _refused(refused.smtp_code, refused.smtp_error, Fault.ADDRESS if mailbox else Fault.LETTER)
    except smtplib.SMTPResponseException as refused:  # the sender, or who we say we are
        return _refused(refused.smtp_code, refused.smtp_error, Fault.STOP)
    except (BadHeaderError, UnicodeError, ValueError, smtplib.SMTPNotSupportedError) as mistake:
        return Outcome(MessageState.FAILED, type(mistake).__name__, fault=Fault.LETTER)
    except (OSError, smtplib.SMTPException):
        return UNANSWERED if getattr(getattr(server, "connection", None), "leaving", True) else LATER
    return Outcome(MessageState.ACCEPTED, provider_id=message_id(letter))


def _refused(code: int, said: bytes | str, final: Fault) -> Outcome:
    fault = Fault.LATER if code in BUSY else Fault.STOP if code in NOT_US else final
    return Outcome(MessageState.FAILED, harmless(_words(said)), code=str(code), fault=fault)


def _words(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def message_id(letter: Letter) -> str:
    """Name a letter by its key, so that the same letter is the same in every mailbox."""
    return f"<{letter.key}@{urlsplit(settings.BASE_URL).hostname}>"


def message_of(letter: Letter) -> EmailMessage:
    """Write one letter."""
    wording = letter.wording
    headers = {"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"}
    message = EmailMessage(wording.subject, wording.filled, to=[letter.address], headers=headers)
    if wording.calendar:
        part = MIMEText(wording.calendar.decode(), "calendar", "utf-8")
        part.set_param("method", "PUBLISH")
        part.add_header("Content-Disposition", "attachment", filename="jadwal.ics")
        message.attach(part)
    return message
