"""The rows behind each cell, the people of a cohort, and a program's page."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now

from common.keyset import page
from common.pages import Page
from mentoring.models import Visit
from mentoring.rules import Can as CanMentor
from programs.models import Cohort, Module, Program
from programs.states import ModuleCode
from progress.board import IN_ORDER, program_board
from progress.filters import narrowing
from progress.matrix import amount_of
from progress.rows import rows_behind
from progress.rules import Can
from progress.summary import people_progress, villages_progress
from progress.views.addresses import said, whole_number
from villages.models import Village


class ProgressRows(Page[Program]):
    """The sessions, visits or claims behind one cell; they add up to it."""

    ability = Can.READ_PROGRESS
    model = Program
    template = "progress/progress_rows.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the rows of program, village, module and period of the address."""
        program = self.rows().filter(pk=whole_number(request.GET.get("program"))).first()
        village = Village.objects.visible_to(self.reader).filter(pk=whole_number(request.GET.get("village"))).first()
        code = request.GET.get("module", "")
        module = Module.objects.visible_to(self.reader).filter(pk=code).first() if code in ModuleCode.values else None
        asked = narrowing(request.GET.dict())
        if program is None or village is None or module is None or not asked.is_valid():
            raise Http404
        period = asked.period
        own = Village.objects.visible_to(self.reader).filter(pk=village.pk)
        found = villages_progress(program, own, at=now(), period=period)
        cell = next((cell for each in found for cell in each.modules if cell.module == module.pk), None)
        if cell is None:
            raise Http404
        rows = rows_behind(self.reader, program=program, village=village, module=module, at=now(), period=period)
        lead = " · ".join(filter(None, [program.name, said(period)]))
        return self.show(
            village=village, lead=lead, cell=cell, amount=amount_of(cell), rows=rows, unseen=rows.unseen_of(cell)
        )


class CohortPeople(Page[Cohort]):
    """How far each participant of a cohort is, module by module."""

    ability = Can.READ_PEOPLE
    model = Cohort
    template = "progress/cohort_people.html"

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show everyone who did not withdraw."""
        cohort = self.rows().select_related("program", "village").filter(pk=self.row().pk).get()
        people = people_progress(cohort, at=now())
        return self.show(cohort=cohort, people=people, modules=people[0].required if people else ())


class ProgramDetail(Page[Program]):
    """One program: its cohorts, its matrix, who came."""

    ability = Can.READ_PROGRESS
    model = Program
    template = "progress/program_detail.html"

    def get(self, request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show the whole program's figures, and the villages that the reader sees, page by page."""
        program = self.row()
        cohorts = Cohort.objects.visible_to(self.reader).filter(program=program)
        places = Village.objects.visible_to(self.reader).filter(pk__in=cohorts.order_by().values("village"))
        try:
            found = page(places, order=IN_ORDER, cursor=request.GET.get("cursor"))
        except ValidationError as error:
            return self._refused(error.messages[0])
        pending = Visit.objects.visible_to(self.reader).pending().filter(program=program).count()
        waiting = f"{reverse('visit-list')}?state=submitted&program={program.pk}"
        return self.show(
            program=program,
            page=found,
            coordinators=program.coordinators.all(),
            pending=pending,
            pending_url=waiting if self.reader.has_perm(CanMentor.READ_VISIT) else "",
            **vars(program_board(program, cohorts, found, at=now())),
        )
