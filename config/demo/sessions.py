"""The sessions behind and ahead of today, as a coordinator would have planned, moved, held and cancelled them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from accounts.models import User
from attendance.actions import Mark, close_session, hold_session, mark_attendance
from config.demo.calendar import AGREED
from config.demo.story import Story
from programs.actions import answer_session, cancel_session, plan_session, reschedule_session, schedule_session
from programs.models import Attendance, Cohort, Module, Program, Session, Trainer, Venue
from programs.states import AttendanceState, Excuse, ModuleCode, Rsvp, SessionMode

WHOLE: Final = (AttendanceState.PRESENT, None, "")


@dataclass(frozen=True)
class Plan:
    """One session of the story; days count from today, `before` from its first date. Without a clock it goes on now."""

    module: str
    topic: str
    day: int
    clock: str
    minutes: int
    venue: str
    trainer: str
    villages: tuple[str, ...] = ("parengan",)
    ends: str = ""  # how far it came: "draft", "held", "closed", "cancelled"; else it stays scheduled
    first_day: int | None = None  # where it stood before it was moved
    reason: str = ""
    before: int = 9


C = ModuleCode
BOTH: Final = ("parengan", "pangean")
LAMONGAN: Final = (
    Plan(C.MANAGEMENT, "Menghitung harga pokok kain", -84, "09:00", 180, "balai", "ratna", ends="closed"),
    Plan(C.MANAGEMENT, "Pembukuan harian rumah tenun", -77, "09:00", 180, "balai", "ratna", ends="closed"),
    Plan(C.DESIGN, "Motif yang dicari pembeli", -70, "09:00", 180, "sentra", "endah", BOTH, "closed"),
    Plan(C.PRODUCTION_CAPACITY, "Mengatur empat belas tahap", -56, "13:00", 180, "sentra", "endah", ends="closed"),
    Plan(C.QUALITY_ASSURANCE, "Warna yang tidak luntur", -49, "09:00", 180, "balai", "endah", ends="closed"),
    Plan(
        C.MARKET_ACCESS,
        "Mengenal eksportir Surabaya",
        -41,
        "09:00",
        180,
        "balai",
        "bagus",
        ends="closed",
        first_day=-44,
        reason="Narasumber bertugas ke Surabaya",
    ),
    Plan(
        C.MARKETING,
        "Foto kain dengan HP",
        -35,
        "09:00",
        120,
        "balai",
        "bagus",
        ends="cancelled",
        reason="Balai desa dipakai hajatan",
    ),
    Plan(C.MANAGEMENT, "Membagi tugas di kelompok", -28, "09:00", 180, "pangean", "ratna", ("pangean",), "closed"),
    Plan(C.MARKETING, "Menulis cerita di balik kain", -21, "09:00", 180, "balai", "bagus", ends="closed"),
    Plan(C.BRANDING, "Nama dan label bersama", -10, "09:00", 150, "sentra", "endah", ends="held"),
    Plan(C.QUALITY_ASSURANCE, "Memeriksa satu kodi", -1, "09:00", 120, "balai", "ratna"),
    Plan(C.MARKETING, "Memotret kain untuk pembeli", 0, "", 180, "sentra", "bagus"),
    Plan(C.DESIGN, "Merancang koleksi musim depan", 1, "09:00", 180, "sentra", "endah"),
    Plan(C.MARKET_ACCESS, "Simulasi temu pembeli", 3, "13:00", 180, "balai", "bagus", BOTH),
    Plan(C.PRODUCTION_CAPACITY, "Menyiapkan pesanan Ramadan", 6, "09:00", 180, "sentra", "endah"),
    Plan(
        C.BRANDING,
        "Kemasan untuk kiriman jauh",
        10,
        "13:00",
        120,
        "sentra",
        "endah",
        first_day=8,
        reason="Bertepatan dengan hari pasar",
        before=6,
    ),
    Plan(
        C.QUALITY_ASSURANCE,
        "Standar ukuran sarung",
        12,
        "09:00",
        120,
        "balai",
        "ratna",
        ends="cancelled",
        reason="Narasumber sakit",
        before=5,
    ),
    Plan(C.MANAGEMENT, "Buku kas kelompok", 5, "09:00", 180, "pangean", "ratna", ("pangean",)),
    Plan(C.MARKETING, "Menjual lewat toko daring", 17, "09:00", 180, "balai", "bagus"),
    Plan(C.MANAGEMENT, "Menyusun rencana usaha", 24, "09:00", 180, "balai", "ratna", ends="draft"),
)
LOMBOK: Final = (
    Plan(C.MANAGEMENT, "Harga pokok songket", -60, "09:00", 180, "sukarara", "putu", ("sukarara",), "closed"),
    Plan(C.DESIGN, "Songket untuk pasar luar negeri", -25, "09:00", 180, "sukarara", "putu", ("sukarara",), "closed"),
    Plan(C.MARKETING, "Cerita di balik songket", 2, "09:00", 120, "sukarara", "putu", ("sukarara",)),
    Plan(C.BRANDING, "Merek bersama Sukarara", 9, "09:00", 120, "sukarara", "putu", ("sukarara",)),
)


@dataclass(frozen=True)
class Stage:
    """What the plans name by key."""

    program: Program
    cohorts: dict[str, Cohort]
    trainers: dict[str, Trainer]
    venues: dict[str, Venue]
    by: User


class Course:
    """One plan on its way through the story."""

    def __init__(self, story: Story, stage: Stage, plan: Plan) -> None:
        self.stage, self.plan = stage, plan
        self.zone = stage.venues[plan.venue].zone
        first = plan.day if plan.first_day is None else plan.first_day
        self.first_start = story.moment(first, plan.clock, self.zone) if plan.clock else story.going_on(self.zone)
        self.starts_at = story.moment(plan.day, plan.clock, self.zone) if plan.clock else self.first_start
        self.length = timedelta(minutes=plan.minutes)
        self.session: Session

    def tell(self, story: Story) -> None:
        """Put its acts into the story."""
        planned = min(self.first_start, story.at) - timedelta(days=self.plan.before)
        story.then(planned, self.begin)
        moved = min(self.first_start - timedelta(days=2), story.at - timedelta(hours=20))
        if self.plan.first_day is not None:
            story.then(moved, self.move)
        if self.plan.ends == "cancelled":
            story.then(moved, self.cancel)
        elif self.starts_at > story.at:
            story.then(story.at - timedelta(hours=3), self.answer)
        elif self.plan.ends:
            story.then(self.starts_at + self.length + timedelta(minutes=20), self.fill_in)
        if self.plan.ends == "closed":
            story.then(self.starts_at + timedelta(days=1), self.close)

    def begin(self, at: datetime) -> None:
        """Plan it, and schedule it unless it stays a draft."""
        plan, stage = self.plan, self.stage
        self.session = plan_session(
            program=stage.program,
            module=Module.objects.get(code=plan.module),
            cohorts=[stage.cohorts[name] for name in plan.villages],
            trainers=[stage.trainers[plan.trainer]],
            venue=stage.venues[plan.venue],
            mode=SessionMode.IN_PERSON,
            starts_at=self.first_start,
            ends_at=self.first_start + self.length,
            topic=plan.topic,
            override=AGREED,
            by=stage.by,
            at=at,
        )
        if plan.ends != "draft":
            schedule_session(self.session, override=AGREED, by=stage.by, at=at)

    def move(self, at: datetime) -> None:
        """Reschedule it."""
        ends_at = self.starts_at + self.length
        reschedule_session(
            self.session,
            starts_at=self.starts_at,
            ends_at=ends_at,
            reason=self.plan.reason,
            override=AGREED,
            by=self.stage.by,
            at=at,
        )

    def cancel(self, at: datetime) -> None:
        """Call it off."""
        cancel_session(self.session, reason=self.plan.reason, by=self.stage.by, at=at)

    def answer(self, at: datetime) -> None:
        """Some participants say whether they will come."""
        if self.plan.ends == "draft":
            return
        for seat in self._seats():
            rsvp = {0: Rsvp.YES, 1: Rsvp.YES, 5: Rsvp.NO}.get(seat.enrollment_id % 7)
            if rsvp:
                answer_session(seat, rsvp=rsvp, at=at)

    def fill_in(self, at: datetime) -> None:
        """Fill in the sheet and say that it took place."""
        marks = [Mark(seat.enrollment_id, *self._mark(seat)) for seat in self._seats()]
        mark_attendance(self.session, marks=marks, by=self.stage.by, at=at)
        hold_session(self.session, by=self.stage.by, at=at)

    def close(self, at: datetime) -> None:
        """Close the sheet."""
        close_session(self.session, by=self.stage.by, at=at)

    def _seats(self) -> list[Attendance]:
        return list(self.session.seats.order_by("pk"))

    def _mark(self, seat: Attendance) -> tuple[str, int | None, str]:
        """Mark most as present, the same ones each time the story is told."""
        return {
            0: (AttendanceState.ABSENT, None, ""),
            1: (AttendanceState.EXCUSED, None, Excuse.SICK),
            2: (AttendanceState.EXCUSED, None, Excuse.LEAVE),
            3: (AttendanceState.LATE, self.plan.minutes - 30, ""),
            4: (AttendanceState.LATE, self.plan.minutes - 15, ""),
        }.get((seat.enrollment_id * 7 + abs(self.plan.day) * 3) % 23, WHOLE)


def tell_sessions(story: Story, stage: Stage, plans: tuple[Plan, ...]) -> None:
    """Put the sessions of one program into the story."""
    for plan in plans:
        Course(story, stage, plan).tell(story)
