"""Lists over the API: the shape that others rely on, and everything that may be wrong with one."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from programs.models import Cohort, ImportBatch
from tests.api.conftest import Caller
from tests.programs.intake.lists import HEAD, people, xlsx
from villages.models import Person

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/people/import/"


def send(client: APIClient, data: bytes, name: str = "peserta.xlsx", **given: Any) -> Any:
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, data), **given}, format="multipart")


def test_list_is_checked_committed_and_undone(ask: Caller, sari: User, cohort: Cohort) -> None:
    client = ask(sari)
    wrong = (9, None, "Ani", "P", None, None, "0812", None)
    answer = send(client, xlsx([HEAD, *people(3), wrong]), cohort=cohort.pk)
    assert answer.status_code == 201, answer.data
    data = answer.data
    assert (data["state"], data["new"], data["changed"], data["duplicate"], data["wrong"]) == ("checked", 3, 0, 0, 1)
    assert [row["row"] for row in data["rows"]] == [2, 3, 4, 5]
    assert data["rows"][3]["state"] == "wrong"
    assert data["rows"][3]["errors"] == [{"column": "phone", "detail": "Mobile number 0812 is too short."}]
    here = f"{ADDRESS}{data['id']}/"
    assert not Person.objects.exists()
    assert client.post(f"{here}commit/").status_code == 409
    assert client.post(f"{here}commit/?skip_wrong=perhaps").status_code == 400
    committed = client.post(f"{here}commit/?skip_wrong=true")
    assert (committed.status_code, committed.data["state"]) == (200, "committed")
    assert Person.objects.count() == 3
    assert client.post(f"{here}commit/?skip_wrong=true").status_code == 409
    rows = client.get(f"{here}rows/", {"page_size": 2}).data
    assert [row["row"] for row in rows["results"]] == [2, 3]
    assert client.get(here).data["state"] == "committed"
    undone = client.post(f"{here}undo/")
    assert (undone.status_code, undone.data["state"]) == (200, "undone")
    assert not Person.objects.exists()
    assert client.post(f"{here}undo/").status_code == 409


def test_list_of_a_program_with_columns_named(ask: Caller, sari: User, cohort: Cohort) -> None:
    mapping = json.dumps({"Siapa": "name", "B": "sex", "Desa": "village"})
    data = b"Siapa;Apa;Desa\nAni;P;Parengan\n"
    answer = send(ask(sari), data, "a.csv", program=cohort.program_id, mapping=mapping)
    assert answer.data["new"] == 1


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"Nama;L/P\n"], ids=str
)
def test_unreadable_file_is_a_sentence(ask: Caller, sari: User, cohort: Cohort, data: bytes) -> None:
    answer = send(ask(sari), data, cohort=cohort.pk)
    assert answer.status_code == 400
    assert answer.data["detail"].endswith(".")
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"cohort": "0"},
        {"cohort": "x"},
        {"program": "9" * 30},
        {"mapping": "{"},
        {"mapping": "[]"},
        {"mapping": '{"Nama": 1}'},
        {"mapping": '{"Nama": "salary"}'},
        {"mapping": '{"Z": "name"}'},
        {"mapping": "[" * 10_000},
        {"mapping": '{"Nama": "\\u0000"}'},
    ],
    ids=str,
)
def test_bad_fields_are_refused(ask: Caller, sari: User, cohort: Cohort, given: dict[str, str]) -> None:
    place: dict[str, Any] = {"cohort": cohort.pk} if "mapping" in given else {}
    answer = send(ask(sari), xlsx([HEAD, *people(1)]), **{**place, **given})
    assert answer.status_code == 400


def test_bodies_that_are_no_form_are_refused(ask: Caller, sari: User) -> None:
    client = ask(sari)
    for body, kind in (("x", "multipart/form-data"), ("--a", "multipart/form-data; boundary=a"), ("{}", "text/csv")):
        assert client.generic("POST", ADDRESS, body, content_type=kind).status_code in {400, 415}
    huge = client.generic(
        "POST", ADDRESS, "", content_type="multipart/form-data; boundary=a", CONTENT_LENGTH="99999999"
    )
    assert huge.status_code == 413


def test_scope_and_role(ask: Caller, sari: User, made: User, rina: User, cohort: Cohort) -> None:
    data = xlsx([HEAD, *people(1)])
    assert send(ask(made), data, cohort=cohort.pk).status_code == 403
    assert send(ask(rina), data, cohort=cohort.pk).status_code in {400, 404}
    pk = send(ask(sari), data, cohort=cohort.pk).data["id"]
    for path in ("", "rows/"):
        assert ask(rina).get(f"{ADDRESS}{pk}/{path}").status_code == 404
        assert ask(made).get(f"{ADDRESS}{pk}/{path}").status_code == 403
    for act in ("commit/", "undo/"):
        assert ask(rina).post(f"{ADDRESS}{pk}/{act}").status_code == 404
