"""Papers: letters that can be read, the same bytes for the same content, pages that hold whatever is written."""

from io import BytesIO

import pytest
from django.template.loader import render_to_string
from PIL import Image
from pypdf import PdfReader

from common.paper import (
    Beside,
    Block,
    Code,
    Column,
    Facts,
    Gap,
    Grid,
    Half,
    Head,
    Leaf,
    Note,
    Paper,
    Picture,
    Points,
    Signature,
    Signatures,
    Sketch,
    Stroke,
    Tile,
    Tiles,
    Title,
    Words,
    legible,
    write_pdf,
)

LONG = "Siti " + "Wulandari " * 11 + "Akhir"
UNBROKEN = "W" * 120


def dot(kind: str = "PNG") -> bytes:
    image = BytesIO()
    Image.new("RGB", (40, 20), "navy").save(image, kind)
    return image.getvalue()


HEAD = Head("Dinas Perindustrian", "Bidang Perdagangan", ("Jalan Contoh 1", "Telepon (0322) 000000"), dot())
COLUMNS = (Column("No.", 10, "center"), Column("Nama"), Column("Tanda tangan", 40))
EVERY: tuple[Block, ...] = (
    Title("Daftar hadir", "Nomor: 005/1/2026"),
    Facts((("Tempat", "Balai Desa"),), Code("https://example.org/a/", "Isi di sini")),
    Facts((("Hari", "Kamis"),)),
    Words("Dengan hormat,\nsampai jumpa", bold=True),
    Points(("Satu", "Dua"), "Hasil"),
    Points((), "Kendala"),
    Grid(COLUMNS, [("1", "Ani", "1."), ("2", "Budi & <b>Kawan</b>", Half("2."))], height=9),
    Signatures(Signature("Penyelenggara", "Drs. Anu", "Lamongan, 1 Oktober 2026", "NIP 1", dot()), Signature("Saksi")),
    Signatures(Signature("Ketua")),
    Code("https://example.org/b/"),
    Code("https://example.org/c/", "Periksa di sini"),
    Picture(dot("JPEG"), "Foto lembar"),
    Gap(5),
    Leaf(),
    Words("Lampiran", "large", "center"),
)


def pdf(*papers: Paper) -> PdfReader:
    written = BytesIO()
    write_pdf(papers, written)
    return PdfReader(written)


def texts(*papers: Paper) -> list[str]:
    return [page.extract_text() for page in pdf(*papers).pages]


def sheet(rows: int, name: str = "Nama") -> Paper:
    lines = [(str(n), name, f"{n}.") for n in range(1, rows + 1)]
    return Paper("Daftar", (Title("Daftar"), Grid(COLUMNS, lines, height=9)), HEAD, "S-1", "Dicetak hari ini")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Éva ñandú çœß ğış đł Žš", "Éva ñandú çœß ğış đł Žš"),
        ("’ “ ” – • … ×", "’ “ ” – • … ×"),
        ("Sēkar Ayŋu Kovő Ştefan", "Sekar Aynu Kovo Ştefan"),
        ("e\u0301", "é"),
        ("a\u0323b", "ab"),
        ("½ №5 ℃", "½ No5 °C"),
        ("中\u200b\ufeffx🎉", "?x?"),
        ("satu\ndua\ttiga", "satu\nduatiga"),
    ],
)
def test_text_is_written_with_letters_of_the_font(typed: str, written: str) -> None:
    assert legible(typed) == written


def test_every_block_is_on_paper_and_on_the_page() -> None:
    paper = Paper("Semua", EVERY, HEAD, "S-1", "Dicetak hari ini")
    *before, second = texts(paper)
    first = "".join(before)
    page = render_to_string("paper/paper.html", {"paper": paper})
    for word in ("Bidang Perdagangan", "Telepon (0322)", "Nomor: 005/1/2026", "Balai Desa", "sampai jumpa", "Satu"):
        assert word.upper() in first.upper()
        assert word in page
    assert "Budi & <b>Kawan</b>" in first
    assert "Budi &amp; &lt;b&gt;Kawan&lt;/b&gt;" in page
    assert "Drs. Anu" in first
    assert "Lampiran" in second
    assert "Halaman 3 dari 3" in second
    assert page.count("<svg") == 3
    assert page.count("data:image/png") == 2
    assert page.count("data:image/jpeg") == 1


def test_same_content_is_the_same_bytes() -> None:
    written = [BytesIO(), BytesIO()]
    for each in written:
        write_pdf([Paper("Semua", EVERY, HEAD, "S-1", "Dicetak hari ini")], each)
    assert written[0].getvalue() == written[1].getvalue()


