"""How everything that hangs on one row comes to hang on another: the walk behind merging two people.

What points to a person is asked of Django's registry at the moment of the walk, so rows of higher floors move without
an import upwards (as in ADR 7). A row that only changes hands is repointed. Where a unique constraint says that the one
who stays already has its counterpart, the two become one: first what hangs on the row that goes moves to the
counterpart, in the same way; then the counterpart takes over what the model's own `absorb(other)` says. Rows that are
counted (a model names the column in `renumbered`) all stay: they are numbered on after those of the one who stays.
`plan_move` only reads, so a page shows exactly what `carry_out` will do.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from common.errors import Refused

Row = models.Model
Pairs = Mapping[Any, Any]  # the key of each row that goes -> the key of the one that stays
CODED = (models.DateTimeField, models.DateField, models.TimeField, models.IntegerField, models.BooleanField)


@dataclass(frozen=True)
class Relation:
    """Rows of one model that point to another through one foreign key, also those of a many-to-many table."""

    key: Any  # the foreign key
    model: Any

    @property
    def label(self) -> str:
        """Name the relation for the record."""
        return f"{self.model._meta.label_lower}.{self.key.name}"

    @property
    def words(self) -> str:
        """Name the rows for people; a hidden table is named by whose list it is."""
        owner = next(
            (each.related_model for each in self.model._meta.fields if each.is_relation and each != self.key), None
        )
        shown = owner if self.model._meta.auto_created and owner else self.model
        return str(shown._meta.verbose_name_plural)

    def rows(self, keys: Iterable[Any]) -> models.QuerySet[Any]:
        """Read the rows that point to these, in one order."""
        found: models.QuerySet[Any] = self.model._base_manager.filter(**{f"{self.key.name}__in": list(keys)})
        return found.order_by("pk")


@dataclass(frozen=True)
class Step:
    """What happens to one relation: rows that change hands, and rows that meet their counterpart."""

    relation: Relation
    moving: dict[Any, list[Any]]  # the key of who stays -> keys of rows
    twins: list[tuple[Any, Any]]  # (the row that stays, the row that goes)
    below: list["Step"] = field(default_factory=list)
    counted: dict[Any, int] = field(default_factory=dict)  # the key of who stays -> the last number they have

    @cached_property
    def moved(self) -> int:
        """Count the rows that change hands."""
        return sum(map(len, self.moving.values()))

    @property
    def stuck(self) -> bool:
        """Tell whether both have what only one can have, and the model has no rule for it: a human settles it first."""
        model = self.relation.model
        return bool(self.twins) and not (hasattr(model, "absorb") or model._meta.auto_created)


@dataclass
class Outcome:
    """What was done, for the record: how many rows moved, and which rows were joined with which."""

    moved: dict[str, int] = field(default_factory=dict)
    joined: list[dict[str, object]] = field(default_factory=list)


def relations_of(model: type[Row]) -> list[Relation]:
    """List every foreign key of the house that points to this model, hidden ones included."""
    back = (each for each in model._meta.get_fields(include_hidden=True) if each.auto_created and not each.concrete)
    found: list[Any] = [each for each in back if each.one_to_many or each.one_to_one]
    pointing = [Relation(each.field, each.related_model) for each in found]
    return sorted(pointing, key=lambda each: each.label)


def uniques_of(relation: Relation) -> Iterator[tuple[tuple[str, ...], Q]]:
    """List the sets of columns that are unique together and hold the foreign key, each with its condition."""
    meta = relation.model._meta
    if relation.key.unique:
        yield (relation.key.name,), Q()
    for names in meta.unique_together:
        if relation.key.name in names:
            yield tuple(names), Q()
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and relation.key.name in constraint.fields:
            yield tuple(constraint.fields), constraint.condition or Q()


def plan_move(model: type[Row], pairs: Pairs) -> list[Step]:
    """Say what moves when each first row of `pairs` becomes one with its second; reads only, set by set."""
    return [_step(relation, pairs) for relation in relations_of(model)] if pairs else []


def carry_out(steps: Iterable[Step], outcome: Outcome) -> Outcome:
    """Do it, from the lowest rows up; call it where the rows are held."""
    for step in steps:
        carry_out(step.below, outcome)
        if step.stuck:
            kind = step.relation.model._meta.verbose_name
            raise Refused(
                _("Both have a “%(kind)s” of which a person has only one. End one of them first.") % {"kind": kind}
            )
        for kept, gone in step.twins:
            _join(kept, gone, outcome)
        for key, rows in step.moving.items():
            _repoint(step, key, rows)
        if step.moved:
            outcome.moved[step.relation.label] = outcome.moved.get(step.relation.label, 0) + step.moved
    return outcome


def hold(steps: Iterable[Step]) -> None:
    """Wait for whoever writes these rows: a model names in `held_by` the row that its own actions lock first."""
    for step in steps:
        name = getattr(step.relation.model, "held_by", "")
        if name:
            owner = step.relation.model._meta.get_field(name).related_model
            keys = step.relation.model._base_manager.filter(pk__in=list(_keys(step))).values(name)
            list(owner._base_manager.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
        hold(step.below)


def dissolve(row: Row) -> None:
    """Delete exactly one row; the database itself refuses when anything still points to it."""
    type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")  # noqa: SLF001  no cascade


def _step(relation: Relation, pairs: Pairs) -> Step:
    rows, counts = list(relation.rows(pairs)), hasattr(relation.model, "renumbered")
    counterparts = {} if counts else _counterparts(relation, rows, pairs)
    moving: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        if row.pk not in counterparts:
            moving[pairs[getattr(row, relation.key.attname)]].append(row.pk)
    twins = [(counterparts[row.pk], row) for row in rows if row.pk in counterparts]
    below = plan_move(relation.model, {gone.pk: kept.pk for kept, gone in twins})
    return Step(relation, dict(moving), twins, below, _last_numbers(relation, pairs) if counts else {})


def _last_numbers(relation: Relation, pairs: Pairs) -> dict[Any, int]:
    """Find the last number that each of those who stay has."""
    there = relation.rows(pairs.values()).order_by().values_list(relation.key.attname)
    return dict(there.annotate(last=models.Max(relation.model.renumbered)))


def _repoint(step: Step, key: Any, rows: list[Any]) -> None:
    """Hand these rows over, numbered on where they are counted."""
    columns: dict[str, Any] = {step.relation.key.attname: key}
    if key in step.counted:
        column = step.relation.model.renumbered
        columns[column] = F(column) + step.counted[key]
    step.relation.model._base_manager.filter(pk__in=rows).update(**columns)


def _counterparts(relation: Relation, rows: list[Any], pairs: Pairs) -> dict[Any, Any]:
    """Find, for each row that could not stand beside one that is there, that one."""
    found: dict[Any, Any] = {}
    for names, condition in uniques_of(relation):
        if not rows:
            break
        others = [relation.model._meta.get_field(name).attname for name in names if name != relation.key.name]
        there = {
            (getattr(row, relation.key.attname), *(getattr(row, name) for name in others)): row
            for row in relation.rows(pairs.values()).filter(condition)
        }
        held = set(relation.rows(pairs).filter(condition).values_list("pk", flat=True))
        for row in rows:
            values = [getattr(row, name) for name in others]
            twin = there.get((pairs[getattr(row, relation.key.attname)], *values))
            if row.pk in held and twin is not None and None not in values:
                found.setdefault(row.pk, twin)
    return found


def _join(kept: Any, gone: Any, outcome: Outcome) -> None:
    """Let one row go and its counterpart take over; what was dropped is written down, ids and codes only."""
    taken = {} if kept._meta.auto_created else kept.absorb(gone)
    before, dropped = _codes(kept), _codes(gone)
    dissolve(gone)
    if taken:
        type(kept)._base_manager.filter(pk=kept.pk).update(**taken)
    fact = {"row": kept._meta.label_lower, "id": str(gone.pk), "into": str(kept.pk)}
    outcome.joined.append({**fact, "dropped": dropped, "before": before})


def _codes(row: Any) -> dict[str, str]:
    """Write down a row's ids, times, numbers and codes; never its words."""
    return {
        column.attname: str(getattr(row, column.attname))
        for column in row._meta.concrete_fields
        if not column.primary_key
        and (column.is_relation or column.choices or isinstance(column, CODED))
        and getattr(row, column.attname) not in (None, "")
    }


def _keys(step: Step) -> Iterator[Any]:
    for keys in step.moving.values():
        yield from keys
    for pair in step.twins:
        yield from (row.pk for row in pair)
