"""Two records side by side, and exactly what would move from one to the other."""

from collections.abc import Iterable
from dataclasses import dataclass

from villages.merging import Step, plan_move
from villages.models import NotDuplicate, Person

COLUMNS = ("name", "sex", "birth_year", "hamlet", "craft")


@dataclass(frozen=True)
class Line:
    """One column as both records have it; empty where a record says nothing."""

    name: str
    label: str
    stays: str
    goes: str

    @property
    def differs(self) -> bool:
        """Tell whether somebody must choose."""
        return bool(self.stays and self.goes) and self.stays != self.goes

    @property
    def filled(self) -> bool:
        """Tell whether the record that stays learns something."""
        return bool(self.goes and not self.stays)


@dataclass
class Move:
    """Rows of one kind: how many change hands, how many become one with what is there."""

    words: str
    moved: int = 0
    joined: int = 0
    stuck: bool = False


def compared(stays: Person, goes: Person) -> list[Line]:
    """Lay every column side by side."""
    return [
        Line(name, str(Person._meta.get_field(name).verbose_name), _said(stays, name), _said(goes, name))  # type: ignore[union-attr]
        for name in COLUMNS
    ]


def moves_of(stays: Person, goes: Person) -> list[Move]:
    """Count what moves, kind by kind, as the merge would do it; reads only."""
    found: dict[str, Move] = {}
    _count(plan_move(Person, {goes.pk: stays.pk}), found)
    return [move for move in found.values() if move.moved or move.joined]


def told_apart(first: Person, second: Person) -> NotDuplicate | None:
    """Find who said that these are two people."""
    low, high = sorted((first.pk, second.pk))
    return NotDuplicate.objects.select_related("said_by").filter(first=low, second=high).order_by("pk").first()


def _count(steps: Iterable[Step], found: dict[str, Move]) -> None:
    for step in steps:
        move = found.setdefault(step.relation.words, Move(step.relation.words))
        move.moved += step.moved
        move.joined += len(step.twins)
        move.stuck = move.stuck or step.stuck
        _count(step.below, found)


def _said(person: Person, name: str) -> str:
    value = person.get_sex_display() if name == "sex" else getattr(person, name)
    return str(value or "")
