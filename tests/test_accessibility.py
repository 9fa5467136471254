"""Every page of the demo, at both widths: no finding of axe (WCAG 2.2 AA), no sideways scrolling."""

from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from attendance.models import Act
from config.environment import VAR
from exports.models import Sample, Shipment, SubsidyClaim
from mentoring.models import Handover, HeldVersion, Visit, VisitPlan
from papers.models import Certificate
from programs.models import Cohort, Program, Session, Trainer, Venue
from programs.states import SessionState
from reminders.models import Message
from replies.models import Reply
from reports.models import RegionReport
from tests import factories
from tests.plumbing.browser import DESK, PHONE
from tests.test_story import as_
from villages.links import token_of
from villages.models import Assessment, BusinessUnit, ContactPoint, Person, RegionChange, Village

pytestmark = pytest.mark.django_db(transaction=True)
AXE = VAR / "npm" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def axe() -> str:
    """Read axe-core, which `.ci/run` installs."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm install --prefix var/npm axe-core)")
    return Path(AXE).read_text(encoding="utf-8")


@pytest.fixture
def _demo(db: None) -> None:
    factories.lay_modules()
    factories.lay_criteria()
    call_command("seed_demo", verbosity=0)


def _of_claims() -> list[str]:
    """Every page of samples, parcels, schemes, claims and the budget, of claims in every state."""
    claim = SubsidyClaim.objects.filter(state="submitted", program__coordinators__email="sari@demo.test").first()
    assert claim
    parcel, unclaimed = claim.shipment, Shipment.objects.filter(claims__isnull=True).order_by("pk")[0]
    sample = Sample.objects.filter(shipment__isnull=True).order_by("pk")[0]
    return [
        *(f"/{page}/" for page in ("claims", "claims/waiting", "shipments", "samples", "schemes", "budgets")),
        *(f"/claims/{each.pk}/" for each in SubsidyClaim.objects.filter(program=claim.program).order_by("pk")),
        *(f"/claims/{claim.pk}/{act}/" for act in ("return", "reject", "cancel")),
        *(f"/shipments/{parcel.pk}/{act}" for act in ("", "edit/", "delivery/", "answer/")),
        f"/shipments/{unclaimed.pk}/claim/",
        *(f"/samples/{sample.pk}/", f"/samples/{sample.pk}/edit/", "/samples/new/", "/shipments/new/"),
        f"/shipments/new/?unit={sample.business_unit_id}",
        *(f"/schemes/{claim.scheme_id}/", f"/schemes/{claim.scheme_id}/edit/"),
        *(f"/programs/{claim.program_id}/{page}/" for page in ("budget", "schemes/new")),
    ]


def _of_payer() -> list[str]:
    return [
        f"/claims/{claim.pk}/" for claim in SubsidyClaim.objects.filter(state__in=("approved", "paid")).order_by("pk")
    ]


def _of_coordinator() -> list[str]:
    village = Village.objects.get(code="parengan")
    program = Program.objects.filter(cohorts__village=village).first()
    cohort = Cohort.objects.filter(village=village).first()
    person = Person.objects.filter(village=village).first()
    visit = Visit.objects.filter(village=village, state="submitted").first()
    assessment = Assessment.objects.filter(village=village).first()
    assert program and cohort and person and visit and assessment  # noqa: PT018
    ours = Session.objects.filter(program=program)
    scheduled = ours.filter(state=SessionState.SCHEDULED).order_by("-starts_at")[0].pk
    past = ours.filter(state=SessionState.SCHEDULED).order_by("starts_at")[0].pk
    message = Message.objects.filter(session__program=program)[0].pk
    question, wish = (Reply.objects.filter(intent=intent)[0].pk for intent in ("free", "join"))
    certificate = Certificate.objects.valid()[0]
    unit = BusinessUnit.objects.get(name="Dapur Bandeng Pangean")
    paper = unit.licences.order_by("pk")[0].pk
    first, second = Person.objects.filter(village__code="pangean", name__contains="Anik").order_by("pk")
    held = ours.get(state=SessionState.HELD).pk
    return [
        "/",
        "/schedule/",
        f"/sessions/{scheduled}/",
        f"/sessions/{scheduled}/reschedule/",
        f"/sessions/{scheduled}/cancel/",
        f"/sessions/{past}/attendance/",
        f"/sessions/{past}/hold/",
        f"/sessions/{past}/numbers/",
        f"/sessions/{past}/photos/",
        f"/sessions/{past}/walk-in/?name=a",
        f"/sessions/{scheduled}/code/",
        "/sessions/",
        "/attendance/absences/",
        f"/programs/{program.pk}/",
        f"/programs/{program.pk}/edit/",
        f"/programs/{program.pk}/sessions/new/",
        f"/programs/{program.pk}/cohorts/new/",
        "/programs/",
        "/programs/new/",
        f"/cohorts/{cohort.pk}/",
        f"/cohorts/{cohort.pk}/enroll/",
        f"/cohorts/{cohort.pk}/requirements/",
        f"/cohorts/{cohort.pk}/series/",
        "/sessions/shift/",
        f"/cohorts/{cohort.pk}/certificates/",
        f"/cohorts/{certificate.enrollment.cohort_id}/certificates/",
        f"/certificates/{certificate.pk}/",
        f"/certificates/{certificate.pk}/revoke/",
        f"/programs/{program.pk}/letterhead/",
        f"/sessions/{held}/papers/",
        f"/sessions/{held}/papers/attendance-sheet/",
        f"/sessions/{held}/papers/minutes/",
        f"/sessions/{held}/minutes/",
        "/villages/",
        "/villages/new/",
        f"/villages/{village.pk}/",
        f"/villages/{village.pk}/people/",
        f"/villages/{village.pk}/people/new/",
        f"/villages/{village.pk}/poster/",
        f"/villages/{village.pk}/consents/",
        f"/villages/{village.pk}/consents/paper/",
        "/consents/",
        "/messages/inbox/",
        f"/messages/inbox/{question}/",
        f"/messages/inbox/{wish}/register/",
        f"/villages/{village.pk}/stage/",
        f"/villages/{village.pk}/decree/",
        f"/villages/{village.pk}/units/",
        f"/villages/{village.pk}/units/new/",
        "/units/",
        "/units/uninventoried/",
        "/units/new/?region=35.78",
        f"/units/{unit.pk}/",
        f"/units/{unit.pk}/edit/",
        f"/units/{unit.pk}/dismiss/",
        f"/units/{unit.pk}/licences/new/",
        f"/units/{unit.pk}/licences/{paper}/",
        f"/units/{unit.pk}/lots/new/",
        f"/villages/{village.pk}/assessments/",
        f"/villages/{village.pk}/assessments/new/",
        f"/assessments/{assessment.pk}/",
        "/criteria-sets/",
        f"/criteria-sets/{assessment.criteria_set_id}/",
        f"/people/{person.pk}/",
        "/visits/",
        f"/visits/{visit.pk}/",
        "/visits/review/",
        *(f"/visits/review/{held.pk}/" for held in HeldVersion.objects.order_by("pk")),
        f"/programs/{program.pk}/period/",
        "/visits/import/",
        "/action-items/",
        *_of_handovers(),
        "/reports/",
        "/reports/villages/",
        f"/reports/villages/{village.pk}/",
        f"/reports/regions/?region=35.24&program={program.pk}&month={RegionReport.objects.all()[0].month:%Y-%m}",
        "/reports/regions/frozen/",
        f"/reports/regions/{RegionReport.objects.all()[0].pk}/",
        *_of_claims(),
        "/reports/mentoring/",
        f"/reports/mentoring/?{_month()}",
        f"/sessions/{_marked()}/marks/",
        "/messages/",
        f"/messages/{message}/",
        "/messages/by-hand/",
        "/messages/calls/",
        "/messages/costs/",
        "/messages/templates/",
        "/messages/templates/h1/id/",
        "/progress/",
        "/account/",
        "/help/",
        "/people/duplicates/",
        f"/people/{first.pk}/merge/",
        f"/people/{first.pk}/merge/?with={second.pk}",
        "/trainers/",
        f"/trainers/{Trainer.objects.order_by('pk')[0].pk}/",
        "/trainers/new/",
        "/venues/",
        f"/venues/{Venue.objects.order_by('pk')[0].pk}/",
        f"/venues/{Venue.objects.order_by('pk')[0].pk}/edit/",
        "/venues/new/",
        "/calendar-blocks/",
        "/calendar-blocks/new/",
    ]


def _of_handovers() -> list[str]:
    keys = [handover.pk for handover in Handover.objects.order_by("pk")]
    return [f"/handovers/{key}/{tail}" for key in keys for tail in ("", "paper/")]


def _of_editions() -> list[str]:
    touched = RegionChange.objects.filter(records__isnull=False).order_by("pk")[0]
    pages = ["/regions/editions/", "/regions/editions/new/", f"/regions/editions/{touched.edition_id}/"]
    return [*pages, f"/regions/changes/{touched.pk}/"]


def _month() -> str:
    visit = Visit.objects.filter(photos__isnull=False).order_by("visited_at")[0]
    return f"mentor={visit.mentor_id}&village={visit.village_id}&month={visit.visited_at:%Y-%m}"


def _marked() -> int:
    return Act.objects.filter(session__isnull=False).order_by("pk")[0].session_id


def _of_mentor() -> list[str]:
    open_one, late = VisitPlan.objects.filter(mentor__email="made@demo.test").open().order_by("-planned_at")[::2]
    plans = [f"/visits/plans/{open_one.pk}/{tail}" for tail in ("", "move/", "cancel/")]
    plans = ["/visits/plans/", "/visits/plans/new/", *plans, f"/visits/plans/{late.pk}/"]
    return ["/action-items/", *plans, "/account/messages/"]


def _of_nobody() -> list[str]:
    number = ContactPoint.objects.filter(contacts__person__enrollments__isnull=False)[0]
    valid, revoked = (Certificate.objects.filter(state=state)[0].number for state in ("issued", "revoked"))
    checks = ["/v/", f"/v/{valid}", f"/v/{revoked}"]
    return [*checks, f"/s/{token_of(number)}", "/d/parengan", "/s/code", "/accounts/login/", "/accounts/login/code/"]


def _findings(page: Page, axe: str, path: str, size: tuple[int, int]) -> list[str]:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(path)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size[0], "height": max(size[1], height)})  # nothing behind the bar
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    said = [f"{path}: {each['id']} {each['nodes'][0]['target']}" for each in found]
    return said + ([f"{path}: scrolls sideways"] if wide else [])


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.usefixtures("_demo")
def test_pages_have_no_finding(browser: Browser, live_server: LiveServer, axe: str, size: tuple[int, int]) -> None:
    found = []
    for email, paths in (
        ("", _of_nobody()),
        ("sari@demo.test", _of_coordinator()),
        ("made@demo.test", ["/visits/new/", "/visits/", "/schedule/", *_of_mentor(), *_of_handovers()]),
        ("observer@demo.test", ["/", "/progress/", "/programs/"]),
        ("joko@demo.test", ["/", "/claims/waiting/", *_of_payer()]),
        ("admin@demo.test", ["/status/", "/messages/costs/prices/", "/messages/templates/h1/id/", *_of_editions()]),
    ):
        with as_(email, size, browser, live_server) as page:
            page.context.set_default_timeout(20_000)
            for path in paths:
                found += _findings(page, axe, path, size)
    assert not found, "\n".join(found)
