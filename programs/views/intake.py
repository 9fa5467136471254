"""Bringing a list of participants in: upload, columns, check, result; each step is a page, and a row of its own."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from common.keyset import page
from common.pages import FormPage, Page
from common.sheets import XLSX, write_xlsx
from programs.actions.intake import (
    check_import,
    choose_columns,
    commit_import,
    discard_import,
    export_rows,
    open_import,
    undo_import,
)
from programs.forms.intake import ImportColumnsForm, ImportFileForm
from programs.intake.reading import Shown, first_kind, headings_of, samples, tabs, template_headings, undoable
from programs.models import Cohort, ImportBatch, ImportRow, Program
from programs.rules import Can
from programs.states import ImportState
from villages.consents import VERSION
from villages.intake.words import notices

PATIENCE = 2.0  # seconds of looking at rows that one answer may take


class ImportFile(FormPage[Any]):
    """A page that takes a list in."""

    ability = Can.IMPORT_PEOPLE
    form_class = ImportFileForm
    template = "programs/import_file.html"

    def form(self, data: Any = None) -> forms.Form:
        """Take the file along."""
        return ImportFileForm(data, self.request.FILES if data is not None else None)

    def take(self, form: forms.Form, program: Program, cohort: Cohort | None) -> HttpResponse:
        """Open the list and go on to its columns."""
        file = form.cleaned_data["file"]
        batch = open_import(
            program=program, cohort=cohort, data=file.read(), file_name=file.name, by=self.reader, at=now()
        )
        return redirect("import-detail", batch.pk)


class CohortImport(ImportFile):
    """A list for one cohort."""

    model = Cohort

    def rows(self) -> models.QuerySet[Any]:
        """Read program and place along."""
        return super().rows().select_related("program", "village__region__parent__parent")

    def context(self) -> dict[str, Any]:
        """Name the cohort."""
        cohort = self.row()
        return {"cohort": cohort, "program": cohort.program}

    def act(self, form: forms.Form) -> HttpResponse:
        """Take the list in for this cohort."""
        cohort = self.row()
        return self.take(form, cohort.program, cohort)


class ProgramImport(ImportFile):
    """A list for all cohorts of a program; it names the villages."""

    model = Program

    def context(self) -> dict[str, Any]:
        """Name the program."""
        return {"program": self.row()}

    def act(self, form: forms.Form) -> HttpResponse:
        """Take the list in for the program."""
        return self.take(form, self.row(), None)


class ImportTemplate(Page[ImportBatch]):
    """An empty list with the headings that are understood."""

    ability = Can.IMPORT_PEOPLE
    model = ImportBatch

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Hand it out."""
        return _file(write_xlsx(template_headings(), [], title=_("Participants")), _("participants"))


class ImportPage(Page[ImportBatch]):
    """A page about one list."""

    ability = Can.IMPORT_PEOPLE
    model = ImportBatch

    def rows(self) -> models.QuerySet[ImportBatch]:
        """Read along where it belongs."""
        return super().rows().select_related("program", "cohort__village", "uploaded_by", "committed_by", "undone_by")


