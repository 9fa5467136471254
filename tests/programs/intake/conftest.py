"""Short words for lists on their way in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.models import User
from programs.actions.intake import check_import, commit_import, open_import
from programs.models import Cohort, ImportBatch

Bring = Callable[..., ImportBatch]


@pytest.fixture
def bring(cohort: Cohort, sari: User, at: datetime) -> Bring:
    """Open a list for the cohort and check it."""

    def checked(data: bytes, **given: Any) -> ImportBatch:
        place = {"cohort": cohort, "program": cohort.program, **given}
        batch = open_import(data=data, file_name="peserta.xlsx", by=sari, at=at, **place)
        check_import(batch, by=sari, at=at)
        return batch

    return checked


@pytest.fixture
def commit(sari: User, at: datetime) -> Bring:
    """Commit a list."""

    def committed(batch: ImportBatch, **given: Any) -> ImportBatch:
        return commit_import(batch, by=sari, at=at, text_version="1", **given)

    return committed


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    """Count new, changed, known, wrong."""
    return batch.new, batch.changed, batch.duplicate, batch.wrong
