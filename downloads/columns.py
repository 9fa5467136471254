"""What a table is made of: columns that read the database, and how their values are written for programs and people."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto
from itertools import islice
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django_filters import FilterSet

from accounts.models import User

CHUNK: Final = 2_000  # rows in memory at a time
WIDTHS: Final = {"NUMBER": 12, "DAY": 13, "MOMENT": 17, "YES_NO": 10, "CHOICE": 18, "LIST": 28, "TEXT": 24, "KEY": 12}
Paths = tuple[str, ...]


class Kind(Enum):
    """What the values of a column are."""

    KEY = auto()  # for programs only: people read the name beside it
    TEXT = auto()
    NUMBER = auto()
    DAY = auto()
    MOMENT = auto()
    YES_NO = auto()
    CHOICE = auto()
    LIST = auto()


@dataclass(frozen=True)
class Column:
    """One column: its name for programs, its heading for people, and what it reads."""

    name: str
    heading: str | Promise
    kind: Kind
    reads: Paths = ()
    labels: Mapping[Any, Any] = field(default_factory=dict)  # what people read for a value
    compose: Callable[..., Any] | None = None  # from several values
    expression: Any = None  # read under the first path; a function makes it for the one who asks
    zone: str = ""  # the path of the zone whose clock people read a moment by
    of: Callable[[Any], Any] | None = None  # from a counted row

    @property
    def title(self) -> str:
        """Write the heading in the language of the moment."""
        return capfirst(str(self.heading))

    @property
    def width(self) -> int:
        """Tell how wide it is in a sheet."""
        return min(max(WIDTHS[self.kind.name], len(self.title) + 3), 48)

    def seen_by(self, user: User) -> Any:
        """Give what the database works out when this user reads."""
        return self.expression(user) if callable(self.expression) else self.expression


@dataclass(frozen=True)
class Asked:
    """Who asks for a table; a FilterSet reads this in place of a request."""

    user: User


Seen = Callable[[User, datetime], "models.QuerySet[Any]"]
Counted = Callable[[list[Any], Asked, datetime, Mapping[str, Any]], Iterable[object]]


@dataclass(frozen=True)
class Table:
    """One list as a table: the same ability, scope and filters as its page and its API."""

    key: str  # the API's name of the resource, and the page's
    model: type[models.Model]
    ability: str
    order: Paths
    columns: tuple[Column, ...]
    filterset: type[FilterSet] | None = None
    personal: bool = False  # a row is about one person
    seen: Seen | None = None
    counted: Counted | None = None
    chunk: int = CHUNK
    title: str | Promise = ""  # else the model's

    @property
    def name(self) -> str:
        """Name the list in the language of the moment."""
        return capfirst(str(self.title or self.model._meta.verbose_name_plural))

    def rows(self, asked: Asked, *, at: datetime) -> "models.QuerySet[Any]":
        """Read what this user may see, in the order of the page."""
        if self.seen:
            return self.seen(asked.user, at).order_by(*self.order)
        found: models.QuerySet[Any] = self.model._default_manager.visible_to(asked.user)  # type: ignore[attr-defined]
        return found.order_by(*self.order)

    @property
    def names(self) -> list[str]:
        """Name the columns as programs do."""
        return [column.name for column in self.columns]

    @property
    def paths(self) -> dict[str, int]:
        """Give each path that is read its place in a row."""
        wanted = [path for column in self.columns for path in (*column.reads, column.zone) if path]
        return {path: place for place, path in enumerate(dict.fromkeys(wanted))}

    def read(
        self, rows: "models.QuerySet[Any]", *, asked: Asked, at: datetime, given: Mapping[str, Any]
    ) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Read chunk by chunk through a cursor on the server, so that memory stays that of one chunk."""
        if self.counted:
            return self._count(rows, asked, at, given)
        extra = {each.reads[0]: each.seen_by(asked.user) for each in self.columns if each.expression is not None}
        plain = rows.select_related(None).prefetch_related(None).annotate(**extra).values_list(*self.paths)
        return _chunks(plain.iterator(chunk_size=self.chunk), self.chunk)

    def _count(
        self, rows: "models.QuerySet[Any]", asked: Asked, at: datetime, given: Mapping[str, Any]
    ) -> Iterator[Sequence[tuple[Any, ...]]]:
        assert self.counted  # noqa: S101  asked for by read
        for chunk in _chunks(rows.prefetch_related(None).iterator(chunk_size=self.chunk), self.chunk):
            found = self.counted([*chunk], asked, at, given)
            yield [tuple(column.of(each) for column in self.columns if column.of) for each in found]


