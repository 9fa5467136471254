"""Every row tells what happened to it on its own page, in words of its own app or in general ones."""

import re
from datetime import datetime
from importlib import import_module

import pytest
from django.test import Client

from accounts.models import User
from common.events import record
from common.history import history_of_row, sentence_for
from common.models import Event
from common.verbs import GENERAL
from programs.models import Cohort, Trainer, Venue
from tests import factories
from tests.house.test_access import ADDRESSES
from tests.house.tree import APPS, ROOT, named, sources
from villages.actions import move_village
from villages.models import Village

TEMPLATES_WITHOUT: dict[str, str] = {
    "programs/import_check.html": "a list under way; what became of it is told at the end, on import_result.html",
}


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


def test_every_detail_page_tells_the_history_of_its_row() -> None:
    silent = []
    for path, entry in ADDRESSES:
        page = getattr(entry.callback, "view_class", None)
        template = getattr(page, "template", "")
        if page is None or not page.__name__.endswith("Detail") or template in TEMPLATES_WITHOUT:
            continue
        text = (ROOT / "templates" / template).read_text()
        if not re.search(r"{% history \w+ %}|components/history|class=\"history\"", text):
            silent.append((path, template))
    assert not silent
    assert "{% history batch %}" in (ROOT / "templates/programs/import_result.html").read_text()


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


@pytest.mark.django_db
def test_pages_show_it(
    reader: Client, admin: User, cohort: Cohort, venue: Venue, trainer: Trainer, at: datetime
) -> None:
    factories.lay_criteria()
    block = factories.CalendarBlockFactory.create(region_id="35.24")
    certificate = factories.CertificateFactory.create(enrollment__cohort=cohort)
    assessment = factories.assessed(village=cohort.village)
    reader.force_login(admin)
    for row, address in (
        (cohort.village, "villages"),
        (cohort.program, "programs"),
        (cohort, "cohorts"),
        (venue, "venues"),
        (trainer, "trainers"),
        (certificate, "certificates"),
        (assessment, "assessments"),
        (assessment.criteria_set, "criteria-sets"),
    ):
        record(row, verb="changed", by=admin, at=at)
        answer = reader.get(f"/{address}/{row.pk}/")
        assert answer.status_code == 200
        assert 'class="history"' in answer.content.decode(), address
    record(block, verb="created", by=admin, at=at)
    assert 'class="history"' in reader.get(f"/calendar-blocks/{block.pk}/edit/").content.decode()
    assert Event.objects.filter(verb="changed").count() == 8
