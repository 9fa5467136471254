"""What a member of staff wants to be told."""

from typing import Any

from django.contrib import messages as flashes
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import Can as AccountCan
from briefings.forms import NoticesForm
from common.pages import FormPage
from reminders.actions import choose_notices


class MyMessages(FormPage[User]):
    """Which notices of their work someone wants."""

    ability = AccountCan.USE_OWN_ACCOUNT
    model = User
    template = "briefings/my_messages.html"
    form_class = NoticesForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer what is sent to this role."""
        return {"user": self.reader}

    def act(self, form: Any) -> HttpResponse:
        """Keep the choice; it holds for what has not left yet."""
        choose_notices(self.reader, wanted=form.cleaned_data["wanted"], by=self.reader, at=now())
        flashes.success(self.request, _("Your choice is kept."))
        return redirect("my-messages")
