"""One row of every resource, and seven: what the tests over the whole router walk on."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from django.urls import URLPattern, reverse
from django.utils.timezone import now

from accounts.models import User
from api.urls import router
from common.events import record
from downloads.actions import ask_download
from mentoring.states import VisitState
from programs.models import Cohort, Session
from tests import factories

# Administrator, coordinator, mentor, finance officer, observer.
ALL, FIELD, DESK, ALL_BUT_FINANCE = "ACMFO", "ACM", "AC", "ACMO"
ALL_BUT_OBSERVER, PAYERS = "ACMF", "AF"
WHO: dict[str, dict[str, str]] = {
    "api-region": {"list": ALL, "retrieve": ALL},
    "api-village": {
        **dict.fromkeys(("list", "retrieve"), ALL),
        **dict.fromkeys(("create", "partial_update", "move", "decree"), DESK),
    },
    "api-business-unit": {
        **dict.fromkeys(("list", "retrieve"), ALL),
        **dict.fromkeys(("create", "partial_update"), FIELD),
        **dict.fromkeys(("licences", "licence", "remove_licence", "lots", "lot", "remove_lot"), FIELD),
        **dict.fromkeys(("verify", "dismiss"), DESK),
    },
    "api-region-edition": dict.fromkeys(("list", "retrieve", "create", "load", "dismiss", "follow"), "A"),
    "api-region-change": dict.fromkeys(("list", "retrieve", "decide"), "A"),
    "api-person": {
        **dict.fromkeys(("list", "retrieve", "create", "partial_update", "consent", "withdraw_consent"), FIELD),
        **dict.fromkeys(("anonymise", "duplicates", "merge", "not_duplicate"), DESK),
    },
    "api-contact-point": dict.fromkeys(("list", "retrieve", "create", "partial_update"), FIELD),
    "api-criteria-set": {"list": ALL, "retrieve": ALL},
    "api-assessment": {
        **dict.fromkeys(("list", "retrieve"), ALL),
        **dict.fromkeys(("create", "partial_update", "submit"), FIELD),
        "finalise": DESK,
    },
    "api-cohort-proposal": {"proposal": DESK},
    "api-module": {"list": ALL, "retrieve": ALL},
    "api-program": {
        **dict.fromkeys(("list", "retrieve"), ALL),
        **dict.fromkeys(("create", "partial_update", "close_period", "reopen_period"), DESK),
    },
    "api-cohort": {
        **dict.fromkeys(("list", "retrieve"), ALL),
        **dict.fromkeys(("create", "partial_update", "requirements", "series"), DESK),
    },
    "api-cohort-certificate": {"eligible": FIELD, "certificates": DESK},
    "api-certificate": {
        **dict.fromkeys(("list", "retrieve", "pdf"), FIELD),
        **dict.fromkeys(("revoke", "reissue"), DESK),
    },
    "api-requirement": {"list": ALL, "retrieve": ALL, "create": DESK, "partial_update": DESK, "destroy": DESK},
    "api-enrollment": {"list": FIELD, "retrieve": FIELD, **dict.fromkeys(("create", "admit", "withdraw"), DESK)},
    "api-import": dict.fromkeys(("list", "retrieve", "create", "rows", "commit", "undo"), DESK),
    "api-trainer": dict.fromkeys(("list", "retrieve"), ALL)
    | dict.fromkeys(("create", "partial_update", "calendar", "renew_calendar"), DESK),
    "api-venue": {"list": ALL, "retrieve": ALL, "create": DESK, "partial_update": DESK},
    "api-calendar-block": {
        **dict.fromkeys(("list", "retrieve"), ALL),
        "create": FIELD,
        **dict.fromkeys(("partial_update", "destroy"), DESK),  # and the mentor who added it
    },
    "api-session": {
        **dict.fromkeys(("list", "retrieve", "revisions"), ALL),
        **dict.fromkeys(("create", "partial_update", "destroy", "schedule", "reschedule", "cancel"), DESK),
        **dict.fromkeys(("trainers", "hold", "close", "free_slots", "shift", "correct"), DESK),
        **dict.fromkeys(("attendance", "mark", "by_number", "walk_in", "check_in_code", "messages"), FIELD),
    },
    "api-session-paper": {**dict.fromkeys(("papers", "paper", "minutes"), FIELD), "bundle": DESK},
    "api-sheet-photo": {**dict.fromkeys(("list", "retrieve", "file", "update"), FIELD), "remove": DESK},
    "api-absence": {"list": FIELD, "note": FIELD},
    "api-my-schedule": {"list": ALL},
    "api-message": {
        **dict.fromkeys(("list", "retrieve", "told", "settle"), FIELD),
        **dict.fromkeys(("retry", "costs"), DESK),
    },
    "api-reply": {"list": FIELD, "retrieve": FIELD, **dict.fromkeys(("close", "reopen", "answer"), DESK)},
    "api-assignment": {"list": FIELD, "retrieve": FIELD, "create": DESK, "partial_update": DESK},
    "api-visit": {
        **dict.fromkeys(("list", "retrieve"), ALL_BUT_FINANCE),
        **dict.fromkeys(("update", "sync", "submit"), "M"),
        **dict.fromkeys(("approve", "give_back"), DESK),
    },
    "api-held-visit": dict.fromkeys(("list", "retrieve"), FIELD) | dict.fromkeys(("take", "dismiss"), DESK),
    "api-visit-photo": {
        **dict.fromkeys(("photo", "file"), ALL_BUT_FINANCE),
        **dict.fromkeys(("put_photo", "parts", "put_part", "complete", "leave_out"), "M"),
    },
    "api-visit-plan": dict.fromkeys(("list", "retrieve", "create", "partial_update", "cancel"), FIELD),
    "api-action-item": {
        **dict.fromkeys(("list", "retrieve"), ALL_BUT_FINANCE),
        **dict.fromkeys(("finish", "drop", "carry_over"), FIELD),
    },
    "api-handover": {
        **dict.fromkeys(("list", "retrieve", "partial_update", "sign"), FIELD),
        **dict.fromkeys(("create", "cancel"), DESK),
    },
    "api-buyer": dict.fromkeys(("list", "retrieve", "create", "partial_update"), FIELD),
    "api-lead": dict.fromkeys(("list", "retrieve", "create", "partial_update", "move"), FIELD),
    "api-transaction": {
        **dict.fromkeys(("list", "retrieve", "totals"), ALL),
        **dict.fromkeys(("create", "partial_update", "evidence", "withdraw", "cautions"), FIELD),
        **dict.fromkeys(("documents", "add_document", "document", "remove_document"), FIELD),
        "verify": DESK,
    },
    "api-figure": {
        **dict.fromkeys(("list", "retrieve"), ALL),
        **dict.fromkeys(("create", "partial_update", "withdraw"), DESK),
    },
    "api-sample": dict.fromkeys(("list", "retrieve"), ALL_BUT_OBSERVER)
    | dict.fromkeys(("create", "partial_update"), FIELD),
    "api-shipment": dict.fromkeys(("list", "retrieve"), ALL_BUT_OBSERVER)
    | dict.fromkeys(("create", "partial_update", "delivery", "answer"), FIELD),
    "api-scheme": dict.fromkeys(("list", "retrieve", "limits"), ALL_BUT_OBSERVER)
    | dict.fromkeys(("create", "partial_update", "open", "close"), DESK),
    "api-claim": {
        **dict.fromkeys(("list", "retrieve", "limits", "documents", "document"), ALL_BUT_OBSERVER),
        **dict.fromkeys(("create", "partial_update", "submit", "cancel"), FIELD),
        **dict.fromkeys(("add_document", "remove_document"), FIELD),
        **dict.fromkeys(("verify", "give_back", "approve", "reject"), DESK),
        **dict.fromkeys(("pay", "close"), PAYERS),
    },
    "api-budget": dict.fromkeys(("list", "retrieve", "entries"), "ACF"),
    "api-download": {"retrieve": ALL, "file": ALL},
    "api-audit-event": {"list": DESK, "retrieve": DESK},
    "api-progress-program": {"list": ALL, "retrieve": ALL},
    "api-progress-village": {"list": ALL},
    "api-progress-cohort": {"list": ALL, "retrieve": ALL},
    "api-progress-person": {"list": FIELD},
    "api-report": {**dict.fromkeys(("list", "retrieve", "pdf", "xlsx"), "ACO"), "create": DESK},
}
SHARED = {
    "api-region",
    "api-criteria-set",
    "api-module",
    "api-trainer",
    "api-venue",
    "api-calendar-block",
    "api-figure",
}
FURTHER: dict[str, list[Any]] = {  # what an address names beside its row
    "api-session-paper-paper": ["attendance-sheet"],
    "api-visit-photo-put-part": [0],
    "api-transaction-document": ["018f3a52-0000-7000-8000-000000000001"],
    "api-business-unit-licence": [1],
    "api-business-unit-lot": [1],
    "api-claim-document": [uuid4()],
}
NUMBERS: Iterator[int] = iter(range(2001, 9999))


class Route(NamedTuple):
    """One method of one address of the router."""

    name: str
    method: str
    action: str
    detail: bool
    cls: Any

    @property
    def basename(self) -> str:
        """Name the resource."""
        return next(base for _prefix, cls, base in router.registry if cls is self.cls)

    def address(self, row: Any = None) -> str:
        """Write the address, of one row where it needs one."""
        if not self.detail:
            return reverse(self.name)
        above = [row.visit_key] if self.basename == "api-visit-photo" else []
        return reverse(self.name, args=[*above, row.pk, *FURTHER.get(self.name, ())])


def _routes(entry: URLPattern) -> list[Route]:
    callback: Any = entry.callback
    detail = "<" in str(entry.pattern)
    return [Route(str(entry.name), method, action, detail, callback.cls) for method, action in callback.actions.items()]


ROUTES = [route for entry in router.urls if isinstance(entry, URLPattern) for route in _routes(entry)]
LISTS = [route for route in ROUTES if route.action == "list"]


def another(cohort: Cohort) -> Cohort:
    """Make a second cohort of the same program and village."""
    return factories.CohortFactory.create(program=cohort.program, village=cohort.village)


def another_program(cohort: Cohort) -> Any:
    """Make another program of the same people in the same village."""
    program = factories.ProgramFactory.create(coordinators=list(cohort.program.coordinators.all()))
    program.finance_officers.set(cohort.program.finance_officers.all())
    factories.CohortFactory.create(program=program, village=cohort.village)
    return program


def session(cohort: Cohort) -> Session:
    """Plan a session of the cohort at a free time, with seats."""
    starts_at = now() + timedelta(days=next(NUMBERS) - 2000)
    planned = factories.SessionFactory.create(
        program=cohort.program, cohorts=[cohort], trainers=[factories.TrainerFactory.create()], starts_at=starts_at
    )
    for enrollment in cohort.enrollments.all():
        factories.AttendanceFactory.create(session=planned, enrollment=enrollment)
    return planned


def keeps_away(cohort: Cohort) -> Any:
    """Let a participant miss two sessions that were held."""
    enrollment = factories.EnrollmentFactory.create(cohort=cohort)
    for _ in range(2):
        starts_at = now() - timedelta(days=next(NUMBERS) - 2000)
        held = factories.SessionFactory.create(program=cohort.program, starts_at=starts_at, state="held")
        factories.MarkedSeatFactory.create(session=held, enrollment=enrollment)
    return enrollment


def message(cohort: Cohort) -> Any:
    """Plan a message to a person of the cohort."""
    person = factories.reachable_person(cohort.village)
    row = factories.MessageFactory.create(session=session(cohort), contact_point=person.contact_points.get())
    row.people.add(person)
    return row


def reply(cohort: Cohort) -> Any:
    """Let a person of the cohort write something, and have it answered."""
    person = factories.reachable_person(cohort.village)
    row = factories.ReplyFactory.create(contact_point=person.contact_points.get())
    factories.AnswerFactory.create(reply=row)
    return row


def visit(cohort: Cohort, *, mentor: User | None = None) -> Any:
    """Log a visit with everything below it."""
    known = mentor or User.objects.filter(assignments__village=cohort.village).order_by("pk").first()
    row = factories.VisitFactory.create(
        cohort=cohort, state=VisitState.SUBMITTED, **({"mentor": known} if known else {})
    )
    row.modules.add(factories.module("design"), factories.module("finance"))
    factories.AttendeeFactory.create(visit=row)
    factories.FindingFactory.create(visit=row)
    factories.ActionItemFactory.create(visit=row)
    return row


def assessment(cohort: Cohort) -> Any:
    """Assess the village on a day of its own, final, so that everyone who sees it may read it."""
    as_of = date(2020, 1, 1) + timedelta(days=next(NUMBERS))
    return factories.assessed(village=cohort.village, as_of=as_of)


def criteria() -> Any:
    """Publish one more set of criteria, in force from a day of its own."""
    number = next(NUMBERS)
    return factories.next_criteria(name=f"Set {number}", in_force_from=date(2030, 1, 1) + timedelta(days=number))


def plan(cohort: Cohort) -> Any:
    """Plan a visit of the village's mentor."""
    known = User.objects.filter(assignments__village=cohort.village).order_by("pk").first()
    mentor = known or factories.AssignmentFactory.create(village=cohort.village).mentor
    ahead = now() + timedelta(days=next(NUMBERS) - 2000)
    return factories.VisitPlanFactory.create(village=cohort.village, mentor=mentor, planned_at=ahead)


