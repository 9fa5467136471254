"""Fields that keep every value within what people mean and the database can hold."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from common.dates import utc_text
from common.fields import refuse_control_characters

Row = TypeVar("Row", bound=models.Model)
EARLIEST, LATEST = 1900, 2200
MANY = 50


class Moment(serializers.DateTimeField):
    """A moment with its offset, ISO 8601; given back in UTC as `2026-10-01T02:00:00Z`."""

    default_error_messages = {
        "offset": _("Write the time with its offset, for example 2026-10-01T09:00:00+07:00."),
        "range": _("Write a year between 1900 and 2200."),
    }

    def __init__(self, **kwargs: Any) -> None:
        """Speak UTC, whatever the server's zone."""
        super().__init__(default_timezone=UTC, **kwargs)

    def enforce_timezone(self, value: datetime) -> datetime:
        """Refuse a moment without an offset or out of the ages, and move any other to UTC."""
        if not EARLIEST <= value.year <= LATEST:
            self.fail("range")
        if value.tzinfo is None:
            self.fail("offset")
        return value.astimezone(UTC)

    def to_representation(self, value: datetime | None) -> str | None:  # type: ignore[override]
        """Write UTC with a Z."""
        return utc_text(value) if value else None


class Day(serializers.DateField):
    """A calendar day, `2026-10-01`."""

    default_error_messages = {"range": _("Write a year between 1900 and 2200.")}

    def to_internal_value(self, value: Any) -> date:
        """Refuse days out of the ages."""
        day: date = super().to_internal_value(value)
        if not EARLIEST <= day.year <= LATEST:
            self.fail("range")
        return day


class Words(serializers.CharField):
    """A text of at most `max_length` signs, none of them a control character."""

    default_error_messages = {"type": _("Write a text.")}

    def __init__(self, **kwargs: Any) -> None:
        """Guard what DRF lets through."""
        super().__init__(**kwargs)
        self.validators.append(refuse_control_characters)

    def to_internal_value(self, data: object) -> str:
        """Take texts only, no numbers for them."""
        if not isinstance(data, str):
            self.fail("type")
        return super().to_internal_value(data)


class Key(serializers.IntegerField):
    """A key that the action itself looks up among what the caller may use."""

    def __init__(self, **kwargs: Any) -> None:
        """Bound it by the column."""
        super().__init__(min_value=1, max_value=2**63 - 1, **kwargs)


class PersonKey(Key):
    """A person by key: an id, or the `{id, name}` that reading gave."""

    def to_internal_value(self, data: Any) -> int:
        """Take the id out of `{id, name}`."""
        return super().to_internal_value(data["id"] if isinstance(data, Mapping) and "id" in data else data)


class Measure(serializers.FloatField):
    """A finite number."""

    def to_internal_value(self, data: Any) -> float:
        """Refuse what is no number, and numbers beyond all bounds."""
        try:
            number = super().to_internal_value(data)
        except OverflowError:
            self.fail("invalid")
        if not math.isfinite(number):
            self.fail("invalid")
        return number


class ScopedRelatedField(serializers.PrimaryKeyRelatedField[Row], Generic[Row]):
    """A reference that the caller may see; any other does not exist for them."""

    def __init__(self, model: type[Row], **kwargs: Any) -> None:
        """Point to rows of `model`."""
        self.model = model
        super().__init__(queryset=model._default_manager.none(), **kwargs)

    def get_queryset(self) -> models.QuerySet[Row]:
        """Look only among what the caller may see."""
        return visible(self.model, self.context["request"].user)

    def to_internal_value(self, data: object) -> Row:
        """Take a key; half keys and switches are none."""
        if isinstance(data, bool | float):
            self.fail("incorrect_type", data_type=type(data).__name__)
        return super().to_internal_value(data)  # type: ignore[arg-type]


class ScopedNamedField(ScopedRelatedField[Row]):
    """A person: written as an id or `{id}`, read as `{id, name}` and never more."""

    def to_internal_value(self, data: object) -> Row:
        """Take the id out of `{id, name}`."""
        return super().to_internal_value(data.get("id") if isinstance(data, Mapping) else data)

    def use_pk_only_optimization(self) -> bool:
        """The name is needed."""
        return False

    def to_representation(self, value: Any) -> Any:
        """Show id and name."""
        return named(value)


class ScopedRows(serializers.Field[list[Row], Sequence[object], list[object], Any]):
    """Several references at the price of one query."""

    default_error_messages = {
        "list": _("Write a list of ids."),
        "many": _("At most 50 at a time."),
        "unknown": _("There is no such row for you: {ids}."),
    }

    def __init__(self, model: type[Row], **kwargs: Any) -> None:
        """Point to rows of `model`."""
        self.model = model
        super().__init__(**kwargs)

    def to_internal_value(self, data: Sequence[object]) -> list[Row]:
        """Return the rows in the order given, each once."""
        if not isinstance(data, list) or {type(key) for key in data} - {int, str}:
            self.fail("list")
        if len(data) > MANY:
            self.fail("many")
        keys = list(dict.fromkeys(map(self._key, data)))
        found = {row.pk: row for row in visible(self.model, self.context["request"].user).filter(pk__in=keys)}
        if missing := [str(key)[:40] for key in keys if key not in found]:
            self.fail("unknown", ids=", ".join(missing))
        return [found[key] for key in keys]

    def _key(self, key: object) -> object:
        try:
            return self.model._meta.pk.to_python(key)
        except Exception:  # noqa: BLE001  a pk field refuses in its own ways; all of them mean that there is no such row
            self.fail("unknown", ids=str(key)[:40])

    def to_representation(self, value: Any) -> list[object]:
        """Show keys."""
        return [row.pk for row in value.all()]


class ScopedPeople(ScopedRows[Row]):
    """Several people: written as ids or `{id}`, read as `{id, name}`."""

    def to_internal_value(self, data: Sequence[object]) -> list[Row]:
        """Take the ids out."""
        if isinstance(data, list):
            data = [one["id"] if isinstance(one, dict) and "id" in one else one for one in data]
        return super().to_internal_value(data)

    def to_representation(self, value: Any) -> list[object]:
        """Show ids and names."""
        return [named(row) for row in value.all()]


NAMED = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
    "required": ["id", "name"],
}


@extend_schema_field(NAMED)
class Named(serializers.Field[None, None, dict[str, object], Any]):
    """A person in a nested place: `{id, name}`."""

    def __init__(self, **kwargs: Any) -> None:
        """Only read."""
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> dict[str, object]:
        """Show id and name."""
        return named(value)


def named(row: Any) -> dict[str, object]:
    """Name someone and say nothing more about them."""
    return {"id": row.pk, "name": row.name}


def visible(model: type[Row], user: User) -> models.QuerySet[Row]:
    """Ask the model what this user may see."""
    found: models.QuerySet[Row] = model._default_manager.visible_to(user)  # type: ignore[attr-defined]
    return found
