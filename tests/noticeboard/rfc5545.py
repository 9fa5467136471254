"""A strict reader of calendars, line by line as RFC 5545 says; it shares nothing with the writer.

It refuses bare line feeds, lines over 75 octets, broken folds, unknown escapes, unbalanced parts, missing or doubled
properties, and zones that are named and not described.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

LONGEST = 75  # octets, without the line's end
NAME = re.compile(r"[A-Z0-9-]+", re.IGNORECASE)
PARAM = re.compile(r';([A-Z0-9-]+)=("[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*)', re.IGNORECASE)
ONCE = {
    "VCALENDAR": {"PRODID", "VERSION"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "STATUS", "LAST-MODIFIED"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
}
INSIDE = {"VEVENT": "VCALENDAR", "VTIMEZONE": "VCALENDAR", "STANDARD": "VTIMEZONE"}


@dataclass
class Line:
    """One unfolded content line."""

    name: str
    params: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """Read a TEXT value."""
        assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", self.value), f"unescaped: {self.value}"
        assert not re.search(r"(?<!\\)(?:\\\\)*\\[^\\;,nN]", self.value), f"unknown escape: {self.value}"
        return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass
class Part:
    """One component."""

    kind: str
    lines: list[Line] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    def all(self, kind: str) -> list["Part"]:
        """List the parts of this kind."""
        return [part for part in self.parts if part.kind == kind]

    def line(self, name: str) -> Line:
        """Find the only line of this name."""
        (found,) = [line for line in self.lines if line.name == name]
        return found

    def has(self, name: str) -> bool:
        """Tell whether there is such a line."""
        return any(line.name == name for line in self.lines)

    def text(self, name: str) -> str:
        """Read the text of the only line of this name."""
        return self.line(name).text


@dataclass
class Calendar(Part):
    """A whole file."""

    @property
    def events(self) -> list[Part]:
        """List the sessions."""
        return self.all("VEVENT")

    def moment(self, event: Part, name: str) -> datetime:
        """Read a moment by the zone that the file itself describes."""
        line = event.line(name)
        if line.value.endswith("Z"):
            assert not line.params
            return datetime.strptime(line.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        wall = datetime.strptime(line.value, "%Y%m%dT%H%M%S")  # noqa: DTZ007  the zone is read beside it
        return wall.replace(tzinfo=timezone(self.offset(line.params["TZID"], wall)))

    def offset(self, tzid: str, wall: datetime) -> timedelta:
        """Find what a described zone says of a wall clock."""
        (zone,) = [part for part in self.all("VTIMEZONE") if part.text("TZID") == tzid]
        begun = [
            part
            for part in zone.parts
            if datetime.strptime(part.line("DTSTART").value, "%Y%m%dT%H%M%S") <= wall  # noqa: DTZ007
        ]
        (rule,) = begun
        sign, hours, minutes = re.fullmatch(r"([+-])(\d\d)(\d\d)", rule.line("TZOFFSETTO").value).groups()  # type: ignore[union-attr]
        length = timedelta(hours=int(hours), minutes=int(minutes))
        return length if sign == "+" else -length


def parse(content: bytes) -> Calendar:
    """Read one calendar, or fail at the first thing that the standard does not allow."""
    assert content.endswith(b"\r\n")
    physical = content.removesuffix(b"\r\n").split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in physical), "a bare line end"
    assert all(0 < len(line) <= LONGEST for line in physical), "a line is empty or too long"
    unfolded: list[str] = []
    for raw in physical:
        words = raw.decode("utf-8")  # a fold never parts a sign
        if words[0] in " \t":
            unfolded[-1] += words[1:]
        else:
            unfolded.append(words)
    return _tree([_line(words) for words in unfolded])


def _line(words: str) -> Line:
    name = NAME.match(words)
    assert name, words
    at, params = name.end(), {}
    while (found := PARAM.match(words, at)) is not None:
        params[found[1].upper()] = found[2].strip('"')
        at = found.end()
    assert words[at : at + 1] == ":", words
    value = words[at + 1 :]
    assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value), "a control character"
    return Line(name[0].upper(), params, value)


def _tree(lines: list[Line]) -> Calendar:
    assert (lines[0].name, lines[0].value) == ("BEGIN", "VCALENDAR")
    whole = Calendar("VCALENDAR")
    open_parts: list[Part] = [whole]
    for line in lines[1:]:
        assert open_parts, "something after the end"
        if line.name == "BEGIN":
            assert INSIDE.get(line.value) == open_parts[-1].kind, line
            part = Part(line.value)
            open_parts[-1].parts.append(part)
            open_parts.append(part)
        elif line.name == "END":
            assert line.value == open_parts.pop().kind
        else:
            open_parts[-1].lines.append(line)
    assert not open_parts, "a part is not closed"
    _check(whole)
    return whole


def _check(whole: Calendar) -> None:
    assert whole.parts, "a calendar has at least one part"
    assert whole.line("VERSION").value == "2.0"
    for part in (whole, *whole.parts, *(below for each in whole.parts for below in each.parts)):
        for name in ONCE[part.kind]:
            part.line(name)
    zones = [part.text("TZID") for part in whole.all("VTIMEZONE")]
    named = {line.params["TZID"] for event in whole.events for line in event.lines if "TZID" in line.params}
    assert len(zones) == len(set(zones))
    assert named <= set(zones), "a zone is named and not described"
    keys = [event.text("UID") for event in whole.events]
    assert len(keys) == len(set(keys)), "two parts with one UID"
    for event in whole.events:
        assert whole.moment(event, "DTEND") > whole.moment(event, "DTSTART")
