"""`{% navigation as nav %}`: the pages this person may open, for the left menu and the bottom bar."""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()

BAR_SIZE: Final = 4


class Entry(NamedTuple):
    """A page of the menu: its address, its word and the ability that opens it."""

    url_name: str
    label: object
    icon: str
    ability: str = ""
    below: tuple[str, ...] = ()  # addresses that belong to this page


class Item(NamedTuple):
    """An entry as one person sees it on one page."""

    url: str
    label: object
    icon: str
    current: str  # value of aria-current, or empty


@dataclass(frozen=True)
class Navigation:
    """What fits in the menu, and what in the bar of a phone."""

    groups: list[list[Item]]
    bar: list[Item]

    @property
    def items(self) -> list[Item]:
        """Every entry in the order of the menu."""
        return [item for group in self.groups for item in group]


AROUND_SCHEDULE: Final = ("/sessions/", "/calendar-blocks/", "/trainers/", "/venues/")
AROUND_EXPORTS: Final = ("/buyers/", "/leads/", "/figures/")
AROUND_CLAIMS: Final = ("/samples/", "/shipments/", "/schemes/", "/budgets/")
DESK_GROUPS: Final = (  # the day; the villages; the work; the figures; the house
    (
        Entry("home", _("Home"), "home"),
        Entry("schedule", _("Schedule"), "calendar", "programs.read_schedule", AROUND_SCHEDULE),
        Entry("message-list", _("Messages"), "message", "reminders.read_message"),
    ),
    (
        Entry("village-list", _("Villages"), "village", "villages.read_village", ("/people/", "/handovers/")),
        Entry("unit-list", _("Business units"), "shuttle", "villages.read_unit"),
        Entry("visit-list", _("Visits"), "visit", "mentoring.read_visit", ("/action-items/",)),
    ),
    (
        Entry("program-list", _("Programs"), "program", "programs.read_program", ("/cohorts/", "/imports/")),
        Entry("claim-list", _("Samples and claims"), "send", "exports.read_claim", AROUND_CLAIMS),
        Entry("transaction-list", _("Exports"), "ship", "exports.read_transaction", AROUND_EXPORTS),
    ),
    (
        Entry("progress", _("Progress"), "progress", "progress.read_progress"),
        Entry("report-index", _("Reports"), "report", "reports.open_reports"),
    ),
    (
        Entry("criteria-set-list", _("Criteria"), "task", "villages.change_criteria"),
        Entry("audit-list", _("Audit"), "lock", "audit.read_audit", ("/regions/",)),
    ),
)
DESK: Final = tuple(entry for group in DESK_GROUPS for entry in group)
FIELD: Final = (
    Entry("mentor-home", _("Tasks"), "task", "", ("/m/", "/action-items/")),
    Entry("schedule", _("Schedule"), "calendar", "programs.read_schedule", AROUND_SCHEDULE),
    Entry("visit-list", _("Visits"), "visit", "mentoring.read_visit"),
    Entry("village-list", _("Villages"), "village", "villages.read_village", ("/people/", "/handovers/", "/units/")),
    Entry("claim-list", _("Samples and claims"), "send", "exports.read_claim", AROUND_CLAIMS),
    Entry("transaction-list", _("Exports"), "ship", "exports.read_transaction", AROUND_EXPORTS),
)
PHONE_FIRST: Final = ("home", "schedule", "message-list", "claim-list")  # of the desk, in this order


def _current(url: str, path: str, below: tuple[str, ...]) -> str:
    if path == url:
        return "page"
    return "true" if any(path.startswith(start) for start in (*below, url) if start != "/") else ""


def _item(entry: Entry, path: str) -> Item:
    url = reverse(entry.url_name)
    return Item(url, entry.label, entry.icon, _current(url, path, entry.below))


def _bar(seen: list[tuple[Entry, Item]]) -> list[Item]:
    if len(seen) <= BAR_SIZE or seen[0][0] in FIELD:  # in the field, what comes after the fourth is in the menu below
        return [item for _entry, item in seen[:BAR_SIZE]]
    named = {entry.url_name: item for entry, item in seen}
    first = [named[name] for name in PHONE_FIRST if name in named]
    return [*first[: BAR_SIZE - 1], Item("#menu", _("Menu"), "menu", "")]


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> Navigation:
    """List the pages open to the signed-in person; nobody else gets a menu."""
    request: HttpRequest | None = context.get("request")
    if request is None or not request.user.is_authenticated:
        return Navigation([], [])
    user: Any = request.user
    groups = [
        [(entry, _item(entry, request.path)) for entry in group if not entry.ability or user.has_perm(entry.ability)]
        for group in ((FIELD,) if user.role == "mentor" else DESK_GROUPS)
    ]
    shown = [[item for _entry, item in group] for group in groups if group]
    return Navigation(shown, _bar([pair for group in groups for pair in group]))
