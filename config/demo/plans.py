"""What mentors plan: visits kept, forgotten, moved, called off and still to come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from accounts.models import User
from config.demo.story import Story
from mentoring.actions import cancel_visit_plan, move_visit, plan_visit
from villages.models import Village


@dataclass(frozen=True)
class Plan:
    """One planned visit; days count from today, and it was planned `ahead` days before."""

    day: int
    clock: str
    purpose: str
    ahead: int = 3
    moved_to: int | None = None
    dropped: str = ""


PARENGAN: Final = (
    Plan(-10, "09:00", "Menengok alat pintal yang diperbaiki"),
    Plan(-5, "09:00", "Memeriksa dua kodi sarung"),
    Plan(1, "09:00", "Melihat hasil ulang delapan lembar"),
    Plan(4, "13:00", "Menyusun berkas untuk eksportir", moved_to=5),
)
PANGEAN: Final = (Plan(2, "10:00", "Membahas pembagian tugas"),)
SUKARARA: Final = (Plan(3, "09:00", "Memilih contoh untuk pameran", dropped="Ada upacara adat pada hari itu"),)


def tell_plans(story: Story, village: Village, plans: tuple[Plan, ...], *, mentor: User) -> None:
    """Put one mentor's plans into the story."""
    for plan in plans:
        when = story.moment(plan.day, plan.clock, village.zone)
        goal = story.moment(plan.moved_to or plan.day, plan.clock, village.zone)
        act = partial(_plan, plan, village, mentor=mentor, when=when, goal=goal)
        story.then(when - timedelta(days=plan.ahead), act)


def _plan(plan: Plan, village: Village, at: datetime, *, mentor: User, when: datetime, goal: datetime) -> None:
    row = plan_visit(mentor=mentor, village=village, planned_at=when, purpose=plan.purpose, by=mentor, at=at)
    move_visit(row, planned_at=goal, by=mentor, at=at)
    if plan.dropped:
        cancel_visit_plan(row, reason=plan.dropped, by=mentor, at=at)
