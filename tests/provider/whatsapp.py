"""Plays the WhatsApp Cloud API: messages in, signed webhooks out."""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.provider.desk import Desk, Taking
from tests.provider.faults import TOO_FAST, Fate
from tests.provider.ledger import Entry, digest, now
from tests.provider.server import Answer, Request, Way
from tests.provider.webhooks import Envelope, Report

PLACE = re.compile(r"/v\d+\.\d+/(?P<number_id>\d+)/messages")
LATER = ("4", "80007", "130429", "131056")
BROKEN = {Fate.CUT_BEFORE: Way.CUT, Fate.CUT_AFTER: Way.CUT, Fate.DEAF: Way.NEVER, Fate.HANG: Way.NEVER}


@dataclass
class WhatsApp:
    """One business number; `templates` maps names to the number of their parameters, empty = any."""

    desk: Desk
    token: str = "token-of-tests"
    number_id: str = "100200300"
    echo: bool = False
    templates: dict[str, int] = field(default_factory=dict)

    def __call__(self, request: Request) -> Answer:
        """Answer one request as the real one does."""
        place = PLACE.fullmatch(request.path)
        if request.method != "POST" or not place or place["number_id"] != self.number_id:
            return error(100, "Unsupported request")
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return error(190, "Invalid OAuth access token")
        said = request.fields
        if wrong := self.wrong(said):
            return error(*wrong)
        return self.taken(said, self.desk.take(letter(said, request.body), name="wamid.{}".format))

    def wrong(self, said: dict[str, Any]) -> tuple[int, str] | None:
        """Say what is wrong with a request, if anything."""
        if said.get("messaging_product") != "whatsapp" or not re.fullmatch(r"\d{8,15}", str(said.get("to", ""))):
            return 131009, "Parameter value is not valid"
        if said.get("type", "text") not in ("text", "template", "interactive") or not words(said):
            return 131008, "Required parameter is missing"
        template = said.get("template", {})
        if template and self.templates:
            wanted = self.templates.get(str(template.get("name")))
            if wanted is None:
                return 132001, "Template does not exist in the translation"
            if wanted != len(parameters(template)):
                return 132000, "Number of parameters does not match the expected number of params"
        return None

    def taken(self, said: dict[str, Any], taking: Taking) -> Answer:
        """Answer for one letter."""
        answer = error(131000, "Something went wrong", status=500)
        if taking.fate is Fate.REFUSE:
            code = 130429 if taking.code == TOO_FAST else int(taking.code)
            answer = error(code, "Refused")
        elif taking.entry and taking.fate is Fate.TAKE:
            answer = Answer(200, accepted(said["to"], taking.entry))
        return answer.leaving(BROKEN.get(taking.fate, Way.ANSWER), taking.after)

    def write(self, reports: Sequence[Report]) -> Envelope:
        """Write one signed webhook about several letters, or what people said."""
        value: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "628001234567", "phone_number_id": self.number_id},
        }
        if said := [report for report in reports if report.said]:
            value |= {
                "contacts": [report.said["contact"] for report in said],
                "messages": [report.said["message"] for report in said],
            }
        if told := [status(report, echo=self.echo) for report in reports if not report.said]:
            value["statuses"] = told
        changes = [{"field": "messages", "value": value}]
        body = json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "WABA", "changes": changes}]})
        return Envelope(body.encode(), signed(body.encode(), self.desk.courier.reports.secret))

    def say(self, told: dict[str, Any]) -> str:
        """Have a person write: from, user_id, text or payload, context (our id that it answers); returns its id."""
        number, user_id = str(told.get("from", "")), str(told.get("user_id", ""))
        name = str(told.get("id") or f"wamid.IN{digest(json.dumps(told).encode())}{int(now() * 1e6):X}")
        message: dict[str, Any] = {"from": number, "id": name, "timestamp": str(int(now()))}
        if user_id:
            message["from_user_id"] = user_id
        if told.get("payload"):
            button = {"payload": told["payload"], "text": told.get("text") or told["payload"]}
            message |= {"type": "button", "button": button}
        else:
            message |= {"type": "text", "text": {"body": told["text"]}}
        if told.get("context"):
            message["context"] = {"id": told["context"]}
        contact = {"profile": {"name": "Orang"}, "wa_id": number} | ({"user_id": user_id} if user_id else {})
        report = Report(Entry(number), "", now(), said={"message": message, "contact": contact})
        for _ in range(int(told.get("times", 1))):
            self.desk.courier.keep(report, now())
        return name


def words(said: dict[str, Any]) -> str:
    """Return what a letter says: free text, or a template's name and parameters."""
    template = said.get("template", {})
    if template:
        return "\n".join([str(template.get("name", "")), *parameters(template)])
    text = said.get("text") or said.get("interactive", {}).get("body", {})
    return str(text.get("body") or text.get("text") or "")


def parameters(template: dict[str, Any]) -> list[str]:
    """Return the parameters of a template's body, in order."""
    bodies = [each for each in template.get("components", []) if each.get("type") == "body"]
    return [str(each.get("text", "")) for body in bodies for each in body.get("parameters", [])]


def letter(said: dict[str, Any], body: bytes) -> Entry:
    """Read one letter."""
    key = str(said.get("biz_opaque_callback_data", ""))
    return Entry(f"+{said['to']}", words(said), key, digest=digest(body), facts={"type": str(said.get("type", "text"))})


def accepted(to: str, entry: Entry) -> dict[str, Any]:
    """Write what is said of a letter that was taken."""
    return {
        "messaging_product": "whatsapp",
        "contacts": [{"input": to, "wa_id": to.removeprefix("+")}],
        "messages": [{"id": entry.id, "message_status": "accepted"}],
    }


def error(code: int, message: str, status: int = 0) -> Answer:
    """Write an error with the status that goes with its code."""
    of_code = 401 if code == 190 else 429 if str(code) in LATER else 400
    said = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, "fbtrace_id": "A0"}
    details = {"messaging_product": "whatsapp", "details": message}
    return Answer(status or of_code, {"error": {**said, "error_data": details}})


def status(report: Report, *, echo: bool) -> dict[str, Any]:
    """Write one word about one letter."""
    entry = report.entry
    told: dict[str, Any] = {
        "id": entry.id,
        "status": report.state,
        "timestamp": str(int(report.at)),
        "recipient_id": "" if report.nameless else entry.to.removeprefix("+"),
        "pricing": {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"},
    }
    if echo and entry.key:
        told["biz_opaque_callback_data"] = entry.key
    if report.code:
        told["errors"] = [{"code": int(report.code), "title": "Message undeliverable"}]
    return told


def signed(body: bytes, secret: str) -> dict[str, str]:
    """Return the headers of a webhook with its signature over the raw body."""
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}
