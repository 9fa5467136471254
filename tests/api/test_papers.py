"""Papers over the API: the list, each as PDF, the zip and the minutes."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.models import User
from common.models import Event
from papers.models import Minutes
from papers.states import PaperKind
from programs.models import Cohort, Session, Trainer, Venue
from tests.api.conftest import Caller
from tests.papers.sessions import held, minuted, promised, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort: Cohort, venue: Venue, trainer: Trainer, sari: User) -> Session:
    """Seven weavers are promised a session."""
    seated(cohort, 7)
    return promised(cohort, venue, trainer, sari)


def address(session: Session, rest: str = "papers/") -> str:
    return f"/api/v1/sessions/{session.pk}/{rest}"


def test_list_says_what_is_there_and_what_is_missing(ask: Caller, sari: User, session: Session) -> None:
    answer = ask(sari).get(address(session))
    assert answer.data["session"] == session.pk
    assert {row["kind"]: row["available"] for row in answer.data["papers"]} == {
        "assignment-letter": True,
        "invitation": True,
        "attendance-sheet": True,
        "attendance-record": False,
        "minutes": False,
    }
    assert answer.data["papers"][3]["lacks"] == "There is nothing to tell before the session was held."
    assert answer.data["papers"][0]["number"] is None


@pytest.mark.parametrize("accept", ["application/pdf", "application/json", "*/*"])
def test_paper_is_pdf_whatever_is_accepted(ask: Caller, sari: User, session: Session, accept: str) -> None:
    answer = ask(sari).get(address(session, "papers/attendance-sheet/"), headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert answer["Content-Disposition"] == f'inline; filename="daftar-hadir-{session.pk}.pdf"'
    assert "DAFTAR HADIR" in PdfReader(BytesIO(answer.content)).pages[0].extract_text()


def test_reading_masked_numbers_is_kept_in_the_history(ask: Caller, sari: User, session: Session) -> None:
    ask(sari).get(address(session, "papers/attendance-sheet/"))
    ask(sari).get(address(session, "papers/invitation/"))
    assert Event.objects.get(verb="numbers_printed").facts == {"rows": 7}


def test_what_is_missing_is_a_problem_in_words(ask: Caller, sari: User, session: Session) -> None:
    for accept in ("application/pdf", "*/*"):
        answer = ask(sari).get(address(session, "papers/minutes/"), headers={"Accept": accept})
        assert answer.status_code == 409
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"] == "There is nothing to tell before the session was held."
    assert ask(sari).get(address(session, "papers/receipt/")).status_code == 404


def test_bundle_is_a_zip(ask: Caller, sari: User, session: Session) -> None:
    answer = ask(sari).get(address(session, "bundle/"), headers={"Accept": "application/zip"})
    assert answer["Content-Type"] == "application/zip"
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as bundle:  # type: ignore[attr-defined]
        assert bundle.namelist()[-1] == "DAFTAR-ISI.txt"
    assert Event.objects.get(verb="bundle_taken").facts == {"rows": 7}


def test_minutes_are_written_once_and_again(ask: Caller, sari: User, session: Session) -> None:
    held(session, sari)
    client, words = ask(sari), {"results": "Tiga contoh kain", "follow_up": "Kirim contoh"}
    first = client.put(address(session, "minutes/"), {**words, "version": 0}, format="json")
    assert (first.status_code, first.data["version"], first.data["state"]) == (200, 1, "open")
    assert client.put(address(session, "minutes/"), words, format="json").data["version"] == 1
    stale = client.put(address(session, "minutes/"), {"results": "Lain", "version": 0}, format="json")
    assert stale.status_code == 409
    assert Minutes.objects.get().results == "Tiga contoh kain"
    changed = client.put(address(session, "minutes/"), {"results": "Lain", "version": 1}, format="json")
    assert (changed.data["version"], changed.data["follow_up"]) == (2, "Kirim contoh")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({}, "results"), ({"results": ""}, "results"), ({"results": "x" * 4001}, "results"), ({"results": 5}, "results")],
)
def test_wrong_minutes_are_said_beside_the_field(
    ask: Caller, sari: User, session: Session, wrong: dict[str, object], field: str
) -> None:
    held(session, sari)
    answer = ask(sari).put(address(session, "minutes/"), wrong, format="json")
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_minutes_of_what_was_not_held_are_refused(ask: Caller, sari: User, session: Session) -> None:
    answer = ask(sari).put(address(session, "minutes/"), {"results": "Terlalu cepat"}, format="json")
    assert answer.status_code == 409


def test_mentor_prints_and_writes_and_takes_no_bundle(ask: Caller, made: User, session: Session, sari: User) -> None:
    held(session, sari)
    client = ask(made)
    assert client.get(address(session, "papers/attendance-sheet/")).status_code == 200
    assert client.put(address(session, "minutes/"), {"results": "Dari lapangan"}, format="json").status_code == 200
    assert client.get(address(session, "bundle/")).status_code == 403


def test_list_takes_the_same_queries_for_7_and_50(
    ask: Caller, sari: User, session: Session, cohort: Cohort, venue: Venue
) -> None:
    minuted(held(session, sari), sari)
    client, kinds = ask(sari), ["", *(f"{kind}/" for kind in PaperKind)]
    counts = [_queries(client, address(session, f"papers/{kind}")) for kind in kinds]
    seated(cohort, 43, "Tambahan {n}")
    larger = promised(cohort, venue, session.trainers.get(), sari, starts_at=session.starts_at.replace(day=9))
    minuted(held(larger, sari), sari)
    assert counts == [_queries(client, address(larger, f"papers/{kind}")) for kind in kinds]


def _queries(client: object, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200  # type: ignore[attr-defined]
    return len(queries)
