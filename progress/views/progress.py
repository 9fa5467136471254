"""The village x module matrix, and the rows behind each cell."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now

from accounts.models import User
from common.pages import Page
from mentoring.models import Visit
from programs.models import Cohort, Module, Program
from programs.states import ModuleCode
from progress.matrix import amount_of, matrix_of
from progress.rows import rows_behind
from progress.rules import Can
from progress.summary import Seats, VillageProgress, people_progress, program_progress, villages_progress
from villages.models import Village


def whole_number(text: str | None) -> int:
    """Read a key from an address; 0, which is nobody's, when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0  # noqa: PLR2004


class Progress(Page[Program]):
    """One program's matrix, of the villages that the reader sees."""

    ability = Can.READ_PROGRESS
    model = Program
    template = "progress/progress.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the program of the address, else the latest."""
        programs = list(self.rows().order_by("-starts_on", "-pk"))
        asked = request.GET.get("program")
        chosen = next((each for each in programs if not asked or each.pk == whole_number(asked)), None)
        if chosen is None:
            if asked:
                raise Http404
            return self.show(programs=[], program=None)
        villages = villages_progress(chosen, Village.objects.visible_to(self.reader), at=now())
        return self.show(programs=programs, program=chosen, **drawn(self.reader, chosen, villages))


def drawn(reader: User, program: Program, villages: list[VillageProgress]) -> dict[str, Any]:
    """Say what the matrix, its table and the figures above it need."""
    return {
        "villages": villages,
        "matrix": matrix_of(villages, program=program.pk),
        "seats": sum((village.seats for village in villages), Seats()),
        "behind": [village for village in villages if village.behind],
        "pending": Visit.objects.visible_to(reader).pending().filter(program=program).count(),
        "pending_query": f"?state=submitted&program={program.pk}",
    }


class ProgressRows(Page[Program]):
    """The sessions or visits behind one cell; they add up to it."""

    ability = Can.READ_PROGRESS
    model = Program
    template = "progress/progress_rows.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the rows of program, village and module of the address."""
        program = self.rows().filter(pk=whole_number(request.GET.get("program"))).first()
        village = Village.objects.visible_to(self.reader).filter(pk=whole_number(request.GET.get("village"))).first()
        code = request.GET.get("module", "")
        module = Module.objects.visible_to(self.reader).filter(pk=code).first() if code in ModuleCode.values else None
        if program is None or village is None or module is None:
            raise Http404
        found = villages_progress(program, Village.objects.visible_to(self.reader).filter(pk=village.pk), at=now())
        cell = next((cell for each in found for cell in each.modules if cell.module == module.pk), None)
        if cell is None:
            raise Http404
        rows = rows_behind(self.reader, program=program, village=village, module=module, at=now())
        return self.show(program=program, village=village, cell=cell, amount=amount_of(cell), rows=rows)


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

    def get(self, _request: HttpRequest, **_kwargs: object) -> HttpResponse:
        """Show the whole program's figures, and the villages that the reader sees."""
        program = self.row()
        whole = program_progress(program, at=now())
        seen = set(
            Village.objects.visible_to(self.reader).filter(cohorts__program=program).values_list("pk", flat=True)
        )
        villages = [each for each in whole.villages if each.village.pk in seen]
        return self.show(
            program=program,
            whole=whole,
            coordinators=program.coordinators.all(),
            **drawn(self.reader, program, villages),
        )