@pytest.mark.parametrize(("rows", "pages"), [(0, 1), (24, 1), (200, 8)])
def test_header_and_foot_are_on_every_page(rows: int, pages: int) -> None:
    read = texts(sheet(rows))
    assert len(read) == pages
    for number, text in enumerate(read, 1):
        assert "Tanda tangan" in text
        assert f"Halaman {number} dari {pages}" in text
        assert "S-1\nDicetak hari ini" in text


@pytest.mark.parametrize("name", [LONG, UNBROKEN, "é" * 120])
def test_long_names_wrap_and_nothing_is_lost(name: str) -> None:
    read = "".join(texts(sheet(24, name))).replace("\n", "").replace(" ", "")
    assert read.count(name.replace(" ", "")) == 24


def test_papers_in_one_file_count_their_own_pages() -> None:
    wide = Paper("Sertifikat", (Words("Ani", "huge", "center", bold=True),), landscape=True, foot=False, frame=True)
    found = pdf(sheet(30), wide, sheet(1))
    read = [page.extract_text() for page in found.pages]
    for foot, text in (("1 dari 2", read[0]), ("2 dari 2", read[1]), ("1 dari 1", read[3])):
        assert f"Halaman {foot}" in text
    assert "Halaman" not in read[2]
    assert [page.mediabox.width > page.mediabox.height for page in found.pages] == [False, False, True, False]
    assert found.metadata is not None
    assert (found.metadata.title, found.metadata.author) == ("Daftar", "Dinas Perindustrian")


def test_all_letters_are_in_the_file() -> None:
    fonts = pdf(sheet(1)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    embedded = [font.get_object() for font in fonts.values()]
    assert all("/FontFile2" in font["/FontDescriptor"] for font in embedded if "Vera" in font["/BaseFont"])
    assert any("Vera" in font["/BaseFont"] for font in embedded)


@pytest.mark.parametrize("rows", range(18, 27))
def test_nobody_signs_a_page_without_rows(rows: int) -> None:
    lines = [(str(n), "Nama", f"{n}.") for n in range(1, rows + 1)]
    signed = Signatures(Signature("Kepala Dinas", "Drs. Anu", "Lamongan"), Signature("Kepala Desa"))
    *_before, last = texts(Paper("Daftar", (Title("Daftar"), Grid(COLUMNS, lines, height=9), signed), HEAD))
    assert "Drs. Anu" in last
    assert "Tanda tangan" in last
    assert f"{rows}." in last


WEB = Sketch(
    100,
    80,
    (Stroke(((10, 10), (90, 10), (50, 70)), "now"), Stroke(((50, 30), (90, 10)), closed=False)),
    (Note("Mutu", (90, 8), "right", bold=True), Note("2 – 3", (50, 78), "center"), Note("Proses", (10, 8))),
    caption="Dua penilaian",
)
SHOWN: tuple[Block, ...] = (
    Tiles((Tile("Rp1.300.000.000.000", "Ekspor", "Rp5 dilaporkan"), Tile("22", "Orang <dilatih>"))),
    Beside((WEB,), (Grid((Column("Angka"), Column("Nilai", 30, "right")), [("Kunjungan", "4")], light=True),), 0.4),
)


def test_figures_and_drawings_are_on_paper_and_on_the_page() -> None:
    (printed,) = texts(Paper("Angka", SHOWN))
    page = render_to_string("paper/paper.html", {"paper": Paper("Angka", SHOWN)})
    for word in (
        "Rp1.300.000.000.000",
        "Rp5 dilaporkan",
        "22",
        "Mutu",
        "Proses",
        "Dua penilaian",
        "Kunjungan",
        "Nilai",
    ):
        assert word in printed, word
        assert word in page, word
    assert "Orang <dilatih>" in printed
    assert "Orang &lt;dilatih&gt;" in page
    assert 'points="10,10 90,10 50,70"' in page
    assert page.count("<poly") == 2


def test_number_of_a_tile_stays_on_its_line() -> None:
    tiles = Tiles(tuple(Tile("Rp999.999.999.999.999", "Nilai") for _ in range(4)))
    (printed,) = texts(Paper("Angka", (tiles,)))
    assert printed.count("Rp999.999.999.999.999") == 4


def test_single_sheet_is_drawn_smaller_before_it_is_torn() -> None:
    rows = [(f"Baris {number}", "1") for number in range(70)]
    grid = Grid((Column("Angka"), Column("Nilai", 30, "right")), rows, light=True)
    (printed,) = texts(Paper("Satu", (grid,), single=True))
    assert "Baris 69" in printed
    assert len(texts(Paper("Dua", (grid,)))) > 1
