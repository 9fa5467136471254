"""The first page after signing in, by what its reader does."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now

from common.pages import Page
from mentoring.rules import Can as CanMentor
from programs.models import Program
from progress.home import desk_of
from progress.rules import Can


class Home(Page[Program]):
    """Today and tomorrow, what needs a hand, progress per village; a mentor goes on to their tasks."""

    ability = Can.OPEN_HOME
    model = Program
    template = "progress/home.html"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show the desk."""
        if self.reader.has_perm(CanMentor.LOG_VISIT):
            return redirect("mentor-home")
        return self.show(desk=desk_of(self.reader, at=now()))
