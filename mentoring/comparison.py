"""Two versions of one visit, side by side, in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from common.dates import at_clock, short_date
from common.zones import tz
from mentoring.content import Agreed, Came, Followed, Found, Spot, VisitContent
from mentoring.models import Visit, VisitConflict
from mentoring.states import ActionState, VisitMode
from programs.states import ModuleCode
from villages.models import Person
from villages.states import Criterion


@dataclass(frozen=True)
class Line:
    """One fact as it is kept and as it was sent."""

    label: str
    kept: str
    sent: str

    @property
    def differs(self) -> bool:
        """Tell whether the versions part here."""
        return self.kept != self.sent


@dataclass(frozen=True)
class Comparison:
    """A kept-aside version, and where it parts from the visit."""

    conflict: VisitConflict
    lines: list[Line]


def content_of(visit: Visit) -> VisitContent:
    """Read a visit's rows back as the plain values that it was written from."""
    place = None
    if visit.latitude is not None and visit.longitude is not None:
        place = Spot(visit.latitude, visit.longitude, visit.accuracy or 0)
    return VisitContent(
        village=visit.village_id,
        program=visit.program_id,
        visited_at=visit.visited_at,
        mode=visit.mode,
        modules=tuple(module.pk for module in visit.modules.all()),
        summary=visit.summary,
        purpose=visit.purpose,
        attendees=tuple(Came(row.person_id, row.name) for row in visit.attendees.all()),
        findings=tuple(Found(row.text, row.module_id or "", row.criterion) for row in visit.findings.all()),
        action_items=tuple(Agreed(row.pk, row.what, row.owner, row.due_on) for row in visit.action_items.all()),
        followed=tuple(Followed(row.item, row.outcome, row.words, row.due_on) for row in visit.followed.all()),
        location=place,
        corrects=visit.corrects_id,
        state=visit.state,
    )


def comparisons(visit: Visit) -> list[Comparison]:
    """Lay every version kept aside beside the visit; what a stranger sent under this key is not shown."""
    conflicts = list(visit.conflicts.filter(sent_by=visit.mentor_id).order_by("received_at", "pk"))
    if not conflicts:
        return []
    kept = content_of(visit).facts()
    keys = {key for facts in (kept, *(row.content for row in conflicts)) for key, _name in facts["attendees"] if key}
    names = _names(keys)
    return [Comparison(row, _lines(_words(kept, names, visit), _words(row.content, names, visit))) for row in conflicts]


def _names(keys: Collection[int]) -> dict[int, str]:
    """Name the people who have these ids, or had them when a version was sent."""
    now = Person.objects.once(keys)
    names = dict(Person.objects.filter(pk__in=now.values()).values_list("pk", "name"))
    return {key: names[pk] for key, pk in now.items()}


def _lines(kept: dict[str, str], sent: dict[str, str]) -> list[Line]:
    return [Line(label, text, sent[label]) for label, text in kept.items()]


def _words(facts: Mapping[str, Any], names: Mapping[int, str], visit: Visit) -> dict[str, str]:
    """Write the facts as a reader of the page would."""
    zone = visit.village.zone
    moment = parse_datetime(facts["visited_at"])
    when = f"{short_date(moment.astimezone(tz(zone)).date())} {at_clock(moment, zone)}" if moment else ""
    return {
        _("When"): when,
        _("How you met"): str(VisitMode(facts["mode"]).label) if facts["mode"] in VisitMode.values else "",
        _("What it was about"): ", ".join(str(ModuleCode(code).label) for code in facts["modules"]),
        _("Who was there"): ", ".join(names.get(key, "?") if key else name for key, name in facts["attendees"]),
        _("What happened"): facts["summary"],
        _("Findings"): "; ".join(_found(row) for row in facts["findings"]),
        _("Action items"): "; ".join(
            " · ".join(filter(None, (row["what"], row["owner"], row["due_on"]))) for row in facts["action_items"]
        ),
        _("Earlier action items"): "; ".join(_became(row) for row in facts.get("followed", ())),
    }


def _became(row: Mapping[str, str]) -> str:
    """Write what became of an earlier item; what was kept aside was never checked."""
    outcome = dict(ActionState.choices).get(row["outcome"], row["outcome"])
    return " · ".join(filter(None, (str(outcome), row["words"], row["due_on"])))


def _found(row: Mapping[str, str]) -> str:
    """Write one finding; what was kept aside was never checked, so it may be about nothing we know."""
    known = {**dict(ModuleCode.choices), **dict(Criterion.choices)}
    about = known.get(row["module"] or row["criterion"])
    return f"{about}: {row['text']}" if about else row["text"]