def handover(cohort: Cohort) -> Any:
    """Let the village's mentor give it to another."""
    known = User.objects.filter(assignments__village=cohort.village).order_by("pk").first()
    there = factories.CohortFactory.create(program=cohort.program).village
    letter = factories.AssignmentFactory.create(village=there, **({"mentor": known} if known else {}))
    return factories.HandoverFactory.create(village=there, letter=letter)


def unit(cohort: Cohort) -> Any:
    """Have one more business unit in the village of the cohort."""
    return factories.BusinessUnitFactory.create(village=cohort.village)


def claim(cohort: Cohort) -> Any:
    """Hand in a claim of a unit of its own, shown by a document."""
    scheme = factories.SchemeFactory.create(program=cohort.program)
    parcel = factories.ShipmentFactory.create(business_unit=unit(cohort))
    row = factories.ClaimFactory.create(scheme=scheme, shipment=parcel, cohort=cohort, state="submitted")
    factories.ClaimDocumentFactory.create(claim=row)
    return row


def download(cohort: Cohort) -> Any:
    """Let the coordinator of the cohort ask for a list."""
    asked = {"table": "village", "query": "", "form": "xlsx", "language": "en"}
    return ask_download(**asked, by=cohort.program.coordinators.get(), at=now())


def reading(cohort: Cohort) -> Any:
    """Let somebody read the numbers of a person of the cohort."""
    person = factories.reachable_person(cohort.village)
    points = list(person.contact_points.values_list("pk", flat=True))
    by = cohort.program.coordinators.order_by("pk").first()
    return record(person, verb="read_numbers", by=by, at=now(), contact_points=points)


