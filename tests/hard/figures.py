"""The figures by name: where each is played, with which gateway and which faults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEYED: Mapping[str, Any] = {"names": {"key": "header:Idempotency-Key"}, "desk": {"keys": True}}
REPORTS: Mapping[str, Any] = {
    "secret": "rahasia",
    "lost": 0.05,
    "doubled": 0.1,
    "delay": 0.2,
    "spread": 6,
    "together": 5,
    "states": ["sent", "delivered"],
}
DEPLOYED: Mapping[str, Any] = {
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "config.statics.Statics"},
    }
}
LOSSES: Mapping[str, Any] = {"cut_after": 0.04, "error_after": 0.01, "latency": 1, "jitter": 4}


@dataclass(frozen=True)
class Figure:
    """One figure of RELIABILITY 1."""

    goal: str
    place: str  # module and function
    gateway: str = "sms"
    wishes: Mapping[str, Any] = field(default_factory=dict)
    unguarded: Mapping[str, Any] = field(default_factory=dict)  # wishes of the gateway when the guard is off
    settings: Mapping[str, Any] = field(default_factory=dict)  # what the product is told besides its gateway


FIGURES: Mapping[str, Figure] = {
    "R1": Figure(
        "killed senders lose nothing and double nothing where keys are kept",
        "tests.hard.kills.with_keys",
        wishes={**KEYED, "faults": {**LOSSES, "refuse": {"rate": 0.05}}},
        unguarded={"desk": {"keys": False}},
    ),
    "R2": Figure(
        "killed senders double nothing where no keys are kept, and every open case is listed",
        "tests.hard.kills.with_reports",
        "whatsapp",
        wishes={"faults": {**LOSSES, "refuse": {"130429": 0.05}}, "reports": REPORTS},
    ),
    "R3": Figure("a Redis that is killed and emptied delays nothing", "tests.hard.wires.killed_redis", wishes=KEYED),
    "R4": Figure(
        "an absent or silent Redis slows no page and stops no text", "tests.hard.wires.no_redis", wishes=KEYED
    ),
    "R5": Figure(
        "dead workers are replaced by the dispatcher, and seen", "tests.hard.wires.dead_workers", wishes=KEYED
    ),
    "R6": Figure(
        "three planners and three dispatchers at once double nothing",
        "tests.hard.planners.side_by_side",
        "whatsapp",
        wishes={"faults": {"latency": 2, "jitter": 10}},
    ),
    "R7": Figure(
        "nothing begins to leave after a change that forbids it, and every number hears the last word",
        "tests.hard.changes.under_fire",
        wishes={**KEYED, "faults": {"travel": 1500, "jitter": 40}},
    ),
    "R9": Figure(
        "wrong, jumping and frozen clocks double nothing and lose nothing unseen",
        "tests.hard.clocks.wrong",
        "whatsapp",
        wishes={"faults": {"latency": 5, "jitter": 40}},
    ),
    "R10": Figure(
        "after three days of silence nothing stale leaves, and the coordinator is told once",
        "tests.hard.clocks.silence",
        wishes=KEYED,
    ),
    "R14": Figure(
        "phones that were offline for a week bring each visit and photo once, over a bad link, while all is killed",
        "tests.hard.phones.offline_week",
    ),
    "R14B": Figure(
        "a real browser that was offline for days brings each visit and photo once, and its counts are true throughout",
        "tests.hard.mentor.real_week",
        settings=DEPLOYED,
    ),
}
