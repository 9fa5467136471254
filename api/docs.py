"""The description of the API: for machines, and for people. Both are open; they tell what is public in the code."""

from typing import Any

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.fields import MANY, NAMED
from api.permissions import Anyone
from common.middleware import POLICY

# Swagger writes styles into the page; scripts still come from our own files only.
POLICY_OF_DOCS = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")


class Schema(SpectacularAPIView):
    """OpenAPI 3."""

    authentication_classes = ()
    permission_classes = (Anyone,)


class Docs(SpectacularSwaggerSplitView):
    """The same for people, where every call can be tried."""

    authentication_classes = ()
    permission_classes = (Anyone,)

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Show the page under a policy of its own."""
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response["Content-Security-Policy"] = POLICY_OF_DOCS
        return response


class Unknown(APIView):
    """Any other address: a problem, or the way to the same address with its slash."""

    authentication_classes = ()
    permission_classes = (Anyone,)
    renderer_classes = (JSONRenderer,)
    schema = None

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Send a forgotten slash on, method and body kept."""
        if not request.path.endswith("/") and _known(f"{request.path_info}/"):
            address = request.get_full_path(force_append_slash=True)
            return HttpResponsePermanentRedirect(address, preserve_request=True)
        return super().dispatch(request, *args, **kwargs)

    def initial(self, *_args: object, **_kwargs: object) -> None:
        """Say that there is nothing, whatever the method."""
        raise NotFound


def _known(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "cls", None) is not Unknown
    except Resolver404:
        return False


class RowsScheme(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A list of keys."""

    target_class = "api.fields.ScopedRows"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Describe the key by the model's own."""
        key = auto_schema._map_model_field(self.target.model._meta.pk, direction)  # noqa: SLF001  its extensions are built so
        return {"type": "array", "items": key, "maxItems": MANY}


class PeopleScheme(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A list of people."""

    target_class = "api.fields.ScopedPeople"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:  # noqa: ARG002
        """Describe both ways."""
        one = NAMED if direction == "response" else {"oneOf": [{"type": "integer"}, NAMED]}
        return {"type": "array", "items": one, "maxItems": MANY}


class NamedScheme(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A person: an id on the way in, id and name on the way out."""

    target_class = "api.fields.ScopedNamedField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:  # noqa: ARG002
        """Describe both ways."""
        return NAMED if direction == "response" else {"oneOf": [{"type": "integer"}, NAMED]}
