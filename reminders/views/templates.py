"""The words of messages: read at the desk, changed by an administrator, and what WhatsApp says of them."""

from functools import cached_property
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages as flashes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.states import Language
from common.pages import FormPage, Page, say_errors
from reminders.forms import TemplateForm, TemplateWordForm
from reminders.models import Template
from reminders.reading.words import Face, face_of, history_of, lines_of, places_of
from reminders.rewording import change_template, note_template, reset_template
from reminders.rules import Can
from reminders.states import Form, Script, TemplateState
from reminders.wording.checks import check_words
from reminders.wording.defaults import languages_of


class TemplateList(Page[Template]):
    """Every message by whom it is for, and how its words stand at WhatsApp."""

    ability = Can.READ_TEMPLATE
    model = Template
    template = "reminders/template_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Show all of them; there are few."""
        rows = list(self.rows().order_by("pk"))
        return self.show(groups=lines_of(rows), troubled=Template.objects.visible_to(self.reader).troubled().count())


class TemplatePage(Page[Template]):
    """A page about the words of one message in one language."""

    model = Template

    @cached_property
    def faces(self) -> list[Face]:
        """Read its words in every form; 404 for what is never said."""
        script, language = self.kwargs["script"], self.kwargs["language"]
        if script not in Script.values or language not in languages_of(Script(script)):
            raise Http404
        rows = self.rows().filter(script=script, language=language).select_related("changed_by").order_by("pk")
        return [face_of(Script(script), form, language, rows) for form in Form]

    @cached_property
    def face(self) -> Face:
        """Give its words in the form of the address, or those that WhatsApp says."""
        form = self.kwargs.get("form", Form.LONG)
        if form not in Form.values:
            raise Http404
        return next(face for face in self.faces if face.form == form)

    def context(self) -> dict[str, Any]:
        """Name it."""
        face = self.face
        others = [(code, Language(code).label) for code in languages_of(face.script) if code != face.language]
        return {"face": face, "spoken": Language(face.language).label, "others": others}

    def done(self, sentence: str) -> HttpResponse:
        """Return to its page and say what was done."""
        flashes.success(self.request, sentence)
        return redirect("template-detail", self.face.script.value, self.face.language)


class TemplateDetail(TemplatePage):
    """How it reads on a phone in each form, what WhatsApp is asked for, and what happened to it."""

    ability = Can.READ_TEMPLATE
    template = "reminders/template_detail.html"

    def get(self, request: HttpRequest, script: str, language: str) -> HttpResponse:  # noqa: ARG002
        """Show it."""
        shown = [(face, face.seen()) for face in self.faces]
        return self.show(**self.context(), forms=shown, history=history_of(self.faces))


class TemplateEdit(FormPage[Template], TemplatePage):
    """Change its words in one form; they are tried on an example before they are kept."""

    ability = Can.CHANGE_TEMPLATE
    template = "reminders/template_form.html"
    form_class = TemplateForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with the words in force."""
        face = self.face
        words = {"body": face.words.body, "subject": face.words.subject, "provider_name": face.words.name}
        return {"form": face.form, "initial": {**words, "edition": face.edition}}

    def context(self) -> dict[str, Any]:
        """Show what was typed, or what is in force, on a phone; and what may and must stand in it."""
        typed = self.form(self.request.POST or None)
        words = typed.words if typed.is_bound and typed.is_valid() else None  # type: ignore[attr-defined]
        face = self.face
        return {**TemplatePage.context(self), "sight": face.seen(words), "places": places_of(face)}

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Keep it, or only look at it first; nothing typed is lost."""
        if "look" not in request.POST:
            return super().post(request, **kwargs)
        form = self.form(request.POST)
        if form.is_valid():
            self._try(form)
        status = HTTPStatus.OK if form.is_valid() else HTTPStatus.BAD_REQUEST
        return self.show(form=form, status=status, **self.context())

    def _try(self, form: forms.Form) -> None:
        assert isinstance(form, TemplateForm)  # noqa: S101  by form_class
        face = self.face
        try:
            check_words(face.script, face.form, face.language, form.words)
        except forms.ValidationError as error:
            say_errors(form, error)

    def act(self, form: forms.Form) -> HttpResponse:
        """Bring them into force."""
        assert isinstance(form, TemplateForm)  # noqa: S101  by form_class
        face, edition = self.face, form.cleaned_data["edition"]
        row = change_template(
            face.script, face.form, face.language, words=form.words, edition=edition, by=self.reader, at=now()
        )
        waits = face.form == Form.LONG and row.provider_state == TemplateState.PENDING
        return self.done(
            _("Kept. Submit the new text at WhatsApp; until then it says the old.") if waits else _("Kept.")
        )


class TemplateReset(TemplatePage):
    """Return to the words that come with the release."""

    ability = Can.CHANGE_TEMPLATE

    def post(self, request: HttpRequest, script: str, language: str, form: str) -> HttpResponse:  # noqa: ARG002
        """Take the changed words back."""
        face, told = self.face, request.POST.get("edition", "")
        edition = int(told) if told.isascii() and told.isdigit() and len(told) < 7 else -1  # noqa: PLR2004
        reset_template(face.script, face.form, face.language, edition=edition, by=self.reader, at=now())
        return self.done(_("The words that came with the release are in force again."))


class TemplateWord(FormPage[Template], TemplatePage):
    """Write down what WhatsApp's own page says, where its webhook did not."""

    ability = Can.CHANGE_TEMPLATE
    template = "reminders/template_word.html"
    form_class = TemplateWordForm

    def form_arguments(self) -> dict[str, Any]:
        """Begin with what is known."""
        face = self.face
        return {"initial": {"state": face.state, "category": face.row.category if face.row else ""}}

    def context(self) -> dict[str, Any]:
        """Name it."""
        return TemplatePage.context(self)

    def act(self, form: forms.Form) -> HttpResponse:
        """Write it down."""
        told = {"state": TemplateState(form.cleaned_data["state"]), "category": form.cleaned_data["category"]}
        note_template(self.face.script, self.face.language, **told, by=self.reader, at=now())
        return self.done(_("Noted."))
