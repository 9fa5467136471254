"""Plays a mail server: enough of RFC 5321 for smtplib, with answers that are refused, late, or never come."""

import asyncio
import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default

from tests.provider.desk import Desk
from tests.provider.faults import TOO_FAST, Fate
from tests.provider.ledger import Entry, digest
from tests.provider.server import Way
from tests.provider.whatsapp import BROKEN

ADDRESS = re.compile(r"<([^>]*)>")
OF_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TOO_MANY = "450"
WORDS = {
    "421": "4.3.2 Service shutting down",
    "450": "4.2.1 Too many messages",
    "451": "4.3.0 Try again later",
    "535": "5.7.8 Authentication credentials invalid",
    "550": "5.1.1 No such user here",
    "552": "5.3.4 Message too big",
    "554": "5.7.1 Rejected",
}


class Hangup(Exception):
    """The line is cut."""


@dataclass
class Mail:
    """One mail server; with a password nobody sends without it."""

    desk: Desk
    password: str = ""
    rcpt_codes: tuple[str, ...] = ("550", "450")  # codes that come after RCPT; all others come after DATA

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client."""
        visit = Visit(self, reader, writer)
        try:
            await visit.serve()
        except (Hangup, ConnectionError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            writer.close()


@dataclass
class Visit:
    """One conversation."""

    house: Mail
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    known: bool = False
    to: list[str] = field(default_factory=list)
    fates: dict[str, tuple[Fate, str]] = field(default_factory=dict)

    async def serve(self) -> None:
        """Greet, and answer line by line."""
        self.known = not self.house.password
        self.say("220 mail.example ready")
        while line := (await self.reader.readline()).decode(errors="replace").strip():
            verb, _, rest = line.partition(" ")
            if verb.upper() == "QUIT":
                self.say("221 2.0.0 Bye")
                return
            await self.answer(verb.upper(), rest)

    async def answer(self, verb: str, rest: str) -> None:
        """Answer one line."""
        plain: dict[str, Callable[[str], None]] = {
            "EHLO": self.hello,
            "HELO": lambda _rest: self.say("250 mail.example"),
            "AUTH": self.sign_in,
            "MAIL": self.begin,
            "RCPT": self.add,
            "RSET": self.forget,
            "NOOP": lambda _rest: self.say("250 2.0.0 Ok"),
        }
        if verb == "DATA":
            await self.take()
        elif verb in plain:
            plain[verb](rest)
        else:
            self.say("502 5.5.1 Command not implemented")

    def say(self, line: str) -> None:
        """Write one line."""
        self.writer.write(f"{line}\r\n".encode())

    def hello(self, _rest: str) -> None:
        """Say what we can."""
        lines = ["mail.example", "8BITMIME", "SMTPUTF8", *(["AUTH PLAIN"] if self.house.password else [])]
        for line in lines[:-1]:
            self.say(f"250-{line}")
        self.say(f"250 {lines[-1]}")

    def sign_in(self, rest: str) -> None:
        """Check AUTH PLAIN with an initial response."""
        said = base64.b64decode(rest.removeprefix("PLAIN ").encode() + b"==").decode(errors="replace")
        self.known = said.rpartition("\0")[2] == self.house.password
        self.say("235 2.7.0 Ok" if self.known else f"535 {WORDS['535']}")

    def begin(self, _rest: str) -> None:
        """Start one letter."""
        if not self.known:
            self.say("530 5.7.0 Authentication required")
            return
        self.to, self.fates = [], {}
        self.say("250 2.1.0 Ok")

    def add(self, rest: str) -> None:
        """Add one recipient, whose fate is drawn now."""
        found = ADDRESS.search(rest)
        if not found:
            self.say("501 5.1.3 Bad address")
            return
        fate, code = self.house.desk.faults.draw(found[1])
        code = TOO_MANY if code == TOO_FAST else code
        if code in self.house.rcpt_codes:
            self.say(f"{code} {WORDS[code]}")
            return
        self.to.append(found[1])
        self.fates[found[1]] = (fate, code)
        self.say("250 2.1.5 Ok")

    def forget(self, _rest: str) -> None:
        """Start over."""
        self.to, self.fates = [], {}
        self.say("250 2.0.0 Ok")

    async def take(self) -> None:
        """Take the letter for everybody who may have it, and answer as the worst of their fates says."""
        if not self.to:
            self.say("503 5.5.1 No recipients")
            return
        self.say("354 End data with <CR><LF>.<CR><LF>")
        body = await self.reader.readuntil(b"\r\n.\r\n")
        raw = body.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
        await asyncio.sleep(self.house.desk.faults.pause())
        fate, code = max(self.fates.values(), key=lambda each: each[0] is not Fate.TAKE)
        names = [] if fate in (Fate.REFUSE, Fate.CUT_BEFORE, Fate.DEAF) else [self.keep(to, raw) for to in self.to]
        await self.leave(fate, code, names)

    def keep(self, to: str, raw: bytes) -> str:
        """Write one letter into the ledger; returns its id."""
        mail = message_from_bytes(raw, policy=default)
        name = str(mail["Message-ID"] or "")
        key = OF_KEY.search(name)
        attached = ",".join(part.get_content_type() for part in mail.walk() if part.get_filename())
        facts = {"subject": str(mail["Subject"] or ""), "message_id": name, "attached": attached}
        entry = Entry(to, plain(mail), key[0] if key else "", digest=digest(raw), facts=facts)
        return self.house.desk.enter(entry, name="mail-{}".format).id

    async def leave(self, fate: Fate, code: str, names: list[str]) -> None:
        """Answer after DATA."""
        way = BROKEN.get(fate, Way.ANSWER)
        if way is Way.CUT:
            raise Hangup
        if way is Way.NEVER:
            await self.reader.read()
            raise Hangup
        if fate is Fate.REFUSE:
            self.say(f"{code} {WORDS.get(code, '5.0.0 Refused')}")
        elif fate is Fate.ERROR_AFTER:
            self.say(f"451 {WORDS['451']}")
        else:
            self.say(f"250 2.0.0 Ok: queued as {names[0]}")


def plain(mail: Message) -> str:
    """Return the words of a letter."""
    body = mail.get_body(("plain",)) if isinstance(mail, EmailMessage) else None
    return str(body.get_content()) if body else ""
