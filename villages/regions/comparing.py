"""Compare a judged list with what is stored, as sets and in memory: which codes, which names, which places."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from villages.regions.places import Place
from villages.regions.tracing import trace, words_of
from villages.states import ChangeKind


class Stored(NamedTuple):
    """What is stored of one code."""

    name: str
    kind: str
    zone: str
    gone: bool


@dataclass(frozen=True)
class Change:
    """What a list does to one place."""

    kind: ChangeKind
    place: Place
    before: str = ""
    after: str = ""
    counterparts: tuple[str, ...] = ()
    leaves: bool = False


@dataclass(frozen=True)
class Diff:
    """Every change of a list, and how many of its places stay as they are."""

    changes: tuple[Change, ...]
    unchanged: int

    def count(self, kind: ChangeKind) -> int:
        """Count the changes of one kind."""
        return self.counts[kind]

    @property
    def counts(self) -> Counter[ChangeKind]:
        """Count the changes by kind."""
        return Counter(change.kind for change in self.changes)

    @property
    def gone(self) -> int:
        """Count the codes that are no longer listed, wherever their places went."""
        return sum(change.leaves for change in self.changes)

    @property
    def lost(self) -> int:
        """Count the places that left without a trace."""
        return self.counts[ChangeKind.GONE]

    @property
    def renames(self) -> tuple[tuple[str, str, str], ...]:
        """List code, name before and name after of what is renamed."""
        renamed = (change for change in self.changes if change.kind == ChangeKind.RENAMED)
        return tuple((change.place.code, change.before, change.after) for change in renamed)


def compare(stored: Mapping[str, Stored], listed: Mapping[str, Place], *, partial: bool = False) -> Diff:
    """Tell what `listed` changes of what is `stored`; a part of the list lets nothing go."""
    live = {code: one for code, one in stored.items() if not one.gone}
    leaving = {} if partial else {code: one.name for code, one in live.items() if code not in listed}
    came = {code: place.name for code, place in listed.items() if code not in live}
    renamed = {
        code: live[code].name for code, place in listed.items() if code in live and live[code].name != place.name
    }
    displaced = {code: name for code, name in renamed.items() if words_of(name) != words_of(listed[code].name)}
    traces = trace(
        {**leaving, **displaced},
        {**came, **{code: listed[code].name for code in displaced}},
        displaced=displaced.keys(),
        listed={code: place.name for code, place in listed.items()} if came or leaving or displaced else {},
    )
    sources: dict[str, list[str]] = {}
    changes = []
    for code, told in traces.items():
        for target in told.targets:
            sources.setdefault(target, []).append(code)
        place = _standing(code, stored[code])
        after = listed[told.targets[0]].name if len(told.targets) == 1 else ""
        changes.append(Change(told.kind, place, place.name, after, told.targets, leaves=code in leaving))
    for code, name in {**leaving, **{code: name for code, name in displaced.items() if code in sources}}.items():
        if code not in traces:  # a place whose code another one took is gone, though its code is listed
            changes.append(Change(ChangeKind.GONE, _standing(code, stored[code]), name, leaves=code in leaving))
    for code in came:
        kind = ChangeKind.BACK if code in stored else ChangeKind.ADDED
        before = stored[code].name if code in stored else ""
        changes.append(Change(kind, listed[code], before, listed[code].name, tuple(sorted(sources.get(code, ())))))
    changes += [Change(ChangeKind.RENAMED, listed[code], name, listed[code].name) for code, name in renamed.items()]
    changes += _corrected(live, listed)
    return Diff(tuple(sorted(changes, key=lambda one: (one.place.code, one.kind))), _unchanged(live, listed))


def _standing(code: str, stored: Stored) -> Place:
    return Place(code, stored.name, code.count(".") + 1, stored.kind, code.rpartition(".")[0], stored.zone)


def _corrected(live: Mapping[str, Stored], listed: Mapping[str, Place]) -> list[Change]:
    """List places of the same name whose kind or zone is known better now."""
    return [
        Change(ChangeKind.CORRECTED, place, place.name, place.name)
        for code, place in listed.items()
        if code in live
        and live[code].name == place.name
        and (live[code].kind, live[code].zone) != (place.kind, str(place.zone))
    ]


def _unchanged(live: Mapping[str, Stored], listed: Mapping[str, Place]) -> int:
    return sum(
        code in live and live[code][:3] == (place.name, place.kind, str(place.zone)) for code, place in listed.items()
    )
