"""A list comes in: checked in one pass, piece by piece, committed as a whole."""

import random
import tracemalloc
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.errors import MoveRefused, Refused
from common.models import Event
from programs.actions.intake import (
    check_import,
    choose_columns,
    open_import,
    opening,
)
from programs.models import Attendance, Cohort, Enrollment, ImportBatch, ImportPiece, ImportRow, Venue
from programs.states import ImportState
from reminders.models import Message
from tests import factories
from tests.programs.intake.conftest import Bring, counts
from tests.programs.intake.lists import HEAD, damaged, people, text, xlsx
from tests.programs.plans import history, scheduled
from villages.models import Consent, ContactPoint, Person, PersonContact, Village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def row(batch: ImportBatch, number: int) -> ImportRow:
    return batch.rows.get(number=number)


def codes(batch: ImportBatch, number: int) -> list[str]:
    return [code for _column, code, _value in row(batch, number).problems]


def standing() -> tuple[int, ...]:
    models: tuple[Any, ...] = (Person, ContactPoint, PersonContact, Consent, Enrollment, Attendance)
    return tuple(model.objects.count() for model in models)


# -- Checking ---------------------------------------------------------------------------------------------------------


def test_every_error_of_every_row_is_named_in_one_pass(bring: Bring) -> None:
    batch = bring(
        xlsx(
            [
                HEAD,
                (1, None, "", "", "31/31/1985", "x" * 90, "0812", "mungkin"),
                (2, None, "123", "Q", None, None, None, None),
                (3, None, "#REF!", "L", None, None, "021 5550 123", None),
                (4, None, "Siti 3524102009780003", "P", None, None, None, None),
                (5, None, "Ani", "P", None, None, 3524102009780003, None),
                (6, "3524102009780003", None, None, None, None, None, None),
                (7, None, "Bu Ani", "P", "1/2/1980", "Wedi", "0812 3000 0001", "ya"),
                (8, None, None, None, None, None, None, None),
            ]
        )
    )
    assert counts(batch) == (1, 0, 0, 6)
    assert codes(batch, 2) == ["name_missing", "sex_missing", "birth_date", "long", "phone_short", "consent"]
    assert codes(batch, 3) == ["name_no_letters", "sex_unknown"]
    assert codes(batch, 4) == ["formula", "phone_landline"]
    assert codes(batch, 5) == ["digits"]
    assert codes(batch, 6) == ["digits"]
    assert codes(batch, 7) == ["name_missing", "sex_missing"]
    assert standing() == (0, 0, 0, 0, 0, 0)


def test_ids_reach_no_table(bring: Bring, commit: Bring) -> None:
    head = ("NIK", "Nama", "L/P", "KTP suami", "Ket")
    commit(bring(xlsx([head, (3524102009780003, "Ani", "P", "3524102009780004", "NIK 3524102009780005")])))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM \"{table}\" t WHERE t::text ~ '35241020097800'")  # noqa: S608
            assert cursor.fetchone() == (0,), table


def test_columns_without_a_meaning_are_kept_nowhere(bring: Bring) -> None:
    batch = bring(xlsx([("Nama", "L/P", "Penyakit"), ("Ani", "P", "rahasia")]))
    assert row(batch, 2).cells == ["Ani", "P"]
    assert not ImportPiece.objects.exists()


def test_two_people_of_one_name_are_two_unless_number_or_year_agree(bring: Bring) -> None:
    head = ("Nama", "L/P", "Tahun lahir", "No HP")
    batch = bring(
        xlsx(
            [
                head,
                ("Siti Aminah", "P", 1980, "081230000001"),
                ("SITI AMINAH", "P", 1985, "081230000002"),
                ("Bu Siti Aminah", "P", None, "081230000001"),
                ("Siti Aminah, S.Pd", "P", 1985, None),
                ("Siti Aminah", "L", 1980, "081230000001"),
                ("Siti Aminah", "P", None, None),
            ]
        )
    )
    assert [each.state for each in batch.rows.order_by("number")] == [
        "new",
        "new",
        "duplicate",
        "duplicate",
        "new",
        "new",
    ]
    assert row(batch, 4).remarks == [["name", "twice", "2"]]


