"""Claiming the next batch while the present one leaves: where a rate is kept there is time for it, and no pause."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from django.db import connection

from reminders import claims
from reminders.sender.packing import Batch


class Ahead:
    """Batches one after another; with a thread, the next one is claimed before it is asked for."""

    def __init__(self, claim: Callable[[], Batch], *, threaded: bool = False) -> None:
        """Take what claims a batch."""
        self.claim = claim
        self.pool = ThreadPoolExecutor(1) if threaded else None
        self.coming: Future[Batch] | None = None

    def __enter__(self) -> Self:
        """Begin with nothing."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give back what was claimed ahead and is not needed."""
        if self.coming:
            claims.release(self.coming.result().claims)
        if self.pool:
            self.pool.shutdown()

    def take(self) -> Batch:
        """Give the next batch, and claim the one after it; one that came back empty may have been too early."""
        batch = self.coming.result() if self.coming else Batch()
        batch = batch if batch.touched else self.claim()
        self.coming = self.pool.submit(self._claim) if self.pool and batch.touched else None
        return batch

    def _claim(self) -> Batch:
        try:
            return self.claim()
        finally:
            connection.close()
