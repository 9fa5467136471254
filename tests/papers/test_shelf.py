"""The papers of a session: what each says, how many pages, and what the others lack."""

from datetime import date, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from accounts.models import User
from attendance.models import SheetPhoto
from attendance.sheet import sheet_code, sheet_rows
from common.errors import Refused
from mentoring.actions import end_assignment
from mentoring.models import Assignment
from papers.actions import close_minutes, number_assignment, number_paper
from papers.bundle import bundle_name, stream_bundle
from papers.shelf import Shelf, mandate_of
from papers.states import PaperKind
from papers.wording import day_in_words, in_words
from programs.actions import cancel_session, reschedule_session
from programs.models import Cohort, Program, Session, Trainer, Venue
from progress.measures import count_seats, count_sheet
from tests.factories import NOW, CohortFactory, EnrollmentFactory, reachable_person
from tests.papers.sessions import BASE, held, letterhead, minuted, pages, promised, seated, shelf_of
from tests.programs.plans import draft
from villages.models import Village

pytestmark = pytest.mark.django_db

LONG = "Siti " + "Wulandari " * 10 + "Kusuma Akhir"
ACCENTED = "Éva D’Souza – Ñandú Ēlok Ŋoro"


@pytest.fixture
def session(program: Program, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> Session:
    """Seven weavers are promised Thursday, 8 October, under a letterhead."""
    letterhead(program, sari)
    seated(cohort, 7)
    return promised(cohort, venue, trainer, sari)


def squeezed(text: str) -> str:
    return text.replace(" ", "")


# -- Each paper -------------------------------------------------------------------------------------------------------


def test_sheet_to_sign_has_head_rows_blanks_and_feet(session: Session, sari: User) -> None:
    (page,) = pages(shelf_of(session, sari), PaperKind.SHEET)
    for said in (
        *("PEMERINTAH KABUPATEN LAMONGAN", "DINAS PERINDUSTRIAN DAN PERDAGANGAN", "Telepon (0322) 000000"),
        *("DAFTAR HADIR", "Desa Devisa 2026", "Pewarna alami (modul Desain)", "Kamis, 8 Oktober 2026"),
        *("10.00–12.00 WIB", "Balai Desa Parengan, Depan masjid", "Kec. Maduran, Kab. Lamongan", "Pak Wayan"),
        *("Angkatan 1, Desa Parengan", "Penenun 7", "7 .....", "+5 ....", "Mengetahui, Kepala Desa Parengan"),
        *("Lamongan, 8 Oktober 2026", "Drs. Hartono Wibisono, M.Si.", "NIP 19700101 199503 1 001"),
        *(f"Lembar {sheet_code(session)}", "Dicetak Kamis, 1 Oktober 2026, 10.00 WIB", "Halaman 1 dari 1"),
    ):
        assert said in page, said


def test_sheet_shows_row_numbers_that_stay_and_masked_numbers(session: Session, sari: User) -> None:
    (page,) = pages(shelf_of(session, sari), PaperKind.SHEET)
    for number, seat in sheet_rows(session):
        phone = seat.enrollment.person.contact_points.get().number
        assert f"{number} {seat.enrollment.person.name} Angkatan 1 0{phone[3:6]}-••••-{phone[-3:]}" in page
        assert phone[3:] not in page


def test_sheet_of_a_joint_session_names_villages_and_no_single_chief(
    program: Program, cohort: Cohort, elsewhere: Village, venue: Venue, trainer: Trainer, sari: User
) -> None:
    other = CohortFactory.create(program=program, village=elsewhere, name="Angkatan 2")
    seated(cohort, 1)
    seated(other, 1, "Songket {n}")
    joint = promised(cohort, venue, trainer, sari, cohorts=[cohort, other])
    (page,) = pages(shelf_of(joint, sari), PaperKind.SHEET)
    assert "Parengan, Angkatan 1" in page
    assert "Sukarara, Angkatan 2" in page
    assert "Kepala Desa ....." in page
    assert "DISPERINDAG" in page  # no letterhead yet: the organiser's name stands alone
    assert "........................, 8 Oktober 2026" in page


def test_record_says_what_was_marked(session: Session, sari: User) -> None:
    held(session, sari)
    (page,) = pages(shelf_of(session, sari), PaperKind.RECORD)
    for place, mark in enumerate(("Terlambat 120", "Sakit –", "Izin –", "Tanpa keterangan –", "Hadir 120"), 1):
        assert f"{place} Penenun {place} Angkatan 1 {mark}" in page


def test_invitation_names_who_is_invited(session: Session, sari: User) -> None:
    number_paper(session, kind=PaperKind.INVITATION, by=sari, at=NOW)
    letter, attached = pages(shelf_of(session, sari), PaperKind.INVITATION)
    for said in (
        *("Lamongan, 1 Oktober 2026", "Nomor : 005/1/413.114/2026", "Hal : Undangan", "Lampiran : 1 (satu) berkas"),
        *("Kepada Yth. Peserta Angkatan 1, Desa Parengan di tempat", "desa.example.org/d/parengan"),
        *("Kamis, 8 Oktober 2026", "Halaman 1 dari 2"),
    ):
        assert said in letter, said
    assert "LAMPIRAN: DAFTAR UNDANGAN Nomor: 005/1/413.114/2026" in attached
    assert "7 Penenun 7 Angkatan 1" in attached


def test_invitation_to_a_new_time_replaces_the_old_one(session: Session, sari: User) -> None:
    number_paper(session, kind=PaperKind.INVITATION, by=sari, at=NOW)
    later = timedelta(days=1)
    starts_at, ends_at, why = session.starts_at + later, session.ends_at + later, "Balai desa dipakai hajatan"
    reschedule_session(session, starts_at=starts_at, ends_at=ends_at, reason=why, by=sari, at=NOW)
    unnumbered, _attached = pages(shelf_of(session, sari), PaperKind.INVITATION)
    assert "Nomor : ....." in unnumbered
    assert "Belum bernomor" in unnumbered
    number_paper(session, kind=PaperKind.INVITATION, by=sari, at=NOW)
    letter, _attached = pages(shelf_of(session, sari), PaperKind.INVITATION)
    assert "Nomor : 005/2/413.114/2026" in letter
    assert "Jumat, 9 Oktober 2026" in letter
    replaced = (
        "menggantikan undangan Nomor 005/1/413.114/2026 tanggal 1 Oktober 2026 karena balai desa dipakai hajatan."
    )
    assert replaced in letter


def test_assignment_letter_names_trainers_and_task(session: Session, sari: User) -> None:
    number_paper(session, kind=PaperKind.ASSIGNMENT, by=sari, at=NOW)
    (page,) = pages(shelf_of(session, sari), PaperKind.ASSIGNMENT)
    assert "SURAT TUGAS Nomor: 094/1/X/2026" in page
    assert "Kepala Dinas dengan ini menugaskan 1 (satu) orang narasumber berikut:" in page
    assert "1 Pak Wayan –" in page


def test_mentor_has_a_letter_for_the_village(session: Session, made: User, sari: User) -> None:
    assignment = Assignment.objects.select_related("mentor", "village__region__parent__parent").get()
    mandate = mandate_of(assignment, reader=sari)
    number_assignment(assignment, program=mandate.program, by=sari, at=NOW)
    paper = mandate_of(assignment, reader=made).paper(at=NOW, base_url=BASE)
    said = str(paper.blocks)
    assert "Nomor: 094/1/X/2026" in said
    assert "Mendampingi Desa Parengan dalam program Desa Devisa 2026" in said
    assert "Mulai 1 Januari 2026 sampai dengan selesai" in said
    end_assignment(assignment, ends_on=date(2026, 10, 31), by=sari, at=NOW)
    assert "1 Januari – 31 Oktober 2026" in str(mandate_of(assignment, reader=sari).paper(at=NOW, base_url=BASE).blocks)


def test_mentor_of_a_village_without_a_program_has_no_letter(ina: User) -> None:
    with pytest.raises(Refused, match="in no program yet"):
        mandate_of(Assignment.objects.get(mentor=ina), reader=ina)


def test_minutes_tell_the_figures_that_progress_counts(session: Session, cohort: Cohort, sari: User) -> None:
    kept = minuted(held(session, sari, closed=True), sari)
    close_minutes(kept, by=sari, at=NOW)
    (page,) = pages(shelf_of(session, sari), PaperKind.MINUTES)
    count, (whole,) = count_sheet(session.pk), count_seats([cohort.pk])
    assert (count.seats, count.present + count.late) == (whole.seats, whole.came) == (7, 4)
    assert count.present + count.late + count.sick + count.leave == whole.kept
    for said in (
        *("BERITA ACARA Nomor: BA/1/2026", "Pada hari ini, Kamis, tanggal delapan bulan Oktober tahun dua ribu dua"),
        *("Terdaftar : 7 orang", "Hadir : 4 orang, 1 di antaranya terlambat", "Izin : 1 orang", "Sakit : 1 orang"),
        *("Tanpa keterangan : 1 orang", "1. Peserta membuat tiga contoh kain", "2. Harga pokok dihitung bersama"),
        *("Kendala –", "1. Bu Lidia mengirim contoh kain", "Mengetahui,", "Suparman"),
    ):
        assert said in page, said


def test_papers_are_indonesian_whoever_reads(session: Session, sari: User) -> None:
    held(session, sari)
    spoken = []
    for language in ("id", "en"):
        with translation.override(language):
            spoken.append([pages(shelf_of(session, sari), kind) for kind in (PaperKind.SHEET, PaperKind.RECORD)])
            assert translation.get_language() == language
    assert spoken[0] == spoken[1]


def test_day_is_the_day_of_the_place(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> None:
    late = datetime.fromisoformat("2026-10-08T17:30:00+00:00")  # already Friday in Lamongan
    night = promised(cohort, venue, trainer, sari, starts_at=late)
    (page,) = pages(shelf_of(night, sari), PaperKind.SHEET)
    assert "Jumat, 9 Oktober 2026" in page
    assert "00.30–02.30 WIB" in page


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (31, "tiga puluh satu"),
        (100, "seratus"),
        (1945, "seribu sembilan ratus empat puluh lima"),
        (2026, "dua ribu dua puluh enam"),
    ],
)
def test_numbers_are_written_out(number: int, words: str) -> None:
    assert in_words(number) == words


