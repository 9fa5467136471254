"""Lists of participants: uploaded and checked in one go, then committed or undone."""

import json
from typing import Any, cast

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError as InvalidInput
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import ScopedRelatedField, visible
from api.parsers import GuardedJSONParser, GuardedMultiPartParser, keepable
from api.shapes import Output
from common.sheets import LARGEST
from programs.actions.intake import check_import, commit_import, open_import, undo_import
from programs.models import Cohort, ImportBatch, ImportRow, Program
from programs.rules import Can
from programs.states import RowState
from villages.consents import VERSION
from villages.intake.words import notices, sentence

MOST_ROWS = 10_000  # in one answer; the others are read page by page
LONGEST_MAPPING = 20_000


class Trouble(serializers.Serializer[Any]):
    """One thing that is wrong with a row; `column` is the meaning of the column."""

    column = serializers.CharField()
    detail = serializers.CharField()


class ImportRowOut(Output[ImportRow]):
    """One row of the list and what it does."""

    row = serializers.IntegerField(source="number", read_only=True)
    errors = serializers.SerializerMethodField()  # type: ignore[assignment]  # the contract names it so
    notes = serializers.SerializerMethodField(help_text="What was repaired, and what else is known.")
    changes = serializers.SerializerMethodField(help_text="What of a known person changes.")

    class Meta:
        model = ImportRow
        fields = ["row", "state", "name", "errors", "notes", "changes"]

    @extend_schema_field(Trouble(many=True))
    def get_errors(self, row: ImportRow) -> list[dict[str, str]]:
        """Say all of it in the caller's language."""
        return _said(row.problems)

    @extend_schema_field(Trouble(many=True))
    def get_notes(self, row: ImportRow) -> list[dict[str, str]]:
        """Say what is worth knowing."""
        return _said([*row.repairs, *(row.remarks if row.state != RowState.WRONG else [])])

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_changes(self, row: ImportRow) -> list[str]:
        """Name the columns, never what stood in them."""
        return sorted(row.changes)


def _said(found: list[list[Any]]) -> list[dict[str, str]]:
    return [{"column": column, "detail": sentence(code, value)} for column, code, value in found]


class ImportOut(Output[ImportBatch]):
    """A list, where it stands, and how many rows of each kind it has."""

    notices = serializers.SerializerMethodField()
    mapping = serializers.SerializerMethodField()

    class Meta:
        model = ImportBatch
        fields = [
            *("id", "program", "cohort", "file_name", "sheet", "mapping", "notices", "state", "lines"),
            *("new", "changed", "duplicate", "wrong", "kept", "uploaded_at", "committed_at", "undone_at"),
        ]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_notices(self, batch: ImportBatch) -> list[str]:
        """Say what is worth knowing about the whole list."""
        return notices(batch.notices)

    @extend_schema_field(serializers.DictField(child=serializers.CharField(allow_blank=True)))
    def get_mapping(self, batch: ImportBatch) -> dict[str, str]:
        """Tell what each column was taken for; empty is left out."""
        return dict(zip(batch.headings, batch.fields, strict=True))


class CheckedOut(ImportOut):
    """A list with its rows: all of them up to 10,000, the wrong ones first when there are more."""

    rows = serializers.SerializerMethodField()

    class Meta(ImportOut.Meta):
        fields = [*ImportOut.Meta.fields, "rows"]

    @extend_schema_field(ImportRowOut(many=True))
    def get_rows(self, batch: ImportBatch) -> Any:
        """Show them in the order of the file."""
        rows = visible(ImportRow, self.context["request"].user).filter(batch=batch)
        if batch.lines > MOST_ROWS:
            wrong = models.Case(models.When(state=RowState.WRONG, then=0), default=1)
            rows = rows.order_by(wrong, "number")[:MOST_ROWS]
        else:
            rows = rows.order_by("number")
        return ImportRowOut(rows, many=True, context=self.context).data


class ImportIn(serializers.Serializer[Any]):
    """The file, and where its people belong: a program (the list names villages) or one cohort."""

    file = serializers.FileField(allow_empty_file=True, max_length=255)
    program = ScopedRelatedField(Program, required=False)
    cohort = ScopedRelatedField(Cohort, required=False)
    mapping = serializers.CharField(
        required=False,
        max_length=LONGEST_MAPPING,
        help_text='JSON: heading or letter of a column to its meaning, such as {"Nama": "name", "C": "ignore"}.',
    )

    def validate_mapping(self, text: str) -> dict[str, str]:
        """Read the mapping."""
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
            raise InvalidInput(_("Write the mapping as JSON: column to meaning."))
        for name, value in found.items():
            keepable(name)
            keepable(value)
        return cast("dict[str, str]", found)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Want one place and one only; a cohort brings its program."""
        cohort: Cohort | None = attrs.get("cohort")
        program: Program | None = attrs.get("program")
        if cohort is None and program is None:
            raise InvalidInput(_("Name the program or the cohort of this list."))
        if cohort and program and cohort.program_id != program.pk:
            raise InvalidInput({"cohort": [_("This cohort belongs to another program.")]})
        return attrs if cohort is None else {**attrs, "program": cohort.program}


class ImportViewSet(ScopedViewSet[ImportBatch]):
    """Lists of participants on their way in."""

    model = ImportBatch
    serializer_class = ImportOut
    parser_classes = (GuardedMultiPartParser, GuardedJSONParser)
    abilities = dict.fromkeys(("list", "retrieve", "create", "rows", "commit", "undo"), Can.IMPORT_PEOPLE)
    orderings = ("-pk",)

    def filter_queryset(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Filter lists; committing takes a word of its own in the address."""
        return queryset if self.action == "commit" else super().filter_queryset(queryset)

    @extend_schema(request={"multipart/form-data": ImportIn}, responses={201: CheckedOut})
    def create(self, _request: Request) -> Response:
        """Upload a list and check it; nothing is written about anyone yet."""
        given = self.heard(ImportIn)
        file, at = given.pop("file"), now()
        data = file.read(LARGEST + 1)
        batch = open_import(**given, data=data, file_name=file.name, by=self.user, at=at)
        check_import(batch, by=self.user, at=at)
        return Response(CheckedOut(batch, context=self.get_serializer_context()).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=ImportRowOut(many=True))
    @action(detail=True, methods=["get"])
    def rows(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Show the rows page by page, in the order of the file."""
        rows = visible(ImportRow, self.user).filter(batch=self.get_object())
        return self.paged(rows, ImportRowOut, orderings=("number",))

    @extend_schema(
        request=None,
        responses=ImportOut,
        parameters=[OpenApiParameter("skip_wrong", bool, description="Leave wrong rows out.")],
    )
    @action(detail=True, methods=["post"])
    def commit(self, request: Request, pk: str) -> Response:  # noqa: ARG002
        """Write all of it or nothing; wrong rows stop it unless they are skipped."""
        asked = request.query_params.get("skip_wrong", "false")
        if asked not in ("true", "false"):
            raise InvalidInput({"skip_wrong": [_("Write true or false.")]})
        batch = self.get_object()
        commit_import(batch, by=self.user, at=now(), text_version=VERSION, skip_wrong=asked == "true")
        return self.shown(batch)

    @extend_schema(request=None, responses=ImportOut)
    @action(detail=True, methods=["post"])
    def undo(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Take it back, within 24 hours."""
        batch = self.get_object()
        undo_import(batch, by=self.user, at=now())
        return self.shown(batch)
