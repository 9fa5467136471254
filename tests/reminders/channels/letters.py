"""Letters to hand over, and what came of them."""

import os
import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from reminders.channels.gateway import Gateway, Letter, Outcome, Wording
from tests import factories
from tests.provider.process import Provider

NUMBER = "+6281234567890"


def letter(text: str = "Halo Bu Lidia", to: str = NUMBER, **more: Any) -> Letter:
    return Letter(uuid.uuid4(), 1, to, Wording(text, **more))


def fresh(provider: Provider) -> Provider:
    """Have a gateway that runs for several tests begin anew: an empty ledger and no faults."""
    os.truncate(provider.path, 0)
    provider.faults(next=[], numbers={}, refuse={}, latency=0)
    return provider


def hand(gateway: Gateway, *letters: Letter) -> list[Outcome]:
    outcomes: Mapping[UUID, Outcome] = gateway.deliver(letters, at=factories.NOW)
    return [outcomes[each.key] for each in letters]


def said(outcome: Outcome) -> tuple[str, str | None, str]:
    return str(outcome.state), outcome.fault and str(outcome.fault), outcome.code
