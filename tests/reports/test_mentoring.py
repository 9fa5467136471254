"""Laporan pendampingan: one page of facts, the same on screen and paper, for exactly who may see the visits."""

import tracemalloc
import uuid
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.models import User
from common.paper import write_pdf
from mentoring.actions import keep_photo
from mentoring.models import ActionItem, HeldVersion, Photo, Visit
from mentoring.states import ActionState, VisitState
from programs.models import Cohort
from reports.mentoring import Month, mentoring_report
from tests import factories
from tests.mentoring.pictures import digest_of, located, to
from villages.models import Person, Village

pytestmark = pytest.mark.usefixtures("clock")

FIRST = datetime(2026, 9, 1, 2, tzinfo=UTC)
LONG = "Program Pengembangan Ekspor dan Pendampingan Desa Devisa di Kabupaten Lamongan Provinsi Jawa Timur Tahun 2026"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def visits(cohort: Cohort, made: User, lidia: Person) -> list[Visit]:
    """Two approved visits of September, one submitted, one returned, and one of August."""
    states = [VisitState.APPROVED, VisitState.APPROVED, VisitState.SUBMITTED, VisitState.RETURNED]
    rows = [logged(cohort, made, FIRST + timedelta(days=day), state) for day, state in enumerate(states)]
    rows.append(logged(cohort, made, FIRST - timedelta(days=9), VisitState.APPROVED))
    for row in rows[:2]:
        factories.AttendeeFactory.create(visit=row, person=lidia)
        factories.AttendeeFactory.create(visit=row, person=None, name="Bu Tini")
    factories.FindingFactory.create(visit=rows[0])
    factories.FindingFactory.create(visit=rows[1], module=None, criterion="quality", text="Warna luntur")
    return rows


def logged(cohort: Cohort, made: User, visited_at: datetime, state: str) -> Visit:
    visit = factories.VisitFactory.create(
        cohort=cohort, mentor=made, visited_at=visited_at, state=state, purpose="Cek motif"
    )
    visit.modules.set([factories.module("handholding")])
    return visit


def arrived(visit: Visit, count: int) -> None:
    for number in range(count):
        photo = factories.PhotoFactory.create(visit=visit, sha256=digest_of(located(number)))
        keep_photo(to(visit, photo.pk, visit.mentor), sent=located(number), at=factories.NOW)


def address(made: User, village: Village, month: str = "2026-09", kind: str = "/") -> str:
    return f"/reports/mentoring{kind}?mentor={made.pk}&village={village.pk}&month={month}"