ROWS: dict[str, Callable[[Cohort], Any]] = {
    "api-report": lambda cohort: factories.frozen(cohort.program),
    "api-region": lambda _cohort: factories.lay_region(f"35.24.13.{next(NUMBERS)}"),
    "api-region-edition": lambda _cohort: factories.RegionEditionFactory.create(),
    "api-region-change": lambda _cohort: factories.RegionChangeFactory.create(),
    "api-village": lambda cohort: factories.CohortFactory.create(program=cohort.program).village,
    "api-business-unit": lambda cohort: factories.BusinessUnitFactory.create(village=cohort.village),
    "api-person": lambda cohort: factories.reachable_person(cohort.village),
    "api-contact-point": lambda cohort: factories.reachable_person(cohort.village).contact_points.get(),
    "api-criteria-set": lambda _cohort: criteria(),
    "api-assessment": assessment,
    "api-cohort-proposal": another,
    "api-module": lambda _cohort: factories.module("design"),
    "api-program": another_program,
    "api-cohort": lambda cohort: factories.CohortFactory.create(program=cohort.program, village=cohort.village),
    "api-cohort-certificate": lambda cohort: cohort,
    "api-certificate": lambda cohort: factories.CertificateFactory.create(enrollment__cohort=cohort),
    "api-requirement": lambda cohort: factories.RequirementFactory.create(cohort=another(cohort)),
    "api-enrollment": lambda cohort: factories.EnrollmentFactory.create(cohort=cohort),
    "api-import": lambda cohort: factories.ImportBatchFactory.create(program=cohort.program, cohort=cohort),
    "api-trainer": lambda _cohort: factories.TrainerFactory.create(),
    "api-venue": lambda _cohort: factories.VenueFactory.create(),
    "api-calendar-block": lambda _cohort: factories.CalendarBlockFactory.create(region_id="35.24"),
    "api-session": session,
    "api-session-paper": session,
    "api-sheet-photo": lambda cohort: factories.SheetPhotoFactory.create(session=session(cohort)),
    "api-absence": keeps_away,
    "api-my-schedule": session,
    "api-message": message,
    "api-reply": reply,
    "api-assignment": lambda cohort: factories.AssignmentFactory.create(village=cohort.village),
    "api-visit": visit,
    "api-held-visit": lambda cohort: factories.HeldVersionFactory.create(visit=visit(cohort)),
    "api-visit-photo": lambda cohort: factories.PhotoFactory.create(visit=visit(cohort)),
    "api-visit-plan": plan,
    "api-action-item": lambda cohort: factories.ActionItemFactory.create(visit=visit(cohort)),
    "api-handover": handover,
    "api-buyer": lambda cohort: factories.LeadFactory.create(business_unit__village=cohort.village).buyer,
    "api-lead": lambda cohort: factories.LeadFactory.create(business_unit__village=cohort.village),
    "api-transaction": lambda cohort: factories.TransactionFactory.create(business_unit__village=cohort.village),
    "api-figure": lambda _cohort: factories.RegionFigureFactory.create(),
    "api-sample": lambda cohort: factories.SampleFactory.create(business_unit=unit(cohort)),
    "api-shipment": lambda cohort: (
        factories.SampleFactory.create(
            business_unit=unit(cohort), shipment=factories.ShipmentFactory.create(business_unit=unit(cohort))
        ).shipment
    ),
    "api-scheme": lambda cohort: factories.SchemeFactory.create(program=cohort.program),
    "api-claim": claim,
    "api-budget": lambda cohort: another_program(cohort).budget,
    "api-download": download,
    "api-audit-event": reading,
    "api-progress-program": another_program,
    "api-progress-village": lambda cohort: factories.CohortFactory.create(program=cohort.program).village,
    "api-progress-cohort": lambda cohort: factories.RequirementFactory.create(cohort=another(cohort)).cohort,
    "api-progress-person": lambda cohort: factories.EnrollmentFactory.create(cohort=cohort),
}