class ImportColumns(FormPage[ImportBatch], ImportPage):
    """What each column holds: the guess, with values, to be corrected."""

    form_class = ImportColumnsForm
    template = "programs/import_columns.html"

    def form_arguments(self) -> dict[str, Any]:
        """Show values of each column."""
        batch = self.row()
        return {"batch": batch, "samples": samples(batch)}

    def context(self) -> dict[str, Any]:
        """Name the list."""
        batch = self.row()
        return {"batch": batch, "notices": notices(batch.notices)}

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Show the columns as long as no row was looked at; then the list itself."""
        batch = self.row()
        if batch.state != ImportState.UPLOADED or batch.done:
            return redirect("import-detail", batch.pk)
        return super().get(request, **kwargs)

    def act(self, form: forms.Form) -> HttpResponse:
        """Keep the choice and begin to look."""
        assert isinstance(form, ImportColumnsForm)  # noqa: S101  by form_class
        batch, at = self.row(), now()
        how = form.cleaned_data["consent_how"]
        choose_columns(batch, fields=form.chosen(), consent_how=how, by=self.reader, at=at)
        check_import(batch, by=self.reader, at=at, patience=PATIENCE)
        return redirect("import-detail", batch.pk)


class ImportDetail(ImportPage):
    """A list where it stands: being looked at, checked, or imported."""

    template = "programs/import_check.html"
    templates = {ImportState.UPLOADED: "programs/import_progress.html", ImportState.CHECKED: template}

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Show the step that is next."""
        batch = self.row()
        if batch.state == ImportState.UPLOADED and not batch.done:
            return redirect("import-columns", batch.pk)
        return self.show(batch=batch) if batch.state == ImportState.UPLOADED else self._table(request, batch)

    def show(self, *, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
        """Render the page of the step."""
        template = self.templates.get(context["batch"].state, "programs/import_result.html")
        return render(self.request, template, context, status=status)

    def _table(self, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
        """Show the rows of one kind; what is wrong comes first."""
        state = request.GET.get("state") or first_kind(batch)
        rows = ImportRow.objects.visible_to(self.reader).filter(batch=batch).select_related("cohort", "village")
        rows = rows.filter(kept=True) if state == "kept" else rows.filter(state=state)
        try:
            found = page(rows, order=("number", "pk"), cursor=request.GET.get("cursor"))
        except ValidationError as error:
            return self._refused(error.messages[0])
        said: dict[str, Any] = {
            "tabs": tabs(batch),
            "notices": notices(batch.notices),
            "undoable": undoable(batch, at=now()),
        }
        return self.show(batch=batch, page=found, rows=[Shown.of(row) for row in found.rows], state=state, **said)


class ImportStep(ImportPage):
    """Go on looking at rows; a script presses this by itself, and so may people."""

    template = "programs/import_progress_bar.html"

    def post(self, request: Any, pk: int) -> HttpResponse:  # noqa: ARG002
        """Look at some more and show how far it is."""
        batch = self.row()
        check_import(batch, by=self.reader, at=now(), patience=PATIENCE)
        if not request.htmx:
            return redirect("import-detail", batch.pk)
        if batch.state == ImportState.UPLOADED:
            return self.show(batch=batch)
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
        response["HX-Redirect"] = f"/imports/{batch.pk}/"
        return response


class ImportCommit(ImportPage):
    """Bring the people in."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Write all of it or nothing."""
        batch = self.row()
        skip = request.POST.get("skip_wrong") == "true"
        commit_import(batch, by=self.reader, at=now(), text_version=VERSION, skip_wrong=skip)
        return redirect("import-detail", batch.pk)


class ImportUndo(ImportPage):
    """Take an import back."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Undo what can be undone."""
        batch = self.row()
        undo_import(batch, by=self.reader, at=now())
        return redirect("import-detail", batch.pk)


class ImportDiscard(ImportPage):
    """Put a list aside."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Delete its rows and return to where it came from."""
        batch = self.row()
        discard_import(batch, by=self.reader, at=now())
        return (
            redirect("cohort-import", batch.cohort_id)
            if batch.cohort_id
            else redirect("program-import", batch.program_id)
        )


class ImportErrors(ImportPage):
    """The rows as a spreadsheet, each with what is wrong; that they left is written down."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Hand it out."""
        batch = self.row()
        everything = request.POST.get("everything") == "true"
        rows = export_rows(batch, everything=everything, by=self.reader, at=now())
        return _file(write_xlsx(headings_of(batch), rows, title=_("Errors")), _("errors"))


def _file(content: bytes, name: str) -> HttpResponse:
    """Answer with a spreadsheet that no cache keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=XLSX, headers=headers)
