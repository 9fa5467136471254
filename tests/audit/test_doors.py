"""Every door through which names or numbers of people leave the house is written down, once for each act."""

import re
from collections.abc import Callable
from datetime import timedelta
from inspect import getsource
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client

from accounts.models import User
from audit.lists import lines_of
from audit.models import Access
from programs.models import Cohort
from tests import factories
from tests.api.conftest import Caller, ask  # noqa: F401  a fixture
from tests.exports.claims import pdf
from tests.factories import NOW
from tests.house.test_access import ADDRESSES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
Way = tuple[str, str]  # the verb, and the address
Door = Callable[[Cohort], Way]
HANDS_OUT = re.compile(
    r"(as_pdf|FileResponse|write_certificates|write_bundle|StreamingHttpResponse|hand_out|as_xlsx|write_csv|calling_sheet|as_file)\("
)


def kept(row: Any) -> Any:
    """Give a document its file."""
    row.file.save("paper.pdf", ContentFile(pdf()), save=True)
    return row


def claim_document(_cohort: Cohort) -> Any:
    return kept(factories.ClaimDocumentFactory.create())


def evidence(_cohort: Cohort) -> Any:
    return kept(factories.TransactionDocumentFactory.create())


def photo(cohort: Cohort) -> Any:
    return kept(factories.SheetPhotoFactory.create(session=held(cohort)))


def held(cohort: Cohort) -> Any:
    """A session that was held, with one who came."""
    factories.lay_criteria()
    session = factories.SessionFactory.create(program=cohort.program, cohorts=[cohort], state="held")
    factories.MarkedSeatFactory.create(session=session, enrollment__cohort=cohort)
    return session


def certificate(cohort: Cohort) -> Any:
    return factories.CertificateFactory.create(enrollment__cohort=cohort)


def letter(cohort: Cohort) -> Any:
    factories.CohortFactory.create(village=cohort.village, program=cohort.program)
    return factories.AssignmentFactory.create(village=cohort.village)


def handover(cohort: Cohort) -> Any:
    person = factories.reachable_person(cohort.village)
    person.contacts.update(relation="village_contact")
    return factories.HandoverFactory.create(village=cohort.village)


def unconsented(cohort: Cohort) -> Any:
    factories.PersonFactory.create(village=cohort.village)
    return cohort.village


def monthly(cohort: Cohort) -> str:
    mentor = factories.AssignmentFactory.create(village=cohort.village).mentor
    return f"?mentor={mentor.pk}&village={cohort.village_id}&month={NOW:%Y-%m}"


def trainer(_cohort: Cohort) -> Any:
    return factories.TrainerFactory.create(phone="+6281200000081")


DOORS: dict[str, Door] = {
    "AssignmentLetter": lambda cohort: ("names_printed", f"/assignments/{letter(cohort).pk}/letter/"),
    "AssignmentPdf": lambda cohort: ("names_printed", f"/assignments/{letter(cohort).pk}/letter.pdf"),
    "CertificateDetail": lambda cohort: ("names_printed", f"/certificates/{certificate(cohort).pk}/"),
    "CertificatePdf": lambda cohort: ("names_printed", f"/certificates/{certificate(cohort).pk}/pdf/"),
    "CohortCertificatesPdf": lambda cohort: (
        "certificates_taken",
        f"/cohorts/{certificate(cohort).enrollment.cohort_id}/certificates/pdf/",
    ),
    "CohortCertificatesZip": lambda cohort: (
        "certificates_taken",
        f"/cohorts/{certificate(cohort).enrollment.cohort_id}/certificates/zip/",
    ),
    "ConsentPaper": lambda cohort: ("names_printed", f"/villages/{unconsented(cohort).pk}/consents/paper/"),
    "ConsentPdf": lambda cohort: ("names_printed", f"/villages/{unconsented(cohort).pk}/consents/paper.pdf"),
    "DocumentFile": lambda cohort: (
        "document_read",
        "/claims/{0.claim_id}/documents/{0.pk}/".format(claim_document(cohort)),
    ),
    "HandoverPaper": lambda cohort: ("numbers_printed", f"/handovers/{handover(cohort).pk}/paper/"),
    "HandoverPdf": lambda cohort: ("numbers_printed", f"/handovers/{handover(cohort).pk}/paper.pdf"),
    "MentoringReport": lambda cohort: ("names_printed", f"/reports/mentoring/{monthly(cohort)}"),
    "MentoringReportPdf": lambda cohort: ("names_printed", f"/reports/mentoring.pdf{monthly(cohort)}"),
    "PaperFile": lambda cohort: (
        "document_read",
        "/exports/{0.transaction_id}/papers/{0.pk}/".format(evidence(cohort)),
    ),
    "PaperPage": lambda cohort: ("numbers_printed", f"/sessions/{held(cohort).pk}/papers/attendance-sheet/"),
    "PaperPage of who came": lambda cohort: ("names_printed", f"/sessions/{held(cohort).pk}/papers/attendance-record/"),
    "PaperPdf": lambda cohort: ("names_printed", f"/sessions/{held(cohort).pk}/papers/attendance-record.pdf"),
    "PhotoFile": lambda cohort: ("document_read", f"/sheet-photos/{photo(cohort).pk}/"),
    "SessionBundle": lambda cohort: ("bundle_taken", f"/sessions/{held(cohort).pk}/papers/bundle.zip"),
    "TrainerDetail": lambda cohort: ("read_number", f"/trainers/{trainer(cohort).pk}/"),
}
OF_API: dict[str, Door] = {
    "certificate": lambda cohort: ("names_printed", f"certificates/{certificate(cohort).pk}/pdf/"),
    "document of a claim": lambda cohort: (
        "document_read",
        "claims/{0.claim_id}/documents/{0.pk}/".format(claim_document(cohort)),
    ),
    "document of an export": lambda cohort: (
        "document_read",
        "export-transactions/{0.transaction_id}/documents/{0.pk}/".format(evidence(cohort)),
    ),
    "list as a table": lambda cohort: ("exported", f"people/?format=csv&village={cohort.village_id}"),
    "numbers": lambda cohort: ("read_numbers", f"contact-points/{handover(cohort).pk and ''}"),
    "paper of a session": lambda cohort: ("names_printed", f"sessions/{held(cohort).pk}/papers/attendance-record/"),
    "papers of a session": lambda cohort: ("bundle_taken", f"sessions/{held(cohort).pk}/bundle/"),
    "photo of a sheet": lambda cohort: ("document_read", f"sheet-photos/{photo(cohort).pk}/file/"),
    "sheet of a session": lambda cohort: ("numbers_printed", f"sessions/{held(cohort).pk}/papers/attendance-sheet/"),
}
ELSEWHERE = {
    "CallSheet": "written down, as tests/reminders/test_calls.py says",
    "CostsFile": "money by channel and month; nobody is named",
    "DownloadFile": "the export was written down when the file was made; fetching it is told on its page",
    "FrozenPdf": "figures of places",
    "FrozenXlsx": "figures of places",
    "RegionalPdf": "figures of places",
    "RegionalXlsx": "figures of places",
    "VillageCardPdf": "figures of a village; units and owners are not named",
    "VisitPhoto": "a picture without a name; the visit says who was there",
}
ONCE = {"names_printed", "document_read", "read_number"}


