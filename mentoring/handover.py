"""What passes from one mentor to the next: history, open items, plans, contacts, and what works in the village.

Also what a phone carries of it, as plain values.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import F, Q

from accounts.models import User
from common.dates import local_date
from common.zones import Zone
from mentoring.models import ActionItem, Handover, Signature, Visit, VisitPlan
from mentoring.states import ActionState, HandoverState, Side, VisitState
from villages.models import PersonContact, Village
from villages.rules import DESK
from villages.states import Relation

MOST_VISITS: Final = 60
MOST_ITEMS: Final = 200


@dataclass(frozen=True)
class Reached:
    """One number of the village's contacts: whose it is, and for whom they pass on."""

    contact: PersonContact
    names: tuple[str, ...]
    passes_on: tuple[str, ...]


@dataclass(frozen=True)
class Hand:
    """One side of a handover: who signs there, and the signature under the text as it stands."""

    side: Side
    user: User
    signature: Signature | None
    outdated: bool  # an earlier version was signed

    @property
    def label(self) -> str:
        """Name the side."""
        return str(self.side.label)


@dataclass(frozen=True)
class Sheet:
    """What one handover says to one reader; who left the village reads only their own visits."""

    handover: Handover
    reader: User
    at: datetime

    @cached_property
    def whole(self) -> bool:
        """Tell whether the reader works with this village: at the desk, as its mentor, or as who is about to come."""
        handover, reader = self.handover, self.reader
        coming = reader.pk == handover.taker_id and handover.state != HandoverState.CANCELLED
        if reader.role in DESK or (coming and handover.first_on > local_date(self.at, Zone.WIB)):
            return True
        return Village.objects.visible_to(reader).filter(pk=handover.village_id).exists()

    @cached_property
    def until(self) -> datetime:
        """Name the moment that is shown: when both had signed, else now."""
        return self.handover.signed_at or self.at

    @cached_property
    def visits(self) -> list[Visit]:
        """Read the last visits, newest first."""
        rows = Visit.objects.filter(village=self.handover.village_id, received_at__lte=self.until)
        rows = rows.exclude(state=VisitState.DRAFT)
        if not self.whole:
            rows = rows.filter(mentor=self.reader)
        seen = rows.select_related("mentor", "program").order_by("-visited_at", "-pk")
        return list(seen[: MOST_VISITS + 1])

    @property
    def shown(self) -> list[Visit]:
        """Keep as many as a page holds."""
        return self.visits[:MOST_VISITS]

    @property
    def more(self) -> bool:
        """Tell whether there are visits before those."""
        return len(self.visits) > MOST_VISITS

    @cached_property
    def items(self) -> list[ActionItem]:
        """Read what was open at that moment, by day; an item carried over later stands for its successor."""
        if not self.whole:
            return []
        still = Q(settled_at__isnull=True) | Q(settled_at__gt=self.until)
        rows = ActionItem.objects.filter(still, village=self.handover.village_id, visit__received_at__lte=self.until)
        rows = rows.exclude(visit__state=VisitState.DRAFT).select_related("visit")
        found = list(rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST_ITEMS])
        later = {item.successor_key for item in found if item.state == ActionState.CARRIED_OVER}
        return [item for item in found if item.pk not in later]

    @cached_property
    def plans(self) -> list[VisitPlan]:
        """Read the visits that lie ahead."""
        if not self.whole:
            return []
        rows = VisitPlan.objects.open().filter(village=self.handover.village_id)
        return list(rows.select_related("mentor", "village__region").order_by("planned_at", "pk")[:MOST_VISITS])

    @cached_property
    def contacts(self) -> list[Reached]:
        """Read the village contacts: each number once, with whose it is and for whom they pass on."""
        return contacts_of(self.handover.village_id) if self.whole else []

    @property
    def points(self) -> list[int]:
        """List the numbers that are read, by id."""
        return [reached.contact.contact_point_id for reached in self.contacts]

    @cached_property
    def hands(self) -> list[Hand]:
        """Read both sides; the giver's first."""
        rows = list(self.handover.signatures.select_related("signed_by").order_by("version", "pk"))
        return [self._hand(Side.GIVER, self.handover.giver, rows), self._hand(Side.TAKER, self.handover.taker, rows)]

    def _hand(self, side: Side, user: User, rows: Iterable[Signature]) -> Hand:
        mine = [row for row in rows if row.side == side]
        valid = next((row for row in mine if row.version == self.handover.version), None)
        return Hand(side, user, valid, outdated=bool(mine) and valid is None)

    @property
    def signs(self) -> bool:
        """Tell whether this reader's hand is still missing, or may stand in for a giver whose account is off."""
        handover = self.handover
        if handover.state != HandoverState.PREPARED:
            return False
        return any(hand.signature is None and hand.user.pk == self.reader.pk for hand in self.hands) or self.stands_in

    @property
    def stands_in(self) -> bool:
        """Tell whether the desk signs in the giver's place."""
        giver = self.hands[0]
        open_yet = self.handover.state == HandoverState.PREPARED and giver.signature is None
        return open_yet and self.reader.role in DESK and not giver.user.is_active


def contacts_of(village: int) -> list[Reached]:
    """Read the numbers of a village's contacts; 2 queries."""
    passed = PersonContact.objects.filter(relation=Relation.VILLAGE_CONTACT, person__village=village)
    points = passed.values("contact_point")
    rows = PersonContact.objects.filter(contact_point__in=points, person__erased_at__isnull=True)
    rows = rows.select_related("person", "contact_point").order_by("contact_point", "pk")
    found: dict[int, list[PersonContact]] = {}
    for row in rows:
        found.setdefault(row.contact_point_id, []).append(row)
    return [
        Reached(
            of[0],
            tuple(row.person.name for row in of if row.relation == Relation.OWN),
            tuple(row.person.name for row in of if row.relation == Relation.VILLAGE_CONTACT),
        )
        for of in found.values()
    ]


def latest_works(villages: Collection[int]) -> dict[int, str]:
    """Read what works in each of these villages, in the words last written; 1 query."""
    rows = Handover.objects.exclude(state=HandoverState.CANCELLED).exclude(works="").filter(village__in=villages)
    latest = rows.order_by("village", "-written_at", "-pk").distinct("village")
    return dict(latest.values_list("village", "works"))


def handovers_waiting(user: User) -> list[dict[str, Any]]:
    """List the handovers that wait for this mentor's signature, as `{"id", "village", "name"}`; 1 query."""
    return [{"id": row.pk, "village": row.village_id, "name": row.village.name} for row in waiting_for(user)]


def waiting_for(user: User) -> list[Handover]:
    """Read the handovers that wait for this mentor's signature, the oldest first; 1 query."""
    signed = Signature.objects.filter(version=F("handover__version"))
    given = Q(giver=user) & ~Q(pk__in=signed.filter(side=Side.GIVER).values("handover"))
    taken = Q(taker=user) & ~Q(pk__in=signed.filter(side=Side.TAKER).values("handover"))
    rows = Handover.objects.waiting().filter(given | taken).select_related("village")
    return list(rows.order_by("prepared_at", "pk"))
