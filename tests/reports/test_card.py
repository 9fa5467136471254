"""Rapor desa: one page of figures that any reader may hand on, and always one sheet of paper."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.models import User
from programs.models import Cohort
from reports.card import card_of
from tests import factories
from tests.factories import NOW
from tests.reports.world import lay_september
from villages.models import Village
from villages.states import Criterion

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.django_db]

LONG = "Program Pengembangan Ekspor dan Pendampingan Desa Devisa di Kabupaten Lamongan Provinsi Jawa Timur Tahun 2026"


def lay_scores(village: Village) -> None:
    """Assess twice; quality rose, finance fell, the rest stayed."""
    factories.assessed(3, village=village, as_of=date(2026, 3, 1), kind="lpei")
    factories.assessed({"quality": 5, "finance": 2}, village=village, as_of=date(2026, 9, 24), kind="lpei")


def page_of(client: Client, user: User, village: Village, query: str = "", status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(f"/reports/villages/{village.pk}/{query}")
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def paper_of(client: Client, user: User, village: Village) -> list[str]:
    client.force_login(user)
    answer = client.get(f"/reports/villages/{village.pk}.pdf")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/pdf", "no-store")
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages]


def test_card_says_whether_scores_moved_beside_their_modules(sari: User, cohort: Cohort, parengan: Village) -> None:
    factories.lay_requirements(cohort)
    lay_scores(parengan)
    lay_september(cohort)
    card = card_of(parengan, reader=sari, program=None, at=NOW)
    assert card is not None
    moved = {each.line.name: (each.line.step, each.verdict, [w.cell.module for w in each.works]) for each in card.moved}
    assert moved[str(Criterion.QUALITY.label)] == ("+2", "rose", ["quality-assurance"])
    assert moved[str(Criterion.FINANCE.label)] == ("−1", "fell", ["finance"])
    assert moved[str(Criterion.UNIQUENESS.label)] == ("0", "unchanged", ["design", "branding"])
    assert len(card.works) == 11
    assert {work.cell.module: work.cell.delivered for work in card.works}["design"] == 135


def test_page_and_paper_tell_the_village(reader: Client, sari: User, cohort: Cohort, parengan: Village) -> None:
    factories.lay_requirements(cohort)
    lay_scores(parengan)
    lay_september(cohort)
    shown = page_of(reader, sari, parengan)
    (printed,) = paper_of(reader, sari, parengan)
    for part in ("Parengan", "Desa Devisa 2026", "Rp187.500.000", "Rp13.950.000", "Rp800.000", "135"):
        assert part in shown, part
        assert part in printed, part
    assert "66% women" in shown
    assert "1 waiting for approval" in shown
    assert '<svg class="radar"' in shown
    assert "Bu Lidia" not in shown + printed


def test_candidate_is_called_one(reader: Client, admin: User, parengan: Village) -> None:
    Village.objects.filter(pk=parengan.pk).update(stage="proposed")
    assert "Candidate" in page_of(reader, admin, parengan)
    Village.objects.filter(pk=parengan.pk).update(stage="stopped", stage_reason="Moved")
    assert "No longer a candidate" in page_of(reader, admin, parengan)


def test_empty_card_says_so_in_words(reader: Client, admin: User, parengan: Village) -> None:
    shown = page_of(reader, admin, parengan)
    for sentence in (
        *("In no program yet", "Not assessed yet", "No verified export yet.", "Nobody yet"),
        "Nothing is planned and nothing is open.",
    ):
        assert sentence in shown, sentence
    assert "None" not in shown.replace("None yet", "")
    assert len(paper_of(reader, admin, parengan)) == 1


def test_card_is_of_one_program_and_leads_to_the_others(
    reader: Client, admin: User, cohort: Cohort, parengan: Village
) -> None:
    later = factories.ProgramFactory.create(name="Later", starts_on=cohort.program.starts_on + timedelta(days=1))
    factories.CohortFactory.create(program=later, village=parengan)
    lay_september(cohort)
    shown = page_of(reader, admin, parengan)
    assert "<h2>Later</h2>" in shown
    assert f'href="?program={cohort.program_id}"' in shown
    first = page_of(reader, admin, parengan, f"?program={cohort.program_id}")
    assert f"<h2>{cohort.program.name}</h2>" in first
    assert "66% women" in first
    assert "66% women" not in shown
    for wrong in ("999999", "x", "-1", "9" * 40, "%00"):
        page_of(reader, admin, parengan, f"?program={wrong}", 404)


def test_card_is_for_who_sees_the_village(
    client: Client, staff: dict[str, User], ina: User, rina: User, cohort: Cohort
) -> None:
    where = f"/reports/villages/{cohort.village_id}"
    assert client.get(f"{where}/").status_code == 302
    codes = {}
    for name, user in {**staff, "ina": ina, "rina": rina}.items():
        client.force_login(user)
        codes[name] = {client.get(f"{where}{kind}").status_code for kind in ("/", ".pdf")}
    assert codes == {**{name: {200} for name in staff}, "ina": {404}, "rina": {404}}


def test_observer_reads_figures_and_no_drafts(
    reader: Client, observer: User, cohort: Cohort, parengan: Village
) -> None:
    lay_september(cohort)
    visit = factories.VisitFactory.create(cohort=cohort, state="submitted", visited_at=NOW - timedelta(days=2))
    factories.ActionItemFactory.create(visit=visit, what="Not yet approved")
    shown = page_of(reader, observer, parengan)
    assert "Rp187.500.000" in shown
    assert "Not yet approved" not in shown


def lay_much(cohort: Cohort, since: int = 0) -> None:
    """Write as much about the village as anybody might, in the longest words."""
    village = cohort.village
    Village.objects.filter(pk=village.pk).update(
        name=LONG[:120], commodity=LONG[:120], decree_number="N" * 80, decree_on=date(2022, 10, 25)
    )
    cohort.program.name = LONG
    cohort.program.save()
    unit = factories.BusinessUnitFactory.create(village=village)
    for day in range(1, 9):
        visit = factories.VisitFactory.create(cohort=cohort, state="approved", visited_at=NOW - timedelta(days=day))
        factories.ActionItemFactory.create(visit=visit, what=f"{day} {LONG} {LONG}"[:200], due_on=date(2026, 9, day))
        factories.SessionFactory.create(
            program=cohort.program, cohorts=[cohort], starts_at=NOW + timedelta(days=day + since), state="scheduled"
        )
        given: dict[str, Any] = {"exported_on": date(2026, 9, day), "value": 99_999_999, "product": LONG}
        factories.TransactionFactory.create(business_unit=unit, state="verified", **given)


def test_card_is_one_sheet_whatever_was_written(client: Client, sari: User, cohort: Cohort, parengan: Village) -> None:
    factories.lay_requirements(cohort)
    lay_scores(parengan)
    lay_september(cohort)
    lay_much(cohort)
    (printed,) = paper_of(client, sari, parengan)
    assert "Halaman 1 dari 1" in printed


def test_card_asks_the_same_for_1_and_9_of_everything(
    client: Client, sari: User, cohort: Cohort, parengan: Village
) -> None:
    factories.lay_requirements(cohort)
    lay_scores(parengan)
    lay_september(cohort)
    client.force_login(sari)
    counts = []
    for since in (0, 10):
        for kind in ("/", ".pdf"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/reports/villages/{parengan.pk}{kind}").status_code == 200
            counts.append(len(queries))
        lay_much(cohort, since)
    assert counts[:2] == counts[2:]


def test_list_offers_the_cards_of_visible_villages(
    reader: Client, sari: User, cohort: Cohort, parengan: Village, elsewhere: Village
) -> None:
    reader.force_login(sari)
    shown = reader.get("/reports/villages/").content.decode()
    assert f"/reports/villages/{parengan.pk}/" in shown
    assert f"/reports/villages/{parengan.pk}.pdf" in shown
    assert elsewhere.name not in shown
    assert "No village matches" in reader.get("/reports/villages/?search=nowhere").content.decode()
    assert reader.get("/reports/villages/?region=x").status_code == 400


def test_list_costs_the_same_for_1_and_7(client: Client, sari: User, cohort: Cohort) -> None:
    client.force_login(sari)
    counts = []
    for more in (0, 6):
        for _ in range(more):
            factories.CohortFactory.create(program=cohort.program)
        with CaptureQueriesContext(connection) as queries:
            client.get("/reports/villages/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_card_is_found_from_the_village(reader: Client, observer: User, cohort: Cohort, parengan: Village) -> None:
    reader.force_login(observer)
    assert f"/reports/villages/{parengan.pk}/" in reader.get(f"/villages/{parengan.pk}/").content.decode()