def test_days_are_written_out() -> None:
    with translation.override("id"):
        said = day_in_words(date(2026, 8, 17))
    assert said == "Senin, tanggal tujuh belas bulan Agustus tahun dua ribu dua puluh enam"


# -- Size -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "sheet", "record", "invited"), [(0, 1, 1, 1), (24, 2, 1, 2), (200, 8, 5, 6)])
def test_papers_grow_page_by_page(
    cohort: Cohort,
    venue: Venue,
    trainer: Trainer,
    sari: User,
    people: int,
    sheet: int,
    record: int,
    invited: int,
) -> None:
    seated(cohort, people)
    session = held(promised(cohort, venue, trainer, sari), sari)
    shelf = shelf_of(session, sari)
    found = {kind: pages(shelf, kind) for kind in (PaperKind.SHEET, PaperKind.RECORD, PaperKind.INVITATION)}
    assert [len(each) for each in found.values()] == [sheet, record, invited]
    for read in found.values():
        assert all(f"Halaman {number} dari {len(read)}" in page for number, page in enumerate(read, 1))
    assert all("Tanda tangan" in page for page in found[PaperKind.SHEET])
    whole = " ".join(found[PaperKind.SHEET])
    assert all(f" Penenun {n} " in whole for n in range(1, people + 1))


