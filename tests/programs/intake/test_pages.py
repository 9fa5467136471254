"""The pages of an import: who may, each step, big lists without a script, and what each costs."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from programs.actions.intake import opening
from programs.models import Cohort, ImportBatch
from programs.views import intake
from tests.programs.browsing import press, read
from tests.programs.intake.conftest import Bring
from tests.programs.intake.lists import HEAD, people, xlsx
from villages.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WRONG = (9, None, "=Ani", "?", None, None, "0812", None)
LISTS = ["import-detail", "import-columns"]
ACTS = ["import-step", "import-commit", "import-undo", "import-discard", "import-errors"]


def upload(desk: Client, cohort: Cohort, data: bytes, status: int = 302) -> str:
    file = SimpleUploadedFile("../../peserta\n.xlsx", data)
    return press(desk, "cohort-import", cohort.pk, status=status, file=file)


def columns(batch: ImportBatch) -> dict[str, str]:
    return {f"column-{index}": field for index, field in enumerate(batch.fields)} | {"consent_how": "spoken"}


def test_list_walks_from_file_to_people_and_back(desk: Client, cohort: Cohort) -> None:
    assert "Upload and go on" in read(desk, "cohort-import", cohort.pk)
    upload(desk, cohort, xlsx([HEAD, *people(30), WRONG], others=["Petunjuk"]))
    batch = ImportBatch.objects.get()
    shown = read(desk, "import-columns", batch.pk)
    assert "Nama Lengkap" in shown
    assert "NIK" in shown
    assert "35241" not in shown
    press(desk, "import-columns", batch.pk, **columns(batch))
    shown = read(desk, "import-detail", batch.pk)
    assert "Mobile number 0812 is too short." in shown
    assert "Import 30 rows" in shown
    press(desk, "import-commit", batch.pk, status=409)
    press(desk, "import-commit", batch.pk, skip_wrong="true")
    assert Person.objects.count() == 30
    assert "Undo this import" in read(desk, "import-detail", batch.pk)
    for state in ("new", "wrong", "duplicate", "kept", "nonsense"):
        read(desk, "import-detail", batch.pk, state=state)
    press(desk, "import-commit", batch.pk, status=409, skip_wrong="true")
    press(desk, "import-undo", batch.pk)
    press(desk, "import-undo", batch.pk, status=409)
    assert "This import was undone." in read(desk, "import-detail", batch.pk)
    assert not Person.objects.exists()


def test_import_is_offered_where_people_belong(desk: Client, cohort: Cohort) -> None:
    assert reverse("cohort-import", args=[cohort.pk]) in read(desk, "cohort-detail", cohort.pk)
    assert reverse("program-import", args=[cohort.program_id]) in read(desk, "program-detail", cohort.program_id)
    file = SimpleUploadedFile("a.csv", b"Nama;L/P;Desa\nAni;P;Parengan\n")
    press(desk, "program-import", cohort.program_id, file=file)
    assert ImportBatch.objects.get().cohort is None


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"PK\x03\x04 broken", b"\0\1\2\3" * 200], ids=str)
def test_file_that_cannot_be_read_is_refused_in_words(desk: Client, cohort: Cohort, data: bytes) -> None:
    assert "Please check this first" in upload(desk, cohort, data, status=400)
    assert "This field is required" in press(desk, "cohort-import", cohort.pk, status=400)
    assert not ImportBatch.objects.exists()


def test_list_without_ids_comes_in_and_so_does_the_file_of_its_errors(desk: Client, cohort: Cohort) -> None:
    upload(desk, cohort, xlsx([("Nama", "L/P", "Tgl lahir"), ("Ani", "P", "1980-01-02"), ("Budi", "?", "1/2/1981")]))
    batch = ImportBatch.objects.get()
    press(desk, "import-columns", batch.pk, **columns(batch))
    errors = desk.post(reverse("import-errors", args=[batch.pk]))
    upload(desk, cohort, errors.content)
    again = ImportBatch.objects.latest("pk")
    press(desk, "import-columns", again.pk, **columns(again))
    again.refresh_from_db()
    assert (again.state, again.wrong) == ("checked", 1)


def test_columns_are_checked_and_can_be_chosen_again(desk: Client, cohort: Cohort) -> None:
    upload(desk, cohort, xlsx([("Siapa", "L/P"), ("Ani", "P")]))
    batch = ImportBatch.objects.get()
    assert "No headings were found" in read(desk, "import-columns", batch.pk)
    wrong = press(desk, "import-columns", batch.pk, status=400, **columns(batch))
    assert "Say which column holds the names." in wrong
    press(desk, "import-columns", batch.pk, **{**columns(batch), "column-0": "name", "column-1": "sex"})
    batch.refresh_from_db()
    assert (batch.state, batch.new) == ("checked", 1)
    assert desk.get(reverse("import-columns", args=[batch.pk])).status_code == 302


def test_big_list_goes_on_piece_by_piece_without_a_script(
    desk: Client, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "PIECE", 10)
    monkeypatch.setattr(intake, "PATIENCE", 0)
    upload(desk, cohort, xlsx([HEAD, *people(25)]))
    batch = ImportBatch.objects.get()
    press(desk, "import-columns", batch.pk, **columns(batch))
    assert "10 of 25 rows" in read(desk, "import-detail", batch.pk)
    part = desk.post(reverse("import-step", args=[batch.pk]), headers={"HX-Request": "true"})
    assert b"20 of 25 rows" in part.content
    press(desk, "import-step", batch.pk)
    last = desk.post(reverse("import-step", args=[batch.pk]), headers={"HX-Request": "true"})
    assert last["HX-Redirect"] == reverse("import-detail", args=[batch.pk])
    press(desk, "import-step", batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.new) == ("checked", 25)


def test_file_of_errors_opens_and_runs_nothing(desk: Client, bring: Bring) -> None:
    batch = bring(xlsx([HEAD, *people(2), WRONG]))
    answer = desk.post(reverse("import-errors", args=[batch.pk]))
    assert answer["Cache-Control"] == "no-store"
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert [cell.value for cell in sheet[1]][:3] == ["Row", "Nama Lengkap", "L/P"]
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("#FORMULA!", "s")
    everything = desk.post(reverse("import-errors", args=[batch.pk]), {"everything": "true"})
    assert load_workbook(BytesIO(everything.content)).worksheets[0].max_row == 4


def test_empty_list_can_be_fetched_and_comes_back(desk: Client) -> None:
    answer = desk.get(reverse("import-template"))
    assert load_workbook(BytesIO(answer.content)).worksheets[0].max_column == 10


def test_undo_is_not_offered_after_a_day(desk: Client, bring: Bring, commit: Bring, at: datetime) -> None:
    batch = commit(bring(xlsx([HEAD, *people(2)])))
    with time_machine.travel(at + timedelta(hours=25), tick=False):
        assert "Undo this import" not in read(desk, "import-detail", batch.pk)
        assert "24 hours" in press(desk, "import-undo", batch.pk, status=409)


@pytest.mark.parametrize("name", [*LISTS, *ACTS, "cohort-import", "program-import", "import-template"])
def test_page_is_for_the_desk_of_the_program(
    client: Client, bring: Bring, cohort: Cohort, made: User, observer: User, rina: User, name: str
) -> None:
    batch = bring(xlsx([HEAD, *people(2)]))
    pks = {"cohort-import": cohort.pk, "program-import": cohort.program_id, "import-template": None}
    pk = pks.get(name, batch.pk)
    address = reverse(name, args=[pk] if pk else [])
    ask = client.post if name in ACTS else client.get
    assert ask(address)["Location"].startswith(reverse("account_login"))
    for user, status in ((made, 403), (observer, 403), (rina, 404 if pk else 200)):
        client.force_login(user)
        assert ask(address).status_code == status


@pytest.mark.parametrize("language", ["en", "id"])
def test_pages_speak_both_languages(desk: Client, bring: Bring, commit: Bring, cohort: Cohort, language: str) -> None:
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    batch = bring(xlsx([HEAD, *people(2), WRONG]))
    said = "No. HP 0812 terlalu pendek." if language == "id" else "Mobile number 0812 is too short."
    assert said in read(desk, "import-detail", batch.pk)
    assert read(desk, "cohort-import", cohort.pk).count("<h1") == 1


def test_table_costs_the_same_for_one_and_many_rows(desk: Client, bring: Bring) -> None:
    costs = []
    for count in (1, 20):
        batch = bring(xlsx([HEAD, *people(count, start=count * 50)]))
        with CaptureQueriesContext(connection) as queries:
            read(desk, "import-detail", batch.pk)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 10
