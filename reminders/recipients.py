"""On which number staff and trainers are told: their phone, else their e-mail; its row is made when it is needed."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from accounts.models import User
from programs.models import Trainer
from villages.models import ContactPoint
from villages.states import REACHABLE, ContactState

KEPT: Final = re.compile(r"\+[1-9][0-9]{6,14}|[^@\s]+@[^@\s]+")  # what the table of numbers takes


def point_for(who: User | Trainer) -> ContactPoint | None:
    """Name the number of one of them; None when they have none."""
    points = points_of_users([who.pk]) if isinstance(who, User) else points_of_trainers([who.pk])
    return points.get(who.pk)


def points_of_users(users: Collection[int]) -> dict[int, ContactPoint]:
    """Name the numbers of staff by their keys, in two queries; a number met for the first time gets its row."""
    rows = User.objects.filter(pk__in=users).order_by("pk").values_list("pk", "phone", "email")
    return _points({pk: addresses_of(phone, email) for pk, phone, email in rows})


def points_of_trainers(trainers: Collection[int]) -> dict[int, ContactPoint]:
    """Name the numbers of trainers by their keys, in two queries: their own, else their account's."""
    columns = ("pk", "phone", "user__phone", "user__email")
    rows = Trainer.objects.filter(pk__in=trainers).order_by("pk").values_list(*columns)
    return _points({pk: addresses_of(*addresses) for pk, *addresses in rows})


def addresses_of(*addresses: str | None) -> list[str]:
    """List what may be written to, each once, the best first."""
    named = (each.strip().lower() for each in addresses if each)
    return [each for each in dict.fromkeys(named) if KEPT.fullmatch(each)]


def _points(addresses: Mapping[int, Sequence[str]]) -> dict[int, ContactPoint]:
    known = _read({each for some in addresses.values() for each in some})
    chosen = {key: _best(some, known) for key, some in addresses.items() if some}
    if new := set(chosen.values()) - known.keys():
        ContactPoint.objects.bulk_create((ContactPoint(number=each) for each in sorted(new)), ignore_conflicts=True)
        known |= _read(new)
    return {key: known[address] for key, address in chosen.items()}


def _read(numbers: Iterable[str]) -> dict[str, ContactPoint]:
    wanted = set(numbers)
    return {point.number: point for point in ContactPoint.objects.filter(number__in=wanted)} if wanted else {}


def _best(addresses: Sequence[str], known: Mapping[str, ContactPoint]) -> str:
    """Take the first that works; who asked for silence on one is not written to on the next."""
    for each in addresses:
        state = known[each].state if each in known else ContactState.UNVERIFIED
        if state in REACHABLE or state == ContactState.OPTED_OUT:
            return each
    return addresses[0]
