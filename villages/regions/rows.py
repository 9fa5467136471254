"""What a file of places says, line by line, before anyone has judged it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from django.utils.translation import gettext

Progress = Callable[[str, int, int], None]  # stage, done, of how many


class Said(str):
    """A sentence in English, as the command line says it, that pages tell in the reader's language."""

    __slots__ = ("template", "values")

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> Self:
        """Keep what the sentence is made of; the template is marked by gettext_noop where it stands."""
        said = super().__new__(cls, template % values if values else template)
        said.template, said.values = template, values
        return said

    @property
    def translated(self) -> str:
        """Read in the language of the moment."""
        told = gettext(self.template)
        return told % self.values if self.values else told


class Row(NamedTuple):
    """One code and name, and the line where they stand."""

    line: int
    code: str
    name: str


class Trouble(NamedTuple):
    """One reason not to load the file, and the line where it stands."""

    line: int
    sentence: Said

    def __str__(self) -> str:
        """Read as an operator looks for it."""
        return f"line {self.line}: {self.sentence}"


@dataclass
class Reading:
    """Everything found in a file: rows, and what is wrong with the rest."""

    rows: list[Row] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    def refuse(self, line: int, sentence: Said) -> None:
        """Remember one more reason not to load the file."""
        self.troubles.append(Trouble(line, sentence))


def unheard(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody how far it is."""