def test_who_is_known_is_met_again(bring: Bring, parengan: Village, cohort: Cohort) -> None:
    known = factories.reachable_person(parengan, name="Lidia Wati", hamlet="Krajan", birth_year=1978)
    number = known.contact_points.get().number
    factories.EnrollmentFactory.create(cohort=cohort, person=known)
    factories.PersonFactory.create(village=parengan, name="Sumiati", hamlet="Wedi")
    factories.PersonFactory.create(village=factories.VillageFactory.create(), name="Ngatini", birth_year=1960)
    head = ("Nama", "L/P", "Tahun lahir", "Dusun", "No HP", "Pekerjaan", "Setuju")
    batch = bring(
        xlsx(
            [
                head,
                ("Hj. LIDIA  WATI", "P", None, None, number, "tenun", "ya"),
                ("Sumiati", "P", None, "wedi", None, None, "ya"),
                ("Lidia Wati", "P", 1999, "Gading", None, None, None),
                ("Ani", "P", None, None, number, None, None),
                ("Ngatini", "P", 1960, None, None, None, None),
            ]
        )
    )
    assert [each.state for each in batch.rows.order_by("number")] == ["duplicate", "changed", "new", "new", "new"]
    assert sorted(row(batch, 3).changes) == ["consent", "enrollment"]
    assert row(batch, 4).remarks[0] == ["name", "namesake", ""]
    assert row(batch, 5).remarks == [["phone", "shared", ""]]


def test_list_of_a_program_names_its_villages(bring: Bring, cohort: Cohort, parengan: Village) -> None:
    twins = [
        factories.VillageFactory.create(
            name="Sidomulyo", region=factories.lay_region(f"35.24.{code}.2001", {f"35.24.{code}": name})
        )
        for code, name in (("14", "Deket"), ("15", "Modo"))
    ]
    for village in twins:
        factories.CohortFactory.create(program=cohort.program, village=village, name="A")
    factories.CohortFactory.create(program=cohort.program, village=twins[1], name="B")
    head = ("Nama", "L/P", "Desa", "Angkatan")
    batch = bring(
        xlsx(
            [
                head,
                ("Ani", "P", "Desa Parengan", None),
                ("Ina", "P", "Sidomulyo", None),
                ("Uni", "P", "Sidomulyo, Kec. Deket", None),
                ("Oni", "P", "35.24.15.2001", "b"),
                ("Eni", "P", "Sidomulyo, Modo", "C"),
                ("Esi", "P", "Sidomulyo, Modo", None),
                ("Asi", "P", None, None),
                ("Isi", "P", "Jakarta", None),
            ]
        ),
        cohort=None,
    )
    assert [codes(batch, number) for number in range(2, 10)] == [
        *([], ["village_ambiguous"], [], [], ["cohort_unknown"], ["cohort_missing"]),
        *(["village_missing"], ["village_unknown"]),
    ]  # fmt: skip
    assert "Kec. Deket" in row(batch, 3).errors[0][2]
    assert row(batch, 5).cohort.name == "B"  # type: ignore[union-attr]
    assert codes(bring(xlsx([head[:3], ("Ani", "P", "Jakarta")])), 2) == ["village_other"]


@pytest.mark.parametrize(
    "data",
    [b"", b"Nama;L/P\r\n", b"%PDF-1.4", xlsx([[]]), b'Nama;L/P\r\n"Ani;P\r\n'],
    ids=["empty", "nobody", "pdf", "blank", "quote"],
)
def test_file_that_cannot_be_read_writes_nothing(bring: Bring, data: bytes) -> None:
    with pytest.raises(ValidationError):
        bring(data)
    assert not ImportBatch.objects.exists()


def test_other_sheets_are_told_and_the_list_is_found(bring: Bring) -> None:
    batch = bring(xlsx([HEAD, *people(3)], others=["Petunjuk"]))
    assert batch.notices == [["other_sheets", "Peserta"], ["national_id", "NIK"]]
    assert batch.lines == 3


def test_damaged_files_never_come_in_half(bring: Bring) -> None:
    dice, refused = random.Random(50), 0  # noqa: S311
    for whole in (xlsx([HEAD, *people(40)]), text([HEAD, *people(40)])):
        for _ in range(25):
            try:
                batch = bring(damaged(whole, dice))
            except ValidationError:
                refused += 1
            else:
                assert sum(counts(batch)) == batch.rows.count()
    assert refused > 15
    assert standing() == (0, 0, 0, 0, 0, 0)


# -- Columns and pieces -----------------------------------------------------------------------------------------------


def test_pieces_go_on_where_they_stopped(
    cohort: Cohort, sari: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "PIECE", 10)
    data = xlsx([HEAD, *people(35)])
    batch = open_import(program=cohort.program, cohort=cohort, data=data, file_name="x", by=sari, at=at)
    assert (batch.lines, batch.pieces.count()) == (35, 4)
    choose_columns(batch, fields=batch.fields, consent_how="spoken", by=sari, at=at)
    seen = []
    while batch.state == ImportState.UPLOADED:
        check_import(batch, by=sari, at=at, patience=0)
        seen.append(batch.percent)
    assert seen == [28, 57, 85, 100, 100]
    assert batch.rows.count() == 35
    with pytest.raises(Refused):
        choose_columns(batch, fields=batch.fields, consent_how="paper", by=sari, at=at)


