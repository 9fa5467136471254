"""The mentor's app: its page, its worker, its manifest, and the file of what it could not send."""

from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page

from common.pages import FormPage, Page
from mentoring.models import Visit
from mentoring.rules import Can
from phone.forms import UnsentForm
from phone.shell import assets, edition, shell
from phone.unsent import bring_in

GREEN: Final = "#0b5d3b"
CLOTH: Final = "#fbf8f2"


@method_decorator([gzip_page, ensure_csrf_cookie], name="dispatch")  # it holds no secret that its size could tell
class Shell(Page[Visit]):
    """The app of a mentor; everything it shows it keeps itself."""

    ability = Can.LOG_VISIT
    model = Visit

    def get(self, request: HttpRequest) -> HttpResponseBase | None:
        """Give the page that the phone keeps, once for each edition: whoever has it is told so."""
        page = shell()
        name = f'"{edition(page, assets())}"'
        response = HttpResponse(page, headers={"ETag": name, "Cache-Control": "private, no-cache"})
        return get_conditional_response(request, etag=name, response=response)


@method_decorator(gzip_page, name="dispatch")
class Worker(View):
    """The service worker, which keeps the app for days without a network. Open to everyone: it tells nothing."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Give the script with the list of this edition's files."""
        files = assets()
        facts = {"files": files, "edition": edition(shell(), files), "home": reverse("mentor-home")}
        response = render(request, "phone/worker.js", {"facts": facts}, content_type="text/javascript")
        response["Cache-Control"] = "no-cache"
        return response


class Manifest(View):
    """What a phone must know to put the app beside its others. Open to everyone: it tells nothing."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Name the app, its picture and its colours."""
        home = reverse("mentor-home")
        facts = {
            "id": home,
            "name": _("Desa Devisa for mentors"),
            "short_name": "Desa Devisa",
            "lang": get_language(),
            "start_url": home,
            "scope": home,
            "display": "standalone",
            "theme_color": GREEN,
            "background_color": CLOTH,
            "icons": [{"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
        }
        return JsonResponse(facts, content_type="application/manifest+json")


class UnsentImport(FormPage[Visit]):
    """The file of a phone that cannot send, brought in by who runs the program."""

    ability = Can.APPROVE_VISIT
    model = Visit
    form_class = UnsentForm
    template = "phone/unsent.html"

    def form(self, data: Any = None) -> forms.Form:
        """Take the file along."""
        return UnsentForm(data, self.request.FILES if data is not None else None)

    def act(self, form: forms.Form) -> HttpResponse:
        """Say of each record what became of it."""
        judged = bring_in(form.cleaned_data["file"], by=self.reader, at=now())
        return self.show(form=self.form(), judged=judged, **self.context())
