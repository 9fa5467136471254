"""The one kind of endpoint: who may (nobody, until a view names the ability), which rows, one action or one read."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar, cast

from django.db import models
from rest_framework import status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.status import HTTP_204_NO_CONTENT
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.models import User
from api.fields import visible
from api.filtering import GuardedFilters
from api.tables import Tabled, asked_as_table

Row = TypeVar("Row", bound=models.Model)


class AbleView(APIView):
    """An endpoint whose `abilities` name one ability per method or action; what it answers is kept by no cache."""

    abilities: ClassVar[Mapping[str, str]]
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]

    @property
    def user(self) -> User:
        """Name who asks."""
        return cast("User", self.request.user)

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Keep answers about people out of caches."""
        return {**super().default_response_headers, "Cache-Control": "no-store"}


class Scoped(AbleView, GenericViewSet[Row]):
    """Rows that the caller may see; anything else is 404, and what is seen but not allowed is 403."""

    model: type[Row]
    orderings: tuple[str, ...] = ("pk",)
    filter_backends = (GuardedFilters,)

    def get_queryset(self) -> models.QuerySet[Row]:
        """Read only what this user may see; the schema's maker sees nothing."""
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return self.shape(visible(self.model, self.user))

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along what each answer shows, so that the number of queries stays the same."""
        return rows

    def heard(self, serializer: type[BaseSerializer[Any]], *, whole: bool = False) -> dict[str, Any]:
        """Read the body by its serializer, or answer with what is wrong in it; a PATCH need not be `whole`."""
        context, partial = self.get_serializer_context(), self.request.method == "PATCH" and not whole
        given = serializer(data=self.request.data, context=context, partial=partial)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def shown(self, row: models.Model, *, status: int = status.HTTP_200_OK, **headers: str) -> Response:
        """Answer with a row as it now stands; with nothing when it has just left the caller's scope."""
        again = self.get_queryset().filter(pk=row.pk).first()
        if again is None:
            return Response(status=HTTP_204_NO_CONTENT)
        return Response(self.get_serializer(again).data, status=status, headers=headers)

    def paged(
        self, rows: models.QuerySet[Any], serializer: type[BaseSerializer[Any]], *, orderings: tuple[str, ...]
    ) -> Response:
        """Answer with a page of other rows that hang on this one."""
        self.orderings = orderings
        found = self.paginate_queryset(rows)
        shown = serializer(found, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shown.data)


class ScopedList(Tabled, ListModelMixin, Scoped[Row]):
    """Such rows, page by page, or all of them as a table."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Show one page, or the table that is asked for."""
        return asked_as_table(self, request) or super().list(request, *args, **kwargs)


class ScopedViewSet(RetrieveModelMixin, ScopedList[Row]):
    """Such rows, also one at a time."""