def test_check_and_commit_cost_the_same_for_ten_and_a_thousand(bring: Bring, commit: Bring) -> None:
    costs = []
    for count in (10, 1000):
        with CaptureQueriesContext(connection) as check:
            batch = bring(xlsx([HEAD, *people(count, start=count)]))
        with CaptureQueriesContext(connection) as write:
            commit(batch)
        costs.append((len(check), len(write)))
    assert costs[0] == costs[1]
    assert sum(costs[0]) < 140


def test_memory_stays_flat_however_long_the_list_is(bring: Bring) -> None:
    peaks = []
    for count in (2_000, 10_000):
        data = text([HEAD, *people(count, start=count)])
        tracemalloc.start()
        bring(data)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.6 * peaks[0], peaks


# -- Committing -------------------------------------------------------------------------------------------------------


def test_commit_writes_people_numbers_agreements_seats_and_history(
    bring: Bring, commit: Bring, cohort: Cohort, venue: Venue, sari: User
) -> None:
    session = scheduled(cohort, venue, by=sari)
    batch = commit(bring(xlsx([HEAD, (1, None, "Ani", "P", "1/2/1980", "Wedi", "0812 3000 0001", "ya")])))
    ani = Person.objects.get()
    assert (ani.name, ani.sex, ani.birth_year, ani.hamlet, ani.craft) == ("Ani", "female", 1980, "Wedi", "")
    assert ani.contact_points.get().number == "+6281230000001"
    assert (ani.consents.get().how, ani.consents.get().text_version) == ("paper", "1")
    assert session.seats.get().enrollment == ani.enrollments.get() == row(batch, 2).enrollment
    assert history(ani) == ["added", "contact_added", "consent_given"]
    assert history(ani.enrollments.get()) == ["enrolled"]
    assert history(batch) == ["uploaded", "checked", "committed"]
    assert Message.objects.filter(people=ani, session=session).exists()


def test_same_list_twice_changes_nothing(bring: Bring, commit: Bring) -> None:
    data = xlsx([HEAD, *people(200), (0, None, "Tanpa Nomor", "P", None, None, None, None)])
    assert counts(commit(bring(data))) == (201, 0, 0, 0)
    before, events = standing(), Event.objects.count()
    again = bring(data)
    assert counts(again) == (0, 0, 201, 0)
    assert again.notices[-1] == ["seen_before", ""]
    commit(again)
    assert standing() == before
    assert Event.objects.count() == events + 3


def test_wrong_rows_stop_everything_unless_skipped(bring: Bring, commit: Bring) -> None:
    batch = bring(xlsx([HEAD, *people(5), (6, None, "Ani", "?", None, None, None, None)]))
    with pytest.raises(Refused):
        commit(batch)
    batch.refresh_from_db()
    assert (batch.state, standing()) == (ImportState.CHECKED, (0, 0, 0, 0, 0, 0))
    assert counts(commit(batch, skip_wrong=True)) == (5, 0, 0, 1)
    assert Person.objects.count() == 5
    with pytest.raises(MoveRefused):
        commit(batch, skip_wrong=True)


def test_known_people_are_corrected_and_asked_again_at_commit(
    bring: Bring, commit: Bring, parengan: Village, cohort: Cohort
) -> None:
    ani = factories.PersonFactory.create(village=parengan, name="Ani", birth_year=1980, hamlet="Krajan", craft="tenun")
    head = ("Nama", "L/P", "Tahun lahir", "Dusun", "No HP")
    first, second = (bring(xlsx([head, ("Ani", "P", 1980, "Wedi", "081230000001")])) for _ in range(2))
    assert counts(first) == counts(second) == (0, 1, 0, 0)
    commit(first)
    ani.refresh_from_db()
    assert (ani.hamlet, ani.craft, ani.enrollments.get().cohort) == ("Wedi", "tenun", cohort)
    assert counts(commit(second)) == (0, 0, 1, 0)
    assert history(ani) == ["changed", "contact_added"]


def test_who_withdrew_is_not_enrolled_again(bring: Bring, commit: Bring, parengan: Village, cohort: Cohort) -> None:
    ani = factories.PersonFactory.create(village=parengan, name="Ani", birth_year=1980)
    factories.EnrollmentFactory.create(cohort=cohort, person=ani, state="withdrawn", reason="moved away")
    batch = commit(bring(xlsx([("Nama", "L/P", "Tahun lahir"), ("Ani", "P", 1980)])))
    assert counts(batch) == (0, 0, 1, 0)
    assert row(batch, 2).remarks[0] == ["cohort", "withdrawn", ""]
