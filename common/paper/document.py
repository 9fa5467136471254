"""Papers written as one PDF: the same content gives the same bytes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, BinaryIO

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepInFrame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
)

from common.paper.content import Paper
from common.paper.drawing import draw, letterhead
from common.paper.fonts import FAMILY, lay_fonts, legible

SIDE, TOP, BOTTOM, FOOT = 20 * mm, 15 * mm, 20 * mm, 11 * mm


class CountedCanvas(Canvas):
    """Keeps its pages until all are drawn, and then tells each how many there are of its paper."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept: list[dict[str, Any]] = []
        self.place = 0
        self.paper: Paper

    def showPage(self) -> None:  # noqa: N802  reportlab's name
        """Keep the page."""
        self.kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write the feet, now that the pages are counted, and the file."""
        totals, turned = Counter(page["place"] for page in self.kept), Counter[int]()
        for page in self.kept:
            self.__dict__.update(page)
            turned[self.place] += 1
            if self.paper.foot:
                self._foot(turned[self.place], totals[self.place])
            super().showPage()
        super().save()

    def _foot(self, page: int, pages: int) -> None:
        width = self._pagesize[0]
        self.setLineWidth(0.4)
        self.line(SIDE, FOOT + 4 * mm, width - SIDE, FOOT + 4 * mm)
        self.setFont(FAMILY, 7)
        for line, text in enumerate(filter(None, (self.paper.number, self.paper.printed))):
            self.drawString(SIDE, FOOT - line * 3 * mm, legible(text))
        self.drawRightString(width - SIDE, FOOT, f"Halaman {page} dari {pages}")


class Leaves(PageTemplate):
    """The pages of one paper."""

    def __init__(self, place: int, paper: Paper) -> None:
        self.place, self.paper = place, paper
        width, height = size = landscape(A4) if paper.landscape else A4
        frame = Frame(SIDE, BOTTOM, width - 2 * SIDE, height - TOP - BOTTOM, 0, 0, 0, 0)
        super().__init__(id=str(place), frames=[frame], pagesize=size)

    @property
    def room(self) -> float:
        """Tell the width of what is written, in points."""
        return float(self.pagesize[0] - 2 * SIDE)

    @property
    def height(self) -> float:
        """Tell its height."""
        return float(self.pagesize[1] - TOP - BOTTOM)

    def beforeDrawPage(self, canvas: CountedCanvas, _document: BaseDocTemplate) -> None:  # noqa: N802  reportlab's name
        """Say whose page this is, and draw the lines around a framed one."""
        canvas.place, canvas.paper = self.place, self.paper
        if self.paper.frame:
            for inset, line in ((8 * mm, 2), (10 * mm, 0.5)):
                canvas.setLineWidth(line)
                canvas.rect(inset, inset, self.pagesize[0] - 2 * inset, self.pagesize[1] - 2 * inset)


def write_pdf(papers: Sequence[Paper], to: BinaryIO) -> None:
    """Write these papers one after another, each with its own letterhead and page numbers, as PDF."""
    lay_fonts()
    leaves = [Leaves(place, paper) for place, paper in enumerate(papers)]
    first = papers[0]
    document = BaseDocTemplate(
        to,
        pageTemplates=leaves,
        title=first.title,
        author=first.head.organiser if first.head else "",
        lang="id-ID",
        invariant=1,
    )
    document.build(_story(leaves), canvasmaker=CountedCanvas)


def _story(leaves: Sequence[Leaves]) -> list[Flowable]:
    story = _told(leaves[0])
    for _before, leaf in pairwise(leaves):
        story += [NextPageTemplate(leaf.id), PageBreak(), *_told(leaf)]
    return story


def _told(leaf: Leaves) -> list[Flowable]:
    paper = leaf.paper
    head = letterhead(paper.head, leaf.room) if paper.head else []
    story = head + draw(paper.blocks, leaf.room)
    return [KeepInFrame(leaf.room, leaf.height, [*_bare(story)], mode="shrink")] if paper.single else story


def _bare(story: Sequence[Flowable]) -> Iterator[Flowable]:
    """Leave out what only says where a page may end."""
    for each in story:
        if isinstance(each, KeepTogether):
            yield from each._content  # noqa: SLF001  it has no other way in
        elif not isinstance(each, CondPageBreak):
            yield each
