"""Plays any SMS gateway that speaks HTTP; the names of its fields are wishes, and it may keep keys and be asked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.provider.desk import Desk, Taking
from tests.provider.faults import TOO_FAST, Fate
from tests.provider.ledger import Entry, digest
from tests.provider.server import Answer, Request, Way
from tests.provider.webhooks import Envelope, Report
from tests.provider.whatsapp import BROKEN

STATUS = {"unauthorized": 401, "no_credit": 402, "bad_number": 422, "blocked": 403, "rate": 429, "busy": 503}


@dataclass
class Names:
    """What this gateway calls things: the fields of a letter, of its answer and of its reports."""

    path: str = "/send"
    header: str = "Authorization"
    to: str = "to"
    text: str = "text"
    key: str = ""  # field of the letter's key; "header:NAME" for a header; empty = it takes none
    id: str = "id"
    status: str = "status"
    reason: str = "reason"
    ask: str = "key"  # what a look-up asks by
    form: bool = False  # reports as a form; else as JSON


@dataclass
class Sms:
    """One account at such a gateway."""

    desk: Desk
    names: Names
    token: str = "token-of-tests"
    lookup: bool = False

    def __call__(self, request: Request) -> Answer:
        """Answer one request."""
        if request.path != self.names.path:
            return self.refusal("unknown", 404)
        if request.headers.get(self.names.header.lower()) not in (self.token, f"Bearer {self.token}"):
            return self.refusal("unauthorized", 401)
        if request.method == "GET" and self.lookup:
            return self.asked(request.query.get(self.names.ask, ""))
        letter = self.letter(request)
        if request.method != "POST" or not letter.to.removeprefix("+").isdigit() or not letter.text:
            return self.refusal("invalid", 400)
        return self.taken(self.desk.take(letter, name="sms-{}".format))

    def letter(self, request: Request) -> Entry:
        """Read one letter."""
        said, names = request.fields, self.names
        where, _, header = names.key.partition(":")
        key = request.headers.get(header.lower(), "") if where == "header" else str(said.get(names.key, ""))
        number = str(said.get(names.to, ""))
        return Entry(f"+{number.removeprefix('+')}", str(said.get(names.text, "")), key, digest=digest(request.body))

    def asked(self, key: str) -> Answer:
        """Say what became of a key; a look-up may be cut or never answered as a letter may."""
        entry, (fate, _code) = self.desk.ledger.find(key), self.desk.faults.draw("")
        answer = Answer(200, self.told(entry)) if entry else self.refusal("not found", 404)
        return answer.leaving(BROKEN.get(fate, Way.ANSWER), self.desk.faults.pause())

    def taken(self, taking: Taking) -> Answer:
        """Answer for one letter."""
        answer = self.refusal("broken", 500)
        if taking.fate is Fate.REFUSE:
            code = "rate" if taking.code == TOO_FAST else taking.code
            answer = self.refusal(code, STATUS.get(code, 400))
        elif taking.entry and taking.fate is Fate.TAKE:
            answer = Answer(200, self.told(taking.entry))
        return answer.leaving(BROKEN.get(taking.fate, Way.ANSWER), taking.after)

    def told(self, entry: Entry) -> dict[str, Any]:
        """Write what is said of a letter that was taken."""
        return {self.names.status: "sent", self.names.id: entry.id, "key": entry.key}

    def refusal(self, reason: str, status: int) -> Answer:
        """Write a refusal."""
        return Answer(status, {self.names.status: "failed", self.names.reason: reason})

    def write(self, reports: Sequence[Report]) -> Envelope:
        """Write one report, or one text that somebody sent back; this gateway brings them one by one."""
        report, names = reports[0], self.names
        said = report.said or {
            names.id: report.entry.id,
            names.status: report.state,
            names.to: "" if report.nameless else report.entry.to,
            names.reason: report.code,
            "key": report.entry.key,
        }
        headers = {"Authorization": f"Bearer {self.desk.courier.reports.secret}"}
        if names.form:
            form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
            return Envelope(urlencode(said).encode(), form)
        return Envelope(json.dumps(said).encode(), {**headers, "Content-Type": "application/json"})

    def say(self, told: dict[str, Any]) -> str:
        """Have a person send a text back; the fields are the test's own."""
        times = int(told.pop("times", 1))
        for _ in range(times):
            self.desk.courier.keep(Report(Entry(""), "", 0, said=told), 0)
        return str(told.get("id", ""))
