"""Pages of one's own account, signing in by code, the language switch and help."""

from datetime import timedelta
from typing import Any, Final

from allauth.account import views as entrance
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from accounts.actions import allow_code, choose_language, renew_calendar
from accounts.adapter import keep_language, way_of_codes
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


AGAIN_AFTER: Final = timedelta(seconds=60)
ENOUGH = gettext_lazy("That was enough codes for now. Wait an hour, or sign in with your password.")


class CodeRequest(entrance.RequestLoginCodeView):
    """Asks for a code by e-mail or number; known or not, the answer and its time are the same. Open to everyone."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Count it, and send it."""
        if not allow_code(form.cleaned_data.get("phone") or form.cleaned_data["email"], at=now()):
            form.add_error("login", str(ENOUGH))
            refused: HttpResponse = self.form_invalid(form)
            return refused
        answer: HttpResponse = super().form_valid(form)
        return answer


class CodeConfirm(entrance.ConfirmLoginCodeView):
    """Takes the six digits, or sends new ones after a minute. Open to whoever asked for a code."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the digits, or send new ones."""
        if request.POST.get("action") == "resend":
            return self.send_again()
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def send_again(self) -> HttpResponse:
        """Send a new code, which works for ten minutes again; known or not, all see the same."""
        state = self._process.state
        if self.wait:
            messages.error(self.request, _("Wait a minute before you ask for a new code."))
        elif not self._process.can_resend or not allow_code(state.get("phone") or state["email"], at=now()):
            messages.error(self.request, ENOUGH)
        else:
            state["at"] = now().timestamp()
            if self._process.user:
                self._process.resend()
            else:
                self._process.record_resend()
                self._process.persist()
            messages.success(self.request, _("A new code is on its way."))
        return HttpResponseRedirect(self.request.get_full_path())

    @property
    def wait(self) -> int:
        """Count the seconds until a new code may be asked for."""
        since = now().timestamp() - float(self._process.state["at"])
        return max(0, round(AGAIN_AFTER.total_seconds() - since))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say by which way the code goes, and when there may be another."""
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        return {**shown, "way": way_of_codes() if shown["phone"] else "", "wait": self.wait}


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
