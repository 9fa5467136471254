"""What bodies look like: rows as they are shown, and what may be written."""

from typing import Any, ClassVar, TypeVar

from django.db import models
from rest_framework import serializers

from api.fields import Day, Moment, Words

Row = TypeVar("Row", bound=models.Model)
MAPPING: dict[Any, Any] = {
    **serializers.ModelSerializer.serializer_field_mapping,
    models.DateTimeField: Moment,
    models.DateField: Day,
    models.CharField: Words,
    models.TextField: Words,
}


class Output(serializers.ModelSerializer[Row]):
    """A row as it is shown, in the model's own names."""

    serializer_field_mapping: ClassVar[dict[Any, Any]] = MAPPING


class Input(serializers.ModelSerializer[Row]):
    """What may be written about a row; the action writes it. The database knows what is unique, not the serializer."""

    serializer_field_mapping: ClassVar[dict[Any, Any]] = MAPPING

    def get_validators(self) -> list[Any]:
        """Look at no other rows: they may lie outside the scope."""
        return []


class Reason(serializers.Serializer[Any]):
    """Why."""

    reason = Words(max_length=300)
