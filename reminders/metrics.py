"""The figures of sending in the plain form that Prometheus reads; counts and ages only, never anybody's data."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from reminders.status import Vitals, lately, vitals

Sample = tuple[dict[str, str], float]
HELP = {
    "sending_well": "1 when messages leave, 0 when /health/sending is red.",
    "messages_due": "Messages whose moment has come and that nobody has claimed.",
    "messages_oldest_due_seconds": "How long the oldest of them has waited.",
    "messages_unknown": "Messages that a gateway gave no answer for.",
    "messages_interrupted": "Messages whose sender ended while it sent them.",
    "messages_last_hour": "Messages that fell due in the last hour, by channel and state.",
    "sign_of_life_age_seconds": "How long ago each part gave a sign of life.",
    "doorbell_failures": "Rings that no worker heard, of the last day.",
    "channel_stopped": "1 for a channel that was stopped until an operator lets it go on.",
    "channel_resting": "1 for a channel that rests after failures.",
}


def exposition(*, at: datetime) -> str:
    """Write every gauge with its help."""
    found = vitals(at=at)
    return "".join(_written(name, samples) for name, samples in _gauges(found, lately(at=at)))


def _gauges(found: Vitals, hour: list[tuple[str, str, int]]) -> Iterator[tuple[str, list[Sample]]]:
    yield "sending_well", _one(found.is_well)
    yield "messages_due", _one(found.due)
    yield "messages_oldest_due_seconds", _one(found.oldest.total_seconds())
    yield "messages_unknown", _one(found.unknown)
    yield "messages_interrupted", _one(found.lapsed)
    yield "messages_last_hour", [({"channel": way or "none", "state": state}, n) for way, state, n in hour]
    yield "sign_of_life_age_seconds", [({"part": part}, age.total_seconds()) for part, age in found.signs.items()]
    yield "doorbell_failures", _one(found.failures)
    yield "channel_stopped", [({"channel": channel}, 1) for channel, _code in found.stopped]
    yield "channel_resting", [({"channel": channel}, 1) for channel in found.resting]


def _one(figure: float) -> list[Sample]:
    return [({}, figure)]


def _written(name: str, samples: Iterable[Sample]) -> str:
    head = f"# HELP desa_{name} {HELP[name]}\n# TYPE desa_{name} gauge\n"
    return head + "".join(f"desa_{name}{_labels(labels)} {figure:g}\n" for labels, figure in samples)


def _labels(labels: dict[str, str]) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}" if labels else ""
