"""A visit to photograph, and a disk of its own for what arrives."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from mentoring.content import VisitContent
from mentoring.models import Visit
from mentoring.states import VisitState
from programs.models import Cohort
from tests import factories


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": disk}
    return tmp_path


@pytest.fixture
def content(cohort: Cohort, made: User, at: datetime) -> VisitContent:
    return VisitContent(
        village=cohort.village_id,
        program=cohort.program_id,
        visited_at=at - timedelta(hours=3),
        modules=("handholding",),
        summary="Looked at motifs.",
    )


@pytest.fixture
def visit(cohort: Cohort, made: User) -> Visit:
    return factories.VisitFactory.create(cohort=cohort, mentor=made)


@pytest.fixture
def approved(cohort: Cohort, made: User) -> Visit:
    return factories.VisitFactory.create(cohort=cohort, mentor=made, state=VisitState.APPROVED)
