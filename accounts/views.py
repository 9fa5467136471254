"""Pages of one's own account, the language switch and help."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View

from accounts.actions import choose_language, renew_calendar
from accounts.adapter import keep_language
from accounts.forms import LanguageForm
from accounts.links import calendar_token, subscription
from accounts.models import User
from accounts.rules import Can
from common.pages import Page


class LanguageChange(View):
    """Switch the language of this browser, and of the account when there is one. Open to everyone."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the choice and return to the page it was made on."""
        form = LanguageForm(request.POST)
        goal = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
        response = HttpResponseRedirect(goal if safe else "/")
        if form.is_valid():
            language = form.cleaned_data["language"]
            if isinstance(request.user, User):
                choose_language(request.user, language=language, by=request.user, at=now())
            keep_language(response, language)
        return response


class Help(View):
    """Words about the pages. Open to everyone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the help page."""
        return render(request, "accounts/help.html")


class MyAccount(Page[User]):
    """Who I am here, my language, my password, the way out."""

    ability = Can.USE_OWN_ACCOUNT
    model = User
    template = "accounts/my_account.html"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show the account of the signed-in person."""
        return self.show(calendar=subscription(calendar_token(self.reader)))


class CalendarRenew(Page[User]):
    """My calendar gets a new address; the old one stops working."""

    ability = Can.USE_OWN_ACCOUNT

    def post(self, request: HttpRequest) -> HttpResponse:
        """Renew it and return."""
        renew_calendar(self.reader, by=self.reader, at=now())
        messages.success(request, _("Your calendar has a new address. The old one no longer works."))
        return redirect("my-account")