def _chunks(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while chunk := list(islice(rows, size)):
        yield chunk


# -- Columns of fields ------------------------------------------------------------------------------------------------

KINDS: Final[tuple[tuple[type[Any], Kind], ...]] = (
    (models.BooleanField, Kind.YES_NO),
    (models.DateTimeField, Kind.MOMENT),
    (models.DateField, Kind.DAY),
    (models.UUIDField, Kind.KEY),
    (models.AutoField, Kind.KEY),
    (models.ForeignKey, Kind.KEY),
    (models.IntegerField, Kind.NUMBER),
    (models.FloatField, Kind.NUMBER),
    (models.DecimalField, Kind.NUMBER),
    (ArrayField, Kind.LIST),
)


def columns_of(model: type[models.Model], *paths: str, zone: str = "") -> tuple[Column, ...]:
    """Make a column of each field; moments are told by the clock of `zone`, else by that of western Indonesia."""
    return tuple(column_of(model, path, zone=zone) for path in paths)


def column_of(
    model: type[models.Model], path: str, *, name: str = "", heading: Any = "", kind: Kind | None = None, zone: str = ""
) -> Column:
    """Make a column of one field, found along the path; its verbose name is its heading."""
    found = _field(model, path)
    labels = dict(getattr(_base(found), "flatchoices", ()))
    kind = kind or _kind(found, labels)
    clock = zone if kind == Kind.MOMENT else ""
    return Column(name or path.replace("__", "_"), heading or found.verbose_name, kind, (path,), labels, zone=clock)


def related(model: type[models.Model], *paths: str) -> tuple[Column, ...]:
    """Make two columns of each relation: its key for programs, and its name."""
    made: list[Column] = []
    for path in paths:
        base = path.rsplit("__", 1)[-1]
        heading = _field(model, path).verbose_name
        made += [
            Column(base, heading, Kind.KEY, (f"{path}_id",)),
            Column(f"{base}_name", heading, Kind.TEXT, (f"{path}__name",)),
        ]
    return tuple(made)


def worked_out(name: str, heading: Any, kind: Kind, expression: Any, labels: Mapping[Any, Any] | None = None) -> Column:
    """Make a column of what the database works out for each row."""
    return Column(name, heading, kind, (f"table_{name}",), labels or {}, expression=expression)


def only_for(ability: str, *columns: Column) -> tuple[Column, ...]:
    """Leave these columns empty for who may not read what they tell."""
    return tuple(_only_for(ability, column) for column in columns)


def _only_for(ability: str, column: Column) -> Column:
    [path] = column.reads

    def seen(user: User) -> Any:
        nothing = models.Value(None, output_field=models.TextField())
        return models.F(path) if user.has_perm(ability) else nothing

    return replace(column, reads=(f"table_{column.name}",), expression=seen)


def told(
    name: str, heading: Any, kind: Kind, of: Callable[[Any], Any], labels: Mapping[Any, Any] | None = None
) -> Column:
    """Make a column of a counted row."""
    return Column(name, heading, kind, labels=labels or {}, of=of)


def key(model: type[models.Model]) -> Column:
    """Make the column of the row's own key."""
    return Column("id", model._meta.pk.verbose_name, Kind.KEY, ("pk",))


def _field(model: type[models.Model], path: str) -> Any:
    """Find the last field of a path; its own name is what people know a name by, so `village__name` is a village."""
    first, _dots, rest = path.partition("__")
    found = model._meta.get_field(first)
    if not rest:
        return found
    if rest == "name":
        return found
    return _field(found.related_model, rest)  # type: ignore[arg-type]


def _base(found: Any) -> Any:
    return getattr(found, "base_field", None) or getattr(found, "output_field", None) or found


def _kind(found: Any, labels: Mapping[Any, Any]) -> Kind:
    kind = next((kind for cls, kind in KINDS if isinstance(found, cls)), None)
    if kind is None and isinstance(found, models.GeneratedField):
        return _kind(found.output_field, labels)
    if kind == Kind.LIST:
        return kind
    return Kind.CHOICE if labels else kind or Kind.TEXT


class NoFilter(FilterSet):
    """What a list without filters is filtered by."""

    def __init__(self, data: Any = None, queryset: Any = None, **_given: Any) -> None:
        """Keep every row."""
        super().__init__(data, queryset=queryset)
