"""Every row tells what happened to it on its own page, in words of its own app or in general ones."""

import re
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from django.db import models
from django.test import Client

from accounts.models import User
from common.events import record
from common.history import history_of_row, sentence_for
from common.verbs import GENERAL
from downloads.models import Download
from tests import factories
from tests.factories import NOW
from tests.factories.reports import frozen
from tests.house.test_access import ADDRESSES
from tests.house.tree import APPS, ROOT, named, sources
from villages.actions import move_village
from villages.models import Village

Make = Callable[[], models.Model]
LIST: dict[str, Any] = {"table": "villages", "form": "csv", "language": "en", "total": 1}
ROWS: dict[str, Make] = {
    "AssessmentDetail": factories.assessed,
    "BlockEdit": lambda: factories.CalendarBlockFactory.create(region=factories.lay_region("35.24")),
    "BuyerDetail": factories.BuyerFactory.create,
    "CertificateDetail": factories.CertificateFactory.create,
    "ChangeDetail": factories.RegionChangeFactory.create,
    "ClaimDetail": factories.ClaimFactory.create,
    "CohortDetail": factories.CohortFactory.create,
    "CriteriaSetDetail": factories.lay_criteria,
    "DownloadDetail": lambda: Download.objects.create(owner=admin_of(), asked_at=NOW, expires_at=NOW, **LIST),
    "EditionDetail": factories.RegionEditionFactory.create,
    "ExportDetail": factories.TransactionFactory.create,
    "FigureDetail": factories.RegionFigureFactory.create,
    "Frozen": frozen,
    "HandoverDetail": factories.HandoverFactory.create,
    "HeldDetail": factories.HeldVersionFactory.create,
    "ImportDetail": lambda: factories.ImportBatchFactory.create(state="undone"),
    "LeadDetail": factories.LeadFactory.create,
    "MessageDetail": factories.MessageFactory.create,
    "PersonDetail": factories.PersonFactory.create,
    "ProgramBudget": factories.ProgramFactory.create,
    "ProgramDetail": factories.ProgramFactory.create,
    "ReplyDetail": factories.ReplyFactory.create,
    "SampleDetail": factories.SampleFactory.create,
    "SchemeDetail": factories.SchemeFactory.create,
    "SeatDetail": factories.AttendanceFactory.create,
    "SessionDetail": factories.SessionFactory.create,
    "ShipmentDetail": factories.ShipmentFactory.create,
    "TrainerDetail": factories.TrainerFactory.create,
    "UnitDetail": factories.BusinessUnitFactory.create,
    "VenueDetail": factories.VenueFactory.create,
    "VillageDetail": factories.VillageFactory.create,
    "VisitDetail": factories.VisitFactory.create,
    "VisitPlanDetail": factories.VisitPlanFactory.create,
}
OF_SEVERAL = {"TemplateDetail": "words of one letter in several forms, which are told together"}
PAGES = {
    entry.callback.view_class.__name__: path
    for path, entry in ADDRESSES
    if hasattr(entry.callback, "view_class") and not path.startswith("api/")
}


def admin_of() -> User:
    """Find the administrator of the test."""
    found: User = User.objects.get(role="administrator")
    return found


def _words() -> set[str]:
    """Read every verb that some app has a sentence for."""
    found = set(GENERAL)
    for app in APPS:
        if (ROOT / app / "history.py").exists():
            for thing in vars(import_module(f"{app}.history")).values():
                found |= set(thing) if isinstance(thing, dict) else set()
    return found


def test_every_verb_has_a_sentence() -> None:
    written = {
        (verb, named(path))
        for path in sources()
        if "/bench/" not in named(path)
        for verb in re.findall(r'\bverb="([a-z_]+)"', path.read_text())
    }
    silent = sorted((verb, where) for verb, where in written if verb not in _words())
    assert not silent


def test_every_page_of_one_row_is_walked() -> None:
    details = {name for name in PAGES if name.endswith("Detail")}
    assert details - set(OF_SEVERAL) <= set(ROWS) <= set(PAGES)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ROWS)
def test_every_page_of_one_row_tells_what_happened_to_it(name: str, reader: Client, admin: User) -> None:
    row = ROWS[name]()
    record(row, verb="polished", by=admin, at=NOW)
    reader.force_login(admin)
    answer = reader.get("/" + re.sub(r"<\w+:\w+>", str(row.pk), PAGES[name]))
    assert answer.status_code == 200
    (history,) = re.findall(r'<h2>History</h2>\s*<ol class="history".*?</ol>', answer.content.decode(), re.DOTALL)
    assert "polished" in history


@pytest.mark.django_db
def test_row_is_told_newest_first_with_who_and_why(parengan: Village, sari: User, at: datetime) -> None:
    move_village(parengan, to="launched", by=sari, at=at)
    move_village(parengan, to="deferred", by=sari, at=at, reason="No funds this year")
    first, second = history_of_row(parengan)
    assert (first.who, second.who) == ("Sari", "Sari")
    assert "No funds this year" in first.facts
    assert "→" in second.facts
    assert first.what == sentence_for("villages.village", "moved")


@pytest.mark.django_db
def test_unknown_verb_is_shown_as_it_stands(parengan: Village, at: datetime) -> None:
    record(parengan, verb="polished", by=None, at=at)
    (knot,) = history_of_row(parengan)
    assert (knot.what, knot.who) == ("polished", "")


@pytest.mark.django_db
def test_history_is_one_question_and_never_endless(
    parengan: Village, at: datetime, sari: User, django_assert_num_queries: object
) -> None:
    for _ in range(60):
        record(parengan, verb="changed", by=sari, at=at)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(history_of_row(parengan)) == 50
