"""A version that waits beside what is here, in words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from common.dates import at_clock, short_date
from common.zones import tz
from mentoring.content import content_of
from mentoring.models import ActionItem, HeldVersion, Visit
from mentoring.states import ActionState, HeldReason, VisitMode
from programs.models import Program
from programs.states import ModuleCode
from villages.models import Person, Village
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
    """A version that waits, the visit that it stands beside, and where they part."""

    held: HeldVersion
    visit: Visit | None
    lines: list[Line]

    @property
    def parted(self) -> list[Line]:
        """The facts in which the versions part."""
        return [line for line in self.lines if line.differs]

    @property
    def same(self) -> list[Line]:
        """The facts that are the same in both, and are told at all."""
        return [line for line in self.lines if line.sent and not line.differs]


@dataclass(frozen=True)
class _Names:
    """Names of what facts hold by key."""

    people: Mapping[int, str]
    villages: Mapping[int, str]
    programs: Mapping[int, str]
    items: Mapping[str, str]


def comparisons(visit: Visit) -> list[Comparison]:
    """Lay every other version that waits beside the visit; what a stranger sent under this key is not shown."""
    rows = visit.held_versions.filter(sent_by=visit.mentor_id).waiting().exclude(reason=HeldReason.KEY_TAKEN)
    return _compared(list(rows.select_related("village__region").order_by("received_at", "pk")), visit)


def comparison(held: HeldVersion) -> Comparison:
    """Lay one version beside the visit of its sender that has its key, where there is one."""
    visit = Visit.objects.filter(pk=held.key, mentor=held.sent_by_id).select_related("village__region").first()
    (compared,) = _compared([held], visit)
    return compared


def _compared(rows: Sequence[HeldVersion], visit: Visit | None) -> list[Comparison]:
    if not rows:
        return []
    kept = content_of(visit).facts() if visit else None
    names = _names([*(row.content for row in rows), *([kept] if kept else [])])
    return [_side_by_side(row, visit, kept, names) for row in rows]


def _side_by_side(held: HeldVersion, visit: Visit | None, kept: Mapping[str, Any] | None, names: _Names) -> Comparison:
    zone = held.village.zone
    sent, here = _words(held.content, names, zone), _words(kept, names, zone) if kept else {}
    return Comparison(held, visit, [Line(label, here.get(label, ""), text) for label, text in sent.items()])


def _names(facts: Sequence[Mapping[str, Any]]) -> _Names:
    people = _people({key for each in facts for key, _name in each["attendees"] if key})
    villages = Village.objects.filter(pk__in={each["village"] for each in facts}).values_list("pk", "name")
    programs = Program.objects.filter(pk__in={each["program"] for each in facts}).values_list("pk", "name")
    return _Names(people, dict(villages), dict(programs), _items(facts))


def _items(facts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Name the action items of these villages that a version says something about."""
    keys = {row["id"] for each in facts for row in each.get("followed", ())}
    if not keys:
        return {}
    near = ActionItem.objects.filter(pk__in=keys, village__in={each["village"] for each in facts})
    return {str(key): what for key, what in near.values_list("pk", "what")}


def _people(keys: Collection[int]) -> dict[int, str]:
    """Name the people who have these ids, or had them when a version was sent."""
    now = Person.objects.once(keys)
    names = dict(Person.objects.filter(pk__in=now.values()).values_list("pk", "name"))
    return {key: names[pk] for key, pk in now.items()}


def _words(facts: Mapping[str, Any], names: _Names, zone: str) -> dict[str, str]:
    """Write the facts as a reader of the page would."""
    moment = parse_datetime(facts["visited_at"])
    when = f"{short_date(moment.astimezone(tz(zone)).date())} {at_clock(moment, zone)}" if moment else ""
    people = [names.people.get(key, "?") if key else name for key, name in facts["attendees"]]
    return {
        _("Village"): names.villages.get(facts["village"], "?"),
        _("Program"): names.programs.get(facts["program"], "?"),
        _("When"): when,
        _("How you met"): str(VisitMode(facts["mode"]).label) if facts["mode"] in VisitMode.values else "",
        _("What it was about"): ", ".join(_module(code) for code in facts["modules"]),
        _("What for"): facts["purpose"],
        _("Who was there"): ", ".join(people),
        _("What happened"): facts["summary"],
        _("Findings"): "\n".join(_found(row) for row in facts["findings"]),
        _("Action items"): "\n".join(sorted(_agreed(row) for row in facts["action_items"])),
        _("Earlier action items"): "\n".join(sorted(_became(row, names.items) for row in facts.get("followed", ()))),
        _("Photos"): str(len(facts["photos"])) if facts.get("photos") else "",
        _("Location"): "{}, {} ±{} m".format(*facts["location"]) if facts["location"] else "",
    }


def _module(code: str) -> str:
    """Name a module; what was kept aside was never checked."""
    return str(ModuleCode(code).label) if code in ModuleCode.values else code


def _agreed(row: Mapping[str, str]) -> str:
    """Write one action item: what, who, by when."""
    return " · ".join(filter(None, (row["what"], row["owner"], _day(row["due_on"]))))


def _became(row: Mapping[str, str], items: Mapping[str, str]) -> str:
    """Write what became of an earlier item; what was kept aside was never checked."""
    outcome = dict(ActionState.choices).get(row["outcome"], row["outcome"])
    return " · ".join(filter(None, (items.get(row["id"], ""), str(outcome), row["words"], _day(row["due_on"]))))


def _day(written: str) -> str:
    """Write a day as a reader would."""
    return short_date(date.fromisoformat(written)) if written else ""


def _found(row: Mapping[str, str]) -> str:
    """Write one finding; what was kept aside was never checked, so it may be about nothing we know."""
    known = {**dict(ModuleCode.choices), **dict(Criterion.choices)}
    about = known.get(row["module"] or row["criterion"])
    return f"{about}: {row['text']}" if about else row["text"]
