"""What a file of places says, line by line, before anyone has judged it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

Progress = Callable[[str, int, int], None]  # stage, done, of how many


class Row(NamedTuple):
    """One code and name, and the line where they stand."""

    line: int
    code: str
    name: str


class Trouble(NamedTuple):
    """One reason not to load the file, and the line where it stands."""

    line: int
    sentence: str

    def __str__(self) -> str:
        """Read as an operator looks for it."""
        return f"line {self.line}: {self.sentence}"


@dataclass
class Reading:
    """Everything found in a file: rows, and what is wrong with the rest."""

    rows: list[Row] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    def refuse(self, line: int, sentence: str) -> None:
        """Remember one more reason not to load the file."""
        self.troubles.append(Trouble(line, sentence))


def unheard(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody how far it is."""
