"""The back door of a gateway: a test changes its faults, has people write, and asks what it did."""

from dataclasses import dataclass, fields
from typing import Any, Protocol

from tests.provider.desk import Desk
from tests.provider.server import Answer, Request
from tests.provider.webhooks import Reports


class Sayer(Protocol):
    """A gateway through which people can write."""

    def say(self, told: dict[str, Any]) -> str:
        """Have somebody write; returns the id of what they wrote."""


@dataclass
class Control:
    """Answers /faults, /reports, /say and /counts."""

    desk: Desk
    player: Sayer | None

    def __call__(self, request: Request) -> Answer:
        """Do what the test wants."""
        try:
            return self.done(request.path, request.fields)
        except KeyError as unknown:
            return Answer(400, {"unknown": str(unknown)})

    def done(self, path: str, told: dict[str, Any]) -> Answer:
        """Do it, and say how things stand."""
        if path == "/faults":
            self.desk.faults.change(told)
        elif path == "/reports":
            self.report(told)
        elif path == "/say" and self.player:
            return Answer(200, {"id": self.player.say(told)})
        elif path != "/counts":
            return Answer(404)
        return Answer(200, self.counts())

    def report(self, told: dict[str, Any]) -> None:
        """Change where reports go and what happens to them; what is not named stays."""
        known = {each.name for each in fields(Reports)}
        for name, value in told.items():
            if name not in known:
                raise KeyError(name)
            setattr(self.desk.courier.reports, name, value)

    def counts(self) -> dict[str, Any]:
        """Count letters by what became of them, and reports by whether they were taken."""
        courier = self.desk.courier
        return {"letters": self.desk.faults.counts, "waiting": courier.waiting, "brought": courier.brought}
