"""Read the published SQL file: only the tuples of its INSERT statements; nothing in it is ever executed."""

import re

from django.utils.translation import gettext_noop

from villages.regions.rows import Progress, Reading, Row, Said, unheard

_TEXT = r"'((?:[^'\\\r\n]|''|\\.)*+)'"
_GAP = re.compile(r"(?:\s++|--[^\n]*+|\#[^\n]*+|/\*.*?\*/)++", re.DOTALL)
_INSERT = re.compile(r"(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?INTO\s+[^\s(]+\s*(?:\(([^()]*)\))?\s*VALUES", re.IGNORECASE)
_QUOTED = r"'(?:[^'\\]|\\.)*+'|\"[^\"]*+\"|`[^`]*+`"
_NOTE = r"--[^\n]*+|\#[^\n]*+|/\*.*?\*/"  # an apostrophe in a note opens no text
_OTHER = re.compile(rf"(?:[^;'\"`\-/\#]++|{_NOTE}|{_QUOTED}|[-/])*+;", re.DOTALL)
_WRITES = re.compile(r"(?:INSERT|REPLACE|UPDATE)\b", re.IGNORECASE)
_TUPLE = re.compile(rf"\(\s*+{_TEXT}\s*+,\s*+{_TEXT}\s*+\)")
_NUMBER_CELL = re.compile(r"\(\s*([0-9][0-9.eE+]*)\s*,")
_ESCAPED = re.compile(r"''|\\(.)")
_COLUMNS = {("kode", "nama"), ("code", "name"), ()}
_REPORT_EVERY = 5_000


def read_sql(text: str, *, progress: Progress = unheard) -> Reading:
    """Collect the rows of every INSERT, with a trouble for each line that is broken or cut off."""
    return _Reader(text, progress).read()


class _Reader:
    """Walks the text once, statement by statement, tuple by tuple."""

    def __init__(self, text: str, progress: Progress) -> None:
        self.text = text
        self.progress = progress
        self.reading = Reading()
        self.at = 0
        self.lost = False  # a broken row was passed, and perhaps its comma with it
        self.counted, self.line = 0, 1

    def read(self) -> Reading:
        while self._skip_gap():
            insert = _INSERT.match(self.text, self.at)
            if insert:
                self._insert(insert)
            elif other := _OTHER.match(self.text, self.at):
                if _WRITES.match(self.text, self.at):
                    self._refuse(gettext_noop("this statement writes rows in a way that is not read here"))
                self.at = other.end()
            else:
                self._refuse(gettext_noop("the file ends in the middle of a statement; it is cut off"))
                break
        self.progress("read", len(self.text), len(self.text))
        return self.reading

    def _insert(self, insert: re.Match[str]) -> None:
        columns = tuple(name.strip(' `"\r\n\t').lower() for name in (insert[1] or "").split(",") if name.strip())
        if columns not in _COLUMNS:
            self._refuse(
                gettext_noop("an INSERT of code and name is expected, not of %(columns)s"), columns=", ".join(columns)
            )
        self.at = insert.end()
        while True:
            if not self._skip_gap():
                self._refuse(gettext_noop("the file ends in the middle of an INSERT; it is cut off"))
                return
            if _INSERT.match(self.text, self.at):
                self._refuse(gettext_noop("the INSERT before this one is not closed by a semicolon"))
                return
            self._tuple()
            if self._separator():
                return

    def _tuple(self) -> None:
        found = _TUPLE.match(self.text, self.at)
        if found:
            self.reading.rows.append(Row(self._line_here(), _plain(found[1]), _plain(found[2])))
            self.at = found.end()
            if len(self.reading.rows) % _REPORT_EVERY == 0:
                self.progress("read", self.at, len(self.text))
        else:
            self._broken()

    def _separator(self) -> bool:
        """Pass a comma; answer True at the end of the statement or of the file."""
        lost, self.lost = self.lost, False
        if not self._skip_gap():
            self._refuse(gettext_noop("the last row is not closed by a semicolon; the file is cut off"))
            return True
        sign = self.text[self.at]
        if sign in ",;":
            self.at += 1
            return sign == ";"
        if _TUPLE.match(self.text, self.at):
            if not lost:
                self._refuse(gettext_noop("a comma is missing before this row"))
        elif not lost and not _INSERT.match(self.text, self.at):
            self._broken()
        return False

    def _broken(self) -> None:
        """Refuse what stands here and go on with the next line, or with the end of the statement."""
        number = _NUMBER_CELL.match(self.text, self.at)
        if number:
            self._refuse(
                gettext_noop("the code %(code)s is a number; a code is text in quotes, or 35.10 turns into 35.1"),
                code=number[1],
            )
        else:
            self._refuse(gettext_noop("this is no row of a code and a name, ('35.24','Kabupaten Lamongan')"))
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        kept = len(self.text[self.at : end].rstrip())
        self.at = self.at + kept - 1 if self.text[self.at : end].rstrip().endswith(";") else end
        self.lost = True

    def _skip_gap(self) -> bool:
        """Pass spaces and comments; answer whether anything is left."""
        gap = _GAP.match(self.text, self.at)
        if gap:
            self.at = gap.end()
        return self.at < len(self.text)

    def _line_here(self) -> int:
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def _refuse(self, sentence: str, **values: object) -> None:
        here = min(self.at, len(self.text.rstrip()))
        line = self.line + self.text.count("\n", self.counted, here) if here >= self.counted else self.line
        self.reading.refuse(line, Said(sentence, **values))


def _plain(text: str) -> str:
    if "'" not in text and "\\" not in text:
        return text
    return _ESCAPED.sub(lambda sign: sign[1] or "'", text)
