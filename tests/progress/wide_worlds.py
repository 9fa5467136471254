"""A wide random world: programs, villages and cohorts across each other, and rows of everything in every state."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from accounts.models import User
from accounts.states import Role
from exports.states import ClaimState, TransactionState
from mentoring.states import ActionState, VisitState
from programs.models import Attendance, Booking, Cohort, Enrollment, Module, Program, Session
from programs.states import AttendanceState, Excuse, SessionState
from tests import factories
from villages.models import BusinessUnit, Village
from villages.states import Sex, UnitKind, VillageStage

EDGES = (date(2026, 8, 15), date(2026, 9, 1), date(2026, 9, 13), date(2026, 9, 21))  # of the periods asked for
AGES = (30, 31, 60, 61, 90, 91)  # days at which an action item grows older
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
PLACES = ("35.24.10.2009", "35.24.11.2010", "52.02.03.2011", "52.02.03.2012", "91.05.01.2001", "35.25.01.2001")
MARKED = [state for state in AttendanceState if state != AttendanceState.EXPECTED]


class WideWorld:
    """The same seed lays the same world."""

    def __init__(self, seed: int, at: datetime) -> None:
        self.chance, self.at = Random(seed), at  # noqa: S311  invented data
        factories.lay_modules()
        self.modules = list(Module.objects.order_by("position"))
        self.staff = [factories.UserFactory.create() for _ in range(2)]
        self.payer = factories.UserFactory.create(role=Role.FINANCE)
        self.villages = [self.village(code) for code in PLACES]
        self.programs = factories.ProgramFactory.create_batch(3)
        self.cohorts = [cohort for program in self.programs for cohort in self.open_cohorts(program)]
        self.venues = factories.VenueFactory.create_batch(2)
        self.tell()

    def tell(self) -> None:
        """Lay what happens, everything in some order."""
        for cohort in self.cohorts:
            self.require(cohort)
        for program in self.programs:
            self.meet(program)
        visits = [self.visit() for _ in range(70)]
        for _ in range(60):
            self.agree(self.chance.choice(visits))
        units = [self.unit(village) for village in self.villages for _ in range(2)]
        for _ in range(45):
            self.claim(self.chance.choice(units))
        for _ in range(60):
            self.sell(self.chance.choice(units))

    def village(self, code: str) -> Village:
        """Lay a village of any stage; two of them have one name."""
        name = self.chance.choice(["Sidomulyo", f"Desa {code[-2:]}"])
        region = factories.lay_region(code)
        return factories.VillageFactory.create(name=name, region=region, stage=self.chance.choice(list(VillageStage)))

    def open_cohorts(self, program: Program) -> list[Cohort]:
        """Open none, one or two cohorts in each village, with people of whom some are in several."""
        cohorts = []
        for village in self.villages:
            for _ in range(self.chance.choice([0, 1, 1, 2])):
                cohort = factories.CohortFactory.create(program=program, village=village)
                known = list(village.people.all())
                people = self.chance.sample(known, k=min(len(known), 2)) + [self.person(village) for _ in range(2)]
                for person in people:
                    state = self.chance.choice(["accepted", "active", "withdrawn", "waitlisted"])
                    factories.EnrollmentFactory.create(cohort=cohort, person=person, state=state, reason="moved")
                cohorts.append(cohort)
        return cohorts

    def person(self, village: Village) -> Any:
        """Lay a woman or a man."""
        return factories.PersonFactory.create(village=village, sex=self.chance.choice(list(Sex)))

    def require(self, cohort: Cohort) -> None:
        """Ask for something of most modules, and of none sometimes."""
        for module in self.modules if self.chance.random() < 0.9 else []:
            if self.chance.random() < 0.7:
                size = (
                    self.chance.choice([45, 90, 100, 333]) if module.mode == "training" else self.chance.randint(1, 3)
                )
                share = self.chance.choice([0, 75, 80, 100])
                factories.RequirementFactory.create(
                    cohort=cohort, module=module, required=size, minimum_attendance=share
                )

    def meet(self, program: Program) -> None:
        """Hold, plan and cancel sessions, many of them joint, some of them at midnight."""
        cohorts = [cohort for cohort in self.cohorts if cohort.program_id == program.pk]
        start = self.at.replace(minute=0) - timedelta(days=70)
        for number in range(40 if cohorts else 0):
            start += timedelta(hours=self.chance.choice([9, 26, 50, 61]))
            joined = self.chance.sample(cohorts, k=min(len(cohorts), self.chance.randint(1, 4)))
            self.session(program, joined, start if number % 5 else start.replace(hour=15))
        for day in EDGES if cohorts else ():  # until midnight in the west, and over it
            for minutes in (30, 90):
                evening = datetime(2026, day.month, day.day, 17, tzinfo=UTC) - timedelta(days=1, minutes=30)
                self.session(program, cohorts[:2], evening, state=SessionState.HELD, minutes=minutes)

    def session(
        self, program: Program, cohorts: Sequence[Cohort], start: datetime, *, state: str = "", minutes: int = 0
    ) -> None:
        """Hold one session; rooms and trainers stand beside its cohorts, and seats hang on it."""
        state = state or self.chance.choice([*SessionState, SessionState.HELD, SessionState.CLOSED])
        lasts = timedelta(minutes=self.chance.choice([30, 45, 90, 120, 121]), seconds=self.chance.choice([0, 59]))
        end = start + (timedelta(minutes=minutes) if minutes else lasts)
        session = Session.objects.create(
            program=program,
            module=self.chance.choice(self.modules),
            venue=self.venues[0],
            zone=self.chance.choice(ZONES),
            starts_at=start,
            ends_at=end,
            state=state,
            reason="rain" if state == SessionState.CANCELLED else "",
        )
        span = {"starts_at": start, "ends_at": end, "live": False}
        things: list[dict[str, Any]] = [{"cohort": cohort} for cohort in cohorts]
        things += [{"trainer": factories.TrainerFactory.create()} for _ in range(self.chance.randint(0, 2))]
        Booking.objects.bulk_create(Booking(session=session, **span, **thing) for thing in things)
        self.sit(session, cohorts)

    def sit(self, session: Session, cohorts: Sequence[Cohort]) -> None:
        """Give seats to most, and let somebody walk in."""
        begun = session.starts_at < self.at and session.state not in (SessionState.DRAFT, SessionState.CANCELLED)
        if begun and self.chance.random() < 0.3:
            cohort = self.chance.choice(cohorts)
            factories.EnrollmentFactory.create(cohort=cohort, person=self.person(cohort.village))
        seats = []
        for enrollment in Enrollment.objects.filter(cohort__in=cohorts).order_by("pk"):
            if self.chance.random() < 0.7:
                state = self.chance.choice([*MARKED, AttendanceState.EXPECTED]) if begun else AttendanceState.EXPECTED
                seats.append(self.seat(session, enrollment, state))
        for seat in seats:
            seat.save()

    def seat(self, session: Session, enrollment: Enrollment, state: AttendanceState) -> Attendance:
        """Mark one seat, or leave it as it is."""
        came = state in (AttendanceState.PRESENT, AttendanceState.LATE)
        marked = state != AttendanceState.EXPECTED
        return Attendance(
            session=session,
            enrollment=enrollment,
            state=state,
            minutes=self.chance.randint(0, session.minutes) if came else 0,
            excuse=Excuse.SICK if state == AttendanceState.EXCUSED else Excuse.NONE,
            marked_at=self.at if marked else None,
            marked_by=self.staff[0] if marked else None,
        )

    def visit(self) -> Any:
        """Visit a village for one of its cohorts, or for none that ran on the day."""
        cohort, anywhen = self.chance.choice(self.cohorts), timedelta(hours=self.chance.randint(-30, 24 * 130))
        visit = factories.VisitFactory.create(
            cohort=cohort if self.chance.random() < 0.8 else None,
            program=cohort.program,
            village=cohort.village,
            mentor=self.staff[0],
            state=self.chance.choice(list(VisitState)),
            approved_by=self.staff[1],
            approved_at=self.at,
            comment="Who came?",
            submitted_at=self.at,
            visited_at=self.at - self.chance.choice([timedelta(days=self.chance.choice(AGES)), anywhen]),
        )
        visit.modules.set(self.chance.sample(self.modules, k=self.chance.randint(0, 5)))
        return visit

    def agree(self, visit: Any) -> None:
        """Agree on something, and settle it or not."""
        state = self.chance.choice([*ActionState, ActionState.OPEN])
        settled = {"settled_at": self.ago(60), "settled_by": self.staff[1]} if state != ActionState.OPEN else {}
        due = self.at.date() - timedelta(days=self.chance.randint(-40, 60)) if self.chance.random() < 0.8 else None
        reason = "moved" if state == ActionState.DROPPED else ""
        factories.ActionItemFactory.create(visit=visit, state=state, due_on=due, reason=reason, **settled)

    def unit(self, village: Village) -> BusinessUnit:
        """Lay a household or a cooperative."""
        kind = self.chance.choice([UnitKind.HOUSEHOLD, UnitKind.COOPERATIVE])
        return factories.BusinessUnitFactory.create(village=village, kind=kind, registered_by=self.staff[0])

    def ago(self, days: int) -> datetime:
        """Some moment of the last days."""
        return self.at - timedelta(minutes=self.chance.randint(0, days * 24 * 60))

    def claim(self, unit: BusinessUnit) -> None:
        """Claim for a cohort of the unit's village, for none, or for one elsewhere."""
        own = [cohort for cohort in self.cohorts if cohort.village_id == unit.village_id] or self.cohorts
        cohort = self.chance.choice(own)
        moments = sorted(self.ago(110) for _ in range(4))
        state = self.chance.choice([*ClaimState, ClaimState.PAID, ClaimState.CLOSED])
        hands: tuple[tuple[str, User], ...] = (("submitted", self.staff[0]), ("verified", self.staff[1]))
        hands += (("approved", self.staff[1]), ("paid", self.payer))
        reached = {"submitted": 1, "returned": 1, "verified": 2, "approved": 3, "paid": 4, "closed": 4, "rejected": 3}
        columns: dict[str, Any] = {}
        for (hand, who), moment in list(zip(hands, moments, strict=True))[: reached.get(state, 0)]:
            columns |= {f"{hand}_at": moment, f"{hand}_by": who}
        asked = self.chance.randint(100_000, 900_000)
        if "approved_at" in columns:
            columns["approved_amount"] = asked - self.chance.choice([0, 0, 1_000])
        if "paid_at" in columns:
            columns["paid_on"] = columns["paid_at"].date() - timedelta(days=self.chance.choice([0, 1, 9, 30]))
        shipment = factories.ShipmentFactory.create(business_unit=unit, started_by=self.staff[0])
        factories.ClaimFactory.create(
            scheme=self.scheme(cohort.program),
            shipment=shipment,
            cohort=cohort if self.chance.random() < 0.8 else None,
            state=state,
            requested=asked,
            started_at=moments[0] - timedelta(hours=1),
            moved_at=moments[-1],
            closed_by=self.staff[1] if state == ClaimState.CLOSED else None,
            closed_at=moments[-1] if state == ClaimState.CLOSED else None,
            **columns,
        )

    def scheme(self, program: Program) -> Any:
        """Use the program's scheme, opened with its first claim."""
        return program.schemes.first() or factories.SchemeFactory.create(program=program)

    def sell(self, unit: BusinessUnit) -> None:
        """Sell something abroad, at some rate, this year or before."""
        factories.TransactionFactory.create(
            business_unit=unit,
            state=self.chance.choice([*TransactionState, TransactionState.VERIFIED]),
            exported_on=date(2026, 9, 30) - timedelta(days=self.chance.choice([0, 1, 30, 61, 200, 400, 500])),
            product=self.chance.choice(["Ikat cloth", "ikat  Cloth", "Songket", "Dried fish"]),
            country=self.chance.choice(["JP", "NL", "AU"]),
            value=self.chance.randint(1, 99_999),
            rate=self.chance.choice(["1", "15500.123457", "101.005"]),
        )