def read(client: Client, user: User, where: str, status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(where)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def pdf_of(client: Client, user: User, where: str) -> tuple[str, int]:
    client.force_login(user)
    answer = client.get(where)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/pdf", "no-store")
    pages = PdfReader(BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()), len(pages)


def test_report_tells_the_month_on_screen_and_paper(
    reader: Client, sari: User, made: User, parengan: Village, visits: list[Visit]
) -> None:
    arrived(visits[0], 3)
    shown = read(reader, sari, address(made, parengan))
    printed, pages = pdf_of(reader, sari, address(made, parengan, kind=".pdf"))
    for text in (shown, printed):
        for part in (
            *("September 2026", "Made", "Parengan", "Desa Devisa 2026", "Warna luntur", "Colours run."),
            *("2 disetujui, 1 menunggu persetujuan, 1 dikembalikan", "4 orang", "Cek motif", "Tatap muka"),
            "Data 2 kunjungan belum masuk; laporan sementara.",
        ):
            assert part in text, part
        assert "Agu 2026" not in text
    assert shown.count("small=1") == 3
    assert pages <= 2


def test_month_of_one_visit_is_one_page(
    client: Client, sari: User, made: User, cohort: Cohort, parengan: Village
) -> None:
    visit = logged(cohort, made, FIRST, VisitState.APPROVED)
    arrived(visit, 4)
    for _ in range(2):
        factories.FindingFactory.create(visit=visit)
        factories.ActionItemFactory.create(visit=visit)
    _printed, pages = pdf_of(client, sari, address(made, parengan, kind=".pdf"))
    assert pages == 1


def test_counts_are_those_of_the_api(
    reader: Client, sari: User, made: User, parengan: Village, visits: list[Visit]
) -> None:
    shown = read(reader, sari, address(made, parengan))
    query = f"/api/v1/visits/?mentor={made.pk}&village={parengan.pk}&from=2026-09-01&to=2026-09-30&count=true&state="
    counted = {state: reader.get(query + state).json()["count"] for state in ("approved", "submitted", "returned")}
    assert counted == {"approved": 2, "submitted": 1, "returned": 1}
    assert "2 disetujui, 1 menunggu persetujuan, 1 dikembalikan" in shown


def test_photos_still_on_the_phone_make_it_provisional(
    reader: Client, sari: User, made: User, cohort: Cohort, parengan: Village
) -> None:
    visit = logged(cohort, made, FIRST, VisitState.APPROVED)
    assert "laporan sementara" not in read(reader, sari, address(made, parengan))
    factories.PhotoFactory.create(visit=visit)
    assert "Data 1 foto belum masuk; laporan sementara." in read(reader, sari, address(made, parengan))


def test_follow_up_names_what_was_carried_over(
    reader: Client, sari: User, made: User, cohort: Cohort, parengan: Village
) -> None:
    before, now = (logged(cohort, made, FIRST + timedelta(days=day), VisitState.APPROVED) for day in (-9, 3))
    factories.ActionItemFactory.create(visit=before, what="Beli benang")
    factories.ActionItemFactory.create(visit=now, what="Celup ulang", owner="Bu Lidia")
    gone = factories.ActionItemFactory.create(visit=before, what="Lama selesai")
    settled = {"state": ActionState.DONE, "settled_by": made, "settled_at": FIRST - timedelta(days=3)}
    ActionItem.objects.filter(pk=gone.pk).update(**settled)
    shown = read(reader, sari, address(made, parengan))
    assert "Lama selesai" not in shown
    assert shown.index("Beli benang") < shown.index("Lanjutan") < shown.index("Celup ulang") < shown.index("Bulan ini")


def test_observer_reads_approved_visits_and_no_names(
    reader: Client, observer: User, made: User, parengan: Village, visits: list[Visit]
) -> None:
    factories.ActionItemFactory.create(visit=visits[0], owner="Bu Lidia")
    shown = read(reader, observer, address(made, parengan))
    assert "2 disetujui" in shown
    assert "menunggu persetujuan" not in shown
    for name in ("Bu Lidia", "Lidia Wati", "Bu Tini"):
        assert name not in shown


def test_report_is_for_who_sees_the_visits(
    client: Client,
    sari: User,
    made: User,
    ina: User,
    rina: User,
    joko: User,
    admin: User,
    parengan: Village,
    visits: list[Visit],
) -> None:
    where = address(made, parengan)
    assert client.get(where).status_code == 302
    codes = {}
    for user in (made, sari, admin, ina, rina, joko):
        client.force_login(user)
        codes[user.name] = (client.get(where).status_code, client.get(where.replace("/?", ".pdf?")).status_code)
    assert codes == dict.fromkeys(("Made", "Sari", "Admin"), (200, 200)) | {
        "Ina": (400, 400),
        "Rina": (400, 400),
        "Joko": (403, 403),
    }


def test_chooser_asks_first_and_offers_only_what_is_seen(
    reader: Client, sari: User, made: User, ina: User, parengan: Village, visits: list[Visit]
) -> None:
    shown = read(reader, sari, "/reports/mentoring/")
    assert f'value="{made.pk}"' in shown
    assert "Ina" not in shown
    assert "October 2026" in shown
    assert "Laporan pendampingan Parengan" not in shown
    chosen = read(reader, sari, f"/reports/mentoring/?village={parengan.pk}")
    assert f'value="{parengan.pk}" selected' in chosen
    assert "Mentoring report" in read(reader, ina, "/reports/mentoring/")


@pytest.mark.parametrize("month", ["2026-13", "10-2026", "x", "1999-01", "2026-9"])
def test_wrong_month_is_said(reader: Client, sari: User, made: User, parengan: Village, month: str) -> None:
    for kind in ("/", ".pdf"):
        assert "Write the month as 2026-10." in read(reader, sari, address(made, parengan, month, kind), 400)


def test_strangers_pair_is_said(reader: Client, admin: User, made: User, ina: User, elsewhere: Village) -> None:
    assert "never sent to this village" in read(reader, admin, address(made, elsewhere), 400)


def test_empty_month_says_so(client: Client, sari: User, made: User, cohort: Cohort, parengan: Village) -> None:
    shown = read(client, sari, address(made, parengan, "2026-02"))
    assert "Tidak ada kunjungan yang tercatat pada bulan ini." in shown
    printed, pages = pdf_of(client, sari, address(made, parengan, "2026-02", ".pdf"))
    assert "Tidak ada kunjungan" in printed
    assert pages == 1


def test_month_is_that_of_the_village(made: User, sari: User, cohort: Cohort, parengan: Village) -> None:
    first, last = datetime(2026, 8, 31, 17, tzinfo=UTC), datetime(2026, 9, 30, 16, 59, tzinfo=UTC)
    for moment in (first - timedelta(seconds=1), first, last, last + timedelta(minutes=1)):
        logged(cohort, made, moment, VisitState.APPROVED)
    month = Month(made, parengan, FIRST.date(), sari)
    assert [visit.visited_at for visit in month.visits] == [first, last]


def test_report_takes_the_same_queries_for_1_and_9_visits(
    reader: Client, sari: User, made: User, cohort: Cohort, parengan: Village
) -> None:
    reader.force_login(sari)
    reader.get(address(made, parengan))  # the first reading of the day is written down
    counts = []
    for more in (1, 8):
        for day in range(more):
            visit = logged(cohort, made, FIRST + timedelta(days=day), VisitState.APPROVED)
            factories.FindingFactory.create(visit=visit)
            factories.PhotoFactory.create(visit=visit)
            factories.ActionItemFactory.create(visit=visit)
        with CaptureQueriesContext(connection) as queries:
            reader.get(address(made, parengan))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_month_of_forty_visits_and_long_names_is_written_in_flat_memory(
    made: User, sari: User, cohort: Cohort, parengan: Village
) -> None:
    User.objects.filter(pk=made.pk).update(name=LONG)
    made.refresh_from_db()
    one = logged(cohort, made, FIRST, VisitState.APPROVED)
    arrived(one, 1)
    kept = one.photos.get()
    files = {"state": "arrived", "arrived_at": factories.NOW, "file": kept.file.name, "small": kept.small.name}
    for day in range(1, 40):
        visit = logged(cohort, made, FIRST + timedelta(hours=15 * day), VisitState.APPROVED)
        factories.PhotoFactory.create_batch(5, visit=visit, **files)
        factories.ActionItemFactory.create(visit=visit, what=LONG, owner=LONG)
    paper = mentoring_report(Month(made, parengan, FIRST.date(), sari), at=factories.NOW)
    tracemalloc.start()
    written = BytesIO()
    write_pdf([paper], written)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * 1024 * 1024
    pages = PdfReader(BytesIO(written.getvalue())).pages
    assert sum(page.extract_text().count("Foto kunjungan") for page in pages) == 40
    drawn = [page.get_contents() for page in pages]
    assert sum(content.get_data().count(b" Do") for content in drawn if content is not None) == 1 + 39 * 4
    assert f"Halaman {len(pages)} dari {len(pages)}" in pages[-1].extract_text()


def test_photo_lost_by_the_disk_leaves_its_frame(sari: User, made: User, cohort: Cohort, parengan: Village) -> None:
    visit = logged(cohort, made, FIRST, VisitState.APPROVED)
    arrived(visit, 2)
    photo = Photo.objects.order_by("position")[0]
    photo.small.storage.delete(str(photo.small.name))
    written = BytesIO()
    write_pdf([mentoring_report(Month(made, parengan, FIRST.date(), sari), at=factories.NOW)], written)
    assert sum(len(page.images) for page in PdfReader(written).pages) == 1


def test_report_is_found_from_visits_and_village(reader: Client, made: User, parengan: Village, cohort: Cohort) -> None:
    assert "/reports/mentoring/" in read(reader, made, "/visits/")
    assert f"/reports/mentoring/?village={parengan.pk}" in read(reader, made, f"/villages/{parengan.pk}/")


def test_visits_that_wait_for_a_decision_are_missing_too(
    sari: User, rina: User, made: User, cohort: Cohort, parengan: Village
) -> None:
    def waits(day: int, key: uuid.UUID, **columns: Any) -> None:
        beside = logged(cohort, made, FIRST, VisitState.APPROVED)
        held = factories.HeldVersionFactory.create(visit=beside)
        content = {**held.content, "visited_at": (FIRST + timedelta(days=day)).isoformat()}
        HeldVersion.objects.filter(pk=held.pk).update(content=content, **{"visit": None, "key": key, **columns})
        Visit.objects.filter(pk=beside.pk).update(visited_at=FIRST - timedelta(days=90))

    one, other = uuid.uuid4(), uuid.uuid4()
    waits(3, one, reason="closed_period")
    waits(3, one, reason="closed_period")  # another version of the same one
    waits(4, other, reason="not_assigned")
    waits(-4, uuid.uuid4(), reason="not_assigned")  # of another month
    settled = {"state": "dismissed", "comment": "No", "settled_at": FIRST, "settled_by": sari}
    waits(5, uuid.uuid4(), reason="not_assigned", **settled)
    month = Month(made, parengan, FIRST.date(), sari)
    assert (month.held, month.missing) == (2, 2)
    assert Month(made, parengan, FIRST.date(), rina).held == 0
    shown = str(mentoring_report(month, at=factories.NOW).blocks)
    assert "2 menunggu keputusan" in shown
    assert "Data 2 kunjungan belum masuk; laporan sementara." in shown
