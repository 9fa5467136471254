"""Taking back what a list brought: people leave as if they had never come, and what was corrected returns."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import CharField, Exists, OuterRef, ProtectedError, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from common.errors import Refused
from common.sets import run
from villages.actions.crowd import CORRECTED, Crowd
from villages.models import ContactPoint, Person
from villages.states import ContactState, Purpose

BEFORE: Final = {name: f"p.changes ->> '{name}'" for name in CORRECTED} | {
    "birth_year": "(p.changes ->> 'birth_year')::smallint"
}


def put_back(crowd: Crowd) -> None:
    """Write back what stood there before the list corrected it."""
    setting = ", ".join(
        f"{name} = CASE WHEN p.changes ? '{name}' THEN {before} ELSE o.{name} END" for name, before in BEFORE.items()
    )
    run(f"UPDATE villages_person o SET {setting} FROM {crowd.those()} WHERE o.id = p.person_id", crowd.params)  # noqa: S608


def take_numbers(crowd: Crowd) -> None:
    """Part people from the number that the list brought them."""
    run(
        f"""
        DELETE FROM villages_personcontact c USING {crowd.those("changes ? 'number'")}, villages_contactpoint n
        WHERE c.person_id = p.person_id AND c.contact_point_id = n.id AND n.number = p.phone
        """,  # noqa: S608
        crowd.params,
    )


def take_consents(crowd: Crowd, *, given_at: datetime) -> None:
    """Take out the agreements that the list brought."""
    run(
        f"""
        DELETE FROM villages_consent c USING {crowd.those("changes ? 'consent'")}
        WHERE c.person_id = p.person_id AND c.purpose = '{Purpose.MESSAGES}' AND c.given_at = %(given_at)s
        """,  # noqa: S608
        {**crowd.params, "given_at": given_at},
    )


def remove_people(people: Sequence[int]) -> None:
    """Delete people that nothing else speaks of; if something does, all of it is refused."""
    try:
        Person.objects.filter(pk__in=people).delete()
    except ProtectedError:
        raise Refused(_("Something was written about one of these people a moment ago. Try again.")) from None


def let_go(numbers: QuerySet[Any]) -> None:
    """Delete numbers that reach nobody any more; one that something was sent to keeps its row, without the number."""
    orphans = ContactPoint.objects.filter(number__in=numbers, contacts__isnull=True)
    speaking = (relation.field for relation in ContactPoint._meta.related_objects)
    told = (Exists(field.model._default_manager.filter(**{field.name: OuterRef("pk")})) for field in speaking)
    erased = Concat(Value("erased-"), Cast("pk", CharField()))
    orphans.filter(reduce(or_, map(Q, told))).update(number=erased, state=ContactState.OPTED_OUT)
    orphans.delete()