def test_record_of_25_fits_on_one_page_under_its_letterhead(
    session: Session, cohort: Cohort, venue: Venue, trainer: Trainer, sari: User
) -> None:
    seated(cohort, 18, "Tambahan {n}")
    wide = promised(cohort, venue, trainer, sari, starts_at=NOW + timedelta(days=8))
    held(wide, sari)
    (page,) = pages(shelf_of(wide, sari), PaperKind.RECORD)
    assert "25 Tambahan 9" in page
    assert "Drs. Hartono" in page


def test_long_and_accented_names_are_whole(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> None:
    for name in (LONG, ACCENTED, "W" * 120):
        EnrollmentFactory.create(cohort=cohort, person=reachable_person(cohort.village, name=name))
    session = held(promised(cohort, venue, trainer, sari), sari)
    for kind in (PaperKind.SHEET, PaperKind.RECORD, PaperKind.INVITATION):
        whole = squeezed("".join(pages(shelf_of(session, sari), kind)))
        for name in (LONG, "Éva D’Souza – Ñandú Elok Noro", "W" * 120):
            assert squeezed(name) in whole


def test_long_minutes_go_on_over_pages(session: Session, sari: User) -> None:
    minuted(held(session, sari), sari, results="\n".join(["Hasil yang panjang sekali " * 8] * 19), obstacles="x" * 2000)
    read = pages(shelf_of(session, sari), PaperKind.MINUTES)
    assert len(read) >= 2
    assert "Suparman" in read[-1]
    assert "".join(read).count("Hasil yang panjang sekali") >= 19


def test_same_papers_are_the_same_bytes(session: Session, sari: User) -> None:
    minuted(held(session, sari), sari)
    for kind in PaperKind:
        written = [BytesIO(), BytesIO()]
        for each in written:
            shelf_of(session, sari).write(kind, each)
        assert written[0].getvalue() == written[1].getvalue(), kind


def test_papers_take_the_same_queries_for_7_and_50(session: Session, cohort: Cohort, sari: User, venue: Venue) -> None:
    minuted(held(session, sari), sari)
    counts = [_queries(session, sari)]
    seated(cohort, 43, "Tambahan {n}")
    larger = promised(cohort, venue, session.trainers.get(), sari, starts_at=NOW + timedelta(days=8))
    seated_again = held(larger, sari) if larger.starts_at < NOW + timedelta(days=9) else larger
    minuted(seated_again, sari)
    counts.append(_queries(seated_again, sari))
    assert counts[0] == counts[1]


def _queries(session: Session, reader: User) -> int:
    with CaptureQueriesContext(connection) as queries:
        shelf = shelf_of(session, reader)
        shelf.places()
        for kind in PaperKind:
            shelf.paper(kind)
    return len(queries)


# -- What is not there ------------------------------------------------------------------------------------------------


def lacks(shelf: Shelf) -> dict[str, str]:
    return {place.kind: str(place.lacks) for place in shelf.places() if place.lacks}


def test_shelf_says_what_is_missing(session: Session, cohort: Cohort, venue: Venue, sari: User) -> None:
    early = draft(cohort, venue, by=sari, starts_at=NOW + timedelta(days=20))
    assert set(lacks(shelf_of(early, sari)).values()) == {"Schedule the session first."}
    assert set(lacks(shelf_of(session, sari))) == {PaperKind.RECORD, PaperKind.MINUTES}
    cancel_session(early_promise := promised_without_trainer(cohort, venue, sari), reason="Banjir", by=sari, at=NOW)
    assert set(lacks(shelf_of(early_promise, sari)).values()) == {"The session was cancelled."}
    held(session, sari)
    assert lacks(shelf_of(session, sari)) == {PaperKind.MINUTES: "Nobody has written the minutes yet."}
    with pytest.raises(Refused, match="Nobody has written the minutes"):
        shelf_of(session, sari).paper(PaperKind.MINUTES)


def promised_without_trainer(cohort: Cohort, venue: Venue, sari: User) -> Session:
    return promised(cohort, venue, None, sari, trainers=[], starts_at=NOW + timedelta(days=30))  # type: ignore[arg-type]


def test_nobody_is_sent_to_a_session_without_trainers(cohort: Cohort, venue: Venue, sari: User) -> None:
    shelf = shelf_of(promised_without_trainer(cohort, venue, sari), sari)
    assert lacks(shelf)[PaperKind.ASSIGNMENT] == "The session has no trainer yet."


# -- The bundle -------------------------------------------------------------------------------------------------------


def unzipped(shelf: Shelf) -> dict[str, bytes]:
    with ZipFile(BytesIO(b"".join(stream_bundle(shelf)))) as bundle:
        assert bundle.testzip() is None
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_bundle_holds_all_papers_in_order(session: Session, sari: User, settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    minuted(held(session, sari), sari)
    photo = SheetPhoto(session=session, sha256="0" * 64, size=3, at=NOW, by=sari)
    photo.file.save("x.jpg", ContentFile(b"jpg"))
    found = unzipped(shelf_of(session, sari))
    assert [*found] == [
        *("01-surat-tugas.pdf", "02-undangan.pdf", "03-daftar-hadir.pdf", "04-rekap-kehadiran.pdf"),
        *("05-rekap-kehadiran.xlsx", "06-berita-acara.pdf", "07-foto-01.jpg", "DAFTAR-ISI.txt"),
    ]
    assert found["07-foto-01.jpg"] == b"jpg"
    listed = found["DAFTAR-ISI.txt"].decode()
    assert "BELUM ADA" not in listed
    assert "Undangan: 02-undangan.pdf (belum bernomor)" in listed
    assert "Kamis, 8 Oktober 2026" in listed
    assert bundle_name(shelf_of(session, sari)) == f"spj-2026-10-08-{sheet_code(session)}.zip"
    photo.file.storage.delete(photo.file.name or "")
    lost = unzipped(shelf_of(session, sari))
    assert "07-foto-01.jpg" not in lost
    assert "BELUM ADA  Foto daftar hadir bertanda tangan 1" in lost["DAFTAR-ISI.txt"].decode()


def test_bundle_lists_what_is_missing(session: Session, sari: User) -> None:
    found = unzipped(shelf_of(session, sari))
    assert [*found] == ["01-surat-tugas.pdf", "02-undangan.pdf", "03-daftar-hadir.pdf", "DAFTAR-ISI.txt"]
    listed = found["DAFTAR-ISI.txt"].decode()
    for missing in ("Rekap kehadiran", "Rekap kehadiran (Excel)", "Berita acara", "Foto daftar hadir bertanda tangan"):
        assert f"BELUM ADA  {missing}\r\n" in listed


def test_bundle_is_the_same_bytes_and_comes_in_parts(session: Session, sari: User) -> None:
    minuted(held(session, sari), sari)
    first, second = ([*stream_bundle(shelf_of(session, sari))] for _ in range(2))
    assert first == second
    assert len([part for part in first if part]) > 5


def test_workbook_has_real_days_and_no_formula(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> None:
    for name in ("=1+1", "@SUM", "Ani"):
        EnrollmentFactory.create(cohort=cohort, person=reachable_person(cohort.village, name=name))
    session = held(promised(cohort, venue, trainer, sari), sari)
    written = BytesIO()
    shelf_of(session, sari).write_workbook(written)
    page = load_workbook(written).active
    assert page is not None
    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref == "A1:J4"
    rows = [*page.iter_rows(min_row=2, values_only=True)]
    assert {row[1] for row in rows} == {"=1+1", "@SUM", "Ani"}
    assert {cell.data_type for column in ("B", "C", "D", "E", "I") for cell in page[column]} == {"s"}
    assert [type(value).__name__ for value in rows[0][5:8]] == ["datetime", "time", "time"]
    assert {row[8] for row in rows} == {"Terlambat", "Sakit", "Izin"}
