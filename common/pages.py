"""The one kind of page: who may, which row, one action or one read, render."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django_filters import FilterSet

from common.constraints import sentence_of
from common.errors import Refused
from common.keyset import page

Row = TypeVar("Row", bound=models.Model)


class Page(View, Generic[Row]):
    """A page for staff: asks for sign-in, then for the ability; a refusal is shown as a sentence."""

    ability: ClassVar[str]
    model: ClassVar[type[models.Model]]
    template: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in who may, and answer a refusal with its sentence instead of an error."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm(self.ability):
            raise PermissionDenied
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refused as refusal:
            return self._refused(str(refusal))
        except IntegrityError as error:
            return self._refused(sentence_of(error))

    @property
    def reader(self) -> Any:
        """The signed-in member of staff."""
        return self.request.user

    def rows(self) -> models.QuerySet[Row]:
        """Read what this user may see; pages add what they show along."""
        return self.model._default_manager.visible_to(self.request.user)  # type: ignore[attr-defined, no-any-return]

    def row(self) -> Row:
        """Read the row of this address: 404 when not visible, 403 when visible and not allowed."""
        found = self.rows().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        if not self.request.user.has_perm(self.ability, found):
            raise PermissionDenied
        return found

    def show(self, *, status: int = HTTPStatus.OK, **context: object) -> HttpResponse:
        """Render the page's template."""
        return render(self.request, self.template, context, status=status)

    def _refused(self, sentence: str) -> HttpResponse:
        return render(self.request, "refused.html", {"sentence": sentence}, status=HTTPStatus.CONFLICT)


class FormPage(Page[Row]):
    """A page with one form: shows it, acts on it, and shows it again with every reason it was refused."""

    form_class: ClassVar[type[Any]]  # a Form or a ModelForm

    def form(self, data: Any = None) -> forms.Form:
        """Build the form; pages add its choices and initial values."""
        form: forms.Form = self.form_class(data, **self.form_arguments())
        return form

    def form_arguments(self) -> dict[str, Any]:
        """Say what the form needs beside the data."""
        return {}

    def context(self) -> dict[str, Any]:
        """Say what the template needs beside the form."""
        return {}

    def act(self, form: forms.Form) -> HttpResponse:
        """Call one action with the clean values and say where to go."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:  # noqa: ARG002
        """Show the empty form."""
        return self.show(form=self.form(), **self.context())

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:  # noqa: ARG002
        """Act, or show the form with its errors; nothing typed is lost."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=HTTPStatus.BAD_REQUEST, **self.context())
        try:
            return self.act(form)
        except ValidationError as error:
            say_errors(form, error)
            return self.show(form=form, status=HTTPStatus.BAD_REQUEST, **self.context())
        except Refused as refusal:
            self.say_refusal(form, refusal)
        except IntegrityError as error:
            form.add_error(None, sentence_of(error))
        return self.show(form=form, status=HTTPStatus.CONFLICT, **self.context())

    def say_refusal(self, form: forms.Form, refusal: Refused) -> None:
        """Put a refusal at the top of the form."""
        form.add_error(None, str(refusal))


def say_errors(form: forms.Form, error: ValidationError) -> None:
    """Put each error beside its field, or at the top when the form has no field of that name."""
    named = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for field, errors in named.items():
        form.add_error(field if field in form.fields else None, errors)


class ListPage(Page[Row]):
    """A filtered list in keyset pages; the same FilterSet serves the API."""

    filterset_class: ClassVar[type[FilterSet]]
    order: ClassVar[Sequence[str]]

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:  # noqa: ARG002
        """Show one page; a wrong filter is said beside its field and shows nothing."""
        chosen = self.filterset_class(request.GET, queryset=self.rows(), request=request)
        if not chosen.is_valid():
            return self.show(filter=chosen, page=None, status=HTTPStatus.BAD_REQUEST, **self.context())
        try:
            found = page(chosen.qs, order=self.order, cursor=request.GET.get("cursor"))
        except ValidationError as error:
            return self._refused(error.messages[0])
        return self.show(filter=chosen, page=found, **self.context())

    def context(self) -> dict[str, Any]:
        """Say what the template needs beside the page."""
        return {}


def is_narrowed(request: HttpRequest) -> bool:
    """Tell whether anything is filtered on a list; which of its pages it is does not count."""
    return any(value for name, value in request.GET.items() if name != "cursor")


def way_back(wanted: str, otherwise: str) -> str:
    """Give the page that someone came from when it is one of this house, or else another."""
    return wanted if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None) else otherwise
