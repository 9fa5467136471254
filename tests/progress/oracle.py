"""The definition of progress (DOMAIN 6), read out of raw rows by plain loops; shares no code with what it checks.

Rows are dictionaries as the tables hold them. Slow on purpose: nothing here is clever enough to be wrong likewise.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection

Row = dict[str, Any]
WEST = timedelta(hours=7)
BEGINNING, END_OF_TIME = datetime(1800, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)
DESIGNATED = ["designated", "launched", "active", "first_export", "independent"]
CANDIDATE = ["identified", "proposed", "assessed"]


def table(name: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {name} ORDER BY 1")  # noqa: S608  a name of ours
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def day_in_west(moment: datetime) -> date:
    return (moment.astimezone(UTC) + WEST).date()


def floored_percent(part: int, whole: int) -> int | None:
    if whole == 0:
        return None
    percent = 0
    while percent < 100 and (percent + 1) * whole <= 100 * part:
        percent += 1
    return percent


def floored_mean(percents: Iterable[int | None]) -> int | None:
    total = count = 0
    for percent in percents:
        if percent is not None:
            total += percent
            count += 1
    return total // count if count else None


class Oracle:
    """All rows once, and every figure from them; what is counted lies from `first` to `last`, by western days."""

    def __init__(self, at: datetime, first: date | None = None, last: date | None = None) -> None:
        self.at, self.first, self.last = at, first or date(1800, 1, 1), last or date(2300, 1, 1)
        self.modules = sorted(table("programs_module"), key=lambda row: row["position"])
        self.cohorts = {row["id"]: row for row in table("programs_cohort")}
        self.requirements = table("programs_requirement")
        self.sessions = {row["id"]: row for row in table("programs_session")}
        self.bookings = [row for row in table("programs_booking") if row["cohort_id"] is not None]
        self.enrollments = {row["id"]: row for row in table("programs_enrollment")}
        self.seats = table("programs_attendance")
        self.visits = {row["id"]: row for row in table("mentoring_visit")}
        self.touched = table("mentoring_visit_modules")
        self.items = table("mentoring_actionitem")
        self.claims = table("exports_subsidyclaim")
        self.transactions = table("exports_exporttransaction")
        self.units = {row["id"]: row for row in table("villages_businessunit")}
        self.villages = {row["id"]: row for row in table("villages_village")}
        self.people = {row["id"]: row for row in table("villages_person")}

    def inside(self, moment: datetime) -> bool:
        return self.first <= day_in_west(moment) <= self.last

    def minutes(self, session: Row) -> int:
        return int((session["ends_at"] - session["starts_at"]).total_seconds()) // 60

    # -- cells

    def cell(self, cohort_ids: list[int], module: Row) -> Row:
        required = delivered = planned = pending = 0
        for cohort in cohort_ids:
            for row in self.requirements:
                if row["cohort_id"] == cohort and row["module_id"] == module["code"]:
                    required += row["required"]
            got, due, waiting = self.counted(cohort, module)
            delivered, planned, pending = delivered + got, planned + due, pending + waiting
        percent = floored_percent(delivered, required)
        state = "not_required"
        if required:
            state = "not_started" if delivered == 0 else "in_progress" if delivered < required else "complete"
        counts = {"required": required, "delivered": delivered, "planned": planned, "pending": pending}
        behind = delivered < planned and delivered < required
        return {
            "module": module["code"],
            "mode": module["mode"],
            **counts,
            "percent": percent,
            "state": state,
            "behind": behind,
        }

    def counted(self, cohort: int, module: Row) -> tuple[int, int, int]:
        if module["mode"] == "training":
            return (*self.trained_minutes(cohort, module["code"]), 0)
        if module["mode"] == "benefit":
            paid = [claim for claim in self.claims if claim["cohort_id"] == cohort and self.was_paid(claim)]
            return len(paid), len(paid), 0
        approved = pending = 0
        for touch in self.touched:
            visit = self.visits[touch["visit_id"]]
            if (
                touch["module_id"] == module["code"]
                and visit["cohort_id"] == cohort
                and self.inside(visit["visited_at"])
            ):
                approved += visit["state"] == "approved"
                pending += visit["state"] == "submitted"
        return approved, approved, pending

    def trained_minutes(self, cohort: int, code: str | None) -> tuple[int, int]:
        held = due = 0
        training = [module["code"] for module in self.modules if module["mode"] == "training"]
        for booking in self.bookings:
            session = self.sessions[booking["session_id"]]
            fits = session["module_id"] == code if code else session["module_id"] in training
            if booking["cohort_id"] != cohort or not fits or not self.inside(session["ends_at"]):
                continue
            if session["state"] in ("held", "closed"):
                held += self.minutes(session)
                due += self.minutes(session)
            elif session["state"] == "scheduled" and session["ends_at"] <= self.at:
                due += self.minutes(session)
        return held, due

    def was_paid(self, claim: Row) -> bool:
        return claim["state"] in ("paid", "closed") and self.first <= claim["paid_on"] <= self.last

    def cells(self, cohort_ids: list[int]) -> list[Row]:
        return [self.cell(cohort_ids, module) for module in self.modules]

    def seats_of(self, cohort_ids: list[int]) -> list[Row]:
        found = []
        for seat in self.seats:
            session = self.sessions[seat["session_id"]]
            ours = self.enrollments[seat["enrollment_id"]]["cohort_id"] in cohort_ids
            if ours and session["state"] in ("held", "closed") and self.inside(session["ends_at"]):
                found.append(seat)
        return found

    def rates(self, seats: list[Row]) -> tuple[int | None, int | None]:
        came = [seat for seat in seats if seat["state"] in ("present", "late")]
        kept = [seat for seat in seats if seat["state"] in ("present", "late", "excused")]
        return floored_percent(len(came), len(seats)), floored_percent(len(kept), len(seats))

    # -- cohorts, villages, programs

    def figures(self, cohort_ids: list[int]) -> Row:
        cells = self.cells(cohort_ids)
        attendance, commitment = self.rates(self.seats_of(cohort_ids))
        percent = floored_mean(cell["percent"] for cell in cells)
        return {"modules": cells, "percent": percent, "attendance": attendance, "commitment": commitment}

    def cohorts_of(self, *, program: int | None = None, village: int | None = None) -> list[int]:
        return [
            key
            for key, row in self.cohorts.items()
            if program in (None, row["program_id"]) and village in (None, row["village_id"])
        ]

    def program(self, program: int) -> Row:
        villages = sorted({self.cohorts[key]["village_id"] for key in self.cohorts_of(program=program)})
        percents = [self.figures(self.cohorts_of(program=program, village=village))["percent"] for village in villages]
        attendance, commitment = self.rates(self.seats_of(self.cohorts_of(program=program)))
        percent = floored_mean(percents)
        return {"villages": len(villages), "percent": percent, "attendance": attendance, "commitment": commitment}

    # -- people

    def person(self, enrollment: int) -> Row:
        cohort = self.enrollments[enrollment]["cohort_id"]
        codes = [module["code"] for module in self.modules if module["mode"] == "training"]
        cells = [self.person_cell(enrollment, cohort, code) for code in codes]
        owed = [cell for cell in cells if cell["required"]]
        own = [seat for seat in self.seats_of([cohort]) if seat["enrollment_id"] == enrollment]
        attendance, commitment = self.rates(own)
        return {
            "modules": cells,
            "percent": floored_mean(cell["percent"] for cell in cells),
            "completed": bool(owed) and all(cell["reached"] for cell in owed),
            "attendance": attendance,
            "commitment": commitment,
        }

    def person_cell(self, enrollment: int, cohort: int, code: str) -> Row:
        attended = required = minimum = 0
        for seat in self.seats_of([cohort]):
            right = self.sessions[seat["session_id"]]["module_id"] == code and seat["enrollment_id"] == enrollment
            if right and seat["state"] in ("present", "late"):
                attended += seat["minutes"]
        for row in self.requirements:
            if row["cohort_id"] == cohort and row["module_id"] == code:
                required, minimum = row["required"], row["minimum_attendance"]
        enough = -((-required * minimum) // 100)
        percent = None
        if required:
            percent = floored_percent(attended * 100, required * minimum) if minimum else 100
        reached = bool(required) and attended * 100 >= required * minimum
        cell = {"module": code, "attended": attended, "required": required, "needed": enough}
        return {**cell, "percent": percent, "reached": reached}

    # -- outcomes

    def outcomes(self, villages: list[int], cohorts: list[int]) -> Row:
        own = [key for key in cohorts if self.cohorts[key]["village_id"] in villages]
        seats = self.seats_of(own)
        hours = [self.trained_minutes(cohort, None) for cohort in own]
        count = {"came": ("present", "late"), "kept": ("present", "late", "excused")}
        sums = {name: sum(seat["state"] in states for seat in seats) for name, states in count.items()}
        return {
            "villages": self.stages(villages),
            "people": self.reached(seats),
            "hours": {
                "delivered_minutes": sum(pair[0] for pair in hours),
                "planned_minutes": sum(pair[1] for pair in hours),
            },
            "seats": {**sums, "seats": len(seats)},
            "visits": self.visited(villages, own),
            "items": self.still_open(own),
            "new_exporters": self.new_exporters(villages),
            "exports": self.sold(villages),
            "claims": self.money(own),
        }

    def stages(self, villages: list[int]) -> Row:
        stages = [self.villages[village]["stage"] for village in villages]
        designated = sum(stage in DESIGNATED for stage in stages)
        candidates = sum(stage in CANDIDATE for stage in stages)
        return {"desa_devisa": designated, "candidates": candidates, "out": len(stages) - designated - candidates}

    def reached(self, seats: list[Row]) -> Row:
        came = {
            self.enrollments[seat["enrollment_id"]]["person_id"]
            for seat in seats
            if seat["state"] in ("present", "late")
        }
        women = {person for person in came if self.people[person]["sex"] == "female"}
        return {"trained": len(came), "women": len(women)}

    def serves(self, row: Row, village: int, cohorts: list[int]) -> bool:
        if row["cohort_id"] is not None:
            return row["cohort_id"] in cohorts
        pairs = [(self.cohorts[key]["program_id"], self.cohorts[key]["village_id"]) for key in cohorts]
        return (row["program_id"], village) in pairs

    def visited(self, villages: list[int], cohorts: list[int]) -> list[Row]:
        found = []
        for village in villages:
            here = [visit for visit in self.visits.values() if visit["village_id"] == village]
            ours = [
                visit for visit in here if self.serves(visit, village, cohorts) and self.inside(visit["visited_at"])
            ]
            states = [visit["state"] for visit in ours]
            name = self.villages[village]["name"]
            counts = {"approved": states.count("approved"), "pending": states.count("submitted")}
            found.append({"village": village, "name": name, **counts})
        return sorted(found, key=lambda row: (row["name"], row["village"]))

    def edge(self) -> tuple[datetime, date]:
        """The moment as of which things are open, and its day."""
        after = datetime(self.last.year, self.last.month, self.last.day, tzinfo=UTC) + timedelta(days=1) - WEST
        return (self.at + timedelta.resolution, day_in_west(self.at)) if self.at < after else (after, self.last)

    def still_open(self, cohorts: list[int]) -> Row:
        moment, today = self.edge()
        ages, overdue = [], 0
        for item in self.items:
            visit = self.visits[item["visit_id"]]
            if visit["state"] == "draft" or not self.serves(visit, visit["village_id"], cohorts):
                continue
            if visit["visited_at"] < moment and (item["state"] == "open" or item["settled_at"] >= moment):
                ages.append((today - day_in_west(visit["visited_at"])).days)
                overdue += item["due_on"] is not None and item["due_on"] < today
        steps = {"within_30": (-1, 30), "within_60": (30, 60), "within_90": (60, 90), "older": (90, 10**6)}
        counts = {name: sum(low < age <= high for age in ages) for name, (low, high) in steps.items()}
        return {**counts, "total": len(ages), "overdue": overdue}

    def of_villages(self, villages: list[int], *states: str) -> list[Row]:
        return [
            row
            for row in self.transactions
            if self.units[row["business_unit_id"]]["village_id"] in villages and row["state"] in states
        ]

    def new_exporters(self, villages: list[int]) -> list[Row]:
        firsts: dict[int, date] = {}
        for row in self.of_villages(villages, "verified"):
            unit = row["business_unit_id"]
            firsts[unit] = min(firsts.get(unit, row["exported_on"]), row["exported_on"])
        found = []
        for key, day in sorted(firsts.items(), key=lambda pair: (pair[1], pair[0])):
            unit = self.units[key]
            name = "" if unit["kind"] == "household" else unit["name"]
            if self.first <= day <= self.last:
                found.append({"unit": key, "name": name, "village": unit["village_id"], "on": day.isoformat()})
        return found

    def sold(self, villages: list[int]) -> Row:
        rows = self.of_villages(villages, "reported", "evidenced", "verified")
        rows = [row for row in rows if self.first <= row["exported_on"] <= self.last]
        keys: dict[str, Callable[[Row], str]] = {
            "by_year": lambda row: str(row["exported_on"].year),
            "by_product": lambda row: " ".join(row["product"].split()).lower(),
            "by_country": lambda row: row["country"],
        }
        whole = self.split(rows)
        whole.pop("count")
        sure = sum(row["state"] == "verified" for row in rows)
        whole |= {"count_verified": sure, "count_reported": len(rows) - sure}
        for name, key in keys.items():
            groups: dict[str, list[Row]] = {}
            for row in rows:
                groups.setdefault(key(row), []).append(row)
            whole[name] = {group: self.split(own) for group, own in groups.items()}
        return whole

    def split(self, rows: list[Row]) -> Row:
        cent = Decimal("0.01")
        worth = [(row["state"], (row["value"] * row["rate"]).quantize(cent, ROUND_HALF_UP)) for row in rows]
        verified = sum((value for state, value in worth if state == "verified"), Decimal(0))
        reported = sum((value for state, value in worth if state != "verified"), Decimal(0))
        return {"verified": verified, "reported": reported, "count": len(rows)}

    def money(self, cohorts: list[int]) -> Row:
        moment, today = self.edge()
        ours = [
            claim
            for claim in self.claims
            if self.serves(claim, self.units[claim["business_unit_id"]]["village_id"], cohorts)
        ]
        granted = [claim for claim in ours if claim["state"] in ("approved", "paid", "closed")]
        committed = [claim["approved_amount"] for claim in granted if self.inside(claim["approved_at"])]
        paid = [claim for claim in ours if self.was_paid(claim)]
        waits = [(claim["paid_on"] - day_in_west(claim["submitted_at"])).days for claim in paid]
        mean = None
        if waits:
            mean = (Decimal(sum(waits)) / len(waits)).quantize(Decimal("0.1"), ROUND_HALF_UP)
        return {
            "committed": sum(committed, Decimal(0)),
            "paid": sum((claim["approved_amount"] for claim in paid), Decimal(0)),
            "committed_count": len(committed),
            "paid_count": len(paid),
            "open_count": sum(self.is_open(claim, moment, today) for claim in ours),
            "days_to_pay": mean,
        }

    def is_open(self, claim: Row, moment: datetime, today: date) -> bool:
        if claim["submitted_at"] is None or claim["submitted_at"] >= moment or claim["state"] == "draft":
            return False
        if claim["state"] in ("paid", "closed"):
            return bool(claim["paid_on"] > today)
        if claim["state"] in ("rejected", "cancelled"):
            return bool(claim["moved_at"] >= moment)
        return True
