"""Who may: nobody, until a view names the ability; and the few doors that stand open by decision."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class Able(BasePermission):
    """Lets in who has the ability that the view names for this action; what names none is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether this user may do this at all."""
        if request.method not in view.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        ability = _ability(request, view)
        return ability is not None and request.user.is_authenticated and request.user.has_perm(ability)

    def has_object_permission(self, request: Request, view: Any, obj: models.Model) -> bool:
        """Tell whether this user may do this to a row they see."""
        ability = _ability(request, view)
        return ability is not None and request.user.has_perm(ability, obj)


def _ability(request: Request, view: Any) -> str | None:
    """Find the ability by action, or by method where a view has no actions."""
    abilities: Mapping[str, str] = getattr(view, "abilities", {})
    return abilities.get(getattr(view, "action", None) or str(request.method).lower())


class Anyone(BasePermission):
    """Lets in everyone; signing in, and the description of the API."""

    def has_permission(self, request: Request, view: Any) -> bool:  # noqa: ARG002  the signature is DRF's
        """Let in everyone."""
        return True
