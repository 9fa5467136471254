"""The rows of one visit: its columns, who was there, what was found, what was agreed."""

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from mentoring.actions.album import name_photos
from mentoring.actions.followed import write_followed
from mentoring.content import Agreed, VisitContent
from mentoring.models import ActionItem, Attendee, Finding, Visit
from mentoring.states import ActionState
from programs.models import Cohort, Module
from villages.models import Person

COLUMNS = (
    "village_id",
    "program_id",
    "cohort",
    "visited_at",
    "mode",
    "purpose",
    "summary",
    "latitude",
    "longitude",
    "accuracy",
    "corrects_id",
)


def write_details(visit: Visit, content: VisitContent, *, cohort: Cohort | None, new: bool) -> None:
    """Write the whole content into the visit and the rows below it; texts that cannot be kept are a ValidationError."""
    place = content.location
    values = (
        content.village,
        content.program,
        cohort,
        content.visited_at,
        content.mode,
        content.purpose.strip(),
        content.summary.replace("\r\n", "\n").strip(),
        place and round(place.latitude, 5),
        place and round(place.longitude, 5),
        place and place.accuracy,
        content.corrects,
    )
    for column, value in zip(COLUMNS, values, strict=True):
        setattr(visit, column, value)
    _clean([visit], "")
    if new:
        visit.save(force_insert=True)
    else:
        visit.save(update_fields=[*(name.removesuffix("_id") for name in COLUMNS), "version", "digest", "clock_skew"])
    visit.modules.set(Module.objects.filter(code__in=content.modules))
    _write_attendees(visit, content)
    _write_findings(visit, content)
    _write_agreed(visit, content.action_items)
    name_photos(visit, content.photos, new=new)
    write_followed(visit, content.followed)


def _clean(rows: Iterable[models.Model], field: str) -> None:
    """Check each row's own values; foreign keys were checked as sets before."""
    for row in rows:
        try:
            row.clean_fields(exclude={column.name for column in row._meta.fields if column.is_relation})
        except ValidationError as error:
            raise ValidationError({field: error.messages} if field else error.message_dict) from error


def _write_attendees(visit: Visit, content: VisitContent) -> None:
    people = set(Person.objects.once(content.people).values())  # a phone may still know someone by a former id
    rows = [Attendee(visit=visit, person_id=person) for person in sorted(people)]
    rows += [Attendee(visit=visit, name=came.name.strip()) for came in content.attendees if came.person is None]
    _clean(rows, "attendees")
    if any(row.person_id is None and not row.name for row in rows):
        raise ValidationError({"attendees": _("Choose a person or write a name, not both.")}, code="attendee")
    visit.attendees.all().delete()
    Attendee.objects.bulk_create(rows)


def _write_findings(visit: Visit, content: VisitContent) -> None:
    rows = [
        Finding(visit=visit, module_id=found.module or None, criterion=found.criterion, text=found.text.strip())
        for found in content.findings
    ]
    _clean(rows, "findings")
    visit.findings.all().delete()
    Finding.objects.bulk_create(rows)


def _write_agreed(visit: Visit, agreed: tuple[Agreed, ...]) -> None:
    """Make the open items of the visit those of the content; what is settled stays as it is."""
    wanted = {item.id: item for item in agreed}
    known = list(ActionItem.objects.filter(Q(visit=visit) | Q(pk__in=wanted)))
    if len(wanted) < len(agreed) or any(row.visit_id != visit.pk for row in known):
        raise ValidationError({"action_items": _("Two action items have the same key.")}, code="action_item")
    settled = {row.pk for row in known if row.state != ActionState.OPEN}
    rows = list(_items(visit, [item for key, item in wanted.items() if key not in settled]))
    _clean(rows, "action_items")
    carried = ActionItem.objects.filter(Q(visit=visit) | Q(settled_in=visit), state=ActionState.CARRIED_OVER)
    again = {row.successor_key for row in carried} - wanted.keys()  # not of the sheet: they stand beside it
    visit.action_items.filter(state=ActionState.OPEN).exclude(pk__in=again).delete()
    ActionItem.objects.bulk_create(rows)


def _items(visit: Visit, agreed: Iterable[Agreed]) -> Iterator[ActionItem]:
    for item in agreed:
        yield ActionItem(
            pk=item.id,
            visit=visit,
            village_id=visit.village_id,
            what=item.what.strip(),
            owner=item.owner.strip(),
            due_on=item.due_on,
        )