def test_every_page_that_hands_out_a_file_is_a_door_or_names_nobody() -> None:
    pages = {entry.callback.view_class for _path, entry in ADDRESSES if hasattr(entry.callback, "view_class")}
    house = [page for page in pages if page.__module__.split(".")[0] not in {"django", "allauth", "noticeboard"}]
    giving = {page.__name__ for page in house if HANDS_OUT.search(getsource(page))}
    assert giving - set(DOORS) - set(ELSEWHERE) == set()
    assert set(ELSEWHERE) <= giving


def noted(user: User, verb: str) -> int:
    """Count what this person read in this way, and see that the audit tells each of it."""
    found = list(Access.objects.visible_to(user).filter(verb=verb, by=user))
    assert all(line.what for line in lines_of(found, user=user))
    return len(found)


@pytest.mark.parametrize("door", DOORS)
def test_page_writes_down_who_read_it(door: str, client: Client, cohort: Cohort, admin: User) -> None:
    verb, address = DOORS[door](cohort)
    client.force_login(admin)
    for _ in range(2):
        answer = client.get(address)
        assert answer.status_code == 200, answer.content[:300]
        b"".join(answer)  # a stream is written as it is read
    assert noted(admin, verb) == (1 if verb in ONCE and door[:7] != "Consent" else 2)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        client.get(address)
    assert noted(admin, verb) == (2 if verb in ONCE and door[:7] != "Consent" else 3)


@pytest.mark.parametrize("door", OF_API)
def test_program_that_reads_is_written_down_too(door: str, ask: Caller, cohort: Cohort, admin: User) -> None:  # noqa: F811
    verb, address = OF_API[door](cohort)
    answer = ask(admin).get(f"/api/v1/{address}")
    assert answer.status_code == 200
    b"".join(answer)
    assert noted(admin, verb) == 1


def test_names_taken_along_on_a_phone_are_written_down_once_a_day(ask: Caller, cohort: Cohort, made: User) -> None:  # noqa: F811
    for hours, times in ((0, 1), (2, 1), (25, 2)):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            assert ask(made).get("/api/v1/me/pack/").status_code == 200
        assert Access.objects.filter(verb="pack_taken", by=made, subject_id=str(made.pk)).count() == times


@pytest.mark.parametrize("door", ["CertificatePdf", "DocumentFile", "PaperFile", "PaperPdf", "PhotoFile"])
def test_who_may_not_read_leaves_no_trace(door: str, client: Client, cohort: Cohort, rina: User) -> None:
    client.force_login(rina)
    assert client.get(DOORS[door](cohort)[1]).status_code in {403, 404}
    assert not Access.objects.filter(by=rina).exists()
