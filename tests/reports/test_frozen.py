"""A frozen report stays what it was: in the database, on the page, on paper, whatever happens afterwards."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from time import sleep

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import User
from common.constraints import sentence_of
from common.errors import Refused
from common.models import Event
from exports.models import ExportTransaction
from programs.models import Cohort, Program
from reports import actions as acting
from reports.actions import freeze_report
from reports.models import RegionReport
from reports.regional import Subject, digest, reckon
from tests import factories
from tests.factories import EDITIONS, NOW, frozen
from tests.programs.test_races import Act, at_once
from tests.reports.world import lay_september
from villages.models import Region, Village

SEPTEMBER = date(2026, 9, 1)
PAUSE = 0.4


@pytest.fixture
def report(clock: None, cohort: Cohort, sari: User) -> RegionReport:
    lay_september(cohort)
    return frozen(cohort.program, by=sari)


def posted(program: Program | None, month: str = "2026-09") -> dict[str, object]:
    return {"region": "35.24", "program": program.pk if program else "", "month": month}


def test_freezing_keeps_facts_date_and_editions(report: RegionReport, sari: User) -> None:
    kept = RegionReport.objects.get()
    assert (kept.sequence, kept.frozen_at, kept.frozen_by) == (1, NOW, sari)
    assert (kept.code_edition, kept.region_edition) == (EDITIONS.code, EDITIONS.regions)
    assert digest(kept.facts) == kept.sha256
    assert kept.facts["editions"] == {"code": EDITIONS.code, "regions": EDITIONS.regions}
    event = Event.objects.about(kept).get()
    assert (event.verb, event.by) == ("frozen", sari)
    assert event.facts == {"sequence": 1, "sha256": kept.sha256}


def test_counting_again_at_the_same_moment_gives_the_same_fingerprint(report: RegionReport) -> None:
    again = reckon(Subject.of(RegionReport.objects.get()), EDITIONS, at=NOW)
    assert digest(again) == report.sha256


@pytest.mark.parametrize("change", [{"facts": {}}, {"sequence": 7}, {"sha256": "0" * 64}])
def test_nothing_of_it_changes(report: RegionReport, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        RegionReport.objects.update(**change)
    assert sentence_of(error.value) == "A frozen report is never changed; freeze a new one."
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionReport.objects.all().delete()


def test_editions_count_up_for_each_subject(cohort: Cohort, sari: User) -> None:
    numbers = [frozen(cohort.program).sequence, frozen(cohort.program).sequence, frozen(None).sequence]
    other = frozen(cohort.program, month=date(2026, 8, 1)).sequence
    assert [*numbers, other] == [1, 2, 1, 1]
    whole = [freeze_report(Subject(None, None, SEPTEMBER), editions=EDITIONS, by=sari, at=NOW) for _ in range(2)]
    assert [each.sequence for each in whole] == [1, 2]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"month": date(2026, 9, 2)}, "A report is of a whole month."),
        ({"sequence": 0}, "A report is of a whole month."),
        ({"sha256": "x"}, "A frozen report has its fingerprint and says what counted it."),
        ({"code_edition": ""}, "A frozen report has its fingerprint and says what counted it."),
    ],
)
def test_database_refuses_what_is_no_report(report: RegionReport, columns: dict[str, object], sentence: str) -> None:
    kept = {"sequence": 9, "month": SEPTEMBER, "facts": {}, "sha256": "a" * 64, "code_edition": "1", "frozen_at": NOW}
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        RegionReport.objects.create(**kept | {"frozen_by": report.frozen_by} | columns)
    assert sentence_of(error.value) == sentence


def test_month_to_come_is_refused(cohort: Cohort, region: Region) -> None:
    with pytest.raises(Refused, match="not begun"):
        frozen(cohort.program, month=date(2026, 11, 1))
    begins = datetime(2026, 9, 30, 17, tzinfo=UTC)
    with pytest.raises(Refused, match="not begun"):
        frozen(cohort.program, month=date(2026, 10, 1), at=begins - timedelta(seconds=1))
    assert frozen(cohort.program, month=date(2026, 10, 1), at=begins).facts["over"] is False


def test_page_is_drawn_from_its_facts_alone(reader: Client, report: RegionReport, sari: User, cohort: Cohort) -> None:
    reader.force_login(sari)
    before = reader.get(f"/reports/regions/{report.pk}/").content.decode()
    assert "Counted again today, every figure is the same." in before
    paper = reader.get(f"/reports/regions/{report.pk}.pdf").content
    Program.objects.filter(pk=cohort.program_id).update(name="Renamed")
    Village.objects.update(name="Renamed")
    ExportTransaction.objects.filter(state="reported").update(value=1)
    page = reader.get(f"/reports/regions/{report.pk}/").content.decode()
    said = page[page.index('<article class="report') : page.index("</article>")]
    assert said == before[before.index('<article class="report') : before.index("</article>")]
    assert "Renamed" not in said
    assert "1 figure is another today." in page
    assert "Rp13.950.000" in page[page.index('id="since"') :]
    assert reader.get(f"/reports/regions/{report.pk}.pdf").content == paper
    assert report.sha256[:16] in "".join(each.extract_text() for each in PdfReader(BytesIO(paper)).pages)


def test_spreadsheet_names_its_fingerprint_and_editions(client: Client, report: RegionReport, sari: User) -> None:
    client.force_login(sari)
    book = load_workbook(BytesIO(client.get(f"/reports/regions/{report.pk}.xlsx").content))
    said = [row[1] for row in book.worksheets[-1].iter_rows(min_row=2, values_only=True)]
    assert {report.sha256, EDITIONS.code, EDITIONS.regions} <= {*said}


def test_tampering_shows(reader: Client, report: RegionReport, sari: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE reports_regionreport SET facts = jsonb_set(facts, '{over}', 'false')")
        cursor.execute("SET LOCAL session_replication_role = origin")
    reader.force_login(sari)
    assert "was tampered with" in reader.get(f"/reports/regions/{report.pk}/").content.decode()


@pytest.mark.usefixtures("clock")
def test_page_freezes_and_shows_it(reader: Client, sari: User, cohort: Cohort) -> None:
    reader.force_login(sari)
    shown = reader.get(f"/reports/regions/?region=35.24&program={cohort.program_id}&month=2026-09").content.decode()
    assert "Freeze" in shown
    answer = reader.post("/reports/regions/freeze/", posted(cohort.program), follow=True)
    report = RegionReport.objects.get()
    assert answer.redirect_chain == [(f"/reports/regions/{report.pk}/", 302)]
    page = answer.content.decode()
    assert "The report is frozen as edition 1." in page
    assert "Frozen on 1 October 2026, 10.00 WIB, edition 1." in page
    again = reader.get(f"/reports/regions/?region=35.24&program={cohort.program_id}&month=2026-09").content.decode()
    assert f"/reports/regions/{report.pk}/" in again


@pytest.mark.usefixtures("clock")
def test_wrong_choices_freeze_nothing(reader: Client, sari: User, rina: User, cohort: Cohort) -> None:
    reader.force_login(sari)
    assert reader.post("/reports/regions/freeze/", posted(cohort.program, "2026-13")).status_code == 400
    assert reader.post("/reports/regions/freeze/", posted(None)).status_code == 400
    assert reader.post("/reports/regions/freeze/", {}).status_code == 400
    answer = reader.post("/reports/regions/freeze/", posted(cohort.program, "2027-01"))
    assert answer.status_code == 409
    assert "This month has not begun yet." in answer.content.decode()
    reader.force_login(rina)
    assert reader.post("/reports/regions/freeze/", posted(cohort.program)).status_code == 400
    assert not RegionReport.objects.exists()


def test_frozen_ones_are_for_who_oversees_the_subject(
    client: Client, staff: dict[str, User], rina: User, report: RegionReport
) -> None:
    codes = {}
    addresses = [f"/reports/regions/{report.pk}{kind}" for kind in ("/", ".pdf", ".xlsx")]
    for name, user in {**staff, "rina": rina}.items():
        client.force_login(user)
        codes[name] = {client.get(each).status_code for each in addresses}
        codes[name].add(client.post("/reports/regions/freeze/", posted(report.program)).status_code)
    assert codes == {
        **{name: {200, 302} for name in ("admin", "sari")},
        "observer": {200, 403},
        **{name: {403} for name in ("made", "joko")},
        "rina": {404, 400},
    }


def test_observer_of_another_province_sees_none(client: Client, report: RegionReport) -> None:
    other = factories.UserFactory.create(role="observer")
    other.observed_regions.add(factories.lay_region("52.02.02.2004"))
    client.force_login(other)
    assert client.get(f"/reports/regions/{report.pk}/").status_code == 404


@pytest.mark.usefixtures("clock")
def test_list_is_narrowed_and_costs_the_same(reader: Client, sari: User, cohort: Cohort) -> None:
    reader.force_login(sari)
    assert "No report has been frozen yet" in reader.get("/reports/regions/frozen/").content.decode()
    counts = []
    for more in (1, 6):
        for _ in range(more):
            frozen(cohort.program, by=sari)
        with CaptureQueriesContext(connection) as queries:
            page = reader.get("/reports/regions/frozen/").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "edition 7" in page
    for query, found in (
        ("region=35", True),
        ("region=52", False),
        ("from=2026-09-01", True),
        ("to=2026-08-31", False),
    ):
        page = reader.get(f"/reports/regions/frozen/?{query}").content.decode()
        assert ("edition 7" in page) is found, query
    assert reader.get("/reports/regions/frozen/?region=x").status_code == 400


@pytest.fixture
def slow_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause between reading the last number and writing the next."""
    last = acting.last_of

    def later(subject: Subject) -> int:
        number = last(subject)
        sleep(PAUSE)
        return number

    monkeypatch.setattr(acting, "last_of", later)


def freezing(cohort: Cohort, by: User) -> Act:
    return lambda: frozen(cohort.program, by=by)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_hand")
def test_hands_at_once_freeze_one_after_another(cohort: Cohort, sari: User) -> None:
    factories.lay_region("35.24")
    assert at_once(*(freezing(cohort, sari) for _ in range(4))) == [None] * 4
    assert [*RegionReport.objects.order_by("sequence").values_list("sequence", flat=True)] == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_hand")
def test_without_the_hold_the_constraint_still_refuses(
    cohort: Cohort, sari: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "hold", lambda _subject: None)
    factories.lay_region("35.24")
    (refusal,) = [error for error in at_once(freezing(cohort, sari), freezing(cohort, sari)) if error]
    assert isinstance(refusal, IntegrityError)
    assert "report_edition_is_frozen_once" in str(refusal)
