"""The sheet of a visit, what was found and agreed, and its photos; they turn what was typed into plain values."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from common.dates import local_moment
from common.fields import refuse_control_characters
from common.images import safe_jpeg
from common.inputs import ClockField, DayField
from common.zones import tz
from mentoring.content import Agreed, Came, Followed, Found, Pictured, VisitContent
from mentoring.models import ActionItem
from mentoring.models.photo import MOST_PHOTOS
from mentoring.states import ActionState, VisitMode, VisitState
from programs.models import Program
from programs.states import ModuleCode
from villages.models import Person, Village
from villages.states import Criterion

BLANK_ACTIONS, BLANK_FINDINGS = 3, 2
KINDS = ("module", "criterion")
ABOUT = [
    ("", _("Choose what it is about")),
    (_("One of the eight criteria"), [(f"criterion:{code}", label) for code, label in Criterion.choices]),
    (_("One of the eleven modules"), [(f"module:{code}", label) for code, label in ModuleCode.choices]),
]


class Words(forms.CharField):
    """A text without the characters that no person types."""

    default_validators = [refuse_control_characters]


class ManyFilesInput(forms.FileInput):
    """The browser's own chooser, for several files at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos; each must be a picture that can be kept."""

    widget = ManyFilesInput({"accept": "image/jpeg,image/png,image/webp", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        """Read them, each once; what is no picture is said."""
        given = data if isinstance(data, Sequence) else [data]
        sent = [super(PhotosField, self).clean(one, initial).read() for one in given if one]
        for one in sent:
            safe_jpeg(one)
        return list(dict.fromkeys(sent))


class AnyChoice(forms.MultipleChoiceField):
    """Ticks that may be sent again when what they name is gone already."""

    def valid_value(self, value: str) -> bool:  # noqa: ARG002
        """Take any."""
        return True


class AgreedForm(forms.Form):
    """One action item: what, who, by when; an empty one is none."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    what = Words(label=_("What will be done"), max_length=300, required=False)
    owner = Words(label=_("Who"), max_length=120, required=False)
    due_on = DayField(label=_("By when"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the words when a name or a day was given."""
        given = self.cleaned_data
        if (given.get("owner") or given.get("due_on")) and not given.get("what"):
            self.add_error("what", _("Write what will be done."))
        return given

    def agreed(self) -> Agreed | None:
        """Read it as a plain value."""
        given = self.cleaned_data
        if not given.get("what"):
            return None
        return Agreed(given.get("id") or uuid.uuid4(), given["what"], given.get("owner", ""), given.get("due_on"))


class FoundForm(forms.Form):
    """One finding about a criterion or a module; an empty one is none."""

    about = forms.ChoiceField(label=_("About"), choices=ABOUT, required=False)
    text = Words(label=_("What you found"), max_length=1000, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the half that is missing."""
        given = self.cleaned_data
        if given.get("text") and not given.get("about"):
            self.add_error("about", _("Choose what it is about."))
        if given.get("about") and not given.get("text"):
            self.add_error("text", _("Write what you found."))
        return given

    def found(self) -> Found | None:
        """Read it as a plain value."""
        if not self.cleaned_data.get("text"):
            return None
        kind, code = self.cleaned_data["about"].split(":", 1)
        return Found(self.cleaned_data["text"], **{kind: code})


STILL_OPEN = ("", _("Still open"))
OUTCOMES = [STILL_OPEN, (ActionState.DONE, _("Done")), (ActionState.CARRIED_OVER, _("New day"))]


class FollowedForm(forms.Form):
    """What became of one earlier action item; one that is still open says nothing."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("How it stands"), choices=OUTCOMES, required=False, widget=forms.RadioSelect)
    words = Words(label=_("What shows that it is done"), max_length=300, required=False)
    due_on = DayField(label=_("New day"), required=False)
    item: ActionItem | None = None

    def clean(self) -> dict[str, Any]:
        """Ask for the day of what is carried over."""
        given = self.cleaned_data
        if given.get("outcome") == ActionState.CARRIED_OVER and not given.get("due_on") and not self.errors:
            self.add_error("due_on", _("Choose the new day."))
        return given

    def followed(self) -> Followed | None:
        """Read it as a plain value."""
        given = self.cleaned_data
        match given.get("outcome"):
            case ActionState.DONE:
                return Followed(given["id"], ActionState.DONE, given["words"])
            case ActionState.CARRIED_OVER:
                return Followed(given["id"], ActionState.CARRIED_OVER, due_on=given["due_on"])
            case _:
                return None


AgreedForms: Any = formset_factory(AgreedForm, extra=0, max_num=40, absolute_max=40)
FoundForms: Any = formset_factory(FoundForm, extra=0, max_num=40, absolute_max=40)
FollowedForms: Any = formset_factory(FollowedForm, extra=0, max_num=100, absolute_max=100)


class VisitForm(forms.Form):
    """One visit on one page; it works without scripts and can be sent twice."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    base_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=1_000_000)
    corrects = forms.UUIDField(widget=forms.HiddenInput, required=False)
    day = DayField(label=_("Date of the visit"))
    clock = ClockField(label=_("Time"))
    mode = forms.ChoiceField(label=_("How you met"), choices=VisitMode.choices, widget=forms.RadioSelect)
    people = forms.TypedMultipleChoiceField(
        label=_("Who was there"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    walk_ins = Words(
        label=_("Others who were there"),
        help_text=_("One name on each line."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )
    modules = forms.MultipleChoiceField(
        label=_("What it was about"),
        choices=ModuleCode.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    summary = Words(label=_("What happened"), required=False, max_length=4000, widget=forms.Textarea({"rows": 5}))
    photos = PhotosField(
        label=_("Photos"),
        help_text=_(
            "At most six; JPEG, PNG or WebP, 8 MB each. They are kept smaller and without the place. "
            "Photos show people: ask before you take one, and whether it may stand in a report."
        ),
        required=False,
    )
    taken_out = AnyChoice(label=_("Take photos out"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        village: Village,
        program: Program,
        at: datetime,
        content: VisitContent | None = None,
        open_items: Sequence[ActionItem] = (),
        **given: Any,
    ) -> None:
        """Offer the village's people; start from `content` or from an empty sheet of now."""
        self.village, self.program = village, program
        blank = {"id": uuid.uuid4(), "mode": VisitMode.ON_SITE, "day": at.astimezone(tz(village.zone)).date()}
        blank["clock"] = at.astimezone(tz(village.zone)).time().replace(second=0, microsecond=0)
        self.pictured = content.photos if content else ()
        super().__init__(data, files, initial={**blank, **(started_from(content, village) if content else {}), **given})
        people = Person.objects.filter(village=village).present().order_by("name", "pk")
        self.fields["people"].choices = [(person.pk, person.name) for person in people]  # type: ignore[attr-defined]
        self.fields["taken_out"].choices = [  # type: ignore[attr-defined]
            (str(photo.id), _("Photo %(number)s") % {"number": number}) for number, photo in enumerate(self.pictured, 1)
        ]
        self.agreed: BaseFormSet[AgreedForm] = AgreedForms(data, prefix="agreed", initial=agreed_rows(content))
        self.found: BaseFormSet[FoundForm] = FoundForms(data, prefix="found", initial=found_rows(content))
        self.followed = followed_forms(data, open_items, content)
        offered = {item.pk for item in open_items}
        self.said = [each for each in (content.followed if content else ()) if each.id not in offered]

    @property
    def agreed_first(self) -> list[AgreedForm]:
        """Rows to show at once: those with words and one blank; all when the sheet comes back."""
        return self.agreed.forms if self.is_bound else self.agreed.forms[: 1 - BLANK_ACTIONS]

    @property
    def agreed_more(self) -> list[AgreedForm]:
        """Blank rows for who needs them."""
        return [] if self.is_bound else self.agreed.forms[1 - BLANK_ACTIONS :]

    @property
    def opens_findings(self) -> bool:
        """Tell whether there are findings to look at."""
        return self.is_bound or len(self.found.forms) > BLANK_FINDINGS

    def clean(self) -> dict[str, Any]:
        """Bring the errors of action items and findings to the top; who submits says what it was about."""
        if self.data.get("state") == VisitState.SUBMITTED:
            for name in ("modules", "summary"):
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill this in before you submit; a draft may wait."))
        gone = set(self.cleaned_data.get("taken_out", ()))
        kept = [photo for photo in self.pictured if str(photo.id) not in gone]
        if len(kept) + len(self.cleaned_data.get("photos", ())) > MOST_PHOTOS:
            self.add_error("photos", _("A visit has at most six photos."))
        for formset in (self.agreed, self.found, self.followed):
            for form in formset.forms if not formset.is_valid() else ():
                for name, errors in form.errors.items():
                    self.add_error(None, [f"{form.fields[name].label}: {error}" for error in errors])
            self.add_error(None, formset.non_form_errors()) if formset.non_form_errors() else None
        return self.cleaned_data

    def sent_photos(self, visit: uuid.UUID) -> dict[uuid.UUID, bytes]:
        """Give each file a key that follows from its bytes, so that a sheet sent twice brings each photo once."""
        return {uuid.uuid5(visit, sha256(sent).hexdigest()): sent for sent in self.cleaned_data["photos"]}

    def _photos(self, visit: uuid.UUID) -> tuple[Pictured, ...]:
        kept = [photo for photo in self.pictured if str(photo.id) not in self.cleaned_data["taken_out"]]
        known = {photo.id for photo in kept}
        new = {key: sha256(sent).hexdigest() for key, sent in self.sent_photos(visit).items() if key not in known}
        return (*kept, *(Pictured(key, digest) for key, digest in new.items()))

    def content(self, state: str, *, key: uuid.UUID) -> VisitContent:
        """Read the sheet as plain values."""
        given = self.cleaned_data
        names = [name.strip() for name in re.split(r"[\n,;]+", given["walk_ins"]) if name.strip()]
        return VisitContent(
            village=self.village.pk,
            program=self.program.pk,
            visited_at=local_moment(given["day"], given["clock"], self.village.zone),
            mode=given["mode"],
            modules=tuple(given["modules"]),
            summary=given["summary"],
            attendees=(*(Came(person=key) for key in given["people"]), *(Came(name=name) for name in names)),
            findings=tuple(found for form in self.found if (found := form.found())),
            action_items=tuple(item for form in self.agreed if (item := form.agreed())),
            followed=(*self.said, *(said for form in self.followed if (said := form.followed()))),
            corrects=given["corrects"],
            photos=self._photos(key),
            state=VisitState.SUBMITTED if state == VisitState.SUBMITTED else VisitState.DRAFT,
        )


def started_from(content: VisitContent, village: Village) -> dict[str, Any]:
    """Fill the sheet from what was written before."""
    local = content.visited_at.astimezone(tz(village.zone))
    return {
        "day": local.date(),
        "clock": local.time(),
        "mode": content.mode,
        "people": sorted(content.people),
        "walk_ins": "\n".join(came.name for came in content.attendees if came.person is None),
        "modules": list(content.modules),
        "summary": content.summary,
        "corrects": content.corrects,
    }


def agreed_rows(content: VisitContent | None) -> list[dict[str, Any]]:
    """Show what was agreed, and blank rows below."""
    known = [
        {"id": item.id, "what": item.what, "owner": item.owner, "due_on": item.due_on}
        for item in (content.action_items if content else ())
    ]
    return [*known, *({"id": uuid.uuid4()} for _row in range(BLANK_ACTIONS))]


def found_rows(content: VisitContent | None) -> list[dict[str, Any]]:
    """Show what was found, and blank rows below."""
    known = [
        {"about": f"module:{found.module}" if found.module else f"criterion:{found.criterion}", "text": found.text}
        for found in (content.findings if content else ())
    ]
    return [*known, *({} for _row in range(BLANK_FINDINGS))]


def followed_forms(data: Any, items: Sequence[ActionItem], content: VisitContent | None) -> "BaseFormSet[FollowedForm]":
    """Show each open item of the village, with what was said of it before; a sheet without this part says nothing."""
    said = {each.id: each for each in (content.followed if content else ())}
    rows = [
        {"id": item.pk, "outcome": one.outcome, "words": one.words, "due_on": one.due_on}
        if (one := said.get(item.pk))
        else {"id": item.pk, "outcome": ""}
        for item in items
    ]
    heard = data if data is not None and "followed-TOTAL_FORMS" in data else None
    forms_of: BaseFormSet[FollowedForm] = FollowedForms(heard, prefix="followed", initial=rows)
    if data is not None and heard is None:
        forms_of = FollowedForms({"followed-TOTAL_FORMS": 0, "followed-INITIAL_FORMS": 0}, prefix="followed")
    known = {str(item.pk): item for item in items}
    for form in forms_of.forms:
        form.item = known.get(str(form["id"].value()))
    return forms_of
